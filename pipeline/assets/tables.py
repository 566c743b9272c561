"""The tables of a refresh as assets: one multi-asset for each source's reader with the check of its size, one for each other step."""

from __future__ import annotations

from typing import Any, Final

import dagster as dg
import pandas as pd

from pipeline.archive.quarantined_rows import WHOLE_FILE, counted_by_reason, quarantined
from pipeline.assets.checks import bounds_check, bounds_result
from pipeline.assets.factory import WORK, Extras, table_asset
from pipeline.assets.fetched import FETCHED_SOURCES
from pipeline.sources.base import Source
from pipeline.sources.catalogue import SOURCES
from pipeline.steps.catalogue import READING, TABLE_STEPS
from pipeline.steps.step import Openers
from pipeline.steps.work import SNAPSHOTS

_SHOWN: Final = 60  # parts of a source in the metadata: a page is one
# What fills the archive, in jobs that fetch or take files, comes before it is read.
_DEPS: Final = {SNAPSHOTS: ["fetched_pages", *FETCHED_SOURCES, "dropped_files"]}


def read_asset(source: Source) -> dg.AssetsDefinition:
    """Make the multi-asset `read_<source>`. The rows that were quarantined are counted in the metadata of each table."""

    def extras(openers: Openers) -> Extras:
        chosen = openers[WORK]().table(SNAPSHOTS).frame()
        chosen = chosen[chosen["source"] == source.id]
        quarantine = quarantined(openers["data"]().work, [source.id])
        size = bounds_result(source, chosen, int((quarantine["row"] != WHOLE_FILE).sum()))
        added = {"parts": dg.MetadataValue.json(parts_shown(chosen)), **quarantine_metadata(quarantine)}
        return Extras(added, {source.tables[0]: [size]})

    about = f"{source.title} ({source.producer})"
    return table_asset(READING[source.id], description=about, checks=[bounds_check(source)], extras=extras)


def parts_shown(chosen: pd.DataFrame) -> dict[str, str]:
    """Return the parts in use of a source, as fiscal years, with the snapshot that each is taken from; of many the first ones."""
    used = chosen[chosen["used"].astype("bool")].sort_values("part").head(_SHOWN)
    return dict(zip(used["part"].tolist(), used["snapshot_id"].tolist(), strict=True))


def quarantine_metadata(rows: pd.DataFrame) -> dict[str, Any]:
    """Return how many rows of a source were quarantined, and how many for each reason, most first."""
    return {"quarantined": len(rows), "quarantined_by_reason": dg.MetadataValue.json(counted_by_reason(rows))}


read_assets = [read_asset(source) for source in SOURCES]
table_assets = [table_asset(step, deps=_DEPS.get(step.name, ())) for step in TABLE_STEPS]
