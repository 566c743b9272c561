"""The door of the second reader: blocks in, what their words weigh for each visa out.

What belongs here: from weights to a reading. It never decides alone; `policies/agreement` holds it against the first reader.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pipeline.documents.blocks import Block, Texts
from pipeline.policies.decision import NOT_STATED, policy_of
from pipeline.policies.weighed.features import opening_features, page_features, unit_features
from pipeline.policies.weighed.units import PageUnits, Unit, units_of
from pipeline.policies.weighed.weights import PAGE, UNIT, Weights, shipped_weights

_MOST_REASONS: Final = 4
_ENOUGH: Final = 0.3  # chance from which a sentence is shown as a reason


@dataclass(frozen=True)
class Reason:
    """A sentence and what it weighs: `outcome` ("h1b no"), its chance, and the features that weigh most with their weights."""

    quote: str
    block: int
    start: int
    end: int
    outcome: str
    chance: float
    features: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class WeighedReading:
    """Stances and policy as in table `visa_policies`; chances: policy -> how probable, 1 together. reasons: the
    sentences that weigh most, in the order of the page; none where the page holds no word near visas."""

    j1: str
    h1b: str
    policy: str
    chances: Mapping[str, float]
    reasons: tuple[Reason, ...]


SILENT: Final = WeighedReading(NOT_STATED, NOT_STATED, NOT_STATED, {NOT_STATED: 1.0}, ())


def weigh(blocks: tuple[Block, ...], texts: Texts, of_program: bool) -> WeighedReading:
    """Read blocks by weights. of_program: for one program, not for an institution. Deterministic, linear."""
    page = units_of(blocks, texts)
    if not page.units:
        return SILENT
    weights, of_pages = shipped_weights(UNIT), shipped_weights(PAGE)
    opening = opening_features(page, of_program)
    seen = [unit_features(unit, opening) for unit in page.units]
    chances = [weights.chances([(feature, 1.0) for feature in features]) for features in seen]
    scores = scores_by_outcome(weights.outcomes, chances)
    outcomes = of_pages.chances(page_features(page, opening, texts, scores).items())
    stances = _shares(dict(zip(of_pages.outcomes, outcomes, strict=True)))
    joint: dict[str, float] = defaultdict(float)
    for j1, chance in stances["j1"].items():
        for h1b, other in stances["h1b"].items():
            joint[policy_of(j1, h1b)] += chance * other
    policy = _likeliest(joint)
    pairs = {
        (j1, h1b): chance * other
        for j1, chance in stances["j1"].items()
        for h1b, other in stances["h1b"].items()
        if policy_of(j1, h1b) == policy
    }
    j1, h1b = max(sorted(pairs), key=lambda pair: pairs[pair])
    reasons = _reasons(page, seen, chances, weights)
    return WeighedReading(j1, h1b, policy, dict(sorted(joint.items())), reasons)


def scores_by_outcome(outcomes: tuple[str, ...], chances: list[list[float]]) -> dict[str, list[float]]:
    """Return the chances of all units by outcome."""
    return {outcome: [row[place] for row in chances] for place, outcome in enumerate(outcomes)}


def _shares(chances: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """Return visa -> stance -> its share, 1 together for each visa."""
    shares: dict[str, dict[str, float]] = defaultdict(dict)
    for outcome, chance in chances.items():
        visa, stance = outcome.split(" ", 1)
        shares[visa][stance] = chance
    return {
        visa: {stance: chance / math.fsum(held.values()) for stance, chance in held.items()}
        for visa, held in shares.items()
    }


def _likeliest(chances: Mapping[str, float]) -> str:
    return max(sorted(chances), key=lambda name: chances[name])


def _reasons(page: PageUnits, seen: list[set[str]], chances: list[list[float]], weights: Weights) -> tuple[Reason, ...]:
    """Return the sentences with the greatest chance to state something, in the order of the page."""
    best = [max(range(len(row)), key=lambda place, row=row: row[place]) for row in chances]
    ranked = sorted(range(len(chances)), key=lambda number: (-chances[number][best[number]], number))
    shown = [number for number in ranked[:_MOST_REASONS] if chances[number][best[number]] >= _ENOUGH]
    return tuple(
        _reason(
            page.units[number], weights.outcomes[best[number]], chances[number][best[number]], seen[number], weights
        )
        for number in sorted(shown)
    )


def _reason(unit: Unit, outcome: str, chance: float, seen: set[str], weights: Weights) -> Reason:
    quote = " ".join(unit.sentence.text.split())
    features = weights.strongest(outcome, seen, 5)
    return Reason(quote, unit.number, unit.sentence.start, unit.sentence.end, outcome, round(chance, 3), features)
