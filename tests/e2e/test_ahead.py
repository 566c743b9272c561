"""A run takes over the tables that a copy of its process made ahead of their turn, and makes the same without one."""

from __future__ import annotations

import json
import shutil
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipeline import forked as forked_module
from pipeline.definitions import find_job
from pipeline.resources import ahead, executors
from pipeline.resources.ahead import CHAIN, make_steps
from pipeline.resources.work import Work
from pipeline.settings import DATA_DIR_VARIABLE
from tests.conftest import made_once
from tests.e2e.conftest import command
from tests.faults import drawn_without_threads

DAY = "2026-11-02"
RUN = "6c1d3b5e-0000-4000-8000-000000000001"


def test_a_copy_leaves_tables_and_records_for_the_run(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(tiny_data, tmp_path / "data", symlinks=True)
    monkeypatch.setenv(DATA_DIR_VARIABLE, str(tmp_path / "data"))
    work = Work(tmp_path / "data" / "curated" / ".work", RUN)
    record, table = work.folder / "steps" / "read_acgme.json", work.table("acgme_programs").path
    record.unlink()
    job, run = find_job("monthly_refresh"), dg.DagsterRun("monthly_refresh", run_id=RUN)
    with dg.build_resources(job.resource_defs, dagster_run=run) as opened:
        with forked_module.forked(make_steps, job, ["read_acgme"], opened) as made:
            made()
        record.write_text(record.read_text("utf-8").replace('"code"', '"other code"'), "utf-8")
        written = table.stat().st_mtime_ns
        with forked_module.forked(make_steps, job, ["read_acgme"], opened) as made:
            made()
        assert table.stat().st_mtime_ns == written  # made in this run: no copy makes it again
    assert work.ran("read_acgme") == {"reused": False, "made_anew_for": ["first run"]} | {
        name: (work.ran("read_acgme") or {})[name] for name in ("seconds", "peak_megabytes")
    }
    assert work.ran("read_ror") is None and Work(work.folder, "another").ran("read_acgme") is None


def refreshed(place: Path, tiny_data: Path) -> dict[str, bytes]:
    """The tables between steps after a first refresh in a folder."""
    shutil.copytree(tiny_data / "raw", place / "raw")
    with drawn_without_threads():
        done = command(place, "refresh", "--as-of", DAY)
    assert done.code == 0, done.output
    steps = json.loads((place / "run_summary.json").read_text("utf-8"))["steps"]
    assert not [step["name"] for step in steps if step["reused"]]
    return tables_between(place)


def tables_between(place: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (place / "curated" / ".work").glob("*.parquet")}


@pytest.fixture(scope="module")
def without_copies(tiny_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    def make(place: Path) -> None:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(forked_module, "_CORES", 1)
            refreshed(place, tiny_data)

    return tables_between(made_once(tmp_path_factory, "one_core", make))


@pytest.fixture
def on_two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_ROWS", 0)
    monkeypatch.setattr(forked_module, "_CORES", 2)


@pytest.mark.usefixtures("on_two_cores")
def test_copies_make_the_same_tables(
    without_copies: dict[str, bytes], tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[list[str]] = []

    def noting(function: Any, job: Any, steps: list[str], *more: Any) -> AbstractContextManager[Any]:
        begun.append(steps)
        return forked_module.forked(function, job, steps, *more)

    monkeypatch.setattr(executors, "forked", noting)
    assert refreshed(tmp_path / "data", tiny_data) == without_copies
    first, rest, chain = begun
    assert "build_institutions" in first and not {*first} & {*CHAIN}
    assert {*chain} & {*CHAIN} == {*CHAIN[3:-1]} and "review_queue" in rest
    assert command(tmp_path / "data", "refresh", "--as-of", DAY).code == 0
    _, whole = begun[3:]
    assert {*CHAIN[3:-1]} < {*whole}
    work = tmp_path / "data" / "curated" / ".work"
    (work / "steps" / "group_petitions.json").unlink()  # reading is taken over, grouping is not
    assert command(tmp_path / "data", "refresh", "--as-of", DAY).code == 0
    assert len(begun) == 8 and tables_between(tmp_path / "data") == without_copies


@pytest.mark.usefixtures("on_two_cores")
def test_copies_that_fail_change_nothing(
    without_copies: dict[str, bytes], tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "make_steps", _fail)
    assert refreshed(tmp_path / "data", tiny_data) == without_copies


def _fail(*_: object) -> None:
    raise OSError
