"""A refresh without Dagster: what is told of its steps, what it leaves, and how it fails."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from pipeline.release.runs.summary import StepRun
from pipeline.schemas.checks import Violation
from pipeline.settings import DATA_DIR_VARIABLE, DataFolder
from pipeline.steps import run as runner
from pipeline.steps.catalogue import RELEASE, STEPS
from pipeline.steps.failure import FAILED, StepError
from pipeline.steps.openers import openers_of
from pipeline.steps.run import run_all
from pipeline.steps.step import Made
from tests.e2e.conftest import command
from tests.faults import drawn_without_threads

DAY = dt.date(2026, 11, 1)
AND_LOADED: Final = """
import sys
from pipeline.cli import app
try:
    app(["refresh", "--as-of", "2026-11-01"])
finally:
    print([name for name in sys.modules if name.partition(".")[0] == "dagster"])
"""


@pytest.fixture
def data(tiny_data: Path, tmp_path: Path) -> DataFolder:
    shutil.copytree(tiny_data, tmp_path / "data", symlinks=True)
    return DataFolder(tmp_path / "data")


def run(data: DataFolder, name: str) -> tuple[list[str], list[StepRun], str]:
    """Run all steps; return which began, how each ended, and the release."""
    begun: list[str] = []
    ended: list[StepRun] = []
    with drawn_without_threads():
        released = run_all(openers_of(data, name, DAY, ""), begun.append, ended.append)
    return begun, ended, released.published.release_id


def test_each_step_is_told_once_and_the_release_is_the_last(data: DataFolder) -> None:
    begun, ended, release = run(data, "a")
    assert sorted(begun) == sorted([*STEPS, RELEASE]) and begun[0] == "snapshots" and begun[-1] == RELEASE
    assert [step.name for step in ended] == begun and {step.state for step in ended} == {"succeeded"}
    assert release == data.latest.resolve().name


def test_what_has_not_changed_is_not_made_again(data: DataFolder) -> None:
    run(data, "a")
    (data.work / "steps" / "redirects.json").unlink()
    steps = {step.name: step for step in run(data, "b")[1]}
    assert {name for name, step in steps.items() if not step.reused} == {"snapshots", "quarantine", "redirects"}
    assert steps["redirects"].made_anew_for == ("first run",)
    assert steps["read_acgme"].rows["acgme_programs"] == 40 and steps["read_acgme"].quarantined == {}


def failing(error: BaseException) -> Any:
    def make(_: Any, name: str) -> Made:
        if name == "group_petitions":
            raise error
        return Made({"reused": True, "made_anew_for": [], "seconds": 0.0, "peak_megabytes": 1}, {})

    return make


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("row 7:\n no state"), "step group_petitions: row 7: no state"),
        (
            OSError(28, "No space left on device"),
            "step group_petitions: [Errno 28] No space left on device. The disk is full: free some space",
        ),
    ],
)
def test_a_failure_names_its_step(
    data: DataFolder, monkeypatch: pytest.MonkeyPatch, error: Exception, line: str
) -> None:
    monkeypatch.setattr(runner, "make_step", failing(error))
    ended: list[StepRun] = []
    with pytest.raises(StepError) as raised:
        run_all(openers_of(data, "a", DAY, ""), lambda _: None, ended.append)
    assert str(raised.value) == f"{FAILED}: {line}"
    assert ended[-1] == StepRun("group_petitions", "failed") and RELEASE not in {step.name for step in ended}


def test_a_table_that_breaks_a_rule_ends_the_refresh(data: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = runner.make_step
    violation = Violation("petitions", "state", "values", 1, ("XX",))

    def broken(openers: Any, name: str) -> Made:
        made = whole(openers, name)
        return replace(made, broken={"petitions": (violation,)}) if name == "group_petitions" else made

    monkeypatch.setattr(runner, "make_step", broken)
    with pytest.raises(StepError) as raised:
        run(data, "a")
    assert str(raised.value) == f"{FAILED}: check registry of petitions: {violation}"


def test_the_command_loads_no_dagster(data: DataFolder) -> None:
    variables = {name: value for name, value in os.environ.items() if name != "DAGSTER_HOME"}
    ran = subprocess.run(
        [sys.executable, "-c", AND_LOADED],
        env={**variables, DATA_DIR_VARIABLE: str(data.root)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.rstrip().endswith("[]") and f"{len(STEPS) + 1}/{len(STEPS) + 1} release" in ran.stderr


def test_a_refresh_that_is_stopped_says_so_and_leaves_its_summary(
    data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "make_release", lambda _: signal.raise_signal(signal.SIGTERM))
    before = signal.getsignal(signal.SIGTERM)
    stopped = command(data.root, "refresh", "--as-of", "2026-11-01")
    assert stopped.code == 1 and stopped.last == f"h1b-sponsors: {FAILED}: the run was broken off"
    told = json.loads((data.root / "run_summary.json").read_text("utf-8"))
    assert told["failed"] == "the run was broken off" and not told["succeeded"]
    assert {step["name"]: step["state"] for step in told["steps"]}[RELEASE] == "not_run"
    assert signal.getsignal(signal.SIGTERM) is before
