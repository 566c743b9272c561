"""One fetch of a kind at a time on a data folder, and the folder for what is on its way into the archive."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import UserError


class FetchError(UserError):
    """A fetch that can't begin: one line with what to do."""


@contextmanager
def only_run(folder: Path, name: str = ".lock") -> Iterator[None]:
    """Hold the lock `name` of a folder of fetches. Raises FetchError where another run holds it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FetchError("another fetch is running on this data folder. Wait for it") from error
        yield


def emptied(folder: Path) -> Path:
    """Return the folder, without what a killed run has left in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
