"""One refresh at a time on a data folder, whoever starts it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.release.lock import BusyError, alone


@contextmanager
def held_elsewhere(curated: Path) -> Iterator[int]:
    """Let another process hold the folder until it is killed, here at the latest; yields its number."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        with alone(curated, "Dagster run 1f"):
            os.write(writer, b"x")
            signal.pause()
    try:
        os.read(reader, 1)
        yield child
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_a_second_one_is_told_who_holds_it(tmp_path: Path) -> None:
    with (
        held_elsewhere(tmp_path / "curated") as holder,
        pytest.raises(BusyError) as told,
        alone(tmp_path / "curated", "me"),
    ):
        pytest.fail("two at once")
    assert str(tmp_path) in str(told.value) and f"(Dagster run 1f, process {holder})" in str(told.value)


def test_a_holder_that_is_killed_frees_it_and_one_that_waits_goes_on(tmp_path: Path) -> None:
    said: list[str] = []
    with held_elsewhere(tmp_path) as holder:

        def waiting(line: str) -> None:
            said.append(line)
            os.kill(holder, signal.SIGKILL)

        with alone(tmp_path, "me", waiting):
            assert (tmp_path / ".lock").read_text("utf-8") == f"me, process {os.getpid()}"
    assert len(said) == 1 and "another refresh is running" in said[0]


def test_the_same_process_may_ask_again(tmp_path: Path) -> None:
    with alone(tmp_path, "the command"), alone(tmp_path, "its run"):
        assert "the command" in (tmp_path / ".lock").read_text("utf-8")
    with held_elsewhere(tmp_path):  # and frees it for others at its end
        pass
    with alone(tmp_path, "again"):
        pass


def test_a_failure_within_frees_it(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), alone(tmp_path, "me"):
        raise RuntimeError
    with held_elsewhere(tmp_path):
        pass
