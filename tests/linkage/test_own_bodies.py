"""Participating sites that are the sponsor itself: by its words, its initials and what AHRQ says of ownership."""

from __future__ import annotations

import pandas as pd

from pipeline.linkage.own_bodies import with_own_bodies

NAMES = ["institution_id", "form", "relation", "source", "state", "needs"]
HOSPITALS = ["name", "state", "health_system_name"]


def relations(
    sponsor: str, own: str, *sites: str, owned: tuple[tuple[str, str], ...] = (), others: tuple[str, ...] = ()
) -> list[str]:
    """Relation and need of each site of one sponsor; owned: hospital and system; others: names of other sponsors of the state."""
    rows = [("i0", own, "same", "sponsor", "PA", "nothing")]
    rows += [("i1", form, "same", "sponsor", "PA", "nothing") for form in others]
    rows += [("i0", form, "affiliate", "site", "PA", "nothing") for form in sites]
    institutions = pd.DataFrame({"institution_id": ["i0"], "name": [sponsor], "state": ["PA"]})
    hospitals = pd.DataFrame([(name, "PA", system) for name, system in owned], columns=HOSPITALS)
    found = with_own_bodies(pd.DataFrame(rows, columns=NAMES), institutions, hospitals)
    found = found[found["source"] == "site"]
    return [f"{relation} {need}" for relation, need in zip(found["relation"], found["needs"], strict=True)]


def test_a_site_with_the_sponsors_words_is_the_sponsor() -> None:
    own = "ALBERT EINSTEIN HEALTHCARE NETWORK"
    assert relations("Albert Einstein Healthcare Network", own, "ALBERT EINSTEIN MEDICAL CENTER", "FOX CHASE CANCER CENTER") == [
        "same nothing", "affiliate nothing",
    ]  # fmt: skip


def test_a_hospital_whose_initials_the_sponsor_names_is_the_sponsor() -> None:
    sponsor = "Washington University/B-JH/SLCH Consortium"
    assert relations(sponsor, "WASHINGTON UNIVERSITY", "BARNE JEWISH HOSPITAL") == ["same nothing"]


def test_a_hospital_that_the_sponsoring_system_owns_is_the_sponsor_unless_it_is_one_itself() -> None:
    own, owned = "MAIN LINE HEALTH SYSTEM", (("Lankenau Medical Center", "Main Line Health"),)
    assert relations("Main Line Health System", own, "LANKENAU HOSPITAL", owned=owned) == ["same nothing"]
    sponsor = ("LANKENAU HOSPITAL",)
    assert relations("Main Line Health System", own, "LANKENAU HOSPITAL", owned=owned, others=sponsor) == [
        "affiliate nothing"
    ]


def test_a_name_of_two_sponsors_needs_the_city() -> None:
    own = "LOUISIANA STATE UNIVERSITY SCHOOL MEDICINE"
    center = "LOUISIANA STATE UNIVERSITY HEALTH SCIENCE CENTER"
    assert relations("Louisiana State University School of Medicine", own, center, others=(center,)) == ["same city"]
