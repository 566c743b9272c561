"""Blocks to claims: each sentence is read with what its block, its question, its list and its heading lend to it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from pipeline.documents.blocks import CUT, DEFINITION, HEADING, ITEM, PARAGRAPH, QUESTION, ROW, Block, Texts
from pipeline.documents.sentences import Sentence, sentences
from pipeline.policies.audience import Audience
from pipeline.policies.claims import CONTACT, Claim, Context, Parsed, parse
from pipeline.policies.dated_entries import heading_date, opening_date
from pipeline.policies.footnotes import Footnotes, footnotes_of
from pipeline.policies.sentence import answers, replies
from pipeline.policies.sentence.assertions import claims_of
from pipeline.policies.sentence.carrying import (
    add_footnote,
    after_withdrawal,
    of_pronoun,
    reopen,
    topic_of_letters,
    with_reply,
    withdraw,
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
from pipeline.policies.sentence.eligibility import eligibility_claims
from pipeline.policies.sentence.polarity import CONDITIONAL, NO, STRONG, WEAK, YES
from pipeline.policies.sentence.rows import defines, row_claims
from pipeline.policies.sentence.surroundings import (
    announced_list_end,
    context_of,
    elliptic,
    listed_claims,
    names_a_visa,
    points_back,
    refers,
    sole_one,
    speaks,
    sums_up,
)  # fmt: skip
from pipeline.policies.tokens import ANY, BOTH, ORDINAL, OTHERS
from pipeline.text.characters import collapse, wordset

MAX_READ = 60_000  # characters of blocks that mention visas; a page with more is no program page

MAX_DATE_LINE = 70  # characters of a line that only gives the date of what follows
MAX_MARK = 4  # words of a table cell that is a mark rather than a sentence
MAX_BRIEF = 20  # characters of a question that goes on from the one before
MAX_REPLY = 120  # characters of a paragraph that takes up the one before
_AFTER_BOTH = wordset(
    "of are is for types kinds classes categories statuses routes options and to by as on may can will have"
)
_ON_VISAS = (
    "visa", "sponsor", "citizen", "green card", "greencard", "permanent resid", "work permit", "authori", "j-1", "j1",
    "j 1", "j-i", "h-1", "h1", "h 1", "hib", "h-i", "immigra", "commission", "active duty", "active-duty",
    "military", "nationals", "navy", "army", "legally", "right to work", "without us",
    "without the h", "without help", "exchange visitor", "specialty occ",
)  # fmt: skip


def read_blocks(blocks: tuple[Block, ...], audience: Audience, texts: Texts) -> tuple[list[Assertion], bool]:
    """All sentences of the page that claim something on visas, in order; and whether the page was read to its end.

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
    """Whether a short paragraph without a visa's name takes up the one before: "Trainees are not among them", or
    answers an open question."""
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
    """Whether a text that stands above a block speaks of visas."""
    lower = text.lower()
    return any(word in lower for word in _ON_VISAS)


