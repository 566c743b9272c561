"""The list as one applicant's profile orders it, by docs/methods/shortlist.md.

What belongs here: weighing and ordering. Scales are in `scores.py`, must-haves and lights in `lights.py`, questions in
`questions.py`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.applicants.asked import STATE_COLUMNS, contact_states, no_log
from pipeline.applicants.lights import lights, must_haves
from pipeline.applicants.notes import no_notes
from pipeline.applicants.profile import Profile
from pipeline.applicants.questions import QUESTION_COLUMNS, applicant_questions
from pipeline.applicants.rows import records
from pipeline.applicants.scores import Part, score_criteria
from pipeline.schemas.shortlist import CRITERIA, SHORTLIST
from pipeline.schemas.vocabulary import LIGHT, PRELIMINARY
from pipeline.specialties.vocabulary import fellowship_names

# Above every no (1) and doubt (2), below every sign in favour (3 and more): unknown is never scored as no.
UNKNOWN_COUNTS: Final = 2.5
UNRATED: Final = 3  # own interest where none is noted: between the good and the bad
_ORDER: Final = {  # column -> whether the smallest comes first
    "_light": True, "_second": True, "_interest": False, "score": False, "_inferred": True, "sponsoring_likelihood": False,
    "score_high": False, "state": True, "city": True, "institution": True, "specialty": True, "program_code": True,
}  # fmt: skip


def shortlist(
    listed: pd.DataFrame, profile: Profile, notes: pd.DataFrame | None = None, log: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return table SHORTLIST: rows of the list (functional_h1b_sponsors) that the profile is about, the best first.

    Programs of an unrelated specialty or another level are left out, and those elsewhere where only places are wanted. Unknown parts
    are null and count UNKNOWN_COUNTS in the score. notes: own interest and notes by program_code, as `read_notes` returns them; a
    program without interest is ordered as one with 3. log: what was asked and answered, as `read_log` returns it.
    """
    rows = listed.reset_index(drop=True)
    parts, second = score_criteria(rows, profile)
    notes = no_notes() if notes is None else notes
    interest = rows["program_code"].map(notes["interest"]).astype("Int64")
    weights = _weights(profile)
    scores = pd.DataFrame({name: part.score for name, part in parts.items()})
    musts = must_haves(rows, scores, profile)
    states = contact_states(rows, no_log() if log is None else log)
    answer = rows.assign(
        **{name: scores[name] if name in weights else np.nan for name in CRITERIA},
        score=_total(scores, weights, UNKNOWN_COUNTS),
        score_low=_total(scores, weights, 1),
        score_high=_total(scores, weights, 5),
        light=lights(rows, scores, musts, profile),
        why=_lists(_why(parts, weights), rows.index),
        must_haves=_lists([f"{name}: " + answers for name, answers in musts.items()], rows.index),
        ask=_questions(rows, profile, musts),
        interest=interest,
        notes=rows["program_code"].map(notes["notes"]).astype("str"),
        **{name: states[name] for name in STATE_COLUMNS},
    )
    placed = answer.assign(
        _light=answer["light"].map(LIGHT.index),
        _second=second,
        _interest=interest.fillna(UNRATED),
        _inferred=answer["sponsoring_likelihood"].notna(),
    )[_is_about(rows, scores, profile)]
    best = placed.sort_values(list(_ORDER), ascending=list(_ORDER.values()), kind="stable")
    return best[list(SHORTLIST.columns)].reset_index(drop=True)


def _is_about(rows: pd.DataFrame, scores: pd.DataFrame, profile: Profile) -> pd.Series:
    """Find the rows that the profile is about: its specialties, its level, and its places where it wants no other."""
    about = ~(scores["specialty_fit"] == 1) if profile.specialties else pd.Series(True, index=rows.index)
    if profile.only_places:
        about &= scores["place"] == 5
    fellowship = rows["specialty"].isin(fellowship_names())
    if profile.level == "preliminary":
        return about & pd.Series(
            [not PRELIMINARY.isdisjoint(kinds) for kinds in rows["track_kinds"]], rows.index, dtype="bool"
        )
    return about & (fellowship == (profile.level == "fellowship")) if profile.level else about


def _weights(profile: Profile) -> dict[str, float]:
    """Return the criteria with their weights, without those on which the profile is silent."""
    silent = {"place"} if not profile.states + profile.metros else set()
    silent |= set() if profile.specialties else {"specialty_fit"}
    return {name: weight for name, weight in profile.weights.items() if weight and name not in silent}


def _total(scores: pd.DataFrame, weights: dict[str, float], unknown: float) -> pd.Series:
    """Return the weighted mean of each row's scores; a null one counts `unknown`."""
    weight = pd.Series(weights)
    return (scores[list(weights)].fillna(unknown) * weight).sum(axis=1).div(weight.sum()).round(2)


def _why(parts: dict[str, Part], weights: dict[str, float]) -> list[pd.Series]:
    return [
        f"{name.replace('_', ' ')} "
        + part.score.map("{:g}".format).where(part.score.notna(), "?").astype("str")
        + f" (weight {weights[name]:g}): "
        + part.why.astype("str")
        for name, part in parts.items()
        if name in weights
    ]


def _questions(rows: pd.DataFrame, profile: Profile, musts: dict[str, pd.Series]) -> pd.Series:
    no_must = pd.Series("yes", index=rows.index)
    cap_open = musts.get("cap_exempt", no_must) == "unknown"
    questions = [
        applicant_questions(row, profile, cap_open=is_open)
        for row, is_open in zip(records(rows[list(QUESTION_COLUMNS)]), cap_open, strict=True)
    ]
    return pd.Series(questions, index=rows.index, dtype="object")


def _lists(columns: list[pd.Series], index: pd.Index) -> pd.Series:
    """Return a list for each row of what its columns say, nulls left out."""
    rows = [[text for text in row if isinstance(text, str)] for row in zip(*columns, strict=True)]
    return pd.Series(rows or [[] for _ in index], index=index, dtype="object")
