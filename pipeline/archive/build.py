"""The tables that the archive gives beside those of its sources, each made by the function of its name."""

from __future__ import annotations

import pandas as pd

from pipeline.archive.loading import choose_readable
from pipeline.archive.parsed_cache import ParsedCache
from pipeline.archive.quarantined_rows import quarantined
from pipeline.archive.reading import Archive
from pipeline.archive.selection import choices_frame
from pipeline.settings import DataFolder
from pipeline.sources.catalogue import SOURCES


def snapshots(archive: Archive, data: DataFolder) -> pd.DataFrame:
    """Return table `snapshots`: every part of every snapshot, and which snapshot is used for it."""
    return choices_frame(choose_readable(tuple(archive), SOURCES, ParsedCache(data.parsed)))


def quarantine(data: DataFolder) -> pd.DataFrame:
    """Return table `quarantine`: the rows of all sources that were not used, each with its reason."""
    return quarantined(data.work, [source.id for source in SOURCES])
