"""How a printed name compares with a name of an institution: the comparison levels, and the words that distinguish the two.

Two canonical forms and the city of the institution are all it sees: which pairs are compared belongs to `blocking.py`, what a
level is worth beside tax id and place to `scoring.py`.
"""

from __future__ import annotations

import functools
import re
from typing import Final

from pipeline.linkage.names.differences import APART, DIRECTIONS, DISTINGUISHING, remainders
from pipeline.linkage.names.kinds import kind_of
from pipeline.linkage.names.normalise import state_words
from pipeline.linkage.names.words import GENERIC

# The levels at which a printed name compares with a name of an institution, each with its match weight.
POINTS: Final = {
    "equal": 70.0,
    "equal_trade": 66.0,
    "equal_root": 64.0,
    "equal_cut": 62.0,
    "equal_former": 62.0,
    "cut": 55.0,
    "kin": 58.0,
    "placeless": 54.0,
    "cut_kin": 52.0,
    "typed": 58.0,
    "prefixed": 58.0,
    "shorter": 45.0,
    "longer": 36.0,
    "similar": 28.0,
}
# Kind words of businesses of all sorts: Sparrow Systems is not Sparrow Hospital.
_ANY_BUSINESS: Final = frozenset(
    (
        "SYSTEM",
        "GROUP",
        "SERVICE",
        "PARTNER",
        "ASSOCIATE",
        "ASSOCIATION",
        "NETWORK",
        "PROFESSIONAL",
        "PROVIDER",
        "SPECIALIST",
    )
)
# Kind words that, on one side only, name another body: Stanford University is not Stanford Health Care.
_MEDICAL_SCHOOL: Final = re.compile(r"\bMEDICAL (UNIVERSITY|COLLEGE)\b")
_OTHER_BODY: Final = frozenset(("UNIVERSITY", "COLLEGE", "EDUCATION", "RESEARCH", "INSTITUTE"))


@functools.lru_cache(maxsize=1 << 17)
def compare(mine: str, theirs: str, place: frozenset[str]) -> tuple[str, bool, str]:
    """Compare a printed form with a name of an institution in the city with the words `place`.

    Returns how (a key of POINTS, "" for nothing), whether the kinds of body make it an affiliate, and the words that
    distinguish the two.
    """
    if (kind_of(mine) == "k12") != (kind_of(theirs) == "k12") or not _share_a_name(mine, theirs, place):
        return "", False, ""
    if _reordered(mine, theirs):
        return "similar", False, "another order of the words"
    if bool(_MEDICAL_SCHOOL.search(mine)) != bool(_MEDICAL_SCHOOL.search(theirs)):
        return "similar", False, "a medical university is another than the university"
    return _by_remainders(mine, theirs, place)


def _by_remainders(mine: str, theirs: str, place: frozenset[str]) -> tuple[str, bool, str]:
    my_rest, their_rest = remainders(mine.split(), theirs.split())
    my_words = [token for token in my_rest if _distinguishes(token) and token not in place]
    their_words = [token for token in their_rest if _distinguishes(token)]
    if my_words:
        words = " ".join(dict.fromkeys([*my_words, *their_words])).lower()
        if their_words:
            return "similar", False, words
        apart = kind_of(mine) in APART and kind_of(theirs) not in APART
        return "prefixed" if mine.endswith(theirs) and not apart else "longer", apart, words
    if their_words:
        outside = " ".join(token for token in their_words if token not in place).lower()
        return "shorter" if outside else "placeless", False, outside
    how, apart = _kin(mine, theirs)
    return how, apart, ""


def _share_a_name(mine: str, theirs: str, place: frozenset[str]) -> bool:
    """Decide whether two forms share a word that names a body.

    The name of a state or of the institution's city does so in a university's name only, and where the kind words are
    the same too: the Cleveland Clinic is not the University Hospitals Cleveland Medical Center.
    """
    left, right = set(mine.split()), set(theirs.split())
    shared = left & right
    named = [
        token for token in shared if _distinguishes(token) and token not in DISTINGUISHING and token not in DIRECTIONS
    ]
    if any(token not in state_words() and token not in place for token in named):
        return True
    if not named:
        return False
    if " " in theirs and mine.startswith(theirs + " "):  # Stamford Hospital Foundation
        return True
    if shared & {"UNIVERSITY", "COLLEGE"}:
        return True
    # Santa Rosa Memorial is not Santa Rosa Regional: both add a word of their own to the place.
    return kind_of(mine) == kind_of(theirs) and (left <= right or right <= left) and len(left ^ right) <= 2


def _distinguishes(token: str) -> bool:
    return token not in GENERIC or token in DISTINGUISHING or token in DIRECTIONS


def _kin(mine: str, theirs: str) -> tuple[str, bool]:
    """Compare two names with the same rare words by their kinds of body: the same, or a body of its own beside it."""
    my_kind, their_kind = kind_of(mine), kind_of(theirs)
    apart = (set(mine.split()) ^ set(theirs.split())) & _OTHER_BODY
    if apart:
        return ("", False) if {"UNIVERSITY", "COLLEGE"} <= apart else ("typed", True)
    if my_kind == their_kind:
        return "kin", False
    if my_kind == "other" and (set(mine.split()) - set(theirs.split())) & _ANY_BUSINESS:
        return "similar", False
    beside = my_kind in APART or their_kind in APART
    if not beside and their_kind == "hospital":
        beside = my_kind != "other"
    elif not beside and their_kind in ("university", "school"):
        beside = my_kind not in ("university", "school", "other")
    return ("typed", True) if beside else ("kin", False)


def _reordered(mine: str, theirs: str) -> bool:
    left, right = mine.split(), theirs.split()
    if not {"UNIVERSITY", "COLLEGE"} & set(left) & set(right):
        return False
    shared_left = list(dict.fromkeys(token for token in left if token in right))
    shared_right = list(dict.fromkeys(token for token in right if token in left))
    return shared_left != shared_right
