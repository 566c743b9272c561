"""Two folders of Parquet tables compared: schema, rows, and for tables with a key the cells that changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

# What names the release that made a table, and not what the table says.
APART: Final = ("release_id",)
_SHOWN: Final = 3
_WIDTH: Final = 400


@dataclass(frozen=True)
class Difference:
    """One table that is not the same on both sides, and how, a line each."""

    table: str
    lines: tuple[str, ...]


def compare_folders(before: Path, after: Path) -> list[Difference]:
    """Compare the tables of two curated folders by name, those of `latest` and those of the work folder.

    Returns one Difference a table that only one side has, or that differs in its columns, types or rows once the columns
    APART are left out. The order of rows counts in a
    release, which is written in key order, and not in the work folder.
    """
    left, right = _tables(before), _tables(after)
    found = []
    for name in sorted(left.keys() | right.keys()):
        if name not in left or name not in right:
            found.append(Difference(name, (f"only {'after' if name in right else 'before'}",)))
            continue
        lines = compare_tables(_read(left[name]), _read(right[name]), ordered=name.startswith("latest/"))
        if lines:
            found.append(Difference(name, tuple(lines)))
    return found


def compare_tables(before: pa.Table, after: pa.Table, *, ordered: bool = True) -> list[str]:
    """Say how two tables differ, a line each; empty when they are equal in columns, types and rows, if `ordered` in their
    order, too."""
    if before.equals(after):
        return []
    lines = [f"column {name}: only before" for name in before.column_names if name not in after.column_names]
    lines += [f"column {name}: only after" for name in after.column_names if name not in before.column_names]
    shared = [name for name in before.column_names if name in after.column_names]
    lines += [
        f"column {name}: {before.schema.field(name).type} before, {after.schema.field(name).type} after"
        for name in shared
        if before.schema.field(name).type != after.schema.field(name).type
    ]
    if before.num_rows != after.num_rows:
        lines.append(f"rows: {before.num_rows:,} before, {after.num_rows:,} after")
    return lines + _changed_rows(before.select(shared), after.select(shared), ordered)


def _changed_rows(before: pa.Table, after: pa.Table, ordered: bool) -> list[str]:
    left, right = _texts(before), _texts(after)
    marks = pd.concat([left.assign(side="before"), right.assign(side="after")], ignore_index=True)
    alone = marks[~marks.duplicated(list(left.columns), keep=False)]
    sides = ("before", "after")
    lines = [f"{int((alone['side'] == side).sum()):,} rows only {side}" for side in sides] if len(alone) else []
    shown = list(left.columns)
    if len(left) == len(right) and (ordered or len(alone)):
        counts = {name: int((left[name].to_numpy() != right[name].to_numpy()).sum()) for name in left.columns}
        lines += [f"column {name}: {count:,} cells, place by place" for name, count in counts.items() if count]
        shown = [name for place, name in enumerate(left.columns) if place == 0 or counts[name]]
    for side in sides:
        rows = alone.loc[alone["side"] == side, shown].head(_SHOWN).to_dict("records")
        lines += [f"{side}: {row}"[:_WIDTH] for row in rows]
    return lines


def _texts(table: pa.Table) -> pd.DataFrame:
    """Cells as texts, so that lists and records can be compared and counted."""
    return pd.DataFrame({name: [repr(value) for value in table[name].to_pylist()] for name in table.column_names})


def _tables(curated: Path) -> dict[str, Path]:
    """Parquet files of the latest release and of the work folder, by a name that tells which."""
    folders = {"latest": curated / "latest", "work": curated / ".work"}
    return {
        f"{label}/{path.relative_to(folder).with_suffix('').as_posix()}": path
        for label, folder in folders.items()
        for path in sorted(folder.rglob("*.parquet"))
        if "parsed" not in path.relative_to(folder).parts
    }


def _read(path: Path) -> pa.Table:
    table = pq.read_table(path).replace_schema_metadata(None)
    return table.drop_columns([name for name in APART if name in table.column_names])
