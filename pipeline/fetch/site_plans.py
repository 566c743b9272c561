"""Seeds by site: which sites a run visits, where in each it begins, and which addresses are a site's to visit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from pipeline.fetch.addresses import Site, site_of, within
from pipeline.fetch.seeds import KINDS, Seed


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
