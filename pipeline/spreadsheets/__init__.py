"""Rows as people work with them in spreadsheets: workbooks and CSV in which nothing is ever run.

What belongs here: cells, colours, widths, the sheet of definitions. Which rows and columns, those say who ask.
"""
