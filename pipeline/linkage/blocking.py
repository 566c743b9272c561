"""Blocking: which printed names are compared with which names of institutions, as candidate pairs with their level.

Names meet that are equal, that are the beginning of one (cut off at 34 characters), or that share a rare word in one state.
How two forms compare belongs to `comparison.py`, what the pairs score to `scoring.py`.
"""

from __future__ import annotations

import functools
from typing import Final

import numpy as np
import pandas as pd

from pipeline.linkage.comparison import AT_HOME, compare
from pipeline.linkage.model import LEVELS, MOST_PAIRS, SHARED_BY_BOTH, SHARED_BY_ONE, WHOLE_ONLY
from pipeline.linkage.names.differences import APART
from pipeline.linkage.names.forms import name_forms
from pipeline.linkage.names.kinds import kind_of, kinds_of
from pipeline.linkage.names.normalise import canonical, state_words
from pipeline.linkage.names.overlap import Overlap
from pipeline.linkage.names.words import GENERIC, word_set, words
from pipeline.linkage.reach import least_weight, to_compare

_TYPES: Final = {
    "row": "int64", "alias": "int64", "how": "str", "form": "str", "relation": "str", "distinguishing_words": "str",
}  # fmt: skip
_ROLE_HOW: Final = {
    "legal": "equal",
    "whole": "equal",
    "trade": "equal_trade",
    "former": "equal_former",
    "root": "equal_root",
}
_STOPWORDS: Final = word_set("stopword")


def find_pairs(employers: pd.DataFrame, states: pd.DataFrame, aliases: pd.DataFrame) -> pd.DataFrame:
    """Return the candidate pairs: columns row (position in `employers`), alias (position in `aliases`), how, form,
    relation, distinguishing_words.

    employers: columns name (printed), form (canonical), cut (its end may be lost).
    states: columns row, state: the states in which each name is printed.
    how: the level of `model.LEVELS`, the best of each pair only. relation: the alias's unless the kinds of body say
    otherwise. distinguishing_words: those that only one of the two has, "" if none.
    """
    overlap = Overlap(employers["form"], aliases["form"])
    reach = to_compare(employers, states, aliases, overlap)
    least = least_weight(employers["form"].nunique())
    forms = name_forms(employers.iloc[reach])
    forms["row"] = reach[forms["row"].to_numpy()]
    parts = forms[forms["role"] != "whole"]
    own = np.flatnonzero(~aliases["source"].isin(WHOLE_ONLY).to_numpy())
    near = _near(parts, states, aliases.iloc[own].reset_index(drop=True), overlap.weights(), least)
    frames = [_equal(forms, aliases), _cut(parts, aliases), near.assign(alias=own[near["alias"].to_numpy()])]
    pairs = pd.concat([frame.astype(_TYPES) for frame in frames], ignore_index=True)
    pairs["points"] = pairs["how"].map({how: level.weight for how, level in LEVELS.items()})
    pairs = pairs.sort_values(["row", "alias", "points", "form"], ascending=[True, True, False, True])
    return pairs.drop_duplicates(["row", "alias"]).drop(columns="points").reset_index(drop=True)


def _equal(forms: pd.DataFrame, aliases: pd.DataFrame) -> pd.DataFrame:
    wanted = pd.DataFrame({"form": aliases["form"], "alias": np.arange(len(aliases)), "relation": aliases["relation"]})
    pairs = forms.merge(wanted, on="form")
    # A name of 33 or 34 characters that equals a full one may yet go on.
    how = pairs["role"].map(_ROLE_HOW).mask(pairs["cut"], "equal_cut")
    return pd.DataFrame(
        {"row": pairs["row"], "alias": pairs["alias"], "how": how, "form": pairs["form"],
         "relation": pairs["relation"], "distinguishing_words": ""}
    )  # fmt: skip


