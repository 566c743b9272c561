"""The bodies of a state, a system or a city that file under one tax id: campuses, departments, offices.

What belongs here: under which tax ids several such bodies sign, and what still makes two spellings one body there. Anywhere else a shared
word does (`clustering.py`); here it may be the place that a university, a community college and a city have in common.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
import pandas as pd
from rapidfuzz import fuzz

from pipeline.linkage.components import join, root
from pipeline.linkage.model import ABBREVIATED, INITIALS, MISPRINT, SEVERAL_BODIES, TELLING_LETTERS
from pipeline.linkage.names.differences import DIRECTIONS, DISTINGUISHING, UNSPECIFIC, remainders
from pipeline.linkage.names.normalise import canonical, canonical_all, core, state_words
from pipeline.linkage.names.printed import is_cut, is_prefix, split_names
from pipeline.linkage.names.words import word_set
from pipeline.schemas.frames import among

PLACE: Final = ["tax_id_last4", "state"]
_PUBLIC: Final = r"\b(?:UNIVERSITY|COLLEGE|DEPARTMENT)\b"
# Words that tell such bodies apart, though some are kind words elsewhere.
_TELLING: Final = DIRECTIONS | DISTINGUISHING | state_words()
_STOPWORDS: Final = word_set("stopword")
_STATE_ONLY: Final = state_words() | {"STATE", "COMMONWEALTH"}


def shared_by_bodies(spellings: pd.DataFrame, groups: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Return which spellings are of a tax id and state under which several public bodies file, whatever joins them.

    spellings: columns home (a number of tax id and state), form. groups: a number for each, the same for what shared words and
    misprints join. units: a number for the unit of IPEDS that each names, -1 for none: where two are joined, there are several bodies.
    """
    public = spellings["form"].str.contains(_PUBLIC, regex=True).to_numpy(dtype=bool)
    bodies = spellings.loc[public, ["home"]].assign(group=groups[public]).drop_duplicates()["home"].value_counts()
    named = spellings[["home"]].assign(group=groups, unit=units)[units >= 0].drop_duplicates()
    joined = named["home"][named.duplicated(["home", "group"])]
    return spellings["home"].isin({*bodies.index[bodies >= SEVERAL_BODIES], *joined}).to_numpy()


def pairs_of_bodies(spellings: pd.DataFrame, petitions: pd.DataFrame) -> np.ndarray:
    """Return the pairs of rows that are one body: two columns, of the index of `spellings`.

    spellings: those of `shared_by_bodies`, columns employer, tax_id_last4, state, form, unit. petitions: columns tax_id_last4, state, city.
    """
    petitions = petitions[among(petitions["tax_id_last4"], spellings["tax_id_last4"])]
    there = pd.MultiIndex.from_frame(petitions[PLACE]).isin(pd.MultiIndex.from_frame(spellings[PLACE]))
    local = _city_words(petitions[there])
    pairs: list[tuple[int, int]] = []
    for place, rows in spellings.groupby(PLACE):
        first = _bodies(rows, local.get(place, frozenset()))
        pairs += zip(rows.index.tolist(), rows.index[first].tolist(), strict=True)
    return np.array(pairs, dtype="int64").reshape(-1, 2)


def _city_words(petitions: pd.DataFrame) -> dict[object, frozenset[str]]:
    """Return the words of the cities where each tax id and state files."""
    cities = petitions[[*PLACE, "city"]].drop_duplicates()
    words = canonical_all(cities["city"]).str.split().groupby([cities[column] for column in PLACE])
    return {place: frozenset(word for some in lists for word in some) for place, lists in words}


@dataclass(frozen=True, slots=True)
class _Name:
    """A spelling. forms: its canonical form and those of its parts; words: its rare ones; whole: its form with the governing body;
    unit: the number of the unit of IPEDS that it names, -1 for none."""

    text: str
    form: str
    forms: frozenset[str]
    words: frozenset[str]
    whole: str
    cut: bool
    unit: int

    def ends_in(self, words: list[str]) -> bool:
        """Decide whether the name is cut and its last word, a fragment, is one of these."""
        return self.cut and self.form.rpartition(" ")[2] in words


