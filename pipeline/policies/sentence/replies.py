"""Sentences that answer the one before: "We do not.", "The answer is no.", "Trainees are not among them.", "So is the H-1B." """

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from pipeline.policies.claims import CONTACT, Claim, Parsed
from pipeline.policies.lexicon import Cue
from pipeline.policies.sentence.polarity import CONDITIONAL, NO, YES
from pipeline.policies.tokens import BOTH, Word
from pipeline.text.characters import wordset

Reply = Literal["yes", "no", "likewise", ""]

_SIGNS = frozenset(",;:.!–-")
_AUXILIARIES = wordset("do does did can could will would may is are was were has have")
_TAIL = wordset("so either yet here too still anymore ourselves it that")
_NOT_OURS = wordset("they he she who others most many these those")
_MEMBERSHIP = wordset(
    "among them these part group included covered eligible extend apply include cover reach hold go under"
    " concern benefit"
)
_NEGATORS = wordset("not no never neither none")
_SAMENESS = wordset("same ditto likewise idem similarly")
_ALSO = wordset("either neither too nor")
_SAME = wordset("go hold apply true said say be")


def bare_reply(words: Parsed) -> Reply:
    """What a sentence says that consists of a subject and an auxiliary: "Our program does not", "Ours is"."""
    opening = [word.word for word in words.found[:10]]
    end = next((k for k, word in enumerate(opening) if word in _SIGNS), len(opening))
    said = [word for word in opening[:end] if word.isalnum()]
    if any(word.visas for word in words.found[:end]):
        return ""
    if not 2 <= len(said) <= 7 or said[0] in _NOT_OURS:
        return ""
    negative = bool(_NEGATORS & set(said))
    also = bool(_ALSO & set(said))
    while said and said[-1] in _TAIL | _NEGATORS | {"longer"}:
        said = said[:-1]
    if len(said) < 2 or said[-1] not in _AUXILIARIES or any(word in _AUXILIARIES for word in said[:-1]):
        return ""
    return ("likewise" if also else "no") if negative else "yes"


def same_answer(words: Parsed) -> bool:
    """ "Same answer.", "Ditto."."""
    said = [word.word for word in words.found if word.word.isalpha()]
    return 0 < len(said) <= 4 and bool(_SAMENESS & set(said)) and not words.visas


def speaks_of_others(words: Parsed) -> bool:
    """ "This does not concern the residency": what was said before was of others; nothing is denied to trainees."""
    said = [word.lemma for word in words.found]
    return said[:1] in (["this"], ["that"]) and bool({"concern", "apply", "pertain", "relate"} & set(said[1:5]))


def leaves_trainees_out(words: Parsed) -> bool:
    """ "Trainees are not among them", "This does not extend to residents", "Ours is not one of them"."""
    if not words.clauses:
        return False
    first = words.clauses[0]
    if first.visas or not first.has("neg", "refuse") or len(first.places) > 14:
        return False
    said = {words.found[p].word for p in first.places} | {words.found[p].lemma for p in first.places}
    pointing = bool(said & {"them", "these", "this", "it", "that", "those", "none"})
    ours = first.has("trainee", "subset") or "ours" in said or "we" in said
    return pointing and ours and bool("none" in said or said & _MEMBERSHIP or {"one", "of"} <= said)


def taken_up(reply: Reply, last: tuple[Claim, ...], own_voice: bool, negated: bool) -> tuple[Claim, ...]:
    """Claims that a bare reply makes of those before it; `own_voice` if it was this program that spoke there,
    `negated` if a negator made its no ("do not sponsor"), not a verb ("have given up").

    A denial after a yes is a no; a denial after a no repeats it ("They do not. Nor do we"), or turns what others
    refuse; a yes stands only against what others refuse.
    """
    named = [claim for claim in last if claim.visa in BOTH and claim.stance in (YES, NO, CONDITIONAL)]
    if not named:
        return ()
    stances = {claim.stance for claim in named}
    if reply == "yes":
        return () if stances != {NO} or own_voice else _all(named, YES, "reply")
    if reply == "likewise":
        return _all(named, NO, "reply") if stances == {NO} else ()
    if stances == {NO}:
        return () if own_voice else _all(named, NO if negated else YES, "reply")
    return _all(named, NO, "reply")


def _all(claims: list[Claim], stance: str, rule: str) -> tuple[Claim, ...]:
    visas = sorted({claim.visa for claim in claims})
    return tuple(Claim(visa, stance, (), (rule,)) for visa in visas)


def same_again(found: list[Word], cues: list[Cue]) -> Literal["same", "opposite", ""]:
    """ "So is the H-1B", "the same goes for the H-1B"; "the same can't be said of the H-1B"."""
    said = [word for word in found if word.word.isalnum() or word.visas]
    if len(said) < 3 or len(said) > 12:
        return ""
    for number, word in enumerate(said[:-2]):
        if word.word == "so" and said[number + 1].word in _AUXILIARIES and (number <= 1 or _after_comma(found, word)):
            return "same"
        if word.word == "same" and any(item.lemma in _SAME for item in said[number + 1 : number + 5]):
            return "opposite" if any(cue.has("neg") for cue in cues) else "same"
    return ""


def _after_comma(found: list[Word], word: Word) -> bool:
    at = next(k for k, item in enumerate(found) if item is word)
    return at > 0 and found[at - 1].word == ","


def repeated(claims: tuple[Claim, ...], visas: frozenset[str], how: str) -> tuple[Claim, ...]:
    """The last of `claims`, said of `visas`: the same again, or its opposite."""
    last = next((claim for claim in reversed(claims) if claim.stance in (YES, NO, CONDITIONAL)), None)
    if last is None:
        return ()
    stance = last.stance if how == "same" else NO if last.stance == YES else CONTACT
    return tuple(replace(last, visa=visa, stance=stance, explicit=True, rules=("likewise",)) for visa in sorted(visas))