def _read_block(
    block: Block, state: DiscourseState, audience: Audience, assertions: list[Assertion], footnotes: Footnotes
) -> None:
    if block.kind == HEADING:
        close(state, assertions)
        state.mentioned = ()
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
    if bare and (announced(state, block, assertions) or bare_name(state, block)):
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
    context = context_of(block)
    found = sentences(block.text)
    if block.kind == QUESTION and len(found) > 1 and block.text.endswith("?"):
        start = found[0].start  # "I need a J-1. Is that a problem?": one question
        found = (Sentence(block.text[start:], start, len(block.text)),)
    for number, sentence in enumerate(found):
        state.entry_date = opening_date(sentence.text) or state.entry_date
        level, text = audience.of_sentence(sentence.text, specific), sentence.text
        rest = after_withdrawal(text)
        if rest is not None:
            withdraw(assertions, block)
            text = rest
        if level is None:
            level, text = specific, audience.own_part(sentence.text)
        plain = footnotes.plain(text)
        parsed = parse(plain, state.mentioned if len(state.mentioned) == 2 and ORDINAL.search(plain) else ())
        if text.endswith("?") or (answers.applicant_voice(parsed) and parsed.visas):
            ask(state, assertions, parsed, text, (block.number, sentence.start, sentence.end))
        elif text:
            asking, reply = answers.question_with_answer(text)
            if asking:
                ask(state, assertions, parse(asking), asking, (block.number, sentence.start, sentence.end))
                parsed, text = parse(reply), reply
            if state.question is not None and answers.unlabelled(text) != text:
                text = answers.unlabelled(text)
                parsed = parse(text)
            claims = listed_claims(parsed, text, block)
            following = tuple(parse(later.text) for later in found[number + 1 : number + 3])
            answered_question = ""
            open_question = state.question is not None and not state.answered
            answering = open_question and (not state.optional or bool(answers.verdict(parsed)))
            if not claims:
                claims, answered_question = _read_sentence(parsed, text, state, context, following)
            if not answering:
                claims, answered_question = with_reply(parsed, claims, state, block, assertions)
            claims = footnotes.applied(claims, sentence.text)
            known = len(assertions)
            if not claims or all(claim.weak and claim.stance == CONDITIONAL for claim in claims):
                reopen(assertions, parsed, block, sentence)
            if claims and len(assertions) == known:
                assertions.append(
                    replace(
                        assertion_of(claims, block, sentence, level, answered_question), entry_date=state.entry_date
                    )
                )
                add_footnote(assertions, claims, footnotes)
                state.list_ends = announced_list_end(claims, parsed, block) or state.list_ends
            topic_of_letters(state, parsed, text, (block.number, sentence.start, sentence.end))
        remember(state, parsed, block, assertions)


def _read_sentence(
    parsed: Parsed, text: str, state: DiscourseState, context: Context, following: tuple[Parsed, ...]
) -> tuple[tuple[Claim, ...], str]:
    """Claims of one sentence, and the question it answers if it is a bare answer."""
    if state.optional and not state.answered and not answers.verdict(parsed):
        state.question, state.answered, state.optional = None, True, False
    if state.question is not None and not state.answered:
        if answers.is_control(text):
            return (), ""
        state.answered = True
        if replies.same_answer(parsed):
            return replies.repeated(state.last_answer, state.question.visas & BOTH, "same"), state.question_text
        claims, answered_question = _read_answer(state.question, state.question_text, parsed, text, following)
        state.last_answer = claims
        return claims, answered_question
    implied = _implied(parsed, state)
    if implied is not None:
        return implied, ""
    mentioned = _spoken_of(parsed, state, context)
    inherited = replace(
        context, visas=mentioned, predicate=context.predicate or (state.predicate if elliptic(parsed) else "")
    )
    claims = claims_of(parsed, inherited) if parsed.visas or mentioned else ()
    if state.of_other_people and not parsed.visas:
        claims = tuple(claim for claim in claims if claim.stance in (NO, CONTACT))
    if parsed.visas == {ANY} and mentioned:
        claims = tuple(replace(claim, visa=visa) for claim in claims for visa in sorted(mentioned) if claim.visa == ANY)
    if state.refused and elliptic(parsed) and not parsed.has("refuse"):
        claims = tuple(replace(c, stance=YES, time=0, rules=("reply",)) if c.stance == NO else c for c in claims)
    if parsed.has("support", "refuse", "weak"):
        state.predicate = STRONG if parsed.has("support", "refuse") else WEAK
        state.refused = parsed.has("refuse") and not parsed.has("neg")
    state.duty = parsed.has("exam") and parsed.has("require")
    claims += of_pronoun(parsed, state.mentioned, claims)
    if (
        not claims
        and not parsed.visas
        and (context.topic or _needs_sponsorship(parsed))
        and parsed.has("undecided", "ask")
    ):
        claims = (Claim(ANY, CONTACT, (), ("ask",)),)
    eligible = eligibility_claims(parsed, context.required)
    if eligible and (eligible[0].stance == NO or not claims):
        return eligible, ""
    return claims, ""


