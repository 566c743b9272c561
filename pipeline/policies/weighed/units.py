"""Units of the second reader: sentences near visas, each with the words of what surrounds it.

What belongs here: which sentences count, and what is beside them. What they weigh is in `features` and `weights`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.documents.blocks import Block, Texts
from pipeline.documents.sentences import Sentence, sentences
from pipeline.policies.weighed.words import classed, words_of

# A sentence counts if it, its question, its introduction or its table row holds one of these.
NEAR: Final = (
    "visa", "sponsor", "citizen", "immigra", "permanent res", "ecfmg", "international", "foreign", "work auth",
    "exchange visitor", "green card", "status", "h-1", "h1", "h 1", "hib", "j-1", "j1", "j 1",
)  # fmt: skip
_MOST_UNITS: Final = 400  # of a page; work on a hostile one must stay bounded
_MOST_CHARACTERS: Final = 1_500  # of a sentence
_OPENING: Final = 5  # sentences that tell whose page it is


@dataclass(frozen=True)
class Words:
    """The words of a text as they are, and with those of a class replaced by its name."""

    plain: tuple[str, ...]
    classed: tuple[str, ...]


NOTHING: Final = Words((), ())


@dataclass(frozen=True)
class Unit:
    """A sentence and its surroundings; `before` and `after` are the sentences beside it. `number`: of its block."""

    number: int
    sentence: Sentence
    words: Words
    before: Words
    after: Words
    heading: Words
    question: Words
    intro: Words
    cells: tuple[tuple[Words, Words], ...]


@dataclass(frozen=True)
class PageUnits:
    """The units of a page in its order, and the words with which the page begins."""

    units: tuple[Unit, ...]
    opening: frozenset[str]


def units_of(blocks: tuple[Block, ...], texts: Texts) -> PageUnits:
    """Return the units of a page; none where it speaks of nothing near visas. Linear in the length of the page."""
    near = texts.naming(NEAR)
    if not near:
        return PageUnits((), frozenset())
    page = _Page(blocks)
    found: list[Unit] = []
    for block in blocks:
        around = block.number in near and bool(block.cells)
        around = around or page.near(block.question) or page.near(block.intro)
        if not around and block.number not in near:
            continue
        for place, sentence in enumerate(page.sentences(block.number)):
            if around or page.near(sentence.text):
                found.append(page.unit(block, place, sentence))
        if len(found) >= _MOST_UNITS:
            break
    return PageUnits(tuple(found[:_MOST_UNITS]), page.opening())


class _Page:
    """Sentences and words of a page, each worked out once."""

    def __init__(self, blocks: tuple[Block, ...]) -> None:
        self._blocks = blocks
        self._sentences: dict[int, tuple[Sentence, ...]] = {}
        self._words: dict[str, Words] = {"": NOTHING}
        self._near: dict[str, bool] = {"": False}

    def sentences(self, number: int) -> tuple[Sentence, ...]:
        known = self._sentences.get(number)
        if known is None:
            known = self._sentences[number] = sentences(self._blocks[number].text)
        return known

    def near(self, text: str) -> bool:
        known = self._near.get(text)
        if known is None:
            small = text.lower()
            known = self._near[text] = any(word in small for word in NEAR)
        return known

    def words(self, text: str) -> Words:
        known = self._words.get(text)
        if known is None:
            plain = words_of(text[:_MOST_CHARACTERS])
            known = self._words[text] = Words(plain, classed(plain))
        return known

    def unit(self, block: Block, place: int, sentence: Sentence) -> Unit:
        return Unit(
            number=block.number,
            sentence=sentence,
            words=self.words(sentence.text),
            before=self._beside(block.number, place, -1),
            after=self._beside(block.number, place, 1),
            heading=self.words(block.headings[-1]) if block.headings else NOTHING,
            question=self.words(block.question),
            intro=self.words(block.intro),
            cells=tuple([(self.words(cell.label), self.words(cell.value)) for cell in block.cells]),
        )

    def _beside(self, number: int, place: int, step: int) -> Words:
        own = self.sentences(number)
        if 0 <= place + step < len(own):
            return self.words(own[place + step].text)
        while 0 <= number + step < len(self._blocks):
            number += step
            other = self.sentences(number)
            if other:
                return self.words(other[-1 if step < 0 else 0].text)
        return NOTHING

    def opening(self) -> frozenset[str]:
        """Return the words, and their classes, of the first sentences and of what stands above them."""
        found: set[str] = set()
        seen = 0
        for block in self._blocks:
            if seen >= _OPENING:
                break
            if block.headings and seen < 3:
                words = self.words(block.headings[0])
                found |= {*words.plain, *words.classed}
            for sentence in self.sentences(block.number)[: _OPENING - seen]:
                words = self.words(sentence.text)
                found |= {*words.plain, *words.classed}
                seen += 1
        return frozenset(found)
