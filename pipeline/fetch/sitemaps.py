"""What a site's sitemaps promise: those that robots.txt names, else the usual place."""

from __future__ import annotations

import heapq
import itertools

from pipeline.fetch.addresses import origin_of
from pipeline.fetch.crawl_state import MAX_KEPT_LINKS, SiteCrawl, promising_links
from pipeline.fetch.download import DownloadError
from pipeline.fetch.journal import Entry
from pipeline.fetch.page_content import Link, Sitemap, read_sitemap
from pipeline.fetch.page_request import RobotsRefusedError, note, rules_of, visit
from pipeline.fetch.ranking import rank
from pipeline.fetch.seeds import belongs


def sitemap_links(work: SiteCrawl) -> list[Link]:
    """Pages that the sitemaps list; a few files of a site are asked for, those of promising_links names first."""
    origins = list(dict.fromkeys(origin_of(start.url) for start in work.plan.asked))
    waiting: list[tuple[int, int, str]] = []
    numbers = itertools.count()
    for origin in origins:
        named = rules_of(origin + "/", work.tools).sitemaps
        for url in named or (f"{origin}/sitemap.xml",):
            heapq.heappush(waiting, (0, next(numbers), url))
    asked: set[str] = set()
    found: list[Link] = []
    while waiting and len(asked) < work.tools.settings.sitemaps_per_site:
        _, _, url = heapq.heappop(waiting)
        if url in asked or not belongs(url, work.plan, work.sites):
            continue
        asked.add(url)
        sitemap = _sitemap(work, url)
        found += [Link(page, "") for page in sitemap.pages]
        for inner in sitemap.sitemaps:
            heapq.heappush(waiting, (-rank(inner.removesuffix(".gz").removesuffix(".xml")).score, next(numbers), inner))
    return found


def _sitemap(work: SiteCrawl, url: str) -> Sitemap:
    """What one sitemap lists, as far as it promises something; nothing where it can't be had: it is a help, no duty."""
    tools = work.tools
    recorded = tools.journal.get("sitemap", url)
    if recorded is None:
        recorded = _requested_sitemap(work, url)
        tools.journal.put(Entry("sitemap", url, recorded))
    return Sitemap(tuple(recorded["pages"]), tuple(recorded["sitemaps"]))


def _requested_sitemap(work: SiteCrawl, url: str) -> dict[str, list[str]]:
    tools, limit = work.tools, work.tools.settings.page_bytes
    nothing: dict[str, list[str]] = {"pages": [], "sitemaps": []}
    try:
        _, answer = visit(url, work.plan.site, tools, limit=limit, types=(), cut=True)
    except RobotsRefusedError:
        return nothing
    except DownloadError as error:
        note(url, error.code, tools)
        return nothing
    note(url, "", tools)
    sitemap = read_sitemap(answer.body, limit) if answer is not None else Sitemap()
    best = promising_links(work, (Link(page, "") for page in sitemap.pages), False)
    return {"pages": [page for page, _ in best], "sitemaps": list(sitemap.sitemaps[:MAX_KEPT_LINKS])}
