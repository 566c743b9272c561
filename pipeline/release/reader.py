"""The one way to read a release: its manifest, its tables as frames or Arrow, and SQL over all of them.

What belongs here: reading what is published. What makes and publishes a release is in `publish`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import UserError
from pipeline.schemas.frames import to_frame
from pipeline.schemas.registry import table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MANIFEST: Final = "manifest.json"
_REMEDY: Final = "Run: h1b-sponsors refresh"


class ReleaseError(UserError):
    """A release that can't be published or read: one line with what to do."""


@dataclass(frozen=True)
class Release:
    """A published release.

    folder: where its files are, never the `latest` link itself, so that a refresh in between changes nothing. manifest: its
    manifest.json, as `publish` writes it.
    """

    folder: Path
    manifest: Mapping[str, Any]

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the release in `folder`, which may be the `latest` link. Raises ReleaseError if there is none."""
        try:
            manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        except FileNotFoundError as error:
            raise ReleaseError(f"there is no release at {folder}. {_REMEDY}") from error
        except ValueError as error:
            raise ReleaseError(f"{folder / MANIFEST} can't be read ({error}). Move it away. {_REMEDY}") from error
        return cls(folder.resolve(), manifest)

    @property
    def id(self) -> str:
        """`<as of>_<hash8>`."""
        return self.manifest["release_id"]

    @property
    def made_from(self) -> str:
        """What it was made from, in words: downloads, the embedded sample, or both."""
        kinds = {bool(snapshot["sample"]) for snapshot in self.manifest["snapshots"]}
        if kinds == {True}:
            return "the embedded sample (Los Angeles, Boston, medical genetics)"
        return "your downloads and, where they have nothing, the embedded sample" if True in kinds else "your downloads"

    def path(self, name: str) -> Path:
        """Return the Parquet file of table `name`. Raises ReleaseError if the release has no such file."""
        path = self.folder / f"{name}.parquet"
        if not path.is_file():
            raise ReleaseError(f"release {self.id} has no table {name}. {_REMEDY}")
        return path

    def columns(self, name: str) -> tuple[str, ...]:
        """Return the columns that table `name` has in this release. Raises ReleaseError if it is missing or damaged."""
        with self._readable(name) as path:
            return tuple(pq.read_schema(path).names)

    def arrow(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Return table `name`: `columns`, else all of the registry, in key order.

        Raises ReleaseError if the table is missing or damaged, or lacks one of the columns.
        """
        wanted = list(columns or table(name).columns)
        lacking = [column for column in wanted if column not in self.columns(name)]
        if lacking:
            raise ReleaseError(f"release {self.id}: table {name} has no column {', '.join(lacking)}. {_REMEDY}")
        with self._readable(name) as path:
            return pq.read_table(path, columns=wanted)

    def table(self, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return table `name` as a frame in the types of `schemas.frames.to_frame`; otherwise as `arrow`."""
        return to_frame(self.arrow(name, columns))

    @contextmanager
    def connect(self) -> Iterator[DuckDBPyConnection]:
        """Open DuckDB in memory with a view for each table of the manifest, by its name.

        Raises ReleaseError if a file is missing or damaged, or a query within names a table or column that is not there.
        """
        import duckdb  # here: it is slow to load, and few commands need it

        with duckdb.connect() as connection:
            try:
                for file in self.manifest["files"]:
                    name = Path(file["name"]).stem
                    connection.read_parquet(str(self.path(name))).create_view(name)
                yield connection
            except (
                duckdb.CatalogException, duckdb.BinderException, duckdb.IOException, duckdb.InvalidInputException,
            ) as error:  # fmt: skip
                raise ReleaseError(f"release {self.id}: {error}. {_REMEDY}") from error

    def query(self, sql: str, values: Sequence[Any] = ()) -> pd.DataFrame:
        """Return what DuckDB answers to `sql`, `?` standing for one of `values`; types and errors as of `table` and `connect`."""
        with self.connect() as connection:
            return to_frame(connection.sql(sql, params=list(values)).to_arrow_table())

    def damage(self) -> list[str]:
        """Return what is missing from the files or differs from the manifest, a line each; empty when all is whole."""
        problems = []
        for file in self.manifest["files"]:
            path = self.folder / file["name"]
            if not path.is_file():
                problems.append(f"{file['name']} is missing")
            elif hashlib.sha256(path.read_bytes()).hexdigest() != file["sha256"]:
                problems.append(f"{file['name']} is not as the manifest says")
        return problems

    @contextmanager
    def _readable(self, name: str) -> Iterator[Path]:
        """Yield the file of table `name`; an error of Arrow within becomes a ReleaseError."""
        path = self.path(name)
        try:
            yield path
        except (pa.ArrowException, OSError) as error:
            raise ReleaseError(f"{path} is damaged ({error}). Move the release away. {_REMEDY}") from error
