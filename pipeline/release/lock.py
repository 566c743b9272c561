"""One refresh at a time on a data folder, whoever starts it: two would write the same tables of the work folder.

What belongs here: the lock. It is the operating system's (flock), so that it goes with the process that holds it, however that ends.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

from pipeline.errors import UserError

_NAME: Final = ".lock"
# Folders that a process holds, with its number: the command line does while the run that it starts asks again, in that process.
_held: Final[dict[Path, int]] = {}


class BusyError(UserError):
    """Another refresh runs on the data folder: one line that says which."""


@contextmanager
def alone(curated: Path, starter: str, waiting: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the lock of the folder `curated` while the context lasts; within it the same process may ask again.

    starter: who holds it, for others to read. Where another process holds it, `waiting` is called with a line that says which
    one, and then the lock is waited for; without `waiting` BusyError is raised at once. Raises OSError where the folder
    can't be written.
    """
    place = curated.resolve()
    if _held.get(place) == os.getpid():
        yield
        return
    place.mkdir(parents=True, exist_ok=True)
    with (place / _NAME).open("a+", encoding="utf-8") as handle:
        _take(handle, place, waiting)
        handle.truncate(0)
        handle.write(f"{starter}, process {os.getpid()}")
        handle.flush()
        _held[place] = os.getpid()
        try:
            yield
        finally:
            _held.pop(place, None)
            with contextlib.suppress(OSError):  # a full disk must not hide what happened within
                handle.truncate(0)


def _take(handle: TextIO, place: Path, waiting: Callable[[str], None] | None) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        handle.seek(0)
        holder = " ".join(handle.read(200).split()) or "another process"
        line = f"another refresh is running on {place.parent} ({holder})"
        if waiting is None:
            raise BusyError(f"{line}. Wait for it, or look at h1b-sponsors status") from error
        waiting(line)
        fcntl.flock(handle, fcntl.LOCK_EX)
