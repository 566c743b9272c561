"""Archive to tables: which snapshots are used, one multi-asset for each source's reader, and what was quarantined."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg
import pandas as pd

from pipeline.archive import build
from pipeline.archive.fitting import fitting
from pipeline.archive.loading import load
from pipeline.archive.parsed_cache import ParsedCache
from pipeline.archive.quarantined_rows import WHOLE_FILE, keep_quarantined
from pipeline.archive.selection import used_parts
from pipeline.assets.checks import bounds_check, bounds_result
from pipeline.assets.factory import TableOutput, checked, outs, registry_check, table_asset
from pipeline.assets.fetched import FETCHED_SOURCES
from pipeline.resources.data import ArchiveResource, DataResource
from pipeline.sources.base import Source
from pipeline.sources.catalogue import SOURCES

snapshots = table_asset(build.snapshots, "archive", deps=["fetched_pages", *FETCHED_SOURCES])


def read_asset(source: Source) -> dg.AssetsDefinition:
    """Make the multi-asset `read_<source>` of all tables that the reader of a source yields.

    The rows that it quarantined, and those that don't fit the registry, are kept in the archive's work folder, where table
    `quarantine` gathers them, and counted in the metadata of each table.
    """

    @dg.multi_asset(
        name=f"read_{source.id}",
        outs=outs(source.tables, "parsed", "archive"),
        check_specs=[*(registry_check(name) for name in source.tables), bounds_check(source)],
        description=f"{source.title} ({source.producer})",
    )
    def read(snapshots: pd.DataFrame, archive: ArchiveResource, data: DataResource) -> Iterator[TableOutput]:
        folder = data.open()
        loaded = load(source, used_parts(snapshots), archive.open(), ParsedCache(folder.parsed))
        fits, quarantine = fitting(loaded, source.id)
        keep_quarantined(folder.work, source.id, quarantine)
        counts = quarantine_metadata(quarantine)
        sized = bounds_result(source, snapshots, int((quarantine["row"] != WHOLE_FILE).sum()))
        for name in source.tables:
            yield checked(fits[name], name, counts, [sized] if name == source.tables[0] else [])

    return read


def quarantine_metadata(rows: pd.DataFrame) -> dict[str, Any]:
    """Return how many rows of a source were quarantined, and how many for each reason, most first."""
    reasons = {str(reason): int(count) for reason, count in rows["reason"].value_counts().items()}
    return {"quarantined": len(rows), "quarantined_by_reason": dg.MetadataValue.json(reasons)}


read_assets = [read_asset(source) for source in SOURCES]
quarantine = table_asset(build.quarantine, "parsed", deps=[source.tables[0] for source in SOURCES])
