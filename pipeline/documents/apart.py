"""Work on hostile bytes in a process of its own, with bounds on its time and memory: whatever a library does there ends there.

What belongs here: running a function apart. What is read there, and what work it is allowed, is with the readers. One process
serves all calls of ours, one after the other, and is started anew where one has died.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import pickle
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import IO, Any, Final, TypeVar

from pipeline.documents.unreadable import UnreadablePageError, damaged
from pipeline.settings import PROJECT

# No document at hand takes a third of either; what readers count (see `pdf`) ends hostile ones long before.
MAX_SECONDS: Final = 120  # of the processor: how busy the machine is decides nothing
MAX_BYTES: Final = 1 << 30  # of address space, the program's own included
_SECONDS_TO_END: Final = 2.0  # with nobody to answer it ends by itself, unless it is at work
_SERVE: Final = "from pipeline.documents.apart import serve; serve()"
_AS_PUBLISHED: Final = "Add the document as published"
_TOO_MUCH: Final = pickle.dumps(("failed", (f"more than {MAX_BYTES >> 20:,} MB are needed to read it", _AS_PUBLISHED)))
Result = TypeVar("Result")


class _Helper:
    """The process that works for this one. Not for several threads at once."""

    def __init__(self) -> None:
        path = os.pathsep.join([str(PROJECT), *(entry for entry in sys.path if entry)])
        self.owner = os.getpid()
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _SERVE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )

    @property
    def ours_and_there(self) -> bool:
        """Whether it was started by this process, which may be a copy of the one that did, and has not ended."""
        return self.owner == os.getpid() and self._process.poll() is None

    def ask(self, question: bytes) -> tuple[str, Any]:
        """Return the answer to a pickled question: `done` and a result, or `failed` and problem and remedy.

        Raises EOFError where the process died over it.
        """
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            self._process.stdin.write(question)
            self._process.stdin.flush()
            return pickle.load(self._process.stdout)  # written by our own code
        except (BrokenPipeError, pickle.UnpicklingError) as error:
            raise EOFError from error

    def end(self) -> int:
        """End the process; returns its exit code, negative where a signal ended it."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdout.close()
        with contextlib.suppress(BrokenPipeError):  # of what it never received
            self._process.stdin.close()
        try:
            return self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


_guard = threading.Lock()
_helpers: list[_Helper] = []


def run_apart(function: Callable[..., Result], *arguments: object) -> Result:
    """Return what `function` (of a module, not of another function) makes of `arguments`, in a process with bounds.

    Raises UnreadablePageError: what the function raises of that kind, and for whatever else goes wrong in it, more than
    MAX_SECONDS and MAX_BYTES among them.
    """
    question = pickle.dumps((function, arguments, MAX_SECONDS))
    with _guard:
        if not _helpers or not _helpers[0].ours_and_there:
            _helpers[:] = [_Helper()]
        helper = _helpers[0]
        try:
            kind, answer = helper.ask(question)
        except BaseException as error:
            # Also where this process is to stop: an answer that comes later would be taken for the next one's.
            _helpers.clear()
            code = helper.end()
            if isinstance(error, EOFError):
                raise _died(code) from error
            raise
    if kind == "failed":
        raise UnreadablePageError(*answer)
    return answer


def _died(code: int) -> UnreadablePageError:
    if code == -signal.SIGXCPU:
        return UnreadablePageError(f"not read within {MAX_SECONDS} s", _AS_PUBLISHED)
    return UnreadablePageError(f"reading it ended the reader (exit code {code})", _AS_PUBLISHED)


@atexit.register
def _end_helper() -> None:
    while _helpers:
        helper = _helpers.pop()
        if helper.ours_and_there:
            helper.end()


def serve() -> None:
    """Answer questions from standard input on standard output until there are no more: the other side of `run_apart`."""
    questions, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    # What a library prints must not get between the answers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the keyboard: what is under way ends where the other side ends
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit(resource.RLIMIT_AS, MAX_BYTES)
    while True:
        try:
            function, arguments, seconds = pickle.load(questions)  # written by our own code
        except EOFError:
            return
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + 1 + seconds)
        _answer(answers, function, arguments)


def _limit(kind: int, most: int) -> None:
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _answer(answers: IO[bytes], function: Callable[..., Any], arguments: tuple[object, ...]) -> None:
    try:
        answer = pickle.dumps(("done", function(*arguments)))
    except UnreadablePageError as error:
        answer = pickle.dumps(("failed", (error.problem, error.remedy)))
    except MemoryError:
        answer = _TOO_MUCH
    # Hostile bytes make libraries fail in many ways; each means the same to the person who added them.
    except Exception as error:
        failure = damaged("document", error)
        answer = pickle.dumps(("failed", (failure.problem, failure.remedy)))
    answers.write(answer)
    answers.flush()
