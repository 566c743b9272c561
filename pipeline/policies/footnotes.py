"""Footnotes and legends: "H-1B*" with "* with approval of the dean" below, "● sponsored ○ not sponsored".

What belongs here: what marks and symbols stand for on one page, and claims under them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.documents.blocks import Block, Cell
from pipeline.policies.claims import Claim, parse
from pipeline.policies.sentence.conditions import conditions_of
from pipeline.policies.sentence.polarity import CONDITIONAL, YES
from pipeline.policies.tokens import BOTH

_MARKS = "*†‡§"
_FOOTNOTE = re.compile(rf"([{_MARKS}]{{1,3}}) ?(?=\w)")
_ATTACHED = re.compile(rf"(?<=[\w)])[{_MARKS}]{{1,3}}")
_MEANING = re.compile(
    r"(?P<symbol>[^\w\s.,;:()'\"&/=–-]|\b[A-Z]\b(?= ?[=:–-])) ?[=:–-]? ?(?P<words>[A-Za-z][A-Za-z' -]{1,40})"
)
MAX_LEGEND = 200  # characters
MAX_FOOTNOTES = 600  # blocks looked at for footnotes and legends; work on a page must stay bounded
_READ_AS = {"yes": "yes", "no": "no", CONDITIONAL: "case by case"}


@dataclass
class Footnotes:
    """conditions: those of each footnote by its mark; symbols: what each symbol of a legend stands for; marked: the mark that
    a visa's name was last seen with."""

    conditions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    blocks: dict[str, Block] = field(default_factory=dict)  # where each footnote is
    symbols: dict[str, str] = field(default_factory=dict)
    marked: dict[str, str] = field(default_factory=dict)

    def plain(self, text: str) -> str:
        """Return `text` with the symbols of the legend as words."""
        for symbol, meaning in self.symbols.items():
            text = text.replace(symbol, f" {meaning} ") if not symbol.isalpha() else text
        return text

    def cells(self, cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
        """Return cells with the symbols of the legend as words."""
        if not self.symbols:
            return cells
        return tuple(cell._replace(value=self.symbols.get(cell.value.strip(), cell.value)) for cell in cells)

    def applied(self, claims: tuple[Claim, ...], text: str) -> tuple[Claim, ...]:
        """Return claims with the conditions of the footnotes whose mark their visas, or the sentence, carry."""
        if not self.conditions:
            return claims
        self._mark_visas(text)
        loose = not self.marked and next((m[0] for m in _ATTACHED.finditer(text) if m[0] in self.conditions), "")
        return tuple(self._conditional(claim, loose or self.marked.get(claim.visa, "")) for claim in claims)

    def block_behind(self, claims: tuple[Claim, ...]) -> Block | None:
        """Return the footnote that made one of `claims` conditional; None if none did."""
        if not any("footnote" in claim.rules for claim in claims):
            return None
        marks = [mark for mark in (*self.marked.values(), *self.blocks) if mark in self.blocks]
        return self.blocks[marks[0]]

    def _mark_visas(self, text: str) -> None:
        for mark in _ATTACHED.finditer(text):
            named = parse(text[max(0, mark.start() - 16) : mark.start()])
            last = named.tokens[-1] if named.tokens else None
            if mark[0] in self.conditions and last is not None and last.visas & BOTH:
                self.marked.update(dict.fromkeys(last.visas, mark[0]))

    def _conditional(self, claim: Claim, mark: str) -> Claim:
        conditions = self.conditions.get(mark, ())
        if claim.stance != YES or not conditions:
            return claim
        return Claim(
            claim.visa, CONDITIONAL, conditions, (*claim.rules, "footnote"), claim.time, claim.explicit, claim.weak
        )


def footnotes_of(blocks: Iterable[Block]) -> Footnotes:
    """Return the footnotes that state a condition, and legends, of a page."""
    footnotes = Footnotes()
    left = MAX_FOOTNOTES
    for block in blocks:
        text = block.text
        if text.isascii() and "=" not in text and text[:1] != "*":
            continue  # nearly all blocks of a page
        left -= 1
        if left < 0:
            break
        if text[:1] in _MARKS:
            match = _FOOTNOTE.match(text)
            if match:
                parsed = parse(text[match.end() :])
                conditions = conditions_of(parsed.whole(), parsed.tokens)
                if conditions:
                    footnotes.conditions.setdefault(match[1], conditions)
                    footnotes.blocks.setdefault(match[1], block)
        elif 6 < len(text) <= MAX_LEGEND and not block.cells:
            footnotes.symbols.update(_legend(text))
    return footnotes


def _legend(text: str) -> dict[str, str]:
    """Return the symbols that `text` explains; a single one may be a bullet and explains nothing."""
    symbols: dict[str, str] = {}
    for match in _MEANING.finditer(text):
        parsed = parse(match["words"].strip())
        if parsed.visas & BOTH or len(parsed.tokens) > 6:
            return {}
        if parsed.has("neg", "refuse", "noword"):
            symbols[match["symbol"]] = _READ_AS["no"]
        elif parsed.has("cond", "soft"):
            symbols[match["symbol"]] = _READ_AS[CONDITIONAL]
        elif parsed.has("support", "yesword"):
            symbols[match["symbol"]] = _READ_AS["yes"]
    return symbols if len(symbols) > 1 else {}
