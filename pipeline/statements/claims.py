"""A claim on a visa, what surroundings lend to a sentence, and a sentence taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pipeline.statements.clauses import Clause, clauses
from pipeline.statements.cues import Cue, cues, with_lemmas
from pipeline.statements.visas import Word, words

CONTACT = "contact"
ELSEWHERE = "elsewhere"  # rule of a claim on another institution
MAX_SENTENCE = 1_500  # characters; more is no sentence, and work on one must stay bounded


@dataclass(frozen=True)
class Claim:
    """visa: j1, h1b, any, others. stance: yes, no, case_by_case, contact. time: -1 past, 0 undated, 1 new.

    explicit: the visa itself is named; weak: said in passing ("residents are on J-1 visas").
    """

    visa: str
    stance: str
    conditions: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    time: int = 0
    explicit: bool = True
    weak: bool = False


@dataclass(frozen=True)
class Given:
    """What the surroundings lend to a sentence.

    visas: those spoken of; predicate: kind of the verb above; negative: that verb denies; labelled: a bare name is a
    statement, since it stands under a label such as "Visas"; topic: the heading is on visas;
    required: the sentence stands in a list of requirements.
    """

    visas: frozenset[str] = frozenset()
    predicate: str = ""
    negative: bool = False
    labelled: bool = False
    topic: bool = False
    required: bool = False


@dataclass(frozen=True)
class Parsed:
    """A sentence's words, cues and clauses; not to be changed."""

    found: list[Word]
    marks: list[Cue]
    clauses: list[Clause]
    visas: frozenset[str]

    def has(self, *kinds: str) -> bool:
        """Whether any cue is of one of these kinds."""
        return any(not mark.kinds.keys().isdisjoint(kinds) for mark in self.marks)

    def whole(self) -> Clause:
        """The sentence as one clause."""
        return Clause(list(range(len(self.found))) or [0], "", self.visas, self.marks)


@lru_cache(maxsize=4096)
def parse(text: str, spoken: tuple[str, ...] = ()) -> Parsed:
    """Words, cues and clauses of one sentence; `spoken` are the two visas that "the former", "the latter" point to."""
    found = with_lemmas(words(text[:MAX_SENTENCE], spoken))
    marks = cues(found)
    parts = clauses(found, marks)
    return Parsed(found, marks, parts, frozenset(visa for part in parts for visa in part.visas))
