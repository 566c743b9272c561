"""What a program answered in a directory, and how printed answers become values: shares, counts, days, places.

What belongs here: figures that the directories share. Answers on visas are read in `visas.py`, where each directory has its own in
the modules beside this one.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from pipeline.schemas.fields import PROGRAM_CODE_PATTERN
from pipeline.schemas.vocabulary import STATE_NAMES
from pipeline.sources.base import Probe, SourceError
from pipeline.sources.directory_pages.visas import Visas

NOT_GIVEN_OUT: Final = 999  # FREIDA's figure for what a program doesn't give out
_NUMBER: Final = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,6})(?:\.0+)?")
_SHARE: Final = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)\s*(?:%|percent)?", re.IGNORECASE)
_STATES: Final = {name.casefold(): code for code, name in STATE_NAMES.items()} | {
    code.casefold(): code for code in STATE_NAMES
}
_CODE: Final = re.compile(rf"({PROGRAM_CODE_PATTERN})(?:[A-Z]\d?)?")  # ten digits, and a letter for the kind of track


@dataclass(frozen=True)
class Answers:
    """A program's page in a directory; "" and None where it says nothing. Fields as the columns of table `directory_answers`."""

    program_code: str
    program_name: str
    visas: Visas
    specialty: str = ""
    city: str = ""
    state: str = ""
    img_percent: float | None = None
    do_percent: float | None = None
    us_md_percent: float | None = None
    first_year_positions: int | None = None
    total_positions: int | None = None
    length_years: float | None = None
    described_as: str = ""
    website: str = ""
    accreditation_status: str = ""
    accreditation_date: dt.date | None = None
    accepting_current_year: bool | None = None
    accepting_next_year: bool | None = None
    answered_on: dt.date | None = None


def program_code(probe: Probe, text: str, remedy: str) -> str:
    """Return the ACGME code in a cell, without the letter of the track behind it. Raises SourceError for another text."""
    match = _CODE.fullmatch(text.strip().upper())
    if match is None:
        raise SourceError(probe.name, f"program code {text[:40]!r} is not ten digits, nor M and nine", remedy=remedy)
    return match[1]


def share(probe: Probe, what: str, value: object) -> float | None:
    """Return a share in percent, None where the program gives none. Raises SourceError for one that is not from 0 to 100."""
    text = _text(value)
    match = _SHARE.fullmatch(text)
    if match is None or float(match[1]) == NOT_GIVEN_OUT:
        return None
    if float(match[1]) > 100:
        raise SourceError(
            probe.name, f"{what} is {text[:20]}, more than 100 percent", remedy="Save the page again; see its text"
        )
    return float(match[1])


def whole_number(value: object) -> int | None:
    """Return a count, None where the program gives none."""
    match = _NUMBER.fullmatch(_text(value))
    number = int(match[1].replace(",", "")) if match else None
    return None if number == NOT_GIVEN_OUT else number


def years(value: object) -> float | None:
    """Return a length in years, None for what is none."""
    match = re.fullmatch(r"(\d{1,2}(?:\.\d{1,2})?)(?: years?)?", _text(value), re.IGNORECASE)
    return float(match[1]) if match and float(match[1]) > 0 else None


def day(value: object) -> dt.date | None:
    """Return a day printed as 2025-03-28 (a time may follow), 03/28/2025 or March 28, 2025; None for another text."""
    text = _text(value)
    for form, length in (("%Y-%m-%d", 10), ("%m/%d/%Y", None), ("%B %d, %Y", None), ("%b %d, %Y", None)):
        try:
            found = dt.datetime.strptime(text[:length], form).date()
        except ValueError:
            continue
        return found if 1990 <= found.year <= 2100 else None
    return None


def state(text: str) -> str:
    """Return the two-letter code of a state, by code or name; "" for another text."""
    return _STATES.get(" ".join(text.split()).casefold(), "")


def website(text: str) -> str:
    """Return a web address as printed; "" for another text."""
    return text.strip() if re.fullmatch(r"https?://[^\s/]\S{0,2000}", text.strip()) else ""


def _text(value: object) -> str:
    return "" if value is None or isinstance(value, bool) else " ".join(str(value).split())
