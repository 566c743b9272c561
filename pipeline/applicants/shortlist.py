"""Scores of the list's programs for one applicant, by docs/methods/shortlist.md."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from pipeline.applicants.profile import NOT_PLANNED, PASSED, Profile
from pipeline.filings.table import PAYMENT_SINCE, RECENT_MONTHS
from pipeline.linkage.places import metro_names
from pipeline.schemas.shortlist import CRITERIA, SHORTLIST
from pipeline.schemas.vocabulary import EXEMPT_CATEGORIES, LIGHT
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

# Above every no (1) and doubt (2), below every sign in favour (3 and more): unknown is never scored as no.
UNKNOWN_COUNTS: Final = 2.5
_GOOD: Final = 4
_H1B: Final = {"sponsors": 5, "case_by_case": 4, "likely": 4, "possible": 3, "conflicting": 2, "j1_only": 1, "none": 1}
_J1: Final = {"yes": 5, "case_by_case": 4, "no": 1}
_STATED: Final = ("yes", "case_by_case")
_SPECIALTY: Final = {SAME: 5, COMBINED: 4, PART: 3, SUBSPECIALTY: 3, PARENT: 3, OTHER: 1}
_SPECIALTY_SAID: Final = {
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


def shortlist(listed: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """Table SHORTLIST: rows of the list (functional_h1b_sponsors) that the profile is about, the best first.

    Programs of an unrelated specialty are left out. Unknown parts are null and count UNKNOWN_COUNTS in the score.
    """
    rows = listed.reset_index(drop=True)
    visa, routes = _visa_fit(rows, profile)
    parts = {
        "visa_fit": visa,
        "evidence_strength": _evidence(rows, routes),
        "recency": _recency(rows, routes),
        "place": _place(rows, profile),
        "specialty_fit": _specialty(rows, profile),
        "size": _size(rows),
    }
    asked = _asked(profile)
    scores = pd.DataFrame({name: part.score for name, part in parts.items()})
    musts = _must_haves(rows, scores, profile)
    answer = rows.assign(
        **{name: scores[name] if name in asked else np.nan for name in CRITERIA},
        score=_total(scores, asked, UNKNOWN_COUNTS),
        score_low=_total(scores, asked, 1),
        score_high=_total(scores, asked, 5),
        light=_light(rows, scores, musts),
        why=_sentences(_why(parts, asked), rows.index),
        must_haves=_sentences([f"{name}: " + said for name, said in musts.items()], rows.index),
        ask=_sentences(_ask(rows, profile, musts), rows.index),
    )
    about = ~(scores["specialty_fit"] == 1) if profile.specialties else pd.Series(True, index=rows.index)
    order = answer["light"].map({light: place for place, light in enumerate(LIGHT)})
    by = ["_order", "score", "score_high", "state", "city", "institution", "specialty", "program_code"]
    down = [True, False, False, True, True, True, True, True]
    best = answer.assign(_order=order)[about].sort_values(by, ascending=down, kind="stable")
    return best[list(SHORTLIST.columns)].reset_index(drop=True)


def _asked(profile: Profile) -> dict[str, float]:
    """Criteria with their weights, without those on which the profile is silent."""
    silent = {"place"} if not profile.states + profile.metros else set()
    silent |= set() if profile.specialties else {"specialty_fit"}
    return {name: weight for name, weight in profile.weights.items() if weight and name not in silent}


def _total(scores: pd.DataFrame, asked: dict[str, float], unknown: float) -> pd.Series:
    weights = pd.Series(asked)
    return (scores[list(asked)].fillna(unknown) * weights).sum(axis=1).div(weights.sum()).round(2)


@dataclass(frozen=True)
class _Routes:
    """Which visa carries the row (`h1b`, else J-1), and the fit before the applicant's own Step 3."""

    h1b: pd.Series
    fit: pd.Series


