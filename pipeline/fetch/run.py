"""A whole run: sites in parallel, each by one visitor; what was had is journalled, so that a killed run goes on."""

from __future__ import annotations

import fcntl
import shutil
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from bs4 import MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning

from pipeline.archive.store import sweep
from pipeline.errors import UserError
from pipeline.fetch.addresses import Resolver, system_resolver
from pipeline.fetch.crawl_state import PageBudget, SiteCrawl, SiteProgress, Visit
from pipeline.fetch.download import Download, Meter, Response, downloader
from pipeline.fetch.journal import journal_path, open_journal
from pipeline.fetch.page_request import FetchContext, RobotsCache
from pipeline.fetch.page_store import PageStore
from pipeline.fetch.report import Report, seconds_left
from pipeline.fetch.seeds import Seed, SitePlan, archived_seeds, of_institution, site_plans
from pipeline.fetch.site_crawl import crawl
from pipeline.fetch.throttle import Clock, HostThrottle, StoppedError, system_clock
from pipeline.settings import DataFolder, FetchSettings
from pipeline.sources import program_pages

PARTIAL: Final = "partial"


class FetchError(UserError):
    """A fetch that can't begin: one line with what to do."""


@dataclass(frozen=True)
class Progress:
    """How far a run is: sites done of all, pages done, and an estimate of the seconds left."""

    sites_done: int
    sites: int
    pages_done: int
    pages_to_come: int
    seconds_left: float


class Reporter(Protocol):
    """Hears of each page, and of each site that is done (then `visit` is None)."""

    def __call__(self, visit: Visit | None, progress: Progress) -> None: ...


@dataclass(frozen=True)
class Network:
    """How hosts are found and how time is told; tests bring their own."""

    resolver: Resolver = system_resolver
    clock: Callable[[threading.Event], Clock] = system_clock


def fetch(
    folder: DataFolder,
    starts: Sequence[Seed],
    settings: FetchSettings,
    tell: Reporter,
    *,
    institution: str | None = None,
    limit: int | None = None,
    network: Network | None = None,
) -> Report:
    """Fetch the pages of the sites that `starts` and the archive's own pages open, into the archive.

    institution: only sites with that in an institution's name. limit: pages asked for at most. A KeyboardInterrupt ends the
    run after the requests under way; its report says `stopped` and the next run goes on from there. Raises FetchError where
    another fetch is running or nothing is there to start from, JournalError for a damaged journal.
    """
    network = network or Network()
    stop = threading.Event()
    clock = network.clock(stop)
    with _alone(folder.fetch):
        partial = _emptied(folder.fetch / PARTIAL)
        sweep(folder.raw, program_pages.SOURCE.id)
        shelf = PageStore(folder.raw, partial, clock)
        every = site_plans([*starts, *archived_seeds(shelf.archived)])
        chosen = of_institution(every, institution) if institution else every
        if not chosen:
            raise FetchError(_nothing(institution))
        journal = open_journal(journal_path(folder.fetch, institution, limit), clock.now())
        count = _Count(len(chosen), settings, tell)
        turns, book = HostThrottle(clock, settings.delay), RobotsCache()
        allowance = PageBudget(limit)
        sites = frozenset(plan.site for plan in every)

        def visit_site(plan: SitePlan) -> None:
            meter = Meter()
            get = count.counted(downloader(settings, network.resolver, meter))
            tools = FetchContext(settings, clock, turns, book, journal, get, meter)
            crawl(SiteCrawl(plan, sites, tools, shelf, allowance, count.page))
            count.site_done(plan.site.name)

        with warnings.catch_warnings():
            # Set once for all threads: the parser's hints that a page may be something else than HTML.
            warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
            warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
            stopped = _in_parallel(visit_site, chosen, settings.hosts_at_once, stop)
        journal.close(ended=not stopped)
        ended = clock.now().isoformat(timespec="seconds")
        return Report(
            journal.started_at, ended, stopped, journal.taken_up, len(chosen), count.requests, tuple(count.visits)
        )


def _nothing(institution: str | None) -> str:
    if institution:
        return (
            f"no page is known of an institution with {institution!r} in its name. Look for it with h1b-sponsors query"
        )
    return "no page is known to start from. Add downloads and make a release with h1b-sponsors refresh"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FetchError("another fetch is running on this data folder. Wait for it") from error
        yield


def _emptied(folder: Path) -> Path:
    """The folder without what a killed run has left in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _in_parallel(
    work: Callable[[SitePlan], None], every: Sequence[SitePlan], at_once: int, stop: threading.Event
) -> bool:
    """Do the work on each plan; whether it was stopped. An error that is no outcome of a page stops all and is raised."""

    def unless_stopped(plan: SitePlan) -> None:
        if stop.is_set():
            raise StoppedError
        work(plan)

    with ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="fetch") as pool:
        futures = [pool.submit(unless_stopped, plan) for plan in every]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
        except KeyboardInterrupt:
            stop.set()
        except BaseException:
            # Dagster's own way of breaking off; leaving the pool waits for its threads.
            stop.set()
            raise
        if any(future.done() and future.exception() is not None for future in futures):
            stop.set()
    problems = [error for future in futures if (error := future.exception()) is not None]
    for error in problems:
        if not isinstance(error, StoppedError):
            raise error
    return bool(problems)


class _Count:
    """What has been done so far, told as it happens. Any thread may count."""

    def __init__(self, sites: int, settings: FetchSettings, tell: Reporter) -> None:
        self._sites, self._settings, self._tell = sites, settings, tell
        self._guard = threading.Lock()
        self._standings: dict[str, SiteProgress] = {}
        self._sites_done: set[str] = set()
        self.visits: list[Visit] = []
        self.requests = 0

    def counted(self, get: Download) -> Download:
        """`get`, with its requests counted."""

        def counting(*args: object, **kwargs: object) -> Response:
            with self._guard:
                self.requests += 1
            return get(*args, **kwargs)

        return counting

    def page(self, visit: Visit, standing: SiteProgress) -> None:
        """A page is done."""
        with self._guard:
            self.visits.append(visit)
            self._standings[standing.site] = standing
            self._tell(visit, self._progress())

    def site_done(self, site: str) -> None:
        """A site is done."""
        with self._guard:
            self._sites_done.add(site)
            if (last := self._standings.get(site)) is not None:
                self._standings[site] = SiteProgress(site, last.done, 0, last.delay)
            self._tell(None, self._progress())

    def _progress(self) -> Progress:
        known = list(self._standings.values())
        waiting = self._sites - len(self._sites_done | set(self._standings))
        return Progress(
            len(self._sites_done),
            self._sites,
            len(self.visits),
            sum(one.to_come for one in known),
            seconds_left(known, waiting, self._settings),
        )
