"""The step that reads a source: from the snapshots in use to its tables, and the rows that were quarantined beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.archive.fitting import fitting
from pipeline.archive.loading import load
from pipeline.archive.parsed_cache import ParsedCache
from pipeline.archive.quarantined_rows import keep_quarantined, quarantine_of
from pipeline.archive.selection import used_parts
from pipeline.archive.store import verify
from pipeline.schemas.checks import Fit
from pipeline.sources.base import Source
from pipeline.steps.step import Inputs, Step, made_by
from pipeline.steps.versions import files_state, manifests_version, parts_version
from pipeline.steps.work import SNAPSHOTS, Work

_ROOM = "archive"


def read_step(source: Source) -> Step:
    """Return the step `read_<source>`, which makes all tables that the reader of a source returns.

    The rows that it quarantined, and those that don't fit the registry, are kept in the work folder, where table `quarantine` gathers
    them. It is made from the snapshots of its own source alone.
    """
    name = f"read_{source.id}"

    def inputs(work: Work, opened: Mapping[str, Any]) -> Inputs:
        folder, archive = opened["data"], opened["archive"]
        chosen = work.table(SNAPSHOTS).frame()
        used = used_parts(chosen[chosen["source"] == source.id])
        own = [archive.snapshot(snapshot_id) for snapshot_id in used]
        made_from = {**made_by(_ROOM), "parts in use": parts_version(used), "snapshots": manifests_version(own)}
        seen = files_state(own)
        if work.seen(name) != seen:
            for snapshot in own:
                verify(snapshot)

        def make() -> Iterator[tuple[str, Fit]]:
            fits, quarantine = fitting(load(source, used, archive, ParsedCache(folder.parsed)), source.id)
            keep_quarantined(folder.work, source.id, quarantine)
            yield from fits.items()

        return Inputs(made_from, make, seen=seen)

    left = (quarantine_of(Path(), source.id).as_posix(),)
    return Step(name, source.tables, _ROOM, "parsed", (SNAPSHOTS,), ("archive", "data"), inputs, left)
