"""The day of a statement, where often only a year is known.

A page or a restated fact of which only the year is known is dated 1 January of it (`evidence_date`, `page_date`); what a person was
told has its day. What belongs here: telling the two apart, so that no output shows a day that nobody named.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pandas as pd

_WITH_A_DAY: Final = ("confirmed",)


def is_year_only(date: dt.date | pd.Timestamp, kind: str | None) -> bool:
    """Return whether of the date of a statement of that kind of evidence only the year is known."""
    return (date.month, date.day) == (1, 1) and kind not in _WITH_A_DAY


def year_only(dates: pd.Series, kinds: pd.Series) -> pd.Series:
    """Return the same of each row; False where there is no date."""
    first = (dates.dt.month == 1) & (dates.dt.day == 1)
    return first.fillna(False).astype("bool") & ~kinds.isin(_WITH_A_DAY)


def last_day(dates: pd.Series, kinds: pd.Series) -> pd.Series:
    """Return the last day on which each statement can have been made: of a year alone its 31 December."""
    return dates.mask(year_only(dates, kinds), dates + pd.offsets.YearEnd())


def in_words(value: Any, kind: str | None) -> str:
    """Return the date of a statement in words: 9 February 2023, or 2023 where only the year is known; "" where there is none."""
    if pd.isna(value):
        return ""
    stamp = pd.Timestamp(value)
    return f"{stamp:%Y}" if is_year_only(stamp, kind) else f"{stamp.day} {stamp:%B %Y}"
