"""Work on the other core: a function called in a copy of this process, while this one goes on.

What belongs here: how the copy is made, queried and ended. Fit for functions that return something: what they do to objects stays in
the copy, which may be ended at any moment, so that they write files whole or not at all.
"""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import IO, Final, NoReturn, TypeVar

Result = TypeVar("Result")
_PR_SET_PDEATHSIG: Final = 1  # prctl(2)
_CORES: Final = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


@contextmanager
def forked(function: Callable[..., Result], *arguments: object) -> Iterator[Callable[[], Result]]:
    """Call `function` in a copy of this process; yield what waits for its result and returns it, once.

    Where the copy can't be made, fails or is ended, as where memory is short, the function is called here: what it raises is raised when
    the result is asked for. So it is on a system with one core, or where copies of a process are not safe (macOS). A copy whose result
    nobody has asked for is ended with the context.
    """
    work = partial(function, *arguments)
    begun = _begin(work)
    if begun is None:
        yield work
        return
    child, reader = begun
    with os.fdopen(reader, "rb") as answer:
        try:
            yield partial(_received, answer, work)
        finally:
            os.kill(child, signal.SIGKILL)  # it has answered, or its result is not wanted
            os.waitpid(child, 0)


def _begin(work: Callable[[], object]) -> tuple[int, int] | None:
    """Begin a copy that does the work; return its process id and the pipe to read its answer from. None where there can be no copy."""
    if _CORES < 2:
        return None
    reader, writer = os.pipe()
    try:
        child = os.fork()
    except OSError:  # no process to spare, or no memory for one
        os.close(reader)
        os.close(writer)
        return None
    if not child:
        _answer(writer, work)
    os.close(writer)
    return child, reader


def _answer(writer: int, work: Callable[[], object]) -> NoReturn:
    """Write what `work` returns, nothing where it fails, and end this process, which ends with the one that it is a copy of: it holds
    copies of its locks."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        # A bar of progress may stand in for these, and its lock be held by a thread that is not copied.
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
        with os.fdopen(writer, "wb") as answer:
            pickle.dump(work(), answer, pickle.HIGHEST_PROTOCOL)
    finally:
        os._exit(0)


def _received(answer: IO[bytes], work: Callable[[], Result]) -> Result:
    """Return what the copy wrote, else what `work` returns here."""
    try:
        return pickle.load(answer)  # written by our own code
    except (EOFError, pickle.UnpicklingError):
        return work()
