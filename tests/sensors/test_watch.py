"""The sensors: each event is told once, and a file in the inbox is taken once it no longer changes."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from pytest_httpserver import HTTPServer

from pipeline.definitions import defs
from pipeline.notify.settings import PASSWORD_VARIABLE, SMTP_VARIABLE, USER_VARIABLE, WEBHOOK_VARIABLE
from pipeline.sensors import events, watch
from pipeline.sensors.watch import SENSORS, inbox_config
from pipeline.settings import DATA_DIR_VARIABLE, DataFolder
from tests.e2e.conftest import HUB, command, programs


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    for name in (WEBHOOK_VARIABLE, SMTP_VARIABLE, USER_VARIABLE, PASSWORD_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(DATA_DIR_VARIABLE, str(tmp_path / "data"))
    return DataFolder(tmp_path / "data")


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def look(
    sensor: dg.SensorDefinition, instance: dg.DagsterInstance, cursor: str | None = None
) -> tuple[str | None, list[dg.RunRequest]]:
    with dg.build_sensor_context(instance, cursor, definitions=defs) as context:
        result = sensor.evaluate_tick(context)
    return result.cursor, list(result.run_requests or ())


@dg.op
def breaks() -> None:
    raise OSError(28, "No space left on device")


@dg.job
def broken() -> None:
    breaks()


def test_all_sensors_are_on_where_the_daemon_runs() -> None:
    sensors = list(defs.sensors or ())
    assert {sensor.name for sensor in sensors} > {sensor.name for sensor in SENSORS}
    assert all(sensor.default_status is dg.DefaultSensorStatus.RUNNING for sensor in sensors)  # type: ignore[union-attr]


def test_a_failed_run_is_told_once_with_what_to_do(
    data: DataFolder, instance: dg.DagsterInstance, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WEBHOOK_VARIABLE, httpserver.url_for("/hook"))
    httpserver.expect_request("/hook").respond_with_data("")
    broken.execute_in_process(instance=instance, raise_on_error=False)
    cursor, _ = look(watch.failed_runs, instance)
    look(watch.failed_runs, instance, cursor)
    [(request, _)] = httpserver.log
    told = request.json
    assert told and told["title"] == "broken failed" and "The disk is full: free some space" in told["detail"]


def test_a_run_that_is_tried_again_is_not_told(data: DataFolder, instance: dg.DagsterInstance) -> None:
    run = broken.execute_in_process(instance=instance, raise_on_error=False)
    instance.add_run_tags(run.run_id, {"dagster/will_retry": "true"})
    now, later = dt.datetime.now(dt.UTC), dt.datetime.now(dt.UTC) + dt.timedelta(minutes=11)
    assert list(events.failed_runs(instance, now)) == [] and len(list(events.failed_runs(instance, later))) == 1
    instance.add_run_tags(run.run_id, {"dagster/auto_retry_run_id": "another"})
    assert list(events.failed_runs(instance, later)) == []


def test_a_run_that_dagster_forgot_to_try_again_is_begun_once(
    data: DataFolder, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, config = defs.resolve_job_def(watch.INBOX_JOB), inbox_config(["a mark"])
    forgotten, retried, refused = [instance.create_run_for_job(job, run_config=config) for _ in range(3)]
    for run in (forgotten, retried, refused):
        instance.report_run_failed(run, "Detected run worker status NOT_FOUND")
        instance.add_run_tags(run.run_id, {"dagster/will_retry": str(run is not refused).lower()})
    instance.add_run_tags(retried.run_id, {"dagster/auto_retry_run_id": "another"})
    sensor = next(one for one in defs.sensors or () if one.name == "forgotten_runs")
    assert look(sensor, instance)[1] == []  # Dagster may still begin it
    monkeypatch.setattr(watch, "_now", lambda: dt.datetime.now(dt.UTC) + dt.timedelta(minutes=2))
    [request] = look(sensor, instance)[1]
    monkeypatch.setattr(watch, "_now", lambda: dt.datetime.now(dt.UTC) + dt.timedelta(days=2))
    assert look(sensor, instance)[1] == []  # nobody waits for it any more
    assert (request.run_key, request.job_name, request.run_config) == (forgotten.run_id, watch.INBOX_JOB, config)

    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=11)
    assert {one.key for one in events.failed_runs(instance, later)} == {
        f"run {forgotten.run_id}",
        f"run {refused.run_id}",
    }
    instance.create_run_for_job(job, run_config=config, tags=request.tags)
    assert {one.key for one in events.failed_runs(instance, later)} == {f"run {refused.run_id}"}


def test_a_run_whose_process_was_killed_is_told(data: DataFolder, instance: dg.DagsterInstance) -> None:
    run = instance.create_run_for_job(broken)
    instance.report_run_failed(run, "Detected run worker status NOT_FOUND")
    [message] = events.failed_runs(instance, dt.datetime.now(dt.UTC))
    assert message.text == "Detected run worker status NOT_FOUND"


def test_of_a_process_that_ended_it_is_told_how(data: DataFolder, instance: dg.DagsterInstance) -> None:
    run = instance.create_run_for_job(broken)
    instance.report_engine_event("Run execution process for it unexpectedly exited with exit code -9.", run)
    instance.report_run_failed(run)
    [message] = events.failed_runs(instance, dt.datetime.now(dt.UTC))
    assert message.text.endswith("unexpectedly exited with exit code -9.")


def test_a_held_snapshot_is_told(data: DataFolder, tmp_path: Path) -> None:
    (tmp_path / "hub.csv").write_text(HUB, "utf-8")
    assert command(data.root, "add", str(tmp_path / "hub.csv")).code == 0
    assert list(events.held_snapshots(data)) == []
    [path] = data.raw.glob("*/*/manifest.json")
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "held": ["FY2021: half of the rows"]}), "utf-8")
    [message] = events.held_snapshots(data)
    assert "half of the rows" in message.text and "h1b-sponsors accept uscis_h1b_employers/" in message.remedy


@pytest.mark.parametrize(("days", "told"), [(60, 0), (61, 1)])
def test_law_older_than_sixty_days_is_told(days: int, told: int) -> None:
    assert len(list(events.old_law(events.law_as_of() + dt.timedelta(days=days)))) == told


def test_a_file_that_should_have_been_there_for_a_month_is_told(data: DataFolder, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(programs(3), "utf-8")
    assert command(data.root, "add", str(tmp_path / "list.csv"), "--retrieved", "2025-01-01").code == 0
    due = dt.date(2026, 1, 1)
    assert list(events.overdue(data, due + dt.timedelta(days=30))) == []
    [message] = events.overdue(data, due + dt.timedelta(days=31))
    assert message.title.startswith("acgme, lists of programs") and str(due) in message.text


def test_a_setting_that_cannot_be_used_leaves_the_log(
    data: DataFolder, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(WEBHOOK_VARIABLE, "http://elsewhere.example.org/SECRET")
    broken.execute_in_process(instance=instance, raise_on_error=False)
    cursor, _ = look(watch.failed_runs, instance)
    assert cursor and '["log"]' in cursor


def test_a_file_is_taken_once_it_no_longer_changes(data: DataFolder, instance: dg.DagsterInstance) -> None:
    data.inbox.mkdir(parents=True)
    (data.inbox / "hub.csv").write_text(HUB[:30], "utf-8")
    cursor, requests = look(watch.dropped_files_sensor, instance)
    assert requests == []
    (data.inbox / "hub.csv").write_text(HUB, "utf-8")
    cursor, requests = look(watch.dropped_files_sensor, instance, cursor)
    assert requests == []
    cursor, [request] = look(watch.dropped_files_sensor, instance, cursor)
    assert request.run_config == inbox_config(watch.waiting(data))
    _, [again] = look(watch.dropped_files_sensor, instance, cursor)
    assert again.run_key == request.run_key  # Dagster launches it once


def test_while_a_run_takes_files_no_other_is_asked_for(data: DataFolder, instance: dg.DagsterInstance) -> None:
    data.inbox.mkdir(parents=True)
    (data.inbox / "hub.csv").write_text(HUB, "utf-8")
    cursor, _ = look(watch.dropped_files_sensor, instance)
    instance.create_run_for_job(defs.resolve_job_def(watch.INBOX_JOB), status=dg.DagsterRunStatus.STARTED)
    assert look(watch.dropped_files_sensor, instance, cursor)[1] == []


def test_a_refused_file_is_told_while_it_lies_there(data: DataFolder) -> None:
    (data.inbox / "refused").mkdir(parents=True)
    why = data.inbox / "refused" / "20261201T060000-photo.jpg.why.txt"
    why.write_text("refused: photo.jpg: of no known source\n", "utf-8")
    [message] = events.refused_files(data)
    assert message.title == "20261201T060000-photo.jpg was refused" and "of no known source" in message.text
    why.unlink()
    assert list(events.refused_files(data)) == []
