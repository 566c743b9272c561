"""What do statement and observation make together, and which programs of an institution lead to each other?"""
