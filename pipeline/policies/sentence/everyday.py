"""Everyday verbs that refuse a visa only where they have it for object or subject: end, drop, avoid, stop ..."""

from __future__ import annotations

from pipeline.policies.lexicon import Trigger
from pipeline.policies.sentence.clauses import Clause
from pipeline.policies.tokens import Token
from pipeline.text.characters import wordset

_EVERYDAY = wordset("end drop avoid stop close expire lapse fold bar block cut")
_PLACED = wordset("training work from residency fellowship program hospital")  # what is "elsewhere" and refuses nothing
_MEANT = wordset("it them these those they")
_BEFORE_OBJECT = wordset(
    "a an the our its their any all new further to of for and with using doing from on additional most turn both"
)
_BEFORE_VERB = wordset(
    "is are was were be been being has have had will can now also temporarily recently already completely since new the of"
    " our not no longer do does did should must route routes pathway program programs filings filing processing"
)
_AFTER_VERB = wordset(
    "in on at by for until since from as due because after with here and or but through this there last"
)


def refuses_something_else(clause: Clause, tokens: list[Token], trigger: Trigger) -> bool:
    """Decide whether an everyday verb has no visa for its object or subject: "to avoid delays, applicants on a J-1 ...";
    not "dropped the H-1B", "H-1B sponsorship has ended". Nor does "who come from training elsewhere" refuse anything."""
    if tokens[trigger.first].text == "elsewhere" and trigger.first:
        return tokens[trigger.first - 1].text in _PLACED
    everyday = trigger.first == trigger.last and tokens[trigger.first].lemma in _EVERYDAY
    return everyday and not _bears_on_visa(clause, tokens, trigger)


def _bears_on_visa(clause: Clause, tokens: list[Token], trigger: Trigger) -> bool:
    acting = {
        p for other in clause.all("support", "refuse", "people", "now") for p in range(other.first, other.last + 1)
    }
    after = [p for p in clause.places if p > trigger.last]
    if _reaches_visa(tokens, after, acting | {p for p in after if tokens[p].text in _BEFORE_OBJECT}):
        return True
    if after and tokens[after[0]].text.isalpha() and tokens[after[0]].text not in _AFTER_VERB:
        return False
    before = [p for p in clause.places if p < trigger.first][::-1]
    return _reaches_visa(tokens, before, acting | {p for p in before if tokens[p].text in _BEFORE_VERB})


def _reaches_visa(tokens: list[Token], places: list[int], light: set[int]) -> bool:
    for p in places:
        if tokens[p].visas or tokens[p].text in _MEANT:
            return True
        if p not in light:
            return False
    return False
