"""Bytes of pages to text: whatever a page says that it is written in."""

from __future__ import annotations

import encodings.aliases

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.decoding import decoded

LABELS = sorted(
    {*encodings.aliases.aliases, *encodings.aliases.aliases.values(), "undefined", "idna", "oem", "", "x" * 40}
)


@pytest.mark.parametrize("label", LABELS)
def test_no_label_makes_a_page_unreadable(label: str) -> None:
    page = f'<meta charset="{label}"><p>We sponsor the H-1B visa.</p>'.encode()
    assert isinstance(decoded(page, label), str)
    if label.startswith(("utf_7", "utf_16", "punycode", "unicode_escape", "rot", "undefined", "hex", "idna")):
        assert decoded(page, label) == page.decode()  # no encoding of the web


@given(st.binary(max_size=200), st.sampled_from(LABELS))
def test_no_bytes_do_either(content: bytes, label: str) -> None:
    assert isinstance(decoded(content, label), str)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"\xef\xbb\xbfna\xc3\xafve", "naïve"),
        ("naïve".encode("utf-16"), "naïve"),
        (b'<meta charset="iso-8859-1">\x93H-1B\x94', '<meta charset="iso-8859-1">“H-1B”'),
        (b'<meta charset="us-ascii">na\xc3\xafve', '<meta charset="us-ascii">naÃ¯ve'),
        (b'<meta charset="utf-16">na\xc3\xafve', '<meta charset="utf-16">naïve'),
        ('<meta charset="shift_jis">研修'.encode("shift_jis"), '<meta charset="shift_jis">研修'),
        (b"na\xefve \x81", "naïve \ufffd"),
    ],
)
def test_encodings_are_those_of_browsers(content: bytes, text: str) -> None:
    assert decoded(content) == text
