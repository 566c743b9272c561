"""Whose page: is it about those who train at this place, or about scholars, staff, students, or everybody's visas?

What belongs here: the decision on the page as a whole, from the words it uses and from who publishes it. Whom one block or
sentence speaks of is decided in `audience`.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Final, Literal

from pipeline.documents.blocks import Block, Texts
from pipeline.policies.audience import Audience
from pipeline.policies.sentence.discourse_state import Assertion
from pipeline.reference.load import read_rows

Subject = Literal["trainees", "other_people", "press", "adviser"]

MAX_READ: Final = 60_000  # characters by which a page is judged
MIN_WORDS: Final = 50  # a statement of fewer words is judged by its sentences alone
OWN_PROGRAM: Final = 3  # words for trainees that a page counts as having where it is known to be a program's
PRESS_WEIGHT: Final = 3  # "proclamation", "our clients": a page with one of them speaks to readers at large
_HOSPITAL = re.compile(r"\b(?:hospitals?|clinic|medical center|health)\b", re.IGNORECASE)
_KINDS = ("trainees", "others", "press", "elsewhere")


def subject_of(texts: Texts, audience: Audience) -> Subject:
    """Return whom a page is about. It is about trainees unless it speaks more of others, or of nobody but others.

    Measured on 188 pages of institutions: of those with a policy for trainees 97 % use words for trainees at least as
    often as words for others, of scholars' and staff's pages and of news 4 %.
    """
    if audience.institution and audience.institutional and _published_by_others(audience.institution):
        return "adviser"
    if texts.whole.count(" ") < MIN_WORDS:
        return "trainees"
    counts = _counts(texts.whole[:MAX_READ])
    trainees = counts["trainees"] + (0 if audience.institutional else OWN_PROGRAM)
    press = PRESS_WEIGHT * counts["press"]
    if counts["others"] + press <= trainees:
        return "trainees"
    return "press" if press > counts["others"] else "other_people"


def about_trainees(assertion: Assertion, blocks: tuple[Block, ...], subject: Subject, institution: str) -> bool:
    """Decide whether an assertion on a page about others speaks of trainees all the same: in its own words or in the
    heading, question or introduction right above it; or of the hospital that trains them, by its name. Of advisers and
    the press nothing does."""
    if subject in ("adviser", "press"):
        return False
    if _HOSPITAL.search(institution) and institution.lower() in assertion.quote.lower():
        return True
    block = blocks[assertion.block]
    near = (assertion.quote, assertion.question, block.question, block.intro, *block.headings[-1:])
    return any(_counts(text.lower())["trainees"] for text in near if text)


def _published_by_others(institution: str) -> bool:
    return _words("publisher").search(institution.lower()) is not None


def _counts(lower: str) -> Counter[str]:
    kinds = _kind_of()
    return Counter(kind for match in _words(*_KINDS).finditer(lower) for kind in kinds[match[0]])


@cache
def _kind_of() -> dict[str, tuple[str, ...]]:
    kinds: dict[str, tuple[str, ...]] = {}
    for row in read_rows("policy/page_words.csv"):
        for phrase in row["phrases"].split("|"):
            kinds[phrase] = (*kinds.get(phrase, ()), row["kind"])
    return kinds


@cache
def _words(*kinds: str) -> re.Pattern[str]:
    """Build the pattern of the phrases of some kinds, the longest first; those of one first letter share it, since few
    words begin with it."""
    by_letter: dict[str, list[str]] = {}
    for phrase, known in _kind_of().items():
        if set(known) & set(kinds):
            by_letter.setdefault(phrase[0], []).append(re.escape(phrase[1:]))
    groups = (f"{letter}(?:{'|'.join(sorted(rest, key=len, reverse=True))})" for letter, rest in by_letter.items())
    return re.compile(rf"\b(?:{'|'.join(groups)})(?!\w)")
