"""A whole run: the sites of all seeds, in parallel, into the archive; a journal lets a killed run go on.

How a site is visited is `site_crawl`; where seeds come from is `seed_sources`.
"""

from __future__ import annotations

import threading
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from bs4 import MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning

from pipeline.archive.store import sweep
from pipeline.errors import UserError
from pipeline.fetch.clock import Clock, StoppedError
from pipeline.fetch.crawl_state import PageBudget, SiteCrawl
from pipeline.fetch.download import BodyLimits, Download, Response, downloader
from pipeline.fetch.journal import Journal, journal_path, open_journal
from pipeline.fetch.network import Network
from pipeline.fetch.only_run import FetchError, emptied, only_run
from pipeline.fetch.page_outcome import PageOutcome
from pipeline.fetch.page_store import PageStore
from pipeline.fetch.page_yield import keep_yield, pages_by_institution
from pipeline.fetch.progress import Reporter, RunProgress, SiteProgress
from pipeline.fetch.public_hosts import Resolver
from pipeline.fetch.report import Report
from pipeline.fetch.response_body import Meter
from pipeline.fetch.robots import RobotsCache
from pipeline.fetch.seeds import Seed, archived_seeds
from pipeline.fetch.site_crawl import crawl_site
from pipeline.fetch.site_plans import Shard, SitePlan, of_institution, of_shard, site_plans
from pipeline.fetch.throttle import HostThrottle
from pipeline.fetch.throttled_request import FetchContext
from pipeline.fetch.workers import in_parallel
from pipeline.settings import DataFolder, FetchSettings
from pipeline.sources import program_pages

PARTIAL: Final = "partial"


def fetch(
    folder: DataFolder,
    seeds: Sequence[Seed],
    settings: FetchSettings,
    reporter: Reporter,
    *,
    institution: str | None = None,
    limit: int | None = None,
    shard: Shard | None = None,
    network: Network | None = None,
) -> Report:
    """Fetch the pages of the sites that `seeds` and the archive's own pages open, into the archive; returns the report.

    institution: only sites with that in an institution's name. limit: pages requested at most. shard: only its sites. A
    KeyboardInterrupt ends the run after the requests under way; its report says `stopped` and the next run goes on from there.
    Raises FetchError where another fetch is running or there is no seed, JournalError for a damaged journal, OSError where the
    disk fails. Whatever else goes wrong at a site is that site's failure `internal_error` in the report.
    """
    network = network or Network()
    stop = threading.Event()
    clock = network.clock(stop)
    with only_run(folder.fetch):
        partial = emptied(folder.fetch / PARTIAL)
        sweep(folder.raw, program_pages.SOURCE.id)
        store = PageStore(folder.raw, partial, clock)
        plans = site_plans([*seeds, *archived_seeds(store.archived)])
        chosen = of_institution(plans, institution) if institution else plans
        chosen = of_shard(chosen, shard) if shard else chosen
        if not chosen:
            raise FetchError(_no_seed(institution))
        journal = open_journal(journal_path(folder.fetch, institution, limit, shard), clock.now())
        progress = RunProgress(len(chosen), settings, reporter)
        visit_site = _site_visitor(
            plans, settings, network.resolver, clock, journal, store, PageBudget(limit), progress
        )
        with warnings.catch_warnings():
            # Set once for all threads: the parser's hints that a page may be something else than HTML.
            warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
            warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
            stopped = in_parallel(visit_site, chosen, settings.hosts_at_once, stop)
        journal.close(ended=not stopped)
        ended_at = clock.now().isoformat(timespec="seconds")
        pages, requests = tuple(progress.pages), progress.requests
        institutions = pages_by_institution(chosen, pages, ended_at[:10])
        keep_yield(folder.fetch, institutions)
        return Report(
            journal.started_at, ended_at, stopped, journal.resumed, len(chosen), requests, pages, institutions
        )


def _site_visitor(
    plans: list[SitePlan],
    settings: FetchSettings,
    resolver: Resolver,
    clock: Clock,
    journal: Journal,
    store: PageStore,
    budget: PageBudget,
    progress: RunProgress,
) -> Callable[[SitePlan], None]:
    """Return what a worker does with one site."""
    throttle, robots_cache = HostThrottle(clock, settings.delay), RobotsCache()
    sites = frozenset(plan.site for plan in plans)

    def visit_site(plan: SitePlan) -> None:
        meter = Meter()
        download = _counted(downloader(settings, resolver, meter), progress)
        context = FetchContext(settings, clock, throttle, download, meter, robots_cache, journal)
        try:
            crawl_site(SiteCrawl(plan, sites, context, store, budget, progress.page_done))
        except (StoppedError, UserError, OSError):
            # To stop, a journal or an archive that can't be read, a full disk: no site could go on.
            raise
        except Exception as error:
            progress.page_done(_site_failure(plan, error), SiteProgress(plan.site.name, 0, 0, settings.delay))
        progress.site_done(plan.site.name)

    return visit_site


def _site_failure(plan: SitePlan, error: Exception) -> PageOutcome:
    """Return the outcome of a site whose crawl has met an error that nobody foresaw; other sites go on."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(place.filename).name}, line {place.lineno}"
    detail = f"{type(error).__name__} in {where}: {error}"[:200]
    return PageOutcome(plan.site.name, plan.entry_points[0].url, "failed", "internal_error", detail)


def _counted(download: Download, progress: RunProgress) -> Download:
    def counting(url: str, headers: Mapping[str, str], limits: BodyLimits) -> Response:
        progress.count_request()
        return download(url, headers, limits)

    return counting


def _no_seed(institution: str | None) -> str:
    if institution:
        return (
            f"no page is known of an institution with {institution!r} in its name. Look for it with h1b-sponsors query"
        )
    return "no page is known to start from. Add downloads and make a release with h1b-sponsors refresh"
