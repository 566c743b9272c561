"""The applicant's Step 3 held against what programs state: days, points of the cycle, other years."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from pipeline.applicants.profile import NOT_YET, Profile, profile_of
from tests.applicants.test_shortlist import YES, one

DUE = YES | {"step3_required_for_h1b": "yes", "as_of": "2026-11-20"}
SPRING, WINTER = dt.date(2027, 4, 15), dt.date(2027, 1, 15)


def by(point: str, on: str | None = None) -> dict[str, Any]:
    return {"step3_deadline": "as stated", "step3_due": point, "step3_due_on": on}


def who(step3: str | dt.date, **more: str) -> Profile:
    return Profile(visas=("H-1B",), step3=step3, **more)


@pytest.mark.parametrize(
    ("step3", "due", "light", "said"),
    [
        (WINTER, by("calendar_day", "--02-01"), "green", "Step 3 in time: due by 2027-02-01, yours is expected on 2027-01-15"),
        (SPRING, by("calendar_day", "--02-01"), "red", "closed: Step 3 is due by 2027-02-01, yours is expected on 2027-04-15: too late"),
        (WINTER, by("calendar_day", "--12-31"), "red", "due by 2026-12-31"),
        (dt.date(2027, 2, 28), by("calendar_day", "--02-29"), "green", "due by 2027-02-28"),
        (SPRING, by("calendar_day", "2027-03-01"), "red", "due by 2027-03-01"),
        (WINTER, by("calendar_day", "2027-03-01"), "green", "in time"),
        (WINTER, by("calendar_day", "2023-04-30"), "yellow", "was due by 2023-04-30 for July 2023, yours is expected on 2027-01-15"),
        (SPRING, by("rank_list"), "yellow", "due by the rank list, 2027-02-15 to 2027-03-10, yours is expected on 2027-04-15: it seems too late"),
        (WINTER, by("rank_list"), "green", "in time"),
        (dt.date(2027, 3, 1), by("rank_list"), "yellow", "ask whether that is in time"),
        (NOT_YET, by("calendar_day", "--02-01"), "yellow", "due by 2027-02-01, yours is not passed"),
        (NOT_YET, by("calendar_day", "--11-01"), "red", "due by 2026-11-01"),
        (NOT_YET, {}, "yellow", "Step 3 not passed yet"),
        (SPRING, {}, "green", "Step 3 not before 2027-04-15"),
    ],
)  # fmt: skip
def test_a_stated_deadline_is_held_against_the_profile(
    step3: str | dt.date, due: dict[str, Any], light: str, said: str
) -> None:
    row = one(who(step3), **DUE, **due)
    assert (row["light"], said in row["why"][0]) == (light, True), row["why"]


@pytest.mark.parametrize(
    "profile", [who("passed"), who(dt.date(2026, 3, 1)), who(SPRING, school="US"), Profile(visas=("H-1B",))]
)
def test_who_has_it_or_needs_none_is_not_late(profile: Profile) -> None:
    row = one(profile, **DUE, **by("calendar_day", "--02-01"))
    assert row["light"] == "green" and "Step 3" not in row["why"][0]


def test_a_fellowship_has_other_days_for_the_match() -> None:
    row = one(who(SPRING), **DUE, **by("rank_list"), specialty="Cardiovascular Disease")
    assert row["why"][0].endswith("Step 3 not before 2027-04-15")


def test_not_passed_and_no_day_can_be_said() -> None:
    assert profile_of({"visas": ["H-1B"], "step3": "not yet"}).step3 == NOT_YET
