"""Which releases go, and that readers never lose theirs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pipeline.release.inputs import ReleaseInputs
from pipeline.release.publish import publish, roll_back
from pipeline.release.reader import Release, ReleaseError, known_releases
from pipeline.release.retention import outdated


def release(day: str, previous: str | None = None) -> Release:
    return Release(Path(day), {"release_id": day, "as_of": day, "previous_release": previous})


def known(*days: str) -> dict[str, Release]:
    return {day: release(day) for day in days}


def test_all_of_three_months_stay_and_of_earlier_months_the_newest() -> None:
    there = known("2026-06-05", "2026-07-05", "2026-07-28", "2026-08-01", "2026-09-05", "2026-11-05", "2026-11-30")
    assert outdated(there, "2026-11-30", 3) == ["2026-07-05"]
    assert outdated(there, "2026-11-30", 1) == ["2026-07-05"]
    assert outdated(known("2026-07-05", "2026-07-28", "2026-11-30"), "2026-11-30", 4) == []


def test_what_readers_have_stays_and_what_it_was_compared_with() -> None:
    there = known("2025-01-01", "2025-01-02", "2025-01-03", "2026-11-30")
    assert outdated(there, "2025-01-01", 3) == []
    there["2026-11-30"] = release("2026-11-30", previous="2025-01-01")
    assert outdated(there, "2026-11-30", 3) == ["2025-01-02"]


def test_nothing_goes_where_nobody_knows_what_is_good() -> None:
    assert outdated(known("2025-01-01", "2025-01-02", "2025-01-03"), "gone", 3) == []


def made(curated: Path, *days: str) -> list[str]:
    return [
        publish(curated, ReleaseInputs(dt.date.fromisoformat(day), "0+x", ()), {}, {}, keep_months=1).release_id
        for day in days
    ]


def test_publishing_removes_what_is_outdated(tmp_path: Path) -> None:
    first, second, third = made(tmp_path, "2026-07-05", "2026-07-06", "2026-11-30")
    assert sorted(known_releases(tmp_path).whole) == [second, third]
    assert [path.name for path in (tmp_path / "releases").iterdir() if path.name.startswith(".")] == []
    assert first not in known_releases(tmp_path).whole


def test_rollback_points_to_a_whole_release_and_to_no_other(tmp_path: Path) -> None:
    first, second = made(tmp_path, "2026-11-05", "2026-11-30")
    assert roll_back(tmp_path, first).id == first
    assert (tmp_path / "latest").resolve().name == first
    with pytest.raises(ReleaseError, match="no release nothing"):
        roll_back(tmp_path, "nothing")
    (tmp_path / "releases" / second / "data_dictionary.md").write_text("other")
    with pytest.raises(ReleaseError, match="damaged"):
        roll_back(tmp_path, second)
    assert (tmp_path / "latest").resolve().name == first
