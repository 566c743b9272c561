"""Whether an applicant's Step 3 comes in time for what a program states, in the cycle before the next July.

What belongs here: one day held against another. Days of points of the cycle: `reference/policy/cycle_points.csv`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import functools
from typing import Final, NamedTuple

import pandas as pd

from pipeline.applicants.profile import NOT_PLANNED, US_SCHOOL, Profile
from pipeline.applicants.profile_values import PASSED
from pipeline.applicants.rows import next_july, records
from pipeline.reference.load import read_rows
from pipeline.specialties.vocabulary import fellowship_names

GOOD: Final = 4  # a fit from which a row may be green
IN_TIME, TOO_LATE, ASK, LATER = "in time", "too late", "ask", "later"
NOT_PLANNED_WORDS: Final = "; without Step 3 no H-1B with patient care"
# What a standing is in words; {due} and {first} are of the program, {mine} and {day} of the applicant.
WORDS: Final = {
    "mine": "yours is expected on {day}",
    "mine_without_day": "yours is not passed, its day not known",
    "not_passed": "Step 3 not passed yet",
    "not_before": "Step 3 not before {day}",
    "of_year": "Step 3 was due by {first} for July {year}, {mine}: ask for the day of now",
    "too_late": "Step 3 is due {due}, {mine}: too late",
    "seems_late": "Step 3 is due {due}, {mine}: it seems too late, ask",
    "in_time": "Step 3 in time: due {due}, {mine}",
    "perhaps": "Step 3 is due {due}, {mine}: ask whether that is in time",
}
CLOSED: Final = "closed: {words}"
_START: Final = (7, 1)  # month and day on which training begins, and a cycle ends


class Standing(NamedTuple):
    """How an applicant stands with the Step 3 of one program. verdict: IN_TIME; TOO_LATE, by a stated day; ASK, where it may be;
    LATER, where nothing is stated and the result is still to come. words: why."""

    verdict: str
    words: str


def standings(rows: pd.DataFrame, profile: Profile) -> list[Standing | None]:
    """Return the Standing in each row; None where Step 3 is passed, no matter, or not in the profile.

    rows: of the list, with step3_due, step3_due_on, specialty, as_of. The law asks Step 3 of graduates of schools abroad alone
    (docs/guide.md, Graduates of US schools).
    """
    own = None if profile.school == US_SCHOOL else profile.step3
    if own in (None, PASSED, NOT_PLANNED):
        return [None] * len(rows)
    fellowships = rows["specialty"].isin(fellowship_names())
    stated = records(rows[["step3_due", "step3_due_on", "as_of"]])
    return [
        _standing(own, row["step3_due"], row["step3_due_on"], pd.Timestamp(row["as_of"]).date(), bool(fellowship))
        for row, fellowship in zip(stated, fellowships, strict=True)
    ]


def too_late(rows: pd.DataFrame, profile: Profile) -> pd.Series:
    """Return in words why an H-1B is closed: the stated day for Step 3 comes before the applicant's; null where it doesn't."""
    found = [
        CLOSED.format(words=one.words) if one and one.verdict == TOO_LATE else None for one in standings(rows, profile)
    ]
    return pd.Series(found, index=rows.index, dtype="str")


def with_step3(fit: pd.Series, rows: pd.DataFrame, profile: Profile) -> tuple[pd.Series, pd.Series]:
    """Return the H-1B fit with the applicant's Step 3, and what it is in words, "" where there is nothing to say.

    A result that is still to come costs a good fit a step, one that may be too late makes it no good one.
    """
    if profile.step3 == NOT_PLANNED and profile.school != US_SCHOOL:
        return fit.fillna(2).clip(upper=2), pd.Series(NOT_PLANNED_WORDS, index=fit.index)
    found = standings(rows, profile)
    # What is too late is shown as closed.
    words = [f"; {one.words}" if one and one.verdict != TOO_LATE else "" for one in found]
    verdicts = pd.Series([one.verdict if one else "" for one in found], index=fit.index, dtype="str")
    later = fit.mask((verdicts == LATER) & (fit >= GOOD), fit - 1)
    return later.mask((verdicts == ASK) & (fit >= GOOD), GOOD - 1), pd.Series(words, index=fit.index, dtype="str")


@functools.lru_cache(maxsize=10_000)
def _standing(
    own: str | dt.date, point: str | None, on: str | None, as_of: dt.date, fellowship: bool
) -> Standing | None:
    """Hold the applicant's day, or NOT_YET, against a point of the cycle or a day that is stated."""
    day = own if isinstance(own, dt.date) else None
    if day is not None and day <= as_of:
        return None
    mine = WORDS["mine_without_day"] if day is None else WORDS["mine"].format(day=day)
    due = due_for(point, on, as_of, fellowship)
    if due is None:
        return (
            Standing(ASK, WORDS["not_passed"]) if day is None else Standing(LATER, WORDS["not_before"].format(day=day))
        )
    words = {
        name: text.format(due=due.words, first=due.first, year=due.of_year, mine=mine, day=day)
        for name, text in WORDS.items()
    }
    if due.of_year is not None:
        return Standing(ASK, words["of_year"])
    if (day or as_of) > due.last:  # a result without a day comes after the day of the list
        return Standing(TOO_LATE, words["too_late"]) if due.exact else Standing(ASK, words["seems_late"])
    if day is not None and day <= due.first:
        return Standing(IN_TIME, words["in_time"])
    return Standing(ASK, words["perhaps"])


class Due(NamedTuple):
    """When Step 3 is due: the first and the last day that may be meant. exact: a day is stated; of_year: the year of another start."""

    first: dt.date
    last: dt.date
    words: str
    exact: bool = False
    of_year: int | None = None


def due_for(point: str | None, on: str | None, as_of: dt.date, fellowship: bool) -> Due | None:
    """Return when Step 3 is due for the next July; None where nothing that is stated tells it."""
    if on is not None:
        day = _in_cycle(on, as_of) if on.startswith("--") else dt.date.fromisoformat(on)
        other = None if next_july(day) >= next_july(as_of) else next_july(day)
        return Due(day, day, f"by {day}", exact=True, of_year=other)
    row = _points().get(point or "")
    if row is None or (fellowship and row["residency_only"]):
        return None
    first, last = _in_cycle(row["earliest"], as_of), _in_cycle(row["latest"], as_of)
    return Due(first, last, f"by the {str(point).replace('_', ' ')}, {first} to {last}")


def _in_cycle(month_and_day: str, as_of: dt.date) -> dt.date:
    """Return the day --MM-DD in the cycle that ends on the next 1 July; 29 February of a common year is 28 February."""
    month, day = int(month_and_day[2:4]), int(month_and_day[5:7])
    july = next_july(as_of)
    year = july if (month, day) <= _START else july - 1
    return dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))


@functools.cache
def _points() -> dict[str, dict[str, str]]:
    return {row["point"]: row for row in read_rows("policy/cycle_points.csv")}
