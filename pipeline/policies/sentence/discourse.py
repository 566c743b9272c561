"""Blocks to assertions: each sentence is read in the context of its block, its question, its list and its heading.

What belongs here: the walk over blocks and sentences. What one sentence claims is in `in_discourse`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from pipeline.documents.blocks import CUT, DEFINITION, HEADING, ITEM, PARAGRAPH, QUESTION, ROW, Block, Texts
from pipeline.documents.sentences import Sentence, sentences
from pipeline.policies.audience import Audience
from pipeline.policies.claims import Claim, Parsed, parse, parse_after
from pipeline.policies.dated_entries import heading_date, opening_date
from pipeline.policies.footnotes import Footnotes, footnotes_of
from pipeline.policies.sentence import answers, replies
from pipeline.policies.sentence.carrying import (
    add_footnote,
    reopen,
    topic_of_letters,
    with_reply,
)
from pipeline.policies.sentence.discourse_state import (
    Assertion,
    DiscourseState,
    announced,
    ask,
    assertion_of,
    bare_name,
    close,
    remember,
)
from pipeline.policies.sentence.in_discourse import claims_in_discourse
from pipeline.policies.sentence.polarity import CONDITIONAL
from pipeline.policies.sentence.rows import defines, row_claims
from pipeline.policies.sentence.surroundings import (
    announced_list_end,
    context_of,
    listed_claims,
    names_a_visa,
    speaks,
)  # fmt: skip
from pipeline.text.characters import collapse

MAX_READ = 60_000  # characters of blocks that mention visas; a page with more is no program page

MAX_DATE_LINE = 70  # characters of a line that only gives the date of what follows
MAX_MARK = 4  # words of a table cell that is a mark rather than a sentence
MAX_BRIEF = 20  # characters of a question that goes on from the one before
MAX_REPLY = 120  # characters of a paragraph that takes up the one before
_ON_VISAS = (
    "visa", "sponsor", "citizen", "green card", "greencard", "permanent resid", "work permit", "authori", "j-1", "j1",
    "j 1", "j-i", "h-1", "h1", "h 1", "hib", "h-i", "1b", "1-b", "1.b", "1/b", "1 b", "1_b",
    "j--1", "j.1", "j/1", "j_1", "j\ufffd1", "immigra", "active duty", "active-duty", "military", "nationals", "uniformed",
    "commissioned", "officer", "soldier", "civilian", "legally", "right to work", "without us",
    "without the h", "without help", "exchange visitor", "specialty occ",
)  # fmt: skip


def read_blocks(blocks: tuple[Block, ...], audience: Audience, texts: Texts) -> tuple[list[Assertion], bool]:
    """Return all sentences of the page that claim something on visas, in order; and whether the page was read to its
    end.

    texts: those of `blocks`.
    """
    assertions: list[Assertion] = []
    state = DiscourseState()
    footnotes = footnotes_of(blocks)
    left = MAX_READ
    naming = texts.naming(_ON_VISAS)
    on_visas = {collapse(blocks[number].text) for number in naming if blocks[number].kind == HEADING}
    for block in blocks:
        number, kind, text, headings, question, intro, cells, _ = block
        if kind == HEADING or (len(text) <= MAX_DATE_LINE and "20" in text):
            state.entry_date = heading_date(block) or (None if kind == HEADING else state.entry_date)
        above = question or (headings and headings[-1] in on_visas) or (intro and _speaks_of_visas(intro))
        named = number in naming or above or (cells and any(_speaks_of_visas(cell.label) for cell in cells))
        if not named and not _replies(block, state):
            if kind in (HEADING, QUESTION):
                close(state, assertions)
                state.mentioned = ()
                state.exam_ends = number + 1 if kind == QUESTION and parse(text).has("exam") else -2
            continue
        left -= len(block.text) + 40
        if left < 0:
            break
        _read_block(block, state, audience, assertions, footnotes)
    close(state, assertions)
    return assertions, left >= 0 and not (blocks and blocks[-1].kind == CUT)


def _replies(block: Block, state: DiscourseState) -> bool:
    """Decide whether a short paragraph without a visa's name takes up the one before: "Trainees are not among them",
    or answers an open question."""
    if state.question is not None and not state.answered and len(block.text) <= MAX_REPLY:
        return block.kind == PARAGRAPH
    if block.kind == QUESTION:  # "Which?"
        return (
            state.last_on_visas and len(block.text) <= MAX_BRIEF and answers.asks_about_visas(parse(block.text), True)
        )
    if state.block != block.number - 1 or not state.mentioned or len(block.text) > MAX_REPLY:
        return False
    return replies.leaves_trainees_out(parse(block.text))


@lru_cache(maxsize=1024)
def _speaks_of_visas(text: str) -> bool:
    """Decide whether a text above a block speaks of visas."""
    lower = text.lower()
    return any(word in lower for word in _ON_VISAS)


def _read_block(
    block: Block, state: DiscourseState, audience: Audience, assertions: list[Assertion], footnotes: Footnotes
) -> None:
    if block.kind == HEADING:
        close(state, assertions)
        state.mentioned, state.stacked = (), False
        if not speaks(block.text):
            if not announced(state, block, assertions):
                bare_name(state, block)
            return
    specific = audience.specific(block)
    if specific is None:
        return
    if block.kind == PARAGRAPH and names_a_visa(block.text) and announced(state, block, assertions):
        return
    if block.kind in (ROW, DEFINITION):
        if defines(block):
            return
        claims = row_claims(block._replace(cells=footnotes.cells(block.cells)), audience)
        claims = footnotes.applied(claims, block.text)
        if claims:
            whole = assertion_of(claims, block, Sentence(block.text, 0, len(block.text)), specific)
            assertions.append(replace(whole, entry_date=state.entry_date))
        if claims or not any(len(cell.value.split()) > MAX_MARK for cell in block.cells):
            return  # cells of a word or two say what they say under their labels, or nothing
    bare = block.kind == PARAGRAPH and len(block.text) <= 12 and state.answered
    if bare and bare_name(state, block):
        return
    if state.block < block.number - 1 and block.kind != ITEM:
        state.mentioned = ()
    state.block, state.predicate = block.number, ""
    _read_sentences(block, state, audience, specific, assertions, footnotes)
    if block.kind == QUESTION and state.exam_ends == block.number:
        state.exam_ends += 1  # its answer is the next block


def _read_sentences(
    block: Block,
    state: DiscourseState,
    audience: Audience,
    specific: int,
    assertions: list[Assertion],
    footnotes: Footnotes,
) -> None:
    parts = sentences(block.text)
    if block.kind == QUESTION and len(parts) > 1 and block.text.endswith("?"):
        start = parts[0].start  # "I need a J-1. Is that a problem?": one question
        parts = (Sentence(block.text[start:], start, len(block.text)),)
    for sentence in parts:
        state.entry_date = opening_date(sentence.text) or state.entry_date
        level, text = audience.of_sentence(sentence.text, specific), sentence.text
        if level is None:
            level, text = specific, audience.own_part(sentence.text)
        plain = footnotes.plain(text)
        parsed = parse_after(plain, state.mentioned)
        if text.endswith("?") or (answers.applicant_voice(parsed) and parsed.visas):
            ask(state, assertions, parsed, text, (block.number, sentence.start, sentence.end))
        elif text:
            at = (block.number, sentence.start, sentence.end)
            parsed, text = _answer_in_question(state, assertions, parsed, text, at)
            claims, question = _claims_of_sentence(parsed, text, state, block, assertions)
            claims = footnotes.applied(claims, sentence.text)
            known = len(assertions)
            if not claims or all(claim.weak and claim.stance == CONDITIONAL for claim in claims):
                reopen(assertions, parsed, block, sentence)
            if claims and len(assertions) == known:
                made = assertion_of(claims, block, sentence, level, question)
                assertions.append(replace(made, entry_date=state.entry_date))
                add_footnote(assertions, claims, footnotes)
                state.list_ends = announced_list_end(claims, parsed, block) or state.list_ends
            topic_of_letters(state, parsed, text, at)
        remember(state, parsed, block, assertions)


def _answer_in_question(
    state: DiscourseState, assertions: list[Assertion], parsed: Parsed, text: str, at: tuple[int, int, int]
) -> tuple[Parsed, str]:
    """Return the sentence without the question that it asks itself ("whether ...: it isn't") and without "A:"."""
    asking, reply = answers.question_with_answer(text)
    if asking:
        ask(state, assertions, parse(asking), asking, at)
        parsed, text = parse(reply), reply
    if state.question is not None and answers.unlabelled(text) != text:
        text = answers.unlabelled(text)
        parsed = parse(text)
    return parsed, text


def _claims_of_sentence(
    parsed: Parsed,
    text: str,
    state: DiscourseState,
    block: Block,
    assertions: list[Assertion],
) -> tuple[tuple[Claim, ...], str]:
    """Return the claims of a sentence that asks nothing, and the question it answers if it is a bare answer."""
    open_question = state.question is not None and not state.answered
    answering = open_question and (not state.optional or bool(answers.verdict(parsed)))
    claims, question = () if state.stacked else listed_claims(parsed, text, block), ""
    if not claims:
        claims, question = claims_in_discourse(parsed, text, state, context_of(block))
    return (claims, question) if answering else with_reply(parsed, claims, state, block, assertions)
