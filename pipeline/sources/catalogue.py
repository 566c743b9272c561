"""All sources, in the order in which a file is offered to them: pages come last, since any page is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.sources import (
    ahrq,
    cms,
    cms_provider_of_services,
    confirmations,
    dol_lca,
    dol_pwd,
    ipeds,
    irs,
    ncses,
    nrmp,
    program_pages,
    ror,
    ror_renames,
    university_domains,
    uscis,
)
from pipeline.sources.acgme import source as acgme
from pipeline.sources.base import Source

SOURCES: Final[tuple[Source, ...]] = (
    uscis.SOURCE,
    acgme.SOURCE,
    dol_lca.SOURCE,
    dol_pwd.SOURCE,
    ipeds.SOURCE,
    cms.SOURCE,
    cms_provider_of_services.SOURCE,
    irs.SOURCE,
    ror.SOURCE,
    ror_renames.SOURCE,
    nrmp.SOURCE,
    ahrq.SOURCE,
    ncses.SOURCE,
    university_domains.SOURCE,
    confirmations.SOURCE,
    program_pages.SOURCE,
)


def source(source_id: str) -> Source:
    """The source of that id; KeyError if there is none."""
    return {candidate.id: candidate for candidate in SOURCES}[source_id]


@dataclass(frozen=True)
class Bounds:
    """Rows that a full part of a source has. Fewer than `lower` is fatal, more than `upper` a warning;

    a larger share of rows set aside than `quarantine_share` is fatal, too: then the reader no longer fits the source.
    """

    lower: int
    upper: int
    quarantine_share: float = 0.005


# From the row counts of real files, with room for a year's change.
BOUNDS: Final[dict[str, Bounds]] = {
    "uscis_h1b_employers": Bounds(45_000, 90_000),
    "acgme": Bounds(1, 20_000, 0.02),
    "dol_lca": Bounds(50_000, 900_000),
    "dol_pwd": Bounds(80_000, 600_000),
    "ipeds_hd": Bounds(5_500, 8_000),
    "cms_hospitals": Bounds(4_500, 6_500),
    "cms_provider_of_services": Bounds(5_000, 20_000),
    "irs_eo_bmf": Bounds(100, 250_000),
    "ror": Bounds(25_000, 60_000),
    "ror_renames": Bounds(100, 10_000),
    "nrmp": Bounds(1, 2_000, 0.02),
    "ahrq_compendium": Bounds(500, 10_000),
    "ncses": Bounds(40, 5_000),
    "university_domains": Bounds(1_500, 5_000),
    "confirmations": Bounds(1, 100_000, 0.5),
    "program_pages": Bounds(1, 1),
}
