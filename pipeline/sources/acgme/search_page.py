"""ACGME "Program Search" as a person saved it: one HTML page lists all programs of a specialty, without states.

Layout (described by people who parsed live pages): a `table` inside `#programsListView-listview`, a `tr` with `data-item-key` a
program, cells code, specialty, program name, city; more cells may follow.
"""

from __future__ import annotations

from typing import Final

import pandas as pd
from bs4 import BeautifulSoup, Tag

from pipeline.sources.base import Probe, SourceError
from pipeline.sources.pages import soup_of_file

_SIGNATURE: Final = b"programsListView-listview"
_REMEDY: Final = "Open ACGME's program search, choose a specialty, wait until all rows show and save the page whole"


def is_search_page(head: bytes) -> bool:
    """Decide whether HTML (its first bytes) is ACGME's program search with its list."""
    return _SIGNATURE in head


def read_search_page(probe: Probe) -> pd.DataFrame:
    """Read the rows of the list: columns program_code, specialty, program_name, city, all text as printed, indexed by row.

    Raises SourceError for a page that is too large, has no row, or whose rows have fewer than four cells.
    """
    rows = [row for row in _list_rows(soup_of_file(probe)) if row.has_attr("data-item-key")]
    if not rows:
        raise SourceError(probe.name, "the search page lists no program", remedy=_REMEDY)
    cells = [[" ".join(cell.get_text(" ").split()) for cell in row.find_all("td", recursive=False)] for row in rows]
    short = next((number for number, row in enumerate(cells, start=1) if len(row) < 4), None)
    if short is not None:
        raise SourceError(probe.name, f"row {short} of the list has fewer than four cells", remedy=_REMEDY)
    columns = ["program_code", "specialty", "program_name", "city"]
    return pd.DataFrame(
        [row[:4] for row in cells], columns=columns, index=pd.RangeIndex(1, len(cells) + 1), dtype="str"
    )


def _list_rows(soup: BeautifulSoup) -> list[Tag]:
    listed = soup.find(id="programsListView-listview")
    return [row for row in listed.find_all("tr") if isinstance(row, Tag)] if isinstance(listed, Tag) else []
