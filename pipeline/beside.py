"""Work on the other core: a function called in a copy of this process, while this one goes on.

What belongs here: how the copy is made, asked and ended. Fit for functions that only return something: what one does to files or
to objects of this process is not to be done by a copy, which ends with the process it is a copy of.
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
from typing import IO, Any, Final, NoReturn, TypeVar

Result = TypeVar("Result")
_PR_SET_PDEATHSIG: Final = 1  # prctl(2)
_CORES: Final = len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


@contextmanager
def beside(function: Callable[..., Result], *arguments: object) -> Iterator[Callable[[], Result]]:
    """Call `function` in a copy of this process; yield what waits for its result and returns it, once, or raises what it raised.

    Where the system has but one core, or a copy of a process is not safe (macOS), it is called when the result is asked for. A copy
    whose result nobody has asked for is ended with the context.
    """
    if _CORES < 2:
        yield partial(function, *arguments)
        return
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        _answer(writer, partial(function, *arguments))
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        try:
            yield partial(_received, answer, function.__name__)
        finally:
            os.kill(child, signal.SIGKILL)  # it has answered, or nobody will ask it
            os.waitpid(child, 0)


def _answer(writer: int, work: Callable[[], object]) -> NoReturn:
    """Write what `work` returns or raises, and end this process, which holds copies of the locks of the one that it is of."""
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        try:
            said: tuple[Any, BaseException | None] = (work(), None)
        except BaseException as error:
            said = (None, error)
        with os.fdopen(writer, "wb") as answer:
            pickle.dump(said, answer, pickle.HIGHEST_PROTOCOL)
    finally:
        os._exit(0)


def _received(answer: IO[bytes], name: str) -> Any:
    """Return or raise what the copy wrote. Raises ChildProcessError where it ended without a word, as where memory is short."""
    try:
        result, error = pickle.load(answer)  # written by our own code
    except EOFError:
        raise ChildProcessError(f"the process beside this one ended in {name}: is there memory enough?") from None
    if error is not None:
        raise error
    return result
