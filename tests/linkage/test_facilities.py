"""Names of hospitals: the facility that an institution is, under the names of several years."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from pipeline.linkage.anchors import Registers
from pipeline.linkage.facilities import county_names, facility_names, facility_places
from pipeline.linkage.places import with_places


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


def test_a_number_that_went_to_another_city_takes_no_name_with_it() -> None:
    """Tulane's number is East Jefferson's since the merger of the two."""
    known = registers(
        [("190176", "EAST JEFFERSON GENERAL HOSPITAL", "METAIRIE", "LA")],
        [("190176", "Tulane University Hospital", "New Orleans", "LA")],
    )
    sponsor = ("East Jefferson General Hospital", "Metairie", "LA", ["190176"])
    assert facility_names(institutions(sponsor), known)["i0"] == ("EAST JEFFERSON GENERAL HOSPITAL",)


def test_former_names_of_cms_count_too() -> None:
    names = pd.DataFrame(
        [("050103", "WHITE MEMORIAL MEDICAL CENTER", "LOS ANGELES", "CA", "before 2020")],
        columns=["facility_id", "name", "city", "state", "vintage"],
        dtype="str",
    )
    known = replace(
        registers([("050103", "ADVENTIST HEALTH WHITE MEMORIAL", "LOS ANGELES", "CA")], []), cms_names=names
    )
    sponsor = ("Adventist Health White Memorial", "Los Angeles", "CA", ["050103"])
    assert "WHITE MEMORIAL MEDICAL CENTER" in facility_names(institutions(sponsor), known)["i0"]


def test_a_hospital_may_stand_in_another_city_of_the_metropolitan_area() -> None:
    cms = pd.DataFrame(
        [("260179", "CHESTERFIELD", "MO"), ("260180", "KANSAS CITY", "MO")],
        columns=["facility_id", "city", "state"],
        dtype="str",
    )
    sponsor = with_places(institutions(("St Luke's Hospital", "St. Louis", "MO", ["260179", "260180"])))
    assert facility_places(sponsor, cms).tolist() == [["CHESTERFIELD, MO"]]


def test_the_county_owns_the_hospital_and_is_it_where_it_bears_its_name() -> None:
    columns = ["facility_id", "county", "ownership"]
    cms = pd.DataFrame(
        [
            ("050276", "CONTRA COSTA", "Government - Local"),
            ("160101", "POLK", "Government - Local"),
            ("500088", "KING", "Government - Hospital District or Authority"),
            ("050001", "KERN", None),
        ],
        columns=columns,
        dtype="str",
    )
    own = institutions(
        ("Contra Costa Regional Medical Center", "Martinez", "CA", ["050276"]),
        ("Broadlawns Medical Center", "Des Moines", "IA", ["160101"]),
        ("Valley Medical Center", "Renton", "WA", ["500088"]),
        ("Kern Medical Center", "Bakersfield", "CA", ["050001"]),
    )
    assert list(county_names(own, cms)) == [
        ("i0", "COUNTY CONTRA COSTA", "same"),
        ("i0", "CONTRA COSTA COUNTY", "same"),
        ("i1", "COUNTY POLK", "affiliate"),
        ("i1", "POLK COUNTY", "affiliate"),
    ]
