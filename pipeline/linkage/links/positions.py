"""Positions of the Match: which program the tracks of an NRMP list belong to."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.linkage.links.registers import match_names
from pipeline.linkage.places import canonical_city

# The letter after the specialty in an NRMP code: C categorical, A advanced, M primary, R physicians only, F fellowship.
# P (preliminary) positions lead to no specialty and are left out.
_LEADING: Final = frozenset("CAMRF")
COLUMNS: Final = ["program_code", "positions_offered_in_match", "positions_matched", "match_year"]


def bare_names(names: pd.Series) -> pd.Series:
    """Return names of NRMP's list without the state at their end: `Brookwood Baptist Health-AL`."""
    return names.str.replace(r"-[A-Z]{2}$", "", regex=True)


def match_positions(tracks: pd.DataFrame, programs: pd.DataFrame, institutions: pd.DataFrame) -> pd.DataFrame:
    """Return the positions offered and filled in the newest Match known for each program, where the program is beyond doubt.

    tracks: table nrmp_tracks. programs: program_code, specialty_code, institution_id, city. institutions: table
    institutions. Columns of the answer: COLUMNS, one row a program. Tracks go to a program only if the institution's name
    and state agree and it has one program of that specialty there (or one in that city).
    """
    wanted = tracks[tracks["quota"].notna() & tracks["specialty_code"].notna() & (tracks["quota"] > 0)]
    letter = wanted["nrmp_code"].str.slice(7, 8)
    wanted = wanted[letter.isna() | letter.isin(_LEADING)]
    if wanted.empty or programs.empty:
        return pd.DataFrame({name: pd.Series(dtype="str" if name == "program_code" else "Int64") for name in COLUMNS})
    wanted = wanted.assign(name=bare_names(wanted["institution"]), place=canonical_city(wanted["city"]))
    register = institutions.rename(columns={"institution_id": "id"})[["id", "name", "state", "aliases"]]
    known = match_names(wanted[["name", "state"]], register)
    known = known[known["how"] != "fuzzy"].rename(columns={"id": "institution_id"})
    placed = wanted.merge(known[["name", "state", "institution_id"]], on=["name", "state"])
    sums = placed.groupby(["institution_id", "specialty_code", "place", "match_year"], as_index=False)[
        ["quota", "matched"]
    ].sum()
    newest = sums[
        sums["match_year"] == sums.groupby(["institution_id", "specialty_code", "place"])["match_year"].transform("max")
    ]
    own = programs[["program_code", "specialty_code", "institution_id"]].assign(
        program_place=canonical_city(programs["city"])
    )
    pairs = newest.merge(own, on=["institution_id", "specialty_code"])
    alone = pairs.groupby(["institution_id", "specialty_code"])["program_code"].transform("nunique") == 1
    here = pairs["place"] == pairs["program_place"]
    alone_here = (
        pairs[here].groupby(["institution_id", "specialty_code", "place"])["program_code"].transform("nunique") == 1
    )
    sure = pairs[alone | (here & alone_here.reindex(pairs.index, fill_value=False))]
    # An institution that moved, or was printed in another city, has an older year there: years are never summed.
    sure = sure[sure["match_year"] == sure.groupby("program_code")["match_year"].transform("max")]
    answer = sure.groupby("program_code", as_index=False).agg(
        positions_offered_in_match=("quota", "sum"),
        positions_matched=("matched", "sum"),
        match_year=("match_year", "max"),
    )
    return answer[COLUMNS].astype(dict.fromkeys(COLUMNS[1:], "Int64"))
