"""The journal of a run: one line of JSON for each response, flushed to disk, so that a run that was killed goes on.

A line is written once what it records is in the archive. A last line that was cut off is left out: it is requested again.
What the records mean is known to those who put them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final, Literal, TypeVar

from pipeline.errors import UserError

MAX_AGE: Final = dt.timedelta(days=7)
MAX_ROBOTS_AGE: Final = dt.timedelta(hours=24)  # RFC 9309, 2.4
Kind = Literal["robots", "sitemap", "page"]
Value = TypeVar("Value")
Records = dict[tuple[str, str], dict[str, Any]]


class JournalError(UserError):
    """A journal that can't be read: one line that names the file and what to do."""


@dataclass(frozen=True)
class Entry:
    """What one request came to. kind and url: what was requested; value: what came of it, in plain JSON."""

    kind: Kind
    url: str
    value: dict[str, Any]


class Journal:
    """The journal of the run under way. Any thread may write."""

    def __init__(self, handle: IO[bytes], started_at: str, records: Records, *, resumed: bool) -> None:
        self._handle, self.started_at, self._records, self.resumed = handle, started_at, records, resumed
        self._guard = threading.Lock()

    def has(self, kind: Kind, url: str) -> bool:
        """Decide whether there was that request in this run."""
        return (kind, url) in self._records

    def get(self, kind: Kind, url: str, read: Callable[[dict[str, Any]], Value]) -> Value | None:
        """Return what `read` makes of the record of that request, None if there is none. Raises JournalError."""
        record = self._records.get((kind, url))
        try:
            return None if record is None else read(record)
        except (TypeError, ValueError, KeyError) as error:
            raise _unreadable(Path(self._handle.name), error) from error

    def forget(self, kind: Kind) -> None:
        """Drop the records of a kind: these are requested again."""
        self._records = {key: value for key, value in self._records.items() if key[0] != kind}

    def put(self, entry: Entry) -> None:
        """Record what a request came to; it is on the disk when this returns."""
        with self._guard:
            _append(self._handle, asdict(entry))
            self._records[entry.kind, entry.url] = entry.value

    def close(self, *, ended: bool) -> None:
        """End writing. The journal of a run that has `ended` is removed; any other can be resumed."""
        self._handle.close()
        if ended:
            Path(self._handle.name).unlink()


def journal_path(folder: Path, institution: str | None, limit: int | None, shard: object = None) -> Path:
    """Return the file of a run's journal: another command must neither use nor end it, so each has its own."""
    if institution is None and limit is None and shard is None:
        return folder / "journal.jsonl"
    digest = hashlib.sha256(
        repr((institution, limit) if shard is None else (institution, limit, str(shard))).encode()
    ).hexdigest()[:8]
    return folder / f"journal-{digest}.jsonl"


def open_journal(path: Path, now: dt.datetime) -> Journal:
    """Open the journal of a run that was not brought to its end, else a new one begun at `now`.

    One older than MAX_AGE is begun anew; robots.txt is requested again after MAX_ROBOTS_AGE. Raises JournalError for a
    file that can't be read.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = _whole_lines(path)
    try:
        records = [json.loads(line) for line in lines]
        began = dt.datetime.fromisoformat(records[0]["started_at"]) if records else now
        entries = {(str(one["kind"]), str(one["url"])): dict(one["value"]) for one in records[1:]}
        age = now - began
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable(path, error) from error
    if age > MAX_AGE:
        path.unlink()
        records, began, entries = [], now, {}
    handle = path.open("ab")
    started_at = began.isoformat(timespec="seconds")
    if not records:
        _append(handle, {"started_at": started_at})
    journal = Journal(handle, started_at, entries, resumed=bool(records))
    if age > MAX_ROBOTS_AGE:
        journal.forget("robots")
    return journal


def _unreadable(path: Path, error: Exception) -> JournalError:
    return JournalError(f"{path} can't be read ({error}). Remove it to begin the fetch anew")


def _whole_lines(path: Path) -> list[bytes]:
    """Return the lines of the file; what follows the last line break was being written at a kill, and is cut off."""
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
