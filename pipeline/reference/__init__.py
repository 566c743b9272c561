"""Curated knowledge as rows under version control: the CSV files, what each must look like, and the one loader.

What belongs here: facts that a person wrote down, each with its reason or source. What doesn't: code that uses them.
"""