def _visa_fit(rows: pd.DataFrame, profile: Profile) -> tuple[Part, _Routes]:
    silent = (rows["sponsor_tier"] == "j1_only") & (rows["h1b_stated"] == "not_stated")
    base = _numbers(rows["sponsor_tier"], _H1B).mask(silent, 2)
    j1 = _numbers(rows["j1_stated"], _J1).mask((rows["policy"] == "none") & (rows["j1_stated"] == "not_stated"), 1)
    nothing = pd.Series(np.nan, index=rows.index)
    wanted = [name in profile.visas for name in ("H-1B", "J-1")]
    h1b, step3 = _with_step3(base, profile.step3, rows["as_of"])
    fits = pd.DataFrame({"h1b": h1b if wanted[0] else nothing, "j1": j1 if wanted[1] else nothing})
    best = fits.max(axis=1)
    open_ = fits.loc[:, wanted].isna().any(axis=1)
    best = best.mask(open_ & (best <= 2))
    by_h1b = fits["h1b"].fillna(0) >= fits["j1"].fillna(0) if wanted[0] else pd.Series(False, index=rows.index)
    # What the evidence says of the visa that carries the row, whatever the applicant still lacks.
    fit = base.where(by_h1b, j1).where(best.notna())
    stated = "tier " + rows["sponsor_tier"] + ", " + rows["tier_confidence"] + " confidence" + step3
    said = ("H-1B: " + stated).where(by_h1b, "J-1: stated " + rows["j1_stated"].str.replace("_", " "))
    unknown = "nothing is known of " + " or ".join(profile.visas) + " here"
    return Part(best, said.where(best.notna(), unknown)), _Routes(by_h1b, fit)


def _numbers(values: pd.Series, scale: dict[str, int]) -> pd.Series:
    return values.map(scale).astype("float64")


def _with_step3(fit: pd.Series, step3: str | dt.date | None, as_of: pd.Series) -> tuple[pd.Series, pd.Series]:
    """H-1B fit with the applicant's Step 3, and what is said of it."""
    if step3 == NOT_PLANNED:
        return fit.fillna(2).clip(upper=2), pd.Series("; without Step 3 no H-1B with patient care", index=fit.index)
    if step3 is None or step3 == PASSED:
        return fit, pd.Series("", index=fit.index)
    later = as_of < pd.Timestamp(step3)
    said = pd.Series("", index=fit.index).mask(later, f"; Step 3 not before {step3}")
    return fit.mask(later & (fit >= _GOOD), fit - 1), said


def _evidence(rows: pd.DataFrame, routes: _Routes) -> Part:
    confidence = rows["tier_confidence"].map({"high": 2, "medium": 1, "low": 0}).astype("float64")
    stated = rows["sponsor_tier"].isin(["sponsors", "case_by_case"])
    likely = 3.0 + (confidence > 0).astype("float64")
    h1b = (3 + confidence).where(stated, likely.where(rows["sponsor_tier"] == "likely", 3.0))
    fresh = rows["evidence_date"] >= rows["as_of"] - pd.DateOffset(months=RECENT_MONTHS)
    weak = (rows["evidence_scope"] == "institution").fillna(False).astype("float64")
    weak += (rows["evidence_kind"] == "restated").fillna(False).astype("float64") + (~fresh.fillna(False)).astype(
        "float64"
    )
    score = h1b.where(routes.h1b, (5.0 - weak).clip(lower=3.0))
    score = score.where(routes.fit >= 3, routes.fit)
    source = (rows["evidence_scope"].astype("str") + "'s statement, " + rows["evidence_kind"].astype("str")).where(
        stated | ~routes.h1b, "inferred from applications, petitions or cap exemption"
    )
    said = source.mask(routes.fit == 2, "doubtful").mask(routes.fit == 1, "the evidence is against")
    return Part(score, said.where(score.notna(), "nothing at hand"))


