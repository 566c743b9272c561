"""A refresh without Dagster: all steps of the flow, on both cores, and the release."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from pipeline.archive.quarantined_rows import counted_by_reason, quarantined
from pipeline.release.runs.summary import StepRun
from pipeline.steps.ahead import make_all, make_step
from pipeline.steps.catalogue import READING, RELEASE, STEPS
from pipeline.steps.failure import StepError, of_check, of_step
from pipeline.steps.release import Released, make_release
from pipeline.steps.step import REGISTRY_CHECK, Made, Openers, reported
from pipeline.steps.work import Work

_SOURCE_OF: Final = {step.name: source for source, step in READING.items()}


def run_all(openers: Openers, begun: Callable[[str], None], ended: Callable[[StepRun], None]) -> Released:
    """Make all steps, or take over what their last run left, and publish. begun and ended are told of each step. Raises StepError."""

    @contextmanager
    def told(name: str) -> Iterator[None]:
        begun(name)
        try:
            yield
        except Exception as error:
            ended(StepRun(name, "failed"))
            raise error if isinstance(error, StepError) else StepError(of_step(name, error)) from error

    def make(name: str) -> None:
        with told(name):
            made = make_step(openers, name)
            _require_whole(made)
            ended(_step_run(name, made, openers["work"]()))

    make_all(openers, make)
    with told(RELEASE):
        released = make_release(openers)
        ended(StepRun(RELEASE, "succeeded", **_cost(released.how)))
    return released


def _require_whole(made: Made) -> None:
    """Raise StepError where a table breaks a rule of the registry."""
    for table, violations in made.broken.items():
        if violations:
            raise StepError(of_check(REGISTRY_CHECK, table, reported(violations)))


def _step_run(name: str, made: Made, work: Work) -> StepRun:
    """Return what is told of a step that has succeeded."""
    rows = {table: work.table(table).rows for table in STEPS[name].tables}
    source = _SOURCE_OF.get(name)
    left_out = counted_by_reason(quarantined(work.folder, [source])) if source else {}
    return StepRun(name, "succeeded", rows=rows, quarantined=left_out, **_cost(made.how))


def _cost(how: Mapping[str, Any]) -> dict[str, Any]:
    return {**how, "made_anew_for": tuple(how["made_anew_for"])}
