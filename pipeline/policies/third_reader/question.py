"""A page as it is put to a language model, and where a passage of that text stands on the page.

What belongs here: all that leaves the machine. Beside the fixed instruction that is text of the page, and nothing else: a program or an
institution is named only in words that the page itself holds.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Final, NamedTuple

from pipeline.documents.blocks import ROW, Block, Texts
from pipeline.policies.audience import Audience
from pipeline.policies.weighed.units import NEAR
from pipeline.text.characters import collapse

MOST_CHARACTERS: Final = 20_000  # of a page; of a longer one only what is near visas is sent
_OPENING: Final = 5  # blocks that tell whose page it is
_AROUND: Final = 3  # blocks sent before and after one that is near visas
_GAP: Final = "[...]"
_LONGEST_NAME: Final = 120
_WHITE: Final = re.compile(r"\s")


class Place(NamedTuple):
    """Where a passage stands: block `number`'s line from character `start` to `end`."""

    number: int
    start: int
    end: int


@dataclass(frozen=True)
class Question:
    """The question on one page. lines: its blocks as sent; numbers: the block of each, -1 for a gap; about: whose policy."""

    lines: tuple[str, ...]
    numbers: tuple[int, ...]
    about: str

    @cached_property
    def text(self) -> str:
        """The message to the model. The number that marks the page is a hash of it: no page can hold its own."""
        page = "\n".join(self.lines)
        number = hashlib.sha256(page.encode()).hexdigest()[:16]
        return f"Report for {self.about}.\nBEGIN PAGE {number}\n{page}\nEND PAGE {number}"

    @property
    def key(self) -> str:
        """The hash under which the answer is kept."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def places_of(self, passage: str) -> tuple[Place, ...]:
        """Return where a passage stands on the page word for word, but for white space: a place for each block; () if nowhere."""
        wanted = collapse(passage)
        at = self._page.find(wanted) if wanted else -1
        if at < 0:
            return ()
        end = at + len(wanted)
        held = range(bisect_right(self._starts, at) - 1, bisect_right(self._starts, end - 1))
        if any(self.numbers[line] < 0 for line in held):
            return ()
        return tuple(
            Place(
                self.numbers[line],
                max(at - self._starts[line], 0),
                min(end - self._starts[line], len(self.lines[line])),
            )
            for line in held
        )

    @cached_property
    def _page(self) -> str:
        return " ".join(self.lines)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *accumulate(len(line) + 1 for line in self.lines)]


def question_of(
    blocks: tuple[Block, ...], texts: Texts, program: str | None, institution: str | None
) -> Question | None:
    """Return the question on a page for one program, or for its institution where none is given; None where the page holds no
    word near visas, so that there is nothing to ask."""
    near = texts.naming(NEAR)
    if not near:
        return None
    if Audience(program or "", institution or "").institutional:  # "GME office"
        program = None
    lines, numbers = _sent(blocks, near)
    page = " ".join(lines).lower()
    whose = _named(institution, page)
    about = f"the program{_named(program, page) or ' whose page this is'}" if program else "the whole institution"
    return Question(tuple(lines), tuple(numbers), f"{about}{' of' if program and whose else ''}{whose}")


def _sent(blocks: tuple[Block, ...], near: frozenset[int]) -> tuple[list[str], list[int]]:
    """Return the lines that are sent, in the order of the page, and their blocks; a gap where some are left out."""
    wanted = {block.number for block in blocks if block.text}
    if sum(len(blocks[number].text) for number in wanted) > MOST_CHARACTERS:
        wanted &= {at + step for at in near for step in range(-_AROUND, _AROUND + 1)} | set(range(_OPENING))
    lines: list[str] = []
    numbers: list[int] = []
    room = MOST_CHARACTERS
    for number in sorted(wanted):
        line = _line(blocks[number])
        room -= len(line) + 1
        if room < 0:
            break
        if numbers and number > numbers[-1] + 1:
            lines.append(_GAP)
            numbers.append(-1)
        lines.append(line)
        numbers.append(number)
    return lines, numbers


def _line(block: Block) -> str:
    """Return a block on one line, characters in their places; a table row with the header of each cell, which no block of its own
    holds."""
    text = block.text
    if block.kind == ROW and block.cells:
        cells = (f"{cell.label[:_LONGEST_NAME]}: {cell.value}" if cell.label else cell.value for cell in block.cells)
        text = collapse(" | ".join(cells))
    return _WHITE.sub(" ", text).encode(errors="replace").decode()


def _named(name: str | None, page: str) -> str:
    """Return a name in quotation marks if the page, in small letters, holds it, else nothing: no other is sent."""
    plain = collapse(name or "")
    return f' "{plain}"' if plain and len(plain) <= _LONGEST_NAME and plain.lower() in page else ""
