"""Scores of the list's programs on each criterion for one applicant, by docs/methods/shortlist.md.

What belongs here: the scales, 1 to 5, and what each score was given for. How scores become an order is in `shortlist.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from pipeline.applicants.holds import closed_by_hold
from pipeline.applicants.profile import VISAS, Profile
from pipeline.applicants.routes import closed_routes
from pipeline.applicants.step3 import with_step3
from pipeline.law.regimes import before_payment, payment_began
from pipeline.linkage.places import metro_names
from pipeline.policies.statement_dates import year_only
from pipeline.schemas.recent_periods import recent_since
from pipeline.schemas.vocabulary import OFFERED
from pipeline.specialties.relations import (
    COMBINED,
    OTHER,
    PARENT,
    PART,
    SAME,
    SUBSPECIALTY,
    listed_group,
    relations,
)

_IMG_SHARES: Final = (50, 25, 10)  # percent of graduates of schools abroad from which the score is 5, 4, 3
_RECENCY: Final = {12: 5, 24: 4, 36: 3}  # months before the day of the list -> score; older: 2
_H1B: Final = {"sponsors": 5, "case_by_case": 4, "likely": 4, "possible": 3, "conflicting": 2, "j1_only": 1, "none": 1}
AGAINST: Final = "the evidence is against"
DOUBTFUL: Final = "doubtful"
NOTHING: Final = "nothing at hand"
UNDATED: Final = "no dated statement or application"
NOTHING_KNOWN: Final = "nothing is known of {visas} here"
PLACE_WHY: Final = {
    "unknown": "area not known",
    "near": "in the state of a wanted area, outside it",
    "elsewhere": "elsewhere",
}
NO_SPECIALTY: Final = "specialty not known"
_J1: Final = {"yes": 5, "case_by_case": 4, "no": 1}
SECOND_CHOICE: Final = {
    5.0: 3.0,
    4.0: 2.0,
    3.0: 2.0,
}  # how a fit counts for the visa that is acceptable, but not preferred
SPECIALTY: Final = {SAME: 5, COMBINED: 4, PART: 3, SUBSPECIALTY: 3, PARENT: 3, OTHER: 1}
SPECIALTY_WHY: Final = {
    SAME: "a wanted specialty",
    COMBINED: "a combined program with a wanted part",
    PART: "a part of a wanted combined program",
    SUBSPECIALTY: "a subspecialty of a wanted one",
    PARENT: "the parent of a wanted one",
    OTHER: "another specialty",
}


@dataclass(frozen=True)
class Part:
    """One criterion: scores 1 to 5 (null where unknown), and in words what each was given for."""

    score: pd.Series
    why: pd.Series


def score_criteria(rows: pd.DataFrame, profile: Profile) -> tuple[dict[str, Part], pd.Series]:
    """Score each row of the list on each of CRITERIA, whether the profile asks for it or not; find the rows that only the visa of
    second choice carries."""
    visa, carried = _visa_fit(rows, profile)
    parts = {
        "visa_fit": visa,
        "evidence_strength": evidence_strength(rows, carried),
        "recency": recency(rows, carried),
        "place": _place(rows, profile),
        "specialty_fit": _specialty(rows, profile),
        "size": size(rows),
        "img_share": img_share(rows),
    }
    return parts, carried.second


@dataclass(frozen=True)
class Carried:
    """Which visa carries the row (`h1b`, else J-1), the fit before the applicant's own Step 3 and preference, and whether it is
    the visa of second choice."""

    h1b: pd.Series
    fit: pd.Series
    second: pd.Series


def _visa_fit(rows: pd.DataFrame, profile: Profile) -> tuple[Part, Carried]:
    """Score the best of the acceptable visas; one that is denied beside another of which nothing is known is unknown."""
    closed = closed_routes(rows, profile)
    base = h1b_fit(rows).mask(closed.notna(), 1)
    closed_j1 = closed_by_hold(rows["as_of"], profile, "J-1")
    j1 = j1_fit(rows).mask(closed_j1.notna(), 1)
    nothing = pd.Series(np.nan, index=rows.index)
    wanted = [name in profile.visas for name in ("H-1B", "J-1")]
    h1b, step3 = with_step3(base, rows, profile)
    first = VISAS.index(profile.visas[0])
    fits = pd.DataFrame({"h1b": h1b if wanted[0] else nothing, "j1": j1 if wanted[1] else nothing})
    for place, visa in enumerate(fits):  # the second choice is never level with the first
        fits[visa] = fits[visa] if place == first else fits[visa].replace(SECOND_CHOICE)
    best = fits.max(axis=1)
    best = best.mask(fits.loc[:, wanted].isna().any(axis=1) & (best <= 2))
    by_h1b = fits["h1b"].fillna(0) >= fits["j1"].fillna(0) if wanted[0] else pd.Series(False, index=rows.index)
    # What the evidence says of the visa that carries the row, whatever the applicant still lacks.
    fit = base.where(by_h1b, j1).where(best.notna())
    why = (h1b_words(rows) + step3 + ("; " + closed).fillna("")).where(
        by_h1b, j1_words(rows) + ("; " + closed_j1).fillna("")
    )
    unknown = NOTHING_KNOWN.format(visas=" or ".join(profile.visas))
    second = best.notna() & (by_h1b != (first == 0))
    return Part(best, why.where(best.notna(), unknown)), Carried(by_h1b, fit, second)


def h1b_fit(rows: pd.DataFrame) -> pd.Series:
    """Score the H-1B of each row before anything is closed to the applicant; null where nothing is known."""
    doubtful = (rows["sponsor_tier"] == "unknown") & (rows["visa_category"] == "J")
    return _numbers(rows["sponsor_tier"], _H1B).mask(doubtful, 2)


def h1b_words(rows: pd.DataFrame) -> pd.Series:
    """Return in words what the H-1B of each row was scored for."""
    return "H-1B: tier " + rows["sponsor_tier"] + ", " + rows["tier_confidence"] + " confidence"


def j1_fit(rows: pd.DataFrame) -> pd.Series:
    """Score the J-1 of each row before anything is closed to the applicant; null where nothing is known."""
    return _numbers(rows["j1_stated"], _J1)


def j1_words(rows: pd.DataFrame) -> pd.Series:
    """Return in words what the J-1 of each row was scored for."""
    return "J-1: stated " + rows["j1_stated"].str.replace("_", " ")


def _numbers(values: pd.Series, scale: dict[str, int]) -> pd.Series:
    return values.map(scale).astype("float64")


def evidence_strength(rows: pd.DataFrame, carried: Carried) -> Part:
    """Score how strong the evidence for the visa is that carries each row."""
    confidence = rows["tier_confidence"].map({"high": 2, "medium": 1, "low": 0}).astype("float64")
    stated = rows["sponsor_tier"].isin(["sponsors", "case_by_case"])
    likely = 3.0 + (confidence > 0).astype("float64")
    h1b = (3 + confidence).where(stated, likely.where(rows["sponsor_tier"] == "likely", 3.0))
    fresh = (rows["evidence_date"] >= recent_since(rows["as_of"])).fillna(False)
    second_hand = rows["evidence_kind"].isin(["restated", "directory"])
    weaknesses = (rows["evidence_scope"] == "institution", second_hand, ~fresh)
    weak = pd.concat([one.fillna(False).astype("float64") for one in weaknesses], axis=1).sum(axis=1)
    score = h1b.where(carried.h1b, (5.0 - weak).clip(lower=3.0))
    score = score.where(carried.fit >= 3, carried.fit)
    source = (rows["evidence_scope"].astype("str") + "'s statement, " + rows["evidence_kind"].astype("str")).where(
        stated | ~carried.h1b, "inferred from applications, petitions or cap exemption"
    )
    why = source.mask(carried.fit == 2, DOUBTFUL).mask(carried.fit == 1, AGAINST)
    return Part(score, why.where(score.notna(), NOTHING))


def recency(rows: pd.DataFrame, carried: Carried) -> Part:
    """Score how new the evidence for the visa is that carries each row."""
    for_it = rows["h1b_stated"].isin(OFFERED).where(carried.h1b, rows["j1_stated"].isin(OFFERED))
    stated = rows["evidence_date"].where(for_it)
    newest = stated.where(~carried.h1b, pd.concat([stated, rows["latest_trainee_filing"]], axis=1).max(axis=1))
    newest = newest.where(carried.fit.notna())
    of_year = year_only(newest, rows["evidence_kind"]) & newest.eq(stated)
    within = [(newest >= rows["as_of"] - pd.DateOffset(months=months)).fillna(False) for months in _RECENCY]
    score = pd.Series(np.select(within, list(_RECENCY.values()), 2), index=rows.index, dtype="float64")
    before = carried.h1b & before_payment(newest.mask(of_year, newest + pd.offsets.YearEnd()), rows["as_of"])
    score = score.mask(before & (score > 3), 3).where(newest.notna()).mask(carried.fit == 1, 1)
    shown = newest.dt.strftime("%Y-%m-%d").mask(of_year, newest.dt.strftime("%Y"))
    why = "the newest sign is of " + shown.astype("str")
    why = why.mask(before, why + f", before the payment of {payment_began():%B %Y} began")
    why = why.where(newest.notna(), UNDATED).mask(carried.fit == 1, AGAINST)
    return Part(score, why)


def _place(rows: pd.DataFrame, profile: Profile) -> Part:
    area = rows["metro_area"].astype("str")
    lower = area.str.lower()
    inside = pd.Series(False, index=rows.index)
    for metro in profile.metros:
        inside |= lower.str.contains(metro, regex=False).fillna(False).astype("bool")
    in_state = rows["state"].isin(profile.states)
    near = rows["state"].isin(states_of(profile.metros))
    unknown = rows["state"].isna() | (area.isna() & near)
    score = pd.Series(np.select([inside | in_state, unknown, near], [5.0, np.nan, 2.0], 1.0), index=rows.index)
    state = "in " + rows["state"].fillna("").astype("str")
    why = np.select(
        [inside, in_state, unknown, near],
        ["in " + area.fillna(""), state, PLACE_WHY["unknown"], PLACE_WHY["near"]],
        PLACE_WHY["elsewhere"],
    )
    return Part(score, pd.Series(why, index=rows.index, dtype="str"))


def states_of(metros: tuple[str, ...]) -> set[str]:
    """Return the states of the areas wanted. An area's name ends with them: New York-Newark-Jersey City, NY-NJ."""
    wanted = [name for name in metro_names() if any(metro in name.lower() for metro in metros)]
    return {state for name in wanted for state in name.rpartition(", ")[2].split("-")}


