"""Claims to a release: the sponsor list and the tables beside it, and publishing as the last step."""

# No `from __future__ import annotations`: Dagster looks at the class of the context's annotation, not at its name.
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import dagster as dg

from pipeline.assets.factory import OWNER, WORK, table_asset, table_assets
from pipeline.assets.steps import Step, made, made_by, order_of, ran
from pipeline.linkage.names.normalise import forget_forms
from pipeline.release import build
from pipeline.release.code_version import code_version, room_version
from pipeline.release.derived.database import BEGUN_WITH, begin_database
from pipeline.release.next_release import PARSED_PROGRAMS, RELEASED
from pipeline.release.reader import DATABASE, Release
from pipeline.resources.ahead import PETITIONS_DATABASE
from pipeline.resources.data import NextReleaseResource, WorkResource
from pipeline.resources.measure import Meter
from pipeline.resources.work import DAMAGED, StoredTable, Work, file_version, release_memory

GROUP: Final = "published"
GROUP_OF_RELEASE: Final = "release"
_RELEASE: Final = "release"

functional_h1b_sponsors = table_asset(build.functional_h1b_sponsors, GROUP)
likelihood_calibration = table_asset(build.likelihood_calibration, GROUP)
earlier_ids = table_asset(build.earlier_ids, GROUP)
redirects = table_asset(build.redirects, GROUP)
policy_changes = table_asset(build.policy_changes, GROUP)
review_queue = table_asset(build.review_queue, GROUP)
coverage_of_lists = table_assets(build.coverage_of_lists, ["coverage", "programs_missing"], GROUP)
unmatched_sponsors = table_asset(build.unmatched_sponsors, GROUP)
conflicting_links = table_asset(build.conflicting_links, GROUP)
unmet_judgements = table_asset(build.unmet_judgements, GROUP)


def _database_step(work: Work) -> Step:
    tables = {f"table {name}": work.table(name).version for name in BEGUN_WITH}
    return Step(PETITIONS_DATABASE, (), {**made_by(GROUP_OF_RELEASE), **tables}, files=(work.folder / DATABASE,))


@dg.asset(
    name=PETITIONS_DATABASE,
    group_name=GROUP_OF_RELEASE,
    owners=[OWNER],
    kinds={"duckdb"},
    code_version=room_version(GROUP_OF_RELEASE),
    deps=list(BEGUN_WITH),
    required_resource_keys={WORK},
    op_tags=order_of(PETITIONS_DATABASE),
    description=f"A DuckDB file with the tables {' and '.join(BEGUN_WITH)}: that of each release begins with a copy of it.",
)
def petitions_database(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[Any]]:
    """Begin the DuckDB file of the releases to come."""
    work: Work = context.resources.work.open()
    step = _database_step(work)
    [path] = step.files

    def write() -> bool:
        begin_database(path, {name: work.table(name).path for name in BEGUN_WITH})
        return True

    how = made(step, work, write)
    yield dg.MaterializeResult(metadata=how, data_version=dg.DataVersion(file_version(path)))


@dg.asset(
    group_name=GROUP_OF_RELEASE,
    owners=[OWNER],
    kinds={"parquet"},
    code_version=code_version(),
    deps=[PARSED_PROGRAMS, *RELEASED, PETITIONS_DATABASE],
    description="The dated release: checked across tables, staged, renamed into place, and pointed to by `latest`.",
)
def release(next_release: NextReleaseResource, work: WorkResource) -> dg.MaterializeResult[Any]:
    """Publish, as the last step of all; in the object store, too, where one is set."""
    meter = Meter.started()
    opened, kept = next_release.open(), work.open()
    tables = {name: kept.table(name) for name in (PARSED_PROGRAMS, *RELEASED)}
    made_from = {
        **made_by(GROUP_OF_RELEASE),
        **{f"table {name}": one.version for name, one in tables.items()},
        "inputs": opened.inputs(tables["snapshots"].frame()).release_id,
    }
    reasons = kept.why_anew(_RELEASE, made_from, ())
    published = None if reasons else opened.still_published(tables["snapshots"].frame())
    if published is None:
        files = {name: one.path for name, one in tables.items()}
        with ThreadPoolExecutor() as pool:
            read = dict(zip(tables, pool.map(StoredTable.arrow, tables.values()), strict=True))
        forget_forms()  # publishing needs the memory
        release_memory()
        database = _database_step(kept)
        stale = kept.why_anew(database.name, database.made_from, database.files)
        published = opened.publish(read, files, None if stale else database.files[0])
        kept.keep(_RELEASE, made_from, ())
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
