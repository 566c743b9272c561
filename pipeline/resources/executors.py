"""How the steps of a run are executed: in this process, unless H1B_EXECUTOR says otherwise, with the settings of the file that
H1B_EXECUTOR_CONFIG names; and one run at a time on a data folder."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final, cast

import dagster as dg

from pipeline.release.lock import alone
from pipeline.resources.alive import hold
from pipeline.resources.data import openers_of
from pipeline.resources.launcher import HELD_FILE
from pipeline.resources.run_events import see
from pipeline.resources.run_log import RunLog
from pipeline.settings import data_folder
from pipeline.steps.ahead import EXECUTOR_CONFIG_VARIABLE, EXECUTOR_VARIABLE, made_ahead
from pipeline.steps.catalogue import RELEASE, STEPS
from pipeline.steps.step import Openers
from pipeline.steps.work import SNAPSHOTS

_IN_PROCESS: Final = "in_process"
_BUILT_IN: Final = {_IN_PROCESS: dg.in_process_executor, "multiprocess": dg.multiprocess_executor}


def chosen_executor() -> dg.ExecutorDefinition:
    """Return the executor that H1B_EXECUTOR names: `in_process` (default), `multiprocess`, or `module:attribute` of an installed
    one, e.g. `dagster_celery:celery_executor`. It waits while another refresh runs on the data folder.

    H1B_EXECUTOR_CONFIG names a YAML file with its settings below `execution: config:`, as a run's configuration and the workers of
    dagster-celery have them; without one they are those of each run. Raises ValueError for anything else.
    """
    executor = _one_at_a_time(_named(os.environ.get(EXECUTOR_VARIABLE, "").strip() or _IN_PROCESS))
    file = os.environ.get(EXECUTOR_CONFIG_VARIABLE, "").strip()
    return executor.configured(_settings(file), name=executor.name) if file else executor


def _settings(file: str) -> dict[str, Any]:
    """Return what the YAML file holds below `execution: config:`. Raises ValueError where it holds no such thing."""
    try:
        settings = dg.config_from_files([file])["execution"]["config"]
    except (OSError, dg.DagsterError, KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"{EXECUTOR_CONFIG_VARIABLE}={file!r}: no YAML file with settings below execution: config:"
        ) from error
    if not isinstance(settings, dict):
        raise ValueError(
            f"{EXECUTOR_CONFIG_VARIABLE}={file!r}: the settings below execution: config: are no names with values"
        )
    return settings


def _named(name: str) -> dg.ExecutorDefinition:
    if name in _BUILT_IN:
        return _BUILT_IN[name]
    module, _, attribute = name.partition(":")
    try:
        executor = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise ValueError(
            f"{EXECUTOR_VARIABLE}={name!r}: not in_process, multiprocess or an installed module:attribute"
        ) from error
    if not isinstance(executor, dg.ExecutorDefinition):
        raise ValueError(f"{EXECUTOR_VARIABLE}={name!r} is no Dagster executor")
    return executor


def _one_at_a_time(chosen: dg.ExecutorDefinition) -> dg.ExecutorDefinition:
    """Return the executor `chosen`, whose runs hold the lock of their data folder from the first step to the last."""

    def create(init_context: dg.InitExecutorContext) -> dg.Executor:
        make = chosen.executor_creation_fn
        assert make is not None, f"{chosen.name} makes no executor"
        return _OneAtATime(make(init_context), in_process=chosen.name == _IN_PROCESS)

    return dg.ExecutorDefinition(
        name=chosen.name,
        config_schema=cast(Any, chosen.config_schema),
        requirements=chosen.get_requirements,
        executor_creation_fn=create,
        description=chosen.description,
    )


class _OneAtATime(dg.Executor):
    """Executes as `inner` does, in the process that coordinates the steps, under the lock of the data folder."""

    def __init__(self, inner: dg.Executor, *, in_process: bool) -> None:
        self.inner, self.in_process = inner, in_process

    def __getattr__(self, name: str) -> Any:
        """Return what `inner` has besides: through the context of a plan it asks this executor for its own things."""
        return getattr(self.inner, name)

    @property
    def retries(self) -> Any:
        """Whether steps are tried again, as `inner` has it."""
        return self.inner.retries

    @property
    def step_dependency_config(self) -> Any:
        """When a step may begin, as `inner` has it."""
        return self.inner.step_dependency_config

    def execute(self, plan_context: Any, execution_plan: Any) -> Iterator[Any]:
        """Execute the plan once no other refresh runs, and write down how a refresh went."""
        data, log = data_folder(), RunLog.of(execution_plan.step_keys_to_execute)
        if not plan_context.instance.is_ephemeral:  # the daemon looks whether the process is still there
            tag = {HELD_FILE: str(hold(data.curated, plan_context.run_id))}
            plan_context.instance.add_run_tags(plan_context.run_id, tag)
        with alone(data.curated, f"Dagster run {plan_context.run_id}", plan_context.log.warning):
            try:
                with ExitStack() as copies:
                    for event in self.inner.execute(plan_context, execution_plan):
                        see(log, event)
                        yield event
                        if event.is_step_success and event.step_key == SNAPSHOTS and self._to_begin(log):
                            copies.enter_context(made_ahead(copies.enter_context(_opened(plan_context))))
            finally:
                if RELEASE in log.steps:  # a run of some steps alone is no refresh
                    warning = log.try_to_write(data, plan_context.run_id, plan_context.dagster_run.job_name)
                    if warning:
                        plan_context.log.warning(warning)

    def _to_begin(self, log: RunLog) -> bool:
        """Tell whether a copy of this process should make steps ahead: in a run of all steps."""
        return self.in_process and STEPS.keys() <= log.steps.keys()


@contextmanager
def _opened(plan_context: Any) -> Iterator[Openers]:
    """Yield what opens things as the resources of the run do."""
    job, config = plan_context.job.get_definition(), plan_context.run_config.get("resources", {})
    run = plan_context.dagster_run
    with dg.build_resources(job.resource_defs, plan_context.instance, config, dagster_run=run) as resources:
        yield openers_of(resources)
