"""What the first reader sees in each sentence near visas: phrases of the vocabulary, and what it takes each sentence to claim.

What belongs here: showing a reading to whoever changes a phrase or a rule. How a sentence is read is in `sentence`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from pipeline.documents.blocks import Block, Texts
from pipeline.documents.sentences import sentences
from pipeline.policies.audience import Audience
from pipeline.policies.claims import Claim, parse
from pipeline.policies.sentence.discourse import read_blocks

MOST: Final = 200  # sentences shown of one page


@dataclass(frozen=True)
class SentenceReasons:
    """A sentence of block `block`. phrases: (words, kinds as `support` or `cond: exceptional`) of the lexicon found in it."""

    block: int
    text: str
    phrases: tuple[tuple[str, str], ...]
    claims: tuple[Claim, ...]


def sentence_reasons(blocks: tuple[Block, ...], program: str | None, institution: str | None) -> list[SentenceReasons]:
    """Return the sentences that name a visa or state something of one, in their order, at most MOST of them.

    program and institution as in `reading.read_statement`.
    """
    assertions, _ = read_blocks(blocks, Audience(program or "", institution or ""), Texts(blocks))
    claims: dict[tuple[int, int], tuple[Claim, ...]] = {}
    for made in assertions:
        place = (made.block, made.start)
        claims[place] = claims.get(place, ()) + made.claims
    return list(islice(_reasons(blocks, claims), MOST))


def _reasons(blocks: tuple[Block, ...], claims: dict[tuple[int, int], tuple[Claim, ...]]) -> Iterator[SentenceReasons]:
    for block in blocks:
        for sentence in sentences(block.text):
            parsed = parse(sentence.text)
            made = claims.get((block.number, sentence.start), ())
            if not parsed.visas and not made:
                continue
            phrases = tuple(
                (
                    " ".join(token.text for token in parsed.tokens[trigger.first : trigger.last + 1]),
                    ", ".join(f"{kind}: {value}" if value else kind for kind, value in sorted(trigger.kinds.items())),
                )
                for trigger in parsed.triggers
            )
            yield SentenceReasons(block.number, sentence.text, phrases, made)
