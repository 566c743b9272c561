"""A sentence as clauses: stretches of words that assert one thing, each with the visas it names.

Clauses are separated at semicolons, dashes, "but", "while" and the like, after a leading part ("If you need a visa, ..."), and
between two visa names where something is asserted of each (`cutting`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.policies.lexicon import Trigger
from pipeline.policies.sentence.cutting import STATING, Pair, cut
from pipeline.policies.sentence.parentheticals import (
    answers_in_parentheses,
    without_former,
    without_parentheticals,
    without_relative,
)
from pipeline.policies.sentence.persons import disqualified
from pipeline.policies.tokens import LABEL_NOUNS, OTHER_CLASS, Token
from pipeline.text.characters import wordset

ANSWERED = "answered"  # joined: a visa's name and its answer in parentheses
PERSONS = "persons"  # joined: the clause says which persons are meant
_PUNCTUATION = frozenset(";–")
_WORDS = wordset(
    "but however whereas while whilst although though yet nevertheless otherwise because since as conversely nonetheless"
)
_LEADERS = wordset(
    "although though while whilst if when where unless because since as should for in with until due owing given on"
    " rather instead besides apart aside except other"
)
_AGENTS = wordset("we our the")
_VALUES = wordset("yes no y n | / ; , . ✓ ✔ ✗ ✘ ☑ ☐ ✅ ❌")
_LABEL_WORDS = LABEL_NOUNS | {"sponsored", "accepted"}
_PARTING = frozenset(":/,;|")
_LINKS = wordset("however but and , still yet so thus moreover also then")
_LISTING = wordset("including such like namely")
_STATING_LEADERS = wordset("although though while whilst whereas")
_CONDITIONAL_LEADERS = wordset("if when where unless because should")
_FINITE = wordset("is are was were has have had will can may do does did")
_MODALS = wordset("may can will could might would")  # "may, where it so decides, sponsor": the clause goes on
_INVERTING = wordset("will can may do does would could shall is are")
_AFTER_SINCE = wordset(
    "then january february march april may june july august september october november december last fall spring summer"
    " winter"
)
_AFTER_AS = wordset("the we it our this they no these there such both")
_BEFORE_AS = wordset("well such same long soon far much just so as known serve serves sponsored regarded used")
_BEFORE_BUT = wordset("nothing none all anything no")
_BEFORE_YET = wordset("not have has as are is")


@dataclass
class Clause:
    """Words of one clause (places in the sentence), how it was joined to the one before, what it names."""

    places: list[int]
    joined: str = ""  # the word or punctuation before it: but, ;, and, (, lead, main, contrast ...
    visas: frozenset[str] = frozenset()
    triggers: list[Trigger] = field(default_factory=list)

    def has(self, *kinds: str) -> bool:
        """Decide whether it holds a trigger of one of these kinds."""
        for trigger in self.triggers:  # called a hundred times a sentence; most triggers are of one kind
            for kind in trigger.kinds:
                if kind in kinds:
                    return True
        return False

    def lemmas(self, tokens: list[Token]) -> frozenset[str]:
        """Return the base forms of its words."""
        return frozenset(tokens[place].lemma for place in self.places)

    def all(self, *kinds: str) -> list[Trigger]:
        """Return its triggers of these kinds, in order."""
        return [trigger for trigger in self.triggers if trigger.has(*kinds)] if self.triggers else []


def clauses(tokens: list[Token], triggers: list[Trigger]) -> list[Clause]:
    """Return the clauses of a sentence in order; every word belongs to at most one."""
    stating = {
        place: trigger
        for trigger in triggers
        if trigger.has(*STATING)
        for place in range(trigger.first, trigger.last + 1)
    }
    flow, parentheticals = without_parentheticals(tokens, stating)
    flow, relative = without_relative(tokens, flow)
    parentheticals += relative
    answered = answers_in_parentheses(tokens, triggers)
    parts = [Clause(places, ANSWERED) for places in answered]
    taken = {place for places in answered for place in places}
    flow = [place for place in flow if place not in taken]
    parentheticals = [places for places in parentheticals if not taken & set(places)]
    flow = without_former(tokens, flow)
    persons = disqualified(tokens)
    if persons is not None:
        parts.append(Clause([place for place in flow if place in persons], PERSONS))
        flow = [place for place in flow if place not in persons]
    for places, joined in _hard_parts(tokens, flow, triggers):
        parts.extend(_soft_parts(tokens, triggers, stating, places, joined))
    parts.extend(Clause(places, "(") for places in parentheticals)
    parts.sort(key=lambda part: part.places[0])
    for part in parts:
        _describe(part, tokens, triggers)
    return parts


def _hard_parts(tokens: list[Token], flow: list[int], triggers: list[Trigger]) -> list[tuple[list[int], str]]:
    """Return the parts between the words and punctuation that always separate, with what comes before each."""
    parts: list[tuple[list[int], str]] = []
    current: list[int] = []
    joined = ""
    first = next((number for number, place in enumerate(flow) if tokens[place].text not in _LINKS), 0)
    leading = False
    for number, place in enumerate(flow):
        word = tokens[place].text
        leading = word in _LEADERS if number == first else leading and word != ":"
        bare = leading and word in _AGENTS and len(current) > 2 and _reason(tokens, flow[first])
        if bare and not any(tokens[p].visas for p in current):
            parts.append((current, "lead"))
            current, joined, leading = [place], "main", False
            continue
        so = word == "," and number + 1 < len(flow) and tokens[flow[number + 1]].text == "so"
        if word == "," and leading and _enumerates(tokens, current, flow[number + 1 :]):
            current.append(place)
        elif word == "," and leading and not _states(tokens, current, triggers):
            parts.append((current, "stated" if tokens[flow[first]].text in _STATING_LEADERS else "lead"))
            current, joined, leading = [], "main", False
        elif _inverted_after_only(tokens, flow, number, current):
            parts.append((current, "lead"))
            current, joined, leading = [place], "main", False
        elif so or _separates_here(tokens, flow, number, current, triggers):
            parts.append((current, joined))
            current, joined = [], "so" if so else word
        else:
            current.append(place)
    parts.append((current, joined))
    return [(places, word) for places, word in parts if places]


def _enumerates(tokens: list[Token], current: list[int], following: list[int]) -> bool:
    """Decide whether a comma in a leading part is before or within a list of visas: "..., including O-1, TN and H-1B,
    ..."."""
    after = [tokens[p] for p in following[:2]]
    if after and after[0].text in _LISTING:
        return any(tokens[p].visas for p in following[1:4])
    return any(tokens[p].text in _LISTING for p in current) and any(word.visas for word in after[:1])


