"""What a run reports while it goes on, gathered from Dagster's events, and written down when it ends, however it ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

import dagster as dg

from pipeline.archive.reading import open_archive
from pipeline.fetch.due import due_by_hand
from pipeline.release.runs.files import write_run
from pipeline.release.runs.summary import Run, StepRun, summary
from pipeline.resources.run_failure import failure
from pipeline.schemas.frames import empty_frame
from pipeline.settings import DataFolder
from pipeline.steps.ahead import RELEASE
from pipeline.steps.work import SNAPSHOTS, Work

_BROKEN_OFF: Final = "the run was broken off"


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
        looked = self.steps[SNAPSHOTS].state == "succeeded" if SNAPSHOTS in self.steps else False
        snapshots = Work(data.work).table(SNAPSHOTS).frame() if looked else empty_frame(SNAPSHOTS)
        due = due_by_hand(open_archive(data.raw), run.ended_at.date())
        write_run(summary(run, data, snapshots, [asdict(one) for one in due]), data)

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
