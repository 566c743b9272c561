"""How a step becomes an asset: what it hangs on and its code from the step; schema, description and check from the registry.

Tables are named to Dagster as what must come first, and read by the step: each that Dagster handed on would be an event of its own.
"""

# No `from __future__ import annotations`: Dagster looks at the class of the context's annotation, not at its name.
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import dagster as dg

from pipeline.assets.description import row_metadata, table_metadata
from pipeline.assets.order import order_of
from pipeline.resources.data import openers_of
from pipeline.schemas.checks import Violation
from pipeline.schemas.registry import table
from pipeline.steps.step import REGISTRY_CHECK, Openers, Step, reported, run_step
from pipeline.steps.work import StoredTable, Work

OWNER: Final = "team:h1b-sponsors"
WORK: Final = "work"

TableOutput = dg.MaterializeResult[Any]


@dataclass(frozen=True)
class Extras:
    """What a step reports beside its tables: metadata of all of them, and results of further checks, by table."""

    metadata: Mapping[str, Any] = field(default_factory=dict)
    checks: Mapping[str, Sequence[dg.AssetCheckResult]] = field(default_factory=dict)


def _nothing(_: Openers) -> Extras:
    return Extras()


def table_asset(
    step: Step,
    *,
    description: str = "",
    deps: Sequence[str] = (),
    checks: Sequence[dg.AssetCheckSpec] = (),
    extras: Callable[[Openers], Extras] = _nothing,
) -> dg.AssetsDefinition:
    """Make the asset of each table of a step. deps: assets that must come first beside what the step needs. checks: beside the registry's;
    `extras` returns their results, and what else is told, once the tables are there."""

    @dg.multi_asset(
        name=step.name,
        description=description or None,
        deps=[*step.needs, *deps],
        outs={name: dg.AssetOut(key=name, **_described(name, step)) for name in step.tables},
        check_specs=[*map(_registry_check, step.tables), *checks],
        op_tags=order_of(step.name),
        required_resource_keys={WORK, *step.given},
    )
    def run(context: dg.AssetExecutionContext) -> Iterator[TableOutput]:
        openers = openers_of(context.resources)
        made = run_step(step, openers)
        work: Work = openers[WORK]()
        added = extras(openers)
        for name in step.tables:
            stored = work.table(name)
            results = [_registry_result(stored, made.broken.get(name, ())), *added.checks.get(name, ())]
            yield dg.MaterializeResult(
                asset_key=name,
                metadata={**_of_table(stored), **made.how, **added.metadata},
                check_results=results,
                data_version=dg.DataVersion(stored.version),
            )

    return run


def _described(name: str, step: Step) -> dict[str, Any]:
    """Return the keyword arguments of `dg.AssetOut` that say what table `name` is and which code makes it."""
    return {
        "group_name": step.group,
        "owners": [OWNER],
        "kinds": {"python", "pandas", "parquet"},
        "description": table(name).description,
        "code_version": step.code_version,
        "metadata": table_metadata(table(name)),
    }


def _registry_check(name: str) -> dg.AssetCheckSpec:
    """Return the blocking check that the registry makes of table `name`."""
    return dg.AssetCheckSpec(
        REGISTRY_CHECK,
        asset=name,
        blocking=True,
        description="Nulls, vocabularies, ranges, patterns and the key of the table's description",
    )


def _of_table(stored: StoredTable) -> dict[str, Any]:
    return {**row_metadata(stored), "path": dg.MetadataValue.path(str(stored.path))}


def _registry_result(stored: StoredTable, violations: Sequence[Violation]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=REGISTRY_CHECK,
        asset_key=stored.name,
        passed=not violations,
        metadata={
            "violations": reported(violations),
            "rows": stored.rows,
        },
    )
