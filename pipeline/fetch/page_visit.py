"""One page of a site: from the journal, from the archive where a killed run has left it there, or by a request."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from pipeline.fetch.attribution import about_page
from pipeline.fetch.crawl_state import Candidate, SiteCrawl, promising_links
from pipeline.fetch.download import BodyLimits, Response
from pipeline.fetch.failures import DownloadError, RobotsRefusedError, unusable
from pipeline.fetch.journal import Entry
from pipeline.fetch.page_content import Page, read_page
from pipeline.fetch.page_outcome import PageOutcome
from pipeline.fetch.page_request import request_page
from pipeline.fetch.ranking import rank, speaks_of_visas
from pipeline.fetch.throttled_request import count_failures


def visit_page(crawl: SiteCrawl, candidate: Candidate, visited: set[str]) -> PageOutcome:
    """Return what becomes of the page; it is in the journal by then. visited: addresses visited in this run."""
    url, context = candidate.url, crawl.context
    recorded = context.journal.get("page", url, _from_record)
    if recorded is not None:
        count_failures(url, recorded.code if recorded.outcome == "failed" else "", context)
        return recorded
    before = context.meter.bytes
    try:
        page = _filed_before_the_kill(crawl, candidate) or _requested(crawl, candidate, visited)
        count_failures(url, "", context)
    except RobotsRefusedError as refusal:
        page = PageOutcome(crawl.plan.site.name, url, "refused_by_robots", "robots", str(refusal))
    except DownloadError as error:
        count_failures(url, error.code, context)
        outcome = "not_asked" if error.code == "left_alone" else "failed"
        page = PageOutcome(crawl.plan.site.name, url, outcome, error.code, error.detail)
    if spent := context.meter.bytes - before:
        page = replace(page, bytes=spent)
    context.journal.put(Entry("page", url, asdict(page)))
    return page


def _from_record(recorded: dict[str, Any]) -> PageOutcome:
    return PageOutcome(**{**recorded, "links": tuple((url, text) for url, text in recorded["links"])})


def _filed_before_the_kill(crawl: SiteCrawl, candidate: Candidate) -> PageOutcome | None:
    url, journal = candidate.url, crawl.context.journal
    snapshot = crawl.store.newest(url)
    if snapshot is None or not journal.resumed or snapshot.manifest.added_at < journal.started_at:
        return None
    links = _kept_links(crawl, _read(snapshot.path.read_bytes(), url), candidate)
    size = snapshot.manifest.bytes
    return PageOutcome(crawl.plan.site.name, url, "new", "", "", url, snapshot.id, size, links)


def _requested(crawl: SiteCrawl, candidate: Candidate, visited: set[str]) -> PageOutcome:
    """Request the page, and file it if it is wanted and shows something new. Raises RobotsRefusedError, DownloadError."""
    plan, store, context = crawl.plan, crawl.store, crawl.context
    found_at, response = request_page(
        candidate.url,
        plan.site,
        context,
        BodyLimits(context.settings.page_bytes),
        store.conditions,
        lambda url: url in visited or context.journal.has("page", url),
    )
    outcome = PageOutcome(plan.site.name, candidate.url, "not_kept", found_at=found_at)
    if response is None:
        return replace(outcome, code="same_page", detail=f"leads to {found_at}, which was visited already")
    if response.status == 304:
        return _unchanged(crawl, outcome, candidate)
    page = _read(response.body, found_at)
    outcome = replace(outcome, links=_kept_links(crawl, page, candidate))
    if not _wanted(candidate, found_at, page):
        return replace(outcome, code="on_the_way", detail="read for its links only")
    before = _same_text(crawl, found_at, response)
    if before is not None:
        return replace(outcome, outcome="unchanged", snapshot_id=before)
    filed = store.file(found_at, response, about_page(found_at, page.title, plan))
    return replace(outcome, outcome="new", snapshot_id=filed.id)


def _unchanged(crawl: SiteCrawl, outcome: PageOutcome, candidate: Candidate) -> PageOutcome:
    """Return the outcome of a page that the host calls unchanged; its links are read from the archive."""
    snapshot = crawl.store.newest(outcome.found_at)
    if snapshot is None:
        raise DownloadError("http_304", "answers that nothing has changed, to a request without a condition")
    page = _read(snapshot.path.read_bytes(), outcome.found_at)
    links = _kept_links(crawl, page, candidate)
    return replace(outcome, outcome="unchanged", snapshot_id=snapshot.id, links=links)


def _read(content: bytes, url: str) -> Page:
    try:
        return read_page(content, url)
    # Hostile HTML and PDF make the libraries fail in many ways; each means the same: this page can't be used.
    except Exception as error:
        raise unusable(error) from error


def _same_text(crawl: SiteCrawl, url: str, response: Response) -> str | None:
    try:
        snapshot = crawl.store.unchanged(url, response.body)
    except Exception as error:
        raise unusable(error) from error
    return snapshot.id if snapshot is not None else None


def _wanted(candidate: Candidate, found_at: str, page: Page) -> bool:
    """Decide whether a page is kept; the rest are the way to pages that are.

    Kept is a seed that is no home page, a page whose address or link names one of the wanted kinds, and one that names a
    visa.
    """
    if candidate.seed is not None and candidate.seed.kind != "home":
        return True
    ranks = (rank(url, candidate.text, training=candidate.training) for url in (candidate.url, found_at))
    return any(one.wanted for one in ranks) or speaks_of_visas(page.text)


def _kept_links(crawl: SiteCrawl, page: Page, candidate: Candidate) -> tuple[tuple[str, str], ...]:
    return promising_links(crawl, page.links, candidate.of_training)
