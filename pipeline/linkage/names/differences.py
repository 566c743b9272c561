"""What distinguishes two similar names: another place or direction, a children's or veterans' body, another kind."""

from __future__ import annotations

import functools
from collections import Counter
from typing import Final

from rapidfuzz.distance import DamerauLevenshtein

from pipeline.linkage.model import MISSPELT, MISSPELT_TWICE
from pipeline.linkage.names.kinds import kind_of
from pipeline.linkage.names.normalise import state_words
from pipeline.linkage.names.words import GENERIC, word_set

DIRECTIONS: Final = word_set("direction")
# Kind words that nevertheless name another body when only one of two names has them.
DISTINGUISHING: Final = word_set("telling")
# Kind words, words common among employers, and names of states: a state's bodies share its tax id and its name.
UNSPECIFIC: Final = GENERIC | word_set("common") | state_words()
# Kinds that are bodies of their own beside a hospital or school of the same name.
APART: Final = frozenset(("plan", "practice", "research", "foundation", "clinic"))


@functools.lru_cache(maxsize=1 << 17)
def differences(left: str, right: str) -> tuple[str, ...]:
    """Return why two canonical forms can't be the same body, in words; empty if nothing distinguishes them.

    A word on one side is forgiven if the other side has it with one or two letters changed.
    """
    left_only, right_only = remainders(left.split(), right.split())
    reasons = [
        *(
            _reason(token)
            for token in left_only + right_only
            if token not in GENERIC or token in DISTINGUISHING | DIRECTIONS
        ),
    ]
    shared_left = [token for token in left.split() if token in right.split()]
    shared_right = [token for token in right.split() if token in left.split()]
    if "UNIVERSITY" in shared_left and list(dict.fromkeys(shared_left)) != list(dict.fromkeys(shared_right)):
        reasons.append("another order of the words")  # Miami University is not the University of Miami
    left_kind, right_kind = kind_of(left), kind_of(right)
    if left_kind != right_kind and (left_kind in APART or right_kind in APART):
        reasons.append(f"{left_kind} against {right_kind}")
    return tuple(dict.fromkeys(reasons))


def _reason(token: str) -> str:
    if token in DIRECTIONS:
        return f"direction {token.lower()} on one side"
    if token in state_words():
        return f"place {token.title()} on one side"
    return f"{token.lower()} on one side only"


def remainders(left: list[str], right: list[str]) -> tuple[list[str], list[str]]:
    """Return the words that only the left and only the right form has; misspelt ones (one or two letters) are forgiven."""
    left_only, right_only = _beyond(left, right), _beyond(right, left)
    for token in tuple(left_only):
        for other in tuple(right_only):
            if _misspelt(token, other):
                left_only.remove(token)
                right_only.remove(other)
                break
    return left_only, right_only


def _beyond(words: list[str], others: list[str]) -> list[str]:
    """Return the words that are not among the others, or more often than there."""
    if len(set(words)) == len(words):  # nearly always; counting takes several times as long
        return [word for word in words if word not in others]
    return list((Counter(words) - Counter(others)).elements())


def _misspelt(one: str, other: str) -> bool:
    if one in state_words() or other in state_words() or one in DIRECTIONS or other in DIRECTIONS:
        return False
    if min(len(one), len(other)) < MISSPELT or one[0] != other[0]:
        return False
    most = 1 if min(len(one), len(other)) < MISSPELT_TWICE else 2
    return DamerauLevenshtein.distance(one, other, score_cutoff=2) <= most
