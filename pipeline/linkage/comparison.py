"""How a printed name compares with a name of an institution: the comparison levels, and the words that distinguish the two.

Two canonical forms and the city of the institution are all it sees: which pairs are compared belongs to `blocking.py`, what a
level is worth beside tax id and place to `scoring.py`.
"""

from __future__ import annotations

import functools
import re
from typing import Final

from pipeline.linkage.model import LEADING_INITIALS
from pipeline.linkage.names.differences import APART, DIRECTIONS, DISTINGUISHING, remainders
from pipeline.linkage.names.kinds import kind_of
from pipeline.linkage.names.normalise import state_names, state_words
from pipeline.linkage.names.words import GENERIC

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
# What a university's academic health center is called: the center and its school of medicine are one part of the university.
_ACADEMIC_CENTER: Final = re.compile(
    r"\bUNIVERSITY\b.*?(?P<center> (HEALTH (SCIENCE )?CENTER|HEALTH SCIENCE|(SCHOOL|COLLEGE) (OSTEOPATHIC )?MEDICINE))(?= |$)"
)
# Words of sort that tell one hospital of a city from another.
_SORTS: Final = frozenset(("REGIONAL", "MEMORIAL", "GENERAL", "COMMUNITY", "COUNTY", "DISTRICT"))
_SCHOOLS: Final = frozenset(("UNIVERSITY", "COLLEGE"))
AT_HOME: Final = frozenset(("HOME", "HOSPICE"))  # care at home is a body of its own beside the hospital
_SCHOOL_OF_CENTER: Final = re.compile(r"(?<=HEALTH SCIENCE CENTER) (SCHOOL|COLLEGE) MEDICINE")


@functools.lru_cache(maxsize=1 << 17)
def compare(
    mine: str, theirs: str, place: frozenset[str], county: frozenset[str] = frozenset()
) -> tuple[str, bool, str]:
    """Compare a printed form with a name of an institution in the city with the words `place` and the county `county`.

    Returns how (a key of `model.LEVELS`, "" for nothing), whether the kinds of body make it an affiliate, and the words that
    distinguish the two.
    """
    if not _share_a_name(mine, theirs, place) or (kind_of(mine) == "k12") != (kind_of(theirs) == "k12"):
        return "", False, ""
    if _reordered(mine, theirs):
        return "similar", False, "another order of the words"
    if bool(_MEDICAL_SCHOOL.search(mine)) != bool(_MEDICAL_SCHOOL.search(theirs)):
        return "similar", False, "a medical university is another than the university"
    return _by_remainders(mine, theirs, place, county)


def _by_remainders(mine: str, theirs: str, place: frozenset[str], county: frozenset[str]) -> tuple[str, bool, str]:
    area = place | county
    my_rest, their_rest = remainders(mine.split(), theirs.split())
    my_words = [token for token in my_rest if _distinguishes(token) and token not in area]
    if mine.endswith(theirs) and all(len(token) <= LEADING_INITIALS for token in my_words):  # HH MedStar Health
        my_words = []
    if my_words == ["COUNTY"] and county & {*my_rest}:  # County of Monterey, Natividad Medical Center
        my_words = []
    their_words = [token for token in their_rest if _distinguishes(token)]
    if my_words and their_words:
        return "similar", False, " ".join(dict.fromkeys([*my_words, *their_words])).lower()
    if my_words:
        return _with_more_words(mine, theirs, my_rest, my_words)
    if their_words:
        outside = " ".join(token for token in their_words if token not in area).lower()
        if not outside and _adds_a_body(mine, theirs):
            return "typed", True, ""
        return "shorter" if outside else "placeless", False, outside
    how, apart = _kin(mine, theirs)
    if how in ("kin", "system") and {token for token in mine.split() if _distinguishes(token)} <= area:
        return _named_after_the_area(mine, theirs, how)
    return how, apart, ""


def _with_more_words(mine: str, theirs: str, my_rest: list[str], my_words: list[str]) -> tuple[str, bool, str]:
    """Return the level of a name that says more than the other. The name with care at home is that of another body (Munson Home Care),
    the one with the state behind it the same (Centerstone of Florida), but for a university."""
    if {*my_words} <= AT_HOME:
        return "typed", True, ""
    state = " ".join(my_rest)
    if state in state_names() and mine == f"{theirs} {state}" and kind_of(theirs) not in ("university", "school"):
        return "of_state", False, ""
    apart = kind_of(mine) in APART and kind_of(theirs) not in APART
    how = "prefixed" if mine.endswith(theirs) and not apart else "longer"
    return how, apart, " ".join(dict.fromkeys(my_words)).lower()


