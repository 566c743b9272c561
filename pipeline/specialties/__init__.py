"""Which specialty does a text name, and how are two specialties related?"""
