"""A run takes over the tables that a copy of its process made ahead of their turn, and makes the same without one."""

from __future__ import annotations

import json
import shutil
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from pipeline import forked as forked_module
from pipeline.definitions import find_job
from pipeline.resources import ahead, executors
from pipeline.resources.ahead import CHAIN, make_steps
from pipeline.resources.work import Work
from pipeline.settings import DATA_DIR_VARIABLE
from tests.e2e.conftest import command
from tests.faults import drawn_without_threads

DAY = "2026-11-02"


def test_a_copy_leaves_tables_and_records_for_the_run(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(tiny_data, tmp_path / "data", symlinks=True)
    monkeypatch.setenv(DATA_DIR_VARIABLE, str(tmp_path / "data"))
    assert command(tmp_path / "data", "refresh", "--as-of", DAY).code == 0
    work = Work(tmp_path / "data" / "curated" / ".work", "the run")
    (work.folder / "steps" / "read_acgme.json").unlink()
    with forked_module.forked(make_steps, find_job("monthly_refresh"), ["read_acgme"], {}, "the run") as made:
        made()
    assert work.ran("read_acgme") == {"reused": False, "made_anew_for": ["first run"]} | {
        name: (work.ran("read_acgme") or {})[name] for name in ("seconds", "peak_megabytes")
    }
    assert work.ran("read_ror") is None and Work(work.folder, "another").ran("read_acgme") is None


@pytest.mark.parametrize("broken", [False, True], ids=["copies work", "copies fail"])
def test_with_copies_or_without_the_release_is_the_same(
    broken: bool, tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "_ROWS", 0)
    if broken:
        monkeypatch.setattr(executors, "make_steps", _fail)
    folders = []
    for cores in (2, 1):
        folders.append(tmp_path / str(cores))
        shutil.copytree(tiny_data / "raw", folders[-1] / "raw")
        monkeypatch.setattr(forked_module, "_CORES", cores)
        with drawn_without_threads():
            done = command(folders[-1], "refresh", "--as-of", DAY)
        assert done.code == 0, done.output
        steps = json.loads((folders[-1] / "run_summary.json").read_text("utf-8"))["steps"]
        assert not [step["name"] for step in steps if step["reused"]]
    one, other = (
        {path.name: path.read_bytes() for path in (folder / "curated" / ".work").glob("*.parquet")}
        for folder in folders
    )
    assert one == other


def test_copies_begin_where_the_chain_is_made_anew_and_not_where_it_is_taken_over(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "_ROWS", 0)
    monkeypatch.setattr(forked_module, "_CORES", 2)
    begun: list[list[str]] = []

    def noting(function: Any, job: Any, steps: list[str], *more: Any) -> AbstractContextManager[Any]:
        begun.append(steps)
        return forked_module.forked(function, job, steps, *more)

    monkeypatch.setattr(executors, "forked", noting)
    shutil.copytree(tiny_data / "raw", tmp_path / "raw")
    with drawn_without_threads():
        assert command(tmp_path, "refresh", "--as-of", DAY).code == 0
        assert "build_institutions" in begun[0] and not {step for steps in begun for step in steps} & CHAIN
        first = len(begun)
        assert command(tmp_path, "refresh", "--as-of", DAY).code == 0
    assert len(begun) == first


def _fail(*_: object) -> None:
    raise OSError
