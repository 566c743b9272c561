"""What the benchmarks measure still runs: they are run seldom, and the code goes on meanwhile."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.benchmarks.tiers import STEPS


@pytest.mark.parametrize(("step", "makes"), [("join", "trainee_filings"), ("tiers", "functional_h1b_sponsors")])
def test_join_and_tiers_make_what_a_refresh_makes(sample_data: Path, step: str, makes: str) -> None:
    table = pq.read_table(sample_data / "curated" / ".work" / f"{makes}.parquet")
    assert STEPS[step](sample_data)() == table.num_rows > 0
