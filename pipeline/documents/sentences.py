"""Sentences of a block, with their places in it; what they mean is read elsewhere."""

from __future__ import annotations

import re
from typing import NamedTuple

from pipeline.text.characters import wordset

_END = re.compile(r"[.?!]+[\"')\]]*(?=\s|$)|\n")
_ABBREVIATIONS = wordset(
    "dr mr mrs ms prof st vs dept univ inc e.g i.e eg ie etc approx u.s u.s.a m.d d.o b.s ph.d jr sr jan feb mar"
    " apr jun jul aug sept sep oct nov dec p.m a.m fig vol ext tel min max cf viz ca"
)
_OPENERS = wordset(
    "we the our all if it this they in for no only please applicants any candidates these those there you your to when"
    " however"
)
_OF_THE_COUNTRY = wordset(
    "department government citizenship citizen citizens army navy air armed immigration embassy embassies consulate"
    " consulates medical military public national nationals permanent license licensing law laws residents resident visa"
    " visas school schools clinical university universities territories graduates citizenship/permanent"
)
_ENUMERATOR = re.compile(r"\(?(?:\d{1,2}|[ivx]{1,4}|[a-zA-Z])[.)]")
_BULLET = re.compile(r"[-*•▪◦‣●○■□➢–] *|\(?\d{1,2}[.)] +")
_DOTTED = re.compile(r"[A-Za-z](?:\.[A-Za-z])+")


class Sentence(NamedTuple):
    """One sentence: `text` is `block_text[start:end]`."""

    text: str
    start: int
    end: int


def sentences(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of `text` in order; white space and leading bullets belong to none.

    A line feed ends a sentence unless the next line goes on in small letters. Linear in the length of the text.
    """
    found: list[Sentence] = []
    start = 0
    for mark in _END.finditer(text):
        if mark[0] == "\n":
            if text[mark.end() : mark.end() + 1].islower():
                continue
        elif mark[0][0] == "." and _no_end(text, start, mark):
            continue
        _add(found, text, start, mark.end())
        start = mark.end()
    _add(found, text, start, len(text))
    return tuple(found)


def _no_end(text: str, start: int, mark: re.Match[str]) -> bool:
    """Decide whether a full stop belongs to an abbreviation or to a list number."""
    following = text[mark.end() : mark.end() + 2].strip()
    left = text[max(start, mark.start() - 24) : mark.start()]
    word = left.rsplit(None, 1)[-1].lstrip("(\"'") if left.split() else ""
    if word.lower() in _ABBREVIATIONS or _DOTTED.fullmatch(word):
        # "in the U.S. We ...": an abbreviation may still end the sentence before a capital
        capital = text[mark.end() :][:2].strip()[:1].isupper()
        if word.lower() in ("u.s", "u.s.a"):
            return not (capital and _begins_after_country(left, text[mark.end() : mark.end() + 24].split()))
        return not (capital and word.lower() in ("etc", "p.m", "a.m", "m.d", "d.o"))
    if word.lower() == "no" and following[:1].isdigit():
        return True
    if len(word) == 1 and word.isupper() and word not in "IBHJ":
        return True  # an initial
    if following[:1].islower() and word and len(word) <= 3:
        return True
    return bool(_ENUMERATOR.fullmatch(text[start : mark.end()].strip()))


def _begins_after_country(left: str, following: list[str]) -> bool:
    """Decide whether a sentence begins after "U.S.": "in the U.S. Candidates must ..."; not "a U.S. Citizen", "the U.S.
    Department of State"."""
    first = following[0].strip("\"'(,.:;") if following else ""
    if first.lower() in _OPENERS:
        return True
    noun = left.split()[-2:-1] in (["the"], ["The"], ["in"])
    return noun and first.lower() not in _OF_THE_COUNTRY and not any(character.isdigit() for character in first)


def _add(found: list[Sentence], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    bullet = _BULLET.match(text, start, end)
    if bullet and bullet.end() < end:
        start = bullet.end()
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        found.append(Sentence(text[start:end], start, end))
