"""Links made anew without rows that a person wrote: what the evidence alone finds. Nothing of it is published.

What belongs here: which curated rows are left out, and from where the tables come. What the links are worth is measured in
`linkage.py`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from pipeline.archive.loading import load
from pipeline.archive.parsed_cache import ParsedCache
from pipeline.archive.reading import open_archive
from pipeline.archive.selection import used_parts
from pipeline.evaluate.base import Evaluation
from pipeline.evaluate.linkage import evaluate, sponsors_of
from pipeline.linkage.build import links_by
from pipeline.linkage.judgements import Curated, merged, read_aliases
from pipeline.linkage.systems import read_systems
from pipeline.reference.rulings import read_own_rulings
from pipeline.release.reader import Release
from pipeline.settings import DataFolder
from pipeline.sources.catalogue import SOURCES

# The parsed tables of the archive that links are made of, beside those of the release.
PARSED: Final = (
    "acgme_participating_sites", "ipeds_institutions", "cms_hospitals", "irs_exempt_organizations", "ror_organizations",
    "ahrq_hospitals", "cms_hospital_names", "lca_filings",
)  # fmt: skip


@dataclass(frozen=True)
class Relinking:
    """Tables by name, as `linkage.build.links_by` takes them, and all curated rows, the operator's own among them."""

    tables: dict[str, pd.DataFrame]
    curated: Curated

    @classmethod
    def of_release(cls, release: Release, folder: DataFolder) -> Relinking:
        """Read the tables of a release, and those of its archive anew. Raises ReleaseError, ArchiveError and RulingError."""
        tables = {name: release.table(name) for name in ("petitions", "institutions")}
        of_programs = ["program_code", "program_name", "institution_id", "city", "state"]
        tables["programs"] = release.table("functional_h1b_sponsors", of_programs)
        used, archive = used_parts(release.table("snapshots")), open_archive(folder.raw)
        for source in SOURCES:
            if wanted := set(PARSED) & set(source.tables):
                loaded = load(source, used, archive, ParsedCache(folder.parsed)).tables
                tables |= {name: loaded[name] for name in wanted}
        own = read_own_rulings(folder.judgements).links
        return cls(tables, Curated(read_aliases(), merged(own), read_systems()))

    @property
    def institutions(self) -> pd.DataFrame:
        """Table `institutions`."""
        return self.tables["institutions"]

    def links_without(self, left_out: set[str] | None = None) -> pd.DataFrame:
        """Return table `petitioner_links` made without the curated rows of the institutions `left_out` (ids), None: of all."""
        return links_by(self.curated.without(self.institutions, left_out), **self.tables)


def evaluate_without_curated(gold: Path, relinking: Relinking, of_gold_sponsors: bool = False) -> Evaluation:
    """Return the figures of links made without any curated row, or without those of the gold's sponsors only. Raises GoldError."""
    sponsors = sponsors_of(gold, relinking.institutions)
    links = relinking.links_without(set(sponsors) if of_gold_sponsors else None)
    return evaluate(gold, links, relinking.institutions)


def cross_validated(gold: Path, relinking: Relinking, folds: int) -> Evaluation:
    """Return the figures where the curated rows of each fold's sponsors are left out when that fold is linked.

    A sponsor's fold is drawn from its code, so it stays when others come. The figures are of all folds together, with those of
    each in `by_fold`. Raises GoldError.
    """
    institutions = relinking.institutions
    sponsors = sponsors_of(gold, institutions)
    fold = pd.Series([_fold(str(code), folds) for code in sponsors.index], index=sponsors.index)
    parts: list[pd.DataFrame] = []
    by_fold: dict[str, object] = {}
    for number, own in sponsors.groupby(fold):
        links = relinking.links_without(set(own))
        parts.append(links[links["institution_id"].isin(own)])
        figures = evaluate(gold, links, institutions, own.index).figures
        by_fold[str(number)] = {name: figures[name] for name in ("precision", "recall", "sponsors")}
    measured = evaluate(gold, pd.concat(parts, ignore_index=True), institutions)
    lines = [f"fold {number}: {figures}" for number, figures in by_fold.items()]
    return Evaluation({**measured.figures, "by_fold": by_fold}, (*lines, "", *measured.lines))


def _fold(code: str, folds: int) -> int:
    return hashlib.sha256(code.encode()).digest()[0] % folds
