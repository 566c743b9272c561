"""One site, best page first: its starts, then what its links and sitemaps promise, until a budget is spent."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

from pipeline.fetch.addresses import Site, host_of, origin_of, page_key
from pipeline.fetch.discovery import Link, Page, Sitemap, read_page, read_sitemap
from pipeline.fetch.download import Answer, DownloadError
from pipeline.fetch.journal import Entry
from pipeline.fetch.ranking import rank, speaks_of_visas
from pipeline.fetch.shelf import Shelf
from pipeline.fetch.starts import Plan, Start, about_page, belongs
from pipeline.fetch.visit import RobotsRefusedError, Tools, ask, note, rules_of, visit
from pipeline.sources.base import SourceError

Outcome = Literal["new", "unchanged", "not_kept", "refused_by_robots", "failed", "not_asked"]
MAX_DEPTH: Final = 6
MAX_KEPT_LINKS: Final = 200
_START_SCORE: Final = {"known": 4_000, "archived": 3_000, "program": 2_000, "home": 1_000}
_DEPTH_COST: Final = 5


@dataclass(frozen=True)
class Visit:
    """What became of one page. code and detail: why it failed or was refused. bytes: of its body, decompressed.

    found_at: address after redirects. links: what it promises of its own site, address and words.
    """

    site: str
    url: str
    outcome: Outcome
    code: str = ""
    detail: str = ""
    found_at: str = ""
    snapshot_id: str = ""
    bytes: int = 0
    links: tuple[tuple[str, str], ...] = ()


class Allowance:
    """How many pages a run may still ask for; None for any number. Any thread may take."""

    def __init__(self, pages: int | None) -> None:
        self._left = pages
        self._guard = threading.Lock()

    def take(self) -> bool:
        """Take one, if there is one."""
        with self._guard:
            if self._left is None:
                return True
            if self._left == 0:
                return False
            self._left -= 1
            return True

    def give_back(self) -> None:
        """It was not asked for after all."""
        with self._guard:
            if self._left is not None:
                self._left += 1


@dataclass(frozen=True)
class Standing:
    """How far a site is: pages done, pages that may still come, and the pause between them in seconds."""

    site: str
    done: int
    to_come: int
    delay: float


@dataclass(frozen=True, order=True)
class _Candidate:
    cost: int
    number: int
    url: str
    text: str = ""
    depth: int = 0
    training: bool = False
    start: Start | None = None


@dataclass(frozen=True)
class Crawl:
    """All that one site's crawl needs."""

    plan: Plan
    sites: frozenset[Site]
    tools: Tools
    shelf: Shelf
    allowance: Allowance
    tell: Callable[[Visit, Standing], None]


