"""Phrases of the tables of terms and deadlines as regular expressions, and sentences in the form in which they are sought.

What belongs here: the little language of those tables: `a/b` one of them, `a?` perhaps, `~` up to six words between.
"""

from __future__ import annotations

import re
from typing import Final

from pipeline.policies.claims import Parsed
from pipeline.policies.tokens import H1B, J1

_GAP: Final = r"(?: \S+){0,6}?"
_US: Final = re.compile(r" (?:u \. s(?: \. a)?(?: \.)?|united states(?: of america)?|usa|american?)(?= )")
_MARKS: Final = re.compile(r" (?:[,.;:()\"'–-]|'s)(?= )")
_YEAR_OF_TRAINING: Final = re.compile(r" pgy (?=\d)")


def pattern_of(phrase: str) -> re.Pattern[str]:
    """Return the pattern of a phrase, or of several with `|` between, for texts as `plain` gives them."""
    return re.compile("|".join(_pattern(one) for one in phrase.split("|")))


def _pattern(phrase: str) -> str:
    parts = []
    for word in phrase.split():
        if word == "~":
            parts.append(_GAP)
        else:
            choice = "|".join(re.escape(one) for one in word.removesuffix("?").split("/"))
            parts.append(f"(?: (?:{choice})){'?' if word.endswith('?') else ''}")
    return "".join(parts) + "(?= )"


def plain(parsed: Parsed, *, with_j1: bool = True) -> str:
    """Return a sentence as words in small letters, a blank on each side, visas as <h1b> and <j1>, the country as `us`, marks left
    out. with_j1: also the clauses that speak of the J-1 alone."""
    text = " ".join(
        parsed.tokens[place].text
        for clause in parsed.clauses
        if with_j1 or J1 not in clause.visas or H1B in clause.visas
        for place in clause.places
    )
    return _YEAR_OF_TRAINING.sub(" pgy", _MARKS.sub("", _US.sub(" us", f" {text} ")))
