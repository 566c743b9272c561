"""What the other cells of an application say for or against the reading of its title: pay, start, employer, worksite.

What belongs here: how they move the confidence, and in which words. What a title says is in `titles.py`.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import pandas as pd

from pipeline.filings.soc import soc_kind

# The first to the ninety-ninth percentile of full-time trainees in FY2025, rounded outwards; pay rises 3 % a year.
_PAY_LOW, _PAY_HIGH, _PAY_YEAR, _PAY_RISE = 52_000, 135_000, 2025, 1.03
_TRAINING_STARTS: Final = (6, 7)
_MEDICAL: Final = re.compile(r"physician|medical|house ?staff|house officer|gme|pgy", re.IGNORECASE)
_LEVELS: Final = ("low", "medium", "high")


def weigh(filings: pd.DataFrame, linked: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return confidence (high, medium, low) and evidence (lists of sentences) after pay, start, employer and worksite.

    filings: soc_code, job_title, begin_date, annual_wage, full_time, and confidence and evidence of the title (see
    `read_titles`). linked: see `linked_employers`. Both are indexed as `filings`.
    """
    pay, pay_says = _pay(filings)
    start = filings["begin_date"].dt.month.isin(_TRAINING_STARTS)
    # Under a residual code a title without a word of medicine may be a veterinary or other resident's.
    bare = ~filings["soc_code"].map(_is_physician_soc).astype("bool") & ~filings["job_title"].str.contains(_MEDICAL)
    less = np.where(bare, -2, -1)
    steps = np.where(pay == -1, less, np.where((pay == 1) & start & linked["institution_id"].notna(), 1, 0))
    before = filings["confidence"].map(_LEVELS.index).to_numpy(dtype="int64")
    # Support lifts medium only: it can't make sense of a title that says little.
    after = np.where(steps == 1, np.where(before == 1, 2, before), np.clip(before + steps, 0, 2))
    parts = [pay_says, _start_says(filings, start), linked["employer_says"], linked["worksite_says"]]
    evidence = [
        [*of_title, *(line for line in lines if isinstance(line, str))]
        for of_title, *lines in zip(filings["evidence"], *parts, strict=True)
    ]
    return (
        pd.Series(np.array(_LEVELS)[after], index=filings.index, dtype="str"),
        pd.Series(evidence, index=filings.index, dtype="object"),
    )


def _start_says(filings: pd.DataFrame, in_season: pd.Series) -> pd.Series:
    month = filings["begin_date"].dt.strftime("%B %Y")
    sentences = ("supports: begins in " + month + ", when training years begin").where(
        in_season, "open: begins in " + month
    )
    return sentences.where(filings["begin_date"].notna())


def _is_physician_soc(soc_code: object) -> bool:
    return isinstance(soc_code, str) and soc_kind(soc_code) == "physician"


def _pay(filings: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return 1 in the range of trainees' pay, -1 outside, 0 where it isn't judged; and the sentence that says so."""
    year = filings["begin_date"].dt.year.fillna(_PAY_YEAR)
    rise = _PAY_RISE ** (year - _PAY_YEAR)
    wage = filings["annual_wage"]
    extra = filings["job_title"].str.contains("moonlight", case=False)
    judged = wage.notna() & ~extra & (filings["full_time"].astype("boolean").fillna(True))
    inside = wage.between(_PAY_LOW * rise, _PAY_HIGH * rise)
    verdict = pd.Series(np.select([~judged, inside], [0, 1], -1), index=filings.index)
    amount = "$" + wage.fillna(0).map("{:,.0f}".format).astype("str") + " a year"
    sentences = "contradicts (weakly): " + amount + ", not as trainees are paid"
    sentences = sentences.mask(inside, "supports (weakly): " + amount + ", as trainees are paid")
    sentences = sentences.mask(~judged, "open: part-time or extra shifts, " + amount)
    return verdict, sentences.mask(wage.isna())
