"""What a run has had so far: one line of JSON for each answer, flushed to disk, so that a run that was killed goes on.

A line is written after what it speaks of is in the archive. A last line that was cut off is left out: it is asked again.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final, Literal

from pipeline.errors import UserError

MAX_AGE: Final = dt.timedelta(days=7)
MAX_ROBOTS_AGE: Final = dt.timedelta(hours=24)  # RFC 9309, 2.4
Kind = Literal["robots", "sitemap", "page"]


class JournalError(UserError):
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

    def forget(self, kind: Kind) -> None:
        """Ask for these again."""
        self._entries = {key: value for key, value in self._entries.items() if key[0] != kind}

    def put(self, entry: Entry) -> None:
        """Record an answer; it is on the disk when this returns."""
        with self._guard:
            _append(self._handle, asdict(entry))
            self._entries[entry.kind, entry.url] = entry.value

    def close(self, *, ended: bool) -> None:
        """End writing. Of a run that has ended nothing is kept; any other may be taken up again."""
        self._handle.close()
        if ended:
            Path(self._handle.name).unlink()


def journal_path(folder: Path, institution: str | None, limit: int | None) -> Path:
    """Where the journal of a run lies. A run is taken up by the same command: another one must neither use nor end it."""
    if institution is None and limit is None:
        return folder / "journal.jsonl"
    asked = hashlib.sha256(repr((institution, limit)).encode()).hexdigest()[:8]
    return folder / f"journal-{asked}.jsonl"


def open_journal(path: Path, now: dt.datetime) -> Journal:
    """The journal of the run that was not brought to its end, else a new one begun at `now`.

    One older than MAX_AGE is begun anew; robots.txt is asked for again after MAX_ROBOTS_AGE. Raises JournalError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = _whole_lines(path)
    try:
        records = [json.loads(line) for line in lines]
        began = dt.datetime.fromisoformat(records[0]["started_at"]) if records else now
        entries = {(str(one["kind"]), str(one["url"])): dict(one["value"]) for one in records[1:]}
        age = now - began
    except (ValueError, KeyError, TypeError) as error:
        raise JournalError(f"{path} can't be read ({error}). Remove it to begin the fetch anew") from error
    if age > MAX_AGE:
        path.unlink()
        records, began, entries = [], now, {}
    handle = path.open("ab")
    started_at = began.isoformat(timespec="seconds")
    if not records:
        _append(handle, {"started_at": started_at})
    journal = Journal(handle, started_at, entries, taken_up=bool(records))
    if age > MAX_ROBOTS_AGE:
        journal.forget("robots")
    return journal


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
