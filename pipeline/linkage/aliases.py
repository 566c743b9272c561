"""The names under which an institution, or a body tied to it, may sign a petition; each with its relation and source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from pipeline.linkage.anchors import Registers, bearers_of_units, counties, ipeds_names
from pipeline.linkage.facilities import county_names, facility_names
from pipeline.linkage.judgements import institutions_by_code, locate
from pipeline.linkage.model import COUNTY
from pipeline.linkage.names.kinds import kind_of
from pipeline.linkage.names.normalise import canonical, core, core_all, state_words
from pipeline.linkage.names.printed import parts_of
from pipeline.linkage.names.words import GENERIC, is_common, rare_tokens
from pipeline.linkage.own_bodies import sponsoring_sites, with_own_bodies
from pipeline.linkage.places import with_places
from pipeline.linkage.sponsor_names import (
    root_of,
    sponsor_key,
    take_apart,
    university_in,
    without_brand,
    without_education,
)

COLUMNS: Final = ["institution_id", "form", "relation", "source", "state", "city", "last4", "needs"]
# What a name needs beside itself: nothing, the institution's city or metropolitan area, its very city, its tax id. The
# tax id does for all.
NEEDS: Final = ("nothing", "place", "city", "tax_id")
# Where a name comes from, the most trusted first.
SOURCES: Final = (
    "alias", "sponsor", "program", "cms", COUNTY, "ipeds", "university", "ror", "trade_name", "brandless",
    "hospital_university", "site",
)  # fmt: skip


def collect_aliases(
    institutions: pd.DataFrame,
    programs: pd.DataFrame,
    sites: pd.DataFrame,
    registers: Registers,
    aliases: pd.DataFrame,
    trade_names: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return names of institutions: columns institution_id, form (canonical), relation, source, state, city, last4, needs, county.

    institutions, programs: as `build_institutions` yields them. sites: table `acgme_participating_sites`. trade_names:
    employer_name, trade_name_dba, worksite_state of LCAs. One row for each institution and form: `same` before
    `affiliate`, the most trusted source first.
    """
    table = pd.DataFrame(
        [
            *_from_names(institutions, programs, registers.ipeds),
            *_from_universities(institutions, programs, registers.ipeds),
            *_from_registers(institutions, registers),
            *_from_sites(institutions, programs, sites),
        ],
        columns=["institution_id", "form", "relation", "source", "needs"],
    )
    places = institutions[["institution_id", "state", "city"]]
    table = table.merge(places, on="institution_id", how="left").assign(last4=None)
    table = pd.concat([table, _from_aliases(institutions, aliases)], ignore_index=True)[COLUMNS].astype("str")
    table = table[np.array([_usable(form) for form in table["form"]], dtype=bool)]
    table = with_own_bodies(table, institutions, registers.ahrq)
    table = pd.concat([table, sponsoring_sites(institutions, sites, table)], ignore_index=True)
    if trade_names is not None and len(trade_names):
        table = pd.concat([table, _from_trade_names(table, trade_names)], ignore_index=True)
    table = table.astype("str")
    elsewhere, here = _names_another_unit(table, institutions, registers.ipeds)
    free = (table["source"] != "alias") & table["needs"].isin(["nothing", "place"])
    common = pd.Series([is_common(form) for form in table["form"]], index=table.index, dtype=bool)
    table["needs"] = table["needs"].mask(free & elsewhere, "place").mask(free & common, "city")
    return _best(table[~here]).assign(county=lambda rows: counties(rows, registers))


def _usable(form: str) -> bool:
    """Decide whether a name has three letters at least, and is not just one word that is a state's, a city's kind or a kind of body."""
    return len(form) >= 3 and (" " in form or (form not in GENERIC and form not in state_words()))


def _names_another_unit(
    table: pd.DataFrame, institutions: pd.DataFrame, ipeds: pd.DataFrame
) -> tuple[pd.Series, pd.Series]:
    """Decide whether a form is a name of an IPEDS unit of the state that is not the institution's: elsewhere, or in its area.

    Curated names are left alone, and so are names of affiliates.
    """
    units = ipeds_names(ipeds)[["form", "state", "unitid", "city"]]
    units = with_places(units)
    home = institutions.set_index("institution_id")[["unitid", "city", "state"]]
    wanted = with_places(table[["form", "state", "city"]]).rename(columns={"place": "own_place", "metro": "own_metro"})
    wanted = wanted.drop(columns="city").assign(row=table.index, own=table["institution_id"].map(home["unitid"]))
    wanted = wanted[(table["relation"] == "same") & (table["source"] != "alias")]
    found = wanted.merge(units, on=["form", "state"])
    own = set(found.loc[found["unitid"] == found["own"], "row"])
    found = found[~found["row"].isin(own) & found["own"].notna()]
    near = (found["own_place"] == found["place"]) | (found["own_metro"] == found["metro"])
    here, elsewhere = set(found.loc[near, "row"]), set(found["row"])
    return (
        pd.Series([row in elsewhere for row in table.index], index=table.index, dtype=bool),
        pd.Series([row in here for row in table.index], index=table.index, dtype=bool),
    )


