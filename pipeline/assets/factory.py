"""How a table becomes an asset: what it hangs on from the function's parameters; schema, description and check from the registry.

Tables are named to Dagster as what must come first, and read here: each that Dagster handed on would be an event of its own.
"""

# No `from __future__ import annotations`: Dagster looks at the class of the context's annotation, not at its name.
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, get_type_hints

import dagster as dg
import pandas as pd
import pyarrow as pa
from pyarrow.dataset import Dataset

from pipeline.assets.description import table_metadata
from pipeline.assets.steps import CHECK, Step, TableOutput, made_by, order_of, outcome
from pipeline.release.code_version import room_version
from pipeline.resources.versions import version_of
from pipeline.resources.work import RowsOfSources, StoredTable, Work
from pipeline.schemas.checks import Fit, fit_table
from pipeline.schemas.registry import TABLES, table

OWNER: Final = "team:h1b-sponsors"
WORK: Final = "work"
SNAPSHOTS: Final = "snapshots"


@dataclass(frozen=True)
class _Parameters:
    """What a function takes: tables, by their names; and plain objects that the resources of the same names open.

    as_arrow, unread: the tables that it takes as Arrow tables and as datasets, by their annotation; of the latter it reads the rows and
    columns that it needs.
    sources: those whose snapshots alone it reads in the archive, or in table `snapshots`, if it takes one of these; none: all.
    """

    tables: tuple[str, ...]
    as_arrow: frozenset[str]
    unread: frozenset[str]
    resources: frozenset[str]
    sources: tuple[str, ...] = ()

    @classmethod
    def of(cls, compute: Callable[..., Any], sources: Collection[str] = ()) -> "_Parameters":
        types = {name: kind for name, kind in get_type_hints(compute).items() if name != "return"}
        as_arrow, unread = (
            frozenset(name for name, kind in types.items() if kind is one) for one in (pa.Table, Dataset)
        )
        tables = tuple(name for name in types if name in TABLES)
        return cls(tables, as_arrow, unread, frozenset(types) - TABLES.keys(), tuple(sources))

    def opened(self, context: dg.AssetExecutionContext) -> dict[str, Any]:
        return {name: getattr(context.resources, name).open() for name in self.resources}

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

    def step(
        self,
        name: str,
        tables: Sequence[str],
        room: str,
        stored: Mapping[str, StoredTable],
        opened: Mapping[str, object],
    ) -> Step:
        versions = {name: version_of(one, stored, self.sources) for name, one in sorted(opened.items())}
        made_from = {
            **made_by(room),
            **{f"table {name}": one.version for name, one in stored.items()},
            **{name: version for name, version in versions.items() if version is not None},
        }
        unknown = tuple(name for name, version in versions.items() if version is None)
        return Step(name, tuple(tables), made_from, unknown)


def table_asset(
    compute: Callable[..., pd.DataFrame], group: str, deps: Sequence[str] | None = None, sources: Collection[str] = ()
) -> dg.AssetsDefinition:
    """Make the asset of the table that `compute` returns and is named after.

    Each parameter of `compute` is a table of the registry, as a frame, an Arrow table or a dataset, or a resource, by name. deps: tables
    that must come first, though none of their rows is handed on. sources: as of `_Parameters`.
    """
    name, parameters, room = compute.__name__, _Parameters.of(compute, sources), room_of(compute)

    def run(context: dg.AssetExecutionContext) -> Iterator[TableOutput]:
        work = context.resources.work.open()
        opened, stored = parameters.opened(context), parameters.stored(work)

        def make() -> Iterator[tuple[str, Fit]]:
            yield name, fit_table(compute(**parameters.read(stored), **opened), name)

        # Yielded: Dagster takes what an asset with checks returns for an output without a value.
        yield from outcome(parameters.step(name, [name], room, stored, opened), work, make)

    asset: dg.AssetsDefinition = dg.asset(
        name=name,
        deps=[*parameters.tables, *(deps or ())],
        required_resource_keys={WORK, *parameters.resources},
        check_specs=[registry_check(name)],
        op_tags=order_of(name),
        **described(name, group, room),
    )(run)
    return asset


def table_assets(
    compute: Callable[..., Mapping[str, pd.DataFrame]],
    tables: Sequence[str],
    group: str,
    sources: Collection[str] = (),
) -> dg.AssetsDefinition:
    """Make the assets of several `tables` that one computation yields, by name; else as `table_asset`."""
    name, parameters, room = compute.__name__, _Parameters.of(compute, sources), room_of(compute)

    @dg.multi_asset(
        name=name,
        deps=list(parameters.tables),
        outs=outs(tables, group, room),
        check_specs=[registry_check(name) for name in tables],
        op_tags=order_of(name),
        required_resource_keys={WORK, *parameters.resources},
    )
    def run(context: dg.AssetExecutionContext) -> Iterator[TableOutput]:
        work = context.resources.work.open()
        opened, stored = parameters.opened(context), parameters.stored(work)

        def make() -> Iterator[tuple[str, Fit]]:
            made = dict(compute(**parameters.read(stored), **opened))
            for table_name in tables:
                yield table_name, fit_table(made.pop(table_name), table_name)

        yield from outcome(parameters.step(name, tables, room, stored, opened), work, make)

    return run


def outs(tables: Sequence[str], group: str, room: str) -> dict[str, dg.AssetOut]:
    """Return the outputs of a multi-asset that yields these tables by the code of `room`."""
    return {name: dg.AssetOut(key=name, **described(name, group, room)) for name in tables}


def described(name: str, group: str, room: str) -> dict[str, Any]:
    """Return the keyword arguments of `dg.asset` and `dg.AssetOut` that say what table `name` is and which code makes it."""
    return {
        "group_name": group,
        "owners": [OWNER],
        "kinds": {"python", "pandas", "parquet"},
        "description": table(name).description,
        "code_version": room_version(room),
        "metadata": table_metadata(table(name)),
    }


def room_of(compute: Callable[..., Any]) -> str:
    """Return the room in which a function is written: the package right below `pipeline`."""
    return compute.__module__.split(".")[1]


def registry_check(name: str) -> dg.AssetCheckSpec:
    """Return the blocking check that the registry makes of table `name`."""
    return dg.AssetCheckSpec(
        CHECK,
        asset=name,
        blocking=True,
        description="Nulls, vocabularies, ranges, patterns and the key of the table's description",
    )
