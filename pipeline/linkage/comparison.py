"""Which printed names may be which names of institutions, and how: equal, cut off, kin, shorter, longer, similar."""

from __future__ import annotations

import functools
import re
from typing import Final

import numpy as np
import pandas as pd

from pipeline.linkage.names.differences import APART, DIRECTIONS, TELLING, remainders
from pipeline.linkage.names.forms import name_forms, within_reach
from pipeline.linkage.names.kinds import kind_of
from pipeline.linkage.names.normalise import canonical, state_words
from pipeline.linkage.names.overlap import PRIOR, Overlap, word_weights
from pipeline.linkage.names.words import GENERIC, word_set, words

# A word tells a name if it weighs this part of what a word borne by one name only would.
RARE_SHARE: Final = 0.37
# How a printed name meets a name of an institution, and the points that is worth.
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
_TYPES: Final = {"row": "int64", "variant": "int64", "how": "str", "form": "str", "relation": "str", "told": "str"}
_ROLE_HOW: Final = {
    "legal": "equal",
    "whole": "equal",
    "trade": "equal_trade",
    "former": "equal_former",
    "root": "equal_root",
}
_STOPWORDS: Final = word_set("stopword")
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


@functools.cache
def _short_forms() -> dict[str, tuple[str, ...]]:
    """The abbreviations of each word."""
    table: dict[str, tuple[str, ...]] = {}
    for short, word in words("abbreviation").items():
        table[word] = (*table.get(word, ()), short)
    return table


def _completes(fragment: str, word: str) -> bool:
    """Whether a cut word may be the beginning of `word` or of an abbreviation of it."""
    return word.startswith(fragment) or any(short.startswith(fragment) for short in _short_forms().get(word, ()))


def find_pairs(employers: pd.DataFrame, states: pd.DataFrame, variants: pd.DataFrame) -> pd.DataFrame:
    """Columns row (position in `employers`), variant (position in `variants`), how, form, relation, told.

    employers: columns name (printed), form (canonical). states: columns row, state: the states in which each name is printed.
    relation: of the pair, the variant's unless the kinds of body say otherwise. told: the words that tell the two apart, "" if none.
    The best `how` of each pair only.
    """
    reach = within_reach(employers["name"], variants["form"])
    forms = name_forms(employers.iloc[reach])
    forms["row"] = reach[forms["row"].to_numpy()]
    parts = forms[forms["role"] != "whole"]
    frames = [_equal(forms, variants), _cut(parts, variants), _near(parts, states, variants)]
    pairs = pd.concat([frame.astype(_TYPES) for frame in frames], ignore_index=True)
    pairs["points"] = pairs["how"].map(POINTS)
    pairs = pairs.sort_values(["row", "variant", "points", "form"], ascending=[True, True, False, True])
    return pairs.drop_duplicates(["row", "variant"]).drop(columns="points").reset_index(drop=True)


def _equal(forms: pd.DataFrame, variants: pd.DataFrame) -> pd.DataFrame:
    wanted = pd.DataFrame(
        {"form": variants["form"], "variant": np.arange(len(variants)), "relation": variants["relation"]}
    )
    pairs = forms.merge(wanted, on="form")
    # A name of 33 or 34 characters that equals a full one may yet go on.
    how = pairs["role"].map(_ROLE_HOW).mask(pairs["cut"], "equal_cut")
    return pd.DataFrame(
        {"row": pairs["row"], "variant": pairs["variant"], "how": how, "form": pairs["form"],
         "relation": pairs["relation"], "told": ""}
    )  # fmt: skip


