"""The sensors: on wherever Dagster's daemon runs. Most tell an event once, to the log and to the channels that the operator has set;
others begin runs."""

# No `from __future__ import annotations`: Dagster reads the type of a context from its annotation.
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

import dagster as dg

from pipeline.applicants.inbox import waiting
from pipeline.errors import UserError
from pipeline.notify.channels import channels
from pipeline.notify.delivery import deliver, deliveries_text, read_deliveries
from pipeline.notify.message import Message
from pipeline.notify.settings import NotifySettings, notify_settings
from pipeline.sensors import events
from pipeline.settings import data_folder

_MINUTE: Final = 60
_HOUR: Final = 3_600
INBOX_JOB: Final = "inbox_and_refresh"
_UNDER_WAY: Final = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]
Look = Callable[[dg.SensorEvaluationContext], Iterable[Message]]


def watcher(name: str, seconds: int, description: str, look: Look) -> dg.SensorDefinition:
    """Make a sensor that tells of what `look` finds, each event once. seconds: from one look to the next."""

    @dg.sensor(
        name=name,
        minimum_interval_seconds=seconds,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=description,
    )
    def watch(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        try:
            settings = notify_settings()
        except UserError as error:
            context.log.error(f"{error}. Until then messages go to the log alone")
            settings = NotifySettings()
        before = read_deliveries(context.cursor)
        delivered = deliver(look(context), before, channels(settings), settings.secrets, context.log.warning)
        news = sum(delivered[key] != before.get(key) for key in delivered)
        return dg.SensorResult(
            cursor=deliveries_text(delivered), skip_reason=f"{len(delivered)} events stand, {news} delivered now"
        )

    return watch


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


failed_runs = watcher(
    "failed_runs",
    _MINUTE,
    "A run has failed, and is not tried again.",
    lambda context: events.failed_runs(context.instance, _now()),
)
held_snapshots = watcher(
    "held_snapshots",
    15 * _MINUTE,
    "A file is held back, since it is unlike the one before it.",
    lambda _: events.held_snapshots(data_folder()),
)
old_law = watcher("old_law", 6 * _HOUR, "The law was read too long ago.", lambda _: events.old_law(_now().date()))
overdue_sources = watcher(
    "overdue_sources",
    6 * _HOUR,
    "A newer file of a source should have been there for a month.",
    lambda _: events.overdue(data_folder(), _now().date()),
)
refused_files = watcher(
    "refused_files",
    _MINUTE,
    "A file that was dropped into the inbox was refused.",
    lambda _: events.refused_files(data_folder()),
)


@dg.sensor(
    job_name=INBOX_JOB,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="A file lies in inbox/ of the data folder, and has not changed since the last look: it is taken, and the list refreshed.",
)
def dropped_files_sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult:
    """Request a run that takes what has come whole; for what stays in the inbox another one each hour."""
    seen, before = sorted(waiting(data_folder())), _marks(context.cursor)
    whole = [mark for mark in seen if mark in before]
    cursor = json.dumps(seen)
    if not whole:
        return dg.SensorResult(cursor=cursor, skip_reason=f"{len(seen)} files in the inbox, none has come whole")
    if context.instance.get_runs_count(dg.RunsFilter(job_name=INBOX_JOB, statuses=_UNDER_WAY)):
        return dg.SensorResult(cursor=cursor, skip_reason="a run is taking files already")
    digest = hashlib.sha256("".join(whole).encode()).hexdigest()[:32]
    request = dg.RunRequest(run_key=f"{digest} {_now():%Y-%m-%d %H}", run_config=inbox_config(whole))
    return dg.SensorResult(cursor=cursor, run_requests=[request])


def forgotten_runs_sensor(jobs: Sequence[Any]) -> dg.SensorDefinition:
    """Make the sensor that begins runs of `jobs` once more which Dagster meant to try again and forgot."""
    names = {job.name for job in jobs}

    @dg.sensor(
        name="forgotten_runs",
        jobs=jobs,
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="A run whose process was killed, and which Dagster did not try again: it is begun once more.",
    )
    def begin_again(context: dg.SensorEvaluationContext) -> Iterator[dg.RunRequest]:
        for run in events.forgotten_runs(context.instance, _now()):
            if run.job_name in names:
                tags = {events.BEGUN_FOR: run.run_id, "dagster/max_retries": "0"}
                yield dg.RunRequest(run.run_id, run.run_config, tags, job_name=run.job_name)

    return begin_again


def inbox_config(marks: Iterable[str]) -> dict[str, Any]:
    """Return the configuration of a run that takes the files of these marks."""
    return {"loggers": {"console": {}}, "ops": {"dropped_files": {"config": {"marks": list(marks)}}}}


def _marks(cursor: str | None) -> set[str]:
    try:
        return set(json.loads(cursor or "[]"))
    except (ValueError, TypeError):
        return set()


SENSORS: Final = [failed_runs, held_snapshots, old_law, overdue_sources, refused_files, dropped_files_sensor]
