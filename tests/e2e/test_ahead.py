"""Copies of a process make steps beside it, or ahead of a run of Dagster's, and all make the same as one process alone."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipeline import forked as forked_module
from pipeline.settings import DATA_DIR_VARIABLE, DataFolder
from pipeline.steps import ahead
from pipeline.steps.ahead import CHAIN, make_steps
from pipeline.steps.openers import openers_of
from pipeline.steps.work import Work
from tests.conftest import made_once
from tests.e2e.conftest import command
from tests.faults import drawn_without_threads

DAY = "2026-11-02"
RUN = "6c1d3b5e-0000-4000-8000-000000000001"


def test_a_copy_leaves_tables_and_records_for_the_run(tiny_data: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_data, tmp_path / "data", symlinks=True)
    openers = openers_of(DataFolder(tmp_path / "data"), RUN, dt.date.fromisoformat(DAY), "")
    work = Work(tmp_path / "data" / "curated" / ".work", RUN)
    record, table = work.folder / "steps" / "read_acgme.json", work.table("acgme_programs").path
    record.unlink()
    with forked_module.forked(make_steps, ["read_acgme"], openers) as made:
        made()
    record.write_text(record.read_text("utf-8").replace('"code"', '"other code"'), "utf-8")
    written = table.stat().st_mtime_ns
    with forked_module.forked(make_steps, ["read_acgme"], openers) as made:
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


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[], list[list[str]]]:
    """Return what says which steps the further copies were to make so far, in the order in which they began."""
    notes = tmp_path / "begun.jsonl"

    def noting(function: Any, *arguments: Any) -> AbstractContextManager[Any]:
        with notes.open("a", encoding="utf-8") as file:
            file.write(json.dumps(list(arguments[0]) if len(arguments) > 1 else [function.__name__]) + "\n")
        return forked_module.forked(function, *arguments)

    monkeypatch.setattr(ahead, "forked", noting)
    notes.touch()
    return lambda: list(map(json.loads, notes.read_text("utf-8").splitlines()))


@pytest.mark.usefixtures("on_two_cores")
def test_copies_make_the_same_tables(
    without_copies: dict[str, bytes], tiny_data: Path, tmp_path: Path, begun: Callable[[], list[list[str]]]
) -> None:
    assert refreshed(tmp_path / "data", tiny_data) == without_copies
    first, rest = begun()
    assert "build_institutions" in first and not {*first} & {*CHAIN}
    assert {"petitioner_links", "review_queue", "functional_h1b_sponsors"} < {*rest}
    assert rest.index("unmet_judgements") < rest.index("cap_exemption") < rest.index("petitions_database")
    assert rest.index("functional_h1b_sponsors") < rest.index("policy_changes")
    (tmp_path / "data" / "curated" / ".work" / "steps" / "group_petitions.json").unlink()  # reading is taken over
    assert command(tmp_path / "data", "refresh", "--as-of", DAY).code == 0
    assert begun()[2:] == begun()[:2] and tables_between(tmp_path / "data") == without_copies


def test_little_is_made_by_the_run(
    tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, begun: Callable[[], list[list[str]]]
) -> None:
    monkeypatch.setattr(forked_module, "_CORES", 2)
    refreshed(tmp_path / "data", tiny_data)
    assert begun() == []


@pytest.mark.usefixtures("on_two_cores")
def test_a_run_of_the_daemon_begins_a_copy_with_the_snapshots(
    without_copies: dict[str, bytes],
    tiny_data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    begun: Callable[[], list[list[str]]],
) -> None:
    shutil.copytree(tiny_data / "raw", tmp_path / "data" / "raw")
    monkeypatch.setenv(DATA_DIR_VARIABLE, str(tmp_path / "data"))
    job = dg.build_reconstructable_job("pipeline.definitions", "find_job", ("monthly_refresh",))
    config = {"loggers": {"console": {}}, "resources": {"clock": {"config": {"as_of": DAY}}}}
    with drawn_without_threads(), dg.DagsterInstance.ephemeral() as instance:
        some = [dg.AssetKey("snapshots"), dg.AssetKey("earlier_petitioners")]
        assert dg.execute_job(job, instance, run_config=config, asset_selection=some).success
        assert begun() == []  # of some steps alone: no others are made
        assert dg.execute_job(job, instance, run_config=config).success
    assert len(begun()) == 3 and tables_between(tmp_path / "data") == without_copies


@pytest.mark.usefixtures("on_two_cores")
def test_copies_that_fail_change_nothing(
    without_copies: dict[str, bytes], tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "make_steps", _fail)
    assert refreshed(tmp_path / "data", tiny_data) == without_copies


def _fail(*_: object) -> None:
    raise OSError
