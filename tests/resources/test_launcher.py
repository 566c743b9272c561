"""Whether the process of a run is there is seen by the file that it holds, not by what Dagster believes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.launcher.base import WorkerStatus

from pipeline.resources import launcher
from pipeline.resources.alive import hold, is_held
from pipeline.resources.launcher import HELD_FILE
from pipeline.settings import PROJECT

HOLDS = "import sys, time; from pathlib import Path; from pipeline.resources.alive import hold; print(hold(Path(sys.argv[1]), sys.argv[2]), flush=True); time.sleep(60)"


@dg.op
def nothing() -> None: ...


@dg.job
def job() -> None:
    nothing()


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    (tmp_path / "dagster.yaml").write_text((PROJECT / "dagster.yaml").read_text("utf-8"), "utf-8")
    with dg.DagsterInstance.from_config(str(tmp_path)) as made:
        yield made


def status(instance: dg.DagsterInstance, tags: dict[str, str], run_id: str | None = None) -> WorkerStatus:
    run = instance.create_run_for_job(job, run_id=run_id, tags=tags, status=dg.DagsterRunStatus.STARTED)
    return instance.run_launcher.check_run_worker_health(run).status


def test_the_instance_of_the_project_looks_for_runs_whose_process_is_gone(instance: dg.DagsterInstance) -> None:
    assert isinstance(instance.run_launcher, launcher.WatchedRunLauncher)
    assert instance.run_monitoring_enabled and instance.run_launcher.supports_check_run_worker_health
    assert instance.run_retries_enabled and not instance.run_retries_retry_on_asset_or_op_failure


def test_a_run_is_there_as_long_as_its_process(instance: dg.DagsterInstance, tmp_path: Path) -> None:
    run_id = "5f1f5a52-6ad8-4b3c-9df9-b2b9a3b0a7f1"
    words = [sys.executable, "-c", HOLDS, str(tmp_path), run_id]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as process:
        assert process.stdout
        held = process.stdout.readline().strip()
        run = instance.create_run_for_job(
            job, run_id=run_id, tags={HELD_FILE: held}, status=dg.DagsterRunStatus.STARTED
        )
        assert instance.run_launcher.check_run_worker_health(run).status is WorkerStatus.RUNNING
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert instance.run_launcher.check_run_worker_health(run).status is WorkerStatus.NOT_FOUND


def test_a_run_that_is_tried_again_does_not_answer_for_the_one_before(
    instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    assert status(instance, {HELD_FILE: str(tmp_path / ".running" / "another-run")}) is WorkerStatus.RUNNING


def test_a_run_that_never_says_which_file_it_holds_is_given_up(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = instance.create_run_for_job(job)
    instance.report_dagster_event(
        dg.DagsterEvent(dg.DagsterEventType.RUN_START.value, job.name, message="began"), run.run_id
    )
    assert instance.run_launcher.check_run_worker_health(run).status is WorkerStatus.RUNNING
    monkeypatch.setattr(launcher, "_SECONDS_TO_BEGIN", -1.0)
    assert instance.run_launcher.check_run_worker_health(run).status is WorkerStatus.NOT_FOUND


def test_old_files_that_nobody_holds_are_removed(tmp_path: Path) -> None:
    left = hold(tmp_path, "run-1").with_name("run-0")
    left.touch()
    long_ago = time.time() - 2 * 86_400
    os.utime(left, (long_ago, long_ago))
    os.utime(left.with_name("run-1"), (long_ago, long_ago))
    hold(tmp_path, "run-2")
    assert not left.exists() and is_held(left.with_name("run-1"))
