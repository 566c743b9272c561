"""Cache of what a reader made of a file, as Parquet: each large file, as a fiscal year is, by itself; small ones together.

`<work>/parsed/<source>/<key>/` holds a file for each table, the quarantine and `parsed.json` of a large table or of a PDF that holds
one; `<work>/parsed/small/<source>.parquet` holds the rest. The key is made of the bytes, the layout, the hints and the code of the
readers, so an entry is never out of date; it may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.archive.small_files import SmallFiles
from pipeline.archive.store import Snapshot, sha256_of
from pipeline.code_version import code_hash, libraries_version, rooms_up_to
from pipeline.sources import program_pages
from pipeline.sources.base import Layout, Parsed
from pipeline.sources.catalogue import source

MIN_BYTES: Final = 1 << 20  # of a large table
_TABULAR: Final = ("csv", "xlsx")
_SMALL: Final = "small"
_INDEX: Final = "parsed.json"
_QUARANTINE: Final = "quarantine"
_STAGING: Final = ".staging-"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ParsedCache:
    """The folder of cached parses; CSV files and workbooks of `min_bytes` or more are large."""

    folder: Path
    min_bytes: int = MIN_BYTES
    _small: dict[str, SmallFiles] = field(default_factory=dict, compare=False, repr=False)

    def read(self, snapshot: Snapshot, layout: Layout, parse: Callable[[], Parsed]) -> Parsed:
        """Return what `parse` makes of the snapshot: from the cache, or by parsing, which then fills it.

        A damaged entry is reported in a line of the log and made anew. The caller vouches for the snapshot's bytes.
        """
        if not self.files_apart(snapshot, layout):
            small, key = self._small_of(snapshot.manifest.source), _small_key(snapshot)
            parsed = small.get(key)
            if parsed is None:
                parsed = parse()
                small.keep(key, parsed)
            return parsed
        place = self._place(snapshot)
        if place.is_dir():
            try:
                return _load(place)
            except (OSError, ValueError, KeyError, TypeError, AssertionError) as error:
                why = " ".join(str(error).split())
                _log.warning("%s: its cached tables are damaged (%s); the file is read again", snapshot.id, why)
                shutil.rmtree(place, ignore_errors=True)
        parsed = parse()
        self.keep(snapshot, layout, parsed)
        return parsed

    def files_apart(self, snapshot: Snapshot, layout: Layout) -> bool:
        """Decide whether an entry is worth files of its own: a large table, or a list as PDF, which takes long whatever its size."""
        if layout.media in _TABULAR:
            return snapshot.manifest.bytes >= self.min_bytes
        return layout.media == "pdf" and layout.source != program_pages.SOURCE.id

    def has(self, snapshot: Snapshot, layout: Layout) -> bool:
        """Return whether what is in the snapshot is kept, as these readers read it."""
        if self.files_apart(snapshot, layout):
            return self._place(snapshot).is_dir()
        return _small_key(snapshot) in self._small_of(snapshot.manifest.source)

    def keep(self, snapshot: Snapshot, layout: Layout, parsed: Parsed) -> None:
        """Fill the cache with what was just read of a snapshot, if it is large. A small one is kept once a refresh has read it."""
        if self.files_apart(snapshot, layout):
            _store(self._place(snapshot), parsed)

    def know(self, snapshot: Snapshot, parsed: Parsed) -> None:
        """Keep what a copy of this process read of a small file, as `read` would have here; large ones it has filed itself."""
        layout = source(snapshot.manifest.source).layout(snapshot.manifest.layout)
        if layout and not self.files_apart(snapshot, layout):
            small, key = self._small_of(snapshot.manifest.source), _small_key(snapshot)
            if key not in small:
                small.keep(key, parsed)

    def keep_only(self, source_id: str, used: Iterable[Snapshot]) -> None:
        """Remove entries of the source for snapshots that are not `used`, and what a crash left behind."""
        own = list(used)
        self._small_of(source_id).keep_only({_small_key(snapshot) for snapshot in own})
        wanted = {self._place(snapshot) for snapshot in own}
        for place in (self.folder / source_id).glob("*"):
            if place not in wanted:
                shutil.rmtree(place, ignore_errors=True)

    def _small_of(self, source_id: str) -> SmallFiles:
        if source_id not in self._small:
            self._small[source_id] = SmallFiles(self.folder / _SMALL / f"{source_id}.parquet")
        return self._small[source_id]

    def _place(self, snapshot: Snapshot) -> Path:
        return self.folder / snapshot.manifest.source / _key(snapshot)[:32]


def _key(snapshot: Snapshot, *more: str) -> str:
    manifest = snapshot.manifest
    file = [manifest.sha256, manifest.layout, manifest.bytes, sorted(manifest.hints.items())]
    return hashlib.sha256(json.dumps([file, readers_version(), libraries_version(), *more]).encode()).hexdigest()


def _small_key(snapshot: Snapshot) -> str:
    """Return the key of a small file: a page is one row, which has its snapshot's id in it, and the day on which it was filed."""
    return _key(snapshot, snapshot.id)


def readers_version() -> str:
    """Return a hash of the code and the curated CSV files of the readers and of all rooms below them."""
    return code_hash(rooms_up_to("sources"))


def _store(place: Path, parsed: Parsed) -> None:
    """Write an entry whole or not at all: staged beside its place, then renamed."""
    place.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=place.parent))
    try:
        frames = {**parsed.tables, _QUARANTINE: parsed.quarantine}
        hashes: dict[str, str] = {}
        for name, frame in frames.items():
            path = staging / f"{name}.parquet"
            pq.write_table(pa.Table.from_pandas(frame), path, compression="zstd")
            hashes[name] = sha256_of(path)
        index = {"tables": list(parsed.tables), "rows_in": parsed.rows_in, "rows_kept": parsed.rows_kept}
        (staging / _INDEX).write_text(json.dumps({**index, "sha256": hashes}), "utf-8")
        os.replace(staging, place)
    except OSError as error:
        # A full disk costs the next run its time, not this one its tables; another run may have been quicker.
        if not place.is_dir():
            _log.warning("%s can't be written (%s): the file will be read again next time", place, error.strerror)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _load(place: Path) -> Parsed:
    index = json.loads((place / _INDEX).read_text("utf-8"))
    frames: dict[str, pd.DataFrame] = {}
    for name in (*index["tables"], _QUARANTINE):
        path = place / f"{name}.parquet"
        if sha256_of(path) != index["sha256"][name]:
            raise ValueError(f"{path.name} isn't as it was written")
        frames[name] = pq.read_table(path).to_pandas()
    quarantine = frames.pop(_QUARANTINE)
    return Parsed(frames, quarantine, index["rows_in"], index["rows_kept"])
