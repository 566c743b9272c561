"""Sentences written for the purpose, with the policy that a careful reader takes from them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from pipeline.evaluate.policies import is_critical
from tests.policies.conftest import read

WRITTEN = Path(__file__).parents[1] / "gold" / "policies" / "written.csv"


def written() -> list[dict[str, str]]:
    with WRITTEN.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = written()


@pytest.mark.parametrize("row", [r for r in ROWS if not r["note"]], ids=lambda r: r["text"][:60])
def test_policy_of_a_sentence(row: dict[str, str]) -> None:
    reading = read(row["text"])
    assert reading.policy == row["policy"]
    assert not is_critical(row["h1b"], row["policy"], reading.h1b)


@pytest.mark.parametrize("row", [r for r in ROWS if r["note"]], ids=lambda r: r["text"][:60])
def test_a_sentence_beyond_the_reader_is_no_grave_error(row: dict[str, str]) -> None:
    """What the reader can't read it must not turn into its opposite."""
    reading = read(row["text"])
    assert not is_critical(row["h1b"], row["policy"], reading.h1b)


def test_stances_agree_nearly_everywhere() -> None:
    right = 0
    for row in ROWS:
        reading = read(row["text"])
        right += (reading.j1, reading.h1b) == (row["j1"], row["h1b"])
    assert right >= 0.95 * len(ROWS)
