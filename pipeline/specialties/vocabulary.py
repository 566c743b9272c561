"""The vocabulary of specialties as look-up tables: codes, names, parents, spellings, fields and pairs.

What belongs here: tables made of `reference/specialties` and `reference/titles/topics.csv` (fields that have no program of
their own). What doesn't: rules by which a text is read.
"""

from __future__ import annotations

import functools
import re
from typing import Final

import pandas as pd

from pipeline.reference.load import ReferenceTableError, read_reference
from pipeline.specialties.words import known_words, vocabulary_tree, words
from pipeline.text.phrases import PhraseTree

PATHWAY: Final = re.compile(r" - (?:Independent|Integrated)$")


@functools.cache
def specialties() -> pd.DataFrame:
    """Read the vocabulary: specialty_code, name, level (residency, fellowship, combined), parent_code (several: `|`),
    trainees (residents, fellows, both), spellings (several: `|`). Codes whose name is not known to us have a blank name."""
    return read_reference("specialties/specialties.csv")


@functools.cache
def named_specialties() -> pd.DataFrame:
    """Return the rows of `specialties` that have a name."""
    table = specialties()
    return table[table["name"] != ""]


@functools.cache
def fellowship_names() -> frozenset[str]:
    """Return the ACGME names of fellowships."""
    named = named_specialties()
    return frozenset(named.loc[named["level"] == "fellowship", "name"])


@functools.cache
def codes_by_name() -> dict[str, tuple[str, ...]]:
    """Map each ACGME name to its codes, "" among them where it has a row without one."""
    named = named_specialties()
    codes: dict[str, tuple[str, ...]] = {}
    for name, code in zip(named["name"], named["specialty_code"], strict=True):
        codes[name] = (*codes.get(name, ()), code)
    return codes


@functools.cache
def name_by_code() -> dict[str, str]:
    """Map each three-digit code to its ACGME name; codes without a known name are left out."""
    named = named_specialties()
    coded = named[named["specialty_code"] != ""]
    return dict(zip(coded["specialty_code"], coded["name"], strict=True))


@functools.cache
def parents_by_code() -> dict[str, frozenset[str]]:
    """Map each code to the names of its parents, with and without a pathway."""
    named = named_specialties()
    coded = named[named["specialty_code"] != ""]
    return {code: _parents(cell) for code, cell in zip(coded["specialty_code"], coded["parent_code"], strict=True)}


@functools.cache
def parents_by_name() -> dict[str, frozenset[str]]:
    """Map each ACGME name to the names of its parents, with and without a pathway, under whatever code it is listed."""
    named = named_specialties()
    parents: dict[str, frozenset[str]] = {}
    for name, cell in zip(named["name"], named["parent_code"], strict=True):
        parents[name] = parents.get(name, frozenset()) | _parents(cell)
    return parents


def _parents(codes: str) -> frozenset[str]:
    names = [name_by_code()[code] for code in codes.split("|") if code]
    return frozenset(form for name in names for form in (name, PATHWAY.sub("", name)))


@functools.cache
def spellings() -> dict[tuple[str, ...], str]:
    """Map the words of each name and spelling to the name. Raises ReferenceTableError where two names share a spelling.

    Pediatrics/Emergency Medicine has the words of Pediatric Emergency Medicine: there the fellowship keeps them, and
    the combined program is recognised by what parts its two words.
    """
    spelled: dict[tuple[str, ...], str] = {}
    table = named_specialties()
    combined = table["level"] == "combined"
    table = pd.concat([table[~combined], table[combined]])
    columns = (table[name] for name in ("name", "level", "spellings", "line"))
    for name, level, cell, line in zip(*columns, strict=True):
        for text in (name, *cell.split("|")):
            tokens = words(text).tokens
            holder = spelled.setdefault(tokens, name) if tokens else name
            if holder != name and level != "combined":
                raise ReferenceTableError("specialties.csv", line, f"{text!r} is a spelling of {holder} too")
    return spelled


@functools.cache
def specialty_tree() -> PhraseTree[tuple[str, str, bool]]:
    """Build the tree of names, spellings and topics, each with (name or "", what it is bound to, is a topic).

    A topic is bound to SOC codes (several: `|`), or, where it begins with `=`, to its words as written. Bound phrases come
    before unbound ones.
    """
    topics = read_reference("titles/topics.csv").sort_values("soc", ascending=False, kind="stable")
    bound = [
        (phrase, (str(row.specialty), phrase if phrase.startswith("=") else str(row.soc), True))
        for row in topics.itertuples()
        for phrase in str(row.topics).split("|")
    ]
    names = [(" ".join(tokens), (name, "", False)) for tokens, name in spellings().items()]
    return vocabulary_tree([*(entry for entry in bound if entry[1][1]), *names, *(e for e in bound if not e[1][1])])


@functools.cache
def pairs() -> dict[frozenset[str], str]:
    """Map two names to the one specialty that they mean together."""
    rows = read_reference("specialties/pairs.csv")
    return {
        frozenset((first, second)): gives
        for first, second, gives in zip(rows["first"], rows["second"], rows["gives"], strict=True)
    }


@functools.cache
def combined_programs() -> dict[frozenset[str], str]:
    """Map the parts of each combined program to its name."""
    table = named_specialties()
    names = table.loc[table["level"] == "combined", "name"]
    return {frozenset(_whole(part) or part for part in name.split("/")): name for name in names}


@functools.cache
def specialty_words() -> frozenset[str]:
    """Return the words that occur in the vocabulary, for mending misspellings."""
    table = named_specialties()
    phrases = [*table["name"], *(text for cell in table["spellings"] for text in cell.split("|"))]
    return known_words(
        [*phrases, *(text for cell in read_reference("titles/topics.csv")["topics"] for text in cell.split("|"))]
    )


def _whole(text: str) -> str:
    return spellings().get(words(text).tokens, "")