def _recency(rows: pd.DataFrame, routes: _Routes) -> Part:
    for_it = rows["h1b_stated"].isin(_STATED).where(routes.h1b, rows["j1_stated"].isin(_STATED))
    stated = rows["evidence_date"].where(for_it)
    newest = stated.where(~routes.h1b, pd.concat([stated, rows["latest_trainee_filing"]], axis=1).max(axis=1))
    newest = newest.where(routes.fit.notna())
    within = [newest >= rows["as_of"] - pd.DateOffset(months=months) for months in (12, 24, 36)]
    score = pd.Series(np.select([one.fillna(False) for one in within], [5, 4, 3], 2), index=rows.index, dtype="float64")
    before = routes.h1b & (newest <= PAYMENT_SINCE) & (rows["as_of"] > PAYMENT_SINCE)
    score = score.mask(before & (score > 3), 3).where(newest.notna()).mask(routes.fit == 1, 1)
    said = "the newest sign is of " + newest.dt.strftime("%Y-%m-%d").astype("str")
    said = said.mask(before, said + ", before the payment of September 2025 began")
    said = said.where(newest.notna(), "no dated statement or application").mask(
        routes.fit == 1, "the evidence is against"
    )
    return Part(score, said)


def _place(rows: pd.DataFrame, profile: Profile) -> Part:
    area = rows["metro_area"].astype("str")
    lower = area.str.lower()
    inside = pd.Series(False, index=rows.index)
    for metro in profile.metros:
        inside |= lower.str.contains(metro, regex=False).fillna(False).astype("bool")
    in_state = rows["state"].isin(profile.states)
    near = rows["state"].isin(_states_of(profile.metros))
    unknown = rows["state"].isna() | (area.isna() & near)
    score = pd.Series(np.select([inside | in_state, unknown, near], [5.0, np.nan, 2.0], 1.0), index=rows.index)
    state = "in " + rows["state"].fillna("").astype("str")
    said = np.select(
        [inside, in_state, unknown, near],
        ["in " + area.fillna(""), state, "area not known", "in the state of a wanted area, outside it"],
        "elsewhere",
    )
    return Part(score, pd.Series(said, index=rows.index, dtype="str"))


def _states_of(metros: tuple[str, ...]) -> set[str]:
    """States of the areas wanted. An area's name ends with them: New York-Newark-Jersey City, NY-NJ."""
    wanted = [name for name in metro_names() if any(metro in name.lower() for metro in metros)]
    return {state for name in wanted for state in name.rpartition(", ")[2].split("-")}


def _specialty(rows: pd.DataFrame, profile: Profile) -> Part:
    related = relations(listed_group(rows["specialty"], rows["specialty_code"]), profile.specialties)
    return Part(_numbers(related, _SPECIALTY), related.map(_SPECIALTY_SAID).astype("str").fillna("specialty not known"))


def _size(rows: pd.DataFrame) -> Part:
    approved, offered = (rows[name].astype("Float64") for name in ("positions_approved", "positions_offered_in_match"))
    # Approved positions are those of all years, offered ones those of one: each is compared with its own kind.
    whole = approved.notna()
    ratios = [kind / kind.groupby(rows["specialty_code"]).transform("median") for kind in (approved, offered)]
    ratio = ratios[0].where(whole, ratios[1]).astype("float64")
    score = pd.Series(np.select([ratio >= 2, ratio >= 1.25, ratio >= 0.75], [5.0, 4.0, 3.0], 2.0), index=rows.index)
    count = approved.where(whole, offered).astype("Int64").astype("str")
    kind = pd.Series(" positions offered in the Match", index=rows.index).mask(whole, " positions approved")
    said = count + kind + ", " + ratio.round(2).astype("str") + " times the median of the specialty"
    return Part(score.where(ratio.notna()), said.where(ratio.notna(), "positions not known"))