def _cut(forms: pd.DataFrame, variants: pd.DataFrame) -> pd.DataFrame:
    """Names cut at 34 characters that are the beginning of a name of an institution."""
    heads: list[tuple[str, int, str]] = []
    for place, form in enumerate(variants["form"]):
        tokens = form.split()
        least = max(2, (len(tokens) + 1) // 2)
        heads += [(" ".join(tokens[:size]), place, tokens[size]) for size in range(least, len(tokens))]
    beginnings = pd.DataFrame(heads, columns=["head", "variant", "following"]).astype(
        {"head": "str", "following": "str"}
    )
    cut = forms[forms["cut"]]
    whole = [form.rsplit(" ", 1)[-1] in GENERIC or len(form) > 4 for form in cut["form"]]
    ends = cut[np.array(whole, dtype=bool)]
    asked = pd.concat(
        [cut[["row", "head", "fragment", "form"]], ends[["row", "form"]].assign(head=ends["form"], fragment="")]
    )
    pairs = asked.merge(beginnings, on="head")
    cities = variants["city"].to_numpy()[pairs["variant"].to_numpy()]
    fits = [
        (_completes(fragment, following) or (fragment in _STOPWORDS and len(head.split()) > 2))
        and not _only_a_place(head, _place_words(city))
        for following, fragment, head, city in zip(
            pairs["following"], pairs["fragment"], pairs["head"], cities, strict=True
        )
    ]
    pairs = pairs[np.asarray(fits, dtype=bool)]
    relation = variants["relation"].to_numpy()[pairs["variant"].to_numpy()]
    return pd.DataFrame(
        {"row": pairs["row"], "variant": pairs["variant"], "how": "cut", "form": pairs["form"], "relation": relation,
         "told": ""}
    )  # fmt: skip


def _near(forms: pd.DataFrame, states: pd.DataFrame, variants: pd.DataFrame) -> pd.DataFrame:
    """Names in the institution's state that share a rare word with one of its names, sorted by what the rest says.

    Of a cut name the last word, a fragment, is left out; what else was cut off nobody knows, so it counts less.
    """
    cut = forms[forms["cut"]]
    of_schools = [kind_of(form) == "k12" for form in cut["form"]]
    usable = forms.drop(
        cut.index[np.array(of_schools, dtype=bool) | ~cut["head"].str.contains(" ").to_numpy(dtype=bool)]
    )
    whole = usable.assign(form=usable["form"].where(~usable["cut"], usable["head"]))
    placed = whole.merge(states, on="row").drop_duplicates(["row", "form", "state"], ignore_index=True)
    distinct = placed[["form", "state"]].drop_duplicates(ignore_index=True)
    overlap = Overlap(distinct["form"], variants["form"], _weights(forms, variants))
    least = RARE_SHARE * float(np.log(PRIOR + forms["form"].nunique()))
    found = overlap.candidates(distinct["state"], variants["state"], least_weight=least, most_pairs=80)
    left, right = found["left_row"].to_numpy(), found["right_row"].to_numpy()
    forward, backward = overlap.containment(left, right)
    keep = (np.minimum(forward, backward) >= 0.55) | (backward >= 0.92) | (forward >= 0.92)
    left, right = left[keep], right[keep]
    mine, theirs = distinct["form"].to_numpy()[left], variants["form"].to_numpy()[right]
    cities = variants["city"].to_numpy()[right]
    judged = [compare(a, b, _place_words(city)) for a, b, city in zip(mine, theirs, cities, strict=True)]
    frame = pd.DataFrame(
        {
            "form": mine,
            "state": distinct["state"].to_numpy()[left],
            "variant": right,
            "how": [how for how, _, _ in judged],
            "told": [told for _, _, told in judged],
            "relation": [
                "affiliate" if affiliate else own
                for (_, affiliate, _), own in zip(judged, variants["relation"].to_numpy()[right], strict=True)
            ],
        }
    ).astype({"form": "str", "state": "str", "how": "str", "told": "str", "relation": "str"})
    # The research arm, foundation or health plan of an affiliate is too far away.
    own = variants["relation"].to_numpy()[frame["variant"].to_numpy()]
    distant = np.array([kind_of(form) in ("research", "foundation", "plan") for form in frame["form"]], dtype=bool)
    frame["how"] = frame["how"].mask((frame["how"] == "typed") & (own == "affiliate") & distant, "similar")
    frame = frame[frame["how"] != ""]
    pairs = placed[["row", "form", "state", "cut", "fragment"]].merge(frame, on=["form", "state"])
    theirs = variants["form"].to_numpy()[pairs["variant"].to_numpy()]
    strange = np.array(
        [
            cut and _says_more(piece, form)
            for cut, piece, form in zip(pairs["cut"], pairs["fragment"], theirs, strict=True)
        ],
        dtype=bool,
    )
    pairs["told"] = pairs["told"].mask(strange, (pairs["told"] + " " + pairs["fragment"].str.lower()).str.strip())
    pairs["how"] = pairs["how"].mask(pairs["cut"] & pairs["how"].isin(["kin", "typed", "placeless"]), "cut_kin")
    pairs["how"] = pairs["how"].mask(strange, "longer")
    return pairs[["row", "variant", "how", "form", "relation", "told"]]


def _says_more(fragment: str, theirs: str) -> bool:
    """Whether the cut last word of a name begins neither a word of the other name nor a kind word or legal form."""
    if len(fragment) < 2 or fragment in _STOPWORDS or fragment in _kind_word_beginnings():
        return False
    return not any(_completes(fragment, word) for word in theirs.split())


@functools.cache
def _kind_word_beginnings() -> frozenset[str]:
    """All beginnings of kind words, of their abbreviations and of legal forms."""
    whole = {*GENERIC, *word_set("legal_form")}
    whole |= {short for word in GENERIC for short in _short_forms().get(word, ())}
    return frozenset(word[:size] for word in whole for size in range(2, len(word) + 1))


def _weights(forms: pd.DataFrame, variants: pd.DataFrame) -> pd.Series:
    return word_weights(pd.concat([forms["form"], variants["form"]], ignore_index=True))


@functools.cache
def _place_words(city: object) -> frozenset[str]:
    return frozenset(canonical(city).split()) if isinstance(city, str) else frozenset()


@functools.lru_cache(maxsize=1 << 17)
def compare(mine: str, theirs: str, place: frozenset[str]) -> tuple[str, bool, str]:
    """How a printed form stands to a name of an institution in the city with the words `place`.

    Returns how (a key of POINTS, "" for nothing), whether the kinds make it an affiliate, and the telling words.
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
    my_told = [token for token in my_rest if _telling(token) and token not in place]
    their_told = [token for token in their_rest if _telling(token)]
    if my_told:
        told = " ".join(dict.fromkeys([*my_told, *their_told])).lower()
        if their_told:
            return "similar", False, told
        aside = kind_of(mine) in APART and kind_of(theirs) not in APART
        return "prefixed" if mine.endswith(theirs) and not aside else "longer", aside, told
    if their_told:
        outside = " ".join(token for token in their_told if token not in place).lower()
        return "shorter" if outside else "placeless", False, outside
    how, aside = _kin(mine, theirs)
    return how, aside, ""


def _share_a_name(mine: str, theirs: str, place: frozenset[str]) -> bool:
    """Whether two forms share a word that names a body.

    The name of a state or of the institution's city does so in a university's name only, and where the kind words are
    the same too: the Cleveland Clinic is not the University Hospitals Cleveland Medical Center.
    """
    left, right = set(mine.split()), set(theirs.split())
    shared = left & right
    named = [token for token in shared if _telling(token) and token not in TELLING and token not in DIRECTIONS]
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


def _only_a_place(head: str, place: frozenset[str]) -> bool:
    """Whether the beginning of a name says no more than where: `NEW YORK`, `SAN FRANCISCO` of San Francisco."""
    return all(word in state_words() or word in place for word in head.split())


def _telling(token: str) -> bool:
    return token not in GENERIC or token in TELLING or token in DIRECTIONS


def _kin(mine: str, theirs: str) -> tuple[str, bool]:
    """Two names with the same rare words: the kinds of body decide between the same and a body of its own beside it."""
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
