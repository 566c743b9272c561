"""How `h1b-sponsors refresh` runs the steps: itself, which takes no Dagster, or as a run of Dagster's where its instance is to show it."""

from __future__ import annotations

import datetime as dt
import gc
import os
import signal
import uuid
from dataclasses import dataclass
from typing import Final

from pipeline.commands.console import err, fail
from pipeline.release.runs.summary import StepRun
from pipeline.resources.run_log import BROKEN_OFF, RunLog
from pipeline.resources.steps_shown import steps_shown
from pipeline.settings import DataFolder
from pipeline.steps.ahead import EXECUTOR_CONFIG_VARIABLE, EXECUTOR_VARIABLE
from pipeline.steps.catalogue import RELEASE, STEPS
from pipeline.steps.failure import FAILED, StepError
from pipeline.steps.openers import openers_of
from pipeline.steps.run import run_all

_JOB: Final = "monthly_refresh"
# With any of these the run is Dagster's.
_OF_DAGSTER: Final = ("DAGSTER_HOME", EXECUTOR_VARIABLE, EXECUTOR_CONFIG_VARIABLE)
# The daemon must not start again what a person started and broke off.
_BY_COMMAND: Final = {"dagster/max_retries": "0", "h1b_sponsors/started_by": "h1b-sponsors refresh"}


@dataclass(frozen=True)
class RefreshPlan:
    """What to run: whether pages are fetched first, the day of the release, and why a change is accepted ("" where nobody says so)."""

    fetch: bool
    as_of: dt.date
    accepted_change: str


@dataclass(frozen=True)
class Refreshed:
    """The id of the release made, those of the removed ones, and that of the one that is `latest` in the object store, "" without one."""

    release_id: str
    removed: tuple[str, ...]
    in_store: str


def run_refresh(plan: RefreshPlan, folder: DataFolder) -> Refreshed:
    """Run all steps and publish, and show them as they go. A failure ends the command with one line. The summary of the run is written,
    however it ends."""
    in_dagster = plan.fetch or any(os.environ.get(name, "").strip() for name in _OF_DAGSTER)
    return _run_in_dagster(plan) if in_dagster else _run_here(plan, folder)


def _run_here(plan: RefreshPlan, folder: DataFolder) -> Refreshed:
    run = str(uuid.uuid4())
    log = RunLog.of([*STEPS, RELEASE])
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # a service that is stopped is broken off, too
    try:
        with steps_shown(err, len(log.steps)) as shown:

            def ended(step: StepRun) -> None:
                log.steps[step.name] = step
                shown.ended(step.name, "failure" if step.state == "failed" else "")

            released = run_all(openers_of(folder, run, plan.as_of, plan.accepted_change), shown.begun, ended)
        log.release_id = released.published.release_id
        return Refreshed(log.release_id, released.published.removed, released.in_store)
    except StepError as error:
        log.failed = str(error)
        fail(log.failed)
    except KeyboardInterrupt:
        fail(f"{FAILED}: {BROKEN_OFF}")
    finally:
        signal.signal(signal.SIGTERM, before)
        if warning := log.try_to_write(folder, run, _JOB):
            err.print(warning, markup=False, soft_wrap=True)


def _run_in_dagster(plan: RefreshPlan) -> Refreshed:
    # Imported here: Dagster takes seconds to load, and nothing else here needs it.
    import dagster as dg

    from pipeline.definitions import find_job
    from pipeline.resources.progress import shown
    from pipeline.resources.run_failure import cause

    resources = {
        "clock": {"config": {"as_of": plan.as_of.isoformat()}},
        "next_release": {"config": {"accepted_change": plan.accepted_change}},
    }
    config = {"loggers": {"console": {}}, "resources": resources}
    name = "fetch_and_refresh" if plan.fetch else _JOB
    job = dg.build_reconstructable_job("pipeline.definitions", "find_job", (name,))
    gc.freeze()  # what is loaded stays: no collection looks through it, nor does the last one, which would take a second
    with (
        dg.DagsterInstance.get() if os.environ.get("DAGSTER_HOME") else dg.DagsterInstance.ephemeral() as instance,
        steps_shown(err, len(find_job(name).graph.nodes)) as steps,
        shown(steps),
    ):
        # Not execute_in_process, which doesn't ask our executor.
        result = dg.execute_job(job, instance=instance, run_config=config, tags=_BY_COMMAND, raise_on_error=False)
        if not result.success:
            fail(cause(result.all_events) or f"{FAILED}: Dagster does not say why; look at the run in dagster dev")
        [published] = result.asset_materializations_for_node(RELEASE)
        removed = published.metadata["removed_releases"].value
        made, in_store = (str(published.metadata[name].value) for name in ("release_id", "in_store"))
        return Refreshed(made, tuple(removed) if isinstance(removed, list | tuple) else (), in_store)
