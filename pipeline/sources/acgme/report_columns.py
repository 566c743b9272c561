"""Columns of ACGME reports 1 and 8: found from the labels of the header and from where the cells of the body really begin.

A cell belongs to the column in which it begins, however far it runs.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import Final

from pipeline.documents.pdf_pieces import Piece
from pipeline.sources.acgme.report_header import FURTHER, Header, Line
from pipeline.sources.acgme.report_rows import ADDRESS, Cell

CODE: Final = re.compile(r"\[([0-9A-Z]\d{9})\]")
_FURNITURE = re.compile(
    r"^©|\bpage \d+ of \d+\b|^page \d+$|\b\d+ (?:newly accredited )?programs? found\b|^(?:printed|generated|report date|run date|as of)\b",
    re.IGNORECASE,
)
_PAGE_NUMBER = re.compile(r"[-–— ]*\d{1,4}[-–— ]*")
_EXACT = 0.05  # points; the cells of a column begin at one place, the words of a cell that runs over it at any
_MARGIN = 0.08  # share of a page's height that its footer takes at most


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
    """Return the cells of the body by column, and the width of the address column in points, 0 where there is none.

    A page whose header is further right is read as if shifted back.
    """
    first = headers[min(headers)]
    shift: dict[int, float] = {}
    for page in sorted({line.page for line in body}):
        header = headers.get(page)
        shift[page] = header.labels[0].left - first.labels[0].left if header else shift.get(page - 1, 0.0)
    edges = _edges(body, first, shift)
    columns = [label.column for label in first.labels]
    cells: list[Cell] = []
    for line in body:
        moved = [tuple(_moved(piece, shift[line.page]) for piece in run) for run in line.runs]
        for run in moved:
            cells += [
                Cell(line.page, columns[place], piece)
                for place, piece in _split(run, edges)
                if columns[place] != FURTHER
            ]
    address = columns.index(ADDRESS) if ADDRESS in columns else None
    return cells, edges[address + 1] - edges[address] if address is not None else 0.0


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
    for number, label in enumerate(header.labels):
        left, right = label.left, label.right
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
