"""Lines of plain text as blocks."""

from __future__ import annotations

import pytest

from pipeline.documents.page import blocks_of
from pipeline.documents.plain_lines import blocks_of_text


def test_text_lines_bullets_and_questions() -> None:
    blocks = blocks_of_text("Visas\n\nDo you sponsor?\nYes.\n\nWe sponsor:\n- J-1\n  - H-1B\n")
    assert [(b.kind, b.text) for b in blocks] == [
        ("heading", "Visas"), ("question", "Do you sponsor?"), ("paragraph", "Yes."), ("paragraph", "We sponsor:"),
        ("list_item", "- J-1"), ("list_item", "- H-1B"),
    ]  # fmt: skip
    assert blocks[2].question == "Do you sponsor?"
    assert blocks[4].intro == "We sponsor:"
    assert blocks[4].headings == ("Visas",)


def test_wrapped_text_is_joined() -> None:
    text = "The hospital sponsors the J-1 visa for all of its foreign residents and\nfellows, and it does not sponsor the H-1B visa.\n"
    assert len(blocks_of_text(text)) == 1


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("R\xe9sum\xe9".encode(), None),
        ("R\xe9sum\xe9".encode("cp1252"), None),
        ("R\xe9sum\xe9".encode("cp1252"), "cp1252"),
    ],
)
def test_encodings(content: bytes, encoding: str | None) -> None:
    assert [block.text for block in blocks_of(content, "text", encoding)] == ["R\xe9sum\xe9"]


def test_an_endless_text_is_cut_and_says_so() -> None:
    assert blocks_of_text("one line\n\n" * 30_000)[-1].kind == "cut"
