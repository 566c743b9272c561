"""Seeds by site: which sites a run visits, where in each it begins, and which addresses are a site's to visit."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from pipeline.errors import UserError
from pipeline.fetch.addresses import Site, site_of, within
from pipeline.fetch.seeds import KINDS, Seed


class ShardError(UserError):
    """Text that names no shard: one line with what to write."""


@dataclass(frozen=True)
class SitePlan:
    """A site, all seeds known of it, and those of them at which its crawl begins."""

    site: Site
    seeds: tuple[Seed, ...]
    entry_points: tuple[Seed, ...]


def site_plans(seeds: Iterable[Seed]) -> list[SitePlan]:
    """Return the seeds by site, those of one address made one; sites with known pages first, then by name."""
    by_site: dict[Site, dict[tuple[str, str], Seed]] = defaultdict(dict)
    for seed in sorted(seeds, key=lambda one: (KINDS.index(one.kind), one.url, one.about.program_code)):
        kept = by_site[site_of(seed.url)]
        # A home page that several institutions share belongs to each of them.
        kept.setdefault((seed.url, seed.institution_id if seed.kind == "home" else ""), seed)
    plans = [SitePlan(site, tuple(kept.values()), tuple(kept.values())) for site, kept in by_site.items()]
    return sorted(plans, key=lambda plan: (min(KINDS.index(one.kind) for one in plan.seeds), plan.site.name))


def of_institution(plans: list[SitePlan], name: str) -> list[SitePlan]:
    """Return the plans with an institution that has `name` in its name; only that institution's seeds are entry points."""
    wanted = name.casefold().strip()
    chosen = []
    for plan in plans:
        own = tuple(seed for seed in plan.seeds if wanted in seed.about.institution.casefold())
        if own:
            chosen.append(replace(plan, entry_points=own))
    return chosen


@dataclass(frozen=True)
class Shard:
    """A part of all sites: number `number` (from 1) of `of`. A site is always in the same one, whatever others there are."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def has(self, site: Site) -> bool:
        """Decide whether a site is in it."""
        return int(hashlib.sha256(site.name.encode()).hexdigest(), 16) % self.of == self.number - 1


def read_shard(text: str) -> Shard:
    """Return the shard that `text` names, such as 3/7. Raises ShardError for what names none."""
    found = re.fullmatch(r"([1-9]\d{0,3})/([1-9]\d{0,3})", text.strip(), re.ASCII)
    if found is None or int(found[1]) > int(found[2]):
        raise ShardError(f"{text[:20]!r} is no shard. Write its number and how many there are, such as 3/7")
    return Shard(int(found[1]), int(found[2]))


def of_shard(plans: list[SitePlan], shard: Shard) -> list[SitePlan]:
    """Return the plans of a shard's sites, in their order."""
    return [plan for plan in plans if shard.has(plan.site)]


def belongs(url: str, plan: SitePlan, sites: frozenset[Site]) -> bool:
    """Decide whether a normalised address is the plan's: in its site, and not in one below it that has its own plan."""
    if not within(url, plan.site):
        return False
    labels = (urlsplit(url).hostname or "").removeprefix("www.").split(".")
    for cut in range(len(labels)):
        site = Site(".".join(labels[cut:]), plan.site.port)
        if site in sites:
            return site == plan.site
    return True
