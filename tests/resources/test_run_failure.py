"""Why a run failed is said in a line: by its check or step, else by what ended it, of real events of Dagster's."""

# No `from __future__ import annotations`: Dagster looks at annotations themselves.
from collections.abc import Iterator
from typing import Any

import dagster as dg
import pytest

from pipeline.resources.run_failure import cause, failure
from pipeline.steps.failure import FAILED


class Refusing(dg.ConfigurableResource):
    """A resource that can't be made ready."""

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        raise PermissionError(13, "Permission denied", "/data/raw")


class Dying(dg.Executor):
    """An executor that breaks between steps."""

    retries: Any = None
    step_dependency_config: Any = None

    def execute(self, plan_context: Any, execution_plan: Any) -> Iterator[Any]:
        yield from ()
        raise OSError(28, "No space left on device")


@dg.op
def breaks() -> None:
    raise ValueError("row 7:\n no state")


@dg.op
def needs(refusing: Refusing) -> None: ...


@dg.asset(check_specs=[dg.AssetCheckSpec("whole", asset="checked", blocking=True)])
def checked() -> Iterator[dg.MaterializeResult[Any]]:
    found = dg.AssetCheckResult(passed=False, check_name="whole", metadata={"problems": ["no rows"]})
    yield dg.MaterializeResult(check_results=[found])


@dg.asset(deps=[checked])
def after() -> None: ...


@dg.job(executor_def=dg.in_process_executor)
def step_fails() -> None:
    breaks()


@dg.job(resource_defs={"refusing": Refusing()}, executor_def=dg.in_process_executor)
def resource_fails() -> None:
    needs()


@dg.executor(name="dying")
def dying(_context: dg.InitExecutorContext) -> dg.Executor:
    return Dying()


@dg.job(executor_def=dying)
def executor_fails() -> None:
    breaks()


check_fails = dg.Definitions(
    assets=[checked, after], jobs=[dg.define_asset_job("check_fails")], executor=dg.in_process_executor
).resolve_job_def("check_fails")

CAUSES = {
    "step_fails": "step breaks: row 7: no state",
    "resource_fails": "[Errno 13] Permission denied: '/data/raw'. Check the path, its owner and mode",
    "executor_fails": "[Errno 28] No space left on device. The disk is full: free some space",
    "check_fails": "check whole of checked: ['no rows']",
}


@pytest.mark.parametrize("name", CAUSES)
def test_the_real_cause_is_said(name: str) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        job = dg.build_reconstructable_job("tests.resources.test_run_failure", "job_of", (name,))
        events = dg.execute_job(job, instance=instance, raise_on_error=False).all_events
    assert cause(events) == f"{FAILED}: {CAUSES[name]}"


def job_of(name: str) -> dg.JobDefinition:
    """Return the job of that name, for the process that runs it."""
    job = globals()[name]
    assert isinstance(job, dg.JobDefinition)
    return job


def test_of_a_run_that_could_not_begin_its_launcher_says_why() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        run = instance.create_run_for_job(step_fails)
        instance.report_engine_event("The process of the run unexpectedly exited with exit code -9.", run)
        instance.report_run_failed(run, "Detected run worker status NOT_FOUND")
        events = [entry.dagster_event for entry in instance.all_logs(run.run_id) if entry.dagster_event]
    assert cause(events) == "The process of the run unexpectedly exited with exit code -9."
    assert cause(events[-1:]) == "Detected run worker status NOT_FOUND"
    assert cause([]) == "" and not any(map(failure, events))
