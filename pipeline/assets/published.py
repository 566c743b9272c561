"""The release, as the last step of all, and the DuckDB file that it begins with."""

# No `from __future__ import annotations`: Dagster looks at the class of the context's annotation, not at its name.
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import dagster as dg

from pipeline.assets.factory import OWNER, WORK
from pipeline.assets.order import order_of
from pipeline.linkage.names.normalise import forget_forms
from pipeline.release.code_version import code_version
from pipeline.release.derived.database import BEGUN_WITH
from pipeline.release.next_release import PARSED_PROGRAMS, RELEASED, NextRelease
from pipeline.release.reader import DATABASE, Release
from pipeline.resources.data import openers_of
from pipeline.steps.ahead import RELEASE
from pipeline.steps.catalogue import PETITIONS_DATABASE
from pipeline.steps.measure import Meter
from pipeline.steps.step import made_by, ran, run_step, stale
from pipeline.steps.work import DAMAGED, SNAPSHOTS, StoredTable, Work, file_version, release_memory


@dg.asset(
    name=PETITIONS_DATABASE.name,
    group_name=PETITIONS_DATABASE.group,
    owners=[OWNER],
    kinds={"duckdb"},
    code_version=PETITIONS_DATABASE.code_version,
    deps=PETITIONS_DATABASE.needs,
    required_resource_keys={WORK},
    op_tags=order_of(PETITIONS_DATABASE.name),
    description=f"A DuckDB file with the tables {' and '.join(BEGUN_WITH)}: that of each release begins with a copy of it.",
)
def petitions_database(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
    """Begin the DuckDB file of the releases to come."""
    openers = openers_of(context.resources)
    made = run_step(PETITIONS_DATABASE, openers)
    version = file_version(openers[WORK]().folder / DATABASE)
    yield dg.MaterializeResult(metadata=made.how, data_version=dg.DataVersion(version))


@dg.asset(
    name=RELEASE,
    group_name=RELEASE,
    owners=[OWNER],
    kinds={"parquet"},
    code_version=code_version(),
    deps=[PARSED_PROGRAMS, *RELEASED, PETITIONS_DATABASE.name],
    required_resource_keys={WORK, "next_release"},
    description="The dated release: checked across tables, staged, renamed into place, and pointed to by `latest`.",
)
def release(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
    """Publish, as the last step of all; in the object store, too, where one is set."""
    meter = Meter.started()
    openers = openers_of(context.resources)
    opened: NextRelease = openers["next_release"]()
    kept: Work = openers[WORK]()
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
    return dg.MaterializeResult(
        metadata={
            "release_id": published.release_id,
            "folder": dg.MetadataValue.path(str(published.folder)),
            "unchanged": published.unchanged,
            "in_store": mirrored.latest if mirrored else "",
            "removed_releases": dg.MetadataValue.json(list(published.removed)),
            "programs": tables["functional_h1b_sponsors"].rows,
            "tiers": dg.MetadataValue.json(Release.open(published.folder).manifest["figures"]["tiers"]),
            **ran(reasons, meter),
        },
        data_version=dg.DataVersion(published.release_id),
    )
