"""What does one file of one source say, as published? A module a source: layouts, recognising, reading, what it covers.

No source looks at another.
"""
