"""Holds on nationals of listed countries: whom they close a visa to, and what is shown of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from pipeline.applicants.holds import hold_lines, routes_left
from pipeline.applicants.meant import NotKnownError, country_meant
from pipeline.applicants.profile import Profile
from pipeline.reference.load import read_rows
from tests.applicants.test_shortlist import YES, one

DAY = dt.date(2026, 11, 20)
J1 = {
    "j1_stated": "yes",
    "sponsor_tier": "j1_only",
    "h1b_stated": "no",
    "evidence_scope": "program",
    "evidence_kind": "page",
}


def profile(country: str | None, where: str | None, *visas: str) -> Profile:
    return Profile(visas=visas or ("H-1B",), citizenship=country, where=where)


@pytest.mark.parametrize(
    ("country", "where", "visa", "left"),
    [
        ("Iran", "abroad", "H-1B", set()),
        ("Iran", "us_f1", "H-1B", {"change_of_status"}),
        ("Iran", "holds_h1b", "H-1B", {"change_of_status", "transfer_or_extension"}),
        ("Nigeria", "abroad", "H-1B", {"consulate"}),
        ("Nigeria", "abroad", "J-1", set()),
        ("Turkmenistan", "abroad", "J-1", {"consulate"}),
        ("India", "abroad", "H-1B", {"consulate"}),
        (None, "abroad", "H-1B", {"consulate"}),
    ],
)
def test_routes_that_are_left(country: str | None, where: str, visa: str, left: set[str]) -> None:
    assert routes_left(profile(country, where), visa, DAY) == left


def test_a_hold_that_has_ended_closes_nothing() -> None:
    assert routes_left(profile("Nigeria", "us_f1"), "H-1B", dt.date(2026, 3, 1)) == set()
    assert routes_left(profile("Nigeria", "us_f1"), "H-1B", dt.date(2026, 6, 12)) == {"consulate", "change_of_status"}
    assert routes_left(profile("Iran", "abroad"), "H-1B", dt.date(2025, 12, 31)) == {"consulate"}


@pytest.mark.parametrize(
    ("who", "change", "light"),
    [
        (profile("Iran", "abroad"), YES, "red"),
        (profile("Iran", "us_f1"), YES, "green"),
        (profile("Iran", None), YES, "yellow"),
        (profile("Nigeria", "abroad"), YES, "green"),
        (profile("Nigeria", "abroad", "J-1"), J1, "red"),
        (profile("Nigeria", "abroad", "H-1B", "J-1"), YES, "green"),
        (profile("India", "abroad"), YES, "green"),
        (
            profile("Iran", "us_f1"),
            YES | {"routes": ["consulate", "transfer_or_extension"], "conditions": ["transfer_only"]},
            "red",
        ),
    ],
)
def test_what_is_closed_to_this_person_is_red_with_the_reason(who: Profile, change: dict[str, Any], light: str) -> None:
    row = one(who, **change)
    assert row["light"] == light
    assert (light == "red") is any("closed to" in line for line in row["why"])


def test_a_national_who_is_in_the_country_is_told_what_a_journey_would_cost() -> None:
    ask = " ".join(one(profile("Iran", "us_f1"), **YES)["ask"])
    assert (
        "For nationals of Iran an H-1B is closed through a consulate" in ask
        and "docs/guide.md#holds-by-nationality" in ask
    )
    assert "nationals" not in " ".join(one(profile("India", "us_f1"), **YES)["ask"])


def test_what_the_tables_say_of_a_country_is_shown() -> None:
    [line] = hold_lines(profile("Iran", None), DAY)
    assert (
        "Proclamation 10998" in line and "the text was not read" in line and "excepted: a visa that was valid" in line
    )
    assert "close nothing to its nationals" in hold_lines(profile("India", None), DAY)[0]
    assert hold_lines(profile(None, None), DAY) == []


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Iran", "Iran"), ("iran", "Iran"), ("Myanmar", "Burma"), ("The Gambia", "Gambia"), ("Ivory Coast", "Cote d'Ivoire"),
        ("Niger", "Niger"), ("DR Congo", "Democratic Republic of the Congo"), ("India", "India"), ("Guinea", "Guinea"),
        ("Dominican Republic", "Dominican Republic"), ("South Korea", "South Korea"), ("UK", "United Kingdom"),
        ("the Netherlands", "Netherlands"), ("Türkiye", "Turkey"), ("pakistan", "Pakistan"),
    ],
)  # fmt: skip
def test_a_country_is_known_by_its_names(text: str, country: str) -> None:
    assert country_meant(text) == country


@pytest.mark.parametrize("text", ["Irann", "Nigerian", "Congo", "Federal Republic of Nigeria"])
def test_what_may_be_a_listed_country_is_not_taken_for_another(text: str) -> None:
    with pytest.raises(NotKnownError, match="unclear citizenship"):
        country_meant(text)


@pytest.mark.parametrize(
    ("text", "near"), [("Pakisten", "Pakistan"), ("Gremany", "Germany"), ("Atlantis", "unknown country")]
)
def test_what_no_country_is_called_is_refused_with_what_comes_near(text: str, near: str) -> None:
    with pytest.raises(NotKnownError, match=near):
        country_meant(text)


def test_a_country_of_the_tables_of_law_has_one_name_in_both_tables() -> None:
    names = {row["country"] for row in read_rows("names/countries.csv")}
    assert {row["country"] for row in read_rows("law/hold_countries.csv")} <= names
