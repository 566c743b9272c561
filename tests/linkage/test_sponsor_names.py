"""Program and sponsor names taken apart."""

from __future__ import annotations

import pytest

from pipeline.linkage.sponsor_names import root_of, sponsor_key, take_apart, university_in


@pytest.mark.parametrize(
    ("name", "head", "campus", "partners"),
    [
        ("University of California (San Francisco)/Fresno Program", "University of California", "San Francisco", ("Fresno",)),
        ("Swedish Medical Center/First Hill Program/Downtown", "Swedish Medical Center", "", ("First Hill", "Downtown")),
        ("Bridgeport Hospital/Yale University Program", "Bridgeport Hospital", "", ("Yale University",)),
        ("NYU Grossman School of Medicine/Brooklyn Campus Program", "NYU Grossman School of Medicine", "Brooklyn Campus", ()),
        ("Texas A&M; College of Medicine-Scott and White Medical Center (Temple) Program", "Texas A&M College of Medicine",
         "Temple", ("Scott and White Medical Center",)),
        ("Yale-New Haven Medical Center Occupational Medicine Program", "Yale-New Haven Medical Center", "", ()),
        ("University of Arkansas for Medical Sciences (UAMS) College of Medicine Program",
         "University of Arkansas for Medical Sciences College of Medicine", "", ()),
        ("University at Buffalo Rural Program", "University at Buffalo", "", ()),
        ("Center for Family Medicine (Sioux Falls) Program", "Center for Family Medicine", "Sioux Falls", ()),
        ("Tulane University Public Health and General Preventive Medicine Program", "Tulane University", "", ()),
        ("HCA West Florida GME Consortium/Largo Medical Center Program", "HCA West Florida GME Consortium", "", ("Largo Medical Center",)),
        ("Centers for Disease Control and Prevention Public Health and General Preventive Medicine",
         "Centers for Disease Control and Prevention", "", ()),
    ],
)  # fmt: skip
def test_take_apart(name: str, head: str, campus: str, partners: tuple[str, ...]) -> None:
    parts = take_apart(name)
    assert (parts.head, parts.campus, parts.partners) == (head, campus, partners)


@pytest.mark.parametrize(
    ("form", "root", "campus"),
    [
        ("UNIVERSITY ILLINOIS COLLEGE MEDICINE PEORIA", "UNIVERSITY ILLINOIS", "PEORIA"),
        ("CREIGHTON UNIVERSITY SCHOOL MEDICINE", "CREIGHTON UNIVERSITY", ""),
        ("WRIGHT STATE UNIVERSITY BOONSHOFT SCHOOL MEDICINE", "WRIGHT STATE UNIVERSITY", ""),
        ("MEHARRY MEDICAL COLLEGE SCHOOL MEDICINE", "MEHARRY MEDICAL COLLEGE", ""),
        ("MEDICAL UNIVERSITY SOUTH CAROLINA COLLEGE MEDICINE", "MEDICAL UNIVERSITY SOUTH CAROLINA", ""),
        ("MOREHOUSE SCHOOL MEDICINE", "MOREHOUSE SCHOOL MEDICINE", ""),
        ("STAMFORD HOSPITAL", "STAMFORD HOSPITAL", ""),
    ],
)
def test_root_of(form: str, root: str, campus: str) -> None:
    assert root_of(form) == (root, campus)


@pytest.mark.parametrize(
    ("name", "university", "body"),
    [
        ("University of Utah Health", "UNIVERSITY UTAH", True),
        ("Howard University Hospital", "HOWARD UNIVERSITY", True),
        ("Sidney Kimmel Medical College at Thomas Jefferson University", "THOMAS JEFFERSON UNIVERSITY", False),
        ("Kirk Kerkorian School of Medicine at UNLV", "UNIVERSITY NEVADA LAS VEGAS", False),
        ("Strong Memorial Hospital of the University of Rochester", "UNIVERSITY ROCHESTER", True),
        ("University of Tennessee Graduate School of Medicine", "UNIVERSITY TENNESSEE", False),
        ("Campbell University", "CAMPBELL UNIVERSITY", False),
        ("Danbury Hospital", "", False),
        ("Abel University GME Consortium", "ABEL UNIVERSITY", False),
    ],
)
def test_university_in(name: str, university: str, body: bool) -> None:
    assert university_in(name) == (university, body)


def test_the_key_holds_the_campus() -> None:
    keys = {
        sponsor_key(take_apart(name))
        for name in (
            "University of California (Irvine) Program",
            "University of California Irvine School of Medicine Program",
        )
    }
    assert keys == {"UNIVERSITY CALIFORNIA IRVINE"}
