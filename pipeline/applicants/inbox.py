"""The inbox: files that somebody drops into `inbox/` of the data folder are taken as `add` takes them, then moved out of the way.

What belongs here: which files have come whole, and where they go. Nothing that is dropped is ever removed: it ends in `done/` or
`refused/`, with a text beside it that says what became of it, or stays where it is.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.applicants.taken import outcome_line, take
from pipeline.archive.intake import Outcome, Provenance
from pipeline.settings import DataFolder

DONE: Final = "done"
REFUSED: Final = "refused"
WHY: Final = ".why.txt"
_LONGEST_NAME: Final = 200  # bytes; most file systems take 255
# What programs call a file that they still write.
_UNFINISHED: Final = (".part", ".partial", ".crdownload", ".download", ".tmp", ".filepart")


@dataclass(frozen=True)
class Dropped:
    """What became of one file or folder of the inbox. moved_to: where it is now; lines: one for each file in it."""

    name: str
    refused: bool
    taken: int
    moved_to: Path
    lines: tuple[str, ...]


def waiting(folder: DataFolder) -> dict[str, Path]:
    """Return the files and folders in the inbox by a mark, which is another once their names, sizes or times have changed.

    Hidden ones and those that a program still writes, by their names, are left out.
    """
    inbox = folder.inbox
    if not inbox.is_dir():
        return {}
    paths = sorted(path for path in inbox.iterdir() if path.name not in (DONE, REFUSED))
    ready = (path for path in paths if not path.name.startswith(".") and not path.name.lower().endswith(_UNFINISHED))
    return {mark: path for path in ready if (mark := _mark(path))}


def take_dropped(folder: DataFolder, marks: Collection[str], now: dt.datetime) -> Iterator[Dropped]:
    """Take what lies in the inbox with one of the `marks`, and yield what became of each. now: moment (UTC) under which it is moved.

    What is no longer there, or has changed since, is left for the next time. Raises OSError where the disk fails; what was not moved by
    then is still in the inbox.
    """
    for mark, path in waiting(folder).items():
        if mark not in marks:
            continue
        outcomes = [_refused_link(path)] if path.is_symlink() else list(take([path], folder, Provenance()))
        if not outcomes:
            outcomes = [Outcome(path.name, "refused", "there is no file in it")]
        if _mark(path) == mark:  # else it was still being written: the next look finds it as it is then
            yield _moved(path, outcomes, now)


def refused_notes(folder: DataFolder) -> dict[str, str]:
    """Return what was refused and still lies there: by the name of the file, the text beside it."""
    notes = sorted((folder.inbox / REFUSED).glob(f"*{WHY}"))
    return {path.name.removesuffix(WHY): path.read_text("utf-8", errors="replace") for path in notes}


def _refused_link(path: Path) -> Outcome:
    return Outcome(path.name, "refused", "a link, not a file. Drop the file itself")


def _moved(path: Path, outcomes: list[Outcome], now: dt.datetime) -> Dropped:
    refused = any(outcome.verdict == "refused" for outcome in outcomes)
    folder = path.parent / (REFUSED if refused else DONE)
    folder.mkdir(exist_ok=True)
    target = _free(folder, f"{now.astimezone(dt.UTC):%Y%m%dT%H%M%S}-{_short(path.name)}")
    lines = tuple(f"{outcome.verdict}: {outcome_line(outcome)}" for outcome in outcomes)
    # The text first: a file without one would look as if nobody had looked at it.
    target.with_name(target.name + WHY).write_text("\n".join(lines) + "\n", "utf-8")
    os.rename(path, target)
    return Dropped(path.name, refused, sum(one.verdict == "took" for one in outcomes), target, lines)


def _short(name: str) -> str:
    """Return the end of a name, so that a file system takes it with more before and behind it."""
    return os.fsdecode(os.fsencode(name)[-_LONGEST_NAME:])


def _free(folder: Path, name: str) -> Path:
    """Return a path in the folder that nothing has yet: `rename` would replace a file."""
    target, number = folder / name, 2
    while target.exists() or target.is_symlink():
        target, number = folder / f"{number}-{name}", number + 1
    return target


def _mark(path: Path) -> str:
    """Return a mark of all sizes and times in a file or folder; "" where it has gone meanwhile."""
    digest = hashlib.sha256()
    try:
        inside = sorted(path.rglob("*")) if path.is_dir() and not path.is_symlink() else []
        for one in (path, *inside):
            about = one.lstat()
            digest.update(os.fsencode(one.relative_to(path.parent)))
            digest.update(f"\0{about.st_size}\0{about.st_mtime_ns}\n".encode())
    except FileNotFoundError:
        return ""
    return digest.hexdigest()[:32]
