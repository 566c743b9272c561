"""Named features of a unit and of a page: what the weights of the second reader are for.

What belongs here: names of features. Each says in words what was seen, since people read the table of weights.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from pipeline.documents.blocks import Texts
from pipeline.policies.weighed.units import PageUnits, Unit, Words
from pipeline.policies.weighed.words import CLASSES, H1B, J1, OTHER_VISA

_VISAS: Final = (H1B, J1, OTHER_VISA)
_NAMED: Final = (*_VISAS, "visa")
_POLAR: Final = ("NOT", "REFUSE", "TAKE", "MAYBE", "ONLY", "CITIZEN", "CROSS", "YES", "IF", "STAFF")
_NEGATING: Final = ("NOT", "REFUSE")
_MOST_NEGATIONS: Final = 3
_BREAKS: Final = frozenset((";", ".", ":", "(", ")", "?", "BUT"))
_REACH: Final = 4  # words on either side of a visa's name that count with their place
_WIDER: Final = 6  # words on either side among which classes count in their order
# Whose page it may be, by the words with which it begins.
_OPENINGS: Final = (
    "STAFF", "TRAINEE", "LAW", "WAIVER", "applicant", "apply", "attorney", "educ", "employe", "faculty", "fellow",
    "gme", "graduat", "international", "law", "lawyer", "medical", "new", "policy", "research", "resid", "residency",
    "scholar", "staff", "student", "waiver",
)  # fmt: skip
# How often a page holds these tells whose it is: words as they stand in it, and words of units.
_COUNTED: Final = (
    "visa", "sponsor", "scholar", "student", "faculty", "employe", "research", "waiver", "residen", "fellow",
    "applicant", "petition", "status", "attorney", "ecfmg", "citizen", "patient", "postdoc", "contact", "match",
)  # fmt: skip
_COUNTED_NEAR: Final = (H1B, J1, OTHER_VISA, "visa", "STAFF", "TRAINEE", "LAW", "WAIVER", "NOT", "MAYBE", "STEP3")
_MOST_COUNTED: Final = 5


def unit_features(unit: Unit, page: tuple[str, ...]) -> set[str]:
    """Return the names of what is seen in a unit and beside it. page: features of the page's opening."""
    words, classes = unit.words.plain, unit.words.classed
    held = set(classes)
    visas = [visa for visa in _NAMED if visa in held]
    named = "+".join(visas) or "no visa"
    found = {*words[:80], f"visas {named}"}
    found |= {f"{first} {second}" for first, second in pairwise(classes)}
    for name in held & CLASSES:
        found.add(name)
        found.add(f"{named} with {name}")
    for clause in _clauses(classes):
        found.update(_clause_features(clause))
    found.update(_surroundings(unit, held, named))
    found.update(page)
    for visa in (H1B, J1):
        if visa in held:
            found |= {f"{name}, {visa} here" for name in page}
    return found


def _clauses(words: tuple[str, ...]) -> Iterator[list[str]]:
    clause: list[str] = []
    for word in words:
        if word in _BREAKS:
            if clause:
                yield clause
            clause = []
        else:
            clause.append(word)
    if clause:
        yield clause


def _clause_features(clause: list[str]) -> Iterator[str]:
    visas = [visa for visa in _VISAS if visa in clause] or (["visa"] if "visa" in clause else [])
    kinds = [kind for kind in _POLAR if kind in clause] if visas else []
    turns = min(sum(word in _NEGATING for word in clause), _MOST_NEGATIONS) if visas else 0
    for visa in visas:
        yield f"clause of {visa}: {'+'.join(kinds)}"
        for kind in kinds:
            yield f"clause of {visa} with {kind}"
        place = clause.index(visa)
        before = [word for word in clause[max(0, place - _WIDER) : place] if word in CLASSES]
        after = [word for word in clause[place + 1 : place + 1 + _WIDER] if word in CLASSES]
        yield f"before {visa}: {' '.join(before[-2:])}"
        yield f"after {visa}: {' '.join(after[:2])}"
        yield f"clause of {visa}: {turns} negations"
        yield f"last before {visa}: {next((word for word in reversed(clause[:place]) if word in _POLAR), '-')}"
        yield f"first after {visa}: {next((word for word in clause[place + 1 :] if word in _POLAR), '-')}"
        for distance in range(1, _REACH + 1):
            if place >= distance:
                yield f"{visa}-{distance} {clause[place - distance]}"
            if place + distance < len(clause):
                yield f"{visa}+{distance} {clause[place + distance]}"


def _surroundings(unit: Unit, held: set[str], named: str) -> Iterator[str]:
    for word in unit.heading.classed[:12]:
        yield f"heading {word}"
    question = unit.question.classed
    if question and unit.words.classed:
        first = unit.words.classed[0]
        yield f"answer {first}"
        for visa in (H1B, J1, "visa"):
            if visa in question:
                yield f"answer on {visa}: {first}"
                for kind in _POLAR:
                    if kind in held:
                        yield f"answer on {visa} with {kind}"
    for kind in set(unit.intro.classed) & CLASSES:
        yield f"{named} in a list of {kind}"
    for label, value in unit.cells:
        yield from _cell_features(label, value)
    for name, beside in (("before", unit.before.classed), ("after", unit.after.classed)):
        for word in set(beside):
            if word in CLASSES or word in _NAMED:
                yield f"sentence {name}: {word}"


def _cell_features(label: Words, value: Words) -> Iterator[str]:
    for word in label.classed[:10]:
        yield f"label {word}"
    for visa in (H1B, J1):
        if visa in label.plain and value.classed:
            yield f"cell of {visa}: {value.classed[0]}"
            for kind in set(value.classed) & CLASSES:
                yield f"cell of {visa} with {kind}"


def opening_features(page: PageUnits, of_program: bool) -> tuple[str, ...]:
    """Return what the opening of a page says of whose it is. of_program: it is read for one program."""
    names = [f"page begins with {word}" for word in _OPENINGS if word in page.opening]
    return (*names, "page of a program" if of_program else "page of an institution")


def page_features(
    page: PageUnits, opening: tuple[str, ...], texts: Texts, scores: Mapping[str, list[float]]
) -> dict[str, float]:
    """Return the features of a page with their values.

    scores: "h1b yes" and the like -> the chance of each unit to state it, between 0 and 1, and at least one unit.
    """
    values = dict.fromkeys(opening, 1.0)
    total: dict[str, list[float]] = {}
    for name, chances in scores.items():
        best = min(max(*chances, 0.0025), 0.9975)
        values[f"strongest {name}"] = _log_odds(best) / 2
        values[f"all of {name}"] = min(math.fsum(chances), 2.0)  # the same in every Python, as `sum` is not
        visa = name.split(" ", 1)[0]
        total[visa] = [a + b for a, b in zip(total.get(visa, [0.0] * len(chances)), chances, strict=True)]
    for visa, sums in total.items():
        values[f"anything on {visa}"] = max(sums)
    for word in _COUNTED:
        count = texts.whole.count(word)
        if count:
            values[f"page with {word}"] = 1.0
            values[f"times {word}"] = min(count, _MOST_COUNTED) / _MOST_COUNTED
    near = [word for unit in page.units for word in unit.words.classed]
    for word in _COUNTED_NEAR:
        count = near.count(word)
        if count:
            values[f"near visas {word}"] = min(count, _MOST_COUNTED) / _MOST_COUNTED
    return values


def _log_odds(chance: float) -> float:
    return math.log(chance / (1 - chance))