def _best(table: pd.DataFrame) -> pd.DataFrame:
    rank = {source: place for place, source in enumerate(SOURCES)}
    # A curated affiliate of a part of the institution, such as a campus, may be the institution itself.
    itself = table["institution_id"] + " " + table["form"]
    itself = itself.isin(set(itself[(table["relation"] == "same") & table["source"].isin(["alias", "sponsor"])]))
    table = table.assign(
        order=table["source"].map(rank),
        second=(table["relation"] != "same") & ((table["source"] != "alias") | itself),
        needing=table["needs"].map({need: place for place, need in enumerate(NEEDS)}),
        mark=table["last4"].fillna(""),
    )
    table = table.sort_values(["institution_id", "form", "state", "mark", "second", "order", "needing"])
    return table.drop_duplicates(["institution_id", "form", "state", "mark"])[COLUMNS].reset_index(drop=True)


def _from_names(
    institutions: pd.DataFrame, programs: pd.DataFrame, ipeds: pd.DataFrame
) -> Iterator[tuple[str, str, str, str, str]]:
    """Return the names of the sponsor in all lists, and its programs' names; hospitals after a slash in a sponsor's name are the
    sponsor too. A program named like another sponsor of the state is that one's partner, and not the other way round."""
    stated = institutions[["institution_id", "state"]].assign(name=institutions["sponsor_names"]).explode("name")
    sponsors = pd.concat([institutions[["institution_id", "state", "name"]], stated.dropna()]).drop_duplicates()
    bearers = bearers_of_units(institutions, ipeds)
    for identity, state, name in zip(sponsors["institution_id"], sponsors["state"], sponsors["name"], strict=True):
        parts = take_apart(str(name))
        for form in (canonical(parts.label), sponsor_key(parts), university_in(str(name))[0]):
            bearers.setdefault((form, state), set()).add(identity)
        for text in dict.fromkeys((parts.label, parts.head, f"{parts.head} {parts.campus}", *parts_of(parts.label))):
            form = canonical(text)
            for own in dict.fromkeys((form, without_education(form))):
                yield from _spread(identity, own, "same", "sponsor")
        for partner in parts.partners:
            kind = kind_of(canonical(partner))
            same = kind in ("hospital", "system") or (
                kind == "university" and kind_of(canonical(parts.head)) == "school"
            )
            yield from _spread(identity, canonical(partner), "same" if same else "affiliate", "sponsor")
    bodies = {
        identity
        for identity, name in zip(institutions["institution_id"], institutions["name"], strict=True)
        if university_in(str(name))[1]
    }
    distinct = programs[["institution_id", "program_name", "state"]].drop_duplicates()
    for identity, name, state in zip(*(distinct[column] for column in distinct), strict=True):
        parts = take_apart(str(name))
        if identity not in bearers.get((canonical(parts.head), state), {identity}):
            yield identity, canonical(parts.head), "affiliate", "program", "nothing"
            continue
        if university_in(str(name)) == (canonical(parts.head), False) and identity in bodies:
            yield identity, canonical(parts.head), "same", "hospital_university", "nothing"
            continue
        yield from _spread(identity, canonical(parts.head), "same", "program")
        if parts.campus:
            yield from _spread(identity, canonical(f"{parts.head} {parts.campus}"), "same", "program")
        for partner in parts.partners:
            if kind_of(canonical(partner)) != "other":
                yield from _spread(identity, canonical(partner), "affiliate", "program")


def _spread(identity: str, form: str, relation: str, source: str) -> Iterator[tuple[str, str, str, str, str]]:
    """Return a name, and the same without the brand of its owner in front: `Ascension St John Hospital` was St John Hospital."""
    yield identity, core(form), relation, source, "nothing"
    if rest := without_brand(form):
        yield identity, rest, relation, "brandless", "place"


def _from_universities(
    institutions: pd.DataFrame, programs: pd.DataFrame, ipeds: pd.DataFrame
) -> Iterator[tuple[str, str, str, str, str]]:
    """Return the university that a sponsor's name speaks of, with its names in IPEDS; partner universities as affiliates.

    The university of a school of medicine is the sponsor. That of a hospital is it if IPEDS counts a hospital as part
    of the university (the linker takes this back where the hospital signs for itself).
    """
    names = ipeds_names(ipeds)
    by_unit: dict[str, list[str]] = {}
    owners: dict[tuple[str, str], set[str]] = {}
    for unit, form, state in zip(*(names[column].tolist() for column in ("unitid", "form", "state")), strict=True):
        by_unit.setdefault(unit, []).append(form)
        owners.setdefault((form, state), set()).add(unit)
    hospital = dict(zip(ipeds["unitid"], ipeds["has_hospital"].fillna(False).astype(bool), strict=True))
    for identity, name, unit in zip(
        institutions["institution_id"], institutions["name"], institutions["unitid"], strict=True
    ):
        university, body = university_in(str(name))
        same = "same" if not body or hospital.get(unit, False) else "affiliate"
        source = "hospital_university" if body else ""
        if university:
            campus = canonical(take_apart(str(name)).campus)
            yield identity, university, same, source or "university", "nothing" if not campus else "place"
            if campus:
                yield identity, f"{university} {campus}", same, source or "university", "nothing"
        if not university and kind_of(canonical(take_apart(str(name)).head)) in ("hospital", "system"):
            same, source = "affiliate", "hospital_university"  # found by an acronym: Harbor-UCLA is the county's
        for form in by_unit.get(unit, []):
            yield identity, form, same, source or "ipeds", _need(form)
    distinct = programs[["institution_id", "program_name", "state"]].drop_duplicates()
    for identity, name, state in zip(
        distinct["institution_id"], distinct["program_name"], distinct["state"], strict=True
    ):
        for partner in take_apart(str(name)).partners:
            root, _ = root_of(canonical(partner))
            units = owners.get((root, state), set())
            for form in by_unit.get(next(iter(units)), []) if len(units) == 1 else []:
                yield identity, form, "affiliate", "university", _need(form)


