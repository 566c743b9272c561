"""Tables of a release that is small, though nothing is missing in it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest


@pytest.fixture(scope="session")
def small_tables(sample_release: Path) -> dict[str, pa.Table]:
    """All tables of a release, of as many institutions and their programs as give a hundred files."""
    whole = {path.stem: pq.read_table(path) for path in sorted(sample_release.glob("*.parquet"))}
    institutions = whole["institutions"]["institution_id"].slice(0, 10)
    links = whole["petitioner_links"].filter(pc.field("institution_id").isin(institutions))
    kept = {"institution_id": institutions, "petitioner_id": links["petitioner_id"].unique()}
    few = {name: _of_those(table, kept) for name, table in whole.items()}
    return few | {name: few[name].slice(0, 25) for name in ("functional_h1b_sponsors", "coverage", "programs_missing")}


def _of_those(table: pa.Table, kept: dict[str, pa.Array]) -> pa.Table:
    """The rows of a table that name one of those kept, in each column that names them."""
    for column in kept.keys() & set(table.column_names):
        table = table.filter(pc.field(column).isin(kept[column]))
    return table
