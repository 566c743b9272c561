"""Cache of what a reader made of a file that takes long to read, as Parquet: large tables, and PDFs that hold one.

`<work>/parsed/<source>/<key>/` holds a file for each table, the quarantine and `parsed.json`. The key is made of the bytes, the
layout, the hints and the code of the readers, so an entry is never out of date; it may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.archive.store import Snapshot, sha256_of
from pipeline.code_version import code_hash, rooms_up_to
from pipeline.sources import program_pages
from pipeline.sources.base import Layout, Parsed

MIN_BYTES: Final = (
    8 << 20
)  # smaller tables are read in a second or two; a PDF takes up to half a minute, whatever its size
_TABULAR: Final = ("csv", "xlsx")
_LIBRARIES: Final = (pd.__version__, pa.__version__)
_INDEX: Final = "parsed.json"
_QUARANTINE: Final = "quarantine"
_STAGING: Final = ".staging-"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ParsedCache:
    """The folder of cached parses; of CSV files and workbooks only those of `min_bytes` or more are kept."""

    folder: Path
    min_bytes: int = MIN_BYTES

    def read(self, snapshot: Snapshot, layout: Layout, parse: Callable[[], Parsed]) -> Parsed:
        """Return what `parse` makes of the snapshot: from the cache, or by parsing, which then fills it.

        A damaged entry is reported in a line of the log and made anew. The caller vouches for the snapshot's bytes.
        """
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

    def keep(self, snapshot: Snapshot, layout: Layout, parsed: Parsed) -> None:
        """Fill the cache with what was just read of a snapshot, if it takes long to read: a large table, or a list as PDF."""
        large = snapshot.manifest.bytes >= self.min_bytes and layout.media in _TABULAR
        # A program page is one row, which has its snapshot's id in it.
        if large or (layout.media == "pdf" and layout.source != program_pages.SOURCE.id):
            _store(self._place(snapshot), parsed)

    def keep_only(self, source: str, used: Iterable[Snapshot]) -> None:
        """Remove entries of the source for snapshots that are not `used`, and what a crash left behind."""
        wanted = {self._place(snapshot) for snapshot in used}
        for place in (self.folder / source).glob("*"):
            if place not in wanted:
                shutil.rmtree(place, ignore_errors=True)

    def _place(self, snapshot: Snapshot) -> Path:
        manifest = snapshot.manifest
        file = [manifest.sha256, manifest.layout, manifest.bytes, sorted(manifest.hints.items())]
        key = hashlib.sha256(json.dumps([file, readers_version(), _LIBRARIES]).encode()).hexdigest()
        return self.folder / manifest.source / key[:32]


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
