"""A visa that is named while nothing is asserted of giving it: defined, talked about, planned, or what a person can't get.

"The H-1B is a work visa", "we get letters about the H-1B", "we hope to add the H-1B", "candidates who cannot get a J-1".
"""

from __future__ import annotations

from pipeline.policies.lexicon import Trigger
from pipeline.policies.sentence.clauses import Clause
from pipeline.policies.tokens import Token
from pipeline.text.characters import wordset

_ARTICLES = wordset("a an")
_CLASSES = wordset("visa visas status classification category class document program permit")
_DEFINING = wordset("stand refer denote mean")
_FIRST_PERSON = wordset("we us our ours")
_TOPICAL = wordset("about regarding concerning re")
_BEFORE_NAME = wordset("a an the our any all possible getting obtaining your their sponsorship of")
_OPEN_MODALS = wordset("may might could would")
_SOMEDAY = wordset("in some someday one eventually down at later")


def defined(clause: Clause, tokens: list[Token]) -> bool:
    """Decide whether the clause says what kind of visa the name stands for: "The H-1B is a work visa for ...", "H-1B:
    an employment visa". A class of ours, of this program or for trainees is no mere definition."""
    named = next((p for p in clause.places if tokens[p].trainee), None)
    if named is None or any(tokens[p].text in _FIRST_PERSON for p in clause.places) or clause.has("trainee", "subset"):
        return False
    before = [p for p in clause.places if p < named]
    colon = max((k for k, p in enumerate(before) if tokens[p].text in (":", "–")), default=-1)
    before = before[colon + 1 :]
    after = [p for p in clause.places if p > named]
    of_sponsor = any(tokens[p].text == "sponsor" and tokens[p + 1].text == "of" for p in before)
    if of_sponsor and any(tokens[p].lemma == "be" for p in after[:3]):
        return True  # "the sponsor of an H-1B is the employer"
    if len(before) > 2 or len(after) < 3 or clause.has("neg", "refuse", "only", "noword"):
        return False
    return tokens[after[0]].lemma in _DEFINING or _a_class(clause, tokens, after)


def _a_class(clause: Clause, tokens: list[Token], after: list[int]) -> bool:
    """Recognise "... is a work visa", ": an employment visa": an article and a class of visas follow the name."""
    verb, following = tokens[after[0]], [tokens[p] for p in after[1:10]]
    if (verb.lemma != "be" and verb.text not in (":", "-", "–", ",", "=")) or following[0].text not in _ARTICLES:
        return False
    noun = next((k for k, item in enumerate(following) if item.text in _CLASSES or item.visas), None)
    known = {
        place for trigger in clause.all("support", "prefer", "cond") for place in range(trigger.first, trigger.last + 1)
    }
    return noun is not None and not any(p in known and tokens[p].text != "sponsored" for p in after[2 : noun + 1])


def only_topic(clause: Clause, tokens: list[Token]) -> bool:
    """Decide whether the visas are merely talked about: "letters about the H-1B", "questions regarding J-1
    sponsorship"."""
    named = [p for p in clause.places if tokens[p].trainee]
    last = next((tokens[p].text for p in reversed(clause.places) if tokens[p].text.isalpha()), "")
    return bool(named) and last not in ("yes", "no") and _is_topic(tokens, named[0])


def _is_topic(tokens: list[Token], place: int) -> bool:
    at = place - 1
    while at >= 0 and tokens[at].text in _BEFORE_NAME:
        at -= 1
    if at < 0:
        return False
    if at and tokens[at - 1].lemma == "think":
        return False  # "we will think about an H-1B"
    return tokens[at].text in _TOPICAL or (tokens[at].text == "on" and at > 0 and tokens[at - 1].lemma in _ASKING)


_ASKING = wordset("proclamation rule order news law question letter inquiry enquiry ask answer reply note word query")


def planned(clause: Clause, tokens: list[Token]) -> bool:
    """Decide whether the program speaks of what it would like to do some day: "we hope to add the H-1B", "may come
    later"."""
    for trigger in clause.all("plan"):
        if tokens[trigger.first].text in _SOMEDAY:
            if any(tokens[p].text in _OPEN_MODALS for p in clause.places):
                return True
            continue
        before = [
            m for m in clause.triggers if m.has("agent", "people") and trigger.first - 6 <= m.first < trigger.first
        ]
        ours = bool(before) and before[-1].has("agent")
        if (ours or trigger.first == clause.places[0]) and not _goes_on(clause, tokens, trigger):
            return True
    return False


_GOING_ON = wordset("continue keep go remain maintain")


def _goes_on(clause: Clause, tokens: list[Token], trigger: Trigger) -> bool:
    return any(tokens[p].lemma in _GOING_ON for p in clause.places if trigger.last < p <= trigger.last + 2)
