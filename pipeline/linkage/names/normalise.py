"""The canonical form of a name: the one way in which every name of an organization is normalised.

A form is made word by word. Most words are read the same whatever their neighbours (`_read_alone`, once a word); the few
that depend on them where they are found (`_read_between`). Columns of names are joined from the same words, each read once,
and go name by name through `canonical` where neighbours decide. Names inside a printed name (d/b/a) and cut names belong
to `printed.py`.
"""

# pyright: reportAttributeAccessIssue=false
# pyarrow makes the functions of its compute module when it is imported: no type checker sees them.
from __future__ import annotations

import functools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.linkage.names.words import word_set, words

MAX_LENGTH: Final = 300

_GOVERNING: Final = word_set("governing")
_GOVERNED: Final = "^({0})( |$)|(^| )({0})$".format("|".join(sorted(_GOVERNING)))
_STOPWORDS: Final = word_set("stopword")
_LEGAL_FORMS: Final = word_set("legal_form")
_ABBREVIATIONS: Final = words("abbreviation")
_STATES: Final = words("state")
# One-letter directions are spelled out before these words only: `JOHN W SMITH` is not the west.
_DIRECTIONS: Final = {"N": "NORTH", "S": "SOUTH", "E": "EAST", "W": "WEST"}
_AFTER_DIRECTION: Final = word_set("after_direction")
# Postal codes that are also words or legal forms are read as a state after OF (or EASTERN ...) only.
_AMBIGUOUS_STATES: Final = word_set("ambiguous_state")
_REGION: Final = word_set("region")
_NEVER_A_NAME: Final = frozenset(("INC", "INCORPORATED", "LLC"))
_ENDINGS: Final = _LEGAL_FORMS | _NEVER_A_NAME
_STEM_KEEPS: Final = ("SS", "US", "IS", "AS", "OS")
_BY_NEIGHBOURS: Final = _AMBIGUOUS_STATES | {"ST", "MT", "MED", "CT", "VA", "HSC"}
# Of ASCII characters: apostrophes and points join what they are between, other signs part it.
_PLAIN: Final = {
    code: None if chr(code) in "'`." else " "
    for code in range(128)
    if not (chr(code).isalnum() and chr(code).isupper())
} | {ord(digit): digit for digit in "0123456789"}


def plain(name: str) -> str:
    """Return upper-case ASCII words in single spaces: accents and apostrophes dropped, other punctuation as spaces."""
    text = name[:MAX_LENGTH]
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return " ".join(text.upper().translate(_PLAIN).split())


@functools.lru_cache(maxsize=1 << 19)
def canonical(name: str) -> str:
    """Return the normal form that equal names share. Idempotent; "" for a name without letters or digits.

    Abbreviations are spelled out, plurals and possessives levelled, stop words and trailing legal forms dropped; the
    order of the words is kept.
    """
    tokens = plain(name).split()
    while not all(map(_is_settled, tokens)):
        again = _without_legal_forms(read_words(tokens))
        if again == tokens:
            break
        tokens = again
    return " ".join(tokens)


def canonical_all(names: pd.Series) -> pd.Series:
    """Return the canonical form of each name of a series, in its index; "" for null."""
    codes, distinct = pd.factorize(names)
    return _spread(_canonical_forms(distinct.tolist()), codes, names.index)


def core_all(names: pd.Series) -> pd.Series:
    """Return the canonical form of each name of a series without its governing body, in its index; "" for null."""
    codes, distinct = pd.factorize(names)
    return _spread(cores(_canonical_forms(distinct.tolist())), codes, names.index)


def _spread(forms: list[str], codes: np.ndarray, index: pd.Index) -> pd.Series:
    """Return the form of each code, "" for -1."""
    return pd.Series(np.array([*forms, ""], dtype=object)[codes], index=index, dtype="str")


