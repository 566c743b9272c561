"""Links of employers of labor condition applications to petitioners and institutions."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.linkage.judgements import ALIAS_COLUMNS
from pipeline.linkage.links.employers import COLUMNS, link_employers

INSTITUTIONS = pd.DataFrame(
    [
        ("inst_north", "380001", "Northfield General Hospital", "Northfield", "OH", []),
        ("inst_lake", None, "Lakeside University School of Medicine", "Dayton", "OH", ["Lakeside University"]),
        ("inst_amber", None, "Plainview Clinic (Amber)", "Amber", "KS", []),
        ("inst_birch", None, "Plainview Clinic (Birch)", "Birch", "KS", []),
        ("inst_stem", None, "Bluestem Medical Center", "Amber", "KS", []),
        ("inst_mary", None, "St Mary Medical Center", "Amber", "KS", []),
    ],
    columns=["institution_id", "sponsor_code", "name", "city", "state", "aliases"],
)
for _column in ("other_sponsor_codes", "sponsor_names", "places"):
    INSTITUTIONS[_column] = [[] for _ in range(len(INSTITUTIONS))]
LINKS = pd.DataFrame(
    [
        ("NORTHFIELD GEN HOSP INC", "1111", "OH", "NORTHFIELD", "pet_north", "inst_north", "same", "accepted"),
        ("NORTHFIELD PHYSICIANS", "2222", "OH", "NORTHFIELD", "pet_doctors", "inst_north", "affiliate", "accepted"),
        ("PLAINVIEW CLINIC", "3333", "KS", "AMBER", "pet_plain", "inst_amber", "same", "accepted"),
        ("PLAINVIEW CLINIC", "3333", "KS", "BIRCH", "pet_plain", "inst_birch", "same", "accepted"),
        ("GREATER LAKESIDE TEACHING HOSPITAL", "4444", "OH", "DAYTON", "pet_cut", "inst_lake", "affiliate", "accepted"),
        ("MERIDIAN HEALTH PARTNERS", "5555", "OH", "DAYTON", "pet_open", "inst_lake", "same", "review"),
        ("WESTBROOK CLINIC", "6666", "OH", "DAYTON", "pet_west", "inst_lake", "same", "accepted"),
        ("TWIN OAKS HOSPITAL", "8888", "OH", "DAYTON", "pet_twin", "inst_lake", "same", "accepted"),
    ],
    columns=["employer", "tax_id_last4", "state", "city", "petitioner_id", "institution_id", "relation", "decision"],
)
PETITIONERS = pd.DataFrame(
    [
        ("pet_north", "1111", "OH", ["NORTHFIELD GEN HOSP INC", "NORTHFIELD GENERAL HOSPITAL"], 90),
        ("pet_doctors", "2222", "OH", ["NORTHFIELD PHYSICIANS"], 5),
        ("pet_plain", "3333", "KS", ["PLAINVIEW CLINIC"], 40),
        ("pet_cut", "4444", "OH", ["GREATER LAKESIDE TEACHING HOSPITAL"], 4),
        ("pet_open", "5555", "OH", ["MERIDIAN HEALTH PARTNERS"], 4),
        ("pet_west", "6666", "OH", ["WESTBROOK CLINIC"], 4),
        ("pet_other_west", "7777", "OH", ["WESTBROOK CLINIC"], 60),
        ("pet_twin", "8888", "OH", ["TWIN OAKS HOSPITAL"], 9),
        ("pet_other_twin", "9999", "IN", ["TWIN OAKS HOSPITAL"], 9),
    ],
    columns=["petitioner_id", "tax_id_last4", "state", "spellings", "initial_approvals"],
).assign(continuing_approvals=0)


LAKE = "Lakeside University School of Medicine"
ALIASES = pd.DataFrame(
    [("", LAKE, "OH", "Dayton Teaching Associates Hospital", "", "", "affiliate", "", "", "")],
    columns=list(ALIAS_COLUMNS),
)


def linked(
    name: str,
    city: str | None,
    state: str | None,
    *,
    dba: str | None = None,
    home: str | None = None,
    ein: str | None = None,
) -> list[tuple[str | None, str | None, str | None]]:
    """petitioner_id, institution_id, relation of each row."""
    cells = {
        "employer_name": name, "trade_name_dba": dba, "employer_state": home, "employer_fein": ein,
        "worksite_state": state, "worksite_city": city,
    }  # fmt: skip
    table = link_employers(pd.DataFrame([cells]).astype("str"), LINKS, PETITIONERS, INSTITUTIONS, ALIASES)
    assert list(table.columns) == COLUMNS
    assert (table["employer_name"] == name).all()
    rows = table[["petitioner_id", "institution_id", "relation"]].astype("object")
    return list(rows.where(rows.notna(), None).itertuples(index=False, name=None))


NORTH = ("pet_north", "inst_north", "same")


@pytest.mark.parametrize(
    ("name", "city", "state", "expected"),
    [
        ("Northfield General Hospital, Inc.", "Northfield", "OH", NORTH),
        ("NORTHFIELD GENERAL HOSPITAL", "Elsewhere", "OH", NORTH),
        ("Northfield Physicians", "Northfield", "OH", ("pet_doctors", "inst_north", "affiliate")),
        ("Lakeside University", "Dayton", "OH", (None, "inst_lake", "same")),
        ("Dayton Teaching Associates Hospital", "Dayton", "OH", (None, "inst_lake", "affiliate")),
        ("Greater Lakeside Teaching Hospitals of Dayton", "Dayton", "OH", ("pet_cut", "inst_lake", "affiliate")),
        ("Bluestem Medical Center", "Amber", "KS", (None, "inst_stem", "same")),
        ("Northfield General Hospital", "Gary", "IN", ("pet_north", "inst_north", "same")),
    ],
)
def test_linked_by_name(name: str, city: str, state: str, expected: tuple[str | None, ...]):
    assert linked(name, city, state) == [expected]


def test_worksite_decides_between_institutions_of_one_petitioner():
    assert linked("Plainview Clinic", "Birch", "KS") == [("pet_plain", "inst_birch", "same")]
    assert linked("Plainview Clinic", "Cedar", "KS") == [
        ("pet_plain", "inst_amber", "same"),
        ("pet_plain", "inst_birch", "same"),
    ]


@pytest.mark.parametrize(
    ("dba", "institutions"),
    [
        ("Plainview Clinic Birch", ["inst_birch"]),
        ("Plainview Clinics/Birch", ["inst_birch"]),
        ("Plainview Clinic", ["inst_amber", "inst_birch"]),
        ("Plainview Clinic, Amber and Birch", ["inst_amber", "inst_birch"]),
        (None, ["inst_amber", "inst_birch"]),
    ],
)
def test_trade_name_says_which_institution_of_one_employer(dba: str | None, institutions: list[str]) -> None:
    found = linked("Plainview Clinic", "Topeka", "KS", dba=dba)
    assert [institution for _, institution, _ in found] == institutions


@pytest.mark.parametrize(
    "dba", ["Northfield General Hospital", "d/b/a Northfield General Hospital", "f/k/a Northfield Gen Hosp"]
)
def test_trade_name_counts_where_the_legal_name_is_unknown(dba: str):
    assert linked("NGH Holdings LLC", "Northfield", "OH", dba=dba)[0][1:] == ("inst_north", "same")
    assert linked("Northfield Physicians", "Northfield", "OH", dba=dba)[0][2] == "affiliate"


@pytest.mark.parametrize(
    ("name", "city", "state", "home"),
    [
        ("Some Software Inc", "Dayton", "OH", None),
        ("St Mary Medical Center", "Topeka", "KS", None),  # a name that many bear, not in its city
        ("Bluestem Medical Center", "Topeka", "KS", None),  # one telling word, far from the institution of that name
        ("Northfield Physicians", "Gary", "IN", None),  # an affiliate's name in another state
        ("Northfield General Hospital", "Gary", "IN", "IN"),  # the employer's own state is another
        ("NGH Holdings, part of Northfield General Hospital", "Northfield", "OH", None),  # an owner is not the employer
        ("Hospital", "Northfield", "OH", None),
    ],
)
def test_never_a_guess(name: str, city: str, state: str, home: str | None):
    assert linked(name, city, state, home=home) == []


def test_same_name_in_the_worksites_state_is_another_body():
    assert linked("Twin Oaks Hospital", "Gary", "IN") == [("pet_other_twin", None, None)]


def test_petitioner_under_review_has_no_institution():
    assert linked("Meridian Health Partners", "Dayton", "OH") == [("pet_open", None, None)]


def test_name_that_others_bear_more_counts_near_the_institution_only():
    assert linked("Westbrook Clinic", "Dayton", "OH") == [("pet_other_west", "inst_lake", "same")]
    assert linked("Westbrook Clinic", "Toledo", "OH") == [("pet_other_west", None, None)]


def test_ein_tells_petitioners_of_one_name_apart():
    assert linked("Westbrook Clinic", "Dayton", "OH", ein="31-0006666")[0][0] == "pet_west"
    assert linked("Westbrook Clinic", "Toledo", "OH", ein="310007777") == [("pet_other_west", None, None)]


def test_repeated_filings_and_order_do_not_matter():
    rows = [
        ("Northfield General Hospital", "OH", "Northfield"),
        ("Plainview Clinic", "KS", "Amber"),
        (None, "KS", "Amber"),
    ]
    lca = pd.DataFrame(rows * 2, columns=["employer_name", "worksite_state", "worksite_city"]).astype("str")
    there = link_employers(lca, LINKS, PETITIONERS, INSTITUTIONS, ALIASES)
    back = link_employers(lca[::-1], LINKS[::-1], PETITIONERS[::-1], INSTITUTIONS[::-1], ALIASES)
    pd.testing.assert_frame_equal(there, back)
    assert len(there) == 2
    empty = link_employers(lca[:0], LINKS, PETITIONERS, INSTITUTIONS, ALIASES)
    assert list(empty.columns) == COLUMNS
    assert empty.empty
