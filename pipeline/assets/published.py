"""Claims to a release: the sponsor list and the tables beside it, and publishing as the last step."""

from __future__ import annotations

from typing import Any, Final

import dagster as dg
import pyarrow as pa

from pipeline.assets.factory import OWNER, table_asset, table_assets
from pipeline.release import build
from pipeline.release.code_version import code_version
from pipeline.release.next_release import PARSED_PROGRAMS, RELEASED
from pipeline.release.reader import Release
from pipeline.resources.data import NextReleaseResource
from pipeline.resources.parquet_io import AS_ARROW

GROUP: Final = "published"

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
    ins={name: dg.AssetIn(metadata=AS_ARROW) for name in (PARSED_PROGRAMS, *RELEASED)},
    description="The dated release: checked across tables, staged, renamed into place, and pointed to by `latest`.",
)
def release(next_release: NextReleaseResource, **tables: pa.Table) -> dg.MaterializeResult[Any]:
    """Publish, as the last step of all; in the object store, too, where one is set."""
    published = next_release.open().publish(tables)
    mirrored = next_release.open().mirror()
    return dg.MaterializeResult(
        metadata={
            "release_id": published.release_id,
            "folder": dg.MetadataValue.path(str(published.folder)),
            "unchanged": published.unchanged,
            "in_store": mirrored.latest if mirrored else "",
            "removed_releases": dg.MetadataValue.json(list(published.removed)),
            "programs": tables["functional_h1b_sponsors"].num_rows,
            "tiers": dg.MetadataValue.json(Release.open(published.folder).manifest["figures"]["tiers"]),
        },
        data_version=dg.DataVersion(published.release_id),
    )
