"""A small world for the matching tests: sponsors, schools, petitions, and their links."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd
import pytest

from pipeline.linkage.aliases import collect_aliases
from pipeline.linkage.anchors import Registers
from pipeline.linkage.clustering import group_petitioners
from pipeline.linkage.institutions import Institutions, build_institutions
from pipeline.linkage.judgements import ALIAS_COLUMNS, JUDGEMENT_COLUMNS
from pipeline.linkage.links.petitioners import link_petitioners
from pipeline.linkage.open_links import review_rows
from pipeline.linkage.petitions import sum_petitions
from pipeline.linkage.systems import system_names, with_systems
from pipeline.reference.tables import TABLES
from pipeline.schemas.frames import empty_frame

Petition = tuple[str, str | None, str | None, str | None, int]


@dataclass(frozen=True)
class World:
    """What came out: institutions and programs, petitions with ids, links and the rows to review."""

    built: Institutions
    petitions: pd.DataFrame
    links: pd.DataFrame
    review: pd.DataFrame

    def relations(self, institution: str) -> dict[tuple[str, str | None], str]:
        """(employer, city) -> relation of the accepted links of the institution named so."""
        table = self.built.institutions
        identity = table.loc[table["name"] == institution, "institution_id"].iloc[0]
        rows = self.links
        rows = rows[(rows["institution_id"] == identity) & (rows["decision"] == "accepted")]
        cities = [city if isinstance(city, str) else None for city in rows["city"]]
        return dict(zip(zip(rows["employer"], cities, strict=True), rows["relation"], strict=True))


def programs_of(sponsors: Sequence[tuple[str, str | None, str, str, str]]) -> pd.DataFrame:
    """Table acgme_programs of (program name, sponsor code, sponsor name or "", city, state)."""
    frame = empty_frame("acgme_programs").reindex(range(len(sponsors)))
    frame["program_code"] = [f"220{place:07d}" for place in range(len(sponsors))]
    frame["specialty_code"] = "220"
    for column, place in (("program_name", 0), ("sponsor_code", 1), ("sponsor_name", 2), ("city", 3), ("state", 4)):
        frame[column] = pd.Series([row[place] or None for row in sponsors], dtype="str")
    return frame


def schools_of(rows: Sequence[tuple[str, str, str, str, str, bool]]) -> pd.DataFrame:
    """Table ipeds_institutions of (unitid, name, city, state, EIN, has a hospital); all grant medical degrees."""
    frame = empty_frame("ipeds_institutions").reindex(range(len(rows)))
    for column, place in (("unitid", 0), ("name", 1), ("city", 2), ("state", 3), ("ein", 4), ("has_hospital", 5)):
        frame[column] = [row[place] for row in rows]
    frame["grants_medical_degree"] = True
    frame["aliases"] = pd.Series([[] for _ in rows], dtype=object)
    return frame


def rows_of(petitions: Sequence[Petition]) -> pd.DataFrame:
    """Table uscis_petition_rows of (employer, tax id, state, city, initial approvals)."""
    frame = empty_frame("uscis_petition_rows").reindex(range(len(petitions)))
    for column, place in (("employer", 0), ("tax_id_last4", 1), ("state", 2), ("city", 3)):
        frame[column] = pd.Series([row[place] for row in petitions], dtype="str")
    frame["initial_approvals"] = pd.Series([row[4] for row in petitions], dtype="int64")
    for column in ("initial_denials", "continuing_approvals", "continuing_denials"):
        frame[column] = 0
    frame["fiscal_year"], frame["naics"] = 2022, "62"
    return frame


def curated_of(columns: tuple[str, ...], rows: Sequence[dict[str, str]]) -> pd.DataFrame:
    """Curated rows with the cells left out as blanks."""
    return pd.DataFrame([{name: row.get(name, "") for name in columns} for row in rows], columns=list(columns)).astype(
        "str"
    )


@dataclass(frozen=True)
class _Listed:
    """What is built without any petition: many worlds are of the same lists, and it is half of the work."""

    registers: Registers
    built: Institutions
    names: pd.DataFrame


def _listed(
    sponsors: Sequence[tuple[str, str | None, str, str, str]],
    schools: Sequence[tuple[str, str, str, str, str, bool]],
    aliases: Sequence[dict[str, str]],
    sites: Sequence[tuple[str, str, str]],
    systems: Sequence[dict[str, str]],
) -> _Listed:
    registers = Registers(ipeds=schools_of(schools))
    known = curated_of(ALIAS_COLUMNS, aliases)
    places = pd.DataFrame(list(sites), columns=["sponsor_code", "site_code", "site_name"]).assign(
        program_code="9999999999"
    )
    built = build_institutions(programs_of(sponsors), places, registers, known)
    names = collect_aliases(built.institutions, built.programs, places, registers, known)
    chains = system_names(built.institutions, curated_of(TABLES["links/systems.csv"].columns, systems))
    return _Listed(registers, built, with_systems(names, built.institutions, chains))


@pytest.fixture(scope="session")
def make_world() -> Callable[..., World]:
    """Makes worlds; those of the same lists share the frames of these, which a test must leave as they are."""
    made: dict[str, _Listed] = {}

    def make(
        sponsors: Sequence[tuple[str, str | None, str, str, str]],
        petitions: Sequence[Petition],
        schools: Sequence[tuple[str, str, str, str, str, bool]] = (),
        aliases: Sequence[dict[str, str]] = (),
        judgements: Sequence[dict[str, str]] = (),
        sites: Sequence[tuple[str, str, str]] = (),
        systems: Sequence[dict[str, str]] = (),
        neighbours: Sequence[Petition] = (),
    ) -> World:
        """neighbours: petitions of an industry that is neither health care nor education."""
        given = (tuple(sponsors), tuple(schools), tuple(aliases), tuple(sites), tuple(systems))
        if repr(given) not in made:
            made[repr(given)] = _listed(*given)
        listed = made[repr(given)]
        rows = rows_of([*petitions, *neighbours])
        rows["naics"] = rows["naics"].mask(rows.index >= len(petitions), "44")
        keyed = group_petitioners(sum_petitions(rows, coverage="full", snapshot_id="s")).petitions
        links = link_petitioners(
            keyed,
            listed.built.institutions,
            listed.names,
            listed.registers,
            curated_of(JUDGEMENT_COLUMNS, judgements),
        )
        return World(listed.built, keyed, links, review_rows(links, listed.built.institutions))

    return make
