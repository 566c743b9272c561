"""A claim on a visa, the context that its surroundings give a sentence, and a sentence taken apart.

What belongs here: the values that the reader's steps pass on. What they mean together is decided in `sentence`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from pipeline.policies.lexicon import Trigger, triggers_in, with_lemmas
from pipeline.policies.sentence.clauses import Clause, clauses
from pipeline.policies.tokens import ORDINAL, Token, tokenize

CONTACT = "contact"
ELSEWHERE = "elsewhere"  # rule of a claim on another institution
MAX_SENTENCE = 1_500  # characters; more is no sentence, and work on one must stay bounded


@dataclass(frozen=True)
class Claim:
    """visa: j1, h1b, any, others. stance: yes, no, case_by_case, contact. time: -1 past, 0 undated, 1 new.

    explicit: the visa itself is named; weak: mentioned in passing ("residents are on J-1 visas").
    """

    visa: str
    stance: str
    conditions: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    time: int = 0
    explicit: bool = True
    weak: bool = False


@dataclass(frozen=True)
class Context:
    """What the surroundings give a sentence.

    visas: those mentioned; predicate: kind of the verb above; negative: that verb denies; labelled: a bare name is a
    statement, since it is under a label such as "Visas"; topic: the heading is on visas;
    required: the sentence is in a list of requirements; in_list: it is an item of a list that a line introduces.
    """

    visas: frozenset[str] = frozenset()
    predicate: str = ""
    negative: bool = False
    labelled: bool = False
    topic: bool = False
    required: bool = False
    in_list: bool = False


@dataclass(frozen=True)
class Parsed:
    """A sentence's tokens and triggers, not to be changed; its clauses and their visas are worked out when first needed."""

    tokens: list[Token]
    triggers: list[Trigger]

    @cached_property
    def clauses(self) -> list[Clause]:
        """Its clauses in order, not to be changed."""
        return clauses(self.tokens, self.triggers)

    @cached_property
    def visas(self) -> frozenset[str]:
        """The visas that its clauses name."""
        if not any(word.visas for word in self.tokens):
            return frozenset()
        return frozenset([visa for part in self.clauses for visa in part.visas])

    def has(self, *kinds: str) -> bool:
        """Decide whether any trigger is of one of these kinds."""
        for trigger in self.triggers:  # called a hundred times a sentence; most triggers are of one kind
            for kind in trigger.kinds:
                if kind in kinds:
                    return True
        return False

    def whole(self) -> Clause:
        """Return the sentence as one clause."""
        return Clause(list(range(len(self.tokens))) or [0], "", self.visas, self.triggers)


@lru_cache(maxsize=4096)
def parse(text: str) -> Parsed:
    """Take one sentence apart."""
    return _parsed(text)


def parse_after(text: str, mentioned: tuple[str, ...]) -> Parsed:
    """Take one sentence apart in which "the former", "the latter" may point to the two visas mentioned before it, in their order."""
    return _parsed(text, mentioned) if len(mentioned) == 2 and ORDINAL.search(text) else parse(text)


def _parsed(text: str, mentioned: tuple[str, ...] = ()) -> Parsed:
    tokens = with_lemmas(tokenize(text[:MAX_SENTENCE], mentioned))
    return Parsed(tokens, triggers_in(tokens))
