"""What a site's crawl works with and what it tells: visits, how far a site is, and how many pages a run may still ask for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal

from pipeline.fetch.addresses import Site
from pipeline.fetch.page_content import Link
from pipeline.fetch.page_request import FetchContext
from pipeline.fetch.page_store import PageStore
from pipeline.fetch.ranking import rank
from pipeline.fetch.seeds import Seed, SitePlan, belongs

Outcome = Literal["new", "unchanged", "not_kept", "refused_by_robots", "failed", "not_asked"]
MAX_KEPT_LINKS: Final = 200


@dataclass(frozen=True)
class Visit:
    """What became of one page. code and detail: why it failed or was refused. bytes: that it took, decompressed.

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


class PageBudget:
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
class SiteProgress:
    """How far a site is: pages done, pages that may still come, and the pause between them in seconds."""

    site: str
    done: int
    to_come: int
    delay: float


@dataclass(frozen=True, order=True)
class Candidate:
    """An address to visit, the least cost first. text: words of the link to it; training: whether it is known to be about
    residents or fellows; start: where it is one."""

    cost: int
    number: int
    url: str
    text: str = ""
    depth: int = 0
    training: bool = False
    start: Seed | None = None


@dataclass(frozen=True)
class SiteCrawl:
    """All that one site's crawl needs."""

    plan: SitePlan
    sites: frozenset[Site]
    tools: FetchContext
    shelf: PageStore
    allowance: PageBudget
    tell: Callable[[Visit, SiteProgress], None]


def promising_links(work: SiteCrawl, links: Iterable[Link], training: bool) -> tuple[tuple[str, str], ...]:
    """The most promising_links of these links within the crawl's own site, best first: addresses and words."""
    own = [link for link in links if belongs(link.url, work.plan, work.sites)]
    scored = [(rank(link.url, link.text, training=training).score, link) for link in own]
    best = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])[:MAX_KEPT_LINKS]
    return tuple((link.url, link.text) for _, link in best)
