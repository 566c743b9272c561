"""The seeds of a run: the known pages, and what the last release and the archive's registers give.

Reads the release and the archive; how their rows become seeds is `seeds`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from pipeline.archive.loading import load_chosen
from pipeline.archive.reading import Archive, open_archive
from pipeline.fetch.seeds import Seed, home_seeds, host_seeds, known_seeds, program_seeds, read_known_pages
from pipeline.reference.load import read_reference
from pipeline.release.reader import Release
from pipeline.schemas.frames import empty_frame
from pipeline.settings import DataFolder
from pipeline.sources import ipeds, ror, university_domains
from pipeline.sources.base import Source


def find_seeds(folder: DataFolder) -> list[Seed]:
    """Return the known pages and, where there is a release, its program websites, the curated sites and the home pages
    that registers give.

    Raises ReferenceTableError for a line of known_pages.csv or gme_hosts.csv that can't be used, ReleaseError, ArchiveError and
    SourceError.
    """
    return list(_seeds(folder))


def _seeds(folder: DataFolder) -> Iterator[Seed]:
    known = read_known_pages()
    if not folder.latest.exists():
        yield from known_seeds(known, empty_frame("institutions"))
        return
    release = Release.open(folder.latest)
    institutions = release.table("institutions")
    yield from known_seeds(known, institutions)
    yield from program_seeds(release.table("functional_h1b_sponsors"))
    yield from host_seeds(read_reference("pages/gme_hosts.csv"), institutions)
    archive = open_archive(folder.raw)
    registers = (_register(source, archive) for source in (ipeds.SOURCE, ror.SOURCE, university_domains.SOURCE))
    yield from home_seeds(institutions, *registers)


def _register(source: Source, archive: Archive) -> pd.DataFrame:
    return load_chosen(source, archive).tables[source.tables[0]]
