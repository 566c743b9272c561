"""Health systems: sponsors that nobody has listed meet the legal entities of the system that they belong to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from pipeline.linkage.systems import read_systems, system_names

PARENT = {
    "system": "Beacon",
    "employer": "BEACON MANAGEMENT SERVICES LP",
    "employer_state": "TN",
    "relation": "affiliate",
}
OHIO = {
    "system": "Beacon", "employer": "LAKE DIVISION INC", "employer_state": "OH", "sponsor_states": "OH",
    "relation": "affiliate",
}  # fmt: skip
MEMBER = {"system": "Beacon", "sponsor": "BEACON", "match": "contains"}
SPONSOR = ("Beacon Elmwood Hospital Program", "380001", "Beacon Elmwood Hospital", "Elmwood", "OH")


def sponsors(*rows: tuple[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["name", "state"])
    return frame.assign(institution_id=frame["name"], sponsor_names=pd.Series([[] for _ in rows], dtype="object"))


def relations(name: str, state: str, *, of_hospitals: bool = True) -> dict[str, str]:
    """Legal entity -> relation, by the shipped table."""
    found = system_names(sponsors((name, state)), read_systems(of_hospitals=of_hospitals))
    return dict(zip(found["employer"], found["relation"], strict=True))


@pytest.mark.parametrize(
    ("name", "state", "employer", "relation"),
    [
        ("HCA Florida Brightwater Hospital", "FL", "HCA MANAGEMENT SERVICES LP", "affiliate"),
        ("AdventHealth Florida", "FL", "ADVENTIST HEALTH SYSTEM/SUNBELT INC", "same"),
        ("AdventHealth Brightwater", "FL", "ADVENTIST HEALTH SYSTEM/SUNBELT INC", "affiliate"),
        ("Trinity Health Livonia", "MI", "TRINITY HEALTH MICHIGAN", "same"),
        ("Trinity Health Livonia", "MI", "ST MARY MERCY HOSPITAL", "same"),
        ("Henry Ford Providence Hospital", "MI", "ASCENSION PROVIDENCE HOSPITAL", "same"),
        ("NYU Grossman Long Island School of Medicine", "NY", "NYU WINTHROP HOSPITAL", "same"),
        ("Dignity Health Brightwater Hospital", "CA", "DIGNITY HEALTH", "affiliate"),
        ("St. Joseph's Hospital & Medical Center", "AZ", "DIGNITY HEALTH", "affiliate"),
    ],
)
def test_a_sponsor_nobody_has_listed_meets_the_entities_of_its_system(
    name: str, state: str, employer: str, relation: str
) -> None:
    assert relations(name, state).get(employer) == relation


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("Chicago Community Hospital", "NE"),  # CHI is a word of its own
        ("Mercy Hospital", "IL"),
        ("Providence Hospital", "DC"),
        ("Sanford Medical Center", "TX"),
        ("Memorial Hospital", "FL"),
        ("Jefferson Hospital", "GA"),
        ("Advocate Hospital", "NC"),
    ],
)
def test_a_like_name_elsewhere_is_of_no_system(name: str, state: str) -> None:
    assert relations(name, state) == {}


def test_rows_of_single_hospitals_can_be_left_out() -> None:
    """They are a person's rulings; patterns of regions are knowledge of the systems."""
    assert "ASCENSION PROVIDENCE HOSPITAL" not in relations("Henry Ford Providence Hospital", "MI", of_hospitals=False)
    assert "TRINITY HEALTH MICHIGAN" in relations("Trinity Health Livonia", "MI", of_hospitals=False)


def test_each_row_of_the_shipped_table_can_do_something() -> None:
    rows = read_systems()
    entity, named = rows["employer"] != "", rows["sponsor"] != ""
    assert (entity | named).all()
    assert ((rows["match"] != "") == named).all()
    assert ((rows["relation"] != "") == entity).all() and ((rows["employer_state"] != "") == entity).all()
    members = set(rows.loc[~entity, "system"])
    assert set(rows.loc[entity & ~named, "system"]) <= members
    assert rows.loc[entity, "source"].str.startswith(("USCIS", "DOL LCA")).all()


def test_the_parents_petitions_are_an_affiliates_in_any_state(make_world: Callable[..., Any]) -> None:
    filed = [
        ("BEACON MANAGEMENT SERVICES LP", "1111", "TN", "NASHVILLE", 9),
        ("BEACON MANAGEMENT SVCS LP", "1111", "TN", "NASHVILLE", 2),
        ("LAKE DIVISION INC", "2222", "OH", "DAYTON", 3),
        ("LAKE DIVISION PARTNERS OF OHIO", "3333", "OH", "DAYTON", 3),
        ("BEACON ELMWOOD HOSPITAL", "4444", "OH", "ELMWOOD", 3),
    ]
    found = make_world([SPONSOR], filed, systems=[MEMBER, PARENT, OHIO]).relations("Beacon Elmwood Hospital")
    assert found == {
        ("BEACON MANAGEMENT SERVICES LP", "NASHVILLE"): "affiliate",
        ("BEACON MANAGEMENT SVCS LP", "NASHVILLE"): "affiliate",
        ("LAKE DIVISION INC", "DAYTON"): "affiliate",
        ("BEACON ELMWOOD HOSPITAL", "ELMWOOD"): "same",
    }


def test_the_institutions_own_name_is_worth_more_than_its_system(make_world: Callable[..., Any]) -> None:
    entity = PARENT | {"employer": "BEACON ELMWOOD HOSPITAL", "employer_state": "OH"}
    filed = [("BEACON ELMWOOD HOSPITAL INC", "4444", "OH", "ELMWOOD", 3)]
    found = make_world([SPONSOR], filed, systems=[MEMBER, entity]).relations("Beacon Elmwood Hospital")
    assert set(found.values()) == {"same"}


def test_one_legal_entity_of_several_sponsors_is_that_of_its_city_and_an_affiliate_of_the_others(
    make_world: Callable[..., Any],
) -> None:
    other = ("Beacon Fairlawn Hospital Program", "380002", "Beacon Fairlawn Hospital", "Fairlawn", "OH")
    entity = OHIO | {"relation": "same"}
    filed = [("LAKE DIVISION INC", "2222", "OH", "ELMWOOD", 3), ("LAKE DIVISION INC", "2222", "OH", "DAYTON", 1)]
    world = make_world([SPONSOR, other], filed, systems=[MEMBER, entity])
    assert world.relations("Beacon Elmwood Hospital")["LAKE DIVISION INC", "ELMWOOD"] == "same"
    assert world.relations("Beacon Fairlawn Hospital")["LAKE DIVISION INC", "ELMWOOD"] == "affiliate"
