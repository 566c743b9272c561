"""Signs in the place of words: a dash for a value, marks that the reader does not know."""

from __future__ import annotations

from pipeline.policies.claims import Claim, Parsed
from pipeline.policies.sentence.polarity import NO
from pipeline.policies.tokens import BOTH, Word

_CLOSING_SIGNS = frozenset("–%$\"'!*;†‡§")


def with_blank(made: tuple[Claim, ...], found: list[Word]) -> tuple[Claim, ...]:
    """ "J-1: ✓; H-1B: –": a dash in the place of a value says no."""
    last = max((p for p, word in enumerate(found) if word.trainee), default=None)
    tail = [word.word for word in found[last + 1 :]] if last is not None else []
    if last is None or len(tail) < 2 or tail[0] not in (":", "-", "–") or set(tail) - {":", "-", "–", "."}:
        return made
    blank = found[last].visas & BOTH
    kept = tuple(claim for claim in made if claim.visa not in blank)
    return (*kept, *(Claim(visa, NO, (), ("blank",)) for visa in sorted(blank)))


def mere_signs(parsed: Parsed) -> bool:
    """Whether a text holds nothing but signs that the reader does not know, or ends a bare name with one: "H-1B: ○"."""
    said = [word for word in parsed.found if word.word not in (".", ",", ":", "-", "(", ")")]
    if any(mark.has("yesword", "noword") for mark in parsed.marks) or not said:
        return not said and not parsed.marks
    last = said[-1]
    unknown = not last.visas and not last.word.isalnum() and last.word not in _CLOSING_SIGNS
    return unknown and all(word.visas or not word.word.isalnum() for word in said)
