"""Where a fetch begins: known pages, pages of the archive, program websites and home pages, each with whom it is about.

Tables and snapshots in, seeds out; where those come from is `seed_sources`, how seeds become sites is `site_plans`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from pipeline.archive.store import Snapshot
from pipeline.fetch.addresses import normalise
from pipeline.fetch.university_homes import university_homes
from pipeline.linkage.judgements import locate
from pipeline.reference.load import ReferenceTableError, read_reference

_KNOWN_PAGES: Final = "pages/known_pages.csv"
KNOWN_COLUMNS: Final = ["institution", "program", "specialty", "city", "state", "url", "source"]
SeedKind = Literal["known", "archived", "program", "home"]
# The order in which sites are visited, and in which one seed of an address is preferred to another.
KINDS: Final[tuple[SeedKind, ...]] = ("known", "archived", "program", "home")
_PAGE: Final = "page:"


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
        """Return what is known, as hints for the reader of pages."""
        return {name: value for name, value in vars(self).items() if value}

    @property
    def owner(self) -> About:
        """The institution alone."""
        return About(self.institution, self.city, self.state)


@dataclass(frozen=True)
class Seed:
    """An address to start from: normalised url, where it is from, whom its page is about.

    institution_id: of the list, "" where it is not sure which one of it the page's is. folder: the institution's part of a host
    that is others', too; "" where the whole host is its own, as far as is known.
    """

    url: str
    kind: SeedKind
    about: About
    institution_id: str = ""
    folder: str = ""


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
    """Yield a seed for each row of `read_known_pages`. institutions: table institutions, may be empty."""
    located = known.assign(sponsor_code=None, institution_state=known["state"])
    ids = locate(located, institutions).fillna("") if len(institutions) else [""] * len(known)
    columns = ["url", "institution", "city", "state", "program", "specialty"]
    for (url, *about), identity in zip(known[columns].itertuples(index=False, name=None), ids, strict=True):
        address = normalise(url)
        if address is not None:
            yield Seed(address, "known", About(*about), str(identity))


def host_seeds(hosts: pd.DataFrame, institutions: pd.DataFrame) -> Iterator[Seed]:
    """Yield a seed for each row of `pages/gme_hosts.csv` whose institution is in the list. institutions: table institutions."""
    located = hosts.assign(sponsor_code=None, institution_state=hosts["state"])
    ids = locate(located, institutions).fillna("") if len(institutions) else [""] * len(hosts)
    columns = ["url", "folder", "institution", "city", "state"]
    for (url, folder, *about), identity in zip(hosts[columns].itertuples(index=False, name=None), ids, strict=True):
        address = normalise(url)
        if address is not None and identity:
            yield Seed(address, "home", About(*about), str(identity), folder)


def archived_seeds(archived: Iterable[Snapshot]) -> Iterator[Seed]:
    """Yield a seed for each page of the archive, about whom it was saved for."""
    for snapshot in archived:
        hints = snapshot.manifest.hints
        about = About(**{name: hints.get(name, "") for name in About().__dict__})
        for part in snapshot.manifest.coverage:
            if address := normalise(part.name.removeprefix(_PAGE)):
                yield Seed(address, "archived", about)


def program_seeds(programs: pd.DataFrame) -> Iterator[Seed]:
    """Yield a seed for each program website of the table functional_h1b_sponsors. A website that programs share names none."""
    listed = programs.dropna(subset=["website"])
    columns = ["website", "program_code", "institution_id", "institution", "city", "state"]
    shared = set(listed.loc[listed["website"].duplicated(keep=False), "website"])
    for website, code, identity, name, city, state in listed[columns].fillna("").itertuples(index=False, name=None):
        address = normalise(_with_scheme(website))
        if address is not None:
            about = About(name, city, state, program_code="" if website in shared else code)
            yield Seed(address, "program", about, identity)


def home_seeds(
    institutions: pd.DataFrame, ipeds: pd.DataFrame, ror: pd.DataFrame, domains: pd.DataFrame
) -> Iterator[Seed]:
    """Yield a seed for each website that IPEDS and ROR give of an institution, those of IPEDS first.

    Where neither gives one, the list of university domains may. Takes the tables institutions, ipeds_institutions,
    ror_organizations and university_domains.
    """
    sites = [
        institutions["unitid"].map(ipeds.drop_duplicates("unitid").set_index("unitid")["website"]),
        institutions["ror_id"].map(ror.drop_duplicates("ror_id").set_index("ror_id")["website"]),
    ]
    without = sites[0].isna() & sites[1].isna()
    sites.append(university_homes(institutions, domains).where(without))
    columns = ["institution_id", "name", "city", "state"]
    for column in sites:
        owners = institutions[columns].fillna("").itertuples(index=False, name=None)
        for website, (identity, name, city, state) in zip(column.fillna("").astype("str"), owners, strict=True):
            address = normalise(_with_scheme(website)) if website else None
            if address is not None:
                yield Seed(address, "home", About(name, city, state), identity)


def _with_scheme(website: str) -> str:
    return website if "://" in website else f"https://{website}"
