"""Readings of pages that are kept: never those of another page, never more than were asked for, never needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline.policies import kept_readings
from pipeline.policies.kept_readings import KeptReadings

PAGE = ("sha", "html", "Pediatrics", None)
READING = {"h1b": "yes", "conditions": ["a"], "page_date": None}


def never() -> dict[str, Any]:
    raise AssertionError("the page is read again")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    kept = KeptReadings(tmp_path / "work" / "readings.parquet")
    assert kept.of(PAGE, lambda: READING) == READING
    kept.close()
    return tmp_path / "work" / "readings.parquet"


def test_a_page_is_read_once(path: Path) -> None:
    assert KeptReadings(path).of(PAGE, never) == READING


@pytest.mark.parametrize("place", range(4))
def test_a_page_that_differs_in_anything_is_read(path: Path, place: int) -> None:
    other = tuple("other" if number == place else one for number, one in enumerate(PAGE))
    assert KeptReadings(path).of(other, dict) == {}


def test_other_answers_and_other_code_are_other_readings(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert KeptReadings(path, answers="some").of(PAGE, dict) == {}
    monkeypatch.setattr(kept_readings, "code_hash", lambda rooms: "other")
    assert KeptReadings(path).of(PAGE, dict) == {}


def test_what_nobody_asks_for_any_more_is_dropped(path: Path) -> None:
    kept = KeptReadings(path)
    kept.of(("new", "pdf", None, None), lambda: {})
    kept.close()
    assert KeptReadings(path).of(PAGE, dict) == {}


def test_a_damaged_file_costs_time_alone(path: Path) -> None:
    path.write_bytes(b"PAR1 no")
    assert KeptReadings(path).of(PAGE, lambda: READING) == READING
