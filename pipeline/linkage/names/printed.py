"""Names as printed: the names inside one (d/b/a, formerly), and names cut off at the end.

What a printed name becomes when it is normalised belongs to `normalise.py`.
"""

# pyright: reportAttributeAccessIssue=false
# pyarrow makes the functions of its compute module when it is imported: no type checker sees them.
from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.linkage.names.normalise import MAX_LENGTH, plain, read_words
from pipeline.linkage.names.words import word_set
from pipeline.schemas.frames import replaced, text_array

CUT_LENGTH: Final = 34  # the Employer Data Hub prints at most 34 characters up to FY2021
_STOPWORDS: Final = word_set("stopword")
_MARKERS: Final = re.compile(
    r"[\s,(]+(?:"
    r"(?P<trade>D\s?/\s?B\s?/\s?A|D\.?\s?B\.?\s?A\.?|DOING BUSINESS AS|A\s?/\s?K\s?/\s?A|AKA|ALSO KNOWN AS|TRADING AS)"
    r"|(?P<parent>(?:AS )?(?:A )?PART OF|AN? (?:AFFILIATE|DIVISION|MEMBER|SUBSIDIARY|DEPARTMENT) OF)"
    r"|(?P<former>F\s?/\s?K\s?/\s?A|F/?K/?A|FORMERLY KNOWN AS|FORMERLY|N/?K/?A)"
    r")(?=[\s:,.(]|$)[\s:,.(]*"
)
_MAY_SPLIT: Final = re.compile(r"[DAFN]\s?[./]?\s?[BK]\s?[./]?\s?A|FORMERLY|DOING|ALSO|TRADING|PART OF| AN? \w+ OF ")
_CUT_MARKER: Final = re.compile(r"\s(?:D/?B?/?A?|D B|DOING(?: BUSINES?S?(?: A)?)?|F/?K?/?A?|FORMER\w*|A/K?/?)$")

# White space of ASCII, as `str.split` has it.
_WHITE: Final = r"[\t-\r\x1c-\x20]+"
_NO_SINGLE_SPACE: Final = r"[\t-\r\x1c-\x1f]|  "

Role = Literal["legal", "trade", "former", "parent"]


@dataclass(frozen=True, slots=True)
class NamePart:
    """One name inside a printed name: its `role` (the body's legal, trade or former name, or its owner's) and its `text`."""

    role: Role
    text: str


def split_names(name: str) -> tuple[NamePart, ...]:
    """Return the names inside a printed name: `A D/B/A B` gives A (legal) and B (trade). At least one part, unless blank.

    A marker cut off at the end of a 34-character name (`A D/B`) is dropped.
    """
    text = _in_one_case(name)
    return _split(text, bool(_MAY_SPLIT.search(text)))


def _split(text: str, marked: bool) -> tuple[NamePart, ...]:
    """Return the names inside a text in one case; marked: whether it may hold a marker."""
    if not marked:
        return (NamePart("legal", text),) if plain(text) else ()
    return _split_marked(text)


def _in_one_case(name: str) -> str:
    """Return a printed name in upper case and single spaces, without a marker that is cut off."""
    text = " ".join(name[:MAX_LENGTH].upper().split())
    return _CUT_MARKER.sub("", text) if CUT_LENGTH - 2 <= len(text) <= CUT_LENGTH else text


@functools.lru_cache(maxsize=1 << 16)
def _split_marked(text: str) -> tuple[NamePart, ...]:
    parts: list[NamePart] = []
    role: Role = "legal"
    start = 0
    for marker in _MARKERS.finditer(text):
        parts.append(NamePart(role, text[start : marker.start()].strip(" ,()")))
        role = "trade" if marker["trade"] else "former" if marker["former"] else "parent"
        start = marker.end()
    parts.append(NamePart(role, text[start:].strip(" ,()")))
    return tuple(part for part in parts if plain(part.text))


