"""Bytes of a page to blocks of text that know their surroundings; nothing here knows a visa or a program.

`page.blocks_of` is the door for pages, `plain_lines.blocks_of_text` for texts, `sentences` for the text of a block.
"""
