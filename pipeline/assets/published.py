"""The release, as the last step of all, and the DuckDB file that it begins with."""

# No `from __future__ import annotations`: Dagster looks at the class of the context's annotation, not at its name.
from collections.abc import Iterator
from typing import Any

import dagster as dg

from pipeline.assets.factory import OWNER, WORK
from pipeline.assets.order import order_of
from pipeline.release.code_version import code_version
from pipeline.release.derived.database import BEGUN_WITH
from pipeline.release.reader import DATABASE, Release
from pipeline.resources.data import openers_of
from pipeline.steps.catalogue import PETITIONS_DATABASE, RELEASE
from pipeline.steps.release import NEEDS, make_release
from pipeline.steps.step import run_step
from pipeline.steps.work import file_version


@dg.asset(
    name=PETITIONS_DATABASE.name,
    group_name=PETITIONS_DATABASE.group,
    owners=[OWNER],
    kinds={"duckdb"},
    code_version=PETITIONS_DATABASE.code_version,
    deps=PETITIONS_DATABASE.needs,
    required_resource_keys={WORK},
    op_tags=order_of(PETITIONS_DATABASE.name),
    description=f"A DuckDB file with the tables {', '.join(BEGUN_WITH)}: that of each release begins with a copy of it.",
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
    deps=NEEDS,
    required_resource_keys={WORK, "next_release"},
    description="The dated release: checked across tables, staged, renamed into place, and pointed to by `latest`.",
)
def release(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
    """Publish, as the last step of all; in the object store, too, where one is set."""
    made = make_release(openers_of(context.resources))
    published = made.published
    return dg.MaterializeResult(
        metadata={
            "release_id": published.release_id,
            "folder": dg.MetadataValue.path(str(published.folder)),
            "unchanged": published.unchanged,
            "in_store": made.in_store,
            "removed_releases": dg.MetadataValue.json(list(published.removed)),
            "programs": made.programs,
            "tiers": dg.MetadataValue.json(Release.open(published.folder).manifest["figures"]["tiers"]),
            **made.how,
        },
        data_version=dg.DataVersion(published.release_id),
    )
