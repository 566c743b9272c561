"""One page of a site: from the journal, from the archive where a killed run has left it there, or by asking."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from pipeline.fetch.crawl_state import Candidate, SiteCrawl, Visit, promising_links
from pipeline.fetch.download import DownloadError, Response
from pipeline.fetch.journal import Entry
from pipeline.fetch.page_content import Page, read_page
from pipeline.fetch.page_request import RobotsRefusedError, note, visit
from pipeline.fetch.page_store import PageStore
from pipeline.fetch.ranking import rank, speaks_of_visas
from pipeline.fetch.seeds import about_page
from pipeline.sources.base import SourceError


def visit_page(work: SiteCrawl, candidate: Candidate, had: set[str]) -> Visit:
    """What becomes of the page; it is in the journal when this returns. had: addresses visited in this run."""
    url, tools = candidate.url, work.tools
    recorded = tools.journal.get("page", url)
    if recorded is not None:
        done = _from_record(recorded)
        note(url, done.code if done.outcome == "failed" else "", tools)
        return done
    before = tools.meter.bytes
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
        done = replace(done, bytes=tools.meter.bytes - before)
    tools.journal.put(Entry("page", url, asdict(done)))
    return done


def _from_record(recorded: dict[str, Any]) -> Visit:
    return Visit(**{**recorded, "links": tuple((url, text) for url, text in recorded["links"])})


def _filed_before_the_kill(work: SiteCrawl, url: str) -> Visit | None:
    snapshot = work.shelf.newest(url)
    journal = work.tools.journal
    if snapshot is None or not journal.taken_up or snapshot.manifest.added_at < journal.started_at:
        return None
    return Visit(work.plan.site.name, url, "new", found_at=url, snapshot_id=snapshot.id, bytes=snapshot.manifest.bytes)


def _bytes_of(work: SiteCrawl, url: str) -> bytes:
    snapshot = work.shelf.newest(url)
    return snapshot.path.read_bytes() if snapshot is not None else b""


def _visited(work: SiteCrawl, candidate: Candidate, had: set[str]) -> Visit:
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
    page = _read(answer, found_at)
    base = replace(base, links=_kept_links(work, page, candidate))
    if not _wanted(candidate, found_at, page):
        return replace(base, code="on_the_way", detail="read for its links only")
    before = _same_text(shelf, found_at, answer)
    if before is not None:
        return replace(base, outcome="unchanged", snapshot_id=before)
    filed = shelf.file(found_at, answer, about_page(found_at, page.title, plan))
    return replace(base, outcome="new", snapshot_id=filed.id)


def _unchanged(work: SiteCrawl, base: Visit, candidate: Candidate) -> Visit:
    """Of a page that the host says is as it was, the links are read from the archive."""
    snapshot = work.shelf.newest(base.found_at)
    if snapshot is None:
        raise DownloadError("http_304", "answers that nothing has changed, and was not asked so")
    page = _read(Response(304, {}, snapshot.path.read_bytes()), base.found_at)
    links = _kept_links(work, page, candidate)
    return replace(base, outcome="unchanged", snapshot_id=snapshot.id, links=links)


def _read(answer: Response, url: str) -> Page:
    try:
        return read_page(answer.body, url)
    # Hostile HTML and PDF make the libraries fail in many ways; each means the same: this page can't be used.
    except Exception as error:
        raise DownloadError("unusable", f"can't be read ({type(error).__name__}: {error})"[:200]) from error


def _same_text(shelf: PageStore, url: str, answer: Response) -> str | None:
    try:
        snapshot = shelf.unchanged(url, answer.body)
    except SourceError as error:
        raise DownloadError("unusable", str(error)[:200]) from error
    return snapshot.id if snapshot is not None else None


def _wanted(candidate: Candidate, found_at: str, page: Page) -> bool:
    """Whether a page is kept: it was asked for by name, its address or link names one of the five kinds, or it speaks of

    visas. The others are the way there.
    """
    if candidate.start is not None and candidate.start.kind != "home":
        return True
    ranks = (rank(url, candidate.text, training=candidate.training) for url in (candidate.url, found_at))
    return any(one.wanted for one in ranks) or speaks_of_visas(page.text)


def _kept_links(work: SiteCrawl, page: Page, candidate: Candidate) -> tuple[tuple[str, str], ...]:
    """The most promising_links links of the page into its own site, best first."""
    training = candidate.training or "training" in rank(candidate.url, candidate.text).kinds
    return promising_links(work, page.links, training)
