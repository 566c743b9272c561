"""Which bytes do we have, and which snapshot stands for which part of a source?

What a file says is for `sources`; nothing here changes a file.
"""
