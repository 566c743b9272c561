"""A sentence as clauses: stretches of words of which one thing is said, each with the visas it names.

Clauses part at semicolons, dashes, "but", "while" and the like, after a leading part ("If you need a visa, ..."), and
between two visa names where something is said of each (`cutting`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from pipeline.policies.lexicon import Cue
from pipeline.policies.sentence.cutting import TELLING, Pair, cut
from pipeline.policies.sentence.parentheticals import without_asides, without_former, without_relative
from pipeline.policies.sentence.persons import disqualified
from pipeline.policies.tokens import OTHER_CLASS, Word
from pipeline.text.characters import wordset

PERSONS = "persons"  # joined: the clause says which persons are meant
_SIGNS = frozenset(";–")
_WORDS = wordset(
    "but however whereas while whilst although though yet nevertheless otherwise because since as conversely nonetheless"
)
_LEADERS = wordset(
    "although though while whilst if when where unless because since as should for in with until due owing given on"
    " rather instead besides apart aside except other"
)
_AGENTS = wordset("we our the")
_LABEL_WORDS = wordset("sponsorship visa visas the a an status support petition petitions sponsored accepted")
_PARTING = frozenset(":/,;|")
_LINKS = wordset("however but and , still yet so thus moreover also then")
_LISTING = wordset("including such like namely")
_STATING_LEADERS = wordset("although though while whilst whereas")
_CONDITIONAL_LEADERS = wordset("if when where unless because should")
_FINITE = wordset("is are was were has have had will can may do does did")
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
    joined: str = ""  # the word or sign before it: but, ;, and, (, lead, main, contrast ...
    visas: frozenset[str] = frozenset()
    cues: list[Cue] = field(default_factory=list)

    def has(self, *kinds: str) -> bool:
        """Whether it holds a cue of one of these kinds."""
        for cue in self.cues:  # asked a hundred times a sentence; most cues are of one kind
            for kind in cue.kinds:
                if kind in kinds:
                    return True
        return False

    def lemmas(self, found: list[Word]) -> frozenset[str]:
        """Base forms of its words."""
        return frozenset(found[place].lemma for place in self.places)

    def all(self, *kinds: str) -> list[Cue]:
        """Its cues of these kinds, in order."""
        return [cue for cue in self.cues if cue.has(*kinds)] if self.cues else []


def clauses(found: list[Word], marks: list[Cue]) -> list[Clause]:
    """Clauses of a sentence in order; every word belongs to at most one."""
    told = {place: mark for mark in marks if mark.has(*TELLING) for place in range(mark.first, mark.last + 1)}
    flow, asides = without_asides(found, told)
    flow, relative = without_relative(found, flow)
    asides += relative
    parts: list[Clause] = []
    flow = without_former(found, flow)
    persons = disqualified(found)
    if persons is not None:
        parts.append(Clause([place for place in flow if place in persons], PERSONS))
        flow = [place for place in flow if place not in persons]
    for places, joined in _hard_parts(found, flow, marks):
        parts.extend(_soft_parts(found, marks, told, places, joined))
    parts.extend(Clause(places, "(") for places in asides)
    parts.sort(key=lambda part: part.places[0])
    for part in parts:
        _describe(part, found, marks)
    return parts


def _hard_parts(found: list[Word], flow: list[int], marks: list[Cue]) -> list[tuple[list[int], str]]:
    """Parts between the words and signs that always part, with what stands before each."""
    parts: list[tuple[list[int], str]] = []
    current: list[int] = []
    joined = ""
    first = next((number for number, place in enumerate(flow) if found[place].word not in _LINKS), 0)
    leading = False
    for number, place in enumerate(flow):
        word = found[place].word
        leading = word in _LEADERS if number == first else leading and word != ":"
        bare = leading and word in _AGENTS and len(current) > 2 and _reason(found, flow[first])
        if bare and not any(found[p].visas for p in current):
            parts.append((current, "lead"))
            current, joined, leading = [place], "main", False
            continue
        so = word == "," and number + 1 < len(flow) and found[flow[number + 1]].word == "so"
        if word == "," and leading and _enumerates(found, current, flow[number + 1 :]):
            current.append(place)
        elif word == "," and leading and not _states(found, current, marks):
            parts.append((current, "stated" if found[flow[first]].word in _STATING_LEADERS else "lead"))
            current, joined, leading = [], "main", False
        elif _inverted_after_only(found, flow, number, current):
            parts.append((current, "lead"))
            current, joined, leading = [place], "main", False
        elif so or _parts_here(found, flow, number, current, marks):
            parts.append((current, joined))
            current, joined = [], "so" if so else word
        else:
            current.append(place)
    parts.append((current, joined))
    return [(places, word) for places, word in parts if places]


def _enumerates(found: list[Word], current: list[int], following: list[int]) -> bool:
    """Whether a comma in a leading part stands before or within a list of visas: "..., including O-1, TN and H-1B, ..."."""
    after = [found[p] for p in following[:2]]
    if after and after[0].word in _LISTING:
        return any(found[p].visas for p in following[1:4])
    return any(found[p].word in _LISTING for p in current) and any(word.visas for word in after[:1])


def _reason(found: list[Word], place: int) -> bool:
    """Whether the sentence opens with "due to", "because of", "owing to"."""
    return [item.word for item in found[place : place + 2]] in (["due", "to"], ["because", "of"], ["owing", "to"])


def _inverted_after_only(found: list[Word], flow: list[int], number: int, current: list[int]) -> bool:
    """ "Only after a J-1 has been refused / will we consider an H-1B": the main clause begins at the inverted verb."""
    if len(current) < 4 or number + 1 >= len(flow) or found[current[0]].word != "only":
        return False
    opened = found[current[1]].word in ("after", "when", "if", "once", "where", "in", "for", "with")
    following = found[flow[number + 1]].word
    return opened and found[flow[number]].word in _INVERTING and following in ("we", "the", "our", "an", "a", "it")


def _parts_here(found: list[Word], flow: list[int], number: int, current: list[int], marks: list[Cue]) -> bool:
    """Whether the word or sign at that number of the flow parts two clauses."""
    place = flow[number]
    word = found[place].word
    if word == ":":
        return _two_statements(found, current, flow[number + 1 :], marks)
    if word == "-":
        spaced = found[place - 1].end < found[place].start if place else False
        spaced = spaced and place + 1 < len(found) and found[place + 1].start > found[place].end
        return spaced and not _labels(found, current, flow[number + 1 :])
    if word == "and" and place and found[place - 1].word == ",":
        following = [found[p].word for p in flow[number + 1 : number + 2]]
        return following[:1] in (["we"], ["they"], ["it"]) and not any(found[p].visas for p in current)
    if word == "where" and place and found[place - 1].word == ",":
        return any(found[p].visas for p in flow[number + 1 :])
    if word == "–" and _labels(found, current, flow[number + 1 :]):
        return False
    return word in _SIGNS or (word in _WORDS and not _other_sense(found, flow, number))


def _labels(found: list[Word], left: list[int], right: list[int]) -> bool:
    """ "H-1B - no", "J-1 sponsorship – yes": a dash between a name and its value is a colon."""
    last = max((k for k, p in enumerate(left) if found[p].word in _PARTING), default=-1)
    name = left[last + 1 :]
    bare = all(found[p].visas or found[p].word in _LABEL_WORDS for p in name)
    end = next((k for k, p in enumerate(right) if found[p].word in _PARTING), len(right))
    value = [found[p] for p in right[:end]]
    return bare and any(found[p].trainee for p in name) and len(value) <= 4 and not any(w.trainee for w in value)


def _states(found: list[Word], places: list[int], marks: list[Cue]) -> bool:
    """Whether what stands before the first comma is a statement after all: "As a rule we work with the J-1, ..."."""
    if not places or found[places[0]].word in _CONDITIONAL_LEADERS | _STATING_LEADERS:
        return False
    inside = [mark for mark in marks if places[0] + 2 < mark.first <= places[-1]]
    named = any(found[p].visas for p in places)
    finite = any(mark.has("agent") for mark in inside) or any(found[p].word in _FINITE for p in places[2:])
    return named and finite and any(mark.has("support", "weak", "refuse") for mark in inside)


def _two_statements(found: list[Word], left: list[int], right: list[int], marks: list[Cue]) -> bool:
    """Whether a colon stands between two full statements, not between a label and its value."""
    if len(right) < 4 or not any(found[p].trainee for p in left):
        return False
    verbs = ("support", "weak", "refuse", "past", "neg", "place")
    before = any(m.has(*verbs) and left[0] <= m.first <= left[-1] for m in marks)
    return before and any(m.has("support", "weak", "refuse") and right[0] <= m.first <= right[-1] for m in marks)


def _other_sense(found: list[Word], flow: list[int], number: int) -> bool:
    """Whether a parting word has another sense here: "nothing but", "not yet", "but also", "since 2023", "as well as"."""
    before = found[flow[number - 1]].word if number else ""
    after = found[flow[number + 1]].word if number + 1 < len(flow) else ""
    word = found[flow[number]].word
    senses = {
        "since": number == 0 or after[:1].isdigit() or after in _AFTER_SINCE,
        "as": number < 4 or after not in _AFTER_AS or before in _BEFORE_AS,
        "because": number == 0,
        "but": before in _BEFORE_BUT or after in ("also", "for", "one") or _but_not_aside(found, flow, number),
        "yet": before in _BEFORE_YET or after == "to",
    }
    return senses.get(word, False)


def _but_not_aside(found: list[Word], flow: list[int], number: int) -> bool:
    """ "Fellows, but not residents, may ...": an aside between commas that names no visa."""
    around = [found[p].word for p in (*flow[max(0, number - 1) : number], *flow[number + 1 : number + 2])]
    aside = [found[p] for p in flow[number + 2 : number + 7]]
    end = next((k for k, item in enumerate(aside) if item.word == ","), None)
    return around == [",", "not"] and end is not None and not any(item.visas for item in aside[:end])


def _soft_parts(
    found: list[Word], marks: list[Cue], told: dict[int, Cue], places: list[int], joined: str
) -> list[Clause]:
    """Clauses of one hard part: parted between two visa names where something is said of each."""
    named = [number for number, place in enumerate(places) if found[place].visas - {OTHER_CLASS}]
    cuts = [cut(Pair(found, marks, told, places, left, right)) for left, right in pairwise(named)]
    parts: list[Clause] = []
    start, how = 0, joined
    for at in cuts:
        if at is not None:
            parts.append(Clause(places[start : at.end], how))
            start, how = at.start, at.joined
    parts.append(Clause(places[start:], how))
    return [part for part in parts if part.places]


def _describe(part: Clause, found: list[Word], marks: list[Cue]) -> None:
    inside = set(part.places)
    named: set[str] = set()
    for place in part.places:
        named |= found[place].visas
    part.visas = frozenset(named - {OTHER_CLASS})
    part.cues = [mark for mark in marks if mark.first in inside and mark.last in inside]
