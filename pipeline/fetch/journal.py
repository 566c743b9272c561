"""What a run has had so far: one line of JSON for each answer, flushed to disk, so that a run that was killed goes on.

A line is written after what it speaks of is in the archive. A last line that was cut off is left out: it is asked again.
"""

from __future__ import annotations

import json
import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final, Literal

OPEN: Final = "journal.jsonl"
Kind = Literal["robots", "sitemap", "page"]


class JournalError(Exception):
    """A journal that can't be read: one line with what to do."""


@dataclass(frozen=True)
class Entry:
    """One answer. kind and url: what was asked; value: what came of it, in plain JSON."""

    kind: Kind
    url: str
    value: dict[str, Any]


class Journal:
    """The journal of the run under way. Any thread may write."""

    def __init__(
        self, handle: IO[bytes], started_at: str, entries: dict[tuple[str, str], dict[str, Any]], *, taken_up: bool
    ) -> None:
        self._handle, self.started_at, self._entries, self.taken_up = handle, started_at, entries, taken_up
        self._guard = threading.Lock()

    def get(self, kind: Kind, url: str) -> dict[str, Any] | None:
        """What came of asking for that, None if it has not been asked in this run."""
        return self._entries.get((kind, url))

    def put(self, entry: Entry) -> None:
        """Record an answer; it is on the disk when this returns."""
        with self._guard:
            _append(self._handle, asdict(entry))
            self._entries[entry.kind, entry.url] = entry.value

    def close(self) -> None:
        """End writing; the run may be taken up again."""
        self._handle.close()


def open_journal(folder: Path, now: str) -> Journal:
    """The journal of the run that was not brought to its end, else a new one begun at `now`. Raises JournalError."""
    path = folder / OPEN
    folder.mkdir(parents=True, exist_ok=True)
    lines = _whole_lines(path)
    try:
        records = [json.loads(line) for line in lines]
        started_at = str(records[0]["started_at"]) if records else now
        entries = {(str(one["kind"]), str(one["url"])): dict(one["value"]) for one in records[1:]}
    except (ValueError, KeyError, TypeError) as error:
        raise JournalError(f"{path} can't be read ({error}). Remove it to begin the fetch anew") from error
    handle = path.open("ab")
    if not records:
        _append(handle, {"started_at": started_at})
    return Journal(handle, started_at, entries, taken_up=bool(records))


def _whole_lines(path: Path) -> list[bytes]:
    """Lines of the file; what follows the last line break was being written when the run ended, and is cut off."""
    if not path.exists():
        return []
    content = path.read_bytes()
    whole, _, rest = content.rpartition(b"\n")
    if rest:
        os.truncate(path, len(content) - len(rest))
    return whole.splitlines()


def _append(handle: IO[bytes], record: dict[str, Any]) -> None:
    handle.write(json.dumps(record, separators=(",", ":")).encode() + b"\n")
    handle.flush()
    os.fsync(handle.fileno())


def end_journal(folder: Path) -> None:
    """The run is at its end: the next one begins anew."""
    (folder / OPEN).unlink(missing_ok=True)
