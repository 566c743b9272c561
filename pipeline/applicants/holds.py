"""What holds on nationals of listed countries close to one applicant: which routes are left, by citizenship and place.

What belongs here: the tables of law held against a profile. What a program's own terms close is in `routes.py`.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd

from pipeline.applicants.profile import ROUTES_FROM, VISAS, WHERE_WORDS, Profile
from pipeline.law.as_of import law_as_of
from pipeline.law.holds import Hold, holds_for
from pipeline.law.words import hold_in_short
from pipeline.schemas.vocabulary import ROUTE


def closed_by_hold(days: pd.Series, profile: Profile, visa: str) -> pd.Series:
    """Return in words why a visa is closed to nationals of the applicant's country on every route from where the applicant is.

    days: of the list. Null where it isn't closed, and where the profile doesn't say country and place.
    """
    by_day = {day: held_everywhere(profile, visa, pd.Timestamp(day).date()) for day in days.unique()}
    return days.map(by_day).astype("str")


def holds_on_visa(profile: Profile, visa: str, day: dt.date) -> tuple[Hold, ...]:
    """Return what closes some route to a visa (H-1B, J-1) to nationals of the applicant's country on a day."""
    return tuple(hold for hold in holds_for(profile.citizenship or "", day) if visa in hold.visas)


def routes_left(profile: Profile, visa: str, day: dt.date) -> frozenset[str]:
    """Return the routes to a visa from where the applicant is (from anywhere, where that isn't stated) that no hold closes."""
    mine = ROUTE if profile.where is None else ROUTES_FROM[profile.where]
    held = [hold.routes for hold in holds_on_visa(profile, visa, day)]
    return frozenset(mine).difference(*held)


def hold_lines(profile: Profile, day: dt.date) -> list[str]:
    """Say what the tables of law close to nationals of the applicant's country on a day, or that they close nothing.

    [] where the profile names no country.
    """
    if profile.citizenship is None:
        return []
    found = dict.fromkeys(hold for visa in VISAS for hold in holds_on_visa(profile, visa, day))
    if not found:
        return [
            f"Citizenship {profile.citizenship}: the tables of law, read up to {law_as_of()}, close nothing to its nationals."
        ]
    return [f"Citizenship {profile.citizenship}: {hold_in_short(hold)}; excepted: {hold.exceptions}." for hold in found]


def held_everywhere(profile: Profile, visa: str, day: dt.date) -> str | None:
    """Return in words what closes a visa on every route from where the applicant is; None where it isn't closed or unknown."""
    if profile.where is None or routes_left(profile, visa, day):
        return None
    by = " and ".join(hold.authority for hold in holds_on_visa(profile, visa, day))
    return f"{visa} closed to a national of {profile.citizenship} {WHERE_WORDS[profile.where]} ({by})"
