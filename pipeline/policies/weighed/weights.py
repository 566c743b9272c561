"""The weights of the second reader (`reference/policy/weights.csv`), and sums of them.

What belongs here: arithmetic. What the features mean is in `features`; how weights are fitted in `evaluate/fit_policies`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from pipeline.reference.load import read_rows

BASE: Final = "(base)"  # the feature that everything has
UNIT, PAGE = "unit", "page"


@dataclass(frozen=True)
class Weights:
    """outcomes: "h1b yes" and the like. of: feature -> the places of outcomes it weighs for, with its weights."""

    outcomes: tuple[str, ...]
    of: Mapping[str, tuple[tuple[int, float], ...]]

    def chances(self, features: Iterable[tuple[str, float]]) -> list[float]:
        """Return the chance of each outcome, between 0 and 1, where these features are seen with these values."""
        parts: list[list[float]] = [[] for _ in self.outcomes]
        known = self.of
        for feature, value in ((BASE, 1.0), *features):
            for place, weight in known.get(feature, ()):
                parts[place].append(weight * value)
        # fsum: the same whatever the order of the features
        return [1 / (1 + math.exp(-min(max(math.fsum(part), -30.0), 30.0))) for part in parts]

    def strongest(self, outcome: str, features: Iterable[str], most: int) -> tuple[tuple[str, float], ...]:
        """Return the features that speak most for or against an outcome, with their weights, the strongest first."""
        wanted = self.outcomes.index(outcome)
        found = [
            (feature, weight) for feature in features for place, weight in self.of.get(feature, ()) if place == wanted
        ]
        ranked = sorted(found, key=lambda pair: (-abs(pair[1]), pair[0]))
        return tuple(ranked[:most])


@cache
def shipped_weights(kind: str) -> Weights:
    """Return the shipped weights of units or of pages: UNIT or PAGE. Raises ReferenceTableError as its loader does."""
    return weights_of(row for row in read_rows("policy/weights.csv") if row["kind"] == kind)


def weights_of(rows: Iterable[Mapping[str, str]]) -> Weights:
    """Return the weights of one kind of rows of the table."""
    listed: Sequence[Mapping[str, str]] = list(rows)
    outcomes = tuple(dict.fromkeys(f"{row['visa']} {row['stance']}" for row in listed))
    places = {outcome: place for place, outcome in enumerate(outcomes)}
    table: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for row in listed:
        table[row["feature"]].append((places[f"{row['visa']} {row['stance']}"], float(row["weight"])))
    return Weights(outcomes, {feature: tuple(cells) for feature, cells in table.items()})
