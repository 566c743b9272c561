"""Campuses that share a tax id: which petitions are those of the campus that a name states."""

from __future__ import annotations

from collections.abc import Callable

World = Callable[..., object]

SUNY = (
    ("196097", "State University of New York at Stony Brook", "Stony Brook", "NY", "146013200", True),
    ("196088", "State University of New York at Buffalo", "Buffalo", "NY", "146013200", True),
    ("196130", "Buffalo State University", "Buffalo", "NY", "146013200", False),
    ("196246", "State University of New York at Plattsburgh", "Plattsburgh", "NY", "146013200", False),
)
MARYLAND = (
    ("163286", "University of Maryland-College Park", "College Park", "MD", "526002033", False),
    ("163259", "University of Maryland, Baltimore", "Baltimore", "MD", "526002033", True),
    ("163851", "Salisbury University", "Salisbury", "MD", "526002033", False),
)
STONY_BROOK = "STATE UNIV OF NY AT STONY BROOK"


def test_a_partner_of_one_campus_is_not_given_the_cities_of_the_others(make_world: World) -> None:
    hospital = (
        "Good Samaritan Hospital Program",
        "350001",
        "Good Samaritan Hospital Medical Center",
        "West Islip",
        "NY",
    )
    petitions = [
        ("GOOD SAMARITAN HOSPITAL MEDICAL CENTER", "8001", "NY", "WEST ISLIP", 40),
        (STONY_BROOK, "3200", "NY", "STONY BROOK", 200),
        (STONY_BROOK, "3200", "NY", "PLATTSBURGH", 6),
        (STONY_BROOK, "3200", "NY", "BUFFALO", 63),
    ]
    sites = [("350001", "", "State University of New York at Stony Brook")]
    world = make_world([hospital], petitions, schools=SUNY, sites=sites)
    assert world.relations(hospital[2]) == {
        ("GOOD SAMARITAN HOSPITAL MEDICAL CENTER", "WEST ISLIP"): "same",
        (STONY_BROOK, "STONY BROOK"): "affiliate",
    }


def test_a_campus_that_no_register_ties_to_the_sponsor_has_its_own_city_only(make_world: World) -> None:
    sponsor = ("Stony Brook Medicine Program", "350002", "Stony Brook Medicine", "Stony Brook", "NY")
    alias = {
        "sponsor_code": "350002", "alias": STONY_BROOK, "alias_state": "NY", "relation": "same", "tax_id_last4": "3200",
    }  # fmt: skip
    petitions = [(STONY_BROOK, "3200", "NY", city, 9) for city in ("STONY BROOK", "COMMACK", "PLATTSBURGH", "BUFFALO")]
    world = make_world([sponsor], petitions, schools=SUNY, aliases=[alias])
    assert world.relations(sponsor[2]) == {(STONY_BROOK, "STONY BROOK"): "same", (STONY_BROOK, "COMMACK"): "same"}


def test_a_university_without_a_campus_in_its_name_is_a_partners_in_its_own_area_only(make_world: World) -> None:
    hospital = (
        "Johns Hopkins Hospital/University of Maryland Program",
        "230001",
        "Johns Hopkins Hospital",
        "Baltimore",
        "MD",
    )
    petitions = [
        ("JOHNS HOPKINS HOSPITAL", "9001", "MD", "BALTIMORE", 40),
        *(("UNIVERSITY OF MARYLAND", "2033", "MD", city, 30) for city in ("BALTIMORE", "COLLEGE PARK", "SALISBURY")),
    ]
    world = make_world([hospital], petitions, schools=MARYLAND)
    assert world.relations("Johns Hopkins Hospital") == {
        ("JOHNS HOPKINS HOSPITAL", "BALTIMORE"): "same",
        ("UNIVERSITY OF MARYLAND", "BALTIMORE"): "affiliate",
    }


def test_another_college_of_the_same_city_is_no_campus_whose_name_the_city_overrules(make_world: World) -> None:
    school = (
        "University at Buffalo Program",
        "350003",
        "State University of New York at Buffalo School of Medicine",
        "Buffalo",
        "NY",
    )
    petitions = [
        ("STATE UNIV OF NEW YORK AT BUFFALO", "3200", "NY", "BUFFALO", 246),
        (STONY_BROOK, "3200", "NY", "BUFFALO", 63),
        ("STATE UNIV OF NY BUFFALO STATE", "3200", "NY", "BUFFALO", 3),
    ]
    found = make_world([school], petitions, schools=SUNY).relations(school[2])
    assert ("STATE UNIV OF NEW YORK AT BUFFALO", "BUFFALO") in found
    assert ("STATE UNIV OF NY BUFFALO STATE", "BUFFALO") not in found
