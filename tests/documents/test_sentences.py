"""Sentences of a block and their places."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.documents.sentences import sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("We sponsor J-1. We do not sponsor H-1B.", ["We sponsor J-1.", "We do not sponsor H-1B."]),
        ("9. Which visas? J-1.", ["Which visas?", "J-1."]),
        ("Write to Dr. Person, e.g. by letter.", ["Write to Dr. Person, e.g. by letter."]),
        ("We are in the U.S. We sponsor.", ["We are in the U.S.", "We sponsor."]),
        ("J-1? No. H-1B? No.", ["J-1?", "No.", "H-1B?", "No."]),
        ("- J-1\n- H-1B", ["J-1", "H-1B"]),
        ("one line\nand on", ["one line\nand on"]),
    ],
)
def test_where_sentences_end(text: str, parts: list[str]) -> None:
    assert [sentence.text for sentence in sentences(text)] == parts


@given(st.text(max_size=300))
@settings(max_examples=300)
def test_sentences_lie_in_their_text_in_order(text: str) -> None:
    end = 0
    for sentence in sentences(text):
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.start >= end
        end = sentence.end
