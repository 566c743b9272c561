"""AAMC ERAS "Participating Specialties & Programs" as a person saved it: the programs of one specialty that take applications.

Layout (described by people who parsed live pages): a table with the header STATE, CITY, (blank), PROGRAM NAME, ACCREDITATION ID,
PROGRAM STATUS; `New Program!` raised behind a name; a footer `N Programs`, which is the check that the page is whole.
"""

from __future__ import annotations

import re
from typing import Final

import pandas as pd
from bs4 import BeautifulSoup, Tag

from pipeline.sources.base import Probe, SourceError
from pipeline.sources.pages import soup_of_file

_HEADER: Final = {"STATE": "state", "CITY": "city", "PROGRAM NAME": "program_name", "ACCREDITATION ID": "program_code",
                  "PROGRAM STATUS": "eras_status"}  # fmt: skip
_COUNT: Final = re.compile(r"^(\d[\d,]*) Programs?$", re.IGNORECASE)
_SEASON: Final = re.compile(r"\bERAS (20\d{2})\b")
_REMEDY: Final = "Open the specialty's list of participating programs at ERAS and save the page whole"


def is_eras_page(head: bytes) -> bool:
    """Decide whether HTML (its first bytes) is an ERAS list of participating programs."""
    upper = head.upper()
    return b"ACCREDITATION ID" in upper and b"PROGRAM STATUS" in upper and b"ERAS" in upper


def read_eras_page(probe: Probe) -> tuple[pd.DataFrame, int | None]:
    """Read the rows of the list.

    Returns columns state (as printed), city, program_name, program_code, eras_status, new_in_eras (bool), website, indexed by row;
    and the year of the season that the title names, None where it names none. Raises SourceError for a page that is too large,
    lacks a column or its footer, and for a footer that counts other than the rows.
    """
    soup = soup_of_file(probe)
    found = _table(soup)
    if found is None:
        raise SourceError(probe.name, f"no table with {', '.join(_HEADER)}", remedy=_REMEDY)
    table, places = found
    rows = [row for row in (_cells(row, places) for row in table.find_all("tr")) if row is not None]
    counted = [int(match[1].replace(",", "")) for cell in table.find_all("td") if (match := _COUNT.match(_flat(cell)))]
    if counted != [len(rows)]:
        problem = (
            f"the footer counts {counted[0]:,} programs, {len(rows):,} were read"
            if counted
            else "no footer `N Programs`"
        )
        raise SourceError(probe.name, problem, remedy=_REMEDY)
    season = _SEASON.search(_flat(soup.title)) if soup.title else None
    return pd.DataFrame(rows, index=pd.RangeIndex(1, len(rows) + 1)), int(season[1]) if season else None


def _flat(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def _table(soup: BeautifulSoup) -> tuple[Tag, dict[str, int]] | None:
    """Find the innermost table whose header has all columns, and the place of each."""
    for row in soup.find_all("tr"):
        labels = [_flat(cell).upper() for cell in row.find_all(["th", "td"], recursive=False)]
        if set(_HEADER) <= set(labels):
            table = row.find_parent("table")
            if isinstance(table, Tag):
                return table, {name: labels.index(label) for label, name in _HEADER.items()}
    return None


def _cells(row: Tag, places: dict[str, int]) -> dict[str, object] | None:
    """Read one row by the places of its columns; None for the header, the footer and rows of another shape."""
    cells = row.find_all("td", recursive=False)
    if len(cells) <= max(places.values()):
        return None
    named = cells[places["program_name"]]
    raised = [tag.extract() for tag in named.find_all("sup")]
    link = named.find("a", href=re.compile(r"^https?://[^\s/]"))
    texts: dict[str, object] = {name: _flat(cells[place]) for name, place in places.items()}
    return texts | {
        "new_in_eras": any("new program" in _flat(tag).casefold() for tag in raised),
        "website": str(link["href"]) if isinstance(link, Tag) else "",
    }
