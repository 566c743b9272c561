"""Columns of ACGME report 1: found from the header and from where the cells of the body really begin.

A cell belongs to the column in which it begins, however far it runs.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import Final

from pipeline.documents.pdf_pieces import Piece
from pipeline.sources.acgme.report_rows import Cell
from pipeline.sources.base import Probe, SourceError

# Labels of the header in their order. They are printed on one line or, in two halves, on two.
NAME_LABEL: Final = "programnumber/name"
LABELS: Final[tuple[tuple[str, ...], ...]] = (
    ("Address",),
    ("Program", "Director"),
    ("Accreditation", "Status"),
    ("Effective", "Date"),
)
DIRECTOR: Final = 2
EXTRA: Final = 5
CODE: Final = re.compile(r"\[([0-9A-Z]\d{9})\]")
_FURNITURE = re.compile(
    r"^©|\bpage \d+ of \d+\b|^page \d+$|\b\d+ programs? found\b|^(?:printed|generated|report date|run date|as of)\b",
    re.IGNORECASE,
)
_PAGE_NUMBER = re.compile(r"[-–— ]*\d{1,4}[-–— ]*")
_EXACT = 0.05  # points; the cells of a column begin at one place, the words of a cell that runs over it at any
_MARGIN = 0.08  # share of a page's height that its footer takes at most


@dataclass(frozen=True)
class Line:
    """What is printed at one height of one page.

    page: from 1; top: in points from the top; runs: pieces a word's space apart, in the order in which they were drawn;
    in_margin: whether it is where footers are.
    """

    page: int
    top: float
    runs: tuple[tuple[Piece, ...], ...]
    in_margin: bool

    @property
    def text(self) -> str:
        """The whole line, from left to right."""
        ordered = sorted(self.runs, key=lambda run: run[0].x0)
        return " ".join(piece.text for run in ordered for piece in run)


@dataclass(frozen=True)
class Header:
    """Header of one page: left and right end of each label, EXTRA's too where there is one, and the strip of the page they take."""

    labels: tuple[tuple[float, float], ...]
    top: float
    bottom: float


def lines_of(number: int, found: list[Piece], height: float) -> list[Line]:
    """Join pieces a word's space apart to runs, and put the runs on their lines. Returns lines from top to bottom."""
    runs: list[list[Piece]] = []
    for piece in found:
        last = runs[-1][-1] if runs else None
        beside = last is not None and abs(piece.bottom - last.bottom) <= 0.25 * piece.size
        if last is not None and beside and 0 <= piece.x0 - last.x1 <= 0.6 * piece.size:
            runs[-1].append(piece)
        else:
            runs.append([piece])
    lines: list[list[tuple[Piece, ...]]] = []
    for run in sorted((tuple(run) for run in runs), key=lambda run: run[0].bottom):
        if lines and run[0].bottom - lines[-1][0][0].bottom <= 0.3 * run[0].size:
            lines[-1].append(run)
        else:
            lines.append([run])
    tops = [min(run[0].top for run in line) for line in lines]
    return [Line(number, top, tuple(line), top > (1 - _MARGIN) * height) for top, line in zip(tops, lines, strict=True)]


def headers_of(probe: Probe, lines: list[Line]) -> dict[int, Header]:
    """Find the header of each page that has one, by page. Raises SourceError if no page has one or a label is missing."""
    headers: dict[int, Header] = {}
    by_page: dict[int, list[tuple[str, Piece]]] = defaultdict(list)
    for line in lines:
        by_page[line.page].extend(spot for run in line.runs for spot in _spots(run))
    for page, spots in by_page.items():
        anchor = next((spot for text, spot in spots if text == NAME_LABEL), None)
        if anchor is not None:
            headers[page] = _header(probe, page, anchor, spots)
    if not headers:
        raise SourceError(
            probe.name,
            "no column Program Number / Name",
            remedy="Add report 1 (List of Programs by Specialty) as saved",
        )
    return headers


def _spots(run: tuple[Piece, ...]) -> list[tuple[str, Piece]]:
    """Return what may be a label: up to four pieces of a run side by side, packed and in lower case."""
    spots = []
    for start in range(len(run)):
        for end in range(start + 1, min(start + 4, len(run)) + 1):
            packed = re.sub(r"\s", "", "".join(piece.text for piece in run[start:end])).casefold()
            spots.append((packed, replace(run[start], x1=run[end - 1].x1)))
    return spots


def _header(probe: Probe, page: int, anchor: Piece, spots: list[tuple[str, Piece]]) -> Header:
    reach = 2.6 * anchor.size
    strip = [
        (text, spot)
        for text, spot in spots
        if spot.top >= anchor.top - reach and spot.bottom <= anchor.bottom + reach and spot.x1 > anchor.x0
    ]
    labels: list[tuple[float, float]] = [(anchor.x0, anchor.x1)]
    used = [anchor]
    for words in LABELS:
        # Further right than the label before it begins; a long label may run over the next.
        found = _label(words, [(text, spot) for text, spot in strip if spot.x0 > labels[-1][0] + anchor.size])
        if found is None:
            raise SourceError(
                probe.name,
                f"page {page} has no column {' '.join(words)}",
                remedy="Add report 1 as published, with all its columns",
            )
        labels.append((found.x0, found.x1))
        used.append(found)
    top, bottom = min(spot.top for spot in used), max(spot.bottom for spot in used)
    extra = [spot for _, spot in strip if spot.x0 > labels[-1][1] + 2 and spot.top < bottom and spot.bottom > top]
    if extra:
        labels.append((min(spot.x0 for spot in extra), max(spot.x1 for spot in extra)))
    return Header(tuple(labels), top, bottom)


