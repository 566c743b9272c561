"""Web to archive: pages are fetched before the archive is read, in the job that says so."""

from __future__ import annotations

from typing import Any

import dagster as dg

from pipeline.assets.factory import OWNER
from pipeline.errors import UserError
from pipeline.fetch.page_outcome import PageOutcome
from pipeline.fetch.progress import Progress
from pipeline.fetch.report import as_json, write_report
from pipeline.fetch.run import fetch
from pipeline.fetch.seed_sources import find_seeds
from pipeline.release.code_version import room_version
from pipeline.resources.data import DataResource
from pipeline.settings import CONTACT_VARIABLE, FetchSettings, fetch_settings


@dg.asset(
    group_name="archive",
    owners=[OWNER],
    kinds={"python"},
    code_version=room_version("fetch"),
    description=f"Visa pages of programs and GME offices, fetched into the archive. Needs {CONTACT_VARIABLE}.",
    # What a broken-off run had is in its journal: the second try requests the rest.
    retry_policy=dg.RetryPolicy(max_retries=1, delay=60),
)
def fetched_pages(data: DataResource) -> dg.MaterializeResult[Any]:
    """Fetch the pages that the last release and the known pages lead to. Fails at once where a setting can't be used."""
    folder, settings = data.open(), _settings()
    report = fetch(folder, find_seeds(folder), settings, _log_progress)
    path = write_report(report, settings, folder.fetch)
    if report.stopped:
        raise dg.Failure("the fetch was broken off; the next one goes on from there", allow_retries=False)
    counts = as_json(report, settings)["counts"]
    return dg.MaterializeResult(metadata={"report": dg.MetadataValue.path(str(path)), **counts})


def _settings() -> FetchSettings:
    try:
        return fetch_settings()
    except UserError as error:
        raise dg.Failure(str(error), allow_retries=False) from error


def _log_progress(page: PageOutcome | None, progress: Progress) -> None:
    """Log a line where the fetch reports on the whole, not on one page."""
    if page is None:
        dg.get_dagster_logger().info(
            f"{progress.sites_done:,}/{progress.sites:,} sites, {progress.pages_done:,} pages, "
            f"about {progress.seconds_left / 60:.0f} min left"
        )
