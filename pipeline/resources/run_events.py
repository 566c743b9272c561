"""What Dagster's events tell of the steps of a run, for its log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import dagster as dg

from pipeline.release.runs.summary import StepRun
from pipeline.resources.run_failure import failure
from pipeline.resources.run_log import RunLog


def see(log: RunLog, event: Any) -> None:
    """Take up one event of Dagster's in the log of its run."""
    step = log.steps.get(event.step_key or "")
    log.failed = log.failed or failure(event)
    if step is None:
        return
    if event.event_type_value == dg.DagsterEventType.ASSET_MATERIALIZATION.value:
        found = {name: getattr(value, "value", value) for name, value in event.materialization.metadata.items()}
        log.release_id = str(found.get("release_id") or log.release_id)
        step = _with(step, event.materialization.asset_key.path[-1], found)
    elif event.event_type_value == dg.DagsterEventType.STEP_SUCCESS.value:
        took = round(event.step_success_data.duration_ms / 1000, 3)
        step = replace(step, state="succeeded", seconds=max(step.seconds, took))  # longer: made ahead of its turn
    elif event.event_type_value == dg.DagsterEventType.STEP_FAILURE.value:
        step = replace(step, state="failed")
    log.steps[step.name] = step


def _with(step: StepRun, table: str, found: Mapping[str, Any]) -> StepRun:
    """Return the step with what the metadata of one of its tables tell."""
    rows, reasons = found.get("dagster/row_count"), found.get("made_anew_for")
    quarantined = found.get("quarantined_by_reason")
    return replace(
        step,
        reused=found.get("reused"),
        seconds=found.get("seconds") or 0.0,
        peak_megabytes=found.get("peak_megabytes") or 0,
        made_anew_for=tuple(map(str, reasons)) if isinstance(reasons, list | tuple) else (),
        rows=step.rows if rows is None else {**step.rows, table: int(rows)},
        quarantined=dict(quarantined) if isinstance(quarantined, Mapping) else step.quarantined,
    )
