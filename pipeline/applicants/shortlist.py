"""The list as one applicant's profile orders it, by docs/methods/shortlist.md.

What belongs here: weighing and ordering. Scales are in `scores.py`, must-haves and lights in `lights.py`, questions in
`questions.py`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.applicants.lights import lights, must_haves
from pipeline.applicants.profile import Profile
from pipeline.applicants.questions import QUESTION_COLUMNS, applicant_questions, records
from pipeline.applicants.scores import Part, score_criteria
from pipeline.schemas.shortlist import CRITERIA, SHORTLIST
from pipeline.schemas.vocabulary import LIGHT

# Above every no (1) and doubt (2), below every sign in favour (3 and more): unknown is never scored as no.
UNKNOWN_COUNTS: Final = 2.5
_ORDER: Final = {  # column -> whether the smallest comes first
    "_light": True, "score": False, "_inferred": True, "sponsoring_likelihood": False, "score_high": False, "state": True,
    "city": True, "institution": True, "specialty": True, "program_code": True,
}  # fmt: skip


def shortlist(listed: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """Return table SHORTLIST: rows of the list (functional_h1b_sponsors) that the profile is about, the best first.

    Programs of an unrelated specialty are left out. Unknown parts are null and count UNKNOWN_COUNTS in the score.
    """
    rows = listed.reset_index(drop=True)
    parts = score_criteria(rows, profile)
    weights = _weights(profile)
    scores = pd.DataFrame({name: part.score for name, part in parts.items()})
    musts = must_haves(rows, scores, profile)
    answer = rows.assign(
        **{name: scores[name] if name in weights else np.nan for name in CRITERIA},
        score=_total(scores, weights, UNKNOWN_COUNTS),
        score_low=_total(scores, weights, 1),
        score_high=_total(scores, weights, 5),
        light=lights(rows, scores, musts),
        why=_lists(_why(parts, weights), rows.index),
        must_haves=_lists([f"{name}: " + answers for name, answers in musts.items()], rows.index),
        ask=_questions(rows, profile, musts),
    )
    about = ~(scores["specialty_fit"] == 1) if profile.specialties else pd.Series(True, index=rows.index)
    placed = answer.assign(_light=answer["light"].map(LIGHT.index), _inferred=answer["sponsoring_likelihood"].notna())[
        about
    ]
    best = placed.sort_values(list(_ORDER), ascending=list(_ORDER.values()), kind="stable")
    return best[list(SHORTLIST.columns)].reset_index(drop=True)


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
