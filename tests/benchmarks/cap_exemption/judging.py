"""How long the cap exemption of all petitioners takes: python -m tests.benchmarks.cap_exemption.judging FOLDER NAME SIZE DATA.

The national petitioners, and 250,000 of them with perturbed copies, each in a process of its own, with all registers of the
archive; reading and grouping are not counted. Links and trainee filings are left out: they add a few tenths of a second.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from pipeline.archive.loading import load_chosen
from pipeline.archive.reading import open_archive
from pipeline.cap_exemption.judge import judge_petitioners
from pipeline.cap_exemption.registers import REGISTER_TABLES, read_registers
from pipeline.linkage.clustering import group_petitioners
from pipeline.sources.catalogue import SOURCES
from tests.benchmarks.linkage.measure import Measured, run, timed

SIZES: Final = ("national", "250000")


def measured(data: Path, folder: Path) -> list[tuple[int, Measured]]:
    """Return petitioners judged and what that took, for each of SIZES. `folder` holds petitions_1x and petitions_2x."""
    found: list[tuple[int, Measured]] = []
    for size in SIZES:
        took = run("judging", f"judging_{size}", folder, more=(size, str(data)), package="cap_exemption")
        found.append((took.pairs, took))
    return found


def table(rows: Sequence[tuple[int, Measured]]) -> str:
    """Return the figures as a Markdown table."""
    lines = ["| Petitioners judged | Seconds | Processor seconds | Peak memory (MB) |", "|---|---|---|---|"]
    lines += [f"| {size:,} | {took.seconds:.1f} | {took.cpu:.1f} | {took.memory:,} |" for size, took in rows]
    return "\n".join(lines)


def registers_of(data: Path) -> dict[str, pd.DataFrame]:
    """Return the registers of the archive `data/raw`."""
    archive = open_archive(data / "raw")
    tables: dict[str, pd.DataFrame] = {}
    for source in SOURCES:
        if set(source.tables) & set(REGISTER_TABLES):
            tables |= load_chosen(source, archive).tables
    return {name: tables[name] for name in REGISTER_TABLES}


def petitioners_of(folder: Path, size: str) -> pd.DataFrame:
    """Return grouped petitioners: all national ones, or as many as `size` says."""
    factor = 1 if size == "national" else 2
    grouped = group_petitioners(pd.read_parquet(folder / f"petitions_{factor}x.parquet")).petitioners
    return grouped if size == "national" else grouped.sample(n=int(size), random_state=1)


def main(folder: Path, name: str, size: str, data: Path) -> None:
    """Judge, and write what it took."""
    registers, petitioners = registers_of(data), petitioners_of(folder, size)
    timed(lambda: len(judge_petitioners(petitioners, read_registers(registers))), name, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[4]))
