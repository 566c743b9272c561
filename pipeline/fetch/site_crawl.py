"""One site, best page first: its starts, then what its links and sitemaps promise, until a budget is spent."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterable
from typing import Final

from pipeline.fetch.addresses import host_of, page_key
from pipeline.fetch.crawl_state import Candidate, SiteCrawl, SiteProgress
from pipeline.fetch.page_content import Link
from pipeline.fetch.page_visit import visit_page
from pipeline.fetch.ranking import rank
from pipeline.fetch.seeds import Seed, belongs
from pipeline.fetch.sitemaps import sitemap_links

MAX_DEPTH: Final = 6
_SEED_SCORE: Final = {"known": 4_000, "archived": 3_000, "program": 2_000, "home": 1_000}
_DEPTH_COST: Final = 5


def crawl(work: SiteCrawl) -> None:
    """Visit the pages of a site within its budget; `tell` hears of each."""
    settings = work.tools.settings
    numbers = itertools.count()
    queue = [
        Candidate(-_SEED_SCORE[one.kind], next(numbers), one.url, training=one.kind != "home", start=one)
        for one in _first_of_each(work.plan.asked)
    ]
    heapq.heapify(queue)
    seen = {page_key(one.url) for one in queue}
    had: set[str] = set()
    pages = volume = 0
    sitemaps_read = False
    while pages < settings.pages_per_site and volume < settings.bytes_per_site:
        if (not queue or queue[0].start is None) and not sitemaps_read:
            sitemaps_read = True
            before = work.tools.meter.bytes
            _queue_links(work, sitemap_links(work), 1, False, queue, seen, numbers)
            volume += work.tools.meter.bytes - before
        if not queue or not work.allowance.take():
            break
        candidate = heapq.heappop(queue)
        if candidate.url in had:
            work.allowance.give_back()
            continue
        done = visit_page(work, candidate, had)
        if done.outcome in ("refused_by_robots", "not_asked"):
            work.allowance.give_back()
        pages += 1
        volume += done.bytes
        had |= {done.url, done.found_at} - {""}
        training = candidate.training or "training" in rank(candidate.url, candidate.text).kinds
        links = [Link(*link) for link in done.links]
        if candidate.depth < MAX_DEPTH:
            _queue_links(work, links, candidate.depth + 1, training, queue, seen, numbers)
        to_come = min(len(queue), settings.pages_per_site - pages)
        work.tell(done, SiteProgress(work.plan.site.name, pages, to_come, work.tools.turns.delay_of(host_of(done.url))))


def _first_of_each(starts: Iterable[Seed]) -> list[Seed]:
    return list({page_key(one.url): one for one in reversed(list(starts))}.values())[::-1]


def _queue_links(
    work: SiteCrawl,
    links: Iterable[Link],
    depth: int,
    training: bool,
    queue: list[Candidate],
    seen: set[str],
    numbers: Iterable[int],
) -> None:
    for link, number in zip(links, numbers, strict=False):
        if page_key(link.url) in seen or not belongs(link.url, work.plan, work.sites):
            continue
        seen.add(page_key(link.url))
        worth = rank(link.url, link.text, training=training).score - _DEPTH_COST * depth
        if worth > 0:
            heapq.heappush(queue, Candidate(-worth, number, link.url, link.text, depth, training))
