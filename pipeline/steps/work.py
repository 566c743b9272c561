"""Tables between steps: where they lie, which version each is of, and what each step made them from.

`<work>/<table>.parquet` holds a table in the registry's schema, `<work>/steps/<step>.json` what the last run of a step was made from and
the hashes of what it left. A step whose record fits is not run again. All of it may be deleted between runs.
"""

from __future__ import annotations

import ctypes
import fcntl
import functools
import hashlib
import json
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow.dataset import Dataset, dataset

from pipeline.archive.store import sha256_of
from pipeline.atomic_files import replace_file
from pipeline.schemas.frames import to_frame
from pipeline.schemas.parquet import replace_table
from pipeline.schemas.registry import arrow_schema

SNAPSHOTS: Final = "snapshots"  # the table that says which snapshots are used
NEVER_RUN: Final = "first run"
DAMAGED: Final = "tables lost or changed"
# Of the GNU C library alone; others give memory back by themselves.
_TRIM: Final = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class StoredTable:
    """A table of the work folder, which is read on demand."""

    name: str
    path: Path

    @property
    def version(self) -> str:
        """The SHA-256 of its file: equal tables have equal ones. Raises FileNotFoundError for one that was never made."""
        return file_version(self.path)

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return pq.read_metadata(self.path).num_rows

    def arrow(self) -> pa.Table:
        """Return the table. Raises FileNotFoundError for one that was never made."""
        return pq.read_table(self.path, schema=arrow_schema(self.name), memory_map=True)

    def dataset(self) -> Dataset:
        """Return the table as a dataset, of which rows and columns are read on demand. Raises as `arrow`."""
        return dataset(self.path, schema=arrow_schema(self.name), format="parquet")

    def frame(self) -> pd.DataFrame:
        """Return the table as a pandas frame, in the types of `to_frame`; raises as `arrow`."""
        return to_frame(self.arrow())

    def head(self, rows: int) -> pa.Table:
        """Return the first rows alone."""
        file = pq.ParquetFile(self.path, memory_map=True)
        batch = next(file.iter_batches(batch_size=rows), None)
        return pa.Table.from_batches([batch] if batch else [], schema=file.schema_arrow).slice(0, rows)


@dataclass(frozen=True)
class RowsOfSources(StoredTable):
    """The rows of table `snapshots` that are of some sources: what happens to others changes nothing in it."""

    sources: tuple[str, ...]

    @property
    def version(self) -> str:
        """A hash of these rows."""
        return hashlib.sha256(repr(self.arrow().to_pylist()).encode()).hexdigest()

    def arrow(self) -> pa.Table:
        """Return these rows; raises as the whole table."""
        return super().arrow().filter(pc.field("source").isin(list(self.sources)))


@dataclass(frozen=True)
class Work:
    """The work folder. run: the id of the run that makes its tables, "" outside of one."""

    folder: Path
    run: str = ""

    def table(self, name: str) -> StoredTable:
        """Return table `name`, whether it is there or not."""
        return StoredTable(name, self.folder / f"{name}.parquet")

    def write(self, name: str, arrow: pa.Table) -> StoredTable:
        """Put a table in its place in one step; returns it. Raises OSError that names the file."""
        stored = self.table(name)
        replace_table(arrow.cast(arrow_schema(name)), stored.path)
        return stored

    def why_anew(
        self, step: str, made_from: Mapping[str, str], files: Iterable[Path], own: Collection[str] = ()
    ) -> tuple[str, ...]:
        """Return what of `made_from` differs from the last run of a step, and DAMAGED where its files are not as it left them.

        own: names of what differs to no effect, if nothing else does. Empty: running it again would make the same files. (NEVER_RUN,)
        where nothing is known of a last run.
        """
        record = self._record(step)
        if record is None:
            return (NEVER_RUN,)
        before = record["made_from"]
        changed = [name for name in sorted({*before, *made_from}) if before.get(name) != made_from.get(name)]
        if not set(changed) <= set(own):
            return tuple(changed)
        return () if self._hashes(files) == record["files"] else (DAMAGED,)

    def keep(
        self,
        step: str,
        made_from: Mapping[str, str],
        files: Iterable[Path],
        seen: str = "",
        ran: Mapping[str, Any] | None = None,
    ) -> None:
        """Remember what a step was made from and the files that it left, all of which are there.

        seen: see `seen`. ran: how it ran in this run, where its other processes are to know.
        """
        how = {} if ran is None else {"run": self.run, **ran}
        record = {"made_from": dict(made_from), "files": self._hashes(files), "seen": seen, "ran": how}
        replace_file(self._place(step), json.dumps(record, indent=2, sort_keys=True) + "\n", durable=False)

    def ran(self, step: str) -> dict[str, Any] | None:
        """Return how a step ran, as `keep` was given it, if it ran in this run; else None."""
        how = dict((self._record(step) or {}).get("ran", {}))
        return how if self.run and how.pop("run", "") == self.run else None

    @contextmanager
    def alone(self, step: str) -> Iterator[None]:
        """Hold a step while the context lasts: another process of the run that is to make it waits, and then finds it made."""
        place = self._place(step).with_suffix(".lock")
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("w", encoding="utf-8") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def seen(self, step: str) -> str:
        """Return what the last run of a step noted of files outside the folder that it looked through; "" where nothing is known."""
        record = self._record(step)
        return record["seen"] if record else ""

    def _place(self, step: str) -> Path:
        return self.folder / "steps" / f"{step}.json"

    def _record(self, step: str) -> dict[str, Any] | None:
        """Return the record of a step; None where there is none, or what lies there is none."""
        try:
            record = json.loads(self._place(step).read_text("utf-8"))
            kinds = {"made_from": dict, "files": dict, "seen": str, "ran": dict}
            return record if all(isinstance(record[name], kind) for name, kind in kinds.items()) else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _hashes(self, files: Iterable[Path]) -> dict[str, str]:
        """Return the hashes of files by their paths in the folder, "" for one that is not there."""
        return {path.relative_to(self.folder).as_posix(): _version_or_none(path) for path in files}


def file_version(path: Path) -> str:
    """Return the SHA-256 of a file; of one that has not changed since, without reading it again. Raises FileNotFoundError."""
    state = path.stat()
    return _hash_of(path, state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)


@functools.lru_cache(maxsize=512)
def _hash_of(path: Path, *_: int) -> str:
    return sha256_of(path)


def _version_or_none(path: Path) -> str:
    try:
        return file_version(path)
    except FileNotFoundError:
        return ""


def release_memory() -> None:
    """Give back to the system what a step held while it made its tables: Arrow and the C library keep it for later, and the steps
    of one process would pile up half a gigabyte."""
    pa.default_memory_pool().release_unused()
    if _TRIM is not None:
        _TRIM(0)
