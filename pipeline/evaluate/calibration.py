"""How far likelihoods are from what was answered, and how far they would be by chance alone.

What belongs here: arithmetic on likelihoods (0 to 1) and answers (1 or 0). With few cases the calibration error is above zero for a
likelihood that is exactly right, so it is shown beside the error of such a one on the same cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

BINS: Final = 10
_DRAWS: Final = 500
_SEED: Final = 20_261_130  # equal cases give equal figures
_STEPS: Final = 50
_EDGE: Final = 1e-4  # log odds of 0 and 1 would be infinite
_FEWEST: Final = 20  # cases from which a slope is worth telling


@dataclass(frozen=True)
class Slope:
    """Logistic recalibration (Cox): log odds of the answers = intercept + slope × those of the likelihood; with standard errors.

    Of a likelihood that is right the intercept is 0 and the slope 1; a slope below 1 means that it is too sure of itself.
    """

    intercept: float
    slope: float
    intercept_error: float
    slope_error: float


def by_tenths(likely: pd.Series, yes: pd.Series) -> list[dict[str, Any]]:
    """Return for each tenth with cases: least, most, n, likelihood (mean) and yes (share)."""
    frame = pd.DataFrame({"likely": likely, "yes": yes})
    place = _tenth(likely.to_numpy(dtype="float64"))
    groups = [(number, frame[place == number]) for number in range(BINS)]
    return [
        {
            "least": number / BINS,
            "most": (number + 1) / BINS,
            "n": len(group),
            "likelihood": round(float(group["likely"].mean()), 4),
            "yes": round(float(group["yes"].mean()), 4),
        }
        for number, group in groups
        if len(group)
    ]


def calibration_error(likely: np.ndarray, yes: np.ndarray) -> float | None:
    """Return the mean distance of the likelihood from the share of yes in tenths, weighted by number; None without a case."""
    return round(float(_errors(likely, yes[None, :])[0]), 4) if len(likely) else None


def error_by_chance(likely: np.ndarray) -> tuple[float, float] | None:
    """Return the calibration error, mean and 95th percentile, of 500 draws of answers for which the likelihood is exactly right; None
    without a case."""
    if not len(likely):
        return None
    drawn = np.random.default_rng(_SEED).random((_DRAWS, len(likely))) < likely
    errors = _errors(likely, drawn.astype("float64"))
    return round(float(errors.mean()), 4), round(float(np.quantile(errors, 0.95)), 4)


def recalibration(likely: np.ndarray, yes: np.ndarray) -> Slope | None:
    """Return the logistic recalibration of likelihoods on answers; None for fewer than 20 cases, answers of one kind, or likelihoods
    that don't differ."""
    if len(likely) < _FEWEST or yes.min() == yes.max() or likely.min() == likely.max():
        return None
    inside = likely.clip(_EDGE, 1 - _EDGE)
    rows = np.column_stack([np.ones(len(likely)), np.log(inside / (1 - inside))])
    weights, hessian = np.array([0.0, 1.0]), np.eye(2)
    for _ in range(_STEPS):
        expected = 1 / (1 + np.exp(-(rows @ weights).clip(-30, 30)))
        hessian = (rows.T * (expected * (1 - expected))) @ rows + 1e-9 * np.eye(2)
        weights = weights + np.linalg.solve(hessian, rows.T @ (yes - expected))
    errors = np.sqrt(np.diag(np.linalg.inv(hessian)))
    return Slope(*(round(float(value), 3) for value in (*weights, *errors)))


def _tenth(likely: np.ndarray) -> np.ndarray:
    return np.minimum((likely * BINS).astype("int64"), BINS - 1)


def _errors(likely: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """Return the calibration error of each row of `answers`."""
    place = np.zeros((len(likely), BINS))
    place[np.arange(len(likely)), _tenth(likely)] = 1.0
    return np.abs((answers - likely) @ place).sum(axis=1) / len(likely)
