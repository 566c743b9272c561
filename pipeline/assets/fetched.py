"""Web to archive: official sources and pages are fetched before the archive is read, in the jobs that say so."""

# No `from __future__ import annotations`: Dagster reads the type of a context from its annotation.
import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

import dagster as dg

from pipeline.assets.factory import OWNER
from pipeline.errors import UserError
from pipeline.fetch.page_outcome import PageOutcome
from pipeline.fetch.progress import Progress
from pipeline.fetch.report import as_json, write_report
from pipeline.fetch.run import fetch
from pipeline.fetch.seed_sources import find_seeds
from pipeline.fetch.site_plans import read_shard
from pipeline.fetch.source_outcome import FileOutcome
from pipeline.fetch.source_run import fetch_sources
from pipeline.fetch.source_settings import SOURCES_VARIABLE, enabled_sources, first_year, of_machines, patient
from pipeline.release.code_version import room_version
from pipeline.resources.data import DataResource
from pipeline.settings import CONTACT_VARIABLE, FetchSettings, fetch_settings
from pipeline.sources.catalogue import source as source_of

GROUP: Final = "web"
CHECK: Final = "all_fetched"
# Of what asks the web, and of nothing else: what is worked out from tables fails the same way each time.
AGAIN: Final = dg.RetryPolicy(max_retries=2, delay=60, backoff=dg.Backoff.EXPONENTIAL, jitter=dg.Jitter.PLUS_MINUS)


class PagesConfig(dg.Config):
    """Which pages a run asks for. shard: part K of N of all sites, as `K/N`; all where blank."""

    shard: str = ""


@dg.asset(
    group_name=GROUP,
    owners=[OWNER],
    kinds={"python"},
    code_version=room_version("fetch"),
    description=f"Visa pages of programs and GME offices, fetched into the archive. Needs {CONTACT_VARIABLE}.",
    # What a broken-off run had is in its journal: the second try requests the rest.
    retry_policy=AGAIN,
)
def fetched_pages(config: PagesConfig, data: DataResource) -> dg.MaterializeResult[Any]:
    """Fetch the pages that the last release and the known pages lead to. Fails at once where a setting can't be used."""
    folder, settings = data.open(), _settings()
    shard = read_shard(config.shard) if config.shard else None
    report = fetch(folder, find_seeds(folder), settings, _log_progress, shard=shard)
    path = write_report(report, settings, folder.fetch)
    if report.stopped:
        raise dg.Failure("the fetch was broken off; the next one goes on from there", allow_retries=False)
    counts = as_json(report, settings)["counts"]
    return dg.MaterializeResult(metadata={"report": dg.MetadataValue.path(str(path)), **counts})


def fetch_asset(source: str) -> dg.AssetsDefinition:
    """Make the asset `fetched_<source>`: the newest files of an official source, through the gate into the archive."""

    @dg.asset(
        name=f"fetched_{source}",
        group_name=GROUP,
        owners=[OWNER],
        kinds={"python"},
        code_version=room_version("fetch"),
        retry_policy=AGAIN,
        description=f"{source_of(source).title}: its newest files. Off unless {SOURCES_VARIABLE} names it; needs {CONTACT_VARIABLE}.",
        check_specs=[
            dg.AssetCheckSpec(CHECK, asset=f"fetched_{source}", description="Every file was had, and passed the gate")
        ],
    )
    def fetched(context: dg.AssetExecutionContext, data: DataResource) -> Iterator[dg.MaterializeResult[Any]]:
        """Fetch the files of the source, where it is enabled; again where one fails. What still fails is reported by the check and ends
        no run: what was used before is still used."""
        try:
            if source not in enabled_sources():
                off = dg.AssetCheckResult(check_name=CHECK, passed=True, metadata={"enabled": False})
                yield dg.MaterializeResult(metadata={"enabled": False}, check_results=[off])
                return
            since, settings = first_year(dt.datetime.now(dt.UTC).date()), patient(_settings())
            outcomes = fetch_sources(data.open(), {source: of_machines()[source]}, since, settings, _log_outcome)
        except UserError as error:
            raise dg.Failure(str(error), allow_retries=False) from error
        if any(one.result == "failed" for one in outcomes) and context.retry_number < AGAIN.max_retries:
            raise dg.Failure("a file could not be had; it is asked for again")
        yield _result(outcomes)

    return fetched


def _result(outcomes: Sequence[FileOutcome]) -> dg.MaterializeResult[Any]:
    """Return how many files came to what, and a line for each that a person has to look at."""
    problems = [
        f"{one.file} {one.name}: {one.detail}" for one in outcomes if one.result in ("failed", "held", "by_hand")
    ]
    check = dg.AssetCheckResult(
        check_name=CHECK, passed=not problems, severity=dg.AssetCheckSeverity.WARN, metadata={"problems": problems}
    )
    counts = Counter(one.result for one in outcomes)
    return dg.MaterializeResult(metadata={"enabled": True, **counts}, check_results=[check])


def _log_outcome(outcome: FileOutcome) -> None:
    dg.get_dagster_logger().info(f"{outcome.file} {outcome.name}: {outcome.result} {outcome.detail}"[:500])


FETCHED_SOURCES: Final = tuple(f"fetched_{source}" for source in of_machines())
fetched_sources = [fetch_asset(source) for source in of_machines()]


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
