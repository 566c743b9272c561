"""Which sections of docs/guide.md answer what a row of the list leaves a doctor to ask.

What belongs here: when to point where. What the law says stands in the guide alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from pipeline.applicants.rows import Row
from pipeline.schemas.vocabulary import EXEMPT_CATEGORIES, OFFERED, ROUTE
from pipeline.specialties.vocabulary import fellowship_names

GUIDE: Final = "docs/guide.md"
_CONSULATE, _CHANGE, _TRANSFER = ROUTE


def _open(row: Row) -> bool:
    return row["h1b_stated"] != "no"


# Section -> when a row calls for it, the most telling first.
SECTIONS: Final[dict[str, Callable[[Row], bool]]] = {
    "Already in an H-1B": lambda row: list(row["routes"]) == [_TRANSFER],
    "Already in the US without one": lambda row: _CHANGE in row["routes"] and _CONSULATE not in row["routes"],
    "Graduates of US schools": lambda row: "us_school_graduates" in row["conditions"],
    "J-1 waiver, then H-1B": lambda row: not _open(row) and row["j1_stated"] in OFFERED,
    "Weighted selection": lambda row: row["cap_exempt_category"] == "likely_cap_subject",
    "From cap-exempt to cap-subject": lambda row: _open(row) and row["cap_exempt_category"] in EXEMPT_CATEGORIES,
    "Cap-exempt": lambda row: _open(row) and row["cap_exempt_category"] not in EXEMPT_CATEGORIES,
    "Step 3": lambda row: _open(row) and row["step3_required_for_h1b"] != "no",
    "The six-year limit": lambda row: _open(row) and row["specialty"] in fellowship_names(),
    "The calendar to 1 July": _open,
    "Other ways to work": lambda row: not _open(row),
    "What to ask a GME office": lambda row: bool(row["needs_confirmation"]),
}


def section_address(section: str) -> str:
    """Return where a section of the guide is: `docs/guide.md#cap-exempt`, as web pages of Markdown name their headings."""
    return f"{GUIDE}#{re.sub(r'[^a-z0-9 -]', '', section.lower()).replace(' ', '-')}"


def guide_sections(row: Row) -> list[str]:
    """Return the sections of the guide that answer what one row leaves open, the most telling first."""
    return [section for section, holds in SECTIONS.items() if holds(row)]
