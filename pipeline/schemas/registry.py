"""The one registry of tables: Arrow schemas, checks and the data dictionary come from here."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from pipeline.schemas.changes import CHANGES
from pipeline.schemas.inferred import INFERRED
from pipeline.schemas.linked import LINKED
from pipeline.schemas.model import Table
from pipeline.schemas.parsed import PARSED
from pipeline.schemas.published import PUBLISHED

SCHEMA_VERSION: Final = "1"
TABLES: Final[dict[str, Table]] = {table.name: table for table in (*PARSED, *LINKED, *INFERRED, *PUBLISHED, *CHANGES)}


def table(name: str) -> Table:
    """The table of that name; KeyError if there is none."""
    return TABLES[name]


def arrow_schema(name: str) -> pa.Schema:
    """Arrow schema of a table, with the description of each column in its metadata."""
    return pa.schema(
        [
            pa.field(
                field.name,
                field.type,
                nullable=not field.required,
                metadata={"description": field.description} | ({"unit": field.unit} if field.unit else {}),
            )
            for field in table(name).fields
        ],
        metadata={"table": name, "schema_version": SCHEMA_VERSION},
    )
