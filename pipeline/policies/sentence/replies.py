"""Sentences that answer the one before: "We do not.", "The answer is no.", "Trainees are not among them.", "So is the H-1B." """

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from pipeline.policies.claims import CONTACT, Claim, Parsed
from pipeline.policies.lexicon import Trigger
from pipeline.policies.sentence.polarity import CONDITIONAL, NO, YES
from pipeline.policies.tokens import BOTH, Token
from pipeline.text.characters import wordset

Reply = Literal["yes", "no", ""]

_PUNCTUATION = frozenset(",;:.!–-")
_AUXILIARIES = wordset("do does did can could will would may is are was were has have")
_TAIL = wordset("so either yet here too still anymore ourselves it that")
_NOT_OURS = wordset("they he she who others most many these those")
_MEMBERSHIP = wordset(
    "among them these part group included covered eligible extend apply include cover reach hold go under"
    " concern benefit"
)
_NEGATORS = wordset("not no never neither none")
_SAMENESS = wordset("same ditto likewise idem similarly")
_SAME = wordset("go hold apply true said say be")


def bare_reply(parsed: Parsed) -> Reply:
    """Return the answer of a sentence that consists of a subject and an auxiliary: "Our program does not", "Ours
    is"."""
    opening = [word.text for word in parsed.tokens[:10]]
    end = next((k for k, word in enumerate(opening) if word in _PUNCTUATION), len(opening))
    terms = [word for word in opening[:end] if word.isalnum()]
    if any(word.visas for word in parsed.tokens[:end]):
        return ""
    if not 2 <= len(terms) <= 7 or terms[0] in _NOT_OURS:
        return ""
    negative = bool(_NEGATORS & set(terms))
    while terms and terms[-1] in _TAIL | _NEGATORS | {"longer"}:
        terms = terms[:-1]
    if len(terms) < 2 or terms[-1] not in _AUXILIARIES or any(word in _AUXILIARIES for word in terms[:-1]):
        return ""
    return "no" if negative else "yes"


def same_answer(parsed: Parsed) -> bool:
    """Recognise "Same answer.", "Ditto."."""
    terms = [word.text for word in parsed.tokens if word.text.isalpha()]
    return 0 < len(terms) <= 4 and bool(_SAMENESS & set(terms)) and not parsed.visas


def speaks_of_other_people(parsed: Parsed) -> bool:
    """Recognise "This does not concern the residency": the sentence before was about other people; nothing is denied
    to trainees."""
    terms = [word.lemma for word in parsed.tokens]
    return terms[:1] in (["this"], ["that"]) and bool({"concern", "apply", "pertain", "relate"} & set(terms[1:5]))


def leaves_trainees_out(parsed: Parsed) -> bool:
    """Recognise "Trainees are not among them", "This does not extend to residents", "Ours is not one of them"."""
    if not parsed.clauses:
        return False
    first = parsed.clauses[0]
    if first.visas or not first.has("neg", "refuse") or len(first.places) > 14:
        return False
    terms = {parsed.tokens[p].text for p in first.places} | {parsed.tokens[p].lemma for p in first.places}
    pointing = bool(terms & {"them", "these", "this", "it", "that", "those", "none"})
    ours = first.has("trainee", "subset") or "ours" in terms or "we" in terms
    return pointing and ours and bool("none" in terms or terms & _MEMBERSHIP or {"one", "of"} <= terms)


def taken_up(reply: Reply, last: tuple[Claim, ...], own_voice: bool, negated: bool) -> tuple[Claim, ...]:
    """Return the claims that a bare reply makes of those before it; `own_voice` if it was this program that spoke
    there, `negated` if a negator made its no ("do not sponsor"), not a verb ("have given up").

    A denial after a yes is a no; a denial after a no repeats it ("They do not. Nor do we"), or turns what others
    refuse; a yes counts only against what others refuse.
    """
    named = [claim for claim in last if claim.visa in BOTH and claim.stance in (YES, NO, CONDITIONAL)]
    if not named:
        return ()
    stances = {claim.stance for claim in named}
    if reply == "yes":
        return () if stances != {NO} or own_voice else _all(named, YES, "reply")
    if stances == {NO}:
        return () if own_voice else _all(named, NO if negated else YES, "reply")
    return _all(named, NO, "reply")


def _all(claims: list[Claim], stance: str, rule: str) -> tuple[Claim, ...]:
    visas = sorted({claim.visa for claim in claims})
    return tuple(Claim(visa, stance, (), (rule,)) for visa in visas)


def same_again(tokens: list[Token], triggers: list[Trigger]) -> Literal["same", "opposite", ""]:
    """Return whether the same or the opposite is asserted of another visa: "So is the H-1B", "the same can't be said of
    the H-1B"."""
    terms = [word for word in tokens if word.text.isalnum() or word.visas]
    if len(terms) < 3 or len(terms) > 12:
        return ""
    for number, word in enumerate(terms[:-2]):
        if word.text == "so" and terms[number + 1].text in _AUXILIARIES and (number <= 1 or _after_comma(tokens, word)):
            return "same"
        if word.text == "same" and any(item.lemma in _SAME for item in terms[number + 1 : number + 5]):
            return "opposite" if any(trigger.has("neg") for trigger in triggers) else "same"
    return ""


def _after_comma(tokens: list[Token], word: Token) -> bool:
    at = next(k for k, item in enumerate(tokens) if item is word)
    return at > 0 and tokens[at - 1].text == ","


def repeated(claims: tuple[Claim, ...], visas: frozenset[str], how: str) -> tuple[Claim, ...]:
    """Return the last of `claims`, asserted of `visas`: the same again, or its opposite."""
    last = next((claim for claim in reversed(claims) if claim.stance in (YES, NO, CONDITIONAL)), None)
    if last is None:
        return ()
    stance = last.stance if how == "same" else NO if last.stance == YES else CONTACT
    return tuple(replace(last, visa=visa, stance=stance, explicit=True, rules=("likewise",)) for visa in sorted(visas))
