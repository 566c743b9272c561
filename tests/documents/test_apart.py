"""Functions in the process for hostile bytes: what they return, and that whatever ends them ends nothing else."""

from __future__ import annotations

import os
import signal
import sys
import threading

import pytest

from pipeline.documents import apart
from pipeline.documents.apart import run_apart
from pipeline.documents.unreadable import UnreadablePageError


def test_what_is_returned_and_raised_there_is_here() -> None:
    assert run_apart(divmod, 7, 2) == (3, 1)
    with pytest.raises(UnreadablePageError, match=r"a damaged document \(ZeroDivisionError: .*\)\. Download it again"):
        run_apart(divmod, 7, 0)
    assert run_apart(os.getpid) == run_apart(os.getpid) != os.getpid()


def test_what_a_library_prints_or_reads_there_disturbs_no_answer() -> None:
    assert run_apart(print, "between") is None and run_apart(os.write, 1, b"\x80\x04.") == 3
    assert run_apart(sys.getsizeof, b"") > 0


@pytest.mark.parametrize("end", [os._exit, os.abort, sys.exit])
def test_a_process_that_ends_is_one_documents_failure(end: object) -> None:
    with pytest.raises(UnreadablePageError, match="ended the reader"):
        run_apart(end, *([3] if end is os._exit else []))  # type: ignore[arg-type]
    assert run_apart(abs, -1) == 1


def test_memory_is_bounded() -> None:
    with pytest.raises(UnreadablePageError, match="MB are needed"):
        run_apart(bytes, apart.MAX_BYTES)
    assert run_apart(len, b"x" * 1_000_000) == 1_000_000


def test_time_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_apart(signal.getsignal, signal.SIGXCPU) == signal.SIG_DFL  # whatever it is at, it ends
    monkeypatch.setattr(apart, "MAX_SECONDS", 1)
    with pytest.raises(UnreadablePageError, match="not read within 1 s"):
        run_apart(pow, 3, 10**8)


def test_threads_take_turns() -> None:
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda number=number: found.append(run_apart(abs, -number))) for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(found) == set(range(8))