def _canonical_forms(names: list[str]) -> list[str]:
    """Return the canonical form of each name: of most the words read alone, joined in columns; `canonical` of the others.

    A name is one of the most if each of its words is read alone, a second pass would leave all of them, and legal forms are
    at its end only.
    """
    owner, word, printed = printed_words(names)
    read = [_read_in_columns(token) for token in printed]
    ending = np.array([one.ending for one in read], dtype=bool)
    simple = np.array([one.simple for one in read], dtype=bool)
    length = np.array([one.length for one in read], dtype="int64")
    ends = np.cumsum(ending[word])
    before = np.append(0, ends)[np.searchsorted(owner, np.arange(len(names)))]
    long_way = np.bincount(owner, weights=length[word], minlength=len(names)) == 0
    long_way[owner[~simple[word]]] = True
    long_way[owner[(ends > before[owner]) & (length[word] > 0)]] = True
    kept = (length[word] > 0) & ~long_way[owner]
    texts = pa.array([one.text for one in read], pa.string()).take(pa.array(word[kept]))
    counts = np.bincount(owner[kept], minlength=len(names))
    lists = pa.ListArray.from_arrays(pa.array(np.append(0, np.cumsum(counts)), pa.int32()), texts)
    forms: list[str] = pc.binary_join(lists, " ").to_pylist()
    for place in np.flatnonzero(long_way).tolist():
        forms[place] = canonical(names[place])
    return forms


@dataclass(frozen=True, slots=True)
class _Reading:
    """A printed word in a column. text: what it is read as alone; length: of how many words, 0 for one that ends a name or that
    neighbours decide; ending: whether it is a legal form; simple: whether a second pass would leave it."""

    text: str
    length: int
    ending: bool
    simple: bool


@functools.lru_cache(maxsize=1 << 18)
def _read_in_columns(token: str) -> _Reading:
    read = _read_alone(token)
    if read is None:
        return _Reading("", 0, ending=False, simple=False)
    ending = len(read) == 1 and read[0] in _ENDINGS
    simple = len(token) > 1 and (ending or all(map(_is_settled, read)))
    return _Reading(" ".join(read), 0 if ending else len(read), ending, simple)


def printed_words(names: Sequence[str]) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Return the plain words of all names, in order: position in `names`, position among the distinct words; and these."""
    lists = pc.ascii_split_whitespace(_plain_all(names))
    flat = pc.dictionary_encode(lists.flatten())
    owner = np.repeat(np.arange(len(names)), np.diff(lists.offsets.to_numpy()))
    return owner, flat.indices.to_numpy(), flat.dictionary.to_pylist()


def _plain_all(names: Sequence[str]) -> pa.Array:
    """Return `plain` of each name: those of ASCII characters, nearly all, in columns."""
    texts = pc.utf8_slice_codeunits(pa.array(names, pa.string()), 0, MAX_LENGTH)
    easy = pc.string_is_ascii(texts)
    joined = pc.replace_substring_regex(pc.ascii_upper(texts), pattern="['`.]", replacement="")
    spaced = pc.ascii_trim(pc.replace_substring_regex(joined, pattern="[^A-Z0-9]+", replacement=" "), characters=" ")
    others = [plain(name) for name in texts.filter(pc.invert(easy)).to_pylist()]
    return pc.replace_with_mask(spaced, pc.invert(easy), pa.array(others, pa.string()))


def core(form: str) -> str:
    """Return a canonical form without its governing body: `BOARD TRUSTEE UNIVERSITY ALABAMA` is the University of Alabama."""
    if form.partition(" ")[0] not in _GOVERNING and form.rpartition(" ")[2] not in _GOVERNING:
        return form
    tokens = form.split()
    start, end = 0, len(tokens)
    while start < end - 1 and tokens[start] in _GOVERNING:
        start += 1
    while end > start + 2 and tokens[end - 1] in _GOVERNING:
        end -= 1
    return " ".join(tokens[start:end])


def cores(forms: list[str]) -> list[str]:
    """Return `core` of each form; few begin or end with a governing body."""
    governed = pc.match_substring_regex(pa.array(forms, pa.string()), _GOVERNED).to_pylist()
    return [core(form) if some else form for form, some in zip(forms, governed, strict=True)]


@functools.cache
def state_words() -> frozenset[str]:
    """Return the words of the states' names as they are in canonical forms."""
    return frozenset(word for name in _STATES.values() for word in canonical(name).split())


@functools.lru_cache(maxsize=1 << 18)
def spell_out(token: str) -> str:
    """Return the word or words that a printed word means, whatever its neighbours: abbreviations, plurals."""
    word = _ABBREVIATIONS.get(token)
    if word is None:
        stem = _stem(token)
        word = _ABBREVIATIONS.get(stem, stem)
    return " ".join(_stem(part) for part in word.split())


