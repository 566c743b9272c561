"""How a run shows its progress: a bar on a terminal, plain lines elsewhere. Fed by Dagster's own events."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import dagster as dg
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

_STARTED: Final = "STEP_START"
_ENDED: Final = frozenset({"STEP_SUCCESS", "STEP_FAILURE", "STEP_SKIPPED"})
_LOGGER: Final = "h1b_sponsors.run"


class _StepHandler(logging.Handler):
    """Prints a line for each step that ends, or moves a bar on."""

    def __init__(self, console: Console, steps: int) -> None:
        super().__init__(logging.DEBUG)
        self.console, self.done, self.steps = console, 0, steps
        self.progress: Progress | None = None
        if console.is_terminal:
            self.progress = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=console,
                transient=True,
            )
            self.task = self.progress.add_task("starting", total=steps)

    def emit(self, record: logging.LogRecord) -> None:
        """Show one event."""
        event = _event_of(record)
        if event is None or event.step_key is None:
            return
        if event.event_type_value == _STARTED and self.progress:
            self.progress.update(self.task, description=event.step_key)
        if event.event_type_value not in _ENDED:
            return
        self.done += 1
        if self.progress:
            self.progress.update(self.task, completed=self.done)
        else:
            word = (
                ""
                if event.event_type_value == "STEP_SUCCESS"
                else f" ({event.event_type_value.removeprefix('STEP_').lower()})"
            )
            self.console.print(f"{self.done:>3}/{self.steps} {event.step_key}{word}", soft_wrap=True)


def _event_of(record: logging.LogRecord) -> Any:
    meta = getattr(record, "dagster_meta", None)
    return (meta or {}).get("dagster_event")


@contextmanager
def shown(console: Console, steps: int) -> Iterator[None]:
    """Show the runs of this process on `console` while the context lasts."""
    handler = _StepHandler(console, steps)
    logger = logging.getLogger(_LOGGER)
    logger.addHandler(handler)
    try:
        if handler.progress:
            with handler.progress:
                yield
        else:
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
