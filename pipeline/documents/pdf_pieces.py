"""Pieces of text drawn on a page of a PDF, with their places, for tables whose cells wrap, run over or are drawn out of line.

What belongs here: characters to pieces. Which column and row a piece is of, each source finds by its own layout.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from pdfminer.layout import LTChar, LTFigure, LTLine, LTRect
from pdfplumber.page import Page

SLANT: Final = 0.05  # rise for each unit across: a page scanned askew has less
LARGEST: Final = 5  # times the usual height of letters: larger ones are a watermark, titles have less
GAP: Final = 3  # as many spaces part cells; two happen inside a name


@dataclass(frozen=True)
class Piece:
    """Characters drawn without a gap: what is written at once. x and y in points from the page's top left."""

    x0: float
    x1: float
    top: float
    bottom: float
    text: str
    starts: tuple[float, ...]  # x of each character

    @property
    def size(self) -> float:
        """Height of the letters."""
        return self.bottom - self.top

    def cut(self, place: int) -> tuple[Piece, Piece]:
        """Split the piece before its character `place`; returns both parts."""
        x = self.starts[place]
        return (
            Piece(self.x0, x, self.top, self.bottom, self.text[:place], self.starts[:place]),
            Piece(x, self.x1, self.top, self.bottom, self.text[place:], self.starts[place:]),
        )


def page_marks(page: Page) -> tuple[list[Piece], list[float]]:
    """Find what is drawn on a page.

    Returns its pieces in the order in which they were drawn, and the heights of lines ruled over half its width, in points
    from the top.

    Letters of a watermark, slanting or huge, are passed over. The order of drawing, not that on paper, keeps a cell that
    runs over its neighbour apart from it. Characters are taken from pdfminer's layout under pdfplumber's page, which costs
    less than half of pdfplumber's own objects.
    """
    found: list[Piece] = []
    run: list[LTChar] = []
    ruled: dict[float, float] = defaultdict(float)
    height = float(page.height)
    marks = list(_flat(page.layout))
    sizes = [item.size for item in marks if isinstance(item, LTChar)]
    largest = LARGEST * statistics.median(sizes) if sizes else 0.0
    for item in marks:
        if isinstance(item, LTChar):
            if not item.upright or item.size > largest or _is_slanting(item):
                continue
            if run and not _goes_on(run[-GAP:], item):
                found.extend(_piece(run, height))
                run = []
            run.append(item)
        elif isinstance(item, (LTLine, LTRect)):
            for y in {item.y0, item.y1}:
                ruled[round(height - y, 1)] += item.width
    found.extend(_piece(run, height))
    return found, sorted(y for y, width in ruled.items() if width > float(page.width) / 2)


def text_of(pieces: Iterable[Piece]) -> str:
    """Return the text of pieces in the order in which they were drawn; those of one height beside each other are on one line."""
    text = ""
    last: Piece | None = None
    for piece in pieces:
        same_line = last is not None and abs(piece.bottom - last.bottom) <= 0.5 * piece.size and piece.x0 >= last.x0
        text += (" " if same_line else "\n" if last is not None else "") + piece.text
        last = piece
    return text


def _is_slanting(letter: LTChar) -> bool:
    """Decide whether a letter is written uphill or downhill: a watermark across the page is no text of a table."""
    across, rise, *_ = letter.matrix
    return abs(rise) > SLANT * abs(across)


def _flat(items: Iterable[Any]) -> Iterator[Any]:
    for item in items:
        # Forms, which are drawn as a whole, hold marks of their own.
        if isinstance(item, LTFigure):
            yield from _flat(item)
        else:
            yield item


def _goes_on(end: list[LTChar], letter: LTChar) -> bool:
    last = end[-1]
    if abs(letter.y0 - last.y0) > 0.25 * letter.size:
        return False
    # Tables set as plain text part their columns by spaces.
    if len(end) == GAP and not letter.get_text().isspace() and all(spot.get_text().isspace() for spot in end):
        return False
    # Kerning moves letters a little; justified text stretches the spaces.
    widest = 1.0 if last.get_text().isspace() or letter.get_text().isspace() else 0.15
    return -0.15 * letter.size <= letter.x0 - last.x1 <= widest * letter.size


def _piece(run: list[LTChar], height: float) -> list[Piece]:
    texts = [letter.get_text() for letter in run]
    inked = [place for place, text in enumerate(texts) if not text.isspace()]
    if not inked:
        return []
    first, last = inked[0], inked[-1] + 1
    letters = run[first:last]
    # A ligature is one glyph of several letters.
    starts = tuple(letter.x0 for letter, text in zip(letters, texts[first:last], strict=True) for _ in text)
    bottom = height - statistics.median(letter.y0 for letter in letters)
    top = height - max(letter.y1 for letter in letters)
    return [Piece(letters[0].x0, letters[-1].x1, top, bottom, "".join(texts[first:last]), starts)]
