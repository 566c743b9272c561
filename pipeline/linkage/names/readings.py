"""What the printed words of a name are read as: abbreviations spelled out, states, legal forms; one by one and in columns.

Most words are read the same whatever their neighbours (`read_alone`, once a word); the few that depend on them where they
are found (`_read_between`). How a name is made of its words belongs to `normalise.py`.
"""

# pyright: reportAttributeAccessIssue=false
# pyarrow makes the functions of its compute module when it is imported: no type checker sees them.
from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.linkage.names.words import word_set, words

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
_SHORT: Final = 3  # letters of the longest postal code or word that neighbours decide
_STEM_KEEPS: Final = ("SS", "US", "IS", "AS", "OS")
_BY_NEIGHBOURS: Final = _AMBIGUOUS_STATES | {"ST", "MT", "MED", "CT", "VA", "HSC"}


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
    alone = [*map(read_alone, tokens)]
    if None not in alone:
        return [word for read in alone if read for word in read]
    done: list[str] = []
    for place, read in enumerate(alone):
        done += _read_between(tokens, place, done) if read is None else read
    return done


@functools.lru_cache(maxsize=1 << 18)
def read_alone(token: str) -> tuple[str, ...] | None:
    """Return what a printed word is read as whatever its neighbours, nothing for a stop word; None where they decide."""
    if token in _STOPWORDS:
        return ()
    if len(token) <= 3 and token in _BY_NEIGHBOURS:
        return None
    state = _STATES.get(token) if len(token) <= 3 else None
    read = tuple(_stem(part) for part in state.split()) if state else tuple(spell_out(token).split())
    return None if read == ("CARE",) else read


def _read_between(tokens: list[str], place: int, done: list[str]) -> tuple[str, ...]:
    """Return what the word at `place` is read as between its neighbours; `done`: what those before it were read as.

    CARE after HEALTH is joined to it, in place.
    """
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
        leads = not before and (
            following in ("STATE", "ST", "UNIV", "UNIVERSITY") or (token == "MA" and following in ("INST", "INSTITUTE"))
        )
        return before == "OF" or leads or (before == "SOUTHERN" and token not in ("CO", "PA"))
    return True


@functools.lru_cache(maxsize=1 << 18)
def is_settled(token: str) -> bool:
    """Decide whether a pass leaves this word alone whatever its neighbours: most words of a name after the first pass."""
    moves = len(token) == 1 or token in _LEGAL_FORMS or token in _NEVER_A_NAME
    return not moves and read_alone(token) == (token,)


def _join_letters(tokens: list[str]) -> list[str]:
    """Join `A M` to AM, `P C` to PC, `CHILDREN S` to CHILDRENS; a lone letter before CAROLINA is a direction.

    `A T` of a university or college is spelled out: joined it would be a stop word, and North Carolina A&T the State University.
    """
    if min(map(len, tokens), default=2) > 1:
        return tokens
    joined: list[str] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if len(token) > 1:
            joined.append(token)
            place += 1
            continue
        end = place
        while end < len(tokens) and len(tokens[end]) == 1 and tokens[end].isalpha():
            end += 1
        following = tokens[place + 1] if place + 1 < len(tokens) else ""
        if token == "A" and (technical := _is_technical(tokens, place)):
            joined += ["AGRICULTURAL", "TECHNICAL"]
            place += technical
            continue
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


def _is_technical(tokens: list[str], place: int) -> int:
    """Return how many words from `place` on are `A T` or `A AND T` in front of a university, college or STATE; 0 if none."""
    for letters in (["A", "T"], ["A", "AND", "T"]):
        end = place + len(letters)
        if tokens[place:end] == letters and "".join(tokens[end : end + 1])[:4] in ("STAT", "ST", "UNIV", "COLL"):
            return len(letters)
    return 0


def _stem(token: str) -> str:
    if len(token) >= 5 and token.endswith("S") and not token.endswith(_STEM_KEEPS):
        return token[:-1]
    return token


def without_legal_forms(tokens: list[str]) -> list[str]:
    """Return the canonical words without the legal forms at the end, and without INC and LLC wherever they stand."""
    end = len(tokens)
    while end > 1 and tokens[end - 1] in _LEGAL_FORMS:
        end -= 1
    if _NEVER_A_NAME.isdisjoint(tokens):
        return tokens[:end]
    return [token for token in tokens[:end] if token not in _NEVER_A_NAME] or tokens[:1]


@dataclass(frozen=True, slots=True)
class Readings:
    """Printed words read in columns, one value a word. text: what it is read as alone; kept: whether that is part of a form
    wherever it stands (stop words and legal forms are not); ending: whether it is a legal form that is part of a form unless it
    ends it; simple: whether its neighbours are no matter, and a second pass would leave it."""

    text: pa.Array
    kept: np.ndarray
    ending: np.ndarray
    simple: np.ndarray


def readings(printed: pa.Array) -> Readings:
    """Return what each of the distinct printed words is read as: of the few that are short or that a table knows one by one, of
    all others the word without the S of a plural."""
    text = stems(printed)
    singly = np.flatnonzero(is_special(printed, text))
    read = [_reading(token) for token in printed.take(pa.array(singly)).to_pylist()]
    columns = [np.ones(len(printed), dtype=bool), np.zeros(len(printed), dtype=bool), np.ones(len(printed), dtype=bool)]
    for place, column in enumerate(columns, 1):
        column[singly] = [one[place] for one in read]
    mask = np.zeros(len(printed), dtype=bool)
    mask[singly] = True
    return Readings(
        pc.replace_with_mask(text, pa.array(mask), pa.array([one[0] for one in read], pa.string())), *columns
    )


def stems(tokens: pa.Array) -> pa.Array:
    """Return each word without the S of a plural, as `_stem` does."""
    plural = pc.match_substring_regex(tokens, "^...+[^SUIAO]S$")
    return pc.if_else(plural, pc.utf8_slice_codeunits(tokens, 0, -1), tokens)


def is_special(tokens: pa.Array, texts: pa.Array) -> np.ndarray:
    """Decide which words are short, or known to a table as they are or by their stem: all others are read as their stem."""
    short = pc.less_equal(pc.utf8_length(tokens), _SHORT)
    known = pc.or_(pc.is_in(tokens, _known()), pc.is_in(texts, _known()))
    return pc.or_(short, known).to_numpy(zero_copy_only=False)


@functools.cache
def _known() -> pa.Array:
    return pa.array(sorted({*_ABBREVIATIONS, *_STOPWORDS, *_STATES, *_ENDINGS, *_BY_NEIGHBOURS, "CARE"}), pa.string())


@functools.lru_cache(maxsize=1 << 16)
def _reading(token: str) -> tuple[str, bool, bool, bool]:
    """Return text, kept, ending and simple of a word, as of `Readings`."""
    read = read_alone(token)
    if read is None:
        return "", False, False, False
    if len(read) == 1 and read[0] in _ENDINGS:
        return read[0], False, read[0] not in _NEVER_A_NAME, len(token) > 1 and read_alone(read[0]) == read
    return " ".join(read), bool(read), False, len(token) > 1 and all(map(is_settled, read))
