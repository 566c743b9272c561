"""Two readings of one page held against each other: what is published, and whether it is sure.

What belongs here: the decision between the readers. Neither knows of the other; how each reads is in `sentence` and `weighed`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from pipeline.policies.claims import CONTACT
from pipeline.policies.decision import NOT_STATED, policy_of
from pipeline.policies.sentence.polarity import NO, YES
from pipeline.policies.weighed.reading import WeighedReading

# On fewer characters the second reader, which goes by the page around a sentence, only raises doubt.
LEAST_PAGE: Final = 600
# By how much its policy must be likelier than the first reader's; chosen by cross-validation on the training half.
MARGIN: Final = 0.5
# The same where the first reader found it plainly stated and nothing against it.
PLAIN_MARGIN: Final = 0.75

DIFFER: Final = "readers_differ"  # rule of a reading on which the two do not agree
# Chance of the policy that both read from which the second reader settles what the first one doubts.
LIKELY: Final = 0.4


@dataclass(frozen=True)
class Stances:
    """What one reader says: vocabularies as in table `visa_policies`."""

    j1: str
    h1b: str
    policy: str


@dataclass(frozen=True)
class Settled:
    """What is published. agreed: both readers say the same of the H-1B and in `policy`; by_weights: the second one's
    stances are taken."""

    stances: Stances
    agreed: bool
    by_weights: bool


def settle(
    first: Stances, second: WeighedReading, characters: int, *, plain: bool = False, asks: bool = False
) -> Settled:
    """Decide between two readings of a page of so many characters.

    plain: the first reader is highly confident; asks: it read that one must ask, or that others decide.

    Where they agree, that is it. On less than a page the first reading stands else: it takes a sentence apart where the second
    goes by what is around it. On a page a yes to the H-1B that the second reader clearly denies is not published, nor a no
    against which it clearly reads a yes: a person must ask. Else the first reading stands there too, but for two kinds in
    which the second is right far more often on real pages: nothing is stated for trainees, and the first reader leaves open
    what the second finds stated.
    """
    agreed = first.policy == second.policy and first.h1b == second.h1b
    if agreed:
        return Settled(first, agreed=True, by_weights=False)
    if characters < LEAST_PAGE:
        return Settled(first, agreed=False, by_weights=False)
    margin = second.chances.get(second.policy, 0.0) - second.chances.get(first.policy, 0.0)
    if margin <= (PLAIN_MARGIN if plain else MARGIN):
        return Settled(first, agreed=False, by_weights=False)
    if {first.h1b, second.h1b} == {YES, NO}:
        j1 = first.j1 if first.j1 == second.j1 else NOT_STATED
        return Settled(Stances(j1, NOT_STATED, CONTACT), agreed=False, by_weights=False)
    # The second reader, which knows stances alone, has no word for a page that sends its readers to ask.
    by_weights = not asks if second.policy == NOT_STATED else first.policy == CONTACT
    return Settled(_filled(stances_of(second), first) if by_weights else first, agreed=False, by_weights=by_weights)


def _filled(stances: Stances, other: Stances) -> Stances:
    """Return the stances with that on the H-1B taken from the other reader where they leave it open and it changes nothing
    of the policy: "J-1 only" from both readers, and one of them has seen that the H-1B is denied."""
    if stances.h1b == NOT_STATED and policy_of(stances.j1, other.h1b) == stances.policy:
        return replace(stances, h1b=other.h1b)
    return stances


def in_words(first: Stances, first_quotes: tuple[str, ...], second: WeighedReading) -> tuple[str, str]:
    """Return both readings with their reasons, a line each, as people read them."""
    weighed = [
        f"{_outcome(reason.outcome)} {reason.chance:.0%} of “{reason.quote}” ({_features(reason.features)})"
        for reason in second.reasons
    ]
    quoted = [f"“{quote}”" for quote in first_quotes]
    return (
        f"By its sentences: {in_a_line(first)}. {'; '.join(quoted) or 'No sentence states a policy'}",
        f"By weights: {in_a_line(stances_of(second))}, {second.chances[second.policy]:.0%}. "
        + ("; ".join(weighed) or "No sentence weighs enough"),
    )


def stances_of(second: WeighedReading) -> Stances:
    """Return what the second reader says."""
    return Stances(second.j1, second.h1b, second.policy)


def in_a_line(stances: Stances) -> str:
    """Return stances as people read them."""
    stated = {visa: stance.replace("_", " ") for visa, stance in (("J-1", stances.j1), ("H-1B", stances.h1b))}
    return f"{stances.policy} ({', '.join(f'{visa} {stance}' for visa, stance in stated.items())})"


def _outcome(outcome: str) -> str:
    visa, stance = outcome.split(" ", 1)
    return f"{'H-1B' if visa == 'h1b' else 'J-1'} {stance.replace('_', ' ')}"


def _features(features: tuple[tuple[str, float], ...]) -> str:
    return ", ".join(f"{name} {weight:+.2f}" for name, weight in features)
