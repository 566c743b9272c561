"""The last step of all: the release is published from the tables of the others, or the one that they have been published as is kept."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from pipeline.linkage.names.normalise import forget_forms
from pipeline.release.next_release import PARSED_PROGRAMS, RELEASED, NextRelease
from pipeline.release.publish import Published
from pipeline.release.reader import DATABASE
from pipeline.steps.catalogue import PETITIONS_DATABASE, RELEASE
from pipeline.steps.measure import Meter
from pipeline.steps.step import Openers, made_by, ran, stale
from pipeline.steps.work import DAMAGED, SNAPSHOTS, StoredTable, Work, release_memory

# What the release is made of: tables, and the DuckDB file that it begins with.
NEEDS: Final = (PARSED_PROGRAMS, *RELEASED, PETITIONS_DATABASE.name)


@dataclass(frozen=True)
class Released:
    """The release that a refresh leaves. in_store: the id of the one that is `latest` in the object store, "" without one. programs: how
    many are in its list. how: as of `step.ran`."""

    published: Published
    in_store: str
    programs: int
    how: Mapping[str, Any]


def make_release(openers: Openers) -> Released:
    """Publish the release; in the object store, too, where one is set. Raises what publishing raises."""
    meter = Meter.started()
    opened: NextRelease = openers["next_release"]()
    kept: Work = openers["work"]()
    tables = {name: kept.table(name) for name in (PARSED_PROGRAMS, *RELEASED)}
    made_from = {
        **made_by(RELEASE),
        **{f"table {name}": one.version for name, one in tables.items()},
        "inputs": opened.inputs(tables[SNAPSHOTS].frame()).release_id,
    }
    reasons = kept.why_anew(RELEASE, made_from, ())
    published = None if reasons else opened.still_published(tables[SNAPSHOTS].frame())
    if published is None:
        files = {name: one.path for name, one in tables.items()}
        with ThreadPoolExecutor() as pool:
            read = dict(zip(tables, pool.map(StoredTable.arrow, tables.values()), strict=True))
        forget_forms()  # publishing needs the memory
        release_memory()
        database = None if stale(PETITIONS_DATABASE, openers) else kept.folder / DATABASE
        published = opened.publish(read, files, database)
        kept.keep(RELEASE, made_from, ())
        reasons = reasons or (DAMAGED,)
    mirrored = opened.mirror()
    in_store = mirrored.latest if mirrored else ""
    return Released(published, in_store, tables["functional_h1b_sponsors"].rows, ran(reasons, meter))
