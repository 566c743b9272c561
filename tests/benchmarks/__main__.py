"""`make benchmark`: our matching beside three others on the same national tables and how its time grows; the cap exemption of
all petitioners; readers of a year of disclosure data on a generated workbook; the join and the tiers on the national files.

Prints Markdown. Every contender runs in a process of its own, one after the other.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Final

import pandas as pd

from tests.benchmarks import environment
from tests.benchmarks.cap_exemption import judging
from tests.benchmarks.matching.inputs import FACTORS, archive_of, make_tables
from tests.benchmarks.matching.measure import ROOT, run
from tests.benchmarks.matching.scoring import SPELLING, of_best_threshold, of_links
from tests.benchmarks.matching.table import Contender, Size, comparison, scaling
from tests.benchmarks.tiers import tier_table
from tests.benchmarks.workbooks.generate import ROWS
from tests.benchmarks.workbooks.table import workbook_table

PARTS: Final = ("workbooks", "tiers", "matching")
SHARED: Final = ROOT.parent / "shared"
OURS: Final = "Ours"
BARE: Final = "Ours, without `judgements.csv`"
# Title, module, and whether it needs the benchmark's own environment.
OTHERS: Final = (
    ("rapidfuzz `WRatio`, best of the state", "wratio", False),
    ("TF-IDF character trigrams, best of the state", "trigrams", True),
    ("Splink on DuckDB, best of the state", "splink_duckdb", True),
)


def main() -> None:
    """Make the tables, measure, print the results."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(prefix="h1b-sponsors-benchmark-") as name:
        folder = Path(name)
        if "workbooks" in asked.only:
            print(workbook_table(folder, _say, asked.rows), end="\n\n", flush=True)
        if asked.only == ["workbooks"]:
            return
        _say("tables from the archive")
        data = asked.data or archive_of(asked.downloads, folder)
        if "tiers" in asked.only:
            print(tier_table(data, folder), end="\n\n", flush=True)
        if "matching" not in asked.only:
            return
        make_tables(data, folder / "tables")
        sizes = _sizes(folder / "tables", FACTORS[:1] if asked.no_scaling else FACTORS)
        print(scaling(sizes), end="\n\n", flush=True)
        _say("cap exemption of all petitioners")
        print(judging.table(judging.measured(data, folder / "tables")), end="\n\n", flush=True)
        print(comparison(_contenders(folder / "tables", sizes[0], asked.gold)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make benchmark", description=__doc__)
    parser.add_argument("--data", type=Path, help="data folder whose raw/ holds the national files (as H1B_DATA_DIR)")
    parser.add_argument("--downloads", type=Path, default=SHARED / "raw", help="files to make an archive of otherwise")
    parser.add_argument("--gold", type=Path, default=SHARED / "gold" / "matching_dev.csv", help="labelled spellings")
    parser.add_argument("--no-scaling", action="store_true", help="leave out the larger numbers of petitioners")
    parser.add_argument("--only", choices=PARTS, action="append", help="a part of the benchmark; may be repeated")
    parser.add_argument("--rows", type=int, default=ROWS, help="rows of the generated workbook")
    asked = parser.parse_args()
    asked.only = asked.only or [*PARTS]
    if asked.only == ["workbooks"]:
        return asked
    if asked.data is None and not asked.downloads.is_dir():
        sys.exit(f"skipped: no national files in {asked.downloads}; name a folder with --downloads or --data")
    if not asked.gold.is_file():
        _say(f"no labelled spellings at {asked.gold}: precision, recall and F1 are left out")
        asked.gold = None
    return asked


def _sizes(folder: Path, factors: tuple[int, ...]) -> list[Size]:
    sizes = []
    for factor in factors:
        _say(f"ours, {factor} times the petitioners")
        units = pd.read_parquet(folder / f"petitions_{factor}x.parquet", columns=SPELLING)
        units = len(units[units["employer"] != ""].drop_duplicates())
        grouping = run("grouping", f"grouping_{factor}x", folder, more=(str(factor),))
        sizes.append(Size(factor, units, grouping, run("ours", f"ours_{factor}x", folder, more=(str(factor),))))
    return sizes


def _contenders(folder: Path, national: Size, gold: Path | None) -> list[Contender]:
    institutions = pd.read_parquet(folder / "institutions.parquet")
    petitions = pd.read_parquet(folder / "petitions_1x.parquet", columns=SPELLING)
    _say(BARE)
    bare = run("ours", "ours_bare", folder, more=("1", "bare"))
    contenders = []
    for title, name, measured in ((OURS, "ours_1x", national.matching), (BARE, "ours_bare", bare)):
        links = pd.read_parquet(folder / f"{name}.parquet")
        contenders.append(Contender(title, measured, of_links(gold, links, institutions) if gold else None))
    for title, module, elsewhere in OTHERS:
        _say(title)
        measured = run(module, module, folder, python=environment.python() if elsewhere else sys.executable)
        found = pd.read_parquet(folder / f"{module}.parquet")
        score = of_best_threshold(gold, found, petitions, institutions) if gold else None
        contenders.append(Contender(title, measured, score))
    return contenders


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
