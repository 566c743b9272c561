"""`make benchmark`: our linking beside three other matchers on the same national tables and how its time grows; the cap exemption of
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

from pipeline.schemas.ids import PETITIONER_SITE
from tests.benchmarks import environment
from tests.benchmarks.cap_exemption import judging
from tests.benchmarks.linkage.inputs import FACTORS, archive_of, make_tables
from tests.benchmarks.linkage.measure import ROOT, run
from tests.benchmarks.linkage.scoring import of_best_threshold, of_links
from tests.benchmarks.linkage.table import Contender, Size, comparison, scaling
from tests.benchmarks.tiers import tier_table
from tests.benchmarks.workbooks.generate import ROWS
from tests.benchmarks.workbooks.table import workbook_table

PARTS: Final = ("workbooks", "tiers", "linkage")
SHARED: Final = ROOT.parent / "shared"
SECOND_READER: Final = ROOT / "tests" / "gold" / "linkage" / "matching_second_reader.csv"
OURS: Final = "Ours"
# Of the curated rows: the title, what `ours` leaves out, and whether a line counts as one with curated rows.
LEFT_OUT: Final = (("Ours, without `judgements.csv`", "judgements", True), (OURS, "curated", False))
# Title, module, and whether it needs the benchmark's own environment.
OTHERS: Final = (
    ("rapidfuzz `WRatio`, best of the state", "wratio", False),
    ("TF-IDF character trigrams, best of the state", "trigrams", True),
    ("Splink on DuckDB, best of the state", "splink_duckdb", True),
)


def main() -> None:
    """Make the tables, measure, print the results."""
    options = _arguments()
    with tempfile.TemporaryDirectory(prefix="h1b-sponsors-benchmark-") as name:
        folder = Path(name)
        if "workbooks" in options.only:
            print(workbook_table(folder, _say, options.rows), end="\n\n", flush=True)
        if options.only == ["workbooks"]:
            return
        _say("tables from the archive")
        data = options.data or archive_of(options.downloads, folder)
        if "tiers" in options.only:
            print(tier_table(data, folder), end="\n\n", flush=True)
        if "linkage" not in options.only:
            return
        make_tables(data, folder / "tables")
        sizes = _sizes(folder / "tables", FACTORS[:1] if options.no_scaling else FACTORS)
        print(scaling(sizes), end="\n\n", flush=True)
        _say("cap exemption of all petitioners")
        print(judging.table(judging.measured(data, folder / "tables")), end="\n\n", flush=True)
        print(comparison(_contenders(folder / "tables", sizes[0], options.gold, options.without_curated)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make benchmark", description=__doc__)
    parser.add_argument("--data", type=Path, help="data folder whose raw/ holds the national files (as H1B_DATA_DIR)")
    parser.add_argument("--downloads", type=Path, default=SHARED / "raw", help="files to make an archive of otherwise")
    parser.add_argument("--gold", type=Path, action="append", help="labelled spellings; may be repeated")
    parser.add_argument("--without-curated", action="store_true", help="each contender without curated rows, too")
    parser.add_argument("--no-scaling", action="store_true", help="leave out the larger numbers of petitioners")
    parser.add_argument("--only", choices=PARTS, action="append", help="a part of the benchmark; may be repeated")
    parser.add_argument("--rows", type=int, default=ROWS, help="rows of the generated workbook")
    options = parser.parse_args()
    options.only = options.only or [*PARTS]
    if options.only == ["workbooks"]:
        return options
    if options.data is None and not options.downloads.is_dir():
        sys.exit(f"skipped: no national files in {options.downloads}; name a folder with --downloads or --data")
    options.gold = options.gold or [SHARED / "gold" / "matching_dev.csv", SECOND_READER]
    for missing in [gold for gold in options.gold if not gold.is_file()]:
        _say(f"no labelled spellings at {missing}: its precision, recall and F1 are left out")
        options.gold.remove(missing)
    return options


def _sizes(folder: Path, factors: tuple[int, ...]) -> list[Size]:
    sizes = []
    for factor in factors:
        _say(f"ours, {factor} times the petitioners")
        sites = pd.read_parquet(folder / f"petitions_{factor}x.parquet", columns=["petitioner_site_id"])
        sites = sites["petitioner_site_id"].nunique()
        grouping = run("grouping", f"grouping_{factor}x", folder, more=(str(factor),))
        sizes.append(Size(factor, sites, grouping, run("ours", f"ours_{factor}x", folder, more=(str(factor),))))
    return sizes


def _contenders(folder: Path, national: Size, golds: list[Path], without: bool) -> list[Contender]:
    institutions = pd.read_parquet(folder / "institutions.parquet")
    petitions = pd.read_parquet(folder / "petitions_1x.parquet", columns=[*PETITIONER_SITE])
    links = pd.read_parquet(folder / "ours_1x.parquet")
    contenders = [
        Contender(OURS, True, national.linking, {_title(one): of_links(one, links, institutions) for one in golds})
    ]
    for title, left_out, curated in LEFT_OUT[: 2 if without else 1]:
        _say(f"{title}, without {left_out}")
        measured = run("ours", f"ours_{left_out}", folder, more=("1", left_out))
        links = pd.read_parquet(folder / f"ours_{left_out}.parquet")
        scores = {_title(gold): of_links(gold, links, institutions) for gold in golds}
        contenders.append(Contender(title, curated, measured, scores))
    for title, module, elsewhere in OTHERS:
        for names in ("institution_names", "evidence_names")[: 2 if without else 1]:
            _say(f"{title}, {names}")
            python = environment.python() if elsewhere else sys.executable
            measured = run(module, f"{module}_{names}", folder, python=python, more=(names,))
            found = pd.read_parquet(folder / f"{module}_{names}.parquet")
            scores = {_title(gold): of_best_threshold(gold, found, petitions, institutions) for gold in golds}
            contenders.append(Contender(title, names == "institution_names", measured, scores))
    return contenders


def _title(gold: Path) -> str:
    return gold.stem.removeprefix("matching_").replace("_", " ")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
