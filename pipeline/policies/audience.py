"""Whose policy: this program's, the institution's, or another program's on the same page.

What belongs here: whom a block or sentence addresses. Which programs a text names is found in `programs_named`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from pipeline.documents.blocks import Block
from pipeline.policies.claims import parse
from pipeline.policies.programs_named import Specialty, program_words, programs_named

OWN, GENERAL, LESSER = 2, 1, 0  # how specific a statement is for the program in question

_PARENTHETICAL = re.compile(r"\([^()]{0,60}\)")
# "... who finished a residency in internal medicine or neurology": what comes before a fellowship, not another program.
_EARLIER_TRAINING = re.compile(
    r"\b(?:finish|complet|graduat|train|certif|eligible)[a-z]{0,4} (?:[\w-]+ ){0,4}?(?:residency|residencies|program|in)[ ,]"
    r"(?:in |of )?[^.;:]{0,200}",
    re.IGNORECASE,
)
_TRACK = re.compile(r"\btracks?\b", re.IGNORECASE)
_EVERY_TRACK = re.compile(r"\b(?:all|every|each|both|any)(?: of our| of the| our)? tracks?\b", re.IGNORECASE)
_YEARS = re.compile(
    r"\b(?:categorical|preliminary|transitional)\b(?= (?:year|resident|position|program|intern|track))", re.IGNORECASE
)
_LEVEL = re.compile(r"\b(fellow|resid)(?:s|ents?|ency|encies|ships?|ows?)?\b", re.IGNORECASE)
_OFFICE = re.compile(r"\b(?:gme|office|institution|graduate medical education|administration)\b", re.IGNORECASE)
_PARTS = re.compile(r";|, (?=but |while |whereas |though )| – ")
_SELF = re.compile(r"\b(?:we|our|us)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Audience:
    """The program and institution whose policy is read; both may be unknown."""

    program: str = ""
    institution: str = ""

    @cached_property
    def own(self) -> Specialty:
        """Words of the program's specialty, all its parts together."""
        return program_words(f"{_PARENTHETICAL.sub(' ', self.program).strip()} program")

    @cached_property
    def level(self) -> str:
        """fellow or resid; empty for an office."""
        if not self.program or self.institutional:
            return ""
        return "fellow" if "fellow" in self.program.lower() else "resid"

    @property
    def institutional(self) -> bool:
        """Whether an institution's policy is read."""
        return not self.program or (not self.own and bool(_OFFICE.search(self.program)))

    def relation(self, text: str) -> str:
        """Return own, other or empty: whether `text` names this program, only other ones, or none.

        A part of the program's name ("surgery" for vascular surgery) is none; a longer name ("vascular surgery" for
        surgery) is another program.
        """
        named = programs_named(text) if self.own else frozenset[Specialty]()
        if not named:
            return ""
        if any(specialty == self.own for specialty in named):
            return "own"
        return "" if any(specialty < self.own for specialty in named) else "other"

    def other_program(self, text: str) -> bool:
        """Decide whether `text` names programs, and this one is not among them."""
        return self.relation(text) == "other"

    def specific(self, block: Block) -> int | None:
        """Return how specific a block is (OWN, GENERAL, LESSER) by its row label or its nearest deciding heading; None
        under another program's."""
        labels = _row_labels(block) if block.cells else []
        relations = {self.relation(label) for label in labels} - {""}
        if relations:
            return OWN if "own" in relations else None
        if self._of_others(block, labels):
            return None
        if any(self.level and _levels(label) and self.level not in _levels(label) for label in labels):
            return LESSER
        return self._by_heading(block)

    def _of_others(self, block: Block, labels: list[str]) -> bool:
        """Decide whether the row's label or the nearest heading that names people names faculty, postdocs and the
        like, and the block itself no trainees."""
        addressed = {addressees(label) for label in labels} - {""}
        if not addressed:
            for heading in reversed(block.headings):
                own = bool(self.program) and self.program.lower() in heading.lower()
                to = "trainees" if own else addressees(heading) if len(heading) < 120 else ""
                if to:
                    addressed = {to}
                    break
        return addressed == {"others"} and addressees(block.text) != "trainees"

    def _by_heading(self, block: Block) -> int | None:
        for heading in reversed(block.headings):
            relation = self.relation(heading) if len(heading) < 120 else ""
            if relation == "other":
                return None
            levels = _levels(heading)
            if self.level and len(levels) == 1 and self.level not in levels:
                return LESSER
            if relation == "own":
                return OWN
        return GENERAL

    def of_sentence(self, text: str, specific: int) -> int | None:
        """Return how specific one sentence is; None if it is about another program alone."""
        text = _EARLIER_TRAINING.sub(" ", text)
        relation = self.relation(text)
        if relation == "other" or self._other_kind(text):
            return None
        if _TRACK.search(text) and not _EVERY_TRACK.search(text) and not _TRACK.search(self.program):
            return LESSER
        if relation == "own":
            return OWN
        levels = _levels(text)
        if self.level and specific == GENERAL and len(levels) == 1 and self.level not in levels:
            return LESSER
        return specific

    def _other_kind(self, text: str) -> bool:
        """Decide whether a sentence is about categorical residents where the program is a transitional or preliminary
        year, or about transitional ones alone where it is not."""
        named = {match[0].lower() for match in _YEARS.finditer(text)} if self.program else set[str]()
        if not named:
            return False
        own = {match[0].lower() for match in _YEARS.finditer(self.program)}
        return not named & own and (bool(own) or named == {"transitional"})

    def own_part(self, text: str) -> str:
        """Return the parts of a sentence on several programs that speak of "us" and of no other program; empty if
        none."""
        parts = [
            part
            for part in _PARTS.split(text)
            if _SELF.search(part) and self.relation(part) != "other" and not self._other_kind(part)
        ]
        return ", ".join(part.strip() for part in parts)


def _row_labels(block: Block) -> list[str]:
    """Return the cells of a row or definition that say of whom it speaks: those that name no visa and are no mark."""
    if len(block.cells) == 1:
        return [block.cells[0].label]
    return [cell.value for cell in block.cells if len(cell.value) > 3 and not parse(cell.value).visas]


@lru_cache(maxsize=4096)
def addressees(text: str) -> Literal["trainees", "others", ""]:
    """Return whether a heading or label speaks of trainees, or of other people alone (faculty, postdocs, students)."""
    parsed = parse(text)
    if parsed.has("trainee", "subset"):
        return "trainees"
    return "others" if parsed.has("nontrainee") else ""


def _levels(text: str) -> set[str]:
    return {match[1].lower() for match in _LEVEL.finditer(text)}