def _label(words: tuple[str, ...], spots: list[tuple[str, Piece]]) -> Piece | None:
    """Find a label, on one line or one half above the other. Of several the topmost, which no cell can be; None if absent."""
    packed = "".join(words).casefold()
    found = [spot for text, spot in spots if text == packed]
    upper = [spot for text, spot in spots if text == words[0].casefold()]
    lower = [spot for text, spot in spots if text == words[-1].casefold()]
    for above in upper:
        for below in lower:
            near = 0 < below.top - above.top < 2 * above.size and below.x0 < above.x1 and above.x0 < below.x1
            if near:
                x0, x1 = min(above.x0, below.x0), max(above.x1, below.x1)
                found.append(replace(above, x0=x0, x1=x1, bottom=below.bottom))
    return min(found, key=lambda spot: (spot.top, spot.bottom, spot.x0), default=None)


def body_of(lines: list[Line], headers: dict[int, Header], title: set[str]) -> list[Line]:
    """Return the lines below the header of their page, without what the report prints on every page."""
    # A footer is on every page at one height; its digits (page numbers, times) may differ.
    pages = len({line.page for line in lines})
    masked = [(re.sub(r"\d", "0", line.text), round(line.top)) for line in lines]
    footers = {key for key, count in Counter(masked).items() if count == pages > 1}
    body = []
    for line, key in zip(lines, masked, strict=True):
        header = headers.get(line.page)
        above = line.top <= header.bottom - 0.5 if header else line.text in title
        footer = line.in_margin and (key in footers or _PAGE_NUMBER.fullmatch(line.text))
        if not above and not footer and not _FURNITURE.search(line.text):
            body.append(line)
    return body


def cells_of(body: list[Line], headers: dict[int, Header]) -> tuple[list[Cell], float]:
    """Return the cells of the body by column, and the width of the address column in points.

    A page whose header is further right is read as if shifted back.
    """
    first = headers[min(headers)]
    shift: dict[int, float] = {}
    for page in sorted({line.page for line in body}):
        header = headers.get(page)
        shift[page] = header.labels[0][0] - first.labels[0][0] if header else shift.get(page - 1, 0.0)
    edges = _edges(body, first, shift)
    cells: list[Cell] = []
    for line in body:
        moved = [tuple(_moved(piece, shift[line.page]) for piece in run) for run in line.runs]
        for run in moved:
            for column, piece in _split(run, edges):
                if column != DIRECTOR and column < EXTRA:
                    cells.append(Cell(line.page, column, piece))
    return cells, edges[2] - edges[1]


def _moved(piece: Piece, shift: float) -> Piece:
    if abs(shift) < 0.05:
        return piece
    starts = tuple(x - shift for x in piece.starts)
    return replace(piece, x0=piece.x0 - shift, x1=piece.x1 - shift, starts=starts)


def _edges(body: list[Line], header: Header, shift: dict[int, float]) -> list[float]:
    """Find where the cells of each column begin: left of their label's end and right of the label before."""
    starts = [(run[0].x0 - shift[line.page], run[0].text) for line in body for run in line.runs]
    edges: list[float] = []
    low = float("-inf")
    for number, (left, right) in enumerate(header.labels):
        zone = [x for x, text in starts if min(low, left - 0.5) < x <= right and (number or CODE.match(text))]
        if zone:
            common = Counter(round(x) for x in zone).most_common(1)[0][0]
            flush = [x for x in zone if abs(x - common) <= 1]
            # Cells that don't share a left edge are centred: then the longest begins first.
            edges.append(min(flush) if 2 * len(flush) >= len(zone) else min(zone))
        else:
            edges.append(left)
        low = right
    return edges


def _split(run: tuple[Piece, ...], edges: list[float]) -> list[tuple[int, Piece]]:
    """Return the pieces of a run with their columns: that of the run's beginning, until a piece begins exactly at an edge."""
    found: list[tuple[int, Piece]] = []
    column = _column(run[0].x0, edges)
    for piece in run:
        rest = piece
        own = _column(rest.x0, edges)
        if own > column and abs(rest.x0 - edges[own]) <= _EXACT:
            column = own
        place = _abutting(rest, column, edges)
        while place is not None:
            head, rest = rest.cut(place)
            found.append((column, head))
            column = _column(rest.x0 + 0.5, edges)
            place = _abutting(rest, column, edges)
        found.append((column, rest))
    return found


def _column(x: float, edges: list[float]) -> int:
    return max((number for number, edge in enumerate(edges) if edge - 2 <= x), default=0)


def _abutting(piece: Piece, column: int, edges: list[float]) -> int | None:
    """Find a letter that begins at a next column's edge without one space before it: the cell there begins. None if there is none."""
    for place in range(1, len(piece.text)):
        before, letter = piece.text[place - 1], piece.text[place]
        starts_word = (letter.isupper() or letter.isdigit()) and not before.isspace()
        starts_word = starts_word or (not letter.isspace() and piece.text[place - 2 : place] == "  ")
        if starts_word and any(abs(piece.starts[place] - edge) <= _EXACT for edge in edges[column + 1 :]):
            return place
    return None
