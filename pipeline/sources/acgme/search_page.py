"""ACGME "Program Search" as a person saved it: one HTML page lists all programs of a specialty or a state, without their states.

Layout (described by people who parsed live pages): a `table` that is, or is inside, `#programsListView-listview`; a `tr` with
`data-item-key` a program; cells code, specialty, name, city, before them in most pages one for the filter of statuses. That filter's
numbers (`data-status-matches`, as JSON or `,1,9,`, or that first cell) tell withdrawn programs from accredited ones; an icon marks
those whose accreditation is still to begin.
"""

from __future__ import annotations

import re
from typing import Final

import pandas as pd
from bs4 import Tag

from pipeline.schemas.fields import PROGRAM_CODE_PATTERN
from pipeline.sources.base import Probe, SourceError
from pipeline.sources.pages import soup_of_file

_SIGNATURE: Final = b"programsListView-listview"
_REMEDY: Final = "Open ACGME's program search, choose a specialty, wait until all rows show and save the page whole"
_COLUMNS: Final = ("program_code", "specialty", "program_name", "city")
_LABELS: Final = {
    "code": "program_code", "specialty": "specialty", "name": "program_name", "program name": "program_name", "city": "city",
}  # fmt: skip
# Numbers of the filter; the first that a row has counts. 1 is all that are accredited, on probation or not: it tells too little.
_STATUS: Final = {"5": "Accreditation Withdrawn", "3": "Pre-Accreditation", "4": "Unaccredited Combined"}
_FUTURE: Final = "Future Accreditation"
_NUMBER: Final = re.compile(r'"?(\d+)"?(?:\s*:\s*([^,}\s]+))?')
_CODE: Final = re.compile(PROGRAM_CODE_PATTERN, re.IGNORECASE)


def is_search_page(head: bytes) -> bool:
    """Decide whether HTML (its first bytes) is ACGME's program search with its list."""
    return _SIGNATURE in head


def read_search_page(probe: Probe) -> pd.DataFrame:
    """Read the rows of the list.

    Returns columns program_code, specialty, program_name, city, as printed, and accreditation_status, "" where the page tells no
    more than that a program is accredited; indexed by row. Raises SourceError for a page that is too large, has no row, or whose
    rows have fewer than four cells.
    """
    listed = soup_of_file(probe).find(id=_SIGNATURE.decode())
    rows = [row for row in listed.find_all("tr") if isinstance(row, Tag)] if isinstance(listed, Tag) else []
    places = next((found for row in rows if (found := _places(row))), {})
    programs = [row for row in rows if row.has_attr("data-item-key") or any(map(_CODE.fullmatch, _texts(row)))]
    if not programs:
        raise SourceError(probe.name, "the search page lists no program", remedy=_REMEDY)
    cells = [_cells(row, places) for row in programs]
    short = next((number for number, row in enumerate(cells, start=1) if row is None), None)
    if short is not None:
        raise SourceError(probe.name, f"row {short} of the list has fewer than four cells", remedy=_REMEDY)
    index = pd.RangeIndex(1, len(cells) + 1)
    frame = pd.DataFrame(cells, columns=list(_COLUMNS), index=index, dtype="str")
    return frame.assign(accreditation_status=[_status(row) for row in programs])


def _texts(row: Tag) -> list[str]:
    return [" ".join(cell.get_text(" ").split()) for cell in row.find_all("td", recursive=False)]


def _places(row: Tag) -> dict[str, int]:
    """Return the place of each column by the labels of a header; empty for a row that is none."""
    labels = [" ".join(cell.get_text(" ").split()).casefold() for cell in row.find_all("th", recursive=False)]
    found = {_LABELS[label]: place for place, label in enumerate(labels) if label in _LABELS}
    return found if set(_COLUMNS) <= set(found) else {}


def _cells(row: Tag, places: dict[str, int]) -> list[str] | None:
    """Return code, specialty, name and city of a row: below their labels, else behind one another from the code on; None if too few."""
    texts = _texts(row)
    start = next((place for place, text in enumerate(texts) if _CODE.fullmatch(text)), 0)
    if places.get("program_code") != start or max(places.values()) >= len(texts):
        places = {name: start + number for number, name in enumerate(_COLUMNS)}
    return [texts[places[name]] for name in _COLUMNS] if max(places.values()) < len(texts) else None


def _status(row: Tag) -> str:
    """Return the status that the filter's numbers or a visible icon of a row tell; "" where they tell none."""
    if row.select_one('[data-bs-content="Future Accredited" i]:not(.hidden)'):
        return _FUTURE
    before = next((text for text in _texts(row) if re.fullmatch(r",(?:\d+,)+", text)), "")
    flags = _NUMBER.findall(str(row.get("data-status-matches") or before))
    held = {number for number, value in flags if value.casefold() not in {"0", "false", "null"}}
    return next((status for number, status in _STATUS.items() if number in held), "")
