"""What a site's sitemaps promise: those that robots.txt names, else the usual place. Their format: `sitemap_files`."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator

from pipeline.fetch.addresses import origin_of
from pipeline.fetch.crawl_state import MAX_KEPT_LINKS, SiteCrawl, promising_links
from pipeline.fetch.download import BodyLimits
from pipeline.fetch.failures import DownloadError, RobotsRefusedError
from pipeline.fetch.journal import Entry
from pipeline.fetch.page_content import Link
from pipeline.fetch.page_request import request_page
from pipeline.fetch.ranking import rank
from pipeline.fetch.robots_request import robots_rules
from pipeline.fetch.site_plans import belongs
from pipeline.fetch.sitemap_files import Sitemap, read_sitemap
from pipeline.fetch.throttled_request import count_failures


def sitemap_links(crawl: SiteCrawl) -> list[Link]:
    """Return links to the pages that the sitemaps list; only a few files of a site are requested, promising names first."""
    numbers = itertools.count()
    waiting = [(0, next(numbers), url) for url in _first_sitemaps(crawl)]
    requested: set[str] = set()
    links: list[Link] = []
    while waiting and len(requested) < crawl.context.settings.sitemaps_per_site:
        _, _, url = heapq.heappop(waiting)
        if url in requested or not belongs(url, crawl.plan, crawl.sites):
            continue
        requested.add(url)
        sitemap = _sitemap(crawl, url)
        links += [Link(page, "") for page in sitemap.pages]
        for inner in sitemap.sitemaps:
            score = rank(inner.removesuffix(".gz").removesuffix(".xml")).score
            heapq.heappush(waiting, (-score, next(numbers), inner))
    return links


def _first_sitemaps(crawl: SiteCrawl) -> Iterator[str]:
    for origin in dict.fromkeys(origin_of(seed.url) for seed in crawl.plan.entry_points):
        yield from robots_rules(f"{origin}/", crawl.context).sitemaps or (f"{origin}/sitemap.xml",)


def _sitemap(crawl: SiteCrawl, url: str) -> Sitemap:
    """Return what one sitemap lists, as far as it promises something; nothing where it can't be had: it only helps."""
    journal = crawl.context.journal
    sitemap = journal.get("sitemap", url, lambda value: Sitemap(tuple(value["pages"]), tuple(value["sitemaps"])))
    if sitemap is None:
        sitemap = _requested(crawl, url)
        journal.put(Entry("sitemap", url, {"pages": list(sitemap.pages), "sitemaps": list(sitemap.sitemaps)}))
    return sitemap


def _requested(crawl: SiteCrawl, url: str) -> Sitemap:
    context, limit = crawl.context, crawl.context.settings.page_bytes
    try:
        _, response = request_page(url, crawl.plan.site, context, BodyLimits(limit, types=(), cut=True))
    except RobotsRefusedError:
        return Sitemap()
    except DownloadError as error:
        count_failures(url, error.code, context)
        return Sitemap()
    count_failures(url, "", context)
    try:
        sitemap = read_sitemap(response.body, limit) if response is not None else Sitemap()
    # Hostile XML makes the library fail in many ways; each means the same: nothing is listed.
    except Exception:
        return Sitemap()
    best = promising_links(crawl, (Link(page, "") for page in sitemap.pages), False)
    return Sitemap(tuple(page for page, _ in best), sitemap.sitemaps[:MAX_KEPT_LINKS])
