"""What does one doctor ask of the list? Profile, scores, lights, questions and letters.

What a program states or does is decided below; nothing here changes the list.
"""
