"""What every asset says of itself: kinds, owner, schema, rows, preview; all from the registry."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any, Final

import dagster as dg
import pandas as pd
import pyarrow as pa

from pipeline.release.code_version import code_version
from pipeline.schemas.checks import violations
from pipeline.schemas.frames import to_arrow, to_frame
from pipeline.schemas.model import Table
from pipeline.schemas.registry import table

OWNER: Final = "team:h1b-sponsors"
_PREVIEW_ROWS: Final = 5
_PREVIEW_CELL: Final = 60


def column_schema(described: Table) -> dg.TableSchema:
    """Dagster's table schema of a registry table."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=field.name,
                type=_type(field.type),
                description=field.description,
                constraints=dg.TableColumnConstraints(
                    nullable=not field.required, unique=described.key == (field.name,)
                ),
            )
            for field in described.fields
        ]
    )


def _type(kind: pa.DataType) -> str:
    return f"list<{kind.value_type}>" if pa.types.is_list(kind) else str(kind)


def spec(name: str, group: str) -> dict[str, Any]:
    """Keyword arguments of `dg.asset` and `dg.AssetOut` for the table `name` in `group`."""
    described = table(name)
    return {
        "group_name": group,
        "owners": [OWNER],
        "kinds": {"python", "pandas", "parquet"},
        "description": described.description,
        "code_version": code_version(),
        "metadata": {"dagster/column_schema": column_schema(described)},
    }


def row_metadata(frame: pd.DataFrame) -> dict[str, Any]:
    """Row count and a preview in Markdown."""
    return {"dagster/row_count": len(frame), "preview": dg.MetadataValue.md(preview(frame))}


def preview(frame: pd.DataFrame) -> str:
    """The first rows as a Markdown table; long cells are cut, bars and line breaks made harmless."""
    head = frame.head(_PREVIEW_ROWS)
    lines = ["| " + " | ".join(head.columns) + " |", "|" + "---|" * len(head.columns)]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in head.itertuples(index=False)]
    return "\n".join(lines)


def _cell(value: Any) -> str:
    text = "" if pd.api.types.is_scalar(value) and pd.isna(value) else str(value)
    text = " ".join(text.replace("|", "¦").split())
    return text if len(text) <= _PREVIEW_CELL else text[: _PREVIEW_CELL - 1] + "…"


def registry_check(name: str) -> dg.AssetCheckSpec:
    """The blocking check that the registry makes of table `name`."""
    return dg.AssetCheckSpec(
        "registry",
        asset=name,
        blocking=True,
        description="Nulls, vocabularies, ranges, patterns and the key of the table's description",
    )


def checked(
    frame: pd.DataFrame, name: str, output: str = "result"
) -> Iterator[dg.Output[pa.Table] | dg.AssetCheckResult]:
    """The table as an output with its metadata, then what its registry check found."""
    arrow = to_arrow(frame, name)
    conformed = to_frame(arrow)
    yield dg.Output(arrow, output_name=output, metadata=row_metadata(conformed))
    found = violations(conformed, name)
    yield dg.AssetCheckResult(
        check_name="registry",
        asset_key=name,
        passed=not found,
        metadata={"violations": [str(violation) for violation in found[:20]], "rows": len(conformed)},
    )


def table_asset(
    group: str, ins: dict[str, dg.AssetIn] | None = None, deps: list[str] | None = None
) -> Callable[[Callable[..., pd.DataFrame]], dg.AssetsDefinition]:
    """Make a Dagster asset of a function that returns the frame of the table it is named after.

    `ins` names upstream assets whose key is not the parameter's name; `deps` those that must come first and hand nothing on.
    """

    def decorate(compute: Callable[..., pd.DataFrame]) -> dg.AssetsDefinition:
        name = compute.__name__

        @functools.wraps(compute)
        def run(*args: Any, **kwargs: Any) -> Iterator[Any]:
            yield from checked(compute(*args, **kwargs), name)

        run.__annotations__ = {**compute.__annotations__, "return": Iterator[Any]}
        asset: dg.AssetsDefinition = dg.asset(
            name=name, check_specs=[registry_check(name)], ins=ins, deps=deps, **spec(name, group)
        )(run)
        return asset

    return decorate
