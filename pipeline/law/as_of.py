"""Up to which day the law was read, and when that is too long ago to be silent about."""

from __future__ import annotations

import datetime as dt
from typing import Final

from pipeline.law.freezes import freezes
from pipeline.law.holds import holds
from pipeline.law.regimes import regimes

# A judgement: between July and November 2026 the payment changed its state four times in four months.
OLD_AFTER_DAYS: Final = 60


def law_as_of() -> dt.date:
    """Return the day up to which the law was read: the oldest `as_of` among the rows of `reference/law/`."""
    return min(row.as_of for row in (*regimes(), *freezes(), *holds()))


def warning_on(day: dt.date, read_up_to: dt.date) -> str:
    """Return what to say on `day` of law that was read up to a day: "" while that is at most OLD_AFTER_DAYS ago."""
    age = (day - read_up_to).days
    if age <= OLD_AFTER_DAYS:
        return ""
    return f"law was read up to {read_up_to}, {age} days ago: look up what changed, then mend reference/law"
