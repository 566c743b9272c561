"""USMLE Step 3 as a prerequisite of the H-1B.

Only what is asserted of the H-1B counts: Step 3 required of every resident is not stated for the H-1B. The sentence names
the H-1B, or is under its heading, in its list or right after a sentence on it alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from pipeline.documents.blocks import Block, Texts
from pipeline.documents.sentences import Sentence, sentences
from pipeline.policies.audience import Audience
from pipeline.policies.claims import Parsed, parse, parse_after
from pipeline.policies.deadlines import due
from pipeline.policies.passages import H1B_NAMES
from pipeline.policies.sentence.answers import verdict
from pipeline.policies.tokens import ANY, H1B, J1
from pipeline.text.characters import collapse, wordset

MAX_BLOCKS = 500  # blocks that mention an examination; no program page has as many

_NAMES = re.compile(
    r"\bsteps? ?(?:3|iii|three)\b|\busmle ?(?:3|iii)\b|\b(?:level|part) ?(?:3|iii)\b|\b3 steps\b"
    r"|\b(?:all|three) (?:three |3 |of the )?(?:usmle )?(?:steps|parts|exams)\b"
    r"|\bsteps? ?(?:1|i|one)\b[^.;:]{0,24}?\b(?:3|iii|three)\b",
    re.IGNORECASE,
)
_H1B_NAME = re.compile(r"\bh ?-? ?1|\bhib\b|\(?\bh\)? (?:visa|status)", re.IGNORECASE)
_EXAM_NAMES = ("step", "usmle", "level", "part ")
_DEADLINE = re.compile(
    r"\b(?:(?:by|before|prior to|no later than|not later than|at (?:the )?time of|on or before|ahead of|in time for"
    r"|on the day of)\b[^.;()]{2,60}"
    r"|when (?:(?:he or she|they|you|one|candidates|applicants) )?(?:appl|interview|rank|start|begin)[a-z]*[^.;,()]{0,40})",
    re.IGNORECASE,
)
_OF_TIME = re.compile(
    r"\b(?:time|date|day|deadline|month|week|year|end|season|spring|summer|fall|autumn|winter"
    r"|january|february|march|april|june|july|august|september|october|november|december)\b",
    re.IGNORECASE,
)
_RESULT = wordset(
    "score scores result results exam examination it report transcript step steps passing pass proof this they"
)
_NEEDS = wordset(
    "need require required requirement condition prerequisite necessary insist ask asked demand mandatory needed must"
)
_WAIVED = wordset("waive waived waives optional unnecessary")
_EVERYBODY = wordset("regardless whatever irrespective whether")
_PERSONS = wordset(
    "resident residents trainee trainees applicant applicants fellow fellows house candidates intern interns of"
)
_POINTING = wordset("it this that they these such those both")


@dataclass(frozen=True)
class Step3:
    """required: yes, no or not_stated; deadline in the page's words; evidence as (quote, block, start, end)."""

    required: str = "not_stated"
    deadline: str | None = None
    evidence: tuple[tuple[str, int, int, int], ...] = ()


def read_step3(blocks: tuple[Block, ...], audience: Audience, texts: Texts) -> Step3:
    """Return whether the page asks for Step 3 of those who want an H-1B; the first statement counts. texts: those of
    `blocks`."""
    by_name = texts.naming(H1B_NAMES)
    if not by_name:
        return Step3()
    for index in sorted(texts.naming(_EXAM_NAMES))[:MAX_BLOCKS]:
        block = blocks[index]
        above = (block.intro, block.question, *block.headings[-1:])
        if index not in by_name and not any(_H1B_NAME.search(text) for text in above if text):
            continue
        if not _NAMES.search(block.text):
            continue
        if audience.specific(block) is None:
            continue
        under_h1b = any(_only_h1b(parse(text)) for text in above if text)
        found = sentences(block.text)
        for number, sentence in enumerate(found):
            name = _NAMES.search(sentence.text)
            if name is None:
                continue
            before = parse(found[number - 1].text) if number else None
            parsed = parse_after(sentence.text, _both_named(before))
            answer = _answer(found[number + 1 : number + 4]) if sentence.text.endswith("?") else None
            named = H1B in parsed.visas or (answer is not None and _only_h1b(answer) and not parsed.visas)
            if not (named or under_h1b or (before is not None and _continues(parsed, before))):
                continue
            required = _required(parsed, answer)
            if required:
                deadline = _deadline(sentence.text, name, found[number + 1 : number + 2]) if required == "yes" else None
                place = (collapse(sentence.text), block.number, sentence.start, sentence.end)
                return Step3(required, deadline, (place,))
    return Step3()


