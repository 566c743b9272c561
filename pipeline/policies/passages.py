"""Which sentences of a page say on which terms an H-1B is given: those that state the policy, and what goes on about it.

What belongs here: places on the page. What the sentences mean is in `terms`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from pipeline.documents.blocks import Block, Texts
from pipeline.documents.sentences import Sentence, sentences
from pipeline.policies.audience import Audience
from pipeline.policies.claims import parse
from pipeline.policies.sentence.discourse_state import Assertion
from pipeline.policies.terms import FOLLOWING, UNTIL_NAMES, on_h1b, terms_of
from pipeline.policies.tokens import H1B, J1
from pipeline.text.characters import collapse

H1B_NAMES: Final = ("h-1", "h1", "h 1", "hib", "h visa", "h status", "h)", "1b", "1.b", "1/b")
_MAX_STATED: Final = 50  # sentences that state a policy; a page of a program has ten
_MAX_LISTED: Final = 10  # items of a list that a sentence introduces
_MAX_BLOCKS: Final = 500  # blocks that name the H-1B; no program page has as many


@dataclass(frozen=True)
class Pause:
    """No new petitions up to and including a day, and where it is stated: quote, block, start, end."""

    until: date
    place: tuple[str, int, int, int]


def stating(blocks: tuple[Block, ...], assertions: Iterable[Assertion]) -> list[str]:
    """Return the sentences of `assertions`, the question or heading above that names the H-1B alone, what follows in the block
    without another visa's name, and the list that the sentence introduces."""
    found: dict[str, None] = {}
    split: dict[int, tuple[Sentence, ...]] = {}
    for item in islice(assertions, _MAX_STATED):
        block = blocks[item.block]
        above = [text for text in (block.question, block.intro, *block.headings[-1:]) if _on_h1b_alone(text)]
        found.update(dict.fromkeys(above))
        inside = split[item.block] = split.get(item.block) or sentences(block.text)
        first = bisect_right([sentence.end for sentence in inside], item.start)
        stated = [sentence.text for sentence in inside[first:] if sentence.start < item.end]
        after = [sentence.text for sentence in inside[first + len(stated) : first + len(stated) + FOLLOWING]]
        found.update(dict.fromkeys(stated or [item.quote]))
        last = (stated or [item.quote])[-1]
        # The sentence is on the H-1B, by its name or by what is above it; one that names the J-1 alone is followed by nothing.
        on_both = J1 not in parse(last).visas
        found.update(dict.fromkeys(on_h1b(["H-1B", *after])[1:] if on_both else on_h1b([last, *after])))
        if last.rstrip().endswith(":"):
            below = blocks[item.block + 1 : item.block + 1 + _MAX_LISTED]
            found.update(dict.fromkeys(one.text for one in below if one.intro and one.intro.endswith(last.strip())))
    return list(found)


def pause_on(blocks: tuple[Block, ...], audience: Audience, texts: Texts) -> Pause | None:
    """Return the first pause of new H-1B petitions that the page announces to `audience`, above or below its policy; None
    where there is none. texts: those of `blocks`."""
    for number in sorted(texts.naming(H1B_NAMES))[:_MAX_BLOCKS]:
        block = blocks[number]
        lower = block.text.lower()
        if not any(word in lower for word in UNTIL_NAMES) or audience.specific(block) is None:
            continue
        for sentence in sentences(block.text):
            if H1B in parse(sentence.text).visas:
                until = terms_of([sentence.text], "no").paused_until
                if until is not None:
                    return Pause(until, (collapse(sentence.text), number, sentence.start, sentence.end))
    return None


def _on_h1b_alone(text: str) -> bool:
    return bool(text) and H1B in (visas := parse(text).visas) and J1 not in visas
