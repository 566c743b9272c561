"""How the steps of a run are executed: in this process, unless H1B_EXECUTOR says otherwise."""

from __future__ import annotations

import importlib
import os
from typing import Final

import dagster as dg

VARIABLE: Final = "H1B_EXECUTOR"
_BUILT_IN: Final = {"in_process": dg.in_process_executor, "multiprocess": dg.multiprocess_executor}


def chosen_executor() -> dg.ExecutorDefinition:
    """Return the executor that H1B_EXECUTOR names: `in_process` (default), `multiprocess`, or `module:attribute` of an installed
    one, e.g. `dagster_celery:celery_executor`.

    Raises ValueError for anything else.
    """
    name = os.environ.get(VARIABLE, "").strip() or "in_process"
    if name in _BUILT_IN:
        return _BUILT_IN[name]
    module, _, attribute = name.partition(":")
    try:
        executor = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise ValueError(
            f"{VARIABLE}={name!r}: not in_process, multiprocess or an installed module:attribute"
        ) from error
    if not isinstance(executor, dg.ExecutorDefinition):
        raise ValueError(f"{VARIABLE}={name!r} is no Dagster executor")
    return executor
