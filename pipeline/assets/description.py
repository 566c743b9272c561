"""What Dagster shows of a table: its columns from the registry, its number of rows and its first rows."""

from __future__ import annotations

import re
from typing import Any, Final

import dagster as dg
import pandas as pd
import pyarrow as pa

from pipeline.schemas.frames import to_frame
from pipeline.schemas.model import Table
from pipeline.steps.work import StoredTable
from pipeline.text.characters import collapse, harmless

_PREVIEW_ROWS: Final = 5
_PREVIEW_CELL: Final = 60
_MARKS: Final = re.compile(
    r"[\\`*_\[\]<>!&]"
)  # of Markdown inside a cell: pictures would be fetched from wherever they are


def table_metadata(described: Table) -> dict[str, Any]:
    """Return the metadata of a table's definition: Dagster's table schema of its fields."""
    columns = [
        dg.TableColumn(
            name=field.name,
            type=_type(field.type),
            description=field.description,
            constraints=dg.TableColumnConstraints(nullable=not field.required, unique=described.key == (field.name,)),
        )
        for field in described.fields
    ]
    return {"dagster/column_schema": dg.TableSchema(columns=columns)}


def _type(kind: pa.DataType) -> str:
    return f"list<{kind.value_type}>" if pa.types.is_list(kind) else str(kind)


def row_metadata(stored: StoredTable) -> dict[str, Any]:
    """Return the metadata of a materialization: row count and a preview in Markdown."""
    head = to_frame(stored.head(_PREVIEW_ROWS))
    return {"dagster/row_count": stored.rows, "preview": dg.MetadataValue.md(preview(head))}


def preview(head: pd.DataFrame) -> str:
    """Return a few rows as a Markdown table; long cells are cut, and no sign in them makes Markdown or hides others."""
    lines = ["| " + " | ".join(head.columns) + " |", "|" + "---|" * len(head.columns)]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in head.itertuples(index=False)]
    return "\n".join(lines)


def _cell(value: Any) -> str:
    text = "" if pd.api.types.is_scalar(value) and pd.isna(value) else str(value)
    text = collapse(harmless(text).replace("|", "¦"))
    return _MARKS.sub(r"\\\g<0>", text if len(text) <= _PREVIEW_CELL else text[: _PREVIEW_CELL - 1] + "…")
