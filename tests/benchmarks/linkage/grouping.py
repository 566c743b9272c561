"""Our grouping of spellings to petitioners, which comes before the linking: python -m ... FOLDER NAME FACTOR."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from pipeline.linkage.clustering import group_petitioners
from tests.benchmarks.linkage.measure import timed


def main(folder: Path, name: str, factor: str) -> None:
    """Write grouped_<factor>x.parquet: the petitions with their petitioner_id."""
    petitions = pd.read_parquet(folder / f"petitions_{factor}x.parquet")
    grouped: list[pd.DataFrame] = []

    def work() -> int:
        grouped.append(group_petitioners(petitions).petitions)
        return 0

    timed(work, name, folder)
    grouped[0].to_parquet(folder / f"grouped_{factor}x.parquet", index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
