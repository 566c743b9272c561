"""The floors of the house, and hashes of the code in its rooms."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from pipeline import code_version
from pipeline.code_version import FLOORS, PACKAGE, ROOMS, code_hash, rooms_up_to
from pipeline.settings import PROJECT


def test_the_floors_hold_every_room_once() -> None:
    there = {path.stem for path in PACKAGE.iterdir() if path.name != "py.typed" and not path.name.startswith("_")}
    assert sorted(ROOMS) == sorted(there)


def test_the_floors_are_those_that_imports_are_checked_by() -> None:
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    [layers] = [contract["layers"] for contract in settings["contracts"] if contract["type"] == "layers"]
    checked = [{name.strip().removeprefix("pipeline.") for name in layer.split("|")} for layer in reversed(layers)]
    assert [set(floor) for floor in FLOORS] == checked


def test_a_room_may_use_those_below_it_and_not_its_neighbours() -> None:
    rooms = rooms_up_to("documents")
    assert rooms[-1] == "documents" and {"errors", "schemas", "reference"} < set(rooms)
    assert not {"specialties", "sources"} & set(rooms)
    with pytest.raises(ValueError, match="no room 'attic'"):
        rooms_up_to("attic")


def test_a_hash_changes_with_code_and_curated_tables_of_its_rooms_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code_version, "PACKAGE", tmp_path)
    (tmp_path / "text").mkdir()
    (tmp_path / "errors.py").write_text("a = 1")

    def hash_now() -> str:
        code_version._hash_of.cache_clear()
        return code_hash(["text", "errors"])

    seen = [hash_now()]
    for name in ("text/words.csv", "text/words.py", "errors.py"):
        (tmp_path / name).write_text("a = 2")
        seen.append(hash_now())
    assert len(set(seen)) == 4
    (tmp_path / "text" / "notes.md").write_text("not code")
    (tmp_path / "settings.py").write_text("another room")
    assert hash_now() == seen[-1]
    code_version._hash_of.cache_clear()
