"""Why a run failed, in a line, from Dagster's events: those of a run that has ended here, and those that its instance keeps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import dagster as dg

from pipeline.steps.failure import of_check, of_error

_EXITED: Final = "unexpectedly exited"


def cause(events: Iterable[dg.DagsterEvent]) -> str:
    """Return in a line why a run failed, "" where none of its events says so.

    A check says more than the step that it stops, a step more than the end of the run. Of a run that could not begin, or whose
    process ended, its end may say nothing: then what its launcher met says it.
    """
    everything = sorted(events, key=lambda event: (event.is_run_failure, event.is_step_failure))
    met = (event.message for event in everything if _is_trouble(event))
    ended = (event.message for event in everything if event.is_run_failure)
    return next((why for why in (*map(failure, everything), *met, *ended) if why), "")


def failure(event: Any) -> str:
    """Return in a line what failed, of an event that tells of a failed step, of a blocking check, or of an error that ended the run
    outside of its steps; "" for any other event."""
    if event.event_type_value == dg.DagsterEventType.ASSET_CHECK_EVALUATION.value:
        check = event.asset_check_evaluation_data
        if check.passed or not check.blocking:
            return ""
        found = [str(entry.value) for key, entry in check.metadata.items() if key in {"violations", "problems"}]
        return of_check(check.check_name, check.asset_key.to_user_string(), found)
    if event.is_step_failure:
        return _line_of(f"step {event.step_key}: ", event.step_failure_data.error)
    ended = event.event_specific_data if event.is_run_failure else None  # none where somebody else marked the run
    if ended is not None and ended.error:
        return _line_of("", ended.error)
    return ""


def _is_trouble(event: dg.DagsterEvent) -> bool:
    if not event.is_engine_event:
        return False
    return event.engine_event_data.error is not None or _EXITED in (event.message or "")


def _line_of(place: str, error: Any) -> str:
    """Return `of_error` of an error, Dagster's own wrappings left out."""
    while error.cause is not None and (error.cls_name or "").startswith("Dagster"):
        error = error.cause
    return of_error(place, error.cls_name or "", error.message)
