"""The code version of a room: it changes with the room and those below it, and with nothing else."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.release import code_version as module
from pipeline.release.code_version import FLOORS, PACKAGE, code_version, room_version
from pipeline.settings import PROJECT


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the package to change."""
    copy = tmp_path / "pipeline"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(module, "PACKAGE", copy)
    _forget()
    yield copy
    _forget()


def _forget() -> None:
    room_version.cache_clear()
    code_version.cache_clear()


def test_the_floors_are_those_of_the_check_of_imports() -> None:
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    [layers] = [contract["layers"] for contract in contracts if contract["type"] == "layers"]
    written = [{name.strip().removeprefix("pipeline.") for name in layer.split("|")} for layer in layers]
    assert [set(floor) for floor in reversed(FLOORS)] == written


def test_every_room_is_on_a_floor() -> None:
    rooms = {path.name.removesuffix(".py") for path in PACKAGE.iterdir() if not path.name.startswith("__")}
    assert rooms == set().union(*FLOORS)


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
    _forget()
    assert {room for room in watched if room_version(room) != before[room]} == rooms


def test_the_version_of_a_release_is_that_of_all_that_can_change_it(package: Path) -> None:
    before = code_version()
    (package / "fetch" / "run.py").write_text("")
    _forget()
    assert code_version() == before
    (package / "tiers" / "tier.py").write_text("")
    _forget()
    assert code_version() != before


def test_a_room_that_is_on_no_floor_has_no_version() -> None:
    with pytest.raises(ValueError, match="FLOORS"):
        room_version("cellar")
