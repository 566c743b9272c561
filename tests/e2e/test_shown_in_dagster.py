"""A refresh by command is a run of the instance that DAGSTER_HOME names, and the daemon sees that its process is there."""

from __future__ import annotations

import shutil
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.launcher.base import WorkerStatus

from pipeline.resources.launcher import HELD_FILE
from pipeline.settings import PROJECT
from tests.e2e.conftest import command


def test_a_refresh_by_command_is_shown(tiny_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, home = tmp_path / "data", tmp_path / "home"
    shutil.copytree(tiny_data, data, symlinks=True)
    home.mkdir()
    shutil.copy(PROJECT / "dagster.yaml", home)
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    made = command(data, "refresh", "--as-of", "2026-11-02")
    assert made.code == 0, made.output
    with dg.DagsterInstance.from_config(str(home)) as instance:
        [run] = instance.get_runs()
        assert (run.job_name, run.status) == ("monthly_refresh", dg.DagsterRunStatus.SUCCESS)
        assert run.tags["dagster/max_retries"] == "0" and Path(run.tags[HELD_FILE]).name == run.run_id
        assert instance.run_launcher.check_run_worker_health(run).status is WorkerStatus.RUNNING  # this process
        assert instance.get_latest_materialization_event(dg.AssetKey("release"))
