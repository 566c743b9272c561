"""Names of hospitals: the facility that an institution is, under the names of several years."""

from __future__ import annotations

import pandas as pd

from pipeline.linkage.anchors import Registers
from pipeline.linkage.facilities import facility_names


def registers(now: list[tuple[str, str, str, str]], before: list[tuple[str, str, str, str]]) -> Registers:
    cms = pd.DataFrame(now, columns=["facility_id", "name", "city", "state"], dtype="str")
    ahrq = pd.DataFrame(before, columns=["ccn", "name", "city", "state"], dtype="str")
    return Registers(cms=cms, ahrq=ahrq)


def institutions(*rows: tuple[str, str, str, list[str]]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["name", "city", "state", "facility_ids"])
    return frame.assign(institution_id=[f"i{place}" for place in range(len(frame))])


def test_the_hospital_of_the_city_with_the_words_is_known_under_all_its_names() -> None:
    known = registers(
        [("230230", "UNIVERSITY OF MICHIGAN HEALTH-SPARROW", "LANSING", "MI"), ("230231", "MCLAREN", "LANSING", "MI")],
        [("230230", "Edward W Sparrow Hospital", "Lansing", "MI")],
    )
    found = facility_names(institutions(("Sparrow Hospital", "Lansing", "MI", [])), known)
    assert found["i0"] == ("EDWARD W SPARROW HOSPITAL", "UNIVERSITY MICHIGAN HEALTH SPARROW")


def test_anchors_are_known_by_their_earlier_names() -> None:
    known = registers(
        [("050103", "ADVENTIST HEALTH WHITE MEMORIAL", "LOS ANGELES", "CA")],
        [("050103", "White Memorial Medical Center", "Los Angeles", "CA")],
    )
    sponsor = ("Adventist Health White Memorial", "Los Angeles", "CA", ["050103"])
    assert "WHITE MEMORIAL MEDICAL CENTER" in facility_names(institutions(sponsor), known)["i0"]


def test_a_hospital_whose_initials_are_in_the_name_is_a_part_of_the_sponsor() -> None:
    known = registers([("263301", "ST LOUIS CHILDREN'S HOSPITAL", "SAINT LOUIS", "MO")], [])
    sponsor = ("Washington University/B-JH/SLCH Consortium", "St Louis", "MO", [])
    assert facility_names(institutions(sponsor), known)["i0"] == ("SAINT LOUIS CHILDREN HOSPITAL",)


def test_a_hospital_near_two_institutions_is_neither() -> None:
    known = registers([("390046", "WELLSPAN YORK HOSPITAL", "YORK", "PA")], [])
    both = institutions(("Wellspan Health", "York", "PA", []), ("York Hospital", "York", "PA", []))
    assert facility_names(both, known) == {"i0": (), "i1": ()}
