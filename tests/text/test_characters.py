"""One hyphen, one quote, one kind of space, and words broken at the end of a line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text.characters import collapse, mended, normalise, rejoin, wordset


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("H\u20111B\u00a0visa \u2013 no\u200b", "H-1B visa – no"),
        ("spon-\nsor", "sponsor"),
        ("J-\n1", "J-\n1"),
        ("Visas ........ none", "Visas: none"),
        ("\u201cyes\u201d, it\u2019s so", '"yes", it\'s so'),
        ("one \n \n two", "one\ntwo"),
    ],
)
def test_characters_as_a_reader_sees_them(text: str, plain: str) -> None:
    assert normalise(text) == plain


@given(st.text(max_size=200))
@settings(max_examples=300)
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_words_broken_over_lines_become_whole_and_compounds_keep_their_hyphen() -> None:
    assert rejoin(["We do not spon-", "sor visas, case-by-", "case or cap-", "exempt."]) == (
        "We do not sponsor visas, case-by- case or cap-exempt."
    )


def test_any_white_space_becomes_one_space() -> None:
    assert collapse(" a\n\tb  c ") == "a b c"


def test_a_line_of_words_is_a_set() -> None:
    assert wordset("a b  a") == {"a", "b"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("BRIGHAM &AMP; WOMENS HOSPITAL", "BRIGHAM & WOMENS HOSPITAL"),
        ("TEXAS A&AMP;M UNIVERSITY", "TEXAS A&M UNIVERSITY"),
        ("CHILDREN&#39;S HOSPITAL", "CHILDREN'S HOSPITAL"),
        ("Brigham &amp;amp; Women&amp;#39;s", "Brigham & Women's"),
        ("CHILDRENâ€™S HOSPITAL", "CHILDREN’S HOSPITAL"),
        ("Hospital ClÃ­nico", "Hospital Clínico"),
        ("AT&T; SOUTH", "AT&T; SOUTH"),
        ("Universidad de São Paulo", "Universidad de São Paulo"),
        ("Hospital Ângela", "Hospital Ângela"),
    ],
)
def test_names_without_the_traces_of_programs(text: str, name: str) -> None:
    assert mended(text) == name
