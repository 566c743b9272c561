"""Archive to tables: which snapshots are used, one multi-asset for each source's reader, and what was quarantined."""

# No `from __future__ import annotations`: Dagster looks at the class of the context's annotation, not at its name.

from collections.abc import Iterator
from typing import Any, Final

import dagster as dg
import pandas as pd

from pipeline.archive import build
from pipeline.archive.fitting import fitting
from pipeline.archive.loading import load
from pipeline.archive.parsed_cache import ParsedCache
from pipeline.archive.quarantined_rows import WHOLE_FILE, keep_quarantined, quarantine_of, quarantined
from pipeline.archive.selection import used_parts
from pipeline.archive.store import verify
from pipeline.assets.checks import bounds_check, bounds_result
from pipeline.assets.factory import SNAPSHOTS, WORK, outs, registry_check, table_asset
from pipeline.assets.fetched import FETCHED_SOURCES
from pipeline.assets.steps import Extras, Step, TableOutput, made_by, order_of, outcome
from pipeline.resources.versions import files_state, manifests_version, parts_version
from pipeline.schemas.checks import Fit
from pipeline.sources.base import Source
from pipeline.sources.catalogue import SOURCES

_SHOWN: Final = 60  # parts of a source in the metadata: a page is one
snapshots = table_asset(build.snapshots, "archive", deps=["fetched_pages", *FETCHED_SOURCES, "dropped_files"])


def read_asset(source: Source) -> dg.AssetsDefinition:
    """Make the multi-asset `read_<source>` of all tables that the reader of a source yields.

    The rows that it quarantined, and those that don't fit the registry, are kept in the archive's work folder, where table
    `quarantine` gathers them, and counted in the metadata of each table. It is made from the snapshots of its own source alone.
    """
    name = f"read_{source.id}"

    @dg.multi_asset(
        name=name,
        deps=[SNAPSHOTS],
        outs=outs(source.tables, "parsed", "archive"),
        check_specs=[*(registry_check(name) for name in source.tables), bounds_check(source)],
        op_tags=order_of(name),
        required_resource_keys={"data", WORK, "archive"},
        description=f"{source.title} ({source.producer})",
    )
    def read(context: dg.AssetExecutionContext) -> Iterator[TableOutput]:
        folder, work, opened = (getattr(context.resources, name).open() for name in ("data", WORK, "archive"))
        chosen = work.table(SNAPSHOTS).frame()
        chosen = chosen[chosen["source"] == source.id]
        used = used_parts(chosen)
        own = [opened.snapshot(snapshot_id) for snapshot_id in used]
        made_from = {**made_by("archive"), "parts in use": parts_version(used), "snapshots": manifests_version(own)}
        left = (quarantine_of(folder.work, source.id),)
        step = Step(name, source.tables, made_from, files=left, seen=files_state(own))
        if work.seen(name) != step.seen:
            for snapshot in own:
                verify(snapshot)

        def make() -> Iterator[tuple[str, Fit]]:
            fits, quarantine = fitting(load(source, used, opened, ParsedCache(folder.parsed)), source.id)
            keep_quarantined(folder.work, source.id, quarantine)
            yield from fits.items()

        def extras() -> Extras:
            quarantine = quarantined(folder.work, [source.id])
            size = bounds_result(source, chosen, int((quarantine["row"] != WHOLE_FILE).sum()))
            added = {"parts": dg.MetadataValue.json(parts_shown(chosen)), **quarantine_metadata(quarantine)}
            return Extras(added, {source.tables[0]: [size]})

        yield from outcome(step, work, make, extras)

    return read


def parts_shown(chosen: pd.DataFrame) -> dict[str, str]:
    """Return the parts in use of a source, as fiscal years, with the snapshot that each is taken from; of many the first ones."""
    used = chosen[chosen["used"].astype("bool")].sort_values("part").head(_SHOWN)
    return dict(zip(used["part"].tolist(), used["snapshot_id"].tolist(), strict=True))


def quarantine_metadata(rows: pd.DataFrame) -> dict[str, Any]:
    """Return how many rows of a source were quarantined, and how many for each reason, most first."""
    reasons = {str(reason): int(count) for reason, count in rows["reason"].value_counts().items()}
    return {"quarantined": len(rows), "quarantined_by_reason": dg.MetadataValue.json(reasons)}


read_assets = [read_asset(source) for source in SOURCES]
quarantine = table_asset(build.quarantine, "parsed", deps=[source.tables[0] for source in SOURCES])
