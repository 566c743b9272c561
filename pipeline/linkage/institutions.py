"""Sponsoring institutions of the ACGME lists: by sponsor code where a list gives one, else from program names."""

from __future__ import annotations

import functools
from collections import Counter
from dataclasses import dataclass

import pandas as pd

from pipeline.linkage.anchors import Registers, anchors
from pipeline.linkage.judgements import locate
from pipeline.linkage.names.normalise import canonical
from pipeline.linkage.names.words import is_common, word_set
from pipeline.linkage.places import metro_area
from pipeline.linkage.sponsor_names import sponsor_key, take_apart
from pipeline.reference.load import read_reference
from pipeline.schemas.ids import stable_ids


@dataclass(frozen=True)
class Institutions:
    """institutions: table `institutions`; programs: table `acgme_programs` with the column institution_id."""

    institutions: pd.DataFrame
    programs: pd.DataFrame


def build_institutions(
    programs: pd.DataFrame, sites: pd.DataFrame, registers: Registers, aliases: pd.DataFrame
) -> Institutions:
    """Return the institutions of the list and the programs of each.

    programs, sites: tables `acgme_programs`, `acgme_participating_sites`. registers: the public registers in which the
    institutions are looked up; empty ones are fine. aliases: as `judgements.read_aliases` yields them.
    A program without a sponsor code belongs to the coded sponsor whose name or program name has the same key
    (university or hospital, with campus) in a state where that sponsor has programs, if there is one only; else to an
    institution named like the program. The ids are hashes of the sponsor code, else of key and state.
    """
    work = _keys(programs)
    coded = work[work["sponsor_code"].notna()]
    owner = _owners(work, coded)
    work["sponsor"] = work["sponsor_code"].where(work["sponsor_code"].notna(), owner)
    by_code = work["sponsor"].notna()
    of_code = stable_ids("inst", work["sponsor"])
    work["institution_id"] = of_code.where(by_code, stable_ids("inst", work["derived_key"], work["state"]))
    institutions = _describe(work, sites)
    institutions = institutions.merge(anchors(institutions, registers), on="institution_id", how="left")
    institutions["aliases"] = _with_more_names(institutions, registers.ipeds, aliases)
    institutions = institutions.sort_values("institution_id", ignore_index=True)
    return Institutions(institutions, programs.assign(institution_id=work["institution_id"].to_numpy()))


@functools.cache
def sponsor_names() -> pd.DataFrame:
    """Return rows name, state, sponsor_code, institution, reason, source, date: names of programs under another name than the
    sponsor's, and the sponsor (by code) or institution (by name) they belong to."""
    return read_reference("names/sponsor_names.csv")


def _keys(programs: pd.DataFrame) -> pd.DataFrame:
    """Return the programs, with label, key (with campus), bare (without) and derived_key (under which an uncoded one goes)."""
    parts = [take_apart(name) for name in programs["program_name"]]
    work = programs.reset_index(drop=True).copy()
    work["state"] = work["state"].fillna("")
    work["label"] = [part.label for part in parts]
    work["label_form"] = [canonical(part.label) for part in parts]
    work["key"] = [sponsor_key(part) for part in parts]
    work["bare"] = [canonical(part.head) for part in parts]
    work["head"] = [part.head for part in parts]
    work["campus"] = [part.campus for part in parts]
    work["derived_key"] = _derived_keys(work)
    curated = sponsor_names()
    curated = curated[curated["institution"] != ""]
    other_name = {
        (canonical(name), state): sponsor_key(take_apart(institution))
        for name, state, institution in zip(curated["name"], curated["state"], curated["institution"], strict=True)
    }
    for column in ("bare", "key", "label_form"):
        renamed = [other_name.get(pair) for pair in zip(work[column], work["state"], strict=True)]
        work["derived_key"] = [new or old for new, old in zip(renamed, work["derived_key"], strict=True)]
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


def _owners(work: pd.DataFrame, coded: pd.DataFrame) -> pd.Series:
    """Return the sponsor code of each uncoded program, null where none or several fit."""
    entries: list[tuple[str, str, str, int]] = []
    for row in coded.itertuples():
        sponsor = take_apart(row.sponsor_name) if isinstance(row.sponsor_name, str) else None
        forms = {(str(row.label_form), 0), (str(row.key), 1)}
        if sponsor:
            forms |= {(canonical(sponsor.label), 0), (sponsor_key(sponsor), 1)}
        # `University of California (Irvine)` is not the University of California: its name ends with the campus.
        if sponsor is None or not sponsor.campus:
            forms |= {(str(row.bare), 2), *({(canonical(sponsor.head), 2)} if sponsor else set())}
        entries += [(form, str(row.state), str(row.sponsor_code), rank) for form, rank in forms]
    table = pd.DataFrame(entries, columns=["form", "state", "code", "rank"]).drop_duplicates()
    curated = sponsor_names()
    curated = curated[curated["sponsor_code"].isin(set(coded["sponsor_code"]))]
    named = pd.DataFrame(
        {
            "form": [canonical(name) for name in curated["name"]],
            "state": curated["state"],
            "code": curated["sponsor_code"],
        }
    )
    owner = pd.Series(None, index=work.index, dtype="str")
    for column in ("label_form", "key", "bare"):
        owner = owner.fillna(_single(work, column, named))
    for column, ranks in (("label_form", (0, 1, 2)), ("key", (0, 1, 2)), ("bare", (0, 1, 2))):
        usable = table[table["rank"].isin(ranks)]
        found = _single(work, column, usable)
        if column == "bare":
            found = found.mask(pd.Series([is_common(form) for form in work["bare"]], index=work.index))
        owner = owner.fillna(found)
    return owner


