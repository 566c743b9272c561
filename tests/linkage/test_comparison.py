"""Levels: how a printed name compares with a name of an institution in its city and county."""

from __future__ import annotations

import pytest

from pipeline.linkage.comparison import compare


@pytest.mark.parametrize(
    ("mine", "theirs", "place", "county", "level"),
    [
        ("SWEDISH HEALTH SERVICE", "SWEDISH MEDICAL CENTER", "SEATTLE", "KING", ("system", False)),
        ("ALBERT EINSTEIN MEDICAL CENTER", "ALBERT EINSTEIN HEALTHCARE NETWORK", "", "", ("kin", False)),
        ("UNIVERSITY CONNECTICUT HEALTH CENTER", "UNIVERSITY CONNECTICUT SCHOOL MEDICINE", "", "", ("kin", False)),
        ("TEXAS AM HEALTH SCIENCE CENTER", "TEXAS AM HEALTH SCIENCE CENTER COLLEGE MEDICINE", "", "", ("kin", False)),
        ("METHODIST HOSPITAL RESEARCH INSTITUTE", "METHODIST HOSPITAL HOUSTON", "HOUSTON", "", ("typed", True)),
        ("HH MEDSTAR HEALTH", "MEDSTAR HEALTH", "", "", ("kin", False)),
        # A hospital and its system, named after the city; another word of sort tells two of them apart.
        ("CONWAY REGIONAL MEDICAL CENTER", "CONWAY REGIONAL HEALTH SYSTEM", "CONWAY", "", ("kin", False)),
        ("SANTA ROSA MEMORIAL HOSPITAL", "SANTA ROSA REGIONAL HEALTH SYSTEM", "SANTA ROSA", "", ("", False)),
        # Care at home is another body; the state behind the name says where, but for a university.
        ("MUNSON HOME CARE", "MUNSON MEDICAL CENTER", "TRAVERSE CITY", "", ("typed", True)),
        ("CENTERSTONE FLORIDA", "CENTERSTONE", "BRADENTON", "", ("of_state", False)),
        ("SANFORD CLINIC NORTH", "SANFORD CLINIC", "SIOUX FALL", "", ("longer", False)),
        ("SAINT THOMAS UNIVERSITY TEXAS", "SAINT THOMAS UNIVERSITY", "HOUSTON", "", ("longer", False)),
        # No more than the county in common.
        ("KERN HEALTH SYSTEM", "KERN MEDICAL CENTER", "BAKERSFIELD", "KERN", ("typed", True)),
        ("ORANGE MEDICAL CARE", "ORANGE REGIONAL MEDICAL CENTER", "MIDDLETOWN", "ORANGE", ("similar", False)),
        # The county in front of the hospital's name says where.
        ("COUNTY MONTEREY NATIVIDAD MEDICAL CENTER", "NATIVIDAD MEDICAL CENTER", "SALINA", "MONTEREY", ("kin", False)),
        # A university of a place shares the place with all there.
        ("MIAMI SPECIALIST", "UNIVERSITY MIAMI", "ATLANTI", "PALM BEACH", ("similar", False)),
        ("KANSAS MEDICAL CENTER", "KANSAS UNIVERSITY MEDICAL CENTER", "WICHITA", "SEDGWICK", ("similar", False)),
        (
            "SANTA CLARA COUNTY OFFICE EDUCATION",
            "SANTA CLARA VALLEY MEDICAL CENTER",
            "SAN JOSE",
            "SANTA CLARA",
            ("", False),
        ),
        ("PITT COUNTY SCHOOL", "PITT COUNTY MEMORIAL HOSPITAL", "GREENVILLE", "PITT", ("", False)),
    ],
)
def test_level(mine: str, theirs: str, place: str, county: str, level: tuple[str, bool]) -> None:
    how, apart, _ = compare(mine, theirs, frozenset(place.split()), frozenset(county.split()))
    assert (how, apart) == level
