"""What may happen to a process: it is killed before an operation on a file, or at some moment, or its disk is full."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

# What a process does to files: a kill before any of these leaves another state behind.
TOUCHES = frozenset({"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.symlink", "shutil.rmtree"})


def in_child(work: Callable[[], object]) -> tuple[int, object]:
    """Run `work` in a copy of this process, which may be limited or killed without harm to the tests; the modules are loaded
    already. Returns the number of the signal that ended it, 0 for none, and what `work` returned."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.close(reader)
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            os.dup2(null, 2)
            with os.fdopen(writer, "wb") as answer:
                pickle.dump(work(), answer)
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        said = answer.read()
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, pickle.loads(said) if said else None


def die_at(touch: int | None) -> list[str]:
    """Let this process be killed before its file operation of that number. Returns a list of the operations so far."""
    touched: list[str] = []

    def count(event: str, _: object) -> None:
        if event in TOUCHES:
            touched.append(event)
            if len(touched) == touch:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    return touched


def die_after(seconds: float) -> None:
    """Let this process be killed after so many seconds, whatever it does then: also within a library that writes unheard."""
    killer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL))
    killer.daemon = True
    killer.start()


@contextmanager
def drawn_without_threads() -> Iterator[None]:
    """Let charts be empty while the context lasts: the threads that draw them don't outlive a fork, and a child would wait for them."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("vl_convert.vegalite_to_svg", lambda _: '<svg class="marks" width="10" height="10"></svg>')
        yield


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    """Mount a file system of `size` (as `300k`) at `place` while the context lasts. Skips the test where nobody may."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    try:
        yield place
    finally:
        gc.collect()  # the tracebacks of what failed may hold files open
        subprocess.run(["umount", str(place)], check=True)
