"""Our linking, from names of institutions to decided links: python -m ... FOLDER NAME FACTOR [WITHOUT]."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from pipeline.linkage.aliases import collect_aliases
from pipeline.linkage.anchors import Registers
from pipeline.linkage.judgements import Curated, read_aliases, read_judgements
from pipeline.linkage.links import petitioners as link
from pipeline.linkage.links.petitioners import link_petitioners
from pipeline.linkage.systems import read_systems, system_names, with_systems
from tests.benchmarks.linkage.inputs import REGISTERS
from tests.benchmarks.linkage.measure import timed


def main(folder: Path, name: str, factor: str, without: str = "") -> None:
    """Write <name>.parquet: the links, as table `petitioner_links`. without: `judgements` of people, or all `curated` rows."""
    read = {path.stem: path for path in folder.glob("*.parquet")}
    registers = Registers(**{key: pd.read_parquet(read[table]) for key, table in REGISTERS.items()})
    petitions = pd.read_parquet(read[f"grouped_{factor}x"])
    institutions, programs = (pd.read_parquet(read[table]) for table in ("institutions", "programs"))
    sites = pd.read_parquet(read["acgme_participating_sites"])
    filings = pd.read_parquet(read["lca_filings"])
    rows = Curated(read_aliases(), read_judgements().iloc[: 0 if without else None], read_systems())
    rows = rows.without(institutions) if without == "curated" else rows
    pairs = _counted()
    links: list[pd.DataFrame] = []

    def work() -> int:
        names = collect_aliases(institutions, programs, sites, registers, rows.aliases, filings)
        names = with_systems(names, institutions, system_names(institutions, rows.systems))
        links.append(link_petitioners(petitions, institutions, names, registers, rows.judgements))
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
