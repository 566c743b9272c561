"""What one site's crawl is given and keeps: its plan and context, its candidates, and the pages that a run may still request."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from pipeline.fetch.addresses import Site
from pipeline.fetch.page_content import Link
from pipeline.fetch.page_outcome import PageOutcome
from pipeline.fetch.page_store import PageStore
from pipeline.fetch.progress import SiteProgress
from pipeline.fetch.ranking import rank
from pipeline.fetch.seeds import Seed
from pipeline.fetch.site_plans import SitePlan, belongs
from pipeline.fetch.throttled_request import FetchContext

MAX_KEPT_LINKS: Final = 200


class PageBudget:
    """How many pages a run may still request; None for any number. Any thread may take."""

    def __init__(self, pages: int | None) -> None:
        self._left = pages
        self._guard = threading.Lock()

    def take(self) -> bool:
        """Take one; returns whether there was one."""
        with self._guard:
            if self._left is None:
                return True
            if self._left == 0:
                return False
            self._left -= 1
            return True

    def give_back(self) -> None:
        """Give one back that was not requested after all."""
        with self._guard:
            if self._left is not None:
                self._left += 1


@dataclass(frozen=True, order=True)
class Candidate:
    """An address to visit, the least cost first, then the least number.

    text: words of the link to it. depth: links from a seed. training: whether it is known to be about residents or
    fellows. seed: where it is one.
    """

    cost: int
    number: int
    url: str
    text: str = ""
    depth: int = 0
    training: bool = False
    seed: Seed | None = None

    @property
    def of_training(self) -> bool:
        """Whether its links are about residents or fellows: it is known to be, or its own words say so."""
        return self.training or "training" in rank(self.url, self.text).kinds


@dataclass(frozen=True)
class SiteCrawl:
    """All that one site's crawl needs. sites: of all plans of the run. report: takes each page and the site's progress."""

    plan: SitePlan
    sites: frozenset[Site]
    context: FetchContext
    store: PageStore
    budget: PageBudget
    report: Callable[[PageOutcome, SiteProgress], None]


def promising_links(crawl: SiteCrawl, links: Iterable[Link], training: bool) -> tuple[tuple[str, str], ...]:
    """Return the most promising of these links within the crawl's own site, best first: addresses and words."""
    own = [link for link in links if belongs(link.url, crawl.plan, crawl.sites)]
    scored = [(rank(link.url, link.text, training=training).score, link) for link in own]
    best = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])[:MAX_KEPT_LINKS]
    return tuple((link.url, link.text) for _, link in best)
