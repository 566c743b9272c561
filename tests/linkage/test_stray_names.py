"""A name under another's tax id: apart if it is at home elsewhere, and not if that may be a slip of the whole petitioner's id."""

from __future__ import annotations

import pytest

from tests.linkage.grouped import Filed, are_one

UNIVERSITY = ("LELAND STANFORD JR UNIVERSITY", "6365", "STANFORD", 200)
STRAY = ("STANFORD HEALTH CARE", "6365", "STANFORD", 1)
AT_HOME = ("STANFORD HEALTH CARE", "4066", "STANFORD", 30)


def test_a_sister_is_apart_from_the_petitioner_under_whose_tax_id_it_is_printed_once() -> None:
    assert not are_one(UNIVERSITY, STRAY, AT_HOME)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param((UNIVERSITY, STRAY), id="nowhere else"),
        pytest.param((UNIVERSITY, STRAY, ("STANFORD HEALTH CARE", "4066", "STANFORD", 4)), id="hardly more elsewhere"),
        pytest.param((UNIVERSITY, STRAY, ("STANFORD HEALTH CARE", "4066", "FRESNO", 30)), id="another city's namesake"),
        pytest.param(
            (("STANFORD UNIVERSITY", "6365", "STANFORD", 1), STRAY, AT_HOME), id="it is not the lesser part here"
        ),
        pytest.param(
            (
                UNIVERSITY,
                ("STANFORD HEALTH CARE", "6365", "STANFORD", 40),
                ("STANFORD HEALTH CARE", "4066", "STANFORD", 300),
            ),
            id="too many for a slip",
        ),
    ],
)
def test_what_shares_a_word_stays_joined(rows: tuple[Filed, ...]) -> None:
    assert are_one(*rows)


def test_two_strays_of_one_petitioner_stay_together_and_with_its_other_names() -> None:
    home = (("ACME STORES INC", "1111", "RENO", 90), ("ACME MARKETS INC", "1111", "RENO", 80))
    stray, other = ("ACME STORES INC", "2222", "RENO", 1), ("ACME MARKETS INC", "2222", "RENO", 1)
    foreign = ("ACME BRICKS LLC", "2222", "RENO", 60)
    assert are_one(stray, other, foreign, *home)
    assert not are_one(stray, foreign, other, *home)


def test_a_misprint_of_a_stray_name_goes_with_it() -> None:
    rows = (("ACME STORES INC", "1111", "RENO", 90), ("ACME BRICKS LLC", "2222", "RENO", 60))
    assert are_one(("ACME STORES INC", "2222", "RENO", 1), ("ACME STORRES INC", "2222", "RENO", 1), *rows)
