"""Where a fetch starts: known pages, pages of the archive, program websites and the home pages of institutions, by site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal
from urllib.parse import urlsplit

import pandas as pd

from pipeline.archive.store import Snapshot
from pipeline.fetch.addresses import Site, folder_of, normalise, site_of, within, words_of
from pipeline.linkage.judgements import locate
from pipeline.reference.load import ReferenceTableError, read_reference

_KNOWN_PAGES: Final = "pages/known_pages.csv"
KNOWN_COLUMNS: Final = ["institution", "program", "specialty", "city", "state", "url", "source"]
SeedKind = Literal["known", "archived", "program", "home"]
# The order in which sites are turned to, and in which one address is told from another's.
KINDS: Final[tuple[SeedKind, ...]] = ("known", "archived", "program", "home")
_PAGE: Final = "page:"
_MAX_ABOUT: Final = 200


@dataclass(frozen=True)
class About:
    """Whom a page is about, as far as is known, in the words of `add`'s hints; "" where not."""

    institution: str = ""
    city: str = ""
    state: str = ""
    program: str = ""
    specialty: str = ""
    program_code: str = ""

    def hints(self) -> dict[str, str]:
        """What is known, as hints for the reader of pages."""
        return {name: value for name, value in vars(self).items() if value}

    @property
    def owner(self) -> About:
        """The institution alone."""
        return About(self.institution, self.city, self.state)


@dataclass(frozen=True)
class Seed:
    """An address to start from. institution_id: of the list, "" where it is not sure which one of it the page's is."""

    url: str
    kind: SeedKind
    about: About
    institution_id: str = ""


@dataclass(frozen=True)
class SitePlan:
    """A site, the addresses known of it, and those of them to start from."""

    site: Site
    starts: tuple[Seed, ...]
    asked: tuple[Seed, ...]


def read_known_pages() -> pd.DataFrame:
    """Read the pages that are known to state a policy: the columns of `pages/known_pages.csv`, all text, "" for blank.

    Raises ReferenceTableError for an address that can't be used and for one that is there twice.
    """
    frame = read_reference(_KNOWN_PAGES)
    addresses = pd.Series([normalise(url) for url in frame["url"]], index=frame.index)
    for problem, wrong in {
        "the address can't be used": addresses.isna(),
        "the address is there twice": addresses.duplicated(),
    }.items():
        if wrong.any():
            raise ReferenceTableError(_KNOWN_PAGES, int(frame.loc[wrong, "line"].iloc[0]), problem)
    return frame


def known_seeds(known: pd.DataFrame, institutions: pd.DataFrame) -> Iterator[Seed]:
    """Starts from `read_known_pages`. institutions: table institutions, may be empty."""
    asked = known.assign(sponsor_code=None, institution_state=known["state"])
    ids = locate(asked, institutions).fillna("") if len(institutions) else [""] * len(known)
    columns = ["url", "institution", "city", "state", "program", "specialty"]
    for (url, *about), identity in zip(known[columns].itertuples(index=False, name=None), ids, strict=True):
        address = normalise(url)
        if address is not None:
            yield Seed(address, "known", About(*about), str(identity))


def archived_seeds(archived: Iterable[Snapshot]) -> Iterator[Seed]:
    """Starts from pages of the archive, each for whom it was saved."""
    for snapshot in archived:
        hints = snapshot.manifest.hints
        about = About(**{name: hints.get(name, "") for name in About().__dict__})
        for part in snapshot.manifest.coverage:
            if address := normalise(part.name.removeprefix(_PAGE)):
                yield Seed(address, "archived", about)


def program_seeds(programs: pd.DataFrame) -> Iterator[Seed]:
    """Starts from program websites. programs: table functional_h1b_sponsors. A website of several programs names none."""
    listed = programs.dropna(subset=["website"])
    columns = ["website", "program_code", "institution_id", "institution", "city", "state"]
    shared = set(listed.loc[listed["website"].duplicated(keep=False), "website"])
    for website, code, identity, name, city, state in listed[columns].fillna("").itertuples(index=False, name=None):
        address = normalise(_with_scheme(website))
        if address is not None:
            about = About(name, city, state, program_code="" if website in shared else code)
            yield Seed(address, "program", about, identity)


