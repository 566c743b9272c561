"""Must-haves of one applicant, and the light of each row: green, yellow or red, by docs/methods/shortlist.md.

What belongs here: what is decided by yes, no or unknown. Scores are in `scores.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from pipeline.applicants.holds import holds_on_visa
from pipeline.applicants.profile import Profile
from pipeline.applicants.routes import frozen_now
from pipeline.applicants.step3 import GOOD
from pipeline.schemas.vocabulary import EXEMPT_CATEGORIES, OFFERED
from pipeline.tiers.accreditation import WITHDRAWN

Answers = tuple[pd.Series, pd.Series]  # where yes, where no; unknown elsewhere

_MUST_HAVES: Final[dict[str, Callable[[pd.DataFrame, pd.DataFrame], Answers]]] = {
    "specialty": lambda rows, scores: (scores["specialty_fit"] == 5, scores["specialty_fit"] < 5),
    "place": lambda rows, scores: (scores["place"] == 5, scores["place"] < 5),
    "h1b_stated": lambda rows, scores: (rows["h1b_stated"].isin(OFFERED), rows["h1b_stated"] == "no"),
    # The disclosure files at hand are a part of what there is: none seen is no no.
    "recent_trainees": lambda rows, scores: (
        (rows["trainee_filings_any_specialty_recent"] > 0).fillna(False).astype("bool"),
        pd.Series(False, index=rows.index),
    ),
    "cap_exempt": lambda rows, scores: (
        rows["cap_exempt_category"].isin(EXEMPT_CATEGORIES),
        rows["cap_exempt_category"].isin(["likely_cap_subject"]),
    ),
}
# Those that hang on the program alone, not on what else the profile says.
OF_PROGRAM: Final = ("h1b_stated", "recent_trainees", "cap_exempt")


def must_haves(rows: pd.DataFrame, scores: pd.DataFrame, profile: Profile) -> dict[str, pd.Series]:
    """Return yes, no or unknown in each row for each must-have of the profile.

    scores: the criteria as columns, indexed as `rows`.
    """
    answers = {name: _MUST_HAVES[name](rows, scores) for name in profile.must_haves}
    return {
        name: pd.Series(np.select([yes, no], ["yes", "no"], "unknown"), index=rows.index, dtype="str")
        for name, (yes, no) in answers.items()
    }


def lights(rows: pd.DataFrame, scores: pd.DataFrame, musts: dict[str, pd.Series], profile: Profile) -> pd.Series:
    """Return green, yellow or red for each row.

    red: a must-have is no, every acceptable visa is denied or closed, or the accreditation was withdrawn. green: fit, evidence and
    recency are good, every must-have is yes, no order of a state binds the program today, and no route is closed to people of whom
    the profile doesn't say whether the applicant is one.
    """
    red = (scores["visa_fit"] == 1) | (rows["accreditation"] == WITHDRAWN)
    green = (scores[["visa_fit", "evidence_strength", "recency"]] >= GOOD).all(axis=1)
    green &= ~frozen_now(rows)
    if profile.where is None:
        green &= (rows["routes"].map(len) == 0) | ~rows["h1b_stated"].isin(OFFERED)
        held = {day: bool(holds_on_visa(profile, "H-1B", pd.Timestamp(day).date())) for day in rows["as_of"].unique()}
        green &= ~rows["as_of"].map(held).astype("bool")
    for answers in musts.values():
        red |= answers == "no"
        green &= answers == "yes"
    return pd.Series(np.select([red, green], ["red", "green"], "yellow"), index=rows.index, dtype="str")
