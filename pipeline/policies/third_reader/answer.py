"""What of a model's answer counts: the form that was requested, and quotations that stand on the page.

What belongs here: checks. An answer that fails one is discarded whole; nothing in it is mended.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from pipeline.documents.blocks import ROW, Block
from pipeline.documents.sentences import sentences
from pipeline.policies.agreement import Stances
from pipeline.policies.claims import CONTACT
from pipeline.policies.decision import NOT_STATED, policy_of
from pipeline.policies.published import Evidence
from pipeline.policies.third_reader.instruction import LONGEST_QUOTATION, MOST_QUOTATIONS, STANCES, UNCLEAR, VISAS
from pipeline.policies.third_reader.question import Place, Question
from pipeline.policies.weighed.units import NEAR
from pipeline.text.characters import collapse

MOST_CHARACTERS: Final = 20_000  # of an answer


class DiscardedAnswerError(Exception):
    """An answer that does not count; the message says why in a few words, none of them the answer's."""


@dataclass(frozen=True)
class ThirdReading:
    """What a model reads on a page; evidence: the sentences and table rows in which its quotations stand."""

    stances: Stances
    evidence: tuple[Evidence, ...]
    model: str


def read_answer(answer: str, question: Question, blocks: tuple[Block, ...], model: str) -> ThirdReading:
    """Return what an answer of `model` to a question on these blocks says. Raises DiscardedAnswerError."""
    stances: dict[str, str] = {}
    places: set[Place] = set()
    record = _record(answer)
    for visa in VISAS:
        stances[visa], quotations = _of_visa(record[visa])
        places.update(_places(stances[visa], quotations, question))
    return ThirdReading(_joined(stances), _evidence(sorted(places), blocks), model)


def _record(answer: str) -> dict[str, Any]:
    """Return the JSON object of an answer; words around it, such as marks of code, are left out."""
    if len(answer) > MOST_CHARACTERS:
        raise DiscardedAnswerError("too long")
    try:
        record = json.loads(answer[answer.find("{") : answer.rfind("}") + 1])
    except (ValueError, RecursionError) as error:
        raise DiscardedAnswerError("no JSON object") from error
    if not isinstance(record, dict) or set(record) != set(VISAS):
        raise DiscardedAnswerError("not of the form asked for")
    return record


def _of_visa(value: Any) -> tuple[str, list[str]]:
    """Return stance and quotations of one visa."""
    if not isinstance(value, dict) or set(value) != {"quotations", "stance"}:
        raise DiscardedAnswerError("not of the form asked for")
    stance, quotations = value["stance"], value["quotations"]
    if stance not in STANCES or not isinstance(quotations, list) or len(quotations) > MOST_QUOTATIONS:
        raise DiscardedAnswerError("not of the form asked for")
    if not all(isinstance(quotation, str) and len(quotation) <= LONGEST_QUOTATION for quotation in quotations):
        raise DiscardedAnswerError("not of the form asked for")
    return stance, quotations


def _places(stance: str, quotations: list[str], question: Question) -> list[Place]:
    """Return where the quotations for a stance stand."""
    found = [question.places_of(quotation) for quotation in quotations]
    if not all(found):
        raise DiscardedAnswerError("a quotation is not on the page")
    quoted = " ".join(quotations).lower()
    if stance != NOT_STATED and not any(word in quoted for word in NEAR):
        raise DiscardedAnswerError("no quotation speaks of visas" if found else "no quotation")
    return [place for places in found for place in places] if stance != NOT_STATED else []


def _joined(stances: dict[str, str]) -> Stances:
    """Return the stances in the words of table `visa_policies`: what is unclear is not stated, and a person should ask."""
    plain = {visa: NOT_STATED if stance == UNCLEAR else stance for visa, stance in stances.items()}
    policy = policy_of(plain["j1"], plain["h1b"])
    asks = UNCLEAR in stances.values() and policy == NOT_STATED
    if asks or (stances["h1b"] == UNCLEAR and policy == "j1_only"):
        policy = CONTACT
    return Stances(plain["j1"], plain["h1b"], policy)


def _evidence(places: list[Place], blocks: tuple[Block, ...]) -> tuple[Evidence, ...]:
    """Return the whole sentences and rows around the places: a passage must not lose the "not" before it."""
    made: dict[tuple[int, int], Evidence] = {}
    for number, start, end in places:
        block = blocks[number]
        if block.kind == ROW:
            made[number, 0] = Evidence(collapse(block.text), number, 0, len(block.text))
            continue
        for sentence in sentences(block.text):
            if sentence.start < end and start < sentence.end:
                quote = collapse(sentence.text)
                made[number, sentence.start] = Evidence(quote, number, sentence.start, sentence.end)
    return tuple(made[key] for key in sorted(made))