def _single(work: pd.DataFrame, column: str, table: pd.DataFrame) -> pd.Series:
    """Return the code whose form equals the program's in `column`, in its state, if there is exactly one."""
    unique = table[["form", "state", "code"]].drop_duplicates()
    unique = unique[~unique.duplicated(["form", "state"], keep=False)].set_index(["form", "state"])["code"]
    keys = pd.MultiIndex.from_arrays([work[column], work["state"].fillna("")])
    return pd.Series(unique.reindex(keys).to_numpy(), index=work.index, dtype="str")


def _describe(work: pd.DataFrame, sites: pd.DataFrame) -> pd.DataFrame:
    by_code = sites[sites["sponsor_code"].notna()]
    site_names = {code: sorted(set(group["site_name"])) for code, group in by_code.groupby("sponsor_code", sort=True)}
    by_program = {code: sorted(set(group["site_name"])) for code, group in sites.groupby("program_code", sort=True)}
    rows = []
    home_states = _code_states(work)
    for identity, group in work.groupby("institution_id", sort=True):
        code = _mode(group["sponsor"])
        state, city = _home(group, home_states.get(code[:2], ""))
        name = _name(group, code)
        names = set(group["label"]) | set(group["head"]) | set(group["sponsor_name"].dropna()) - {name}
        found = set(site_names.get(code, [])) if code else set()
        for program in group["program_code"]:
            found.update(by_program.get(program, []))
        rows.append(
            {
                "institution_id": identity,
                "name": name,
                "sponsor_code": code or None,
                "city": city or None,
                "state": state or None,
                "aliases": sorted(names - {name}),
                "participating_sites": sorted(found),
                "programs": len(group),
                "derivation": "sponsor_code" if code else "program_name",
            }
        )
    frame = pd.DataFrame(rows)
    for column in ("sponsor_code", "city", "state"):
        frame[column] = frame[column].astype("str")
    frame["metro_area"] = metro_area(frame["city"], frame["state"])
    return frame


def _name(group: pd.DataFrame, code: str) -> str:
    stated = group[["list_year", "sponsor_name"]].dropna(subset=["sponsor_name"]) if code else group.iloc[:0]
    if len(stated):
        years = stated["list_year"].fillna(0).tolist()
        return min(zip(years, stated["sponsor_name"].tolist(), strict=True), key=lambda of: (-of[0], of[1]))[1]
    known = _curated_institutions().get(str(group["derived_key"].iloc[0]))
    if known:
        return known
    derived = [
        label.split("/")[0].strip() if campus and set(canonical(campus).split()) <= set(str(key).split()) else head
        for label, head, campus, key in zip(
            group["label"], group["head"], group["campus"], group["derived_key"], strict=True
        )
    ]
    return min(Counter(derived).items(), key=lambda item: (-item[1], len(item[0]), item[0]))[0]


@functools.cache
def _curated_institutions() -> dict[str, str]:
    """Return the institutions that `sponsor_names` states by name, by their key."""
    return {sponsor_key(take_apart(name)): name for name in sponsor_names()["institution"] if name}


def _mode(values: pd.Series) -> str:
    return _most_frequent(Counter(values.dropna().tolist()))


def _most_frequent(counts: Counter[str]) -> str:
    return min(counts.items(), key=lambda item: (-item[1], item[0]))[0] if counts else ""


def _code_states(work: pd.DataFrame) -> dict[str, str]:
    """Return the state in which most sponsors have their programs, by the first two digits of the sponsor code."""
    coded = work[work["sponsor_code"].notna()].drop_duplicates(["sponsor_code", "state"])
    return {str(prefix): _mode(group["state"]) for prefix, group in coded.groupby(coded["sponsor_code"].str[:2])}


def _home(group: pd.DataFrame, likely: str) -> tuple[str, str]:
    """Return the state and city with the most programs, those under the sponsor's code twice; `likely` wins a tie of states."""
    weights = (group["sponsor_code"].notna().astype("int64") + 1).tolist()
    columns = (group[column].tolist() for column in ("state", "city", "campus"))
    places = list(zip(*columns, weights, strict=True))
    counts: Counter[str] = Counter()
    for state, _, _, weight in places:
        counts[state] += weight
    home = min(counts, key=lambda name: (-counts[name], name != likely, name))
    in_state = [place for place in places if place[0] == home]
    at_home = [place for place in in_state if place[2] == ""]  # `Sponsor (Campus)` is away from home
    cities: Counter[str] = Counter()
    for _, city, _, weight in at_home or in_state:
        if isinstance(city, str):
            cities[city] += weight
    return home, _most_frequent(cities)


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
