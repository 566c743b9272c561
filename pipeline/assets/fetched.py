"""Web to archive: pages are fetched before the archive is read, where the operator has enabled it."""

from __future__ import annotations

from typing import Any, Final

import dagster as dg

from pipeline.assets.factory import OWNER
from pipeline.fetch.page_outcome import PageOutcome
from pipeline.fetch.progress import Progress
from pipeline.fetch.report import as_json, write_report
from pipeline.fetch.run import fetch
from pipeline.fetch.seed_sources import find_seeds
from pipeline.release.code_version import code_version
from pipeline.resources.archive import DataResource
from pipeline.settings import FETCH_VARIABLE, fetch_enabled, fetch_settings

_OFF: Final = f"fetching is off. Set {FETCH_VARIABLE}=1 and H1B_FETCH_CONTACT to enable it"


@dg.asset(
    group_name="archive",
    owners=[OWNER],
    kinds={"python"},
    code_version=code_version(),
    description=f"Visa pages of programs and GME offices, fetched into the archive. Off unless {FETCH_VARIABLE}=1.",
    # What a broken-off run had is in its journal: the second try requests the rest.
    retry_policy=dg.RetryPolicy(max_retries=1, delay=60),
)
def fetched_pages(data: DataResource) -> dg.MaterializeResult[Any]:
    """Fetch the pages that the last release and the known pages lead to."""
    if not fetch_enabled():
        raise dg.Failure(_OFF, allow_retries=False)
    folder, settings = data.folder(), fetch_settings()

    def log_sites(page: PageOutcome | None, progress: Progress) -> None:
        if page is None:
            dg.get_dagster_logger().info(
                f"{progress.sites_done:,}/{progress.sites:,} sites, {progress.pages_done:,} pages, "
                f"about {progress.seconds_left / 60:.0f} min left"
            )

    report = fetch(folder, find_seeds(folder), settings, log_sites)
    path = write_report(report, settings, folder.fetch)
    if report.stopped:
        raise dg.Failure("the fetch was broken off; the next one goes on from there", allow_retries=False)
    counts = as_json(report, settings)["counts"]
    return dg.MaterializeResult(metadata={"report": dg.MetadataValue.path(str(path)), **counts})
