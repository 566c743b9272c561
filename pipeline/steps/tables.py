"""How a plain function becomes a step: its parameters say what it takes, its name or names which tables it makes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

import pandas as pd
import pyarrow as pa
from pyarrow.dataset import Dataset

from pipeline.schemas.checks import Fit, fit_table
from pipeline.schemas.registry import TABLES
from pipeline.steps.step import Inputs, Step, made_by
from pipeline.steps.versions import version_of
from pipeline.steps.work import SNAPSHOTS, RowsOfSources, StoredTable, Work


@dataclass(frozen=True)
class _Parameters:
    """What a function takes: tables, by their names; and what openers open, by theirs.

    as_arrow, unread: the tables that it takes as Arrow tables and as datasets, by their annotation; of the latter it reads the rows and
    columns that it needs.
    sources: those whose snapshots alone it reads in the archive, or in table `snapshots`, if it takes one of these; none: all.
    """

    tables: tuple[str, ...]
    as_arrow: frozenset[str]
    unread: frozenset[str]
    given: tuple[str, ...]
    sources: tuple[str, ...]

    @classmethod
    def of(cls, compute: Callable[..., Any], sources: Collection[str]) -> _Parameters:
        types = {name: kind for name, kind in get_type_hints(compute).items() if name != "return"}
        as_arrow, unread = (
            frozenset(name for name, kind in types.items() if kind is one) for one in (pa.Table, Dataset)
        )
        tables = tuple(name for name in types if name in TABLES)
        return cls(tables, as_arrow, unread, tuple(sorted(types.keys() - TABLES.keys())), tuple(sources))

    def stored(self, work: Work) -> dict[str, StoredTable]:
        """Return the tables as the function sees them: of `snapshots` the rows of its sources, if it has any."""
        stored = {name: work.table(name) for name in self.tables}
        if self.sources and SNAPSHOTS in stored:
            stored[SNAPSHOTS] = RowsOfSources(SNAPSHOTS, stored[SNAPSHOTS].path, self.sources)
        return stored

    def read(self, stored: Mapping[str, StoredTable]) -> dict[str, pd.DataFrame | pa.Table | Dataset]:
        return {name: self._read(one) for name, one in stored.items()}

    def _read(self, one: StoredTable) -> pd.DataFrame | pa.Table | Dataset:
        if one.name in self.unread:
            return one.dataset()
        return one.arrow() if one.name in self.as_arrow else one.frame()

    def versions(self, stored: Mapping[str, StoredTable], opened: Mapping[str, object]) -> dict[str, str | None]:
        """Return the version of each thing that the function takes; None where nothing says whether it has changed."""
        tables = {f"table {name}": one.version for name, one in stored.items()}
        return tables | {name: version_of(one, stored, self.sources) for name, one in sorted(opened.items())}


def table_step(
    compute: Callable[..., pd.DataFrame], group: str, after: Collection[str] = (), sources: Collection[str] = ()
) -> Step:
    """Return the step that makes the table which `compute` returns and is named after.

    Each parameter of `compute` is a table of the registry, as a frame, an Arrow table or a dataset, or the name of an opener. after: tables
    that must come first, though none of their rows is handed on. sources: as of `_Parameters`.
    """
    name = compute.__name__

    @functools.wraps(compute)
    def computed(**arguments: Any) -> dict[str, pd.DataFrame]:
        return {name: compute(**arguments)}

    return _step(computed, (name,), group, after, sources)


def tables_step(
    compute: Callable[..., Mapping[str, pd.DataFrame]],
    tables: Collection[str],
    group: str,
    sources: Collection[str] = (),
) -> Step:
    """Return the step that makes several `tables`, which one function returns by name; else as `table_step`."""
    return _step(compute, tuple(tables), group, (), sources)


def _step(
    compute: Callable[..., Mapping[str, pd.DataFrame]],
    tables: tuple[str, ...],
    group: str,
    after: Collection[str],
    sources: Collection[str],
) -> Step:
    parameters, room = _Parameters.of(compute, sources), room_of(compute)

    def inputs(work: Work, opened: Mapping[str, Any]) -> Inputs:
        stored = parameters.stored(work)
        versions = parameters.versions(stored, opened)
        known = {one: version for one, version in versions.items() if version is not None}

        def make() -> Iterator[tuple[str, Fit]]:
            made = dict(compute(**parameters.read(stored), **opened))
            for table in tables:
                yield table, fit_table(made.pop(table), table)

        return Inputs({**made_by(room), **known}, make, tuple(versions.keys() - known.keys()))

    return Step(compute.__name__, tables, room, group, (*parameters.tables, *after), parameters.given, inputs)


def room_of(compute: Callable[..., Any]) -> str:
    """Return the room in which a function is written: the package right below `pipeline`."""
    return compute.__module__.split(".")[1]
