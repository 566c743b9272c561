"""The way through a publisher's catalogue to a file, and what a catalogue that has changed comes to."""

from __future__ import annotations

import json

import pytest

from pipeline.fetch.catalogue_pick import pick
from pipeline.fetch.failures import DownloadError
from pipeline.sources.publications import publications

CATALOGUE = {
    "a": {"b": "https://x.org/b"},
    "list": [{"t": "one", "u": "1"}, {"t": "two: 2026", "u": "2"}, {"t": "two: 2025", "u": "3"}, {"t": "none"}],
    "count": 3,
}


@pytest.mark.parametrize(
    ("way", "found"),
    [
        ("a > b", "https://x.org/b"),
        ("list > 1 > u", "2"),
        ("list > t=one > u", "1"),
        ("list > t~2025 > u", "3"),
        ("list > max t > u", "2"),
        ("list > u", "1"),
    ],
)
def test_steps(way: str, found: str) -> None:
    assert pick(json.dumps(CATALOGUE).encode(), way) == found


@pytest.mark.parametrize(
    "way",
    ["c", "a > b > c", "list > 9 > u", "list > t=three > u", "list > 3 > u", "count", "count > 1", "list > max z > u"],
)
def test_a_way_that_leads_nowhere_is_told(way: str) -> None:
    with pytest.raises(DownloadError, match="catalogue"):
        pick(json.dumps(CATALOGUE).encode(), way)


@pytest.mark.parametrize("content", [b"", b"<html>", b"\xff\xfe", b"[" * 100_000, b"null", b"[]", b"3"])
@pytest.mark.parametrize("way", [one.pick for one in publications() if one.pick])
def test_a_catalogue_of_any_other_form_is_a_failure_of_that_file(content: bytes, way: str) -> None:
    with pytest.raises(DownloadError):
        pick(content, way)