def _spoken_of(parsed: Parsed, state: DiscourseState, context: Context) -> frozenset[str]:
    """Visas that a sentence speaks of without their names: those of the heading, the list or the sentence before."""
    if not parsed.visas and _both_of_them(parsed):
        return BOTH
    if not parsed.visas and _anything_else(parsed):
        return frozenset({OTHERS})
    if parsed.visas == {ANY} and sums_up(parsed):
        return frozenset(state.listed)
    mentioned = context.visas if refers(parsed) else frozenset()
    if not parsed.visas and points_back(parsed):
        mentioned = mentioned or frozenset(state.mentioned) or context.visas & BOTH
    return mentioned


def _implied(parsed: Parsed, state: DiscourseState) -> tuple[Claim, ...] | None:
    """What a sentence implies after the one before; None where it speaks for itself."""
    if state.block <= state.exam_ends and parsed.visas and not parsed.has("support", "refuse", "weak"):
        return ()  # "Is Step 3 needed? For the J-1, no. For the H-1B, yes."
    if state.duty and elliptic(parsed):
        # "J-1 candidates do not", after what H-1B candidates must: there are such candidates
        return tuple(
            Claim(visa, YES, (), ("prerequisite",), explicit=False, weak=True) for visa in sorted(parsed.visas & BOTH)
        )
    if sole_one(parsed) and len(state.mentioned) == 1 and set(state.mentioned) < BOTH:
        # "This is the only visa open to residents"
        return tuple(Claim(visa, NO, (), ("only",), explicit=False) for visa in sorted(BOTH - set(state.mentioned)))
    return None


def _needs_sponsorship(parsed: Parsed) -> bool:
    """ "Applicants who would need sponsorship should write to us"."""
    assertions = [word.lemma for word in parsed.tokens]
    need = next((k for k, word in enumerate(assertions) if word in ("need", "require")), None)
    return need is not None and "sponsorship" in assertions[need + 1 : need + 4] and parsed.has("people")


def _both_of_them(parsed: Parsed) -> bool:
    """ "Both are sponsored", "We take both"; not "the dean and the chair must both agree"."""
    assertions = [word.text for word in parsed.tokens]
    return any(
        word == "both"
        and (
            k < 3
            or not assertions[k + 1 : k + 2]
            or not assertions[k + 1].isalpha()
            or assertions[k + 1] in _AFTER_BOTH
        )
        for k, word in enumerate(assertions)
    )


def _anything_else(parsed: Parsed) -> bool:
    """ "If it's anything else, no."."""
    return any(one.text == "anything" and two.text == "else" for one, two in pairwise(parsed.tokens))


def _read_answer(
    question: Parsed, question_text: str, parsed: Parsed, text: str, following: tuple[Parsed, ...]
) -> tuple[tuple[Claim, ...], str]:
    assertions = answers.verdict(parsed)
    stated = (
        parsed.visas and parsed.has("neg") and parsed.has("support") and not assertions
    )  # "We do not accept people on visas"
    if not parsed.visas & BOTH and not stated:
        bare = answers.bare_claims(question, parsed, assertions, following)
        if bare:
            return bare, question_text
    first = answers.bare_claims(question, parsed, assertions, ()) if assertions else ()
    answered_question = Context(question.visas & BOTH, STRONG, answers.inverted(question), True)
    own = claims_of(parse(answers.without_verdict(text)), answered_question, first)
    rest = question.visas & BOTH - parsed.visas
    if own and rest and not question.visas & parsed.visas & BOTH and parsed.tokens[0].text in ("no", "yes"):
        own = (*(claim for claim in first if claim.visa in rest), *own)
    if own:
        return own, question_text if len(parsed.tokens) < 8 else ""
    return eligibility_claims(parsed), ""
