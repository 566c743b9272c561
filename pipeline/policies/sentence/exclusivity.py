"""Only this visa, no other than that one, all except a third: who is left out by what is asserted.

`only_visas` finds the visas that a clause makes the sole ones; `split_exception` takes a clause with "except", "other
than", "unless" apart into what holds in general and what is excepted.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from pipeline.policies.lexicon import Trigger
from pipeline.policies.sentence.clauses import Clause
from pipeline.policies.tokens import ANY, BOTH, J1, OTHERS, Token
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


def only_visas(clause: Clause, tokens: list[Token]) -> frozenset[str]:
    """Return the visas that `clause` makes the only ones; empty if none. "Only for fellows" is a condition, not an
    exclusion."""
    named = [p for p in clause.places if tokens[p].trainee]
    if not named:
        return _NOBODY
    every = frozenset(visa for p in named for visa in tokens[p].visas) & BOTH
    for trigger in clause.all("only", "nothing_but", "nothing_else", "allthat", "restrict", "if"):
        sole = _made_sole(clause, tokens, named, trigger, every)
        if sole:
            return sole
    return every if len(every) == 1 and _one_kind(clause, tokens) else _NOBODY


def _made_sole(
    clause: Clause, tokens: list[Token], named: list[int], trigger: Trigger, every: frozenset[str]
) -> frozenset[str]:
    after = [p for p in clause.places if p > trigger.last]
    if trigger.has("nothing_but"):
        return _near_after(tokens, after, 6)
    if trigger.has("nothing_else"):
        last = max((p for p in named if p < trigger.first), default=-9)
        close = trigger.first - last <= 6 and tokens[trigger.first - 1].lemma not in ("be", "will")
        return every if close and not _near_after(tokens, after, 6) else _NOBODY
    if trigger.has("allthat"):
        return every
    if trigger.has("restrict"):
        return _limited_to(clause, tokens, trigger, after)
    return _sole_by_adverb(clause, tokens, named, trigger, every) if tokens[trigger.first].text in _ADVERBS else _NOBODY


def _limited_to(clause: Clause, tokens: list[Token], trigger: Trigger, after: list[int]) -> frozenset[str]:
    """Read "Sponsorship is limited to the J-1"; not if the limit is denied."""
    if any(turn.has("neg") and 0 < trigger.first - turn.last <= 5 for turn in clause.triggers):
        return _NOBODY
    to = next((p for p in after[:4] if tokens[p].text in ("to", "at")), None)
    return _near_after(tokens, [p for p in after if p > to], 5) if to is not None else _NOBODY


def _sole_by_adverb(
    clause: Clause, tokens: list[Token], named: list[int], trigger: Trigger, every: frozenset[str]
) -> frozenset[str]:
    """Read "J-1 only", "only the J-1", "only sponsors J-1", "the only visa is the J-1", "only those with a J-1"."""
    only = trigger.first  # "only" itself in a trigger such as "only for"
    after = [p for p in clause.places if p > only]
    following = tokens[after[0]].text if after else ""
    before = [p for p in clause.places if p < trigger.first]
    if any(tokens[p].text == "who" for p in before[-3:]):
        return _NOBODY  # "applicants who can only train on an H-1B"
    if before and tokens[before[-1]].trainee and following not in _CONDITION_WORDS and following != "be":
        return _group(tokens, before[::-1])
    near = _near_after(tokens, after, 4)
    if near or tokens[trigger.first].text == "alone":
        return near if tokens[trigger.first].text != "alone" else _NOBODY
    if_j1 = following == "if" and every == {J1} and not clause.has("neg", "refuse")
    if if_j1 or any(tokens[p].text in _NOUNS or tokens[p].lemma in _NOUNS for p in after[:4]):
        return every  # "we can take you only if you apply for a J-1"
    if following in _CONDITION_WORDS or any(c.value("cond") not in ("", "possible") for c in clause.triggers):
        return _NOBODY
    return every if _rest_is_visa(tokens, named, before, after) else _NOBODY


def _rest_is_visa(tokens: list[Token], named: list[int], before: list[int], after: list[int]) -> bool:
    """Decide whether what follows "only" ends in a visa: persons who have it, or a verb before it; or nothing
    follows."""
    people = next((p for p in after[:3] if tokens[p].text in _PEOPLE), None)
    if people is not None:
        return named[-1] > people and any(tokens[p].text in _HAVING for p in after[1:4])
    if not after or tokens[after[0]].text in (".", ",", ")", '"', "!"):
        return not any(tokens[p].text in ("for", "to", "by") for p in before if p > named[-1])
    return named[-1] > after[0]


def _near_after(tokens: list[Token], after: list[int], reach: int) -> frozenset[str]:
    """Return the visas named within `reach` words, no verb or person between; names joined to the first are taken
    along."""
    for number, place in enumerate(after[:reach]):
        if tokens[place].trainee:
            return _group(tokens, after[number:])
        if tokens[place].text not in _SKIP:
            break
    return _NOBODY


def _group(tokens: list[Token], places: list[int]) -> frozenset[str]:
    """Return the visas named from the first place on, as long as they are joined."""
    visas: set[str] = set()
    for place in places:
        if tokens[place].trainee:
            visas |= tokens[place].visas
        elif tokens[place].text not in _WITHIN_GROUP:
            break
    return frozenset(visas) & BOTH


def _one_kind(clause: Clause, tokens: list[Token]) -> bool:
    """Recognise "One type of visa: the J-1"."""
    for p, q in pairwise(clause.places):
        if (
            tokens[p].text in ("one", "single")
            and tokens[q].text in _NOUNS
            and tokens[q].text not in ("one", "way", "ones")
        ):
            return True
    return False


def split_exception(clause: Clause, tokens: list[Token]) -> Split | None:
    """Split `clause` at its exception; None if it has none. A leading exception ends at the first comma."""
    for trigger in clause.all("except"):
        if tokens[trigger.first].text in _NO_EXCEPTION and trigger.first == trigger.last:
            continue
        if tokens[trigger.first].text in ("beyond", "besides", "outside") and not clause.has("neg"):
            continue
        inside = [p for p in clause.places if p > trigger.last]
        if inside and tokens[trigger.first].text == "besides" and tokens[inside[0]].text.endswith("ing"):
            continue  # "must, besides being eligible, hold a visa"
        before = [p for p in clause.places if p < trigger.first]
        if len(before) <= 1:
            comma = next((p for p in inside if tokens[p].text == ","), None)
            if comma is None:
                comma = _end_of_name(tokens, inside)
            if comma is None:
                continue
            return _both(clause, [p for p in inside if p > comma], [p for p in inside if p <= comma], tokens)
        end = _end_of_exception(tokens, inside, trigger)
        main = before + [p for p in inside if p > end]
        return _both(clause, main, [p for p in inside if p <= end], tokens)
    return None


def _end_of_name(tokens: list[Token], places: list[int]) -> int | None:
    """Return the last place of the visa names with which an exception begins."""
    last = None
    for place in places[:10]:
        if tokens[place].trainee:
            last = place
        elif last is not None and tokens[place].text not in ("and", "or", "the", "visa", "visas"):
            break
    return last


def _end_of_exception(tokens: list[Token], inside: list[int], trigger: Trigger) -> int:
    """Read "No visas other than the J-1 are accepted": the exception is the name; after "unless" it is all the
    rest."""
    if not inside:
        return trigger.last
    if tokens[trigger.first].text == "unless" or tokens[trigger.last].text == "that":
        return inside[-1]
    for number, place in enumerate(inside):
        if tokens[place].lemma == "be" or tokens[place].text in (
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
            earlier = [tokens[p] for p in inside[:number]]
            if any(word.visas for word in earlier) and not any(
                word.text in ("who", "that", "which") for word in earlier
            ):
                return inside[number - 1]
    return inside[-1]


def _both(clause: Clause, main: list[int], excepted: list[int], tokens: list[Token]) -> Split | None:
    if not main or not excepted:
        return None
    return Split(_part(clause, main, tokens), _part(clause, excepted, tokens))


def _part(clause: Clause, places: list[int], tokens: list[Token]) -> Clause:
    inside = set(places)
    named = frozenset(v for p in places for v in tokens[p].visas)
    triggers = [trigger for trigger in clause.triggers if trigger.first in inside and trigger.last in inside]
    return Clause(places, clause.joined, named & frozenset({*BOTH, ANY, OTHERS}), triggers)
