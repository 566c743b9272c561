"""Deadlines as pages word them, as a point of the cycle and, where a day is named, as that day.

What belongs here: the meaning of a few words of time. Where they stand is found in `step3`. Phrases: `reference/policy/deadlines.csv`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from pipeline.policies.claims import parse
from pipeline.policies.page_date import MONTHS, dated
from pipeline.policies.phrases import pattern_of, plain
from pipeline.reference.load import read_rows

CALENDAR_DAY: Final = "calendar_day"
_DAY: Final = re.compile(
    r"\b([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?\b|\b(\d{1,2})(?:st|nd|rd|th)? (?:of )?([A-Za-z]{3,9})\b"
)
_WITH_YEAR: Final = re.compile(r"\d{1,2}\D{1,4}(?:19|20)\d\d\b|\b20\d\d-\d\d-\d\d\b|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}")


@dataclass(frozen=True)
class Due:
    """point: a word of STEP3_DUE, None where the words name none. on: the day, YYYY-MM-DD; --MM-DD where no year is named."""

    point: str | None = None
    on: str | None = None


def due(words: str | None) -> Due:
    """Return what a deadline in a page's words means."""
    if not words:
        return Due()
    day = _day(words)
    if day is not None:
        return Due(CALENDAR_DAY, day)
    text = plain(parse(words))
    found = [(row.weak, hit.start(), row.point) for row in _points() if (hit := row.pattern.search(text))]
    return Due(min(found)[2] if found else None)


def _day(words: str) -> str | None:
    if _WITH_YEAR.search(words):
        found = dated(words)
        if found is not None:
            return found.isoformat()
    for match in _DAY.finditer(words):
        month = MONTHS.get((match[1] or match[4]).lower())
        number = int(match[2] or match[3])
        if month and 1 <= number <= 31:
            return f"--{month:02d}-{number:02d}"
    return None


class _Point(NamedTuple):
    point: str
    pattern: re.Pattern[str]
    weak: bool


@cache
def _points() -> tuple[_Point, ...]:
    return tuple(
        _Point(row["due"], pattern_of(row["phrase"]), bool(row["weak"])) for row in read_rows("policy/deadlines.csv")
    )
