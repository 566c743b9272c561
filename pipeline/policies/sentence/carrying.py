"""How a sentence bears on the one before: replies, pronouns, exceptions to a refusal, footnotes, topics of letters."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from pipeline.documents.blocks import Block
from pipeline.documents.sentences import Sentence
from pipeline.policies.audience import LESSER
from pipeline.policies.claims import Claim, Parsed, parse
from pipeline.policies.footnotes import Notes
from pipeline.policies.sentence import replies
from pipeline.policies.sentence.conditions import conditions_of
from pipeline.policies.sentence.discourse_state import Mind, Said, said_of
from pipeline.policies.sentence.mentions import only_topic
from pipeline.policies.sentence.negation import denied
from pipeline.policies.sentence.polarity import CONDITIONAL, NO
from pipeline.policies.tokens import BOTH
from pipeline.text.characters import wordset

_POINTERS = ("that", "this", "it", "these", "those", "such")
_POINTING = re.compile(rf"\s*(?:{'|'.join(_POINTERS)})(?![a-z])", re.IGNORECASE)
_VOID = wordset("outdated obsolete superseded incorrect inaccurate untrue wrong void")
_VOID_PAIRS = (("not", "true"), ("not", "correct"), ("not", "accurate"), ("longer", "true"), ("longer", "valid"),
               ("longer", "correct"), ("longer", "accurate"), ("longer", "applies"), ("longer", "so"),
               ("longer", "current"), ("has", "changed"), ("have", "changed"), ("of", "date"))  # fmt: skip
_NEVER = wordset("no not never none nor without nobody neither")


def add_footnote(said: list[Said], claims: tuple[Claim, ...], notes: Notes) -> None:
    note = notes.block_behind(claims)
    if note is not None:
        made = tuple(claim for claim in claims if "footnote" in claim.rules)
        said.append(said_of(made, note, Sentence(note.text, 0, len(note.text)), said[-1].specific))


def topic_of_letters(mind: Mind, words: Parsed, text: str, at: tuple[int, int, int]) -> None:
    """ "We are often asked about the H-1B" may be answered by the next sentence: "The answer is no"."""
    named = [clause for clause in words.clauses if clause.visas & BOTH]
    if named and all(only_topic(clause, words.found) for clause in named):
        mind.question, mind.question_text, mind.question_at = words, text, at
        mind.answered, mind.optional = False, True


def with_reply(
    words: Parsed, claims: tuple[Claim, ...], mind: Mind, block: Block, said: list[Said]
) -> tuple[tuple[Claim, ...], str]:
    """With what the sentence says of the visas of the one before, and that one put back if it spoke of others."""
    last = said[-1] if said and said[-1].block >= block.number - 1 and said[-1].quote else None
    named = words.visas & BOTH
    again = replies.same_again(words.found, words.marks) if last is not None and named else ""
    if last is not None and again:
        return replies.repeated(last.claims, named, again), ""
    left_out = replies.leaves_trainees_out(words) and mind.spoken and set(mind.spoken) <= BOTH
    if left_out:
        claims = tuple(claim for claim in claims if claim.visa in words.visas)
        if last is not None:
            said[-1] = replace(last, specific=LESSER)
        if replies.speaks_of_others(words):
            return claims, ""
        return (*claims, *(Claim(visa, NO, (), ("reply",)) for visa in sorted(set(mind.spoken) - words.visas))), ""
    reply = replies.bare_reply(words)
    if last is None or not reply:
        return claims, ""
    before = parse(last.quote)
    taken = replies.taken_up(reply, last.claims, before.found[0].word in ("we", "our"), before.has("neg"))
    if taken and reply == "no":
        said[-1] = replace(last, specific=LESSER)
    others = (claim for claim in claims if claim.visa not in {made.visa for made in taken})
    return (*taken, *others), last.quote if taken else ""


def of_pronoun(words: Parsed, spoken: tuple[str, ...], claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """ "We sponsor it, and the J-1", after a sentence on the H-1B: what is said of the J-1 is said of "it" too."""
    if len(spoken) != 1 or not claims or spoken[0] not in BOTH - words.visas:
        return ()
    first_clause = words.clauses[0]
    ones = any(words.found[p].word == "ones" for p in first_clause.places) and not first_clause.visas
    if ones and first_clause.has("support", "weak", "refuse") and denied(first_clause, words.found):
        return (Claim(spoken[0], NO, (), ("reply",)),)  # "No new ones will be started; residents use the J-1"
    acts = {mark.last + 1 for mark in words.marks if mark.has("support", "refuse")}
    first = next(number for number, word in enumerate(words.found) if word.trainee) if words.visas & BOTH else 0
    object_of = any(place < first and words.found[place].word in ("it", "them") for place in acts)
    return (replace(claims[0], visa=spoken[0]),) if object_of else ()


def reopen(said: list[Said], words: Parsed, block: Block, sentence: Sentence) -> None:
    """ "Exceptions can be made by the chair", right after a refusal, turns it into a condition."""
    last = said[-1] if said else None
    excepts = any(word.lemma in ("exception", "exempt", "exemption") for word in words.found)
    if last is not None and excepts and any(word.word in _NEVER for word in words.found):
        if len(words.found) <= 12 and last.block == block.number and any(claim.stance == NO for claim in last.claims):
            said.append(said_of(tuple(c for c in last.claims if c.stance == NO), block, sentence, last.specific))
        return
    if (
        last is None
        or not excepts
        or words.has("neg", "refuse", "ask", "fact", "undecided")
        or last.block < block.number - 1
    ):
        return
    conditions = conditions_of(words.whole(), words.found) or ("exceptional_cases",)
    changed = tuple(
        replace(claim, stance=CONDITIONAL, conditions=conditions, rules=(*claim.rules, "exception"))
        if claim.stance == NO and claim.explicit and claim.visa in BOTH
        else claim
        for claim in last.claims
    )
    if changed != last.claims:
        said[-1] = replace(last, claims=changed)
        extra = tuple(claim for claim in changed if claim.stance == CONDITIONAL)
        said.append(said_of(extra, block, sentence, last.specific))


def after_withdrawal(text: str) -> str | None:
    """What a sentence says after it calls the one before outdated ("That is no longer true: ..."); None if it doesn't."""
    if not _POINTING.match(text):
        return None
    head, sign, tail = text.partition(":")
    words = parse(head if sign else text)
    said = [word.word for word in words.found[:12]]
    if words.visas or said[0] not in _POINTERS or "that" in said[1:]:
        return None
    void = bool(_VOID & set(said)) or any(pair in _VOID_PAIRS for pair in pairwise(said))
    return tail.strip() if void else None


def withdraw(said: list[Said], block: Block) -> None:
    """What the sentence before claimed holds no longer."""
    last = said[-1] if said else None
    if last is not None and last.block >= block.number - 1:
        said[-1] = replace(last, claims=tuple(replace(claim, time=-1) for claim in last.claims))