def _read(text: str, form: str, unit: int) -> _Name:
    parts = [core(canonical(part.text)) for part in split_names(text)]
    # A part that only names a state (`State of Oklahoma d/b/a ...`) is common to all its bodies.
    specific = {part for part in parts if part and not _STATE_ONLY.issuperset(part.split())} | {form}
    # Community colleges left the word out of their names; a college and a community college of one name are not two.
    specific |= {name.replace("COMMUNITY COLLEGE", "COLLEGE") for name in specific}
    cut = is_cut(text)
    known = form.split()[:-1] if cut else form.split()
    words = frozenset(word for word in known if len(word) >= TELLING_LETTERS and word not in UNSPECIFIC)
    return _Name(text, form, frozenset(specific), words, canonical(text), cut, unit)


def _bodies(spellings: pd.DataFrame, local: frozenset[str]) -> np.ndarray:
    """Return the place of the first spelling of the same body for each spelling of one tax id. local: words of its cities."""
    names = [_read(*row) for row in zip(spellings["employer"], spellings["form"], spellings["unit"], strict=True)]
    parent = list(range(len(names)))
    one = (pair for pair in combinations(range(len(names)), 2) if _same_body(names[pair[0]], names[pair[1]], local))
    join(parent, one)
    # A cut name is a body's if it begins the names of that body alone; the longest first, for they complete the shorter ones.
    for place in sorted(range(len(names)), key=lambda place: (-len(names[place].whole), place)):
        if names[place].cut:
            join(parent, ((place, other) for other in _completed(names, place, parent)))
    return np.array([root(parent, place) for place in range(len(names))], dtype="int64")


def _same_body(one: _Name, other: _Name, local: frozenset[str]) -> bool:
    """Decide whether two names are of one body: by a word that is no place, or because nothing tells them apart."""
    if one.unit >= 0 and other.unit >= 0 and one.unit != other.unit:
        return False
    if not one.forms.isdisjoint(other.forms) or not (one.words & other.words).issubset(local):
        return True
    left, right = remainders(one.form.split(), other.form.split())
    if _same_letters(left, right) or (
        _same_beginnings(left, right) and not (one.ends_in(left) or other.ends_in(right))
    ):
        return True
    if one.cut or other.cut or not _TELLING.isdisjoint(left + right):
        return False
    return bool(one.words & other.words) or (not (left and right) and fuzz.ratio(one.form, other.form) >= MISPRINT)


def _same_letters(left: list[str], right: list[str]) -> bool:
    """Decide whether words are the same run together, or the initials of others: CSU, California State University."""
    one, other = "".join(left), "".join(right)
    initials = {"".join(word[0] for word in words) for words in (left, right) if len(words) >= INITIALS}
    return one == other or one in initials or other in initials


def _same_beginnings(left: list[str], right: list[str]) -> bool:
    """Decide whether words are others in short, the first letters of each: `THE UN OF MISSOURI`."""
    pairs = [*zip(left, right, strict=False)]
    return 0 < len(left) == len(right) and all(
        min(len(one), len(other)) >= ABBREVIATED and (one.startswith(other) or other.startswith(one))
        for one, other in pairs
    )


def _completed(names: list[_Name], place: int, parent: list[int]) -> list[int]:
    """Return one spelling that the cut name at `place` begins, none if it begins those of several bodies.

    Of several the one counts whose name ends with the word that is cut: `AT BU` is Buffalo rather than Buffalo State.
    """
    text, _, last = names[place].text.rpartition(" ")
    ends = (last, "OF") if any(word.startswith(last) for word in _STOPWORDS) else (last,)  # OFFICE O may be OFFICE OF
    for end in ends:
        begun = [
            number for number, name in enumerate(names) if number != place and is_prefix(f"{text} {end}", name.whole)
        ]
        if begun:
            whole = [number for number in begun if not names[number].cut] or begun
            words = names[place].whole.count(" ")
            for bodies in (whole, [number for number in whole if names[number].whole.count(" ") == words]):
                if len({root(parent, number) for number in bodies}) == 1:
                    return bodies[:1]
            return []
    return []
