"""The code version of a room: it changes with the room and those below it, and with nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import code_version as hashing
from pipeline.release.code_version import code_version, room_version


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the package to change."""
    copy = tmp_path / "pipeline"
    shutil.copytree(hashing.PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(hashing, "PACKAGE", copy)
    hashing._hash_of.cache_clear()
    yield copy
    hashing._hash_of.cache_clear()


@pytest.mark.parametrize(
    ("changed", "rooms"),
    [
        ("linkage/build.py", {"linkage", "filings", "release"}),
        ("schemas/model.py", {"archive", "linkage", "filings", "release"}),
        ("filings/build.py", {"filings", "release"}),
        ("policies/build.py", {"release"}),  # beside filings, not below it
        ("commands/refresh.py", set()),
    ],
)
def test_a_version_changes_with_the_rooms_below(package: Path, changed: str, rooms: set[str]) -> None:
    watched = ("archive", "linkage", "filings", "release")
    before = {room: room_version(room) for room in watched}
    with (package / changed).open("a", encoding="utf-8") as handle:
        handle.write("\n# changed\n")
    hashing._hash_of.cache_clear()
    assert {room for room in watched if room_version(room) != before[room]} == rooms


def test_the_version_of_a_release_is_that_of_all_that_can_change_it(package: Path) -> None:
    before = code_version()
    (package / "fetch" / "run.py").write_text("")
    hashing._hash_of.cache_clear()
    assert code_version() == before
    (package / "tiers" / "tier.py").write_text("")
    hashing._hash_of.cache_clear()
    assert code_version() != before


def test_a_room_that_is_on_no_floor_has_no_version() -> None:
    with pytest.raises(ValueError, match="no room 'cellar'"):
        room_version("cellar")
