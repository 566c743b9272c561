"""How a table becomes an asset: inputs from the function's parameters; schema, description and check from the registry."""

# No `from __future__ import annotations`: Dagster looks at the class of the context's annotation, not at its name.
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, get_type_hints

import dagster as dg
import pandas as pd
import pyarrow as pa

from pipeline.assets.description import row_metadata, table_metadata
from pipeline.release.code_version import room_version
from pipeline.resources.parquet_io import AS_ARROW
from pipeline.schemas.checks import Fit, fit_table
from pipeline.schemas.registry import TABLES, table
from pipeline.text.characters import harmless

OWNER: Final = "team:h1b-sponsors"
CHECK: Final = "registry"
_REPORTED: Final = 20

TableOutput = dg.MaterializeResult[pa.Table]


@dataclass(frozen=True)
class _Parameters:
    """What a function takes: tables, by their names; and plain objects that the resources of the same names open.

    as_arrow: the tables that it takes as Arrow tables, by their annotation; it makes frames of what it reads of them.
    """

    tables: tuple[str, ...]
    as_arrow: frozenset[str]
    resources: frozenset[str]

    @classmethod
    def of(cls, compute: Callable[..., Any]) -> "_Parameters":
        types = {name: kind for name, kind in get_type_hints(compute).items() if name != "return"}
        as_arrow = frozenset(name for name, kind in types.items() if kind is pa.Table)
        return cls(tuple(name for name in types if name in TABLES), as_arrow, frozenset(types) - TABLES.keys())

    @property
    def ins(self) -> dict[str, dg.AssetIn]:
        return {name: dg.AssetIn(metadata=AS_ARROW if name in self.as_arrow else None) for name in self.tables}

    def opened(self, context: dg.AssetExecutionContext) -> dict[str, Any]:
        return {name: getattr(context.resources, name).open() for name in self.resources}


def table_asset(
    compute: Callable[..., pd.DataFrame], group: str, deps: Sequence[str] | None = None
) -> dg.AssetsDefinition:
    """Make the asset of the table that `compute` returns and is named after.

    Each parameter of `compute` is a table of the registry, as a frame or an Arrow table, or a resource, by name. deps: tables
    that must come first, though none of their rows is handed on.
    """
    name, parameters = compute.__name__, _Parameters.of(compute)

    def run(context: dg.AssetExecutionContext, **tables: pd.DataFrame) -> Iterator[TableOutput]:
        # Yielded: Dagster takes what an asset with checks returns for an output without a value.
        yield checked(fit_table(compute(**tables, **parameters.opened(context)), name), name)

    asset: dg.AssetsDefinition = dg.asset(
        name=name,
        ins=parameters.ins,
        deps=deps,
        required_resource_keys=set(parameters.resources),
        check_specs=[registry_check(name)],
        **described(name, group, room_of(compute)),
    )(run)
    return asset


def table_assets(
    compute: Callable[..., Mapping[str, pd.DataFrame]], tables: Sequence[str], group: str
) -> dg.AssetsDefinition:
    """Make the assets of several `tables` that one computation yields, by name; else as `table_asset`."""
    parameters = _Parameters.of(compute)

    @dg.multi_asset(
        name=compute.__name__,
        ins=parameters.ins,
        outs=outs(tables, group, room_of(compute)),
        check_specs=[registry_check(name) for name in tables],
        required_resource_keys=set(parameters.resources),
    )
    def run(context: dg.AssetExecutionContext, **inputs: pd.DataFrame) -> Iterator[TableOutput]:
        made = dict(compute(**inputs, **parameters.opened(context)))
        for name in tables:
            yield checked(fit_table(made.pop(name), name), name)

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


def checked(
    fit: Fit,
    name: str,
    more_metadata: Mapping[str, Any] | None = None,
    more_checks: Sequence[dg.AssetCheckResult] = (),
) -> TableOutput:
    """Return a table as the materialization of `name`, with its metadata and what its registry check found."""
    check = dg.AssetCheckResult(
        check_name=CHECK,
        asset_key=name,
        passed=not fit.violations,
        metadata={
            "violations": [harmless(str(violation)) for violation in fit.violations[:_REPORTED]],
            "rows": fit.arrow.num_rows,
        },
    )
    return dg.MaterializeResult(
        asset_key=name,
        value=fit.arrow,
        metadata={**row_metadata(fit.arrow), **(more_metadata or {})},
        check_results=[check, *more_checks],
    )
