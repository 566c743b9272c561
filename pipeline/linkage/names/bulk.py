"""Canonical forms of very many names at once, equal to `names.canonical` of each, in half the time.

Most names are read word by word: no word's meaning hangs on its neighbours. Those are worked on as columns of words; the
others, and names that a second pass would change again, go the long way.
"""

# pyright: reportAttributeAccessIssue=false
# pyarrow makes the functions of its compute module when it is imported: no type checker sees them.
from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.linkage.names.normalise import (
    CUT_LENGTH,
    CUT_MARKER,
    MAX_LENGTH,
    MAY_SPLIT,
    canonical,
    core,
    plain,
    spell_out,
    split_names,
    word_set,
    words,
)

_STOPWORDS: Final = word_set("stopword")
_LEGAL_FORMS: Final = word_set("legal_form")
_NEVER_A_NAME: Final = frozenset(("INC", "INCORPORATED", "LLC"))
_STATES: Final = words("state")
# States that are also words or legal forms: read as such where what stands before them does not say otherwise.
_AMBIGUOUS: Final = word_set("ambiguous_state") - {"CT", "VA"}
# Words that `names` reads by their neighbours in other ways, or joins to them.
_BY_NEIGHBOURS: Final = frozenset(("ST", "MT", "MED", "CT", "VA", "N", "S", "E", "W", "CARE"))
# Other words of more letters stand for themselves, but for plurals.
_SPELLED: Final = frozenset((*_BY_NEIGHBOURS, *words("abbreviation"), *_STOPWORDS))
_GOVERNED: Final = r"^(?:{0})(?: |$)| (?:{0})$".format("|".join(sorted(word_set("governing"))))
_DEPENDS, _DROPPED = -1, -2


def canonical_all(names: pd.Series) -> pd.Series:
    """`names.canonical` of each name of a series (null: ""); every distinct name is worked on once."""
    codes, distinct = pd.factorize(names, use_na_sentinel=True)
    forms = np.array([*canonical_many([str(name) for name in distinct.tolist()]), ""], dtype=object)  # last: null's
    return pd.Series(forms[codes], index=names.index, dtype="str")


def canonical_many(names: Sequence[str]) -> list[str]:
    """`names.canonical` of each name."""
    owner, word, printed = printed_words(names)
    vocabulary: dict[str, int] = {}
    mapped = np.array([_code(token, vocabulary) for token in printed], dtype="int64")
    code = mapped[word]
    long_way = np.zeros(len(names), dtype=bool)
    long_way[owner[code == _DEPENDS]] = True
    long_way[_beside_others(owner, word, code, printed, vocabulary)] = True
    kept = code != _DROPPED
    owner, code = owner[kept], code[kept]
    owner, code, doubtful = _without_legal_forms(owner, code, list(vocabulary), len(names))
    long_way[doubtful] = True
    spelled = pa.array(list(vocabulary) or [""], pa.string()).take(pa.array(np.maximum(code, 0)))
    counts = np.bincount(owner, minlength=len(names))
    offsets = pa.array(np.concatenate([[0], np.cumsum(counts)]), pa.int32())
    joined = pc.binary_join(pa.ListArray.from_arrays(offsets, spelled), " ")
    forms: list[str] = joined.to_numpy(zero_copy_only=False).tolist()
    for place in np.flatnonzero(long_way).tolist():
        forms[place] = canonical(names[place])
    return forms


def core_many(forms: Sequence[str]) -> list[str]:
    """`names.core` of each canonical form."""
    array = pa.array(forms, pa.string())
    governed = pc.match_substring_regex(array, _GOVERNED).to_numpy(zero_copy_only=False)
    found: list[str] = array.to_numpy(zero_copy_only=False).tolist()
    for place in np.flatnonzero(governed).tolist():
        found[place] = core(found[place])
    return found


def printed_words(names: Sequence[str]) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """The words of `names.plain` of each name, in order: position in `names`, position among the distinct words; and these."""
    text = pa.array(names, pa.string())
    accented = pc.invert(pc.string_is_ascii(text))
    text = pc.replace_with_mask(
        text, accented, pa.array([plain(name) for name in text.filter(accented).to_pylist()], pa.string())
    )
    text = pc.ascii_upper(pc.utf8_slice_codeunits(text, 0, MAX_LENGTH))
    text = _replaced(_replaced(text, "['`.]", ""), "[^A-Z0-9 ]+", " ")
    lists = pc.ascii_split_whitespace(pc.utf8_trim(text, " "))
    flat = pc.dictionary_encode(lists.flatten())
    owner = np.repeat(np.arange(len(names)), np.diff(lists.offsets.to_numpy()))
    return owner, flat.indices.to_numpy(), flat.dictionary.to_pylist()


def _replaced(text: pa.Array, pattern: str, by: str) -> pa.Array:
    """Texts with what matches replaced. Few match, and to look for a match takes a fifth of the time of replacing none."""
    found = pc.match_substring_regex(text, pattern)
    return pc.replace_with_mask(text, found, pc.replace_substring_regex(text.filter(found), pattern, by))


