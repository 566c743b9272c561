"""What a rule is, and the decorator that makes one of a condition. The rules themselves are in the modules of their prongs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.cap_exemption.signals import Facts, Mask

Condition = Callable[[Facts], Mask]


@dataclass(frozen=True)
class Rule:
    """One rule of the decision list.

    category: what a petitioner is on which it decides; basis: statute or regulation, as published; text: what it asks, in a
    sentence; rests_on: signals that count as its evidence; ceiling: the most confidence it gives; holds: its condition, on
    one record or on all at once.
    """

    id: str
    category: str
    basis: str
    text: str
    rests_on: tuple[str, ...]
    ceiling: str
    holds: Condition


def rule(
    identity: str, *, category: str, basis: str, text: str, rests_on: tuple[str, ...] = (), ceiling: str = "high"
) -> Callable[[Condition], Rule]:
    """Return a decorator that makes a Rule of a condition; the parameters are the fields of Rule."""

    def make(holds: Condition) -> Rule:
        return Rule(identity, category, basis, text, rests_on, ceiling, holds)

    return make
