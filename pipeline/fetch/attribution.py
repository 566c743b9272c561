"""Whom a fetched page is about, by the seeds of its site: a program, an institution, or nobody that is sure.

Decided from addresses and the page's title alone; whether the text agrees is for the linkage room to judge.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from pipeline.fetch.addresses import folder_of, site_of, words_of
from pipeline.fetch.seeds import About, Seed
from pipeline.fetch.site_plans import SitePlan

_MAX_NAME: Final = 200


def about_page(url: str, title: str, plan: SitePlan) -> About:
    """Return whom a page is about: what its own seed says; else the program in whose website's folder it lies.

    Else the one institution of the site, with the page's title and address as the name of what it is about. Of a site
    that several institutions share: nobody.
    """
    own = next((one for one in plan.seeds if one.url == url and one.kind != "home"), None)
    name = _name(url, title)
    if own is not None and (own.about.program_code or own.kind != "program"):
        about = own.about if own.about.institution or own.about.program_code else _owner(plan, url)
        return about if about.program or about.program_code or own.kind == "known" else replace(about, program=name)
    folders = [one for one in plan.seeds if one.kind == "program" and _contains(one, url, plan)]
    longest = max((len(folder_of(one.url)) for one in folders), default=0)
    nearest = {one.about for one in folders if len(folder_of(one.url)) == longest}
    if len(nearest) == 1 and (about := nearest.pop()).program_code:
        return about
    owner = _owner(plan, url)
    return replace(owner, program=name) if owner.institution else owner


def _contains(seed: Seed, url: str, plan: SitePlan) -> bool:
    """Decide whether `url` lies in the folder of a program's website; a whole host is one only if it has no other seed."""
    folder = folder_of(seed.url)
    same_host = site_of(seed.url) == site_of(url)
    return same_host and urlsplit(url).path.startswith(folder) and (folder != "/" or len(plan.seeds) == 1)


def _owner(plan: SitePlan, url: str) -> About:
    """Return the one institution of the site that the list has, else the one that is named; nobody if there are several.

    Of a host of which a seed has but a folder, what lies elsewhere is nobody's.
    """
    if parts := [one for one in plan.seeds if one.folder]:
        path = urlsplit(url).path
        inside = {one.about.owner for one in parts if path.startswith(one.folder)}
        return inside.pop() if len(inside) == 1 else About()
    # Names as the list has them come last, and stay.
    listed = {one.institution_id: one.about.owner for one in plan.seeds if one.institution_id}
    named = {one.about.owner for one in plan.seeds if one.about.institution}
    if len(listed) == 1:
        return next(iter(listed.values()))
    return next(iter(named)) if not listed and len(named) == 1 else About()


def _name(url: str, title: str) -> str:
    """Return what a page calls itself, and the words of its address: a department is often named only there."""
    return " - ".join(part for part in (title, words_of(url)) if part)[:_MAX_NAME] or "page"
