"""Words in common under one tax id: which tell that it is one petitioner."""

from __future__ import annotations

import pytest

from pipeline.linkage.model import DESCRIBES, DESCRIBES_AFAR
from tests.linkage.grouped import Filed, are_one

FIRST = [f"{one}{two}RBO" for one in "BCDFGHJKLM" for two in "AEI"]


def firms(word: str) -> tuple[Filed, ...]:
    """Firms of many names that end with a word, two under a tax id: those of one are counted."""
    names = [f"{first} {word} INC" for first in FIRST[: DESCRIBES + 2]]
    return tuple((name, f"{5000 + place // 2}", "RENO", 1) for place, name in enumerate(names))


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        ("VEGA OIL GAS", "OPTIMIZED GAS TREATING", False),
        ("PLOVER GAS SUPPLIES", "PLOVERS GAS SUPPLY", True),
        ("GAS PRODUCTS SVC", "GAS PROD SERVICES", True),  # the first word of both
        ("ACME GAS PIPES", "TREATING OF GAS PIPES", True),  # with the word beside it
        ("ACME GAS PIPES", "ACME TREATED GAS", True),  # another word in common
    ],
)
def test_a_word_behind_many_names_counts_with_another_only(one: str, other: str, joined: bool) -> None:
    assert are_one((one, "1234", "RENO", 1), (other, "1234", "RENO", 1), *firms("GAS")) is joined


def test_a_word_that_some_bear_tells_within_one_city_only() -> None:
    """Kleiner Perkins and Perkins&Will have four digits of their tax ids in common by chance."""
    firm, other = ("KLEINER PERKINS", "1234", "MENLO PARK", 1), ("PERKINS WILL", "1234", "FRESNO", 1)
    assert are_one(firm, other, *firms("PERKINS")[:1])
    assert not are_one(firm, other, *firms("PERKINS")[:DESCRIBES_AFAR])
    assert are_one(firm, (*other[:2], "MENLO PARK", 1), *firms("PERKINS")[:DESCRIBES_AFAR])


def test_a_word_that_few_bear_tells() -> None:
    assert are_one(("VEGA OIL GAS", "1234", "RENO", 1), ("OPTIMIZED GAS TREATING", "1234", "RENO", 1))


@pytest.mark.parametrize("office", ["COOK COUNTY STATES ATTORNEYS OFFICE", "COOK COUNTY SHERIFFS OFFICE"])
def test_an_elected_office_is_not_the_hospital_of_its_county(office: str) -> None:
    hospital = ("STROGER HOSPITAL OF COOK COUNTY", "1234", "RENO", 9)
    assert not are_one(hospital, (office, "1234", "RENO", 1))
