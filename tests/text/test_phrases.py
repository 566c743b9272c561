"""Phrases found in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.phrases import phrase_tree, phrases_at, phrases_cut

TREE = phrase_tree((phrase.split(), phrase) for phrase in ("do", "do not", "do not sponsor", "not", "sponsor visas"))


@pytest.mark.parametrize(
    ("text", "place", "found"),
    [
        ("we do not sponsor visas", 1, ["do not sponsor", "do not", "do"]),
        ("we do not sponsor visas", 2, ["not"]),
        ("we do not sponsor visas", 3, ["sponsor visas"]),
        ("we do not sponsor visas", 0, []),
        ("do", 0, ["do"]),
    ],
)
def test_the_longest_phrase_comes_first(text: str, place: int, found: list[str]) -> None:
    assert [phrase for _, phrase in phrases_at(TREE, text.split(), place)] == found


def test_another_form_may_stand_for_a_word_and_comes_after_it() -> None:
    tree = phrase_tree([(("did",), "as written"), (("do",), "lemma"), (("do", "not"), "both")])
    assert phrases_at(tree, ["did", "not"], 0, ["do", "not"]) == [(2, "both"), (1, "as written"), (1, "lemma")]


def test_one_phrase_may_stand_for_several_things_in_the_order_given() -> None:
    assert phrases_at(phrase_tree([(("a",), 1), (("a",), 2), ((), 3)]), ["a"], 0) == [(1, 1), (1, 2)]


@given(st.lists(st.lists(st.sampled_from("ab"), min_size=1, max_size=3)), st.lists(st.sampled_from("abc"), max_size=6))
def test_exactly_the_phrases_that_stand_there_are_found(phrases: list[list[str]], words: list[str]) -> None:
    tree = phrase_tree((phrase, tuple(phrase)) for phrase in phrases)
    for place in range(len(words)):
        expected = sorted(tuple(phrase) for phrase in phrases if words[place : place + len(phrase)] == phrase)
        assert sorted(found for _, found in phrases_at(tree, words, place)) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("national security lab", [1]),
        ("national secu", [2]),
        ("national se", []),
        ("national security", []),
        ("nation", []),
        ("national security lab of", []),
        ("", []),
    ],
)
def test_a_text_that_lost_its_end_is_the_phrase_it_begins(words, expected):
    tree = phrase_tree([(("national", "security", "laboratory"), 1), (("national", "security"), 2)])
    assert phrases_cut(tree, words.split(), least=3) == expected