def _specialty(rows: pd.DataFrame, profile: Profile) -> Part:
    related = relations(listed_group(rows["specialty"], rows["specialty_code"]), profile.specialties)
    return Part(_numbers(related, SPECIALTY), related.map(SPECIALTY_WHY).astype("str").fillna(NO_SPECIALTY))


def size(rows: pd.DataFrame) -> Part:
    """Score the positions of each row beside the median of its specialty in `rows`."""
    approved, offered = (rows[name].astype("Float64") for name in ("positions_approved", "positions_offered_in_match"))
    # Approved positions are those of all years, offered ones those of one: each is compared with its own kind.
    whole = approved.notna()
    ratios = [kind / kind.groupby(rows["specialty_code"]).transform("median") for kind in (approved, offered)]
    ratio = ratios[0].where(whole, ratios[1]).astype("float64")
    score = pd.Series(np.select([ratio >= 2, ratio >= 1.25, ratio >= 0.75], [5.0, 4.0, 3.0], 2.0), index=rows.index)
    count = approved.where(whole, offered).astype("Int64").astype("str")
    kind = pd.Series(" positions offered in the Match", index=rows.index).mask(whole, " positions approved")
    why = count + kind + ", " + ratio.round(2).astype("str") + " times the median of the specialty"
    return Part(score.where(ratio.notna()), why.where(ratio.notna(), "positions not known"))


def img_share(rows: pd.DataFrame) -> Part:
    """Score the share of graduates of schools abroad, as programs answered in directories; none at all speaks against."""
    share = rows["img_percent"].astype("float64")
    steps = [share >= least for least in _IMG_SHARES]
    score = pd.Series(np.select([*steps, share > 0], [5.0, 4.0, 3.0, 2.0], 1.0), index=rows.index).where(share.notna())
    day = rows["graduates_answered_on"].dt.strftime("%Y-%m-%d").astype("str")
    why = share.map("{:g}".format).astype("str") + " percent graduated abroad, by its own answer of " + day
    return Part(score, why.where(share.notna(), "share of graduates of schools abroad not known"))
