"""A decision with the terms that its statements put to the H-1B: what limits by itself makes it case by case, a pause a no.

What belongs here: what terms do to a decision. Their words are in `terms`, their places in `passages`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.documents.blocks import Block, Texts
from pipeline.policies.audience import Audience
from pipeline.policies.claims import CONTACT
from pipeline.policies.decision import NOT_STATED, Decision, policy_of
from pipeline.policies.passages import Pause, pause_on, stating
from pipeline.policies.sentence.discourse_state import Assertion
from pipeline.policies.sentence.polarity import CONDITIONAL, NO, YES
from pipeline.policies.terms import Terms, terms_of
from pipeline.policies.tokens import J1


@dataclass(frozen=True)
class DecisionWithTerms:
    """decision: after its terms. terms: those that hold with it. pause: why the H-1B is denied, where that is a pause."""

    decision: Decision
    terms: Terms
    pause: Pause | None


def with_terms(
    decision: Decision, assertions: Sequence[Assertion], blocks: tuple[Block, ...], audience: Audience, texts: Texts
) -> DecisionWithTerms:
    """Return a decision on `assertions` with the terms of the H-1B. texts: those of `blocks`."""
    numbers = sorted({located.number for located in decision.winners if located.claim.visa != J1})
    stated = stating(blocks, [assertions[number] for number in numbers])
    left_open = decision.h1b == NOT_STATED and decision.policy == CONTACT
    terms = terms_of(stated, decision.h1b)
    if terms.restricting and (decision.h1b in (YES, NO) or left_open):
        decision = _with_h1b(decision, CONDITIONAL)
        terms = terms_of(stated, decision.h1b)
    pause = pause_on(blocks, audience, texts) if assertions and decision.h1b in (NO, NOT_STATED) else None
    if pause is not None:
        return DecisionWithTerms(_with_h1b(decision, NO), Terms(("paused_until",), pause.until), pause)
    return DecisionWithTerms(decision, terms, None)


def _with_h1b(decision: Decision, h1b: str) -> Decision:
    """Return the decision with another stance on the H-1B, and the policy that follows."""
    policy = CONTACT if decision.policy == CONTACT and h1b == NO else policy_of(decision.j1, h1b)
    return replace(decision, h1b=h1b, policy=policy)
