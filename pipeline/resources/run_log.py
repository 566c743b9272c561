"""What a run reports while it goes on, gathered from Dagster's events, and written down when it ends, however it ends."""

from __future__ import annotations

import builtins
import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import dagster as dg

from pipeline.errors import system_message
from pipeline.release.gate import GateError
from pipeline.release.remote import StoreError
from pipeline.release.runs.files import write_run
from pipeline.release.runs.summary import Run, StepRun, summary
from pipeline.resources.work import Work
from pipeline.schemas.frames import empty_frame
from pipeline.settings import DataFolder

RELEASE: Final = "release"
FAILED: Final = "the refresh failed, and the last release is untouched"
_BROKEN_OFF: Final = "the run was broken off"
_SNAPSHOTS: Final = "snapshots"


@dataclass
class RunLog:
    """The steps of a run so far, in the order in which they are to run or did."""

    steps: dict[str, StepRun]
    failed: str = ""
    release_id: str = ""
    began: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))

    @classmethod
    def of(cls, names: Iterable[str]) -> RunLog:
        """Return the log of a run of these steps that begins now."""
        return cls({name: StepRun(name) for name in names})

    def see(self, event: Any) -> None:
        """Take up one event of Dagster's."""
        step = self.steps.get(event.step_key or "")
        self.failed = self.failed or failure(event)
        if step is None:
            return
        if event.event_type_value == dg.DagsterEventType.ASSET_MATERIALIZATION.value:
            step = self._with(step, event.materialization)
        elif event.event_type_value == dg.DagsterEventType.STEP_SUCCESS.value:
            took = round(event.step_success_data.duration_ms / 1000, 3)
            step = replace(step, state="succeeded", seconds=max(step.seconds, took))  # longer: made ahead of its turn
        elif event.event_type_value == dg.DagsterEventType.STEP_FAILURE.value:
            step = replace(step, state="failed")
        self.steps[step.name] = step

    def write(self, data: DataFolder, run_id: str, job: str) -> None:
        """Write the summary of the run, which has ended, and its page."""
        done = self.steps[RELEASE].state == "succeeded"
        failed = self.failed if self.failed or done else _BROKEN_OFF
        run = Run(run_id, job, self.began, dt.datetime.now(dt.UTC), tuple(self.steps.values()), failed, self.release_id)
        looked = self.steps[_SNAPSHOTS].state == "succeeded" if _SNAPSHOTS in self.steps else False
        snapshots = Work(data.work).table(_SNAPSHOTS).frame() if looked else empty_frame(_SNAPSHOTS)
        write_run(summary(run, data, snapshots), data)

    def _with(self, step: StepRun, made: dg.AssetMaterialization) -> StepRun:
        found: dict[str, Any] = {name: getattr(value, "value", value) for name, value in made.metadata.items()}
        self.release_id = str(found.get("release_id") or self.release_id)
        table, rows = made.asset_key.path[-1], found.get("dagster/row_count")
        reasons, quarantined = found.get("made_anew_for"), found.get("quarantined_by_reason")
        return replace(
            step,
            reused=found.get("reused"),
            seconds=found.get("seconds") or 0.0,
            peak_megabytes=found.get("peak_megabytes") or 0,
            made_anew_for=tuple(map(str, reasons)) if isinstance(reasons, list | tuple) else (),
            rows=step.rows if rows is None else {**step.rows, table: int(rows)},
            quarantined=dict(quarantined) if isinstance(quarantined, Mapping) else step.quarantined,
        )


def failure(event: Any) -> str:
    """Return in a line what failed, of an event that tells of a failed step or of a blocking check; "" for any other event."""
    if event.event_type_value == dg.DagsterEventType.ASSET_CHECK_EVALUATION.value:
        check = event.asset_check_evaluation_data
        if check.passed or not check.blocking:
            return ""
        found = [str(entry.value) for key, entry in check.metadata.items() if key in {"violations", "problems"}]
        return f"{FAILED}: check {check.check_name} of {check.asset_key.to_user_string()}: {'; '.join(found)}"
    if not event.is_step_failure:
        return ""
    error = event.step_failure_data.error
    while error.cause is not None and (error.cls_name or "").startswith("Dagster"):
        error = error.cause
    return _line_of(event.step_key, error.cls_name or "", error.message)


def _line_of(step: str, kind: str, message: str) -> str:
    """Return the message of an error in one line; for one of the system what to do, too. kind: name of the error's class."""
    found = re.sub(rf"^[\w.]*\b{re.escape(kind)}: ", "", message.strip())
    if kind == StoreError.__name__:
        return found  # the release is made, and is `latest` here
    if kind == GateError.__name__:
        return f"{FAILED}: {found}"
    known = getattr(builtins, kind, None)
    of_system = isinstance(known, type) and issubclass(known, OSError)
    return f"{FAILED}: step {step}: {system_message(found) if of_system else found}"
