"""Institutions of the list: coded and derived sponsors, unified with care, with ids that stay."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.linkage.anchors import Registers, anchors
from pipeline.linkage.institutions import Institutions, build_institutions
from pipeline.linkage.judgements import ALIAS_COLUMNS
from pipeline.linkage.sponsor_names import sponsor_names
from pipeline.schemas.frames import empty_frame, to_arrow

Row = tuple[str, str | None, str | None, str, str]


def programs(*rows: Row) -> pd.DataFrame:
    frame = empty_frame("acgme_programs").reindex(range(len(rows)))
    frame["program_code"] = [f"220{place:07d}" for place in range(len(rows))]
    frame["specialty_code"] = "220"
    for column, place in (("program_name", 0), ("sponsor_code", 1), ("sponsor_name", 2), ("city", 3), ("state", 4)):
        frame[column] = pd.Series([row[place] for row in rows], dtype="str")
    return frame


def build(*rows: Row, registers: Registers | None = None) -> Institutions:
    aliases = pd.DataFrame({name: pd.Series(dtype="str") for name in ALIAS_COLUMNS})
    return build_institutions(
        programs(*rows), empty_frame("acgme_participating_sites"), registers or Registers(), aliases
    )


def names(built: Institutions) -> list[str]:
    return sorted(built.institutions["name"])


def test_a_program_without_a_code_joins_the_sponsor_of_its_name() -> None:
    built = build(
        ("Stamford Hospital/Columbia University Program", "080456", "Stamford Hospital", "Stamford", "CT"),
        ("Stamford Hospital Program", None, None, "Stamford", "CT"),
    )
    assert names(built) == ["Stamford Hospital"]
    assert built.institutions["programs"].tolist() == [2]
    assert built.programs["institution_id"].nunique() == 1


def test_a_common_name_is_shown_with_its_city_where_programs_are_called_so() -> None:
    built = build(
        ("Children's Hospital/Harvard Medical School Program", None, "Children's Hospital", "Boston", "MA"),
        ("Boston Children's Hospital Program", None, None, "Boston", "MA"),
    )
    assert names(built) == ["Boston Children's Hospital"]
    assert built.institutions["sponsor_names"].tolist() == [["Children's Hospital"]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            ("Stamford Hospital Program", None, None, "Stamford", "CT"),
            ("Stamford Hospital Program", None, None, "Stamford", "TX"),
        ),
        (
            ("Mercy Medical Center (Merced) Program", None, None, "Merced", "CA"),
            ("Mercy Medical Center (Redding) Program", None, None, "Redding", "CA"),
        ),
        (
            ("University of California (Irvine) Program", None, None, "Orange", "CA"),
            ("University of California (Davis) Program", None, None, "Davis", "CA"),
        ),
        (
            ("St Mary's Hospital Program", None, None, "Waterbury", "CT"),
            ("St Mary's Hospital Program", None, None, "Danbury", "CT"),
        ),
    ],
)
def test_institutions_that_stay_apart(one: Row, other: Row) -> None:
    assert len(build(one, other).institutions) == 2


def test_programs_elsewhere_belong_to_the_sponsor_at_home() -> None:
    built = build(
        ("University of Wyoming (Casper) Program", None, None, "Casper", "WY"),
        ("University of Wyoming (Cheyenne) Program", None, None, "Cheyenne", "WY"),
    )
    assert names(built) == ["University of Wyoming"]
    home = build(
        ("University of Florida Program", "119501", "University of Florida College of Medicine", "Gainesville", "FL"),
        (
            "University of Florida (Pensacola) Program",
            "119501",
            "University of Florida College of Medicine",
            "Pensacola",
            "FL",
        ),
        ("University of Florida (Orlando) Program", None, None, "Orlando", "FL"),
    )
    assert home.institutions["city"].tolist() == ["Gainesville"]


def test_a_renamed_sponsor_is_joined_by_a_row_of_the_curated_file() -> None:
    built = build(
        ("BronxCare Health System Program", "350352", "BronxCare Health System", "Bronx", "NY"),
        ("Bronx-Lebanon Hospital Center Program", None, None, "Bronx", "NY"),
    )
    assert names(built) == ["BronxCare Health System"]
    assert "Bronx-Lebanon Hospital Center" in built.institutions["aliases"].iloc[0]


def test_curated_sponsor_names_are_complete() -> None:
    table = sponsor_names()
    assert (table[["name", "state", "reason", "source", "date"]] != "").all(axis=None)
    assert ((table["sponsor_code"] != "") ^ (table["institution"] != "")).all()
    assert not table.duplicated(["name", "state"]).any()


def test_ids_stay_when_unrelated_programs_are_added_and_rows_are_shuffled() -> None:
    rows: list[Row] = [
        ("Danbury Hospital Program", "080363", "Danbury Hospital", "Danbury", "CT"),
        ("Norwalk Hospital Program", None, None, "Norwalk", "CT"),
        ("Mercy Medical Center (Merced) Program", None, None, "Merced", "CA"),
    ]
    before = build(*rows).institutions.set_index("name")["institution_id"]
    after = build(*reversed(rows), ("Zebra General Hospital Program", None, None, "Reno", "NV")).institutions
    assert after.set_index("name")["institution_id"].reindex(before.index).equals(before)


def test_the_table_fits_the_registry() -> None:
    built = build(("Danbury Hospital Program", "080363", "Danbury Hospital", "Danbury", "CT"))
    assert to_arrow(built.institutions, "institutions").num_rows == 1


def ipeds(*rows: tuple[str, str, str, str, str, bool]) -> pd.DataFrame:
    frame = empty_frame("ipeds_institutions").reindex(range(len(rows)))
    for column, place in (
        ("unitid", 0),
        ("name", 1),
        ("city", 2),
        ("state", 3),
        ("ein", 4),
        ("grants_medical_degree", 5),
    ):
        frame[column] = [row[place] for row in rows]
    frame["has_hospital"] = frame["grants_medical_degree"]
    return frame.assign(aliases=pd.Series([[] for _ in rows], dtype=object))


ALABAMA = ipeds(
    ("100751", "The University of Alabama", "Tuscaloosa", "AL", "636001138", False),
    ("100663", "University of Alabama at Birmingham", "Birmingham", "AL", "636005396", True),
)


@pytest.mark.parametrize(
    ("name", "city", "state", "unit"),
    [
        ("University of Alabama Hospital", "Birmingham", "AL", "100663"),  # the shorter name is another campus
        ("Alabama Heart Hospital", "Birmingham", "AL", None),
        ("University of Alabama at Birmingham", "Birmingham", "GA", None),  # another state
    ],
)
def test_the_school_of_a_sponsor_is_found_where_it_is_sure(name: str, city: str, state: str, unit: str | None) -> None:
    institutions = pd.DataFrame({"institution_id": ["i"], "name": [name], "city": [city], "state": [state]})
    found = anchors(institutions, Registers(ipeds=ALABAMA))["unitid"].iloc[0]
    assert (found if isinstance(found, str) else None) == unit


def test_the_ein_is_the_universitys_only_where_the_institution_is_the_university() -> None:
    schools = ipeds(("221999", "Vanderbilt University", "Nashville", "TN", "620476822", True))
    rows = {"institution_id": ["a", "b"], "name": ["Vanderbilt University School of Medicine", "Vanderbilt University Medical Center"],
            "city": ["Nashville"] * 2, "state": ["TN"] * 2}  # fmt: skip
    found = anchors(pd.DataFrame(rows), Registers(ipeds=schools)).set_index("institution_id")
    assert found["unitid"].tolist() == ["221999", "221999"]
    assert found.loc["a", "ein"] == "620476822"
    assert pd.isna(found.loc["b", "ein"])


def test_hospitals_are_found_by_name_and_city() -> None:
    cms = empty_frame("cms_hospitals").reindex(range(3))
    cms["facility_id"], cms["name"] = (
        ["000001", "000002", "000003"],
        ["MERCY HOSPITAL", "MERCY HOSPITAL", "DANBURY HOSPITAL"],
    )
    cms["city"], cms["state"] = ["ST LOUIS", "JOPLIN", "BETHEL"], ["MO", "MO", "CT"]
    institutions = pd.DataFrame({"institution_id": ["m", "d"], "name": ["Mercy Hospital (St Louis)", "Danbury Hospital"],
                                 "city": ["St Louis", "Danbury"], "state": ["MO", "CT"]})  # fmt: skip
    found = anchors(institutions, Registers(cms=cms)).set_index("institution_id")["facility_ids"]
    assert found["m"] == ["000001"]
    assert found["d"] == ["000003"]
