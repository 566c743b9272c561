"""Claims to a release: the sponsor list and the tables beside it, and publishing as the last step."""

from __future__ import annotations

from typing import Any, Final

import dagster as dg

from pipeline.assets.factory import OWNER, table_asset, table_assets
from pipeline.assets.steps import made_by, ran
from pipeline.linkage.names.normalise import forget_forms
from pipeline.release import build
from pipeline.release.code_version import code_version
from pipeline.release.next_release import PARSED_PROGRAMS, RELEASED
from pipeline.release.reader import Release
from pipeline.resources.data import NextReleaseResource, WorkResource
from pipeline.resources.measure import Meter
from pipeline.resources.work import DAMAGED, release_memory

GROUP: Final = "published"
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


@dg.asset(
    group_name="release",
    owners=[OWNER],
    kinds={"parquet"},
    code_version=code_version(),
    deps=[PARSED_PROGRAMS, *RELEASED],
    description="The dated release: checked across tables, staged, renamed into place, and pointed to by `latest`.",
)
def release(next_release: NextReleaseResource, work: WorkResource) -> dg.MaterializeResult[Any]:
    """Publish, as the last step of all; in the object store, too, where one is set."""
    meter = Meter.started()
    made, kept = next_release.open(), work.open()
    tables = {name: kept.table(name) for name in (PARSED_PROGRAMS, *RELEASED)}
    made_from = {
        **made_by("release"),
        **{f"table {name}": one.version for name, one in tables.items()},
        "inputs": made.inputs(tables["snapshots"].frame()).release_id,
    }
    reasons = kept.why_anew(_RELEASE, made_from, ())
    published = None if reasons else made.still_published(tables["snapshots"].frame())
    if published is None:
        files = {name: one.path for name, one in tables.items()}
        read = {name: one.arrow() for name, one in tables.items()}
        forget_forms()  # publishing needs the memory
        release_memory()
        published = made.publish(read, files)
        kept.keep(_RELEASE, made_from, ())
        reasons = reasons or (DAMAGED,)
    mirrored = made.mirror()
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