def crawl(work: Crawl) -> None:
    """Visit the pages of a site within its budget; `tell` hears of each."""
    settings = work.tools.settings
    numbers = itertools.count()
    queue = [
        _Candidate(-_START_SCORE[one.kind], next(numbers), one.url, training=one.kind != "home", start=one)
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
            _queue_links(work, _sitemap_links(work), 1, False, queue, seen, numbers)
        if not queue or not work.allowance.take():
            break
        candidate = heapq.heappop(queue)
        if candidate.url in had:
            work.allowance.give_back()
            continue
        done = _page(work, candidate, had)
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
        work.tell(done, Standing(work.plan.site.name, pages, to_come, work.tools.turns.delay_of(host_of(done.url))))


def _first_of_each(starts: Iterable[Start]) -> list[Start]:
    return list({page_key(one.url): one for one in reversed(list(starts))}.values())[::-1]


def _queue_links(
    work: Crawl,
    links: Iterable[Link],
    depth: int,
    training: bool,
    queue: list[_Candidate],
    seen: set[str],
    numbers: Iterable[int],
) -> None:
    for link, number in zip(links, numbers, strict=False):
        if page_key(link.url) in seen or not belongs(link.url, work.plan, work.sites):
            continue
        seen.add(page_key(link.url))
        worth = rank(link.url, link.text, training=training).score - _DEPTH_COST * depth
        if worth > 0:
            heapq.heappush(queue, _Candidate(-worth, number, link.url, link.text, depth, training))


def _page(work: Crawl, candidate: _Candidate, had: set[str]) -> Visit:
    """The page's visit: from the journal, from the archive where a killed run has left it, or by asking."""
    url, tools = candidate.url, work.tools
    recorded = tools.journal.get("page", url)
    if recorded is not None:
        done = _from_record(recorded)
        note(url, done.code if done.outcome == "failed" else "", tools)
        return done
    filed = _filed_before_the_kill(work, url)
    if filed is not None:
        done = replace(filed, links=_kept_links(work, read_page(_bytes_of(work, url), url), candidate))
    else:
        try:
            done = _visited(work, candidate, had)
            note(url, "", tools)
        except RobotsRefusedError as refusal:
            done = Visit(work.plan.site.name, url, "refused_by_robots", "robots", str(refusal))
        except DownloadError as error:
            note(url, error.code, tools)
            outcome = "not_asked" if error.code == "left_alone" else "failed"
            done = Visit(work.plan.site.name, url, outcome, error.code, error.detail)
    tools.journal.put(Entry("page", url, asdict(done)))
    return done


def _from_record(recorded: dict[str, Any]) -> Visit:
    return Visit(**{**recorded, "links": tuple((url, text) for url, text in recorded["links"])})


def _filed_before_the_kill(work: Crawl, url: str) -> Visit | None:
    snapshot = work.shelf.newest(url)
    journal = work.tools.journal
    if snapshot is None or not journal.taken_up or snapshot.manifest.added_at < journal.started_at:
        return None
    return Visit(work.plan.site.name, url, "new", found_at=url, snapshot_id=snapshot.id, bytes=snapshot.manifest.bytes)


def _bytes_of(work: Crawl, url: str) -> bytes:
    snapshot = work.shelf.newest(url)
    return snapshot.path.read_bytes() if snapshot is not None else b""


def _visited(work: Crawl, candidate: _Candidate, had: set[str]) -> Visit:
    """Ask for the page, and file it if it is wanted and says something new. Raises RobotsRefusedError and DownloadError."""
    plan, shelf = work.plan, work.shelf
    found_at, answer = visit(
        candidate.url,
        plan.site,
        work.tools,
        shelf.conditions,
        lambda url: url in had or work.tools.journal.get("page", url) is not None,
    )
    base = Visit(plan.site.name, candidate.url, "not_kept", found_at=found_at)
    if answer is None:
        return replace(base, code="same_page", detail=f"leads to {found_at}, which was had already")
    if answer.status == 304:
        return _unchanged(work, base, candidate)
    base = replace(base, bytes=len(answer.body))
    page = _read(answer, found_at)
    base = replace(base, links=_kept_links(work, page, candidate))
    if not _wanted(candidate, found_at, page):
        return replace(base, code="on_the_way", detail="read for its links only")
    before = _same_text(shelf, found_at, answer)
    if before is not None:
        return replace(base, outcome="unchanged", snapshot_id=before)
    filed = shelf.file(found_at, answer, about_page(found_at, page.title, plan))
    return replace(base, outcome="new", snapshot_id=filed.id)


def _unchanged(work: Crawl, base: Visit, candidate: _Candidate) -> Visit:
    """Of a page that the host says is as it was, the links are read from the archive."""
    snapshot = work.shelf.newest(base.found_at)
    if snapshot is None:
        raise DownloadError("http_304", "answers that nothing has changed, and was not asked so")
    page = _read(Answer(304, {}, snapshot.path.read_bytes()), base.found_at)
    links = _kept_links(work, page, candidate)
    return replace(base, outcome="unchanged", snapshot_id=snapshot.id, links=links)


def _read(answer: Answer, url: str) -> Page:
    try:
        return read_page(answer.body, url)
    # Hostile HTML and PDF make the libraries fail in many ways; each means the same: this page can't be used.
    except Exception as error:
        raise DownloadError("unusable", f"can't be read ({type(error).__name__}: {error})"[:200]) from error


def _same_text(shelf: Shelf, url: str, answer: Answer) -> str | None:
    try:
        snapshot = shelf.unchanged(url, answer.body)
    except SourceError as error:
        raise DownloadError("unusable", str(error)[:200]) from error
    return snapshot.id if snapshot is not None else None


def _wanted(candidate: _Candidate, found_at: str, page: Page) -> bool:
    """Whether a page is kept: it was asked for by name, its address or link names one of the five kinds, or it speaks of

    visas. The others are the way there.
    """
    if candidate.start is not None and candidate.start.kind != "home":
        return True
    ranks = (rank(url, candidate.text, training=candidate.training) for url in (candidate.url, found_at))
    return any(one.wanted for one in ranks) or speaks_of_visas(page.text)


def _kept_links(work: Crawl, page: Page, candidate: _Candidate) -> tuple[tuple[str, str], ...]:
    """The most promising links of the page into its own site, best first."""
    training = candidate.training or "training" in rank(candidate.url, candidate.text).kinds
    return _promising(work, page.links, training)


def _promising(work: Crawl, links: Iterable[Link], training: bool) -> tuple[tuple[str, str], ...]:
    own = [link for link in links if belongs(link.url, work.plan, work.sites)]
    scored = [(rank(link.url, link.text, training=training).score, link) for link in own]
    best = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])[:MAX_KEPT_LINKS]
    return tuple((link.url, link.text) for _, link in best)


def _sitemap_links(work: Crawl) -> list[Link]:
    """What the sitemaps promise: those that robots.txt names, else the usual place; a few files of a site, best first."""
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


def _sitemap(work: Crawl, url: str) -> Sitemap:
    """What one sitemap lists, as far as it promises something; nothing where it can't be had: it is a help, no duty."""
    tools = work.tools
    recorded = tools.journal.get("sitemap", url)
    if recorded is None:
        recorded = _asked_sitemap(work, url)
        tools.journal.put(Entry("sitemap", url, recorded))
    return Sitemap(tuple(recorded["pages"]), tuple(recorded["sitemaps"]))


def _asked_sitemap(work: Crawl, url: str) -> dict[str, list[str]]:
    tools, limit = work.tools, work.tools.settings.page_bytes
    nothing: dict[str, list[str]] = {"pages": [], "sitemaps": []}
    if rules_of(url, tools).refusal(url, tools.settings.longest_wait) is not None:
        return nothing
    try:
        answer = ask(url, tools, limit=limit, types=(), cut=True)
    except DownloadError as error:
        note(url, error.code, tools)
        return nothing
    note(url, "", tools)
    sitemap = read_sitemap(answer.body, limit) if answer.status == 200 else Sitemap()
    promising = _promising(work, (Link(page, "") for page in sitemap.pages), False)
    return {"pages": [page for page, _ in promising], "sitemaps": list(sitemap.sitemaps[:MAX_KEPT_LINKS])}
