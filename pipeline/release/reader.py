"""The one way to read a release: its manifest, its tables as frames or Arrow, and SQL over all of them.

What belongs here: reading what is published. What makes and publishes a release is in `publish`.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import UserError
from pipeline.release.digests import entry
from pipeline.release.made_from import made_from
from pipeline.release.places import LATEST, RELEASE_ID, program_address, release_folder
from pipeline.schemas.fields import PROGRAM_CODE_PATTERN
from pipeline.schemas.frames import absent, may_be_absent, to_frame
from pipeline.schemas.registry import SCHEMA_VERSION, TABLES, arrow_schema, table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MANIFEST: Final = "manifest.json"
DATABASE: Final = "h1b-sponsors.duckdb"
_REMEDY: Final = "Run: h1b-sponsors refresh"


class ReleaseError(UserError):
    """A release that can't be published or read: one line with what to do."""


def _require_entries(manifest: Any) -> None:
    """Check that a manifest has what every release has. Raises TypeError, KeyError or ValueError for one that nobody here wrote."""
    texts = [manifest["release_id"], manifest["as_of"], manifest["code_version"], manifest["schema_version"]]
    files = [*manifest["files"], *manifest.get("documents", ())]
    texts += [text for file in files for text in (file["name"], file["sha256"])]
    texts += [snapshot["id"] for snapshot in manifest["snapshots"] if isinstance(snapshot["sample"], bool)]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("an entry is of another type")
    dt.date.fromisoformat(manifest["as_of"])
    dict(manifest.get("figures", {}))


