"""Words of job titles and names of specialties: brought to one form, misspellings mended.

What belongs here: what a word is. What phrases mean is decided by the vocabularies that use these words.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

from pipeline.reference.load import read_reference
from pipeline.text.phrases import PhraseTree, phrase_tree

_TOKEN: Final = re.compile(r"[a-z]+|\d+")
# Joining words carry no meaning of their own, and titles use or leave them at will.
_SKIPPED: Final = frozenset({"and", "the", "of", "or"})
_SHORTEST_MENDED: Final = 7
_LONG: Final = 12
_SHORTEST_COMPLETED: Final = 4
# Titles are cut at 50 or 60 characters by some employers' systems.
_CUT: Final = 45
_NO_PLURAL: Final = ("ss", "us", "is", "os")

Payload = TypeVar("Payload")


@dataclass(frozen=True)
class Words:
    """Words of one text. tokens: in their one form; raw: as written, lower case; apart: something other than a blank
    (a slash, a dash, "and") comes before the word; bracketed: the word is in brackets."""

    tokens: tuple[str, ...]
    raw: tuple[str, ...]
    apart: tuple[bool, ...]
    bracketed: tuple[bool, ...]


@functools.cache
def _word_forms() -> dict[str, tuple[str, ...]]:
    rows = read_reference("titles/words.csv")
    return {word: tuple(becomes.split()) for word, becomes in zip(rows["word"], rows["becomes"], strict=True)}


@functools.cache
def one_form(word: str) -> tuple[str, ...]:
    """Return the form under which a lower-case word is compared: `cardiologists` and `cardiology` are one, so are plurals.

    One word may have the form of several: `internist` that of internal medicine.
    """
    known = _word_forms().get(word)
    if known:
        return known
    word = re.sub(r"^(ortho)?(p|an|gyn|h)ae(?=[dscm])", r"\1\2e", word)
    word = re.sub(r"olog(?:ists?|ic|ical)$", "ology", word)
    word = re.sub(r"iatrists?$", "iatry", word)
    word = re.sub(r"iatricians?$", "iatric", word)
    if len(word) > 4 and word.endswith("s") and not word.endswith(_NO_PLURAL):
        word = word[:-1]
    return _word_forms().get(word, (word,))


def plain(text: str) -> str:
    """Return a text in lower-case ASCII; what is no letter of ours becomes a separator (titles carry broken dashes)."""
    if not text.isascii():
        text = text.replace("\u2019", "'")
        text = unicodedata.normalize("NFKD", text)
        text = "".join(char if char.isascii() else "" if unicodedata.combining(char) else "|" for char in text)
    return text.lower().replace("'", "").replace("&", " and ")


def words(text: str, known: frozenset[str] = frozenset()) -> Words:
    """Split `text` into words. With a vocabulary `known`, misspelt words are read as the nearest word in it."""
    lower = plain(text)
    tokens: list[str] = []
    raw: list[str] = []
    apart: list[bool] = []
    bracketed: list[bool] = []
    end, separated, depth = 0, False, 0
    for match in _TOKEN.finditer(lower):
        between = lower[end : match.start()]
        if between != " ":
            depth = max(0, depth + between.count("(") - between.count(")"))
            separated = separated or (bool(between.strip()) and bool(tokens))
        end = match.end()
        word = match.group()
        if word in _SKIPPED:
            separated = separated or word in ("and", "or")
            continue
        if known:
            cut = match.end() == len(lower) >= _CUT
            word = completed(word, known) if cut else mended(word, known)
        forms = one_form(word)
        for place, form in enumerate(forms):
            tokens.append(form)
            raw.append(match.group())
            apart.append(separated and place == 0)
            bracketed.append(depth > 0)
        separated = False
    return Words(tuple(tokens), tuple(raw), tuple(apart), tuple(bracketed))


@functools.lru_cache(maxsize=1 << 17)
def mended(word: str, known: frozenset[str]) -> str:
    """Return `word`, or the one word of the vocabulary of which it seems to be a misspelling.

    One slip is mended in words of 7 letters or more, two from 12 letters; the first letter must agree.
    """
    if len(word) < _SHORTEST_MENDED or word in known or one_form(word)[0] in known:
        return word
    slips = 2 if len(word) >= _LONG else 1
    found = process.extractOne(word, _by_first_letter(known)[word[0]], scorer=OSA.distance, score_cutoff=slips)
    return found[0] if found else word


@functools.lru_cache(maxsize=1 << 14)
def completed(word: str, known: frozenset[str]) -> str:
    """Complete the last word of a cut title to the shortest word of the vocabulary that begins with it."""
    if len(word) < _SHORTEST_COMPLETED or word in known or one_form(word)[0] in known:
        return word
    candidates = [longer for longer in _by_first_letter(known)[word[0]] if longer.startswith(word)]
    return min(candidates, key=len, default=mended(word, known))


@functools.cache
def _by_first_letter(known: frozenset[str]) -> Mapping[str, list[str]]:
    letters: dict[str, list[str]] = {chr(code): [] for code in range(ord("a"), ord("z") + 1)}
    letters |= {str(digit): [] for digit in range(10)}
    for word in sorted(known):
        letters[word[0]].append(word)
    return letters


def known_words(texts: Iterable[str]) -> frozenset[str]:
    """Return the words of a vocabulary's phrases, with their agent nouns (`cardiology`, `cardiologist`), and the known forms."""
    found: set[str] = set(_word_forms())
    for text in texts:
        found.update(word for word in _TOKEN.findall(plain(text)) if word.isalpha())
    found |= {form for word in found for form in one_form(word)}
    found |= {f"{word[:-1]}ist" for word in found if word.endswith(("ology", "iatry"))}
    return frozenset(found)


def vocabulary_tree(phrases: Iterable[tuple[str, Payload]]) -> PhraseTree[Payload]:
    """Build the tree of a vocabulary's phrases, each with its meaning, by their words in one form."""
    return phrase_tree((words(text).tokens, payload) for text, payload in phrases)
