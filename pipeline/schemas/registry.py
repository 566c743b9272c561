"""The one registry of tables: Arrow schemas, checks and the data dictionary are made from it.

What belongs here: finding a table by its name. What a table says is in the file of its room.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from pipeline.schemas.cap_exemption import CAP_EXEMPTION
from pipeline.schemas.coverage import COVERAGE_TABLES
from pipeline.schemas.filings import FILINGS
from pipeline.schemas.likelihood import CALIBRATION
from pipeline.schemas.linkage import LINKAGE
from pipeline.schemas.model import Table
from pipeline.schemas.policies import POLICIES
from pipeline.schemas.registers import REGISTERS
from pipeline.schemas.release import RELEASE
from pipeline.schemas.sources import SOURCES
from pipeline.schemas.sponsor_list import SPONSOR_LIST

# Semantic version of what the tables say, a promise to those who read them: docs/contract.md.
SCHEMA_VERSION: Final = "1.1.0"
TABLES: Final[dict[str, Table]] = {
    table.name: table
    for table in (
        *SOURCES,
        *REGISTERS,
        *LINKAGE,
        *POLICIES,
        *FILINGS,
        *CAP_EXEMPTION,
        *SPONSOR_LIST,
        *CALIBRATION,
        *COVERAGE_TABLES,
        *RELEASE,
    )
}


def table(name: str) -> Table:
    """Return the table of that name. Raises KeyError if there is none."""
    return TABLES[name]


def arrow_schema(name: str) -> pa.Schema:
    """Return the Arrow schema of a table, with the description and unit of each column in its metadata."""
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