def _reason(tokens: list[Token], place: int) -> bool:
    """Decide whether the sentence opens with "due to", "because of", "owing to"."""
    return [item.text for item in tokens[place : place + 2]] in (["due", "to"], ["because", "of"], ["owing", "to"])


def _inverted_after_only(tokens: list[Token], flow: list[int], number: int, current: list[int]) -> bool:
    """Recognise "Only after a J-1 has been refused / will we consider an H-1B": the main clause begins at the inverted
    verb."""
    if len(current) < 4 or number + 1 >= len(flow) or tokens[current[0]].text != "only":
        return False
    opened = tokens[current[1]].text in ("after", "when", "if", "once", "where", "in", "for", "with")
    following = tokens[flow[number + 1]].text
    return opened and tokens[flow[number]].text in _INVERTING and following in ("we", "the", "our", "an", "a", "it")


def _separates_here(
    tokens: list[Token], flow: list[int], number: int, current: list[int], triggers: list[Trigger]
) -> bool:
    """Decide whether the word or punctuation at that number of the flow separates two clauses."""
    place = flow[number]
    word = tokens[place].text
    if word == ":":
        return _two_statements(tokens, current, flow[number + 1 :], triggers)
    if word == "-":
        spaced = tokens[place - 1].end < tokens[place].start if place else False
        spaced = spaced and place + 1 < len(tokens) and tokens[place + 1].start > tokens[place].end
        return spaced and not _labels(tokens, current, flow[number + 1 :])
    if word == "and" and place and tokens[place - 1].text == ",":
        following = [tokens[p].text for p in flow[number + 1 : number + 2]]
        return following[:1] in (["we"], ["they"], ["it"]) and not any(tokens[p].visas for p in current)
    if word == "where" and place and tokens[place - 1].text == ",":
        return tokens[place - 2].text not in _MODALS and any(tokens[p].visas for p in flow[number + 1 :])
    if word == "–" and _labels(tokens, current, flow[number + 1 :]):
        return False
    return word in _PUNCTUATION or (word in _WORDS and not _other_sense(tokens, flow, number))


