"""What a page is found to say of visas: the value that the room hands on.

What belongs here: the value alone. How it comes about is in `reading`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Evidence:
    """A quotation: block `block`'s text from character `start` to `end`, white space collapsed.

    Where the answer to a question is bare ("Yes."), the question is in front of it in `quote`.
    """

    quote: str
    block: int
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """What a page says of visas; vocabularies as in the table `visa_policies`.

    conditions and rules are sorted names; evidence is in the order of the page. needs_confirmation: a person should
    ask. readings: what each reader took from the page, with its reasons. chance: of the published
    policy by the second reader, between 0 and 1.
    """

    j1: str
    h1b: str
    policy: str
    step3_required_for_h1b: str
    step3_deadline: str | None
    scope: str
    page_date: date | None
    conditions: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    counter_evidence: tuple[Evidence, ...]
    confidence: str
    needs_confirmation: bool
    rules: tuple[str, ...]
    readings: tuple[str, ...] = ()
    chance: float = 0.0