def _answer(following: tuple[Sentence, ...]) -> Parsed | None:
    """Return the answer to a question: the first sentence after it, or the first that speaks of the H-1B ("For the
    H-1B, yes")."""
    parts = [parse(sentence.text) for sentence in following]
    return next((part for part in parts if _only_h1b(part) and verdict(part)), parts[0] if parts else None)


def _only_h1b(parsed: Parsed) -> bool:
    return H1B in parsed.visas and J1 not in parsed.visas


def _continues(parsed: Parsed, before: Parsed) -> bool:
    """Decide whether a sentence goes on speaking of the H-1B alone: no other visa, nobody else."""
    if not _only_h1b(before) or parsed.visas - {ANY}:
        return False
    opening = {word.text for word in parsed.tokens[:3]}
    return bool(opening & _POINTING) or not _of_everybody(parsed)


def _of_everybody(parsed: Parsed) -> bool:
    """Decide whether the sentence is about all residents, not about those who want an H-1B."""
    listed = [word.text for word in parsed.tokens]
    if set(listed) & {"everyone", "everybody"}:
        return True
    return any(word in ("all", "every") and set(listed[k + 1 : k + 3]) & _PERSONS for k, word in enumerate(listed))


def _required(parsed: Parsed, answer: Parsed | None) -> str:
    """Return the yes, no, or empty where the sentence is about everybody or asks without an answer."""
    listed = [word.text for word in parsed.tokens]
    if answer is not None:
        terms = verdict(answer)
        return "yes" if terms == "no" and _needed_later(answer, 0) else terms
    if listed[-1:] == ["?"]:
        return ""
    if set(listed) & _EVERYBODY and _of_everybody(parsed):
        return ""
    return "no" if _not_needed(parsed, listed) else "yes"


def _not_needed(parsed: Parsed, listed: list[str]) -> bool:
    if set(listed) & _WAIVED or ("need", "not") in pairwise(listed):
        return True
    turns = [trigger for trigger in parsed.triggers if trigger.has("neg", "refuse")]
    for trigger in turns:
        following = listed[trigger.first + 1 : trigger.first + 6]
        if listed[trigger.first] == "without" and set(following) & {"step", "steps", "usmle"}:
            return len(turns) % 2 == 1  # "no H-1B without Step 3" asks for it
        need = next((k for k, word in enumerate(following) if word in _NEEDS), None)
        if need is not None and not _about_j1(parsed, trigger.first):
            return not _needed_later(parsed, trigger.first)
    return False


def _needed_later(parsed: Parsed, place: int) -> bool:
    """Recognise "Not required to interview, but it must be passed before we file"."""
    but = next((k for k, word in enumerate(parsed.tokens) if k > place and word.text == "but"), None)
    if but is None:
        return False
    needed = any(trigger.first > but and trigger.has("require") for trigger in parsed.triggers)
    needed = needed or any(word.lemma == "need" for word in parsed.tokens[but:])
    return needed and not any(trigger.first > but and trigger.has("neg") for trigger in parsed.triggers)


def _about_j1(parsed: Parsed, place: int) -> bool:
    """Decide whether the clause at `place` is about the J-1 alone: "J-1 applicants don't need Step 3, H-1B applicants
    do"."""
    for clause in parsed.clauses:
        if place in clause.places:
            return J1 in clause.visas and H1B not in clause.visas
    return False


def _deadline(text: str, name: re.Match[str], following: tuple[Sentence, ...]) -> str | None:
    """Return the first words of time after Step 3 is named, else the first in the sentence, else those of the next one, where
    that is on the result."""
    words = _time(text[name.start() :]) or _time(text)
    for sentence in following if words is None else ():
        parsed = parse(sentence.text)
        if not parsed.visas and {word.text for word in parsed.tokens[:4]} & _RESULT:
            words = _time(sentence.text)
    return words


def _time(text: str) -> str | None:
    """Return the first words of time in `text`; "by the hospital" are none."""
    found = (hit[0].strip(" ,") for hit in _DEADLINE.finditer(text))
    return next((words for words in found if _OF_TIME.search(words) or due(words).point), None)


def _both_named(before: Parsed | None) -> tuple[str, ...]:
    """Return the two visas of a sentence in its order, for "the former" and "the latter" in the next; nothing if it names
    one or none."""
    named = [visa for word in before.tokens for visa in (H1B, J1) if visa in word.visas] if before else []
    return tuple(dict.fromkeys(named)) if {H1B, J1} <= set(named) else ()
