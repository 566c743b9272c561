"""Names of petitioners, which registers print in capitals, as a person writes them in a letter."""

from __future__ import annotations

import functools
import re
from typing import Final

from pipeline.applicants.rows import one_line
from pipeline.reference.load import read_rows
from pipeline.schemas.vocabulary import STATES

_WORD: Final = re.compile(r"[^\s(),;-]+")
_OWN: Final = re.compile(r"(?<=[A-Z]{3}) S(?= )")  # ST MARY S HOSPITAL: the register has no apostrophes
_TRADE: Final = re.compile(r"\bD[ /.]B[ /.]A\.?(?=\s)")
_VOWELS: Final = frozenset("AEIOUY")
_NO_STATES: Final = frozenset({"CO", "DE", "HI", "IN", "LA", "ME", "OR"})  # words of names, too


@functools.lru_cache(maxsize=10_000)
def as_written(name: str, like: str = "") -> str:
    """Return a name as a person writes it; one that isn't all in capitals as it is.

    like: a name of the same body in mixed letters, whose words are written as there. Else by `reference/names/written_words.csv`; letters
    of a state, and words without a vowel, are taken for short forms and stay.
    """
    name = one_line(name)
    if not name.isupper():
        return name
    known = {word.upper(): word for word in _WORD.findall(like.replace("/", " "))}
    plain = _TRADE.sub("D/B/A", _OWN.sub("'S", name))
    text = _WORD.sub(lambda found: known.get(found[0]) or _word(found[0]), plain)
    return text[:1].upper() + text[1:]


@functools.lru_cache(maxsize=10_000)
def _word(word: str) -> str:
    if word in _written():
        return _written()[word]
    stem, apostrophe, end = word.partition("'")
    if (len(word) == 2 and word in STATES and word not in _NO_STATES) or _VOWELS.isdisjoint(stem):
        return word
    if apostrophe and len(stem) > 1:
        return f"{_word(stem)}'{end.lower()}"
    if word.startswith("MC") and len(word) > 4:
        return f"Mc{word[2:].capitalize()}"
    return word.capitalize() if "'" not in word else word.title()


@functools.cache
def _written() -> dict[str, str]:
    return {row["word"]: row["written"] for row in read_rows("names/written_words.csv")}
