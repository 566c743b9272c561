"""Sites in parallel: a thread each, all ended in order where the run is to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from typing import TypeVar

from pipeline.fetch.clock import StoppedError

Task = TypeVar("Task")


def in_parallel(work: Callable[[Task], None], tasks: Sequence[Task], at_once: int, stop: threading.Event) -> bool:
    """Do the work on each task, `at_once` at a time; returns whether it was stopped.

    A KeyboardInterrupt sets `stop` and is not raised. An error of one task sets `stop`, too, and is raised.
    """

    def unless_stopped(task: Task) -> None:
        if stop.is_set():
            raise StoppedError
        work(task)

    with ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="fetch") as pool:
        futures = [pool.submit(unless_stopped, task) for task in tasks]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
        except KeyboardInterrupt:
            stop.set()
        except BaseException:
            # Dagster's own way of breaking off; leaving the pool waits for its threads.
            stop.set()
            raise
        if any(future.done() and future.exception() is not None for future in futures):
            stop.set()
    problems = [error for future in futures if (error := future.exception()) is not None]
    for error in problems:
        if not isinstance(error, StoppedError):
            raise error
    return bool(problems)