def home_seeds(institutions: pd.DataFrame, ipeds: pd.DataFrame, ror: pd.DataFrame) -> Iterator[Seed]:
    """Starts from the websites that IPEDS and ROR give of institutions. Tables institutions, ipeds_institutions,

    ror_organizations.
    """
    sites = [
        institutions["unitid"].map(ipeds.drop_duplicates("unitid").set_index("unitid")["website"]),
        institutions["ror_id"].map(ror.drop_duplicates("ror_id").set_index("ror_id")["website"]),
    ]
    columns = ["institution_id", "name", "city", "state"]
    for column in sites:
        owners = institutions[columns].fillna("").itertuples(index=False, name=None)
        for website, (identity, name, city, state) in zip(column.fillna("").astype("str"), owners, strict=True):
            address = normalise(_with_scheme(website)) if website else None
            if address is not None:
                yield Seed(address, "home", About(name, city, state), identity)


def _with_scheme(website: str) -> str:
    return website if "://" in website else f"https://{website}"


def site_plans(starts: Iterable[Seed]) -> list[SitePlan]:
    """The starts by site, those of one address made one; sites with known pages first, then by name."""
    by_site: dict[Site, dict[tuple[str, str], Seed]] = defaultdict(dict)
    for start in sorted(starts, key=lambda one: (KINDS.index(one.kind), one.url, one.about.program_code)):
        kept = by_site[site_of(start.url)]
        # A home page that several institutions share belongs to each of them.
        kept.setdefault((start.url, start.institution_id if start.kind == "home" else ""), start)
    made = [SitePlan(site, tuple(kept.values()), tuple(kept.values())) for site, kept in by_site.items()]
    return sorted(made, key=lambda plan: (min(KINDS.index(one.kind) for one in plan.starts), plan.site.name))


def of_institution(every: list[SitePlan], name: str) -> list[SitePlan]:
    """The site_plans with an institution that has `name` in its name; only that institution's starts are asked for."""
    wanted = name.casefold().strip()
    found = []
    for plan in every:
        own = tuple(start for start in plan.starts if wanted in start.about.institution.casefold())
        if own:
            found.append(replace(plan, asked=own))
    return found


def belongs(url: str, plan: SitePlan, sites: frozenset[Site]) -> bool:
    """Whether an address is the plan's to ask for: in its site, and not in one below it that has a plan of its own."""
    if not within(url, plan.site):
        return False
    labels = (urlsplit(url).hostname or "").removeprefix("www.").split(".")
    for cut in range(len(labels)):
        site = Site(".".join(labels[cut:]), plan.site.port)
        if site in sites:
            return site == plan.site
    return True


def about_page(url: str, title: str, plan: SitePlan) -> About:
    """Whom a page is about: what its own start says; else the program whose website's folder it lies in; else the one

    institution of the site, with the page's title and address as the name of what it is about, for the matching room to
    judge. Of a site that several institutions share, nothing is said.
    """
    own = next((one for one in plan.starts if one.url == url and one.kind != "home"), None)
    named = _subject(url, title)
    if own is not None and (own.about.program_code or own.kind != "program"):
        about = own.about if own.about.institution or own.about.program_code else _owner(url, plan)
        return about if about.program or about.program_code or own.kind == "known" else replace(about, program=named)
    folders = [one for one in plan.starts if one.kind == "program" and _opens(one, url, plan)]
    longest = max((len(folder_of(one.url)) for one in folders), default=0)
    nearest = {one.about for one in folders if len(folder_of(one.url)) == longest}
    if len(nearest) == 1 and (about := nearest.pop()).program_code:
        return about
    owner = _owner(url, plan)
    return replace(owner, program=named) if owner.institution else owner


def _opens(start: Seed, url: str, plan: SitePlan) -> bool:
    """Whether `url` lies in the folder of a program's website. A whole host is a program's only if nobody else starts there."""
    folder = folder_of(start.url)
    same_host = site_of(start.url) == site_of(url)
    return same_host and urlsplit(url).path.startswith(folder) and (folder != "/" or len(plan.starts) == 1)


def _owner(url: str, plan: SitePlan) -> About:
    """The one institution of the site that the list has, else the one that is named; nothing where there are several."""
    # Names as the list has them come last, and stay.
    listed = {one.institution_id: one.about.owner for one in plan.starts if one.institution_id}
    named = {one.about.owner for one in plan.starts if one.about.institution}
    if len(listed) == 1:
        return next(iter(listed.values()))
    return next(iter(named)) if not listed and len(named) == 1 else About()


def _subject(url: str, title: str) -> str:
    """What a page calls itself, and the words of its address: a department is often named only there."""
    return " - ".join(part for part in (title, words_of(url)) if part)[:_MAX_ABOUT] or "page"