def _named_after_the_area(mine: str, theirs: str, how: str) -> tuple[str, bool, str]:
    """Return the level of two names that have no more than city or county in common: Kern Health Systems is a health plan."""
    if how == "system":
        return "typed", True, ""
    return ("similar" if kind_of(mine) == "other" != kind_of(theirs) else how), False, ""


def _share_a_name(mine: str, theirs: str, place: frozenset[str]) -> bool:
    """Decide whether two forms share a word that names a body.

    The name of a state or of the institution's city does so in a university's name only, and where the kind words are
    the same too: the Cleveland Clinic is not the University Hospitals Cleveland Medical Center.
    """
    named = _naming(mine) & _naming(theirs)
    if not named - state_words() <= place:
        return True
    if not named:
        return False
    left, right = _words(mine), _words(theirs)
    shared = left & right
    if " " in theirs and mine.startswith(theirs + " "):  # Stamford Hospital Foundation
        return True
    if shared & _SCHOOLS:
        return True
    apart = left ^ right
    if {kind_of(mine), kind_of(theirs)} == {"hospital", "system"} and shared & _SORTS and not apart & _SORTS:
        return apart <= GENERIC  # Conway Regional Medical Center of Conway Regional Health System
    # Santa Rosa Memorial is not Santa Rosa Regional: both add a word of their own to the place.
    return kind_of(mine) == kind_of(theirs) and (left <= right or right <= left) and len(left ^ right) <= 2


@functools.lru_cache(maxsize=1 << 17)
def _words(form: str) -> frozenset[str]:
    """Return the words of a form, each once."""
    return frozenset(form.split())


@functools.lru_cache(maxsize=1 << 17)
def _naming(form: str) -> frozenset[str]:
    """Return the words of a form that name a body: neither of kind nor a direction."""
    return _words(form) - GENERIC - DISTINGUISHING - DIRECTIONS


def _distinguishes(token: str) -> bool:
    return token not in GENERIC or token in DISTINGUISHING or token in DIRECTIONS


def _kin(mine: str, theirs: str) -> tuple[str, bool]:
    """Compare two names with the same rare words by their kinds of body: the same, or a body of its own beside it."""
    my_kind, their_kind = kind_of(mine), kind_of(theirs)
    if _without_center(mine) == _without_center(theirs):
        return "kin", False
    if apart := (set(mine.split()) ^ set(theirs.split())) & _OTHER_BODY:
        return _of_another_body(mine, theirs, apart)
    if my_kind == their_kind:
        return "kin", False
    if my_kind == "system" and their_kind == "hospital" and "HOSPITAL" not in mine:
        return "system", False
    if my_kind == "other" and (set(mine.split()) - set(theirs.split())) & _ANY_BUSINESS:
        return "similar", False
    beside = my_kind in APART or their_kind in APART
    if not beside and their_kind == "hospital":
        beside = my_kind != "other"
    elif not beside and their_kind in ("university", "school"):
        beside = my_kind not in ("university", "school", "other")
    return ("typed", True) if beside else ("kin", False)


def _of_another_body(mine: str, theirs: str, apart: set[str]) -> tuple[str, bool]:
    """Compare names of which one only has the words `apart`, such as UNIVERSITY: an affiliate at most."""
    shared = {token for token in mine.split() if token in theirs.split() and _distinguishes(token)}
    of_place = mine.startswith("UNIVERSITY ") or theirs.startswith("UNIVERSITY ") or shared <= state_words()
    if "UNIVERSITY" in apart and of_place:
        return "similar", False  # a university of a place has no more than the place in common with others there
    return ("", False) if {"UNIVERSITY", "COLLEGE"} <= apart else ("typed", True)


def _adds_a_body(mine: str, theirs: str) -> bool:
    """Decide whether a name adds a kind of body that is one of its own: The Methodist Hospital Research Institute."""
    return kind_of(mine) in APART - {"clinic"} and kind_of(theirs) not in APART


def _without_center(form: str) -> str:
    """Return a university's name without `Health Sciences Center` or `School of Medicine`; other names as they are."""
    form = _SCHOOL_OF_CENTER.sub("", form)
    found = _ACADEMIC_CENTER.search(form)
    return form[: found.start("center")] + form[found.end("center") :] if found else form


def _reordered(mine: str, theirs: str) -> bool:
    if _SCHOOLS.isdisjoint(_words(mine) & _words(theirs)):
        return False
    left, right = mine.split(), theirs.split()
    shared_left = list(dict.fromkeys(token for token in left if token in right))
    shared_right = list(dict.fromkeys(token for token in right if token in left))
    return shared_left != shared_right
