"""Symbols in the place of words: a dash for a value, marks that the reader does not know."""

from __future__ import annotations

from pipeline.policies.claims import Claim, Parsed
from pipeline.policies.sentence.polarity import NO
from pipeline.policies.tokens import BOTH, Token

_CLOSING_SYMBOLS = frozenset("–%$\"'!*;†‡§")


def with_blank(made: tuple[Claim, ...], tokens: list[Token]) -> tuple[Claim, ...]:
    """Read a dash in the place of a value as a no: "J-1: ✓; H-1B: –"."""
    last = max((p for p, word in enumerate(tokens) if word.trainee), default=None)
    tail = [word.text for word in tokens[last + 1 :]] if last is not None else []
    if last is None or len(tail) < 2 or tail[0] not in (":", "-", "–") or set(tail) - {":", "-", "–", "."}:
        return made
    blank = tokens[last].visas & BOTH
    kept = tuple(claim for claim in made if claim.visa not in blank)
    return (*kept, *(Claim(visa, NO, (), ("blank",)) for visa in sorted(blank)))


def only_symbols(parsed: Parsed) -> bool:
    """Decide whether a text holds nothing but symbols that the reader does not know, or ends a bare name with one:
    "H-1B: ○"."""
    terms = [word for word in parsed.tokens if word.text not in (".", ",", ":", "-", "(", ")")]
    if any(trigger.has("yesword", "noword") for trigger in parsed.triggers) or not terms:
        return not terms and not parsed.triggers
    last = terms[-1]
    unknown = not last.visas and not last.text.isalnum() and last.text not in _CLOSING_SYMBOLS
    return unknown and all(word.visas or not word.text.isalnum() for word in terms)
