"""Scores of a contender on labelled spellings, by the definitions of `h1b-sponsors evaluate matching`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from pipeline.evaluate.linkage import evaluate
from pipeline.schemas.ids import PETITIONER_SITE

_STEPS: Final = 101  # thresholds that are tried


@dataclass(frozen=True)
class Score:
    """precision and recall (rows labelled same, high confidence) of `same` links; threshold: None where there is none."""

    precision: float
    recall: float
    unjudged: int
    threshold: float | None = None

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def of_links(gold: Path, links: pd.DataFrame, institutions: pd.DataFrame, threshold: float | None = None) -> Score:
    """Score of accepted links."""
    figures = evaluate(gold, links, institutions).figures
    return Score(figures["precision"], figures["recall"], figures["unjudged"], threshold)


def of_best_threshold(gold: Path, found: pd.DataFrame, petitions: pd.DataFrame, institutions: pd.DataFrame) -> Score:
    """The score at the threshold with the best F1 on the very labels it is measured by: in favour of the contender.

    found: columns institution_id, score and those of PETITIONER_SITE that the contender looked at. All it finds is `same`.
    """
    codes = set(pd.read_csv(gold, dtype="str")["sponsor_code"])
    labelled = institutions.loc[institutions["sponsor_code"].isin(codes), "institution_id"]
    found = found[found["institution_id"].isin(set(labelled))]
    sites = petitions[petitions["employer"] != ""][[*PETITIONER_SITE]].drop_duplicates()
    rows = found.merge(sites, on=[name for name in PETITIONER_SITE if name in found.columns])
    rows = rows.assign(decision="accepted", relation="same", method="name", approvals=0)
    rows["reasons"] = pd.Series([[] for _ in range(len(rows))], index=rows.index, dtype=object)
    thresholds = np.unique(np.quantile(rows["score"], np.linspace(0, 1, _STEPS)))
    scores = [of_links(gold, rows[rows["score"] >= least], institutions, float(least)) for least in thresholds]
    return max(scores, key=lambda score: (score.f1, score.precision))
