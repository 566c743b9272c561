"""Institutions are what the lists say they are: one for each stated sponsor, under all its names, with the reason."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline.linkage.anchors import Registers
from pipeline.schemas.frames import empty_frame, to_arrow
from tests.linkage.program_lists import build, ids_by_name, ids_by_program, invented_list, program_list, read_list

CASES = Path(__file__).parents[1] / "gold" / "lists"
NATIONAL = Path(__file__).parents[3] / "shared" / "raw" / "acgme" / "acgme_programs.csv"
needs_national = pytest.mark.skipif(not NATIONAL.exists(), reason="needs ../shared/raw/acgme")
Row = tuple[str, str, str | None, str | None, str, str]


def names(*lists: pd.DataFrame) -> list[str]:
    return sorted(build(*lists).institutions["name"])


def test_the_stated_sponsor_decides_and_not_the_programs_name() -> None:
    built = build(
        program_list(
            2025,
            ("1400000001", "North Campus (Reno) Program", None, "Sponsor of Fargo Health", "Reno", "NV"),
            ("2200000001", "South Hospital/Partner Program", None, "Sponsor of Fargo Health", "Elko", "NV"),
            ("3200000001", "North Campus Program", None, "Another Sponsor Hospital", "Reno", "NV"),
        )
    )
    assert ids_by_name(built).keys() == {"Sponsor of Fargo Health", "Another Sponsor Hospital"}
    one = built.institutions.set_index("name").loc["Sponsor of Fargo Health"]
    assert (one["programs"], one["derivation"], one["places"]) == (2, "sponsor_name", ["Elko, NV", "Reno, NV"])


@pytest.mark.parametrize(
    ("one", "other", "institutions"),
    [
        # a hospital's name in two states is two hospitals, in one metropolitan area it is one
        (("St Luke's Hospital", "St. Louis", "MO"), ("St Luke's Hospital", "Bethlehem", "PA"), 2),
        (("Grandview Medical Center", "Dayton", "OH"), ("Grandview Medical Center", "Birmingham", "AL"), 2),
        (("St Anne's Hospital", "Phillipsburg", "NJ"), ("St Anne's Hospital", "Bethlehem", "PA"), 1),
        # a school or a consortium is one wherever its programs are
        (("Campbell University", "Dunn", "NC"), ("Campbell University", "Conway", "SC"), 1),
        (("Still OPTI", "Kirksville", "MO"), ("Still OPTI", "Colorado Springs", "CO"), 1),
        # a stated name in two cities of a state is one sponsor with sites
        (("St Peter Hospital", "Olympia", "WA"), ("St Peter Hospital", "Elma", "WA"), 1),
        # real campuses have sponsors of their own
        (
            ("University of Illinois College of Medicine at Peoria", "Peoria", "IL"),
            ("University of Illinois College of Medicine at Rockford", "Rockford", "IL"),
            2,
        ),
        (("HCA Healthcare/Mercer University", "Macon", "GA"), ("HCA Healthcare/Brandon Hospital", "Macon", "GA"), 2),
        # the same body, spelled otherwise
        (("St. John''s Hospital", "Reno", "NV"), ("St Johns Hospital", "Reno", "NV"), 1),
        (("University of Fargo", "Fargo", "ND"), ("University of Fargo College of Medicine", "Fargo", "ND"), 1),
        (("Mercy Health-St Rita's Medical Center", "Lima", "OH"), ("St. Rita's Medical Center", "Lima", "OH"), 1),
        (("Mercy Health-St Rita's Medical Center", "Lima", "OH"), ("St. Rita's Medical Center", "Toledo", "OH"), 2),
        # the school of a clinic is one sponsor in all its cities
        (("Lakes Clinic College of Medicine and Science", "Reno", "NV"), ("Lakes Clinic College of Medicine and Science", "Fargo", "ND"), 1),
        # one name in one city but for the word of what it is
        (("Norwood Hospital", "Norwood Falls", "CT"), ("Norwood Medical Center", "Norwood Falls", "CT"), 1),
        (("McAbel Regional Medical Center", "Florence", "SC"), ("McAbel Reg. Health", "Florence", "SC"), 1),
        (("Norwood Hospital", "Norwood Falls", "CT"), ("Norwood Medical Center", "Hartford", "CT"), 2),
        (("Reno Hospital", "Reno", "NV"), ("Reno Medical Center", "Reno", "NV"), 2),
        (("University Hospital", "Reno", "NV"), ("University Medical Center", "Reno", "NV"), 2),
        (("Norwood University", "Reno", "NV"), ("Norwood Hospital", "Reno", "NV"), 2),
        (("Norwood Health/Brandon Hospital", "Reno", "NV"), ("Norwood Hospital", "Reno", "NV"), 2),
        (("Norwood Children's Hospital", "Reno", "NV"), ("Norwood Hospital", "Reno", "NV"), 2),
    ],
)  # fmt: skip
def test_two_stated_sponsors(one: tuple[str, str, str], other: tuple[str, str, str], institutions: int) -> None:
    rows: list[Row] = [
        (f"14000000{place:02d}", f"Program {place} Hospital", None, name, city, state)
        for place, (name, city, state) in enumerate((one, other))
    ]
    assert len(build(program_list(2025, *rows)).institutions) == institutions


def test_a_code_without_a_name_is_a_sponsor() -> None:
    built = build(program_list(2025, ("1400000001", "Lakeside Program", "999001", None, "Reno", "NV")))
    assert built.institutions[["name", "sponsor_code"]].to_numpy().tolist() == [["Lakeside", "999001"]]


def test_two_codes_are_two_sponsors_whatever_their_names() -> None:
    rows: list[Row] = [
        ("1400000001", "University of Fargo Program", "999001", "University of Fargo", "Fargo", "ND"),
        ("2200000001", "University of Fargo Program", "999002", "University of Fargo", "Minot", "ND"),
    ]
    assert len(build(program_list(2025, *rows)).institutions) == 2


OLD: list[Row] = [
    (f"{code}0000001", "Lakeside Program", None, "Lakeside Health", "Reno", "NV") for code in ("140", "220", "320")
]


def renamed(rows: list[Row], name: str) -> list[Row]:
    return [(code, program, sponsor, name, city, state) for code, program, sponsor, _, city, state in rows]


def test_a_renamed_sponsor_is_one_institution_and_says_why() -> None:
    built = build(program_list(2020, *OLD), program_list(2025, *renamed(OLD[:2], "Summit Care Partners")))
    row = built.institutions.iloc[0]
    assert (len(built.institutions), row["name"]) == (1, "Summit Care Partners")
    assert row["sponsor_names"] == ["Lakeside Health", "Summit Care Partners"]
    assert row["identity_reasons"] == [
        "2 programs are under Lakeside Health in the list of 2020 and under Summit Care Partners in that of 2025"
    ]


@pytest.mark.parametrize(
    ("newer", "why"),
    [
        (renamed(OLD[:1], "Summit Care Partners"), "one program of three may have been handed over"),
        ([*renamed(OLD[:2], "Summit Care Partners"), OLD[2]], "the sponsor is still in the newer list"),
        ([*renamed(OLD[:1], "One Care"), *renamed(OLD[1:], "Other Care")][:2], "its programs went to two sponsors"),
    ],
)
def test_a_sponsor_that_lost_programs_was_not_renamed(newer: list[Row], why: str) -> None:
    built = build(program_list(2020, *OLD), program_list(2025, *newer))
    assert "Lakeside Health" in ids_by_name(built), why
    assert len(built.institutions) > 1


def test_programs_taken_over_by_a_sponsor_known_before_are_its_own_now() -> None:
    summit: Row = ("4400000001", "Summit Program", None, "Summit Care Partners", "Reno", "NV")
    built = build(program_list(2020, *OLD, summit), program_list(2025, *renamed(OLD[:2], "Summit Care Partners")))
    by_name = built.institutions.set_index("name")["programs"]
    assert by_name.to_dict() == {"Lakeside Health": 1, "Summit Care Partners": 3}


def test_code_and_name_of_a_program_come_from_one_list() -> None:
    old: Row = ("1400000001", "Lakeside Program", "999001", "Lakeside Health", "Reno", "NV")
    stays: Row = ("2200000001", "Lakeside Program", "999001", "Lakeside Health", "Reno", "NV")
    moved = renamed([(*old[:2], None, *old[3:])], "Summit Care Partners")
    built = build(program_list(2020, old, stays), program_list(2025, *moved, stays))
    programs = built.programs.set_index("program_code")
    assert programs.loc["1400000001", "sponsor_name"] == "Summit Care Partners"
    assert pd.isna(programs.loc["1400000001", "sponsor_code"])
    assert len(built.institutions) == 2


def test_names_of_one_body_in_a_register_are_one_institution() -> None:
    ror = empty_frame("ror_organizations").reindex(range(1))
    ror["ror_id"], ror["name"], ror["state"], ror["city"] = "https://ror.org/1", "Summit Care Partners", "NV", "Reno"
    ror["aliases"] = pd.Series([["Lakeside Health"]], dtype=object)
    rows = [*OLD[:1], *renamed(OLD[1:], "Summit Care Partners")]
    built = build(program_list(2025, *rows), registers=Registers(ror=ror))
    assert built.institutions["identity_reasons"].tolist() == [
        ["names of one body in a register: ROR https://ror.org/1"]
    ]


def test_a_common_name_joins_a_stated_sponsor_in_its_own_place_only() -> None:
    stated: Row = ("1400000001", "St Mary's Hospital Program", None, "St Mary's Hospital", "Waterbury", "CT")
    near: Row = ("2200000001", "St Mary's Hospital Program", None, None, "Waterbury", "CT")
    far: Row = ("3200000001", "St Mary's Hospital Program", None, None, "Danbury", "CT")
    ids = ids_by_program(build(program_list(2025, stated, near, far)))
    assert ids["1400000001"] == ids["2200000001"] != ids["3200000001"]


def test_the_old_names_of_one_sponsor_are_one_institution_without_its_code() -> None:
    built = build(read_list(CASES / "one_sponsor_two_names.csv"))
    assert built.institutions["sponsor_code"].tolist() == ["049501"]
    assert built.institutions["sponsor_names"].tolist() == [
        ["UAMS Regional Centers", "University of Arkansas College of Medicine"]
    ]


def test_a_program_named_with_and_without_its_owners_brand_is_one_hospital() -> None:
    new: Row = ("1403800544", "Mercy Health-St Rita's Medical Center Program", None, None, "Lima", "OH")
    old: Row = ("1203800710", "St. Rita's Medical Center Program", None, None, "Lima", "OH")
    built = build(program_list(2020, old), program_list(2025, new))
    assert built.institutions["programs"].tolist() == [2]
    assert built.institutions["identity_reasons"].tolist() == [
        ["one name but for the brand of its owner, both in Lima"]
    ]


def test_programs_of_one_name_and_city_have_one_sponsor_unless_its_codes_say_otherwise() -> None:
    one: Row = ("1400000001", "Lakeside Hospital Program", None, "Lakeside Health", "Reno", "NV")
    two: Row = ("2200000001", "Lakeside Hospital Program", "999001", "Summit Care Partners", "Reno", "NV")
    three: Row = ("3200000001", "Lakeside Hospital Program", "999002", "Other Care", "Reno", "NV")
    built = build(program_list(2025, one, two))
    assert built.institutions["identity_reasons"].tolist() == [
        ["programs of one name in Reno are listed under Lakeside Health and Summit Care Partners"]
    ]
    assert len(build(program_list(2025, two, three)).institutions) == 2
    still: Row = ("4400000001", "Lakeside Clinic Program", None, "Lakeside Health", "Elko", "NV")
    assert len(build(program_list(2020, one), program_list(2025, two)).institutions) == 1
    assert len(build(program_list(2020, one), program_list(2025, two, still)).institutions) == 2


@pytest.mark.parametrize(("sponsors", "programs"), [(150, 688), (400, 1000)])
def test_a_list_of_sponsors_that_nobody_knows(sponsors: int, programs: int) -> None:
    built = build(invented_list(sponsors, programs))
    assert len(built.institutions) == sponsors
    assert to_arrow(built.institutions, "institutions").num_rows == sponsors
    assert built.programs["institution_id"].notna().all()


def test_the_order_of_rows_and_the_spelling_of_duplicates_change_nothing() -> None:
    plain = invented_list(40, 200)
    told = build(plain)
    shuffled = build(plain.sample(frac=1, random_state=7))
    pd.testing.assert_frame_equal(told.institutions, shuffled.institutions)
    again = plain.assign(program_code="9" + plain["program_code"].str[1:])
    again["sponsor_name"] = again["sponsor_name"].str.replace("Medical Center", "Med. Ctr.").str.upper()
    both = build(plain, again.assign(specialty_code="999"))
    assert set(both.institutions["institution_id"]) == set(told.institutions["institution_id"])


@needs_national
def test_each_sponsor_of_the_national_list_is_one_institution() -> None:
    programs = read_list(NATIONAL)
    built = build(programs)
    owner = programs["program_code"].map(ids_by_program(built))
    apart = owner.groupby(programs["sponsor_name"]).nunique()
    # Hospitals of one name: in Kentucky and New York, Missouri and Pennsylvania, California and Colorado, Nevada and Virginia.
    assert apart[apart > 1].index.tolist() == [
        "St Elizabeth Medical Center",
        "St Luke's Hospital",
        "St Mary's Hospital and Medical Center",
        "Valley Health System",
    ]


@needs_national
def test_the_national_list_without_its_rows_with_codes_has_the_same_institutions() -> None:
    programs = read_list(NATIONAL)
    whole, part = ids_by_program(build(programs)), ids_by_program(build(programs[programs["sponsor_code"].isna()]))
    others = {identity for code, identity in part.items() if whole[code] != identity}
    assert len(others) <= 4
    assert len(set(part.values())) > 700