def _cut(forms: pd.DataFrame, aliases: pd.DataFrame) -> pd.DataFrame:
    """Pair names cut at 34 characters with the names of institutions that they begin."""
    heads: list[tuple[str, int, str]] = []
    for place, form in enumerate(aliases["form"]):
        tokens = form.split()
        least = max(2, (len(tokens) + 1) // 2)
        heads += [(" ".join(tokens[:size]), place, tokens[size]) for size in range(least, len(tokens))]
    beginnings = pd.DataFrame(heads, columns=["head", "alias", "following"])
    beginnings = beginnings.astype({"head": "str", "alias": "int64", "following": "str"})
    cut = forms[forms["cut"]]
    whole = [form.rsplit(" ", 1)[-1] in GENERIC or len(form) > 4 for form in cut["form"].tolist()]
    ends = cut[np.array(whole, dtype=bool)]
    cut_ends = pd.concat(
        [cut[["row", "head", "fragment", "form"]], ends[["row", "form"]].assign(head=ends["form"], fragment="")]
    )
    pairs = cut_ends.merge(beginnings, on="head")
    cities = aliases["city"].to_numpy()[pairs["alias"].to_numpy()]
    fits = [
        (_completes(fragment, following) or (fragment in _STOPWORDS and len(head.split()) > 2))
        and not _only_a_place(head, _place_words(city))
        for following, fragment, head, city in zip(
            pairs["following"], pairs["fragment"], pairs["head"], cities, strict=True
        )
    ]
    pairs = pairs[np.asarray(fits, dtype=bool)]
    relation = aliases["relation"].to_numpy()[pairs["alias"].to_numpy()]
    return pd.DataFrame(
        {"row": pairs["row"], "alias": pairs["alias"], "how": "cut", "form": pairs["form"], "relation": relation,
         "distinguishing_words": ""}
    )  # fmt: skip


def _near(
    forms: pd.DataFrame, states: pd.DataFrame, aliases: pd.DataFrame, weights: pd.Series, least: float
) -> pd.DataFrame:
    """Pair names in the institution's state that share a rare word with one of its names, at the level of the rest.

    Of a cut name the last word, a fragment, is left out; what else was cut off nobody knows, so it counts less.
    """
    cut = forms[forms["cut"]]
    of_schools = kinds_of(cut["form"]) == "k12"
    trading = forms["row"].isin(forms.loc[forms["role"] == "trade", "row"])
    legal = forms[trading & (forms["role"] == "legal")]
    beside = set(legal.loc[[kind_of(form) in APART for form in legal["form"].tolist()], "row"])
    usable = forms.drop(cut.index[of_schools | ~cut["head"].str.contains(" ").to_numpy(dtype=bool)])
    whole = usable.assign(form=usable["form"].where(~usable["cut"], usable["head"]))
    placed = whole.merge(states, on="row").drop_duplicates(["row", "form", "state"], ignore_index=True)
    distinct = placed[["form", "state"]].drop_duplicates(ignore_index=True)
    left, right = _sharing_rare_words(distinct, aliases, weights, least)
    compared = _compared(distinct, aliases, left, right)
    pairs = placed[["row", "form", "state", "cut", "fragment", "role"]].merge(compared, on=["form", "state"])
    # A clinic that trades under a name near the hospital's is a clinic still.
    of_clinic = (pairs["role"] == "trade") & pairs["row"].isin(beside)
    pairs["relation"] = pairs["relation"].mask(of_clinic, "affiliate")
    return _without_cut_ends(pairs, aliases)[list(_TYPES)]


def _sharing_rare_words(
    distinct: pd.DataFrame, aliases: pd.DataFrame, weights: pd.Series, least: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return positions in `distinct` and `aliases` of names of one state that share a rare word and enough of their other words."""
    overlap = Overlap(distinct["form"], aliases["form"], weights)
    found = overlap.candidates(distinct["state"], aliases["state"], least_weight=least, most_pairs=MOST_PAIRS)
    left, right = found["left_row"].to_numpy(), found["right_row"].to_numpy()
    forward, backward = overlap.containment(left, right)
    keep = (np.minimum(forward, backward) >= SHARED_BY_BOTH) | (backward >= SHARED_BY_ONE) | (forward >= SHARED_BY_ONE)
    return left[keep], right[keep]


def _compared(distinct: pd.DataFrame, aliases: pd.DataFrame, left: np.ndarray, right: np.ndarray) -> pd.DataFrame:
    """Return columns form, state, alias, how, distinguishing_words, relation of the pairs that have something in common."""
    mine, theirs = distinct["form"].to_numpy()[left], aliases["form"].to_numpy()[right]
    cities, counties = aliases["city"].to_numpy()[right], aliases["county"].to_numpy()[right]
    own = aliases["relation"].to_numpy()[right]
    levels = [
        compare(a, b, _place_words(city), _place_words(county))
        for a, b, city, county in zip(mine, theirs, cities, counties, strict=True)
    ]
    frame = pd.DataFrame(
        {
            "form": mine,
            "state": distinct["state"].to_numpy()[left],
            "alias": right,
            "how": [how for how, _, _ in levels],
            "distinguishing_words": [words for _, _, words in levels],
            "relation": ["affiliate" if apart else given for (_, apart, _), given in zip(levels, own, strict=True)],
        }
    ).astype({"form": "str", "state": "str", "how": "str", "distinguishing_words": "str", "relation": "str"})
    # The research arm, foundation, health plan or care at home of an affiliate is too far away.
    typed = frame.index[(frame["how"] == "typed") & (own == "affiliate")]
    distant = [
        kind_of(form) in ("research", "foundation", "plan") or not AT_HOME.isdisjoint(form.split())
        for form in frame.loc[typed, "form"].tolist()
    ]
    frame.loc[typed[np.array(distant, dtype=bool)], "how"] = "similar"
    stated = (frame["how"] == "of_state") & (own == "affiliate")
    frame["how"] = frame["how"].mask(stated, "longer")
    frame["distinguishing_words"] = frame["distinguishing_words"].mask(stated, "the state's name")
    return frame[frame["how"] != ""]


def _without_cut_ends(pairs: pd.DataFrame, aliases: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs with the levels of cut names: less than of whole ones, and less still where the fragment says more."""
    theirs = aliases["form"].to_numpy()[pairs["alias"].to_numpy()]
    more = np.array(
        [
            cut and _says_more(piece, form)
            for cut, piece, form in zip(pairs["cut"].tolist(), pairs["fragment"].tolist(), theirs, strict=True)
        ],
        dtype=bool,
    )
    words = pairs["distinguishing_words"]
    how = pairs["how"].mask(
        pairs["cut"] & pairs["how"].isin(["kin", "system", "typed", "placeless", "of_state"]), "cut_kin"
    )
    # Of a cut name nobody knows whether it goes on as the system's or as another body's beside it.
    relation = pairs["relation"].mask(pairs["cut"] & (pairs["how"] == "system"), "affiliate")
    return pairs.assign(
        relation=relation,
        distinguishing_words=words.mask(more, (words + " " + pairs["fragment"].str.lower()).str.strip()),
        how=how.mask(more, "longer"),
    )


def _says_more(fragment: str, theirs: str) -> bool:
    """Decide whether the cut last word of a name begins neither a word of the other name nor a kind word or legal form."""
    if len(fragment) < 2 or fragment in _STOPWORDS or fragment in _kind_word_beginnings():
        return False
    return not any(_completes(fragment, word) for word in theirs.split())


@functools.cache
def _kind_word_beginnings() -> frozenset[str]:
    """Return all beginnings of kind words, of their abbreviations and of legal forms."""
    whole = {*GENERIC, *word_set("legal_form")}
    whole |= {short for word in GENERIC for short in _short_forms().get(word, ())}
    beginnings = {word[:size] for word in whole for size in range(2, len(word) + 1)}
    return frozenset(beginnings - {"STA", "STAT", "STATE"})  # Buffalo State is another college


@functools.cache
def _place_words(place: object) -> frozenset[str]:
    return frozenset(canonical(place).split()) if isinstance(place, str) else frozenset()


def _only_a_place(head: str, place: frozenset[str]) -> bool:
    """Decide whether the beginning of a name says no more than where: `NEW YORK`, `SAN FRANCISCO` of San Francisco."""
    return all(word in state_words() or word in place for word in head.split())


@functools.cache
def _short_forms() -> dict[str, tuple[str, ...]]:
    """Return the abbreviations of each word."""
    table: dict[str, tuple[str, ...]] = {}
    for short, word in words("abbreviation").items():
        table[word] = (*table.get(word, ()), short)
    return table


def _completes(fragment: str, word: str) -> bool:
    """Decide whether a cut word may be the beginning of `word` or of an abbreviation of it."""
    return word.startswith(fragment) or any(short.startswith(fragment) for short in _short_forms().get(word, ()))
