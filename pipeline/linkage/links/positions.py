"""Positions of the Match: which program the tracks of an NRMP list belong to."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.linkage.links.registers import match_names
from pipeline.linkage.places import canonical_city
from pipeline.schemas.vocabulary import TRACK_KIND

# Preliminary positions lead to no specialty; they are counted apart.
_PRELIMINARY: Final = ("preliminary",)
_FIGURES: Final = ("positions_offered_in_match", "positions_matched", "match_year")
COLUMNS: Final = ["program_code", *_FIGURES, "match_tracks"]
_PLACED: Final = ["institution_id", "specialty_code", "place"]


def bare_names(names: pd.Series) -> pd.Series:
    """Return names of NRMP's list without the state at their end: `Brookwood Baptist Health-AL`."""
    return names.str.replace(r"-[A-Z]{2}$", "", regex=True)


def match_positions(tracks: pd.DataFrame, programs: pd.DataFrame, institutions: pd.DataFrame) -> pd.DataFrame:
    """Return the positions offered and filled in the newest Match known for each program, where the program is beyond doubt.

    tracks: table nrmp_tracks. programs: program_code, specialty_code, institution_id, city. institutions: table
    institutions. Columns of the answer: COLUMNS, one row a program; the figures are null where it has preliminary positions
    alone, match_tracks are records of MATCH_TRACK. Tracks go to a program only if the institution's name and state agree and it
    has one program of that specialty there (or one in that city).
    """
    wanted = tracks[tracks["quota"].notna() & tracks["specialty_code"].notna() & (tracks["quota"] > 0)]
    wanted = wanted[wanted["track_kind"].notna()]
    if wanted.empty or programs.empty:
        return _nothing()
    sums = _by_place(wanted, institutions)
    sure = _of_programs(sums, programs)
    leading = sure[sure["leading"]]
    figures = leading.groupby("program_code", as_index=False).agg(
        positions_offered_in_match=("quota", "sum"),
        positions_matched=("matched", "sum"),
        match_year=("match_year", "max"),
    )
    kinds = _records(sure)
    answer = kinds.merge(figures, on="program_code", how="left")
    return answer[COLUMNS].astype(dict.fromkeys(_FIGURES, "Int64"))


def _nothing() -> pd.DataFrame:
    types = {"program_code": "str", "match_tracks": "object"}
    return pd.DataFrame({name: pd.Series(dtype=types.get(name, "Int64")) for name in COLUMNS})


def _by_place(tracks: pd.DataFrame, institutions: pd.DataFrame) -> pd.DataFrame:
    """Return quota and matched of each institution, specialty, place and kind in its newest year, preliminary positions apart."""
    named = tracks.assign(
        name=bare_names(tracks["institution"]),
        place=canonical_city(tracks["city"]),
        leading=~tracks["track_kind"].isin(_PRELIMINARY),
    )
    register = institutions.rename(columns={"institution_id": "id"})[["id", "name", "state", "aliases"]]
    known = match_names(named[["name", "state"]], register)
    known = known[known["how"] != "fuzzy"].rename(columns={"id": "institution_id"})
    placed = named.merge(known[["name", "state", "institution_id"]], on=["name", "state"])
    groups = [*_PLACED, "leading"]
    sums = placed.groupby([*groups, "track_kind", "match_year"], as_index=False)[["quota", "matched"]].sum()
    return sums[sums["match_year"] == sums.groupby(groups)["match_year"].transform("max")]


def _of_programs(sums: pd.DataFrame, programs: pd.DataFrame) -> pd.DataFrame:
    """Join the sums to the programs that they are of beyond doubt."""
    own = programs[["program_code", "specialty_code", "institution_id"]].assign(
        program_place=canonical_city(programs["city"])
    )
    pairs = sums.merge(own, on=["institution_id", "specialty_code"])
    alone = pairs.groupby(["institution_id", "specialty_code"])["program_code"].transform("nunique") == 1
    here = pairs["place"] == pairs["program_place"]
    alone_here = pairs[here].groupby(_PLACED)["program_code"].transform("nunique") == 1
    sure = pairs[alone | (here & alone_here.reindex(pairs.index, fill_value=False))]
    # An institution that moved, or was printed in another city, has an older year there: years are never summed.
    newest = sure.groupby(["program_code", "leading"])["match_year"].transform("max")
    return sure[sure["match_year"] == newest]


def _records(sure: pd.DataFrame) -> pd.DataFrame:
    """Return program_code and match_tracks, the records of each program in the order of TRACK_KIND."""
    kinds = sure.groupby(["program_code", "track_kind", "match_year"], as_index=False)[["quota", "matched"]].sum()
    kinds = kinds.assign(order=kinds["track_kind"].map(TRACK_KIND.index)).sort_values(["program_code", "order"])
    records: dict[str, list[dict[str, object]]] = {}
    columns = (kinds[name] for name in ("program_code", "track_kind", "quota", "matched", "match_year"))
    for code, kind, offered, filled, year in zip(*columns, strict=True):
        record = {"kind": kind, "offered": int(offered), "filled": int(filled), "match_year": int(year)}
        records.setdefault(str(code), []).append(record)
    return pd.DataFrame({"program_code": pd.Series(list(records), dtype="str"), "match_tracks": list(records.values())})