def read_words(tokens: list[str]) -> list[str]:
    """Return the canonical words of printed words in plain form, legal forms kept: what one pass over a name reads."""
    tokens = _join_letters(tokens)
    alone = [*map(_read_alone, tokens)]
    if None not in alone:
        return [word for read in alone if read for word in read]
    done: list[str] = []
    for place, read in enumerate(alone):
        done += _read_between(tokens, place, done) if read is None else read
    return done


@functools.lru_cache(maxsize=1 << 18)
def _read_alone(token: str) -> tuple[str, ...] | None:
    """Return what a printed word is read as whatever its neighbours, nothing for a stop word; None where they decide."""
    if token in _STOPWORDS:
        return ()
    if len(token) <= 3 and token in _BY_NEIGHBOURS:
        return None
    state = _STATES.get(token) if len(token) <= 3 else None
    read = tuple(_stem(part) for part in state.split()) if state else tuple(spell_out(token).split())
    return None if read == ("CARE",) else read


def _read_between(tokens: list[str], place: int, done: list[str]) -> tuple[str, ...]:
    """Return what the word at `place` is read as between its neighbours; `done`: what those before it were read as (HEALTH CARE: one)."""
    token = tokens[place]
    before = tokens[place - 1] if place else ""
    following = tokens[place + 1] if place + 1 < len(tokens) else ""
    last = done[-1] if done else ""
    if token == "ST":
        read = "STATE" if following[:4] in ("UNIV", "COLL") and done else "SAINT"
    elif token == "MT" and following and before != "OF":
        read = "MOUNT"
    elif token == "MED" and before == "OF" and last in ("SCHOOL", "COLLEGE"):
        read = "MEDICINE"
    elif token == "CT" and last in ("MEDICAL", "HEALTH", "CANCER"):
        read = "CENTER"
    elif token == "HSC" and "UNIVERSITY" in done:
        read = "HEALTH SCIENCE CENTER"
    elif token in _STATES and _is_state(token, before, following):
        read = " ".join(_stem(part) for part in _STATES[token].split())
    else:
        read = spell_out(token)
    if read == "CARE" and last == "HEALTH":
        done[-1] = "HEALTHCARE"
        return ()
    return tuple(read.split())


def _is_state(token: str, before: str, following: str) -> bool:
    """Decide whether a postal code that may also be a word is that of a state."""
    if token == "VA":
        return before in _REGION or following in ("COMMONWEALTH", "TECH", "STATE")
    if token in _AMBIGUOUS_STATES:
        leads = not before and following in ("STATE", "ST", "UNIV", "UNIVERSITY")
        return before == "OF" or leads or (before == "SOUTHERN" and token not in ("CO", "PA"))
    return True


@functools.lru_cache(maxsize=1 << 18)
def _is_settled(token: str) -> bool:
    """Decide whether a pass leaves this word alone whatever its neighbours: most words of a name after the first pass."""
    moves = len(token) == 1 or token in _LEGAL_FORMS or token in _NEVER_A_NAME
    return not moves and _read_alone(token) == (token,)


def _join_letters(tokens: list[str]) -> list[str]:
    """Join `A M` to AM, `P C` to PC, `CHILDREN S` to CHILDRENS; a lone letter before CAROLINA is a direction."""
    if min(map(len, tokens), default=2) > 1:
        return tokens
    joined: list[str] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        end = place
        while end < len(tokens) and len(tokens[end]) == 1 and tokens[end].isalpha():
            end += 1
        following = tokens[place + 1] if place + 1 < len(tokens) else ""
        if end - place > 1:
            joined.append("".join(tokens[place:end]))
            place = end
            continue
        if token in _DIRECTIONS and following in _AFTER_DIRECTION:
            joined.append(_DIRECTIONS[token])
        elif token == "S" and joined and len(joined[-1]) >= 3 and joined[-1] not in _STOPWORDS:
            joined[-1] += "S"
        else:
            joined.append(token)
        place += 1
    return joined


def _stem(token: str) -> str:
    if len(token) >= 5 and token.endswith("S") and not token.endswith(_STEM_KEEPS):
        return token[:-1]
    return token


def _without_legal_forms(tokens: list[str]) -> list[str]:
    end = len(tokens)
    while end > 1 and tokens[end - 1] in _LEGAL_FORMS:
        end -= 1
    if _NEVER_A_NAME.isdisjoint(tokens):
        return tokens[:end]
    return [token for token in tokens[:end] if token not in _NEVER_A_NAME] or tokens[:1]
