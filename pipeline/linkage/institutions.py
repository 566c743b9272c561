"""Institutions: the sponsors that the ACGME lists state; from program names only where no list states one.

Which programs have one sponsor is found in `sponsors.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from pipeline.linkage.anchors import Registers, anchors, ipeds_names, register_names
from pipeline.linkage.institution_table import describe
from pipeline.linkage.judgements import locate
from pipeline.linkage.kept_ids import KeptIds, keep_ids
from pipeline.linkage.names.normalise import canonical
from pipeline.linkage.names.words import is_common, word_set
from pipeline.linkage.places import with_places
from pipeline.linkage.sponsor_evidence import spans_states
from pipeline.linkage.sponsor_names import sponsor_key, sponsor_names, stated_key, take_apart
from pipeline.linkage.sponsors import Sponsors, find_sponsors
from pipeline.schemas.frames import empty_frame
from pipeline.schemas.ids import stable_ids


@dataclass(frozen=True)
class Institutions:
    """institutions: table `institutions`; programs: table `acgme_programs` with the column institution_id, and with the
    sponsor that the newest list states; redirects: columns old_id, new_id, kind of `kept_ids.KeptIds`."""

    institutions: pd.DataFrame
    programs: pd.DataFrame
    redirects: pd.DataFrame


def build_institutions(
    programs: pd.DataFrame,
    sites: pd.DataFrame,
    registers: Registers,
    aliases: pd.DataFrame,
    statements: pd.DataFrame | None = None,
    earlier: pd.DataFrame | None = None,
) -> Institutions:
    """Return the institutions of the list and the programs of each.

    programs, sites: tables `acgme_programs`, `acgme_participating_sites`. registers: the public registers in which the
    institutions are looked up; empty ones are fine. aliases: as `judgements.read_aliases` yields them. statements: table
    `acgme_sponsors`; else what `programs` states. earlier: table `earlier_institutions`, none in a first release.
    A program belongs to the sponsor that the newest list states for it, whatever the program is called; else to the stated
    sponsor of the same name in its state (university or hospital, with campus), if there is one only; else to an institution
    named like the program. The ids are hashes of a sponsor code, or of a name and state.
    """
    work = _keys(programs)
    stated = programs if statements is None else statements
    sponsors = find_sponsors(
        work, stated.assign(list_year=stated["list_year"].fillna(0)), _registered(registers), sponsor_names()
    )
    kept = _ids(sponsors, work, empty_frame("earlier_institutions") if earlier is None else earlier)
    work["institution_id"] = sponsors.of_program.map(kept.ids).astype("str")
    work = _with_newest_sponsor(work, sponsors.statements)
    institutions = describe(work, sites, registers.cms, sponsors, kept.ids)
    institutions = institutions.merge(anchors(institutions, registers), on="institution_id", how="left")
    institutions["aliases"] = _with_more_names(institutions, registers.ipeds, aliases)
    institutions = institutions.sort_values("institution_id", ignore_index=True)
    columns = ["institution_id", "sponsor_code", "sponsor_name"]
    return Institutions(
        institutions, programs.assign(**{name: work[name].to_numpy() for name in columns}), kept.redirects
    )


def _keys(programs: pd.DataFrame) -> pd.DataFrame:
    """Return the programs with what their names say: label, label_form, key (with campus), bare (without), head, campus, and
    derived_key, under which a program without a stated sponsor goes; and with place and metro."""
    parts = [take_apart(name) for name in programs["program_name"]]
    work = with_places(programs.reset_index(drop=True))
    work["state"] = work["state"].fillna("")
    work["label"] = [part.label for part in parts]
    work["label_form"] = [canonical(part.label) for part in parts]
    work["key"] = [sponsor_key(part) for part in parts]
    work["bare"] = [canonical(part.head) for part in parts]
    work["head"] = [part.head for part in parts]
    work["campus"] = [part.campus for part in parts]
    work["derived_key"] = _derived_keys(work)
    return work


def _derived_keys(work: pd.DataFrame) -> list[str]:
    """Return the key of each program, with its campus where the name alone is too common or each campus is an institution
    (`campuses_apart` in words.csv)."""
    keys: list[str] = []
    for key, bare, campus, city in zip(work["key"], work["bare"], work["campus"], work["city"].fillna(""), strict=True):
        if is_common(bare):
            place = canonical(campus or city)
            keys.append(" ".join(dict.fromkeys([*bare.split(), *place.split()])))
        elif any(f"{bare} ".startswith(f"{university} ") for university in word_set("campuses_apart")):
            keys.append(key)
        else:
            keys.append(sponsor_key(take_apart(bare)) if campus else key)
    return keys


def _registered(registers: Registers) -> pd.DataFrame:
    """Return columns record, form, state: the names under which IPEDS and ROR have one body."""
    ipeds = ipeds_names(registers.ipeds).assign(record=lambda names: "IPEDS " + names["unitid"])
    ror = register_names(registers.ror, "ror_id").assign(record=lambda names: "ROR " + names["ror_id"])
    return pd.concat([ipeds, ror])[["record", "form", "state"]].drop_duplicates()


def _ids(sponsors: Sponsors, work: pd.DataFrame, earlier: pd.DataFrame) -> KeptIds:
    """Return the ids of the sponsors.

    The most characteristic evidence is a code or name that a curated row knows; then the name under which the earliest list
    has the sponsor's most programs, since a code is not in every list, and the newest name not in the next one.
    """
    rows = sponsors.evidence
    named, curated = rows["code"] == "", rows["curated"]
    rank = pd.Series(3, index=rows.index).mask(named, 2).mask(named & rows["stated"], 1).mask(curated, 0)
    rows = rows.assign(rank=rank, named=named)
    by = ["sponsor", "rank", "first_year", "programs", "code", "key", "state"]
    rows = rows.sort_values(by, ascending=[True, True, True, False, True, True, True], ignore_index=True)
    names = rows[rows["named"]]
    # A program is often named like its sponsor: then a list that states the sponsor changes nothing.
    bare = pd.Series([stated_key(take_apart(name).head) for name in names["name"]], index=names.index, dtype="str")
    keys = names["key"].where(names["stated"] | names["curated"], bare)
    found = [rows[~rows["named"]].assign(id=stable_ids("inst", rows.loc[~rows["named"], "code"]), own=True)]
    for key in (keys, names["key"]):
        scope = names["state"].mask(pd.Series([spans_states(one) for one in key], index=key.index, dtype=bool), "")
        found.append(names.assign(id=stable_ids("inst", key, scope), own=False))
    found.append(names.assign(id=stable_ids("inst", names["key"], names["state"]), own=True))
    order = pd.concat(found).sort_index(kind="stable")
    members = pd.DataFrame({"member": work["program_code"], "group": sponsors.of_program})
    return keep_ids(
        order.rename(columns={"sponsor": "group"}), earlier.rename(columns={"program_code": "member"}), members
    )


def _with_newest_sponsor(work: pd.DataFrame, statements: pd.DataFrame) -> pd.DataFrame:
    """Return the programs with code and name as one list states them, never the code of one list and the name of another."""
    newest = statements.set_index("program_code").reindex(work["program_code"])
    return work.assign(
        **{name: newest[name].mask(newest[name] == "").to_numpy() for name in ("sponsor_code", "sponsor_name")}
    )


def _with_more_names(institutions: pd.DataFrame, ipeds: pd.DataFrame, aliases: pd.DataFrame) -> list[list[str]]:
    """Return the aliases, with those of the IPEDS unit and the curated names of the same entity."""
    more: dict[str, set[str]] = {}
    same = aliases[aliases["relation"] == "same"]
    for identity, alias in zip(locate(same, institutions), same["alias"], strict=True):
        more.setdefault(str(identity), set()).add(alias)
    units = {
        unit: {name, *others}
        for unit, name, others in zip(ipeds["unitid"], ipeds["name"], ipeds["aliases"], strict=True)
    }
    return [
        sorted((set(names) | units.get(unit, set()) | more.get(identity, set())) - {name})
        for identity, unit, name, names in zip(
            institutions["institution_id"],
            institutions["unitid"],
            institutions["name"],
            institutions["aliases"],
            strict=True,
        )
    ]