@dataclass(frozen=True)
class Release:
    """A published release.

    folder: where its files are, never the `latest` link itself, so that a refresh in between changes nothing. manifest: its
    manifest.json, as `publish` writes it.
    """

    folder: Path
    manifest: Mapping[str, Any]

    @classmethod
    def open(cls, where: Path | str, release: str = LATEST) -> Self:
        """Open a release.

        where: its folder, the `latest` link, the curated folder that holds all releases, or the data folder around that. release:
        which of them, `latest` or an id. Raises ReleaseError if there is none, another one, or none that is whole.
        """
        require_id(release)
        opened = cls._in_folder(release_folder(Path(where), release))
        if release not in (LATEST, opened.id):
            raise ReleaseError(f"{where} is release {opened.id}, not {release}")
        return opened

    @classmethod
    def _in_folder(cls, folder: Path) -> Self:
        try:
            there = folder.resolve()  # before the first file is read: `latest` may move on between two
            manifest = json.loads((there / MANIFEST).read_text("utf-8"))
            _require_entries(manifest)
        except FileNotFoundError as error:
            if folder.is_symlink() and not folder.exists():
                raise ReleaseError(f"{folder} points to {folder.readlink()}, which is gone. {_REMEDY}") from error
            raise ReleaseError(f"there is no release at {folder}. {_REMEDY}") from error
        except (OSError, ValueError, TypeError, KeyError, RuntimeError) as error:
            why = " ".join(str(error).split())
            line = f"{folder / MANIFEST} can't be read ({why}). Move that folder away. {_REMEDY}"
            raise ReleaseError(line) from error
        return cls(there, manifest)

    @property
    def id(self) -> str:
        """`<as of>_<hash8>`."""
        return self.manifest["release_id"]

    @property
    def made_from(self) -> str:
        """What it was made from, in words, as `release.made_from` has them."""
        return made_from(self.manifest)

    @property
    def as_of(self) -> dt.date:
        """Day for which it was made."""
        return dt.date.fromisoformat(self.manifest["as_of"])

    def _file(self, name: str) -> Path:
        """Return where the file `name` is, whether it is there or not: the one way to files that the manifest lists."""
        return self.folder / name

    def has(self, name: str) -> bool:
        """Return whether the release has table `name`: one of an older version may not."""
        return f"{name}.parquet" in {file["name"] for file in self.manifest["files"]}

    def path(self, name: str) -> Path:
        """Return the Parquet file of table `name`. Raises ReleaseError if the release has no such file."""
        path = self._file(f"{name}.parquet")
        if not path.is_file():
            raise ReleaseError(f"release {self.id} has no table {name}. {_REMEDY}")
        return path

    def columns(self, name: str) -> tuple[str, ...]:
        """Return the columns that table `name` has in this release. Raises ReleaseError if it is missing or damaged."""
        with self._readable(name) as path:
            return tuple(pq.read_schema(path).names)

    def arrow(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Return table `name`: `columns`, else all of the registry, in key order.

        A column that came with a later schema than the release's is null in it, or an empty list: unknown. Raises ReleaseError if the
        table is missing or damaged, or lacks a column that can be neither.
        """
        # A table that came with a later schema than ours has the columns that it has.
        wanted = list(columns or (table(name).columns if name in TABLES else self.columns(name)))
        there = set(self.columns(name))
        older = self.manifest["schema_version"] != SCHEMA_VERSION
        lacking = [column for column in wanted if column not in there and not (older and may_be_absent(name, column))]
        if lacking:
            raise ReleaseError(f"release {self.id}: table {name} has no column {', '.join(lacking)}. {_REMEDY}")
        with self._readable(name) as path:
            read = pq.read_table(path, columns=[column for column in wanted if column in there])
        for place, column in enumerate(wanted):
            if column not in there:
                read = read.add_column(place, arrow_schema(name).field(column), absent(name, column, read.num_rows))
        return read

    def table(self, name: str, columns: Sequence[str] | None = None, *, arrow_lists: bool = False) -> pd.DataFrame:
        """Return table `name` as a frame in the types of `schemas.frames.to_frame`, lists as it has them; otherwise as `arrow`."""
        arrow = self.arrow(name, columns)
        with self._readable(name):
            return to_frame(arrow, arrow_lists=arrow_lists)

    @contextmanager
    def connect(self) -> Iterator[DuckDBPyConnection]:
        """Open DuckDB in memory with a view for each table of the manifest, by its name; from there no statement reaches anything outside
        the release's folder.

        Raises ReleaseError if a file is missing or damaged, or a query within names a table or column that is not there.
        """
        import duckdb  # here: it is slow to load, and few commands need it

        with duckdb.connect() as connection:
            try:
                connection.execute("SET allowed_directories = [?]", [str(self.folder)])
                connection.execute("SET enable_external_access = false; SET lock_configuration = true")
                for file in self.manifest["files"]:
                    name = Path(file["name"]).stem
                    connection.read_parquet(str(self.path(name))).create_view(name)
                yield connection
            except duckdb.ParserException:
                raise
            except duckdb.Error as error:
                why = " ".join(str(error).split())
                raise ReleaseError(f"release {self.id} in {self.folder}: {why}. {_REMEDY}") from error

    @contextmanager
    def database(self) -> Iterator[DuckDBPyConnection]:
        """Open the release's DuckDB file to read it: from there no statement reaches another file, the network or a setting.

        Raises ReleaseError where the file is missing or damaged.
        """
        import duckdb

        path = self._file(DATABASE)
        if not path.is_file():
            raise ReleaseError(f"release {self.id} has no {DATABASE}: it is of an older version. {_REMEDY}")
        try:
            connection = duckdb.connect(str(path), read_only=True)
        except duckdb.Error as error:
            why = " ".join(str(error).split())
            raise ReleaseError(f"{path} is damaged ({why}). Move the release away. {_REMEDY}") from error
        with connection:
            connection.execute("SET enable_external_access = false; SET lock_configuration = true")
            yield connection

    def query(self, sql: str, values: Sequence[Any] = ()) -> pd.DataFrame:
        """Return what DuckDB answers to `sql`, `?` standing for one of `values`; types and errors as of `table` and `connect`."""
        with self.connect() as connection:
            return to_frame(connection.sql(sql, params=list(values)).to_arrow_table())

    def sponsors(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the list, one row a program: `columns`, else all. Errors as of `table`."""
        return self.table("functional_h1b_sponsors", columns)

    def explain(self, program_code: str) -> dict[str, Any]:
        """Return the whole evidence of a program: `program`, `statements`, and its institution's `petitioners`, `filings` and so on.

        Raises ReleaseError where the release has no such program, or is from before programs had files of their own.
        """
        require_code(program_code)
        chain = self._evidence(program_address(program_code), f"program {program_code}")
        return {**self._evidence(chain.pop("institution"), "evidence of that institution"), **chain}

    def diff(self, other: Release) -> pd.DataFrame:
        """Return what this release says otherwise than `other`, the earlier one as a rule: the lines of `release.delta`."""
        from pipeline.release.delta import delta  # here: it reads by this module

        return delta(other, self)

    def _evidence(self, address: str, what: str) -> dict[str, Any]:
        try:
            return json.loads((self.folder / address).read_text("utf-8"))
        except FileNotFoundError as error:
            raise ReleaseError(f"release {self.id} has no {what}. Look for it in its list") from error
        except (OSError, ValueError, RecursionError) as error:
            raise ReleaseError(f"{self.folder / address} is damaged. Move the release away. {_REMEDY}") from error

    def damage(self, *, tables_only: bool = False) -> list[str]:
        """Return what is missing from the files or differs from the manifest, a line each; empty when all is whole."""
        problems = []
        documents = () if tables_only else self.manifest.get("documents", ())
        for file in (*self.manifest["files"], *documents):
            path = self.folder / file["name"]
            if not path.exists():
                problems.append(f"{file['name']} is missing")
            elif entry(path)["sha256"] != file["sha256"]:
                problems.append(f"{file['name']} is not as the manifest says")
        return problems

    @contextmanager
    def _readable(self, name: str) -> Iterator[Path]:
        """Yield the file of table `name`; an error of Arrow within, or text that is none, becomes a ReleaseError."""
        path = self.path(name)
        try:
            yield path
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            why = " ".join(str(error).split())
            raise ReleaseError(f"{path} is damaged ({why}). Move the release away. {_REMEDY}") from error


def require_id(release: str) -> None:
    """Raise ReleaseError unless `release` is `latest` or written like an id: it becomes a part of paths and addresses."""
    if release != LATEST and not re.fullmatch(RELEASE_ID, release):
        raise ReleaseError(f"{release[:60]!r} is no id of a release: such as 2026-11-30_cf96390f, or {LATEST}")


def require_code(program_code: str) -> None:
    """Raise ReleaseError unless `program_code` is written like one: it becomes a part of paths."""
    if not re.fullmatch(PROGRAM_CODE_PATTERN, program_code):
        raise ReleaseError(f"{program_code[:40]!r} is no program code: ten digits, or M and nine")


@dataclass(frozen=True)
class Releases:
    """The releases of a curated folder. whole: those whose manifest can be read, by id, in the order of their ids; damaged: a
    line for each of the others, with its path and what to do."""

    whole: Mapping[str, Release]
    damaged: tuple[str, ...]


def known_releases(curated: Path) -> Releases:
    """Look at the manifests of all releases of `curated`, none that is being staged; tables are not looked at."""
    whole: dict[str, Release] = {}
    damaged: list[str] = []
    for folder in sorted(curated.glob("releases/[0-9]*/")):
        try:
            whole[folder.name] = Release.open(folder)
        except ReleaseError as error:
            damaged.append(str(error))
    return Releases(whole, tuple(damaged))


def named_release(curated: Path, name: str) -> Release:
    """Return the release that a person names: `latest`, an id, or a folder. Raises ReleaseError where there is none, or none whole."""
    if name == LATEST:
        return Release.open(curated / LATEST)
    known = known_releases(curated).whole
    if name in known:
        return known[name]
    if Path(name).is_dir():
        return Release.open(Path(name))
    raise ReleaseError(f"{name!r} is no release of {curated} and no folder; there are: {', '.join(known) or 'none'}")
