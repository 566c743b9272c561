"""ACGME report 1, "List of Programs by Specialty", and report 8, newly accredited programs: from the PDF to rows, title and count.

A report is a table whose cells wrap, run over, and break over pages; rows begin at `[##########]`. Names of program directors
are never kept. Labels are found in `report_header.py`, columns in
`report_columns.py`, rows in `report_rows.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from pipeline.documents.pdf import drawn_pages
from pipeline.documents.pdf_pieces import page_marks
from pipeline.documents.unreadable import scanned
from pipeline.sources.acgme.report_columns import CODE, Line, body_of, cells_of, lines_of
from pipeline.sources.acgme.report_header import NAME_LABELS, headers_of
from pipeline.sources.acgme.report_rows import NAME, Cell, ReportRow, join_lines, report_rows, row_starts
from pipeline.sources.base import Probe, SourceError
from pipeline.sources.pages import read_pdf

_FOUND = re.compile(r"\b(\d[\d,]*)\s+(?:newly\s+accredited\s+)?programs?\s+found\b", re.IGNORECASE)
_YEAR = re.compile(r"\bacademic year:?\s*(\d{4})\b", re.IGNORECASE)
_TITLES = (
    re.compile(r"^specialty\s*:\s*(.+)$", re.IGNORECASE),
    re.compile(r"^(?:list of )?(?:accredited )?programs by specialty\s*[:–-]\s*(.+)$", re.IGNORECASE),
    re.compile(r"^(?:list of )?(?:acgme[- ])?(?:accredited )?(.+?) programs$", re.IGNORECASE),
)
_NO_SPECIALTY = frozenset({"", "all", "accredited", "all accredited", "acgme", "list of", "residency", "fellowship"})


@dataclass(frozen=True)
class Report:
    """Rows of a report, the specialty and the academic year of its title ("" and None where it names none)."""

    rows: tuple[ReportRow, ...]
    specialty: str
    list_year: int | None


def is_report(first_text: str) -> bool:
    """Decide whether the text of a PDF's first page is that of an ACGME list of programs."""
    packed = _packed(first_text)
    named = any(label in packed for label in NAME_LABELS)
    return named or (len(CODE.findall(first_text)) > 1 and "accreditation" in packed)


def is_new_report(first_text: str) -> bool:
    """Decide whether the text of the first page of such a list is that of report 8, programs newly accredited in a year."""
    packed = _packed(first_text)
    return "newlyaccredited" in packed or "originalaccreditationdate" in packed


def _packed(text: str) -> str:
    return re.sub(r"\s", "", text).casefold()


def read_report(probe: Probe) -> Report:
    """Read report 1 or 8. Raises SourceError for a PDF that is locked, scanned or damaged, that lacks a column, and whose
    `N programs found` is missing or isn't the number of rows read."""
    lines, rules = read_pdf(probe, _lines)
    headers = headers_of(probe, lines)
    title = [line.text for line in lines if line.page == 1 and line.top < headers[1].top] if 1 in headers else []
    body = body_of(lines, headers, set(title))
    rows = _rows(probe, *cells_of(body, headers), rules)
    _check_found(probe, [line.text for line in lines], len(rows))
    years = [int(match[1]) for text in title if (match := _YEAR.search(text))]
    return Report(tuple(rows), _specialty(title), years[0] if years else None)


def _lines(path: Path) -> tuple[list[Line], dict[int, list[float]]]:
    """Return the lines of all pages, and the heights of the ruled lines of each."""
    lines: list[Line] = []
    rules: dict[int, list[float]] = {}
    for page, _ in drawn_pages(path):
        pieces, rules[page.page_number] = page_marks(page)
        lines.extend(lines_of(page.page_number, pieces, float(page.height)))
    if not lines:
        raise scanned()
    return lines, rules


def _rows(probe: Probe, cells: list[Cell], width: float, rules: dict[int, list[float]]) -> list[ReportRow]:
    starts = [cell for cell in cells if cell.column == NAME and CODE.match(cell.piece.text)]
    if not starts:
        raise SourceError(
            probe.name, "the report lists no program", remedy="Choose a specialty and save the report again"
        )
    own: list[list[Cell]] = [[] for _ in starts]
    bounds = row_starts(cells, starts, rules)
    order = [(bound.page, bound.top) for bound in bounds]
    if any(later <= earlier for earlier, later in pairwise(order)):
        raise SourceError(probe.name, "rows that overlap", remedy="Save the report anew as PDF")
    at = 0
    for cell in sorted(cells, key=lambda cell: (cell.page, cell.middle, cell.piece.x0)):
        while at + 1 < len(starts) and order[at + 1] <= (cell.page, cell.middle):
            at += 1
        own[at].append(cell)
    return report_rows(probe, own, width)


def _check_found(probe: Probe, texts: list[str], rows: int) -> None:
    found = [int(match[1].replace(",", "")) for text in texts if (match := _FOUND.search(text))]
    if not found:
        raise SourceError(
            probe.name,
            "no line `N programs found`: the report is not whole",
            remedy="Save all its pages and add it again",
        )
    if rows not in {sum(found), *(found if len(set(found)) == 1 else ())}:
        raise SourceError(
            probe.name,
            f"the report says {sum(found) if len(set(found)) > 1 else found[0]} programs found, {rows} rows were read",
            remedy="Save all its pages and add it again; if it is whole, its layout has changed",
        )


def _specialty(title: list[str]) -> str:
    for pattern in _TITLES:
        for text in title:
            match = pattern.match(join_lines([text]))
            # The specialty may carry its code: `Internal medicine (140)`.
            name = re.sub(r"\s*[\[(]\d{3}[\])]$", "", match[1]).strip() if match else ""
            if name.casefold() not in _NO_SPECIALTY and not _YEAR.search(text):
                return name
    return ""
