"""AAMC ERAS "Participating Specialties & Programs" as a person saved it: the programs of one specialty that take applications.

Layout (described by people who parsed live pages): a heading `ERAS 2027 Participating Specialties`; a table with the header STATE,
CITY, (blank), PROGRAM NAME, ACCREDITATION ID, PROGRAM STATUS, or without one; `New Program!` raised behind a name; a footer
`N Programs`, which is the check that the page is whole. A program has a row a track, some of which take applications and some not.
"""

from __future__ import annotations

import re
from typing import Final

import pandas as pd
from bs4 import BeautifulSoup, Tag

from pipeline.schemas.fields import PROGRAM_CODE_PATTERN
from pipeline.sources.base import Probe, SourceError
from pipeline.sources.pages import soup_of_file

_HEADER: Final = {"STATE": "state", "CITY": "city", "PROGRAM NAME": "program_name", "ACCREDITATION ID": "program_code",
                  "PROGRAM STATUS": "eras_status"}  # fmt: skip
_COUNT: Final = re.compile(r"^(\d[\d,]*) Programs?$", re.IGNORECASE)
_SEASON: Final = re.compile(r"\bERAS (20\d{2})\b")
_TITLE: Final = re.compile(rb"\bERAS\s+20\d{2}\s+PARTICIPATING\s+SPECIALTIES")
# Of rows below no header: state, city, blank, name, code, status.
_PLACES: Final = {"state": 0, "city": 1, "program_name": 3, "program_code": 4, "eras_status": 5}
_CODE: Final = re.compile(PROGRAM_CODE_PATTERN, re.IGNORECASE)
_REMEDY: Final = "Open the specialty's list of participating programs at ERAS and save the page whole"


def is_eras_page(head: bytes) -> bool:
    """Decide whether HTML (its first bytes) is an ERAS list of participating programs."""
    upper = head.upper()
    labelled = b"ACCREDITATION ID" in upper and b"PROGRAM STATUS" in upper
    return b"ERAS" in upper and (labelled or _TITLE.search(upper) is not None)


def read_eras_page(probe: Probe) -> tuple[pd.DataFrame, int | None]:
    """Read the rows of the list.

    Returns columns state (as printed), city, program_name, program_code, eras_status, new_in_eras (bool), website,
    accreditation_status (blank), indexed by row, those that take applications first; and the year of the season that the title or a
    heading names, None where none does. Raises SourceError for a page that is too large, lacks its table or its footer, and for a
    footer that counts other than the rows.
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
    season = _SEASON.search(" ".join(_flat(tag) for tag in soup.find_all(["title", "h1", "h2", "h3"])))
    frame = pd.DataFrame(rows, index=pd.RangeIndex(1, len(rows) + 1)).assign(accreditation_status="")
    taking = frame["eras_status"].str.casefold() == "participating"
    return pd.concat([frame[taking], frame[~taking]]), int(season[1]) if season else None


def _flat(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def _table(soup: BeautifulSoup) -> tuple[Tag, dict[str, int]] | None:
    """Find the innermost table whose header has all columns, or whose rows look as they do below it, and the place of each."""
    for row in soup.find_all("tr"):
        labels = [_flat(cell).upper() for cell in row.find_all(["th", "td"], recursive=False)]
        table = row.find_parent("table")
        if not isinstance(table, Tag):
            continue
        if set(_HEADER) <= set(labels):
            return table, {name: labels.index(label) for label, name in _HEADER.items()}
        if len(labels) == 6 and _CODE.fullmatch(labels[4]):
            return table, _PLACES
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
