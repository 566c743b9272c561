"""A third reading beside the two local ones: it breaks a tie, or it is a suggestion.

What belongs here: the decision among three. That between the two local readers is in `policies/agreement`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final, Protocol

from pipeline.documents.blocks import Block, Texts
from pipeline.policies.agreement import DIFFER, Stances, in_a_line
from pipeline.policies.claims import CONTACT
from pipeline.policies.decision import NOT_STATED
from pipeline.policies.published import Reading
from pipeline.policies.sentence.polarity import NO, YES
from pipeline.policies.third_reader.answer import DiscardedAnswerError, ThirdReading, read_answer
from pipeline.policies.third_reader.question import Question, question_of

THIRD_READER: Final = "third_reader"  # rule of a claim that rests on the third reader


class ThirdReader(Protocol):
    """Who answers questions on pages: answers that are kept, or a model that is queried."""

    @property
    def model(self) -> str:
        """Its name, as claims name it."""
        ...

    def answer(self, question: Question) -> str | None:
        """Return the answer in the model's own words, None where there is none."""
        ...


def third_reading(
    blocks: tuple[Block, ...], texts: Texts, program: str | None, institution: str | None, reader: ThirdReader
) -> ThirdReading | None:
    """Return what the third reader reads on a page; None where it has no answer, or none that counts."""
    question = question_of(blocks, texts, program, institution)
    answer = reader.answer(question) if question else None
    if question is None or answer is None:
        return None
    try:
        return read_answer(answer, question, blocks, reader.model)
    except DiscardedAnswerError:  # a discarded answer is no answer; the caller counts it
        return None


def settled_by_three(local: Reading, first: Reading, second: Stances, third: ThirdReading) -> Reading:
    """Return what is published of a page of which a person should confirm the `local` reading, made of `first` and `second`.

    Where the third reader says the same of the H-1B and in `policy` as one of them, that is sure, but for a policy that is itself a
    question, for a page read in part, and for a yes to the H-1B where the reader that takes sentences apart saw a no.
    Else nothing changes but that its reading is shown.
    """
    readings = (*local.readings, _in_words(third))
    if _same(third.stances, Stances(first.j1, first.h1b, first.policy)):
        chosen = replace(first, evidence=first.evidence or third.evidence)
    elif _same(third.stances, second) and not (second.h1b == YES and _refused(first)):
        chosen = _as_third(first, third)
    else:
        return replace(local, readings=readings)
    ask = chosen.policy == CONTACT or "read_in_part" in chosen.rules
    return replace(
        chosen,
        confidence="low" if ask else "medium",
        needs_confirmation=ask,
        rules=tuple(sorted({*chosen.rules, THIRD_READER} - {DIFFER})),
        readings=readings,
        chance=local.chance,
    )


def how_agreed(rules: Collection[str], readings: Collection[str]) -> str:
    """Return in a few words whether the readers agree of whom a page has these rules and readings."""
    if THIRD_READER in rules:
        return "A third reader settles it"
    if DIFFER in rules:
        return "The two readers differ"
    return "The two readers agree, a third one does not" if len(readings) > 2 else "The two readers agree"


def _refused(first: Reading) -> bool:
    """Decide whether the first reader saw a refusal, be it one that another sentence contradicts."""
    return first.h1b == NO or "negation" in first.rules


def _as_third(first: Reading, third: ThirdReading) -> Reading:
    """Return the first reading with the third's stances and evidence; of the rest, what still fits them."""
    j1, h1b, policy = third.stances.j1, third.stances.h1b, third.stances.policy
    required = policy != NOT_STATED and h1b != "no"
    return replace(
        first,
        j1=j1,
        h1b=h1b,
        policy=policy,
        step3_required_for_h1b=first.step3_required_for_h1b if required else NOT_STATED,
        step3_deadline=first.step3_deadline if required else None,
        conditions=first.conditions if h1b == first.h1b else (),
        paused_until=first.paused_until if h1b == first.h1b else None,
        evidence=third.evidence,
        counter_evidence=tuple(piece for piece in first.evidence if piece not in third.evidence),
    )


def _same(one: Stances, other: Stances) -> bool:
    return (one.policy, one.h1b) == (other.policy, other.h1b)


def _in_words(third: ThirdReading) -> str:
    quoted = "; ".join(f"“{piece.quote}”" for piece in third.evidence)
    return f"By {third.model}: {in_a_line(third.stances)}. {quoted or 'It quotes nothing'}"
