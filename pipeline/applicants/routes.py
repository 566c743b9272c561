"""Which offers of an H-1B are closed to one applicant, by where the applicant is and which school it was.

What belongs here: the terms of a statement held against a profile. A statement that limits no route closes none.
"""

from __future__ import annotations

import pandas as pd

from pipeline.applicants.profile import ROUTES_FROM, Profile
from pipeline.applicants.questions import OFFERED
from pipeline.schemas.vocabulary import CONDITION_WORDS

_OF_ROUTES = ("transfer_only", "already_in_us", "no_consular")
_SCHOOL = "us_school_graduates"


def closed_routes(rows: pd.DataFrame, profile: Profile) -> pd.Series:
    """Return in words why the H-1B that a row offers is closed to the applicant; null where it isn't, or nothing limits it.

    rows: of the list, with h1b_stated, conditions, routes. Transfers and graduates of American schools are two doors: who has one of
    them is let in.
    """
    reasons = [
        _closed(set(conditions), set(routes), profile) if stance in OFFERED else None
        for stance, conditions, routes in zip(rows["h1b_stated"], rows["conditions"], rows["routes"], strict=True)
    ]
    return pd.Series(reasons, index=rows.index, dtype="str")


def _closed(conditions: set[str], routes: set[str], profile: Profile) -> str | None:
    by_route = bool(routes) and profile.where is not None and routes.isdisjoint(ROUTES_FROM[profile.where])
    by_school = _SCHOOL in conditions and profile.school == "foreign"
    if _SCHOOL in conditions and "transfer_only" in conditions:
        if profile.school == "US" or profile.where == "holding an H-1B" or not (by_route or by_school):
            return None
        return f"closed: {CONDITION_WORDS['transfer_only']} or {CONDITION_WORDS[_SCHOOL]}"
    if by_route:
        named = [CONDITION_WORDS[name] for name in _OF_ROUTES if name in conditions]
        return f"closed to an applicant {profile.where}: {', '.join(named)}"
    return f"closed to a graduate of a foreign school: {CONDITION_WORDS[_SCHOOL]}" if by_school else None
