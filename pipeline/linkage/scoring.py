"""Scoring: the match weights of candidate links for name, tax id and place, which add up, each with its reason in words.

Which pairs are candidates belongs to `blocking.py`, what follows from a score to `decisions.py`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.linkage.model import (
    BEARERS,
    CITY_EQUAL,
    CURATED,
    DISTINGUISHED,
    LEVELS,
    METRO_EQUAL,
    NEED_UNMET,
    OTHER_CAMPUS,
    PRINTED_IN,
    PROGRAM_CITY,
    RIVAL,
    SHARED_NEARBY,
    STATE_EQUAL,
    STATE_OTHER,
    STATE_UNKNOWN,
    TAX_EQUAL,
    TAX_OF_ANOTHER,
    TAX_OTHER,
)  # fmt: skip

WHOLE_NAME: Final = "^(?:equal|cut$)"  # levels of a name that is whole or cut off
_TAX_TEXT: Final = {
    0.0: "",
    TAX_EQUAL: "is known for the institution",
    TAX_OTHER: "is not one known for it",
    TAX_OF_ANOTHER: "is that of another institution with a like name",
}
_PLACE_TEXT: Final = {
    0.0: "",
    CITY_EQUAL: "same city",
    METRO_EQUAL: "same metropolitan area",
    PROGRAM_CITY: "city of its programs",
    STATE_EQUAL: "same state",
    STATE_UNKNOWN: "no state given",
    STATE_OTHER: "another state",
}

_REASONED: Final = (
    "name_points", "tax_points", "place_points", "campus_points", "need_points", "distinguishing_points", "rival_points",
    "shared_points", "how", "alias_form", "source", "tax_id_last4", "needs", "restricted", "distinguishing_words", "common", "bearers",
)  # fmt: skip


def score(candidates: pd.DataFrame) -> pd.DataFrame:
    """Return the candidates with their match weights and score, 0 to 100.

    Columns added: name_points, tax_points, place_points, campus_points, need_points, distinguishing_points, rival_points,
    shared_points, and score, their sum. Columns needed: how, relation, source, alias_form, needs, distinguishing_words, state,
    place, metro, tax_id_last4 (of the petitioner site); own_state, own_place, own_metro, program_places (of the institution); ids
    (set of tax ids known for it), taken (whether a public register gives the tax id to another institution that is a candidate for
    the site), linked_elsewhere (whether the very spelling is linked under a known tax id), campuses (set of places of other
    campuses under its EIN), campus_word (whether the distinguishing words only name another campus), rival (whether the printed
    name is another school's in IPEDS), restricted (tax id to which the name is restricted, null if none), common (the words that
    are all the names have in common) and bearers (how many unrelated employers near bear these).
    """
    same_state = (candidates["state"] == candidates["own_state"]).to_numpy()
    same_city = (candidates["place"] == candidates["own_place"]).to_numpy() & same_state
    same_metro = (candidates["metro"] == candidates["own_metro"]).to_numpy() & ~same_city
    places = zip(candidates["place"].tolist(), candidates["state"].tolist(), strict=True)
    program_city = np.array(
        [place in known for place, known in zip(places, candidates["program_places"].tolist(), strict=True)], dtype=bool
    )
    its_city = same_city | program_city
    program_city &= ~same_city & ~same_metro
    near = same_city | same_metro | program_city
    tax = candidates["tax_id_last4"].to_numpy()
    equal = np.array([mine in ids for mine, ids in zip(tax, candidates["ids"].tolist(), strict=True)], dtype=bool)
    known = np.array([bool(ids) for ids in candidates["ids"].tolist()], dtype=bool)
    has_tax = candidates["tax_id_last4"].notna().to_numpy()
    no_state = candidates["state"].isna().to_numpy()
    linked = candidates["linked_elsewhere"].to_numpy(dtype=bool)
    taken = candidates["taken"].to_numpy(dtype=bool) & ~equal
    name = candidates["how"].map({how: level.weight for how, level in LEVELS.items()}).to_numpy(dtype="float64")
    # Under an EIN that campuses share, the printed name may be another campus's; the city decides.
    campus_named = candidates["campus_word"].to_numpy(dtype=bool) & equal & same_city
    distinguished = (candidates["distinguishing_words"] != "").to_numpy() & ~campus_named
    distinguished &= ~((candidates["how"] == "shorter").to_numpy() & equal & near)  # the name itself says nothing else
    scored = candidates.assign(
        name_points=name + np.where(by_curated_name(candidates), CURATED, 0.0),
        tax_points=np.select([equal, taken, known & has_tax & ~linked], [TAX_EQUAL, TAX_OF_ANOTHER, TAX_OTHER], 0.0),
        place_points=np.select(
            [same_city, same_metro, program_city, same_state, no_state & linked & equal, no_state],
            [CITY_EQUAL, METRO_EQUAL, PROGRAM_CITY, STATE_EQUAL, 0.0, STATE_UNKNOWN],
            STATE_OTHER,
        ),
        campus_points=np.where(_in_another_campus(candidates) & ~same_city, OTHER_CAMPUS, 0.0),
        need_points=np.where(_need_unmet(candidates, equal, near, its_city), NEED_UNMET, 0.0),
        distinguishing_points=np.where(distinguished, DISTINGUISHED, 0.0),
        rival_points=np.where(candidates["rival"].to_numpy(dtype=bool) & ~campus_named, RIVAL, 0.0),
        shared_points=np.where((candidates["bearers"].to_numpy() >= BEARERS) & ~equal, SHARED_NEARBY, 0.0),
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
    return (candidates["source"] == "alias") & candidates["how"].str.contains(WHOLE_NAME)


def by_written_name(candidates: pd.DataFrame) -> pd.Series:
    """Decide whether the printed name is a curated one or that of a legal entity of the institution's health system."""
    return candidates["source"].isin(PRINTED_IN) & candidates["how"].str.contains(WHOLE_NAME)


def reasons(scored: pd.DataFrame) -> list[list[str]]:
    """Return what spoke for and against each candidate, each with its points: `+70 name equal to X (sponsor)`."""
    return [
        [
            line
            for points, line in (
                (name, f"{LEVELS[how].reason} {form} ({source.replace('_', ' ')})"),
                (tax, f"tax id {tax_id} {_TAX_TEXT[tax]}"),
                (place, _PLACE_TEXT[place]),
                (campus, "city of another campus under the same EIN"),
                (need, f"this name counts with the {_needed(needs, restricted)} only"),
                (apart, f"told apart by: {words}"),
                (rival, "the printed name is that of another school in IPEDS"),
                (shared, f"no more in common than {common.lower()}, which {bearers} employers of other industries near bear"),
            )
            if points
            for line in [f"{points:+.0f} {line}"]
        ]
        for (
            name, tax, place, campus, need, apart, rival, shared, how, form, source, tax_id, needs, restricted, words, common, bearers
        ) in zip(*(scored[column].tolist() for column in _REASONED), strict=True)
    ]  # fmt: skip


def _needed(needs: str, restricted: object) -> str:
    if isinstance(restricted, str):
        return f"tax id {restricted}"
    return {"tax_id": "institution's tax id", "city": "institution's city"}.get(
        needs, "institution's city or metropolitan area"
    )
