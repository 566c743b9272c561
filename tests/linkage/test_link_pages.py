"""Links of saved pages to institutions and programs."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.linkage.links.page_institutions import named_institutions
from pipeline.linkage.links.pages import COLUMNS, link_pages

INSTITUTIONS = pd.DataFrame(
    [
        ("inst_north", "Northfield General Hospital", "Northfield", "OH", ["Northfield General Hospital/Lakeside College"]),
        ("inst_lake", "Lakeside University School of Medicine", "Northfield", "OH", ["Lakeside University", "LSU North"]),
        ("inst_west", "Western Plains University (Amber)", "Amber", "KS", ["Western Plains University"]),
        ("inst_east", "Western Plains University (Birch)", "Birch", "KS", ["Western Plains University"]),
        ("inst_bay", "University of California-San Clement", "San Clement", "CA", []),
        ("inst_mary", "St Mary Medical Center", "Amber", "KS", []),
        ("inst_child", "Amber Children's Hospital", "Amber", "KS", []),
    ],
    columns=["institution_id", "name", "city", "state", "aliases"],
)  # fmt: skip
PROGRAMS = pd.DataFrame(
    [
        ("1400000001", "Internal Medicine", "inst_north", "Northfield", "OH"),
        ("7650000001", "Pediatrics/Medical Genetics", "inst_north", "Northfield", "OH"),
        ("4400000001", "General Surgery", "inst_north", "Northfield", "OH"),
        ("4200000001", "Diagnostic Radiology", "inst_lake", "Northfield", "OH"),
        ("1200000001", "Family Medicine", "inst_lake", "Northfield", "OH"),
        ("1200000002", "Family Medicine", "inst_lake", "Elmwood", "OH"),
        ("1300000001", "Medical Genetics and Genomics", "inst_lake", "Northfield", "OH"),
        ("1400000002", "Internal Medicine", "inst_west", "Amber", "KS"),
        ("1400000003", "Internal Medicine", "inst_east", "Birch", "KS"),
        ("3200000001", "Pediatrics", "inst_child", "Amber", "KS"),
    ],
    columns=["program_code", "specialty", "institution_id", "city", "state"],
)
ABOUT = ["institution", "program", "specialty", "city", "state", "program_code"]
NORTH, LAKE = ("Northfield", "OH"), "Lakeside University School of Medicine"


def linked(*about: str | None) -> tuple[str | None, str | None, str | None]:
    row = dict(zip(ABOUT, [*about, *[None] * (len(ABOUT) - len(about))], strict=True))
    pages = pd.DataFrame([{"snapshot_id": "page_1", **row}]).astype("str")
    answer = link_pages(pages, named_institutions(INSTITUTIONS, PROGRAMS))
    assert list(answer.columns) == COLUMNS
    assert len(answer) == 1
    cells = answer.iloc[0]
    return tuple(None if pd.isna(cells[name]) else cells[name] for name in ("institution_id", "program_code", "scope"))  # pyright: ignore[reportReturnType]


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        (("Northfield General Hospital", "Internal medicine residency", "Internal medicine", *NORTH),
         ("inst_north", "1400000001", None)),
        (("Northfield General Hospital", "Surgery residency", "Surgery", *NORTH), ("inst_north", "4400000001", None)),
        (("Lakeside University", "Residency", "Radiology-diagnostic", *NORTH), ("inst_lake", "4200000001", None)),
        (("LSU North", "Diagnostic radiology residency", None, *NORTH), ("inst_lake", "4200000001", None)),
        (("Lakeside University Health", "Diagnostic radiology residency", None, *NORTH),
         ("inst_lake", "4200000001", None)),
        (("Department of Radiology, Lakeside University", "Diagnostic radiology residency", None, *NORTH),
         ("inst_lake", "4200000001", None)),
        (("The Hospital (Lakeside University School of Medicine)", "Diagnostic radiology residency", None, *NORTH),
         ("inst_lake", "4200000001", None)),
    ],
)  # fmt: skip
def test_program_is_found_by_institution_and_specialty(about: tuple[str, ...], expected: tuple[str | None, ...]):
    assert linked(*about) == expected


def test_short_name_of_the_university_of_california():
    assert linked("UC San Clement Health", "GME office", None, "San Clement", "CA")[0] == "inst_bay"
    assert linked("UC San Clement", "GME office", None, "San Clement", "OH")[0] is None


def test_given_program_code_decides():
    assert linked(None, None, None, None, None, "1400000003") == ("inst_east", "1400000003", "program")


def test_unlisted_program_code_is_no_institutions_policy():
    about = ("Northfield General Hospital", "GME office", None, *NORTH, "9990000000")
    assert linked(*about) == ("inst_north", None, "program")


@pytest.mark.parametrize(
    ("program", "specialty"),
    [
        ("Rheumatology fellowship", "Rheumatology"),
        ("Breast imaging fellowship", "Radiology-diagnostic"),
        ("Diagnostic radiology fellowship", "Radiology-diagnostic"),
        ("Pediatric surgery fellowship", "Surgery"),
        ("Surgery research program (non-ACGME)", "Surgery"),
        ("Aerial medicine residency", None),
    ],
)
def test_unlisted_program_is_held_apart_from_its_siblings(program: str, specialty: str | None):
    for institution in ("Northfield General Hospital", LAKE):
        _, code, scope = linked(institution, program, specialty, *NORTH)
        assert (code, scope) == (None, "program")


@pytest.mark.parametrize(
    ("program", "specialty"),
    [
        (None, None),
        ("GME office", None),
        ("Office of International Affairs (residency and fellowships)", None),
        ("Immigration office (residents and fellows)", None),
        ("GME visa policy (radiology page)", "Radiology-diagnostic"),
        ("Residency programs (how to apply)", None),
    ],
)
def test_offices_speak_for_the_institution(program: str | None, specialty: str | None):
    assert linked(LAKE, program, specialty, *NORTH) == ("inst_lake", None, "institution")


def test_remark_on_where_the_page_stands_leaves_scope_open():
    about = (LAKE, "International applicants (radiology page)", "Radiology-diagnostic", *NORTH)
    assert linked(*about) == ("inst_lake", None, None)


@pytest.mark.parametrize(
    ("institution", "program", "expected"),
    [
        (
            LAKE,
            "Medical genetics residency and combined pediatrics/medical genetics",
            ("inst_lake", "1300000001", None),
        ),
        (LAKE, "Combined pediatrics/medical genetics residency", ("inst_lake", None, "program")),
        (
            "Northfield General Hospital",
            "Combined pediatrics/medical genetics residency",
            ("inst_north", "7650000001", None),
        ),
    ],
)
def test_combined_program_is_one_of_its_own(institution: str, program: str, expected: tuple[str | None, ...]):
    assert linked(institution, program, "Medical genetics and genomics", *NORTH) == expected


@pytest.mark.parametrize(
    ("city", "expected"),
    [
        ("Amber", ("inst_west", "1400000002", None)),
        ("birch", ("inst_east", "1400000003", None)),
        ("Cedar", (None, None, "program")),
        (None, (None, None, "program")),
    ],
)
def test_city_decides_between_campuses(city: str | None, expected: tuple[str | None, ...]):
    about = ("Western Plains University", "Internal medicine residency", "Internal medicine", city, "KS")
    assert linked(*about) == expected


def test_city_decides_between_programs_of_one_specialty():
    about = (LAKE, "Family medicine residency", "Family medicine")
    assert linked(*about, *NORTH) == ("inst_lake", "1200000001", None)
    assert linked(*about, "Elmwood", "OH") == ("inst_lake", "1200000002", None)
    assert linked(*about, None, "OH") == ("inst_lake", None, "program")


def test_two_institutions_in_one_name_are_told_apart_by_the_program_only():
    both = f"Northfield General Hospital / {LAKE}"
    assert linked(both, "Family medicine residency", "Family medicine", *NORTH) == ("inst_lake", "1200000001", None)
    assert linked(both, "Rheumatology fellowship", "Rheumatology", *NORTH) == (None, None, "program")
    assert linked(both, "GME office", None, *NORTH) == (None, None, "institution")


@pytest.mark.parametrize(
    ("institution", "city", "state"),
    [
        ("Northfield General Hospital", "Northfield", "MN"),  # another state
        ("St Mary Medical Center", None, "KS"),  # a name that many bear, without a city
        ("Amber Children's Hospital Physicians", "Amber", "KS"),  # a practice is another body
        ("Amber Hospital", "Amber", "KS"),  # not the children's
        ("Unknown Hospital (Northfield General Hospital)", "Northfield", "OH"),  # an owner in parentheses
        ("Unknown Hospital / Lakeside University", "Northfield", "OH"),  # a partner is not the institution
        ("", "Northfield", "OH"),
    ],
)
def test_never_a_guess(institution: str, city: str | None, state: str):
    assert linked(institution, "GME office", None, city, state) == (None, None, "institution")


def test_order_of_the_lists_does_not_matter_and_every_page_has_a_row():
    rows = [("Lakeside University", None, None, *NORTH, None), ("Nowhere", None, None, None, None, None)]
    pages = pd.DataFrame(rows, columns=ABOUT).assign(snapshot_id=["b", "a"]).astype("str")
    there = link_pages(pages, named_institutions(INSTITUTIONS, PROGRAMS))
    back = link_pages(pages, named_institutions(INSTITUTIONS[::-1], PROGRAMS[::-1]))
    pd.testing.assert_frame_equal(there, back)
    assert list(there["snapshot_id"]) == ["b", "a"]
    empty = link_pages(pages[:0], named_institutions(INSTITUTIONS, PROGRAMS))
    assert list(empty.columns) == COLUMNS
    assert empty.empty


def test_the_department_whose_page_it_is_is_named_and_none_for_an_office() -> None:
    rows = [
        ("Institution rule (radiology page)", "Diagnostic Radiology"),
        ("GME office", None),
        ("All residencies (IMG page)", "Family Medicine"),
    ]
    about = [dict(zip(ABOUT, [LAKE, program, specialty, *NORTH, None], strict=True)) for program, specialty in rows]
    found = link_pages(
        pd.DataFrame(about).assign(snapshot_id="a").astype("str"), named_institutions(INSTITUTIONS, PROGRAMS)
    )
    assert [None if pd.isna(one) else one for one in found["department"]] == ["Radiology-Diagnostic", None, None]
