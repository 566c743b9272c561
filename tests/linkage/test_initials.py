"""Initials of a name under the same tax id."""

from __future__ import annotations

import pytest

from tests.linkage.grouped import are_one


@pytest.mark.parametrize(
    ("short", "whole", "one"),
    [
        ("AKT LLC", "ADVANCED KNOWLEDGE TECH LLC", True),
        ("UNIVERSITY OF ZEDONIA LA", "UNIVERSITY OF ZEDONIA LOS ANGELES", True),
        ("RESEARCH CORP OF THE UH", "RESEARCH CORP OF THE UNIVERSITY OF HAWAII", True),
        ("AK LLC", "ADVANCED KNOWLEDGE LLC", False),  # two letters alone mean too much
        ("AKT LLC", "ADVANCED TECH KNOWLEDGE LLC", False),
        ("AKT LLC", "ADVANCED KNOWLEDGE TECH PARTNERS", False),
        ("CITY OF ZEDONIA LA", "UNIVERSITY OF QUEST LOS ANGELES", False),
    ],
)
def test_initials_of_the_last_words(short: str, whole: str, one: bool) -> None:
    assert are_one((short, "1234", "RENO", 1), (whole, "1234", "RENO", 1)) is one


def test_initials_under_another_tax_id_join_nothing() -> None:
    assert not are_one(("AKT LLC", "1234", "RENO", 1), ("ADVANCED KNOWLEDGE TECH LLC", "4321", "RENO", 1))