def _need(form: str) -> str:
    """Return what a name needs: one that says nothing of a school or hospital (`San Francisco`, `UAB`) needs the tax id."""
    return "nothing" if kind_of(form) != "other" and " " in form else "tax_id"


def _from_registers(institutions: pd.DataFrame, registers: Registers) -> Iterator[tuple[str, str, str, str, str]]:
    facilities = facility_names(institutions, registers)
    ror = {
        record: [name, *more]
        for record, name, more in zip(
            registers.ror["ror_id"], registers.ror["name"], registers.ror["aliases"], strict=True
        )
    }
    for identity, form, relation in county_names(institutions, registers.cms):
        yield identity, form, relation, COUNTY, "city"
    for identity, ror_id in zip(institutions["institution_id"], institutions["ror_id"], strict=True):
        for form in facilities.get(identity, ()):
            yield from _spread(identity, form, "same", "cms")
        for text in ror.get(ror_id, []):
            form = core(canonical(str(text)))
            yield identity, form, "same", "ror", _need(form)


def _from_sites(
    institutions: pd.DataFrame, programs: pd.DataFrame, sites: pd.DataFrame
) -> Iterator[tuple[str, str, str, str, str]]:
    """Return participating sites, as affiliates; a site with the sponsor's own code is the sponsor."""
    owner = programs.set_index("program_code")["institution_id"]
    by_code = institutions_by_code(institutions)
    identity = sites["program_code"].map(owner).fillna(sites["sponsor_code"].map(by_code))
    frame = sites.assign(identity=identity).dropna(subset=["identity"])
    for who, code, own, name in zip(
        frame["identity"], frame["site_code"], frame["sponsor_code"], frame["site_name"], strict=True
    ):
        form = canonical(str(name))
        if code == own:
            yield from _spread(who, form, "same", "sponsor")
        elif rare_tokens(form):
            head = canonical(take_apart(str(name)).head)
            yield from _spread(who, form, "affiliate", "site")
            if head != form and rare_tokens(head):
                yield who, head, "affiliate", "site", "place"


def _from_aliases(institutions: pd.DataFrame, aliases: pd.DataFrame) -> pd.DataFrame:
    known = aliases.assign(institution_id=locate(aliases, institutions)).dropna(subset=["institution_id"])
    home = institutions.set_index("institution_id")[["state", "city"]]
    state = known["alias_state"].where(known["alias_state"] != "", known["institution_id"].map(home["state"]))
    return pd.DataFrame(
        {
            "institution_id": known["institution_id"],
            "form": [core(canonical(alias)) for alias in known["alias"]],
            "relation": known["relation"],
            "source": "alias",
            "needs": "nothing",
            "state": state,
            "city": known["institution_id"].map(home["city"]),
            "last4": known["tax_id_last4"].mask(known["tax_id_last4"] == ""),
        }
    )


def _from_trade_names(table: pd.DataFrame, trade_names: pd.DataFrame) -> pd.DataFrame:
    """Return the legal names of employers whose trade name in an LCA is a name of the institution, in the same state."""
    rows = trade_names[["employer_name", "trade_name_dba", "worksite_state"]].dropna().drop_duplicates()
    rows = pd.DataFrame(
        {
            "legal": core_all(rows["employer_name"]).to_numpy(),
            "form": core_all(rows["trade_name_dba"]).to_numpy(),
            "state": rows["worksite_state"].to_numpy(),
        }
    ).drop_duplicates()
    named = table[table["source"].isin(["alias", "sponsor", "cms"]) & (table["needs"] == "nothing")]
    found = rows.merge(named, on=["form", "state"])
    specific = pd.Series([bool(rare_tokens(form)) for form in found["form"]], index=found.index, dtype=bool)
    found = found[specific & (found["legal"] != found["form"])]
    practice = [kind_of(legal) in ("practice", "plan") and kind_of(form) not in ("practice", "plan")
                for legal, form in zip(found["legal"], found["form"], strict=True)]  # fmt: skip
    relation = found["relation"].mask(np.array(practice, dtype=bool), "affiliate")
    return found.assign(form=found["legal"], source="trade_name", relation=relation)[COLUMNS]
