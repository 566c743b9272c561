"""CSV files of the user's own in the data folder, which no refresh touches: read strictly, written whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from pipeline.atomic_files import replace_file
from pipeline.reference.load import empty_table, read_table
from pipeline.reference.model import ReferenceTable


def read_own(table: ReferenceTable, path: Path) -> pd.DataFrame:
    """Read a file as `table` describes it, with the `line` of each row; no row where there is no file.

    Raises ReferenceTableError with file, line and what is wrong: a line that can't be read is never left out.
    """
    return read_table(table, path) if path.exists() else empty_table(table)


def own_records(table: ReferenceTable, path: Path) -> list[dict[str, str]]:
    """Return the same rows as records, without their lines. Raises as `read_own`."""
    rows = read_own(table, path).drop(columns="line").to_dict("records")
    return [{str(name): str(cell) for name, cell in row.items()} for row in rows]


def write_own(table: ReferenceTable, path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    """Write rows (every column of `table`) as the file at `path`, in one step. Raises OSError."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, table.columns)
    writer.writeheader()
    writer.writerows(rows)
    replace_file(path, text.getvalue())
