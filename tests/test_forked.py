"""Work in a copy of the process: its result, what it raises, and that nothing of it stays."""

from __future__ import annotations

import io
import os
import signal
import sys
import time

import pandas as pd
import pytest

from pipeline import forked as module
from pipeline.forked import forked


@pytest.fixture(params=[1, 2])
def cores(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Machines with one core and with several."""
    monkeypatch.setattr(module, "_CORES", request.param)
    return request.param


def test_the_result_is_that_of_the_call(cores: int) -> None:
    frame = pd.DataFrame({"name": ["A", None], "parts": [["x"], []]})
    with forked(frame.tail, 1) as answer:
        pd.testing.assert_frame_equal(answer(), frame.tail(1))


def test_what_it_raises_is_raised_where_it_is_asked_for(cores: int) -> None:
    with forked(divmod, 7, 0) as answer, pytest.raises(ZeroDivisionError):
        answer()


def test_one_copy_works_while_this_process_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CORES", 2)
    with forked(os.getpid) as answer:
        assert answer() != os.getpid()


def test_a_large_result_comes_whole(cores: int) -> None:
    with forked(bytes, 5_000_000) as answer:
        assert len(answer()) == 5_000_000


def test_what_a_copy_that_is_ended_was_to_do_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CORES", 2)
    here = os.getpid()
    with forked(_end_unless, here) as answer:
        assert answer() == here


def test_where_no_copy_can_be_made_the_call_is_made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(module, "_CORES", 2)
    monkeypatch.setattr(os, "fork", refuse)
    with forked(os.getpid) as answer:
        assert answer() == os.getpid()


def test_a_copy_writes_to_the_standard_streams_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CORES", 2)
    monkeypatch.setattr(sys, "stderr", io.StringIO())  # as a bar of progress stands in for it, whose lock may be held
    with forked(_has_own_streams) as answer:
        assert answer()


def test_what_nobody_asks_for_ends_with_the_context(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CORES", 2)
    fork, copies = os.fork, []
    monkeypatch.setattr(os, "fork", lambda: copies.append(fork()) or copies[-1])
    begun = time.monotonic()
    with pytest.raises(KeyError), forked(time.sleep, 60):
        raise KeyError
    assert time.monotonic() - begun < 30 and len(copies) == 1
    with pytest.raises(ChildProcessError):
        os.waitpid(copies[0], os.WNOHANG)  # it is no child any more


def test_a_copy_ends_with_the_process_that_it_is_of() -> None:
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        module._CORES = 2
        with forked(_tell_and_sleep, writer):
            signal.pause()
    told = os.read(reader, 20)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(writer)
    assert told and os.read(reader, 1) == b""  # nobody holds the other end any more


def _tell_and_sleep(writer: int) -> None:
    os.write(writer, b"here")
    time.sleep(60)


def _end_unless(pid: int) -> int:
    if os.getpid() != pid:
        os._exit(3)
    return pid


def _has_own_streams() -> bool:
    return sys.stdout is sys.__stdout__ and sys.stderr is sys.__stderr__
