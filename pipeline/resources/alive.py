"""Whether the process of a run is still there: it holds the lock of a file of its own until it ends, however it ends.

What belongs here: that lock. It is the operating system's (flock), so that it goes with the process, also with one in another container
that has the same data folder; a process number says nothing there, and may soon be another's.
"""

from __future__ import annotations

import fcntl
import re
import time
from pathlib import Path
from typing import Final, TextIO

_FOLDER: Final = ".running"
_OLD: Final = 86_400.0  # seconds: one that was just made may not be held yet
# Never closed: between the last step and the event that ends the run the process must not seem gone.
_held: Final[list[TextIO]] = []


def hold(curated: Path, run_id: str) -> Path:
    """Hold the file of a run in the folder `curated` until this process ends, and return its path. Old ones that nobody holds are removed.

    Raises OSError where the folder can't be written.
    """
    folder = curated.resolve() / _FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.iterdir():
        if time.time() - left.stat().st_mtime > _OLD and not is_held(left):
            left.unlink(missing_ok=True)
    path = folder / re.sub(r"[^\w-]", "_", run_id)
    handle = path.open("a", encoding="utf-8")
    fcntl.flock(handle, fcntl.LOCK_EX)
    _held.append(handle)
    return path


def is_held(path: Path) -> bool:
    """Decide whether a process holds the file; one that is not there is held by nobody."""
    try:
        with path.open("r", encoding="utf-8") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False
