"""Weights of a logistic model that start from what is known beforehand and move with the statements of a release.

What belongs here: arithmetic. What the features are is in `likelihood_inputs.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

_STEPS: Final = 30


@dataclass(frozen=True)
class Prior:
    """What is known of each weight before a statement is seen: its mean, how sure (standard deviation), and whether it is
    never negative."""

    mean: np.ndarray
    sd: np.ndarray
    never_negative: np.ndarray


@dataclass(frozen=True)
class Fitted:
    """Weights, and their covariance."""

    weights: np.ndarray
    covariance: np.ndarray


def fit(features: np.ndarray, answers: np.ndarray, counts: np.ndarray, offset: float, prior: Prior) -> Fitted:
    """Return the most probable weights given statements, and how sure they are (Laplace's approximation).

    features: a row for each statement, a column for each weight. answers: 1 for H-1B, 0 against. counts: how much each row counts.
    offset: log odds where all features are 0. Without rows the prior comes back.
    """
    weights, precision = prior.mean.astype("float64"), np.diag(prior.sd**-2.0)
    hessian = precision
    for _ in range(_STEPS):
        expected = probability(features @ weights + offset)
        slope = features.T @ (counts * (expected - answers)) + precision @ (weights - prior.mean)
        hessian = (features.T * (counts * expected * (1 - expected))) @ features + precision
        # A weight that rests on its bound and would fall below it is left out of the step.
        free = ~(prior.never_negative & (weights <= 0) & (slope > 0))
        step = np.zeros_like(weights)
        step[free] = np.linalg.solve(hessian[np.ix_(free, free)], slope[free])
        weights = np.where(prior.never_negative, np.maximum(weights - step, 0.0), weights - step)
    return Fitted(weights, np.linalg.inv(hessian))


def probability(log_odds: np.ndarray) -> np.ndarray:
    """Return the probabilities of log odds."""
    return 1.0 / (1.0 + np.exp(-log_odds))