def _must_haves(rows: pd.DataFrame, scores: pd.DataFrame, profile: Profile) -> dict[str, pd.Series]:
    """yes, no or unknown for each must-have of the profile."""
    exempt = rows["cap_exempt_category"].astype("str")
    checks: dict[str, Callable[[], tuple[pd.Series, pd.Series]]] = {
        "specialty": lambda: (scores["specialty_fit"] == 5, scores["specialty_fit"] < 5),
        "place": lambda: (scores["place"] == 5, scores["place"] < 5),
        "h1b_stated": lambda: (rows["h1b_stated"].isin(_STATED), rows["h1b_stated"] == "no"),
        "recent_trainees": lambda: (
            (rows["trainee_filings_any_specialty_recent"] > 0).fillna(False).astype("bool"),
            pd.Series(False, index=rows.index),  # the disclosure files at hand are a part: none seen is no no
        ),
        "cap_exempt": lambda: (
            exempt.isin(EXEMPT_CATEGORIES),
            (exempt == "likely_cap_subject").fillna(False).astype("bool"),
        ),
    }
    said: dict[str, pd.Series] = {}
    for name in profile.must_haves:
        yes, no = checks[name]()
        said[name] = pd.Series(np.select([yes, no], ["yes", "no"], "unknown"), index=rows.index, dtype="str")
    return said


def _light(rows: pd.DataFrame, scores: pd.DataFrame, musts: dict[str, pd.Series]) -> pd.Series:
    red = scores["visa_fit"] == 1
    green = (scores[["visa_fit", "evidence_strength", "recency"]] >= _GOOD).all(axis=1) & ~_withdrawn(rows)
    for said in musts.values():
        red |= said == "no"
        green &= said == "yes"
    return pd.Series(np.select([red, green], ["red", "green"], "yellow"), index=rows.index, dtype="str")


def _withdrawn(rows: pd.DataFrame) -> pd.Series:
    return rows["accreditation_status"].astype("str").str.contains("Withdraw").fillna(False).astype("bool")


def _why(parts: dict[str, Part], asked: dict[str, float]) -> list[pd.Series]:
    told = {name: part.score.map("{:g}".format).where(part.score.notna(), "?") for name, part in parts.items()}
    return [
        f"{name.replace('_', ' ')} "
        + told[name].astype("str")
        + f" (weight {asked[name]:g}): "
        + part.why.astype("str")
        for name, part in parts.items()
        if name in asked
    ]


def _ask(rows: pd.DataFrame, profile: Profile, musts: dict[str, pd.Series]) -> list[pd.Series]:
    """What to ask, each null where there is nothing to ask."""
    index = rows.index
    questions: list[pd.Series] = []

    def when(holds: pd.Series, said: str | pd.Series) -> None:
        text = pd.Series(said, index=index, dtype="str") if isinstance(said, str) else said
        questions.append(text.where(holds))

    if "H-1B" in profile.visas:
        new = "Is an H-1B sponsored now for a new trainee, for this program, and which legal entity files it?"
        when(rows["needs_confirmation"].astype("bool") & (rows["h1b_stated"] != "no"), new)
    if "J-1" in profile.visas:
        when(rows["j1_stated"] == "not_stated", "Is a J-1 sponsored?")
    if "H-1B" in profile.visas and profile.step3 != PASSED:
        deadline = "Step 3 is required for an H-1B; by when? As stated: " + rows["step3_deadline"].fillna(
            "no day given"
        )
        when(rows["step3_required_for_h1b"] == "yes", deadline)
    when(_withdrawn(rows), "Is the program still open? Its accreditation is listed as withdrawn.")
    if "cap_exempt" in musts:
        when(musts["cap_exempt"] == "unknown", "Is the petition filed as exempt from the cap?")
    return questions


def _sentences(columns: list[pd.Series], index: pd.Index) -> pd.Series:
    """Lists of what each row's columns say, nulls left out."""
    if not columns:
        return pd.Series([[] for _ in index], index=index, dtype="object")
    told = [[text for text in row if isinstance(text, str)] for row in zip(*columns, strict=True)]
    return pd.Series(told, index=index, dtype="object")
