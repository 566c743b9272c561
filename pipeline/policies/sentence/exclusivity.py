"""Only this visa, no other than that one, all except a third: who is left out by what is said.

`only_visas` finds the visas that a clause makes the sole ones; `split_exception` takes a clause with "except", "other
than", "unless" apart into what holds in general and what is excepted.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from pipeline.policies.lexicon import Cue
from pipeline.policies.sentence.clauses import Clause
from pipeline.policies.tokens import ANY, BOTH, OTHERS, Word
from pipeline.text.characters import wordset

_CONDITION_WORDS = wordset(
    "for if when in to under with after upon by as where at once following during until because through on from"
)
_NOUNS = wordset(
    "visa visas type types kind kinds category categories option options route ones one way status form road path"
    " avenue choice vehicle door track pathway basis entry means"
)
_SKIP = wordset(
    "a an the of type types kind visa visas is are in via be ecfmg sponsored - form our on under with through as"
    " by for of \" '"
)
_HAVING = wordset("with holding hold on eligible seeking needing requiring require need have having who")


_ADVERBS = wordset("only solely exclusively exclusive sole alone just purely strictly lone merely")
_PEOPLE = wordset(
    "those applicants candidates physicians graduates residents fellows trainees individuals people imgs holders"
)
_WITHIN_GROUP = wordset("and or , / the a an visa visas")
_NO_EXCEPTION = wordset("exclude excluded excludes exclusion save")
_NOBODY: frozenset[str] = frozenset()


class Split(NamedTuple):
    """A clause with an exception: `main` holds in general, `excepted` is taken out of it."""

    main: Clause
    excepted: Clause


def only_visas(clause: Clause, found: list[Word]) -> frozenset[str]:
    """Visas that `clause` makes the only ones; empty if none. "Only for fellows" is a condition, not an exclusion."""
    named = [p for p in clause.places if found[p].trainee]
    if not named:
        return _NOBODY
    every = frozenset(visa for p in named for visa in found[p].visas) & BOTH
    for cue in clause.all("only", "nothing_but", "nothing_else", "allthat", "restrict", "if"):
        sole = _made_sole(clause, found, named, cue, every)
        if sole:
            return sole
    return every if len(every) == 1 and _one_kind(clause, found) else _NOBODY


def _made_sole(clause: Clause, found: list[Word], named: list[int], cue: Cue, every: frozenset[str]) -> frozenset[str]:
    after = [p for p in clause.places if p > cue.last]
    if cue.has("nothing_but"):
        return _near_after(found, after, 6)
    if cue.has("nothing_else"):
        last = max((p for p in named if p < cue.first), default=-9)
        close = cue.first - last <= 6 and found[cue.first - 1].lemma not in ("be", "will")
        return every if close and not _near_after(found, after, 6) else _NOBODY
    if cue.has("allthat"):
        return every
    if cue.has("restrict"):
        return _limited_to(clause, found, cue, after)
    return _sole_by_adverb(clause, found, named, cue, every) if found[cue.first].word in _ADVERBS else _NOBODY


def _limited_to(clause: Clause, found: list[Word], cue: Cue, after: list[int]) -> frozenset[str]:
    """ "Sponsorship is limited to the J-1"; not if the limit is denied."""
    if any(turn.has("neg") and 0 < cue.first - turn.last <= 5 for turn in clause.cues):
        return _NOBODY
    to = next((p for p in after[:4] if found[p].word in ("to", "at")), None)
    return _near_after(found, [p for p in after if p > to], 5) if to is not None else _NOBODY


def _sole_by_adverb(
    clause: Clause, found: list[Word], named: list[int], cue: Cue, every: frozenset[str]
) -> frozenset[str]:
    """ "J-1 only", "only the J-1", "only sponsors J-1", "the only visa is the J-1", "only those with a J-1"."""
    only = cue.first  # "only" itself in a cue such as "only for"
    after = [p for p in clause.places if p > only]
    following = found[after[0]].word if after else ""
    before = [p for p in clause.places if p < cue.first]
    if any(found[p].word == "who" for p in before[-3:]):
        return _NOBODY  # "applicants who can only train on an H-1B"
    if before and found[before[-1]].trainee and following not in _CONDITION_WORDS and following != "be":
        return _group(found, before[::-1])
    near = _near_after(found, after, 4)
    if near or found[cue.first].word == "alone":
        return near if found[cue.first].word != "alone" else _NOBODY
    if any(found[p].word in _NOUNS or found[p].lemma in _NOUNS for p in after[:4]):
        return every
    if following in _CONDITION_WORDS or any(c.value("cond") not in ("", "possible") for c in clause.cues):
        return _NOBODY
    return every if _rest_is_visa(found, named, before, after) else _NOBODY


def _rest_is_visa(found: list[Word], named: list[int], before: list[int], after: list[int]) -> bool:
    """Whether what follows "only" ends in a visa: persons who have it, or a verb before it; or nothing follows."""
    people = next((p for p in after[:3] if found[p].word in _PEOPLE), None)
    if people is not None:
        return named[-1] > people and any(found[p].word in _HAVING for p in after[1:4])
    if not after or found[after[0]].word in (".", ",", ")", '"', "!"):
        return not any(found[p].word in ("for", "to", "by") for p in before if p > named[-1])
    return named[-1] > after[0]


def _near_after(found: list[Word], after: list[int], reach: int) -> frozenset[str]:
    """Visas named within `reach` words, no verb or person between; names joined to the first are taken along."""
    for number, place in enumerate(after[:reach]):
        if found[place].trainee:
            return _group(found, after[number:])
        if found[place].word not in _SKIP:
            break
    return _NOBODY


def _group(found: list[Word], places: list[int]) -> frozenset[str]:
    """Visas named from the first place on, as long as they are joined."""
    visas: set[str] = set()
    for place in places:
        if found[place].trainee:
            visas |= found[place].visas
        elif found[place].word not in _WITHIN_GROUP:
            break
    return frozenset(visas) & BOTH


def _one_kind(clause: Clause, found: list[Word]) -> bool:
    """ "One type of visa: the J-1"."""
    for p, q in pairwise(clause.places):
        if (
            found[p].word in ("one", "single")
            and found[q].word in _NOUNS
            and found[q].word not in ("one", "way", "ones")
        ):
            return True
    return False


def split_exception(clause: Clause, found: list[Word]) -> Split | None:
    """`clause` parted at its exception, or None. A leading exception ends at the first comma."""
    for cue in clause.all("except"):
        if found[cue.first].word in _NO_EXCEPTION and cue.first == cue.last:
            continue
        if found[cue.first].word in ("beyond", "besides", "outside") and not clause.has("neg"):
            continue
        inside = [p for p in clause.places if p > cue.last]
        before = [p for p in clause.places if p < cue.first]
        if len(before) <= 1:
            comma = next((p for p in inside if found[p].word == ","), None)
            if comma is None:
                comma = _end_of_name(found, inside)
            if comma is None:
                continue
            return _both(clause, [p for p in inside if p > comma], [p for p in inside if p <= comma], found)
        end = _end_of_exception(found, inside, cue)
        main = before + [p for p in inside if p > end]
        return _both(clause, main, [p for p in inside if p <= end], found)
    return None


def _end_of_name(found: list[Word], places: list[int]) -> int | None:
    """Last place of the visa names with which an exception begins."""
    last = None
    for place in places[:10]:
        if found[place].trainee:
            last = place
        elif last is not None and found[place].word not in ("and", "or", "the", "visa", "visas"):
            break
    return last


def _end_of_exception(found: list[Word], inside: list[int], cue: Cue) -> int:
    """ "No visas other than the J-1 are accepted": the exception is the name; after "unless" it is all the rest."""
    if not inside:
        return cue.last
    if found[cue.first].word == "unless" or found[cue.last].word == "that":
        return inside[-1]
    for number, place in enumerate(inside):
        if found[place].lemma == "be" or found[place].word in (
            "will",
            "can",
            "may",
            "shall",
            "would",
            "do",
            "does",
            "has",
            "have",
        ):
            earlier = [found[p] for p in inside[:number]]
            if any(word.visas for word in earlier) and not any(
                word.word in ("who", "that", "which") for word in earlier
            ):
                return inside[number - 1]
    return inside[-1]


def _both(clause: Clause, main: list[int], excepted: list[int], found: list[Word]) -> Split | None:
    if not main or not excepted:
        return None
    return Split(_part(clause, main, found), _part(clause, excepted, found))


def _part(clause: Clause, places: list[int], found: list[Word]) -> Clause:
    inside = set(places)
    named = frozenset(v for p in places for v in found[p].visas)
    marks = [cue for cue in clause.cues if cue.first in inside and cue.last in inside]
    return Clause(places, clause.joined, named & frozenset({*BOTH, ANY, OTHERS}), marks)
