"""How far a run is: pages and sites done, and an estimate of the time left, for whoever shows it.

What each page came to is `page_outcome`; how progress is shown, the commands and assets decide.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from pipeline.fetch.page_outcome import PageOutcome
from pipeline.settings import FetchSettings


@dataclass(frozen=True)
class SiteProgress:
    """How far a site is: pages done, pages that may still come, and the pause between them in seconds."""

    site: str
    done: int
    to_come: int
    delay: float


@dataclass(frozen=True)
class Progress:
    """How far a run is: sites done of all, pages done, pages that may still come, and an estimate of the seconds left."""

    sites_done: int
    sites: int
    pages_done: int
    pages_to_come: int
    seconds_left: float


# Takes each page that is done, and the progress of the run then; for each site that is done, the page is None.
Reporter = Callable[[PageOutcome | None, Progress], None]


class RunProgress:
    """Counts pages, sites and requests as they are done, and reports each. Any thread may count."""

    def __init__(self, sites: int, settings: FetchSettings, reporter: Reporter) -> None:
        self._sites, self._settings, self._reporter = sites, settings, reporter
        self._guard = threading.Lock()
        self._begun: dict[str, SiteProgress] = {}
        self._sites_done: set[str] = set()
        self.pages: list[PageOutcome] = []
        self.requests = 0

    def count_request(self) -> None:
        """Count a request of any kind."""
        with self._guard:
            self.requests += 1

    def page_done(self, page: PageOutcome, site: SiteProgress) -> None:
        """Count a page, and keep how far its site is."""
        with self._guard:
            self.pages.append(page)
            self._begun[site.site] = site
            self._reporter(page, self._progress())

    def site_done(self, site: str) -> None:
        """Count a site that gets no more requests."""
        with self._guard:
            self._sites_done.add(site)
            if site in self._begun:
                self._begun[site] = replace(self._begun[site], to_come=0)
            self._reporter(None, self._progress())

    def _progress(self) -> Progress:
        begun = list(self._begun.values())
        waiting = self._sites - len(self._sites_done | set(self._begun))
        return Progress(
            len(self._sites_done),
            self._sites,
            len(self.pages),
            sum(one.to_come for one in begun),
            seconds_left(begun, waiting, self._settings),
        )


def seconds_left(begun: list[SiteProgress], waiting_sites: int, settings: FetchSettings) -> float:
    """Return an estimate of the time left, in seconds: pauses of the pages to come, spread over the sites in parallel.

    Never less than the slowest site needs. A site that has not begun is taken to be like the mean of those begun.
    """
    own = [one.to_come * max(one.delay, settings.delay) for one in begun]
    whole = [(one.done + one.to_come) * max(one.delay, settings.delay) for one in begun]
    mean = sum(whole) / len(whole) if whole else settings.pages_per_site * settings.delay
    total = sum(own) + waiting_sites * mean
    return max([total / settings.hosts_at_once, *own, mean if waiting_sites else 0.0])
