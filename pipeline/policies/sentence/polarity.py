"""Yes, no or on conditions: what the words of one clause make of the visas it names."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.policies.lexicon import Trigger
from pipeline.policies.sentence.clauses import Clause
from pipeline.policies.sentence.conditions import conditions_of
from pipeline.policies.sentence.negation import negations, vague
from pipeline.policies.tokens import Token
from pipeline.text.characters import wordset

YES, NO, CONDITIONAL = "yes", "no", "case_by_case"
# What only those who come from abroad need since September 2025.
_CROSSING = wordset("consular consulate payment 100,000 100k")
_RELATIVES = wordset("that which who requiring needing subject require requires needs need whose")
_PROMISING = wordset("promise guarantee assure")
_REASONS = wordset("because due owing given account")
STRONG, WEAK, UNCLEAR = "strong", "weak", "unclear"


class Sense(NamedTuple):
    """What a clause asserts: `stance` (empty if nothing), its conditions, the rules that fired, how plainly it is asserted."""

    stance: str
    conditions: tuple[str, ...]
    rules: tuple[str, ...]
    predicate: str


def sense(clause: Clause, tokens: list[Token], inherited: str = "") -> Sense:
    """Return the sense of `clause`; `inherited` is the kind of verb that an elliptical clause takes from its
    neighbour.

    An odd number of turns is a no, which words of habit soften ("not usually"); else it is a yes, which conditions and
    words of rarity soften. A clause with neither verb nor turn says nothing.
    """
    turns = negations(clause, tokens)
    if len(turns) == 1 and _not_until(clause, tokens, turns[0]):
        turns = []
    conditions = conditions_of(clause, tokens)
    own = predicate_of(clause)
    predicate = STRONG if STRONG in (own, inherited) else own or inherited
    if vague(clause, tokens, turns):
        return Sense("", conditions, ("unclear_negation",), UNCLEAR)
    softened = conditions or ("exceptional",)
    if len(turns) % 2:
        abroad = leaves_out_those_abroad(clause, tokens)
        softened = ("already_in_us",) if abroad else softened
        open_to_some = abroad or _not_promised(clause, tokens, turns[0]) or _to_some(clause, tokens, turns)
        if open_to_some or clause.has("soft") or _habitual(clause, turns):
            return Sense(CONDITIONAL, softened, ("negation", "softened_no"), predicate or STRONG)
        return Sense(NO, (), ("negation",), predicate)
    rules: tuple[str, ...] = ("double_negation",) if turns else ()
    predicate = predicate or (STRONG if turns else "")
    if not predicate:
        return Sense("", conditions, (), "")
    if clause.has("soft") or conditions:
        return Sense(CONDITIONAL, softened, (*rules, "rarely" if clause.has("soft") else "conditions"), predicate)
    return Sense(YES, (), (*rules, "stated"), predicate)


def leaves_out_those_abroad(clause: Clause, tokens: list[Token]) -> bool:
    """Recognise "no petitions that need the $100,000 payment", "unable to sponsor candidates who need consular
    processing": others can come."""
    texts = [tokens[p].text for p in clause.places]
    for number, word in enumerate(texts):
        if word in _CROSSING and (_RELATIVES & set(texts[max(0, number - 6) : number])):
            reason = _REASONS & set(texts[max(0, number - 4) : number])
            return not reason
    return False


def _to_some(clause: Clause, tokens: list[Token], turns: list[Trigger]) -> bool:
    """Recognise "Residents in preliminary positions are not offered one": others are. Said of one visa and of
    people."""
    some = [
        trigger
        for trigger in clause.all("cond")
        if tokens[trigger.first].text == "preliminary" and trigger.first < turns[0].first
    ]
    return bool(some) and clause.has("people") and not clause.has("refuse")


def _not_until(clause: Clause, tokens: list[Token], turn: Trigger) -> bool:
    """Recognise "No H-1B is filed until Step 3 has been passed": it is filed then."""
    until = next((p for p in clause.places if p > turn.last and tokens[p].text in ("until", "before", "till")), None)
    if until is None or not turn.has("neg"):
        return False
    passed = {tokens[p].lemma for p in clause.places if p > until}
    return any(trigger.first > until for trigger in clause.all("exam")) or bool(passed & {"pass", "complete"})


def _not_promised(clause: Clause, tokens: list[Token], turn: Trigger) -> bool:
    """Recognise "For no visa can we promise sponsorship": it is left open."""
    return turn.has("neg") and any(p > turn.last and tokens[p].lemma in _PROMISING for p in clause.places)


def predicate_of(clause: Clause) -> str:
    """Return how plainly the clause speaks. strong: sponsor, accept, available, refuse ...; weak: hold, come on, use
    ...; empty: no verb of ours."""
    if clause.has("support", "refuse", "yesword", "noword", "equal", "prefer", "restrict"):
        return STRONG
    weighed = any(trigger.value("cond") not in ("", "other_condition") for trigger in clause.triggers)
    return WEAK if weighed or clause.has("weak", "require", "place", "subset") else ""


def _habitual(clause: Clause, turns: list[Trigger]) -> bool:
    """Decide whether a word of habit is close to a negator: "not usually", "normally ... not"."""
    for habit in clause.all("habit"):
        for turn in turns:
            if 0 < habit.first - turn.last <= 2 or -4 <= habit.last - turn.first < 0:
                return True
    return False