def _without_legal_forms(
    owner: np.ndarray, code: np.ndarray, vocabulary: list[str], size: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Owners and words without trailing legal forms and words that are never a name; and the names that leave a doubt."""
    legal = np.array([word in _LEGAL_FORMS for word in vocabulary] or [False])
    never = np.array([word in _NEVER_A_NAME for word in vocabulary] or [False])
    known = np.maximum(code, 0)
    left = np.bincount(owner, minlength=size)
    while True:
        last = np.append(owner[1:] != owner[:-1], True) if len(owner) else np.zeros(0, dtype=bool)
        drop = last & legal[known] & (left[owner] > 1)
        if not drop.any():
            break
        owner, known, code = owner[~drop], known[~drop], code[~drop]
        left = np.bincount(owner, minlength=size)
    named = ~never[known]
    # What is left of a name may end in a legal form after all, or be nothing but one: `canonical` has a second look.
    doubtful = owner[(~named & (left[owner] == 1)) | (legal[known] & (left[owner] == 1))]
    owner, code, known = owner[named], code[named], known[named]
    ends = np.append(owner[1:] != owner[:-1], True) if len(owner) else np.zeros(0, dtype=bool)
    return owner, code, np.union1d(doubtful, owner[ends & legal[known]])


def _beside_others(
    owner: np.ndarray, word: np.ndarray, code: np.ndarray, printed: list[str], vocabulary: dict[str, int]
) -> np.ndarray:
    """Names with several single letters, or with a state that is also a word after one that may make it a state."""
    letter = np.array([len(token) == 1 and token.isalpha() for token in printed], dtype=bool)[word]
    ambiguous = np.array([token in _AMBIGUOUS for token in printed], dtype=bool)[word]
    telling = [vocabulary.get(before, _DROPPED) for before in ("SOUTHERN", *_NEVER_A_NAME)]
    first = np.append(True, owner[1:] != owner[:-1])[: len(owner)]
    told = first | np.isin(np.roll(code, 1), [_DROPPED, *telling])
    return np.append(np.flatnonzero(np.bincount(owner[letter]) > 1), owner[ambiguous & told])


def _code(token: str, vocabulary: dict[str, int]) -> int:
    """Number of the word that a printed word stands for, whatever its neighbours; _DROPPED for a stop word, else _DEPENDS."""
    if len(token) > 3 and token[-1] != "S" and token not in _SPELLED:
        return vocabulary.setdefault(token, len(vocabulary))  # stands for itself
    if token in _STOPWORDS and token not in _BY_NEIGHBOURS:
        return _DROPPED
    if token in _BY_NEIGHBOURS:
        return _DEPENDS
    state = _STATES.get(token, "") if len(token) <= 3 and token not in _AMBIGUOUS else ""
    word = " ".join(map(spell_out, state.split())) or spell_out(token)
    # What a second pass would read anew goes the long way.
    if word == "" or (word != token and any(_moves(part, alone=part == word) for part in word.split())):
        return _DEPENDS
    return vocabulary.setdefault(word, len(vocabulary))


def _moves(word: str, *, alone: bool) -> bool:
    """Whether a second pass may read a word anew; alone: it is all that a printed word stands for."""
    short = len(word) == 1 or word in _BY_NEIGHBOURS or (len(word) <= 3 and word in _STATES)
    legal = not alone and (word in _LEGAL_FORMS or word in _NEVER_A_NAME)
    return short or legal or word in _STOPWORDS or spell_out(word) != word


def parts_of(names: Sequence[str]) -> list[tuple[str, ...]]:
    """The names inside each printed name but its owner's: `split_names` without parts of the role parent."""
    texts, single = single_names(names)
    found: list[tuple[str, ...]] = [(text,) for text in texts]
    for place in np.flatnonzero(~single).tolist():
        found[place] = _split(names[place])
    return found


def are_cut(names: pd.Series) -> pd.Series:
    """`names.is_cut` of each name."""
    return names.str.len().between(CUT_LENGTH - 1, CUT_LENGTH)


def single_names(names: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """The text of each name, upper case in single spaces; and which are the one part that `split_names` finds in them.

    The others, few, have several parts or none, or characters that need a look of their own.
    """
    text = pc.utf8_slice_codeunits(pa.array(names, pa.string()), 0, MAX_LENGTH)
    text = pc.utf8_upper(pc.utf8_trim_whitespace(_replaced(text, r"\s{2,}|[^\S ]", " ")))
    size = pc.utf8_length(text)
    cut = pc.and_(pc.greater_equal(size, CUT_LENGTH - 2), pc.less_equal(size, CUT_LENGTH))
    text = pc.replace_with_mask(text, cut, _replaced(text.filter(cut), CUT_MARKER, ""))
    named = pc.and_(pc.string_is_ascii(text), pc.match_substring_regex(text, "[A-Z0-9]"))
    # Control characters part words in Python only.
    odd = pc.match_substring_regex(text, f"{MAY_SPLIT}|[\\x00-\\x1f]")
    return text.to_numpy(zero_copy_only=False).tolist(), pc.and_(named, pc.invert(odd)).to_numpy(zero_copy_only=False)


@functools.lru_cache(maxsize=1 << 16)
def _split(name: str) -> tuple[str, ...]:
    return tuple(part.text for part in split_names(name) if part.role != "parent")
