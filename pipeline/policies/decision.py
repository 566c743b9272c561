"""From claims to one policy: which claim counts where a page holds several, and what J-1 and H-1B make together.

What belongs here: decisions on claims. No text is read here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.policies.claims import CONTACT, ELSEWHERE, Claim
from pipeline.policies.sentence.polarity import CONDITIONAL, NO, YES
from pipeline.policies.tokens import ANY, H1B, J1, OTHERS
from pipeline.schemas.vocabulary import OFFERED

NOT_STATED = "not_stated"


@dataclass(frozen=True)
class LocatedAssertion:
    """A claim with its place: `number` of its sentence, how specific (2 this program, 1 general, 0 another
    level), `entry` of its dated entry among those of the page, the newest highest."""

    claim: Claim
    number: int
    specific: int = 1
    entry: int = 0


@dataclass(frozen=True)
class Decision:
    """Stances, policy, and the claims for it and against it."""

    j1: str
    h1b: str
    policy: str
    winners: tuple[LocatedAssertion, ...]
    losers: tuple[LocatedAssertion, ...]
    conflict: bool


def decide(located: Iterable[LocatedAssertion]) -> Decision:
    """Return the policy that claims make together.

    For each visa the more specific claim counts, then the newer one, then one that names the visa over one on visas in
    general. A condition beats both yes and no; a yes and a no of equal standing cancel out: the visa is then not
    stated, and a person should ask. What held only formerly is no policy.
    """
    everything = tuple(located)
    j1 = _counting(J1, everything)
    h1b = _counting(H1B, everything) or _through_others(j1, everything)
    conflict = _conflicting(j1) or _conflicting(h1b)
    stances = {J1: _stance(j1), H1B: _stance(h1b)}
    asks = tuple(t for t in everything if _leaves_open(t.claim))
    policy = policy_of(stances[J1], stances[H1B])
    if policy == "j1_only" and stances[H1B] == NOT_STATED:
        if all("ecfmg_as_sponsor" in t.claim.rules for t in j1):
            policy, stances[J1] = CONTACT, NOT_STATED
        elif any(t.claim.stance == CONTACT and t.claim.visa in (OTHERS, H1B) for t in everything):
            policy = CONTACT
    if (policy == NOT_STATED and asks) or (conflict and stances[H1B] == NOT_STATED):
        policy = CONTACT
    winners = {*j1, *h1b} | (set(asks) if policy == CONTACT else set())
    losers = tuple(t for t in everything if t not in winners and _disagrees(t.claim, stances))
    return Decision(stances[J1], stances[H1B], policy, tuple(sorted(winners, key=_order)), losers, conflict)


def policy_of(j1: str, h1b: str) -> str:
    """Return both stances in one word of VISA_POLICY.

    The H-1B decides before the J-1. Where one visa is denied and the other is not stated, a person must ask: `contact`.
    """
    if h1b == CONDITIONAL:
        return "h1b_case_by_case"
    if h1b == YES:
        return "both" if j1 in (YES, CONDITIONAL) else "h1b_only"
    if j1 in (YES, CONDITIONAL):
        return "j1_only"
    if j1 == NO and h1b == NO:
        return "none"
    return CONTACT if NO in (j1, h1b) else NOT_STATED


def category_of(j1: str, h1b: str) -> str:
    """Return both stances as a letter of VISA_CATEGORY.

    The H-1B decides before the J-1. Only where it is denied is a program "J-1 only": silence is no no.
    """
    if h1b in OFFERED:
        return "A" if h1b == YES else "B"
    if h1b == NO:
        return "C" if j1 in OFFERED else "N" if j1 == NO else "D"
    return "J" if j1 in OFFERED else "?"


def _counting(visa: str, located: tuple[LocatedAssertion, ...]) -> tuple[LocatedAssertion, ...]:
    """Return the claims that count for `visa`: of the highest rank among those that hold today."""
    located = tuple(t for t in located if ELSEWHERE not in t.claim.rules)
    if visa == H1B and any(t.claim.visa == J1 and t.specific > 0 and t.claim.stance == YES for t in located):
        # "Fellows: J-1 or H-1B" on a page that gives residents the J-1 says nothing of an H-1B for residents.
        located = tuple(t for t in located if t.specific > 0 or t.claim.visa != H1B or t.claim.stance != YES)
    own = [t for t in located if t.claim.visa == visa and t.claim.stance != CONTACT]
    own += [t for t in located if t.claim.visa == ANY and t.claim.stance == NO]
    current = [t for t in own if t.claim.time >= 0]
    if not current and visa == J1 and any("also" in t.claim.rules and t.claim.stance == YES for t in located):
        current = [t for t in own if t.claim.stance == YES]  # "formerly only the J-1, now the H-1B as well"
    best = max((_rank(t, visa) for t in current), default=None)
    counting = tuple(t for t in current if _rank(t, visa) == best)
    if visa == H1B and best is not None and all(t.claim.stance == YES for t in counting):
        # "J-1 only" says as much of the H-1B as a sentence that names it.
        counting += tuple(t for t in current if "only" in t.claim.rules and _rank(t, visa)[:4] == best[:4])
    return tuple(dict.fromkeys(counting))


def _rank(located: LocatedAssertion, visa: str) -> tuple[int, int, int, bool, bool]:
    claim = located.claim
    return located.specific, located.entry, claim.time, claim.visa == visa, claim.explicit and not claim.weak


def _through_others(
    j1: tuple[LocatedAssertion, ...], located: tuple[LocatedAssertion, ...]
) -> tuple[LocatedAssertion, ...]:
    """Return what is asserted of other visas where J-1 is named and H-1B is not: it is asserted of the H-1B."""
    if not j1:
        return ()
    return tuple(
        t for t in located if t.claim.visa == OTHERS and t.claim.stance in (NO, CONDITIONAL) and t.claim.time >= 0
    )


def _conflicting(located: tuple[LocatedAssertion, ...]) -> bool:
    stances = {t.claim.stance for t in located}
    return {YES, NO} <= stances and CONDITIONAL not in stances


def _stance(located: tuple[LocatedAssertion, ...]) -> str:
    stances = {t.claim.stance for t in located}
    if not stances or _conflicting(located):
        return NOT_STATED
    if CONDITIONAL in stances:
        return CONDITIONAL
    return YES if YES in stances else NO


def _leaves_open(claim: Claim) -> bool:
    return claim.stance == CONTACT or (claim.visa in (ANY, OTHERS) and claim.stance != NO)


def _disagrees(claim: Claim, stances: dict[str, str]) -> bool:
    if claim.stance == CONTACT:
        return False
    return any(claim.stance != stances[visa] for visa in (J1, H1B) if claim.visa in (visa, ANY))


def _order(located: LocatedAssertion) -> tuple[int, str, str]:
    return located.number, located.claim.visa, located.claim.stance
