"""Characters, words and phrases, whatever they speak of.

What belongs here: code that knows text and nothing of visas, names of institutions or job titles. Vocabularies are in
`reference/`, and the rooms that use them decide what a hit means.
"""
