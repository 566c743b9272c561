"""Which ways to a visa are closed to one applicant: by place, school and citizenship, by an order of a state, by a deadline for Step 3.

What belongs here: terms, orders and holds held against a profile. A statement that limits no route closes none.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd

from pipeline.applicants.holds import closed_by_hold, routes_left
from pipeline.applicants.profile import WHERE_WORDS, Profile
from pipeline.applicants.rows import next_july
from pipeline.applicants.step3 import too_late
from pipeline.schemas.vocabulary import CONDITION_WORDS, OFFERED

_OF_ROUTES = ("transfer_only", "already_in_us", "no_consular")
_SCHOOL = "us_school_graduates"
_FILED_BY = (4, 1)  # month and day before the start: petitions for July are filed in spring (docs/guide.md)


def closed_routes(rows: pd.DataFrame, profile: Profile, by_state: pd.Series | None = None) -> pd.Series:
    """Return in words why an H-1B is closed to the applicant there; null where it isn't, or nothing limits it.

    rows: of the list, with h1b_stated, conditions, routes, state_freeze, state_freeze_until, step3_due, step3_due_on, as_of. Transfers
    and graduates of American schools are two doors: who has one of them is let in. by_state: their `closed_by_state`, for callers that
    have many profiles.
    """
    by_terms = [
        _closed(set(conditions), set(routes), profile, day) if stance in OFFERED else None
        for stance, conditions, routes, day in zip(
            rows["h1b_stated"], rows["conditions"], rows["routes"], rows["as_of"].dt.date, strict=True
        )
    ]
    by_hold = closed_by_hold(rows["as_of"], profile, "H-1B")
    by_state = closed_by_state(rows) if by_state is None else by_state
    columns = (by_hold, pd.Series(by_terms, index=rows.index, dtype="str"), by_state, too_late(rows, profile))
    texts = zip(*(column.astype("object").where(column.notna(), None) for column in columns), strict=True)
    first = [next((text for text in ranked if text is not None), None) for ranked in texts]
    return pd.Series(first, index=rows.index, dtype="str")


def closed_by_state(rows: pd.DataFrame) -> pd.Series:
    """Return the order of a state that still forbids new petitions when those for the next July are filed; null where none does.

    An order that ends before may be prolonged: it closes nothing, but `frozen_now` finds it.
    """
    days = {day: pd.Timestamp(next_july(day.date()), *_FILED_BY) for day in rows["as_of"].unique()}
    filed_by = rows["as_of"].map(days).astype(rows["as_of"].dtype)  # of no rows, too
    until = rows["state_freeze_until"]
    closes = frozen_now(rows) & (until.isna() | (until >= filed_by))
    last = until.dt.strftime("%Y-%m-%d").fillna("further notice")
    return ("closed by an order of the state until " + last + ": " + rows["state_freeze"]).where(closes)


def frozen_now(rows: pd.DataFrame) -> pd.Series:
    """Find the rows that an order of a state binds on the day of the list."""
    return rows["state_freeze"].notna()


def _closed(conditions: set[str], routes: set[str], profile: Profile, day: dt.date) -> str | None:
    by_route = bool(routes) and profile.where is not None and routes.isdisjoint(routes_left(profile, "H-1B", day))
    by_school = _SCHOOL in conditions and profile.school == "foreign"
    if _SCHOOL in conditions and "transfer_only" in conditions:
        if profile.school == "US" or profile.where == "holds_h1b" or not (by_route or by_school):
            return None
        return f"closed: {CONDITION_WORDS['transfer_only']} or {CONDITION_WORDS[_SCHOOL]}"
    if by_route and profile.where is not None:
        named = [CONDITION_WORDS[name] for name in _OF_ROUTES if name in conditions]
        return f"closed to an applicant {WHERE_WORDS[profile.where]}: {', '.join(named)}"
    return f"closed to a graduate of a foreign school: {CONDITION_WORDS[_SCHOOL]}" if by_school else None
