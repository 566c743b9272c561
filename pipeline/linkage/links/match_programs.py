"""Programs that offer positions in the Match, and which listed program each is, if the lists have it.

What belongs here: comparing NRMP's institutions with listed programs of the same specialty and state, by name and place. NRMP
abbreviates on its own (`U`, `SOM`, `NYP`), has other cities than ACGME, and gives an institution another name from year to year.
"""

from __future__ import annotations

import functools
import re
from typing import Final

import pandas as pd

from pipeline.linkage.links.positions import bare_names
from pipeline.linkage.model import MATCH_ALIAS, MATCH_ALIKE, MATCH_CITY, MATCH_IN_CITY, MATCH_METRO, MATCH_SURE
from pipeline.linkage.names.normalise import canonical, canonical_all
from pipeline.linkage.names.overlap import Overlap
from pipeline.linkage.names.words import acronyms, is_common, words
from pipeline.linkage.places import with_places
from pipeline.linkage.sponsor_names import take_apart
from pipeline.specialties.recognise import specialty_by_code
from pipeline.specialties.relations import listed_name

# Kinds of tracks of residencies. Fellowships (F, S) are left out: the Main Match has none, and only one state's list names them.
_RESIDENCIES: Final = frozenset("CPARM")
_BLOCK: Final = ["field", "state"]
_PROGRAM: Final = ["nrmp_institution", "state", "field", "place"]


def tracks_in_match(tracks: pd.DataFrame, programs: pd.DataFrame, institutions: pd.DataFrame) -> pd.DataFrame:
    """Return the tracks of the newest Match known for each state, with the program that each belongs to and whether it is listed.

    tracks, programs, institutions: tables nrmp_tracks, programs, institutions. Columns of tracks, and metro_area; match_program, a number
    that the tracks of one institution, specialty and city share; coverage, a word of MATCH_COVERAGE; and program_code: of the listed
    program, or in doubt of the one it may be.
    """
    named = _named(tracks)
    newest = named[named["match_year"] == named.groupby("state")["match_year"].transform("max")]
    newest = newest.sort_values(["state", "nrmp_code", "specialty", "city"], ignore_index=True)
    newest["match_program"] = newest.groupby(_PROGRAM, dropna=False).ngroup()
    offered = newest.drop_duplicates("match_program").set_index("match_program")
    listed = _placed(programs).reset_index(drop=True)
    found = _assigned(offered.index, _compared(offered, named, listed, institutions))
    answer = newest.merge(found, left_on="match_program", right_index=True).rename(columns={"metro": "metro_area"})
    return answer[[*tracks.columns, "metro_area", "match_program", "coverage", "program_code"]].reset_index(drop=True)


def _named(tracks: pd.DataFrame) -> pd.DataFrame:
    """Return the tracks of residencies with positions, by NRMP's institution and its place."""
    kind = tracks["nrmp_code"].str.slice(7, 8)
    wanted = tracks[kind.isin(_RESIDENCIES) & (tracks["quota"] > 0).fillna(False) & tracks["state"].notna()]
    return _placed(wanted.assign(nrmp_institution=wanted["nrmp_code"].str.slice(0, 4)))