def parts_of(name: str) -> tuple[str, ...]:
    """Return the texts of the names inside a printed name, without its owner's."""
    return tuple(part.text for part in split_names(name) if part.role != "parent")


def split_all(names: Sequence[str] | pd.Series) -> dict[int, tuple[NamePart, ...]]:
    """Return the `split_names` of the names that it may take apart or shorten, by position; all others are one part as they are."""
    printed = text_array(names)
    texts = _all_in_one_case(printed)
    marked = _may_split(texts)
    shortened = pc.not_equal(pc.utf8_length(texts), pc.utf8_length(printed))
    places = pc.or_(shortened, marked)
    columns = (texts.filter(places).to_pylist(), marked.filter(places).to_pylist())
    found = zip(np.flatnonzero(places.to_numpy(zero_copy_only=False)).tolist(), *columns, strict=True)
    return {place: _split(text, some) for place, text, some in found}


def each_part(names: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """Return the names inside all printed names, without their owners', in order: the position in `names` of each, and its text. Most
    are one part, and as they are printed."""
    split = split_all(names)
    alone = np.delete(np.arange(len(names)), list(split))
    parts = [(place, part.text) for place, inside in split.items() for part in inside if part.role != "parent"]
    places = np.append(alone, [place for place, _ in parts]).astype("int64")
    texts = [*map(names.__getitem__, alone.tolist()), *(text for _, text in parts)]
    order = np.argsort(places, kind="stable")
    return places[order], [texts[place] for place in order.tolist()]


def _all_in_one_case(names: pa.Array) -> pa.Array:
    """Return `_in_one_case` of each name: of those that are ASCII and cut nowhere, nearly all, in columns."""
    texts = pc.ascii_upper(names)
    texts = pc.ascii_trim(replaced(texts, _WHITE, " ", where=_NO_SINGLE_SPACE), characters=" ")
    length = pc.utf8_length(texts)
    cut = pc.and_(pc.greater_equal(length, CUT_LENGTH - 2), pc.less_equal(length, CUT_LENGTH))
    odd = pc.or_(pc.invert(pc.string_is_ascii(texts)), pc.greater(pc.utf8_length(names), MAX_LENGTH))
    alone = pc.or_(odd, pc.and_(cut, pc.match_substring_regex(texts, _CUT_MARKER.pattern)))
    others = [_in_one_case(name) for name in names.filter(alone).to_pylist()]
    return pc.replace_with_mask(texts, alone, pa.array(others, pa.string()))


def _may_split(texts: pa.Array) -> pa.Array:
    """Return which texts may hold a marker: few do, and in columns the search takes a tenth of the time of one by one."""
    return pc.match_substring_regex(texts, _MAY_SPLIT.pattern)


def is_cut(name: str) -> bool:
    """Decide whether a printed name may have lost its end at 34 characters (a blank at the cut is trimmed away)."""
    return CUT_LENGTH - 1 <= len(name) <= CUT_LENGTH


def are_cut(names: pd.Series) -> pd.Series:
    """Return `is_cut` of each name of a series."""
    return names.str.len().between(CUT_LENGTH - 1, CUT_LENGTH)


def is_prefix(cut_name: str, full_form: str) -> bool:
    """Decide whether a cut printed name may be the beginning of a name with the canonical form `full_form`.

    All words but the last must be equal, the last a beginning of the word in its place; at least two words.
    """
    head, fragment = _cut_apart(cut_name)
    if not head or not full_form.startswith(head):
        return False
    return full_form.startswith(fragment, len(head)) or fragment in _STOPWORDS


@functools.lru_cache(maxsize=1 << 16)
def _cut_apart(cut_name: str) -> tuple[str, str]:
    """Return the canonical words of a cut name before its last one, a space behind them, and that one as printed; no words where
    they are less than two."""
    *printed, fragment = plain(cut_name).split() or [""]
    head = read_words(printed) if len(printed) > 1 else []
    return (" ".join(head) + " " if len(head) > 1 else "", fragment)
