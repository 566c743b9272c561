"""Our linking, from names of institutions to decided links: python -m ... FOLDER NAME FACTOR [bare]."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from pipeline.linkage.aliases import collect_aliases
from pipeline.linkage.anchors import Registers
from pipeline.linkage.judgements import read_aliases, read_judgements
from pipeline.linkage.links import petitioners as link
from pipeline.linkage.links.petitioners import link_petitioners
from pipeline.linkage.systems import read_systems, system_names, with_systems
from tests.benchmarks.linkage.inputs import REGISTERS
from tests.benchmarks.linkage.measure import timed


def main(folder: Path, name: str, factor: str, bare: str = "") -> None:
    """Write <name>.parquet: the links, as table `petitioner_links`. `bare`: without the judgements of people."""
    read = {path.stem: path for path in folder.glob("*.parquet")}
    registers = Registers(**{key: pd.read_parquet(read[table]) for key, table in REGISTERS.items()})
    petitions = pd.read_parquet(read[f"grouped_{factor}x"])
    tables = [pd.read_parquet(read[table]) for table in ("institutions", "programs", "acgme_participating_sites")]
    filings = pd.read_parquet(read["lca_filings"])
    judgements = read_judgements()
    judgements = judgements.iloc[:0] if bare else judgements
    pairs = _counted()
    links: list[pd.DataFrame] = []

    def work() -> int:
        names = collect_aliases(*tables, registers, read_aliases(), filings)
        names = with_systems(names, tables[0], system_names(tables[0], read_systems()))
        links.append(link_petitioners(petitions, tables[0], names, registers, judgements))
        return sum(pairs)

    timed(work, name, folder)
    links[0].to_parquet(folder / f"{name}.parquet", index=False)


def _counted() -> list[int]:
    """A list to which every search for candidates adds the number of pairs (employer name, institution name) it scores."""
    sizes: list[int] = []
    find_pairs = link.find_pairs

    def counting(employers: pd.DataFrame, states: pd.DataFrame, names_of_institutions: pd.DataFrame) -> pd.DataFrame:
        pairs = find_pairs(employers, states, names_of_institutions)
        sizes.append(len(pairs))
        return pairs

    link.find_pairs = counting
    return sizes


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
