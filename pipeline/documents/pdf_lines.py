"""The lines and ruled tables of a PDF's page, as they are read: words parted by their gaps, cells by their rules, turned
text along its own direction.

What belongs here: where words are on a page. What a line is (heading, item, paragraph) is in `plain_lines`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from pdfplumber.page import Page

from pipeline.documents.blocks import Raw
from pipeline.documents.html_tables import Grid
from pipeline.text.characters import collapse, normalise

WORD_GAP: Final = 0.18  # of the size of the letters: a gap from which two words are apart, whatever the size
MAX_RULES: Final = 4_000  # lines drawn on a page; a drawing has more, a table has fewer
_VISA: Final = re.compile(r"\bJ ?-? ?1\b|\bH ?-? ?1|visa", re.IGNORECASE)
_NAMELESS: Final = "\ufffd"  # what stands for a glyph to which the file gives no letter

Part = list[str] | list[Raw]  # lines of text, or the rows of a table


def parts_of(page: Page) -> Iterator[Part]:
    """Yield the lines of a page and the rows of its ruled tables on visas, from top to bottom."""
    turned = [char for char in page.chars if not char["upright"]]
    if 2 * len(turned) > len(page.chars):
        yield _turned_lines(turned)
        return
    top = 0.0
    for table in _tables(page):
        _, upper, _, lower = table.bbox
        if upper > top:
            yield _lines(page.crop((0, top, page.width, min(upper, page.height)), relative=False, strict=False))
        yield _rows(table.extract(x_tolerance_ratio=WORD_GAP))
        top = max(top, lower)
    if top < page.height:
        yield _lines(page.crop((0, top, page.width, page.height), relative=False, strict=False) if top else page)


def _lines(page: Page) -> list[str]:
    lines = page.extract_text_lines(return_chars=False, x_tolerance_ratio=WORD_GAP)
    return [line["text"].replace("\0", _NAMELESS) for line in lines]


def _tables(page: Page) -> list[Any]:
    """Return the ruled tables of a page that names a visa, from the top; none where too much is drawn on it."""
    rules = len(page.lines) + len(page.rects)
    if not 2 < rules <= MAX_RULES or not _VISA.search("".join(char["text"] for char in page.chars)):
        return []
    found = [table for table in page.find_tables() if len(table.rows) > 1 and len(table.rows[0].cells) > 1]
    return sorted(found, key=lambda table: table.bbox[1])


def _rows(table: list[list[str | None]]) -> list[Raw]:
    """Return the rows of a table with the header of each cell."""
    grid = Grid(presentation=False, first=0)
    for row in table:
        grid.start_row()
        for text in row:
            grid.start_cell(header=False, attrib={}, position=0)
            grid.fill(collapse(normalise((text or "").replace("\0", _NAMELESS))))
    return grid.rows_as_blocks([]) or []


def _turned_lines(chars: list[dict[str, Any]]) -> list[str]:
    """Return the lines of text that runs up or down the page, each in its own direction."""
    steps = [two["top"] - one["top"] for one, two in pairwise(chars) if abs(two["x0"] - one["x0"]) < 1]
    upwards = sum(step < 0 for step in steps) > sum(step > 0 for step in steps)
    lines: dict[int, list[dict[str, Any]]] = {}
    for char in chars:
        lines.setdefault(round(char["x0"]), []).append(char)
    ordered = [lines[place] for place in sorted(lines, reverse=not upwards)]
    return [_joined(sorted(line, key=lambda char: char["top"], reverse=upwards)) for line in ordered]


def _joined(line: list[dict[str, Any]]) -> str:
    text = ""
    for number, char in enumerate(line):
        before = line[number - 1] if number else None
        gap = 0.0 if before is None else max(char["top"] - before["bottom"], before["top"] - char["bottom"])
        text += (" " if gap > WORD_GAP * char["size"] else "") + char["text"]
    return text.replace("\0", _NAMELESS)
