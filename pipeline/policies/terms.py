"""On which terms an H-1B is given: conditions by name, and the day until which a no holds.

What belongs here: the words of statements that say so, whoever made them: a page, a person who restated it, an answer in a directory, a
note of a conversation. Which sentences of a page are such statements is in `passages`; whether an H-1B is given at all is for
`sentence`. The phrases are rows of `reference/policy/conditions.csv`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from pipeline.documents.sentences import sentences
from pipeline.policies.claims import Parsed, parse
from pipeline.policies.page_date import dated
from pipeline.policies.phrases import pattern_of, plain
from pipeline.policies.sentence.conditions import conditions_of
from pipeline.policies.sentence.polarity import CONDITIONAL
from pipeline.policies.tokens import H1B, J1
from pipeline.reference.load import read_rows
from pipeline.schemas.vocabulary import ROUTE

# Conditions that any word of limiting shows: the reader's own vocabulary is enough for them.
_BY_LEXICON: Final = ("chair_or_dio_approval", "department_pays", "exceptional", "limited_number")
# Nobody who needs a consulate: who remains is in the country.
_IMPLIED: Final = {"no_consular": "already_in_us"}
FOLLOWING: Final = 2  # sentences after one on the H-1B that may go on about it
UNTIL_NAMES: Final = (
    "until",
    "till",
    "through",
    "thru",
    "before",
    "up to",
)  # what names the end of a pause, in small letters
_UNTIL: Final = re.compile(rf"\b({'|'.join(UNTIL_NAMES)})\b(?: and including)?(.{{3,40}})", re.IGNORECASE)
_MONTH_ALONE: Final = re.compile(r"\W*[A-Za-z]{3,9}\.? \d{4}\b")
_LAST_INCLUDED: Final = ("through", "thru")


@dataclass(frozen=True)
class Terms:
    """conditions: sorted words of CONDITION; paused_until: the last day of a no to new petitions; restricting: whether a sentence
    on the H-1B says by itself that some get one and not everybody."""

    conditions: tuple[str, ...] = ()
    paused_until: date | None = None
    restricting: bool = False


def terms_of_text(text: str, h1b: str) -> Terms:
    """Return the terms that a short text states of the H-1B: its sentences on the H-1B and those that go on about it.

    h1b: the stance that the text states, a word of VISA_STANCE.
    """
    return terms_of(on_h1b([sentence.text for sentence in sentences(text)]), h1b)


def on_h1b(listed: Iterable[str]) -> list[str]:
    """Return the sentences that name the H-1B, and up to two right behind one that name no other visa."""
    chosen: list[str] = []
    left = 0
    for text in listed:
        visas = parse(text).visas
        if H1B not in visas and (not left or J1 in visas):
            left = 0
            continue
        left = FOLLOWING if H1B in visas else left - 1
        chosen.append(text)
    return chosen


def terms_of(passages: Iterable[str], h1b: str) -> Terms:
    """Return the terms that sentences on the H-1B state. h1b: the stance that is stated, a word of VISA_STANCE.

    Where an H-1B is denied only the day until which it is counts, where it is given without a word of limiting only what limits by
    itself. `case_by_case` stands where nothing better is stated.
    """
    strong: set[str] = set()
    weak: set[str] = set()
    paused_until, restricting = None, False
    for text in passages:
        parsed = parse(text)
        whole, without_j1 = plain(parsed), plain(parsed, with_j1=False)
        for phrase in _phrases():
            if phrase.found(whole if phrase.names_j1 else without_j1):
                (weak if phrase.weak else strong).add(phrase.condition)
                # Who gets a J-1 instead limits an H-1B that is given, and opens none that is denied.
                limits = not phrase.weak and not (phrase.names_j1 and h1b == "no")
                restricting |= limits and phrase.condition != "paused_until" and H1B in parsed.visas
        if "paused_until" in strong:
            paused_until = paused_until or _last_day(text)
        weak |= _by_lexicon(parsed)
    strong.discard("paused_until")
    limited = h1b == CONDITIONAL
    named = strong | weak if limited else strong if h1b == "yes" else set()
    named |= {_IMPLIED[name] for name in named if name in _IMPLIED}
    if paused_until is not None and h1b != "yes":
        named.add("paused_until")
    if limited and not named:
        named.add("case_by_case")
    return Terms(tuple(sorted(named)), paused_until if "paused_until" in named else None, restricting)


def routes_of(conditions: Iterable[str]) -> list[str]:
    """Return the routes to an H-1B that conditions leave open, in the order of ROUTE; none where they limit no route.

    Graduates of American schools are in the country as a rule: beside another door theirs is a change of status.
    """
    named = set(conditions)
    doors: set[str] = set()
    if named & {"already_in_us", "no_consular"}:
        doors |= {"change_of_status", "transfer_or_extension"}
    if "transfer_only" in named:
        doors |= {"transfer_or_extension"} | ({"change_of_status"} if "us_school_graduates" in named else set())
    return [route for route in ROUTE if route in doors]


@dataclass(frozen=True)
class _Phrase:
    """A row of the table. weak: it counts only where something else limits the H-1B; names_j1: it is sought in all of a
    sentence, and else only in what doesn't speak of the J-1 alone."""

    condition: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    weak: bool
    names_j1: bool

    def found(self, text: str) -> bool:
        return self.pattern.search(text) is not None and not (self.unless and self.unless.search(text))


@cache
def _phrases() -> tuple[_Phrase, ...]:
    return tuple(
        _Phrase(
            row["condition"],
            pattern_of(row["phrase"]),
            pattern_of(row["unless"]) if row["unless"] else None,
            bool(row["weak"]),
            "<j1>" in row["phrase"],
        )
        for row in read_rows("policy/conditions.csv")
    )


def _by_lexicon(parsed: Parsed) -> set[str]:
    clauses = [clause for clause in parsed.clauses if J1 not in clause.visas or H1B in clause.visas]
    return {name for clause in clauses for name in conditions_of(clause, parsed.tokens) if name in _BY_LEXICON}


def _last_day(text: str) -> date | None:
    """Return the last day of a pause: the day named, of a month that is included the last one."""
    for match in _UNTIL.finditer(text):
        day = dated(match[2])
        if day is not None:
            whole_month = _MONTH_ALONE.match(match[2]) and match[1].lower() in _LAST_INCLUDED
            return day.replace(day=calendar.monthrange(day.year, day.month)[1]) if whole_month else day
    return None
