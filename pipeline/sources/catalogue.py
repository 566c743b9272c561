"""All sources, in the order in which a file is offered to them: pages come last, since any page is one.

A new source is one module beside this one and a line here.
"""

from __future__ import annotations

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
    policy_facts,
    program_pages,
    ror,
    university_domains,
    uscis,
)
from pipeline.sources.acgme.source import SOURCE as ACGME
from pipeline.sources.base import Source
from pipeline.sources.directory_pages.source import SOURCE as DIRECTORY_PAGES

SOURCES: Final[tuple[Source, ...]] = (
    uscis.SOURCE,
    ACGME,
    dol_lca.SOURCE,
    dol_pwd.SOURCE,
    ipeds.SOURCE,
    cms.SOURCE,
    cms_provider_of_services.SOURCE,
    irs.SOURCE,
    ror.SOURCE,
    nrmp.SOURCE,
    ahrq.SOURCE,
    ncses.SOURCE,
    university_domains.SOURCE,
    confirmations.SOURCE,
    policy_facts.SOURCE,
    DIRECTORY_PAGES,
    program_pages.SOURCE,
)


def source(source_id: str) -> Source:
    """Return the source of that id. Raises KeyError if there is none."""
    return {candidate.id: candidate for candidate in SOURCES}[source_id]