def _labels(tokens: list[Token], left: list[int], right: list[int]) -> bool:
    """Recognise "H-1B - no", "J-1 sponsorship – yes": a dash between a name and its value is a colon."""
    last = max((k for k, p in enumerate(left) if tokens[p].text in _PARTING), default=-1)
    name = left[last + 1 :]
    bare = all(tokens[p].visas or tokens[p].text in _LABEL_WORDS for p in name)
    end = next((k for k, p in enumerate(right) if tokens[p].text in _PARTING), len(right))
    value = [tokens[p] for p in right[:end]]
    return bare and any(tokens[p].trainee for p in name) and len(value) <= 4 and not any(w.trainee for w in value)


def _states(tokens: list[Token], places: list[int], triggers: list[Trigger]) -> bool:
    """Decide whether what comes before the first comma is a statement after all: "As a rule we work with the J-1,
    ..."."""
    if not places or tokens[places[0]].text in _CONDITIONAL_LEADERS | _STATING_LEADERS:
        return False
    inside = [trigger for trigger in triggers if places[0] + 2 < trigger.first <= places[-1]]
    named = any(tokens[p].visas for p in places)
    finite = any(trigger.has("agent") for trigger in inside) or any(tokens[p].text in _FINITE for p in places[2:])
    return named and finite and any(trigger.has("support", "weak", "refuse") for trigger in inside)


def _two_statements(tokens: list[Token], left: list[int], right: list[int], triggers: list[Trigger]) -> bool:
    """Decide whether a colon is between two full statements, not between a label and its value."""
    if len(right) < 4 or not any(tokens[p].trainee for p in left):
        return False
    label = next(
        (k for k, p in enumerate(reversed(left)) if not tokens[p].visas and tokens[p].text not in _LABEL_WORDS), None
    )
    if label is None or (label and tokens[left[-1 - label]].text in _VALUES):
        return False  # "H-1B sponsorship: not offered", "J-1: yes H-1B: not offered"
    verbs = ("support", "weak", "refuse", "past", "neg", "place")
    before = any(m.has(*verbs) and left[0] <= m.first <= left[-1] for m in triggers)
    return before and any(m.has("support", "weak", "refuse") and right[0] <= m.first <= right[-1] for m in triggers)


def _other_sense(tokens: list[Token], flow: list[int], number: int) -> bool:
    """Decide whether a separating word has another sense here: "nothing but", "not yet", "but also", "since 2023", "as
    well as"."""
    before = tokens[flow[number - 1]].text if number else ""
    after = tokens[flow[number + 1]].text if number + 1 < len(flow) else ""
    word = tokens[flow[number]].text
    senses = {
        "since": number == 0 or after[:1].isdigit() or after in _AFTER_SINCE,
        "as": number < 4 or after not in _AFTER_AS or before in _BEFORE_AS,
        "because": number == 0,
        "but": before in _BEFORE_BUT or after in ("also", "for", "one"),
        "yet": before in _BEFORE_YET or after == "to",
    }
    return senses.get(word, False)


def _soft_parts(
    tokens: list[Token], triggers: list[Trigger], stating: dict[int, Trigger], places: list[int], joined: str
) -> list[Clause]:
    """Return the clauses of one hard part, separated between two visa names where something is asserted of each."""
    named = [number for number, place in enumerate(places) if tokens[place].visas - {OTHER_CLASS}]
    cuts = [cut(Pair(tokens, triggers, stating, places, left, right)) for left, right in pairwise(named)]
    parts: list[Clause] = []
    start, how = 0, joined
    for at in cuts:
        if at is not None:
            parts.append(Clause(places[start : at.end], how))
            start, how = at.start, at.joined
    parts.append(Clause(places[start:], how))
    return [part for part in parts if part.places]


def _describe(part: Clause, tokens: list[Token], triggers: list[Trigger]) -> None:
    inside = set(part.places)
    named: set[str] = set()
    for place in part.places:
        named |= tokens[place].visas
    part.visas = frozenset(named - {OTHER_CLASS})
    part.triggers = [trigger for trigger in triggers if trigger.first in inside and trigger.last in inside]
