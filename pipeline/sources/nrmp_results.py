"""NRMP "Program Results" as published: a PDF of five years by state and institution, one row a track.

Layout, read off the files of 2016-2020 and 2018-2022: a line with the state in capitals; a line with the institution (`(Continued)`
on the next page); a line `Program` with the years; a line with the city, `Code` and a pair `Quota Matched` for each year; then a line a
track: name, NRMP code, and the pairs, `--` where a year has none, `*` after a figure of positions left open. Here: from the PDF to
texts. What the figures mean and how they are checked is in `nrmp.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pandas as pd

from pipeline.documents.pdf import drawn_pages
from pipeline.documents.pdf_pieces import Piece, page_marks
from pipeline.schemas.vocabulary import STATE_NAMES
from pipeline.sources.base import Probe, SourceError
from pipeline.sources.pages import read_pdf

CODE: Final = r"\d{4}[0-9A-Z]{3}[A-Z]\d"
_TITLE: Final = re.compile(r"^NRMP Program Results \d{4}-\d{4} Main Residency Match", re.IGNORECASE)
_YEARS: Final = re.compile(r"^Program((?: (?:19|20)\d{2})+)$")
_COLUMNS: Final = re.compile(r"^(.*?) ?Code((?: Quota Matched)+)$")
_TRACK: Final = re.compile(rf"^(.*?) ?({CODE})((?: (?:--|\d+ ?\*?))+)$")
_FOOTER: Final = re.compile(r"^\* Did not fill all available positions\b.*\bPage (\d+) of (\d+)$", re.IGNORECASE)
_CONTINUED: Final = re.compile(r"\s*\(continued\)$", re.IGNORECASE)
_STATES: Final = frozenset(name.casefold() for name in STATE_NAMES.values())
_ANY_CODE: Final = re.compile(CODE)
_REMEDY: Final = "Download the PDF again from the National Resident Matching Program"


def is_results(first_text: str) -> bool:
    """Decide whether the text of a PDF's first page is that of NRMP program results."""
    return any(_TITLE.match(line.strip()) for line in first_text.splitlines()[:5])


def read_results(probe: Probe) -> tuple[pd.DataFrame, list[int]]:
    """Read the tracks of all pages.

    Returns a frame of texts (state, institution, city, specialty, nrmp_code, and `quota YEAR` and `matched YEAR` for each year,
    `--` where the track was not offered), its index the number of the track in the file; and the years, as the file orders
    them. Raises SourceError for a PDF that is locked, scanned, damaged or not whole, and for a line of another form.
    """
    records: list[dict[str, str]] = []
    years: list[int] = []
    state = institution = city = pending = ""
    for page, line in _lines(probe):
        if _TITLE.match(line):
            continue
        heading, columns, track = _YEARS.match(line), _COLUMNS.match(line), _TRACK.match(line)
        if heading:
            years = years or [int(year) for year in heading[1].split()]
            institution = _CONTINUED.sub("", pending) or institution  # an institution may go on in another city
            if [int(year) for year in heading[1].split()] != years or not state or not institution:
                raise _strange(probe, page, line)
            pending = ""
        elif columns:
            city = columns[1]
        elif track:
            cells = track[3].replace(" *", "*").split()
            if pending or not institution or len(cells) != 2 * len(years):
                raise _strange(probe, page, line)
            about = {
                "state": state,
                "institution": institution,
                "city": city,
                "specialty": track[1],
                "nrmp_code": track[2],
            }
            records.append(about | _pairs(years, cells))
        elif line.casefold() in _STATES:
            state = line
        elif pending or _ANY_CODE.search(line):
            raise _strange(probe, page, line)
        else:
            pending = line
    if not records:
        raise SourceError(probe.name, "no track in it", remedy=_REMEDY)
    return pd.DataFrame(records, index=pd.RangeIndex(1, len(records) + 1), dtype="str"), years


def _pairs(years: list[int], cells: list[str]) -> dict[str, str]:
    """Name the figures of a line: `quota YEAR` and `matched YEAR`, without the star of positions left open."""
    names = (f"{kind} {year}" for year in years for kind in ("quota", "matched"))
    return dict(zip(names, (cell.rstrip("*") for cell in cells), strict=True))


def _strange(probe: Probe, page: int, line: str) -> SourceError:
    return SourceError(probe.name, f"page {page} has a line of an unknown form: {line[:80]!r}", remedy=_REMEDY)


def _lines(probe: Probe) -> Iterator[tuple[int, str]]:
    """Yield number of the page and text of each line but the footers. Raises SourceError where a footer shows that a page is missing."""
    pages = read_pdf(probe, _page_lines)
    for number, lines in enumerate(pages, start=1):
        footer = _FOOTER.match(lines[-1]) if lines else None
        if footer is None or (footer[1], footer[2]) != (str(number), str(len(pages))):
            raise SourceError(
                probe.name,
                f"a page is missing: page {number} of {len(pages)} has no such footer",
                remedy=_REMEDY,
            )
        yield from ((number, line) for line in lines[:-1])


def _page_lines(path: Path) -> list[list[str]]:
    """Return the lines of each page."""
    return [_texts(page_marks(page)[0]) for page, _ in drawn_pages(path)]


def _texts(pieces: list[Piece]) -> list[str]:
    """Put the pieces of a page on lines, from top to bottom. Dashes and stars are drawn higher or lower than figures: they go to
    the line of words whose middle is nearest."""
    worded = sorted((piece for piece in pieces if _worded(piece)), key=lambda piece: piece.bottom)
    lines: list[list[Piece]] = []
    for piece in worded:
        if lines and piece.bottom - lines[-1][0].bottom <= 0.5 * piece.size:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    middles = [_middle(line[0]) for line in lines]
    for mark in (piece for piece in pieces if not _worded(piece)):
        if lines:
            nearest = min(range(len(lines)), key=lambda place: abs(middles[place] - _middle(mark)))
            lines[nearest].append(mark)
    ordered = (sorted(line, key=lambda piece: piece.x0) for line in lines)
    return [" ".join(" ".join(piece.text for piece in line).split()) for line in ordered]


def _worded(piece: Piece) -> bool:
    return any(character.isalnum() for character in piece.text)


def _middle(piece: Piece) -> float:
    return (piece.top + piece.bottom) / 2