def _placed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with place, metro and field, the name of the specialty; a place is letters alone: lists print `Miami,`."""
    placed = with_places(rows)
    named = specialty_by_code(placed["specialty_code"])
    unknown = named.isna()
    # Combined programs have codes that no specialty has: they are known by their printed specialty.
    field = named.fillna(listed_name(placed.loc[unknown, "specialty"], placed.loc[unknown, "specialty_code"]))
    return placed.assign(place=placed["place"].str.replace(r"[^A-Z]+", " ", regex=True).str.strip(), field=field)


def _compared(
    offered: pd.DataFrame, named: pd.DataFrame, listed: pd.DataFrame, institutions: pd.DataFrame
) -> pd.DataFrame:
    """Return the pairs that are of one specialty and state: row (index of `offered`), program_code, score (0 to 1), city and metro
    (whether these agree) and common (NRMP's name is one that many bodies bear)."""
    institution = ["nrmp_institution", "state"]
    mine = named[[*institution, "place", "institution"]].drop_duplicates()
    mine = mine.assign(form=_forms(mine["institution"], mine["place"]), body=mine.groupby(institution).ngroup())
    bodies = mine[[*institution, "body"]].drop_duplicates()
    mine = mine[["body", "form"]].drop_duplicates()
    names = listed[["program_name", "sponsor_name", "institution_id"]].drop_duplicates(ignore_index=True)
    names[["forms", "aliases"]] = _listed_forms(names, institutions)
    theirs = listed.merge(names.reset_index(names="names"))[[*_BLOCK, "program_code", "place", "metro", "names"]]
    ours = offered[[*_BLOCK, "nrmp_institution", "place", "metro"]].reset_index(names="row")
    ours = ours.merge(bodies, on=institution)
    # Numbers stand for the texts that are compared: there are many pairs.
    both = pd.concat([ours, theirs])
    coded = pd.DataFrame({name: pd.factorize(both[name])[0] for name in ("place", "metro")})
    coded = coded.assign(block=both.groupby(_BLOCK, dropna=False).ngroup().to_numpy())
    left = coded[: len(ours)].assign(row=ours["row"], body=ours["body"])
    right = coded[len(ours) :].reset_index(drop=True).assign(listed=range(len(theirs)), names=theirs["names"])
    pairs = left.merge(right, on="block", suffixes=("", "_listed"))
    scored = pairs.merge(_scores(pairs[["body", "names"]].drop_duplicates(), mine, names), on=["body", "names"])
    near = {name: (scored[name] == scored[f"{name}_listed"]) & (scored[name] >= 0) for name in ("place", "metro")}
    codes = theirs["program_code"].take(scored["listed"].to_numpy()).array
    scored = scored.assign(program_code=codes, city=near["place"], metro=near["metro"])
    return scored[["row", "program_code", "score", "city", "metro", "common"]]


def _scores(wanted: pd.DataFrame, mine: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """Return `wanted` (body, names) with the score and commonness of the two names that agree best. mine: body, form."""
    left = mine["form"].drop_duplicates().reset_index(drop=True)
    own, other = names["forms"].explode(), names["aliases"].explode().dropna()
    spelled = pd.concat([own, other])
    weight = [1.0] * len(own) + [MATCH_ALIAS] * len(other)
    right = spelled.drop_duplicates().reset_index(drop=True)
    forms = mine[["body"]].assign(left=pd.Index(left).get_indexer(pd.Index(mine["form"])))
    pairs = wanted.merge(forms, on="body")
    of_names = pd.DataFrame(
        {"names": spelled.index, "right": pd.Index(right).get_indexer(pd.Index(spelled)), "weight": weight}
    )
    pairs = pairs.merge(of_names, on="names")
    distinct = pairs[["left", "right"]].drop_duplicates()
    distinct["score"], _ = Overlap(left, right).containment(distinct["left"].to_numpy(), distinct["right"].to_numpy())
    distinct["common"] = left.map(is_common).to_numpy()[distinct["left"]]
    scored = pairs.merge(distinct, on=["left", "right"])
    scored = scored.assign(score=scored["score"] * scored["weight"]).sort_values(
        "score", ascending=False, kind="stable"
    )
    return scored.drop_duplicates(["body", "names"])[[*wanted, "score", "common"]]


def _forms(names: pd.Series, places: pd.Series) -> pd.Series:
    """Return canonical forms of NRMP's names: its abbreviations written out, its own city left out where more is left."""
    own = words("match_abbreviation")
    spelled = [
        " ".join(own.get(word, word) for word in re.split(r"[\s/&,-]+", name)) for name in bare_names(names).str.upper()
    ]
    forms = canonical_all(pd.Series(spelled, index=names.index, dtype="str"))
    answer: list[str] = []
    for form, place in zip(forms, places, strict=True):
        city = set(canonical(place).split()) if isinstance(place, str) else set()
        rest = " ".join(word for word in form.split() if word not in city)
        answer.append(form if is_common(rest) else rest)
    return pd.Series(answer, index=names.index, dtype="str")


def _listed_forms(names: pd.DataFrame, institutions: pd.DataFrame) -> pd.DataFrame:
    """Return forms, of the names of each program, its sponsor and its institution, and aliases, of the institution's other names."""
    known = institutions.set_index("institution_id")
    called = dict(zip(known.index, known["name"].map(_form), strict=True))
    aliases = {key: sorted({_form(name) for name in listed}) for key, listed in known["aliases"].items()}
    rows = [
        (sorted({_form(name) for name in (program, sponsor) if isinstance(name, str)} | {called[key]}), aliases[key])
        for program, sponsor, key in names[["program_name", "sponsor_name", "institution_id"]].itertuples(index=False)
    ]
    return pd.DataFrame(rows, columns=["forms", "aliases"], index=names.index)


@functools.lru_cache(maxsize=1 << 16)
def _form(name: str) -> str:
    """Return the canonical form of a name with the initials of the bodies in it."""
    parts = take_apart(name)
    form = canonical(parts.label)
    initials = {letters for part in (parts.head, *parts.partners) for letters in acronyms(canonical(part))}
    return " ".join([form, *sorted(initials - set(form.split()))])


def _assigned(rows: pd.Index, pairs: pd.DataFrame) -> pd.DataFrame:
    """Return coverage and program_code of each of `rows`, each program given to the row it fits best.

    A name that fits a program given to another stays in doubt: both may be one program, or its own isn't listed. So does one with a
    listed program in its city that nothing fits: it may be listed under another name.
    """
    order = pairs["score"] + pairs["city"] * MATCH_CITY + pairs["metro"] * MATCH_METRO
    ranked = pairs.assign(order=order).sort_values(["order", "row", "program_code"], ascending=[False, True, True])
    near = ranked["city"] | ranked["metro"]
    sure = (ranked["score"] >= MATCH_SURE) & (near | ~ranked["common"])
    fits = sure | (ranked["city"] & (ranked["score"] >= MATCH_IN_CITY))
    found = _one_to_one(ranked[fits])
    given = ranked["program_code"].isin(list(found.values()))
    alike = (ranked["metro"] & (ranked["score"] >= MATCH_IN_CITY)) | (
        (ranked["score"] >= MATCH_ALIKE) & ~ranked["common"]
    )
    doubtful = (sure & near) | (~given & (ranked["city"] | alike))
    maybe = _first(ranked[doubtful])
    coverage = ["listed" if row in found else "in_doubt" if row in maybe else "missing" for row in rows]
    codes = pd.Series([found.get(row, maybe.get(row)) for row in rows], rows, dtype="str")
    return pd.DataFrame({"coverage": pd.Series(coverage, rows, dtype="str"), "program_code": codes})


def _first(ranked: pd.DataFrame) -> dict[int, str]:
    """Return the best program code of each row."""
    best = ranked.drop_duplicates("row")
    return dict(zip(best["row"].tolist(), best["program_code"].tolist(), strict=True))


def _one_to_one(ranked: pd.DataFrame) -> dict[int, str]:
    """Return program codes by row, the best pairs first, no program twice."""
    found: dict[int, str] = {}
    taken: set[str] = set()
    for row, code in zip(ranked["row"].tolist(), ranked["program_code"].tolist(), strict=True):
        if row not in found and code not in taken:
            found[row] = code
            taken.add(code)
    return found
