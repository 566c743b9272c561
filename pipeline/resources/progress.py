"""How a run of Dagster's shows its progress: by its own events."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import dagster as dg

from pipeline.resources.steps_shown import StepsShown

_STARTED: Final = "STEP_START"
_ENDED: Final = frozenset({"STEP_SUCCESS", "STEP_FAILURE", "STEP_SKIPPED"})
_LOGGER: Final = "h1b_sponsors.run"


class _StepHandler(logging.Handler):
    """Tells what shows the steps which begin and end."""

    def __init__(self, steps: StepsShown) -> None:
        super().__init__(logging.DEBUG)
        self.steps = steps

    def emit(self, record: logging.LogRecord) -> None:
        """Show one event."""
        event = _event_of(record)
        if event is None or event.step_key is None:
            return
        if event.event_type_value == _STARTED:
            self.steps.begun(event.step_key)
        if event.event_type_value in _ENDED:
            how = event.event_type_value.removeprefix("STEP_").lower()
            self.steps.ended(event.step_key, "" if how == "success" else how)


def _event_of(record: logging.LogRecord) -> Any:
    meta = getattr(record, "dagster_meta", None)
    return (meta or {}).get("dagster_event")


@contextmanager
def shown(steps: StepsShown) -> Iterator[None]:
    """Have the steps of this process's runs shown while the context lasts."""
    handler = _StepHandler(steps)
    logger = logging.getLogger(_LOGGER)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


@dg.logger
def step_logger(_context: dg.InitLoggerContext) -> logging.Logger:
    """Return the logger of all runs: silent but for warnings and errors, unless `shown` listens."""
    logger = logging.getLogger(_LOGGER)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    return logger
