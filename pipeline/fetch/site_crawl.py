"""One site, best page first: its entry points, then what its links and sitemaps promise, until a budget is spent."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable
from typing import Final

from pipeline.fetch.addresses import host_of, page_key
from pipeline.fetch.crawl_state import Candidate, SiteCrawl
from pipeline.fetch.page_content import Link
from pipeline.fetch.page_visit import visit_page
from pipeline.fetch.progress import SiteProgress
from pipeline.fetch.ranking import rank
from pipeline.fetch.seeds import Seed
from pipeline.fetch.site_plans import belongs
from pipeline.fetch.sitemaps import sitemap_links

MAX_DEPTH: Final = 6
_SEED_SCORE: Final = {"known": 4_000, "archived": 3_000, "program": 2_000, "home": 1_000}
_DEPTH_COST: Final = 5


class _Frontier:
    """The candidates of a site that were not visited yet, best first, each page once."""

    def __init__(self, crawl: SiteCrawl) -> None:
        self._crawl = crawl
        self._numbers = itertools.count()
        self._queue = [
            Candidate(-_SEED_SCORE[seed.kind], next(self._numbers), seed.url, training=seed.kind != "home", seed=seed)
            for seed in _first_of_each(crawl.plan.entry_points)
        ]
        heapq.heapify(self._queue)
        self._seen = {page_key(one.url) for one in self._queue}

    def __len__(self) -> int:
        return len(self._queue)

    def pop(self) -> Candidate:
        return heapq.heappop(self._queue)

    def has_seeds(self) -> bool:
        return bool(self._queue) and self._queue[0].seed is not None

    def add(self, links: Iterable[Link], depth: int, training: bool) -> None:
        """Add the links that belong to the site, are new and promise something."""
        for link, number in zip(links, self._numbers, strict=False):
            if page_key(link.url) in self._seen or not belongs(link.url, self._crawl.plan, self._crawl.sites):
                continue
            self._seen.add(page_key(link.url))
            worth = rank(link.url, link.text, training=training).score - _DEPTH_COST * depth
            if worth > 0:
                heapq.heappush(self._queue, Candidate(-worth, number, link.url, link.text, depth, training))


def _first_of_each(seeds: Iterable[Seed]) -> list[Seed]:
    return list({page_key(one.url): one for one in reversed(list(seeds))}.values())[::-1]


def crawl_site(crawl: SiteCrawl) -> None:
    """Visit the pages of a site within its budget and report each. Sitemaps are read once the entry points are done."""
    settings, budget, meter = crawl.context.settings, crawl.budget, crawl.context.meter
    frontier = _Frontier(crawl)
    visited: set[str] = set()
    pages = volume = 0
    sitemaps_read = False
    while pages < settings.pages_per_site and volume < settings.bytes_per_site:
        if not frontier.has_seeds() and not sitemaps_read:
            sitemaps_read = True
            before = meter.bytes
            frontier.add(sitemap_links(crawl), 1, False)
            volume += meter.bytes - before
        if not frontier or not budget.take():
            break
        candidate = frontier.pop()
        if candidate.url in visited:
            budget.give_back()
            continue
        page = visit_page(crawl, candidate, visited)
        if page.outcome in ("refused_by_robots", "not_asked"):
            budget.give_back()
        pages += 1
        volume += page.bytes
        visited |= {page.url, page.found_at} - {""}
        if candidate.depth < MAX_DEPTH:
            frontier.add([Link(*link) for link in page.links], candidate.depth + 1, candidate.of_training)
        to_come = min(len(frontier), settings.pages_per_site - pages)
        delay = crawl.context.throttle.delay_of(host_of(page.url))
        crawl.report(page, SiteProgress(crawl.plan.site.name, pages, to_come, delay))
