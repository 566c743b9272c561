"""How well tiers and the inferred likelihood of a release agree with what programs answer: precision, order and calibration.

What belongs here: figures and the report. Nothing of the answers enters the release.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pandas as pd

from pipeline.evaluate.base import Evaluation, read_gold
from pipeline.evaluate.calibration import by_tenths, calibration_error, error_by_chance, recalibration
from pipeline.schemas.vocabulary import SPONSOR_TIER

COLUMNS: Final = ("program_code", "h1b")
LISTED: Final = ("program_code", "sponsor_tier", "policy", "sponsoring_likelihood")
_CODE_LENGTH: Final = 10


def evaluate(gold: Path, listed: pd.DataFrame) -> Evaluation:
    """Return figures and report for a CSV file of answers: program_code, h1b (yes or no).

    listed: columns LISTED of table functional_h1b_sponsors. n: answers; found: those of programs in the list; base_rate: share of
    yes among them. precision_by_tier: for each tier the programs found and the share of yes. auc_of_tiers: how well the order of
    the tiers parts yes from no (1 at best, 0.5 by chance). Of the programs that state no policy: with_likelihood, their number,
    auc, calibration_error (mean distance of the likelihood from the share of yes in tenths, weighted by number) beside what it is
    by chance for a likelihood that is exactly right (mean, 95th percentile), recalibration (`calibration.Slope`) and calibration, the
    table by tenths. Figures without a case are null. Raises GoldError.
    """
    answers = read_gold(gold, COLUMNS, {"h1b": ("yes", "no")}, {"program_code": r"[0-9M]\d{5,9}"})
    # Spreadsheets take leading zeros for padding.
    codes = answers["program_code"].where(
        answers["program_code"].str.startswith("M"), answers["program_code"].str.zfill(_CODE_LENGTH)
    )
    cases = answers.assign(program_code=codes, yes=(answers["h1b"] == "yes").astype("float64")).merge(
        listed, on="program_code"
    )
    graded = cases[cases["sponsoring_likelihood"].notna()]
    likely = graded["sponsoring_likelihood"].astype("float64")
    rank = cases["sponsor_tier"].map({tier: -place for place, tier in enumerate(SPONSOR_TIER)})
    table = by_tenths(likely, graded["yes"])
    given, answered = (part.to_numpy(dtype="float64") for part in (likely, graded["yes"]))
    slope = recalibration(given, answered)
    figures: dict[str, object] = {
        "n": len(answers),
        "found": len(cases),
        "base_rate": _share(cases["yes"]),
        "auc_of_tiers": _auc(rank, cases["yes"]),
        "with_likelihood": len(graded),
        "auc": _auc(likely, graded["yes"]),
        "calibration_error": calibration_error(given, answered),
        "calibration_error_by_chance": error_by_chance(given),
        "recalibration": None if slope is None else vars(slope),
        "precision_by_tier": {
            tier: {"n": len(group), "yes": _share(group["yes"])}
            for tier in SPONSOR_TIER
            if len(group := cases[cases["sponsor_tier"] == tier])
        },
        "calibration": table,
    }
    return Evaluation(figures, tuple(_report(figures, table)))


def _auc(score: pd.Series, yes: pd.Series) -> float | None:
    """Return the chance that a yes has the higher score than a no, ties counted half; None where there is no pair."""
    positive, negative = int(yes.sum()), int((1 - yes).sum())
    if not positive or not negative:
        return None
    ranks = score.rank(method="average")
    return round(float((ranks[yes == 1].sum() - positive * (positive + 1) / 2) / (positive * negative)), 4)


def _share(values: pd.Series) -> float | None:
    return round(float(values.mean()), 4) if len(values) else None


def _report(figures: dict[str, object], table: list[dict[str, Any]]) -> list[str]:
    plain = [
        f"  {name}: {'-' if value is None else value}"
        for name, value in figures.items()
        if not isinstance(value, dict | list)
    ]
    slope = figures["recalibration"]
    if isinstance(slope, dict):
        ends = (f"{name} {slope[name]} ± {slope[f'{name}_error']}" for name in ("intercept", "slope"))
        plain.append(f"  recalibration: {', '.join(ends)} (standard errors; 0 and 1 where it is right)")
    tiers = figures["precision_by_tier"]
    assert isinstance(tiers, dict)
    return [
        "Tiers and inferred likelihood against programs' own answers",
        *plain,
        "",
        "tier            programs    answer yes",
        *(f"{tier:<16}{row['n']:>8}{row['yes']:>14.3f}" for tier, row in tiers.items()),
        "",
        "likelihood      programs    mean likelihood    answer yes",
        *(
            f"{row['least']:.1f} to {row['most']:.1f}{row['n']:>14}{row['likelihood']:>19.3f}{row['yes']:>14.3f}"
            for row in table
        ),
    ]
