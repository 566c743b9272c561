"""What a reader made of the many small files of a source, pages above all, kept together in one file.

A row for each table of each file: the key of the file, and the frame as an Arrow stream, which keeps its types. What belongs here: the
file. What a key is made of is in `parsed_cache`.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.sources.base import Parsed, no_quarantine

_QUARANTINE: Final = ""
_SCHEMA: Final = pa.schema(
    {
        "file": pa.string(),
        "table": pa.string(),
        "frame": pa.binary(),
        "rows_in": pa.int64(),
        "rows_kept": pa.int64(),
    }
)
_log = logging.getLogger(__name__)


class SmallFiles:
    """The tables of small files in the file `path`, which need not be there; it may be deleted at any time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows: dict[str, list[dict[str, Any]]] = _read(path)
        self._changed = False

    def get(self, key: str) -> Parsed | None:
        """Return what is kept of a file, None where nothing is, or nothing that can be used."""
        rows = self._rows.get(key)
        try:
            return _parsed(rows) if rows else None
        except (pa.ArrowException, AssertionError, ValueError, KeyError) as error:
            _log.warning(
                "%s: an entry is damaged (%s); its file is read again", self._path, " ".join(str(error).split())
            )
            return None

    def __contains__(self, key: str) -> bool:
        """Return whether anything is kept of a file."""
        return key in self._rows

    def keep(self, key: str, parsed: Parsed) -> None:
        """Keep what was read of a file; it is on the disk once `keep_only` was called."""
        frames = dict(parsed.tables)
        if len(parsed.quarantine):
            frames[_QUARANTINE] = parsed.quarantine
        counts = {"rows_in": parsed.rows_in, "rows_kept": parsed.rows_kept}
        self._rows[key] = [
            {"file": key, "table": name, "frame": _stream(frame), **counts} for name, frame in frames.items()
        ]
        self._changed = True

    def keep_only(self, keys: Collection[str]) -> None:
        """Write what is kept of these files, and drop the rest. A full disk costs the next run its time, not this one."""
        gone = self._rows.keys() - set(keys)
        if not gone and not self._changed:
            return
        self._rows = {key: rows for key, rows in sorted(self._rows.items()) if key not in gone}
        flat = [row for rows in self._rows.values() for row in rows]
        staged = self._path.with_suffix(".tmp")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            table = pa.Table.from_pylist(flat, schema=_SCHEMA)
            pq.write_table(table, staged, compression="zstd", write_page_checksum=True)
            staged.replace(self._path)
        except OSError as error:
            _log.warning("%s can't be written (%s): files will be read again next time", self._path, error.strerror)
        self._changed = False


def _read(path: Path) -> dict[str, list[dict[str, Any]]]:
    if not path.exists():
        return {}
    rows: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    try:
        for row in pq.read_table(path, schema=_SCHEMA, page_checksum_verification=True).to_pylist():
            rows[row["file"]].append(row)
    except (OSError, pa.ArrowException) as error:
        _log.warning("%s is damaged (%s); its files are read again", path, " ".join(str(error).split()))
        return {}
    return dict(rows)


def _parsed(rows: Sequence[Mapping[str, Any]]) -> Parsed:
    frames = {row["table"]: pa.ipc.open_stream(row["frame"]).read_pandas() for row in rows}
    quarantine = frames.pop(_QUARANTINE, None)
    return Parsed(
        frames, no_quarantine() if quarantine is None else quarantine, rows[0]["rows_in"], rows[0]["rows_kept"]
    )


def _stream(frame: pd.DataFrame) -> bytes:
    table = pa.Table.from_pandas(frame)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()
