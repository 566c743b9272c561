"""The specialty that one text names: which specialties are mentioned, and which one they make.

What belongs here: rules for one text. Names, spellings and pairs are rows of `pipeline/reference/specialties`; reading whole
columns is in `recognise.py`. See docs/methods/trainee_filings.md.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipeline.specialties.vocabulary import (
    codes_by_name,
    combined_programs,
    named_specialties,
    pairs,
    parents_by_code,
    parents_by_name,
    specialty_tree,
    spellings,
)
from pipeline.specialties.words import Words, words
from pipeline.text.phrases import phrases_at

PEDIATRICS: Final = "Pediatrics"
MED_PEDS: Final = "Internal Medicine/Pediatrics"
_ADJECTIVE: Final = frozenset({"pediatric", "paediatric", "ped", "pedi"})


@dataclass(frozen=True)
class Mention:
    """A specialty named in a text at word `place`; `adjective` where pediatric only qualifies what follows."""

    name: str
    place: int
    adjective: bool = False


@dataclass(frozen=True)
class Reading:
    """The specialty a text names: ACGME name and code ("" where several programs share the name or none is named);
    topic: the words are of a field that has no program of its own."""

    name: str = ""
    code: str = ""
    topic: bool = False


@functools.cache
def _printed() -> dict[str, str]:
    return {name.casefold(): name for name in named_specialties()["name"]}


def exact_specialty(text: str) -> str:
    """Return the ACGME name of which the whole text is the name or a usual spelling; "" where it is none."""
    printed = _printed().get(text.strip().casefold())
    found = words(text)
    parts = len(found.tokens) > 1 and _pediatric_noun(found, 0) and found.apart[1]
    return printed or ("" if parts else spellings().get(found.tokens, ""))


def mentions(found: Words, soc_code: str = "", *, combined: bool = True) -> tuple[list[Mention], bool]:
    """Find the specialties named in `found`, from the left, the longest phrase at each word.

    combined: combined programs may be meant, as a trainee's title may. Returns them in the order of the text, and whether all
    are fields without programs of their own.
    """
    named: list[Mention] = []
    weak: list[Mention] = []
    only_topics = True
    tree = specialty_tree()
    place = 0
    while place < len(found.tokens):
        step = 1
        for length, (name, bound, topic) in phrases_at(tree, found.tokens, place):
            if bound and not _holds(bound, found.raw[place : place + length], soc_code):
                continue
            if length > 1 and (_parts(found, place, place + length) or _unlike(name, found, place, combined)):
                continue
            if name and bound.startswith("="):
                weak.append(Mention(name, place))
            elif name:
                adjective = name == PEDIATRICS and length == 1 and not _pediatric_noun(found, place)
                named.append(Mention(name, place, adjective))
                only_topics = only_topics and topic
            step = length
            break
        place += step
    return named or weak, only_topics and bool(named)


def _parts(found: Words, start: int, end: int) -> bool:
    """Decide whether words that would make a phrase are parts of two: "Pediatrics / Neurology", "Anesthesiologist, Pediatric
    Pain", "Primary Care Medicine (Family Medicine)"."""
    if _pediatric_noun(found, start) and found.apart[start + 1]:
        return True
    if found.tokens[start] == "medicine" and start and not found.apart[start]:
        return True
    inside = range(start + 1, min(end, len(found.tokens) - 1))
    return any(found.tokens[place] == "pediatric" and not _pediatric_noun(found, place) for place in inside)


def _unlike(name: str, found: Words, place: int, combined: bool) -> bool:
    """Decide whether the name of a combined program can't be meant: a physician of two specialties (save Med-Peds, which
    stays one in practice), or pediatric as an adjective."""
    if name not in combined_programs().values():
        return False
    adjective = found.tokens[place] == "pediatric" and not _pediatric_noun(found, place)
    return adjective or not (combined or name == MED_PEDS)


def _holds(bound: str, raw: tuple[str, ...], soc_code: str) -> bool:
    if bound.startswith("="):
        return " ".join(raw) == bound[1:]
    return soc_code.startswith(tuple(bound.split("|")))


def _pediatric_noun(found: Words, place: int) -> bool:
    return found.tokens[place] == "pediatric" and found.raw[place] not in _ADJECTIVE


def resolve(named: Sequence[Mention], *, combined: bool) -> Reading:
    """Choose one specialty from those named.

    A combined program (if `combined` may be meant), what two words mean together, a subspecialty rather than its parent, else
    the first named.
    """
    if not named:
        return Reading()
    stated = frozenset(mention.name for mention in named)
    nouns = frozenset(mention.name for mention in named if not mention.adjective)
    names = list(dict.fromkeys(_qualified(named)))
    program = combined_programs().get(stated) if nouns == stated else None
    if program and (combined or program == MED_PEDS):
        names = [program]
    names = _joined(names)
    parents = parents_by_name()
    children = [name for name in names if not any(name in parents.get(child, ()) for child in names)]
    name = (children or names)[0]
    return Reading(name, code_of(name, stated))


def _qualified(named: Sequence[Mention]) -> list[str]:
    """Return the names after an adjective has gone into what it qualifies: pediatric pain, pediatric radiation oncology."""
    names: list[str] = []
    waiting: Mention | None = None
    for mention in named:
        gives = pairs().get(frozenset((waiting.name, mention.name))) if waiting else None
        if waiting and not gives and mention.place > waiting.place + 1:
            names.append(waiting.name)
        waiting = mention if mention.adjective else None
        if not mention.adjective:
            names.append(gives or mention.name)
    return [*names, waiting.name] if waiting else names


def _joined(names: list[str]) -> list[str]:
    """Replace pairs of names by what they mean together, until none is left."""
    for first in names:
        for second in names:
            gives = pairs().get(frozenset((first, second))) if first != second else None
            if gives:
                rest = [gives if name == first else name for name in names if name != second]
                return _joined(list(dict.fromkeys(rest)))
    return names


def code_of(name: str, stated: frozenset[str]) -> str:
    """Return the code of a name; "" where several share it and the `stated` names point to no one parent."""
    codes = codes_by_name()[name]
    if len(codes) == 1 or "" in codes:
        return codes[0] if len(codes) == 1 else ""
    parents = parents_by_code()
    fitting = [code for code in codes if parents[code] & (stated - {name})]
    return fitting[0] if len(fitting) == 1 else ""


def read_specialty(found: Words, soc_code: str = "", *, combined: bool = True) -> Reading:
    """Return the specialty that the words of a title or name state.

    soc_code: of the position, "" where not known: some fields are read under it only. combined: see `mentions`.
    """
    # A preliminary year in one specialty leads to another: the two are no combined program.
    combined = combined and "preliminary" not in found.tokens
    named, only_topics = mentions(found, soc_code, combined=combined)
    reading = resolve(named, combined=combined)
    return Reading(reading.name, reading.code, only_topics)
