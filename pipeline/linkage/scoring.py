"""Scoring: the match weights of candidate links for name, tax id and place, which add up, each with its reason in words.

Which pairs are candidates belongs to `blocking.py`, what follows from a score to `decisions.py`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.linkage.comparison import POINTS

ACCEPT: Final = 65.0
REVIEW: Final = 50.0
KEEP: Final = 38.0
CURATED: Final = 6.0
SPREAD: Final = 46.0  # another spelling of a linked petitioner
TAX_EQUAL: Final = 20.0
TAX_OTHER: Final = -6.0
TAX_OF_ANOTHER: Final = -26.0
CITY_EQUAL: Final = 14.0
METRO_EQUAL: Final = 8.0
STATE_EQUAL: Final = 2.0
STATE_UNKNOWN: Final = -12.0
STATE_OTHER: Final = -24.0
OTHER_CAMPUS: Final = -45.0
NEED_UNMET: Final = -40.0
DISTINGUISHED: Final = -20.0
RIVAL: Final = -30.0
# Where names of legal entities of health systems come from; and the sources that say in which state a name is printed.
SYSTEM: Final = "system"
PRINTED_IN: Final = ("alias", SYSTEM)
_WHOLE: Final = "^(?:equal|cut$)"
_HOW_TEXT: Final = {
    "equal": "name equal to",
    "equal_trade": "trade name (d/b/a) equal to",
    "equal_root": "name is that of a school of",
    "equal_cut": "name, which may be cut off, is equal to",
    "equal_former": "former name equal to",
    "cut": "name, cut off, is the beginning of",
    "kin": "name differs in kind words only from",
    "placeless": "name lacks only the place of",
    "cut_kin": "name, cut off, differs in kind words only from",
    "typed": "name adds a kind of body to",
    "prefixed": "name ends in",
    "shorter": "name lacks words of",
    "longer": "name has more words than",
    "similar": "name is similar to",
    "tax_id": "same petitioner as the linked spelling",
}
_TAX_TEXT: Final = {
    0.0: "",
    TAX_EQUAL: "is known for the institution",
    TAX_OTHER: "is not one known for it",
    TAX_OF_ANOTHER: "is that of another institution with a like name",
}
_PLACE_TEXT: Final = {
    CITY_EQUAL: "same city",
    METRO_EQUAL: "same metropolitan area",
    STATE_EQUAL: "same state",
    STATE_UNKNOWN: "no state given",
    STATE_OTHER: "another state",
}

_REASONED: Final = (
    "name_points", "tax_points", "place_points", "campus_points", "need_points", "distinguishing_points", "rival_points", "how",
    "alias_form", "source", "tax_id_last4", "needs", "restricted", "distinguishing_words",
)  # fmt: skip


def score(candidates: pd.DataFrame) -> pd.DataFrame:
    """Return the candidates with their match weights and score, 0 to 100.

    Columns added: name_points, tax_points, place_points, campus_points, need_points, distinguishing_points, rival_points,
    and score, their sum. Columns needed: how, relation, source, alias_form, needs, distinguishing_words, state, place, metro,
    tax_id_last4 (of the petitioner site); own_state, own_place, own_metro (of the institution); ids (set of tax ids known
    for it), taken (whether a public register gives the tax id to another institution that is a candidate for the site),
    campuses (set of places of other campuses under its EIN), campus_word (whether the distinguishing words only name another
    campus), rival (whether the printed name is another school's in IPEDS), restricted (tax id to which the name is
    restricted, null if none).
    """
    same_state = (candidates["state"] == candidates["own_state"]).to_numpy()
    same_city = (candidates["place"] == candidates["own_place"]).to_numpy() & same_state
    same_metro = (candidates["metro"] == candidates["own_metro"]).to_numpy() & ~same_city
    near = same_city | same_metro
    tax = candidates["tax_id_last4"].to_numpy()
    equal = np.array([mine in ids for mine, ids in zip(tax, candidates["ids"].tolist(), strict=True)], dtype=bool)
    known = np.array([bool(ids) for ids in candidates["ids"].tolist()], dtype=bool)
    has_tax = candidates["tax_id_last4"].notna().to_numpy()
    taken = candidates["taken"].to_numpy(dtype=bool) & ~equal
    name = candidates["how"].map(POINTS | {"tax_id": SPREAD}).to_numpy(dtype="float64")
    # Under an EIN that campuses share, the printed name may be another campus's; the city decides.
    campus_named = candidates["campus_word"].to_numpy(dtype=bool) & equal & same_city
    distinguished = (candidates["distinguishing_words"] != "").to_numpy() & ~campus_named
    distinguished &= ~((candidates["how"] == "shorter").to_numpy() & equal & near)  # the name itself says nothing else
    scored = candidates.assign(
        name_points=name + np.where(by_curated_name(candidates), CURATED, 0.0),
        tax_points=np.select([equal, taken, known & has_tax], [TAX_EQUAL, TAX_OF_ANOTHER, TAX_OTHER], 0.0),
        place_points=np.select(
            [same_city, same_metro, same_state, candidates["state"].isna().to_numpy()],
            [CITY_EQUAL, METRO_EQUAL, STATE_EQUAL, STATE_UNKNOWN],
            STATE_OTHER,
        ),
        campus_points=np.where(_in_another_campus(candidates) & ~same_city, OTHER_CAMPUS, 0.0),
        need_points=np.where(_need_unmet(candidates, equal, near, same_city), NEED_UNMET, 0.0),
        distinguishing_points=np.where(distinguished, DISTINGUISHED, 0.0),
        rival_points=np.where(candidates["rival"].to_numpy(dtype=bool) & ~campus_named, RIVAL, 0.0),
    )
    parts = [name for name in scored.columns if name.endswith("_points")]
    return scored.assign(score=scored[parts].sum(axis=1).clip(0.0, 100.0))


def _in_another_campus(candidates: pd.DataFrame) -> np.ndarray:
    """Decide whether the city is that of another campus, and the name is not that of a body of its own there."""
    elsewhere = np.array(
        [
            place in places
            for place, places in zip(candidates["place"].tolist(), candidates["campuses"].tolist(), strict=True)
        ],
        dtype=bool,
    )
    # A hospital near another campus may well be a site of this one; the university itself is there the other campus.
    named = candidates["source"].isin(["alias", "site"]) & ~candidates["alias_form"].str.contains("UNIVERSITY|COLLEGE")
    return elsewhere & ~((candidates["relation"] == "affiliate") & named).to_numpy()


def _need_unmet(candidates: pd.DataFrame, equal: np.ndarray, near: np.ndarray, same_city: np.ndarray) -> np.ndarray:
    """Decide whether the place or tax id that the name needs is missing; `equal`: the tax id is known for the institution."""
    needs = candidates["needs"].to_numpy()
    unmet = ~equal & np.select(
        [needs == "nothing", needs == "place", needs == "city"], [False, ~near, ~same_city], True
    )
    restricted = candidates["restricted"]
    return unmet | (restricted.notna() & (restricted != candidates["tax_id_last4"])).to_numpy()


def by_curated_name(candidates: pd.DataFrame) -> pd.Series:
    """Decide whether the printed name is a curated one, whole or cut off; a name near a curated one is not curated."""
    return (candidates["source"] == "alias") & candidates["how"].str.contains(_WHOLE)


def by_written_name(candidates: pd.DataFrame) -> pd.Series:
    """Decide whether the printed name is a curated one or that of a legal entity of the institution's health system."""
    return candidates["source"].isin(PRINTED_IN) & candidates["how"].str.contains(_WHOLE)


def reasons(scored: pd.DataFrame) -> list[list[str]]:
    """Return what spoke for and against each candidate, each with its points: `+70 name equal to X (sponsor)`."""
    return [
        [
            line
            for points, line in (
                (name, f"{_HOW_TEXT[how]} {form} ({source.replace('_', ' ')})"),
                (tax, f"tax id {tax_id} {_TAX_TEXT[tax]}"),
                (place, _PLACE_TEXT[place]),
                (campus, "city of another campus under the same EIN"),
                (need, f"this name counts with the {_needed(needs, restricted)} only"),
                (apart, f"told apart by: {words}"),
                (rival, "the printed name is that of another school in IPEDS"),
            )
            if points
            for line in [f"{points:+.0f} {line}"]
        ]
        for name, tax, place, campus, need, apart, rival, how, form, source, tax_id, needs, restricted, words in zip(
            *(scored[column] for column in _REASONED), strict=True
        )
    ]


def _needed(needs: str, restricted: object) -> str:
    if isinstance(restricted, str):
        return f"tax id {restricted}"
    return {"tax_id": "institution's tax id", "city": "institution's city"}.get(
        needs, "institution's city or metropolitan area"
    )
