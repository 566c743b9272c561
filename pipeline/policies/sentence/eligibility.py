"""Who may be appointed at all: citizens and permanent residents only, own work authorisation only, the military."""

from __future__ import annotations

from pipeline.policies.claims import CONTACT, Claim, Parsed
from pipeline.policies.sentence.negation import denied
from pipeline.policies.sentence.polarity import NO
from pipeline.policies.tokens import ANY, BOTH, OTHERS
from pipeline.text.characters import wordset

MAX_ENTRY = 14  # words of an entry in a list of requirements
_LIMITS = ("require", "only", "restrict", "nothing_else", "nothing_but")
_PREFERENCES = wordset("preferred preference prefer regardless irrespective")
_TAKING = wordset("train take appoint employ admit hire")
_WORLD = wordset("also any country countries nation nations world including")
_ALL = wordset("all every fill")


def eligibility_claims(parsed: Parsed, required: bool = False) -> tuple[Claim, ...]:
    """Return a claim against all visas if the sentence leaves room only for people who need none; else empty.

    required: it is in a list of requirements, where "US citizen or green card holder" says so by itself.

    Where citizens are beside holders of some visa ("or a valid visa"), the claim is `contact`.
    """
    rule = "" if parsed.visas & BOTH else _rule(parsed)
    if required and not rule and not parsed.visas and parsed.has("citizen") and parsed.has("pr", "ead"):
        brief = len(parsed.tokens) <= MAX_ENTRY and not parsed.has("support", "neg", "prefer")
        rule = "citizens_only" if brief else ""
    if rule == "citizens_only" and parsed.visas & {ANY, OTHERS}:
        return (Claim(ANY, CONTACT, (), ("some_visa",)),)
    return (Claim(ANY, NO, (), (rule,)),) if rule else ()


def _rule(parsed: Parsed) -> str:
    words = {word.text for word in parsed.tokens}
    if parsed.has("military") and (parsed.has(*_LIMITS, "neg") or words & _ALL):
        return "military"
    people = [trigger for trigger in parsed.triggers if trigger.has("citizen", "pr", "ead")]
    turns = [trigger for trigger in parsed.triggers if trigger.has("neg", "refuse")]
    own = parsed.has("nosponsor") and parsed.has("require", "ead", "only", "support")
    without = parsed.has("ead") and "without" in words and len(turns) > 1
    if words & _PREFERENCES or not (people or own):
        return ""
    if own or without:
        return "own_work_authorization"
    if _sponsorship_denied(parsed) and not _for_residence(parsed):
        return "no_sponsorship"
    if _limited(parsed, people[0].first, people[-1].last) or _chosen(parsed, people[0].first, words):
        return "citizens_only"
    return ""


def _chosen(parsed: Parsed, first: int, words: set[str]) -> bool:
    """Recognise "We train citizens and green card holders": these are all who are taken, and no visa is named."""
    before = {word.lemma for word in parsed.tokens[max(0, first - 2) : first]}
    return bool(before & _TAKING) and parsed.has("pr") and not words & _WORLD and not parsed.visas


def _sponsorship_denied(parsed: Parsed) -> bool:
    """Decide whether some clause denies sponsorship in general: "sponsorship by us is ruled out"."""
    return any(
        any(parsed.tokens[p].lemma in ("sponsor", "sponsorship") for p in clause.places)
        and denied(clause, parsed.tokens)
        for clause in parsed.clauses
    )


def _for_residence(parsed: Parsed) -> bool:
    """Recognise "We do not sponsor applicants for permanent residence": a green card is refused, not a visa."""
    status = [trigger for trigger in parsed.triggers if trigger.has("pr")]
    before = {word.text for trigger in status for word in parsed.tokens[max(0, trigger.first - 3) : trigger.first]}
    persons = any(parsed.tokens[trigger.last].text.endswith(("residents", "holders")) for trigger in status)
    return bool(status) and not persons and "for" in before


def _limited(parsed: Parsed, first: int, last: int) -> bool:
    """Decide whether a word of limit is before the first or after the last of these people, close by."""
    for trigger in parsed.triggers:
        if not trigger.has(*_LIMITS) or any(
            turn.has("neg") and 0 < trigger.first - turn.last <= 2 for turn in parsed.triggers
        ):
            continue
        reach = 18 if trigger.has("require") and not trigger.has("only") else 6
        if 0 < first - trigger.last <= 9 or 0 < trigger.first - last <= reach:
            return True
    return False
