"""Blocks to claims: each sentence is read with what its block, its question, its list and its heading lend to it."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from pipeline.documents.blocks import CUT, DEFINITION, HEADING, ITEM, PARAGRAPH, QUESTION, ROW, Block, Texts
from pipeline.documents.sentences import Sentence, sentences
from pipeline.policies.audience import Scope
from pipeline.policies.claims import CONTACT, Claim, Given, Parsed, parse
from pipeline.policies.dated_entries import heading_date, posted
from pipeline.policies.footnotes import Notes, notes_of
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
from pipeline.policies.sentence.discourse_state import Mind, Said, announced, ask, bare_name, close, remember, said_of
from pipeline.policies.sentence.eligibility import eligibility_claims
from pipeline.policies.sentence.polarity import CONDITIONAL, NO, STRONG, WEAK, YES
from pipeline.policies.sentence.rows import defines, row_claims
from pipeline.policies.sentence.surroundings import (
    announced_list_end,
    elliptic,
    lent_by,
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
_TRIGGERS = (
    "visa", "sponsor", "citizen", "green card", "greencard", "permanent resid", "work permit", "authori", "j-1", "j1",
    "j 1", "j-i", "h-1", "h1", "h 1", "hib", "h-i", "immigra", "commission", "active duty", "active-duty",
    "military", "nationals", "navy", "army", "legally", "right to work", "without us",
    "without the h", "without help", "exchange visitor", "specialty occ",
)  # fmt: skip


def read_blocks(blocks: tuple[Block, ...], scope: Scope, texts: Texts) -> tuple[list[Said], bool]:
    """All sentences of the page that claim something on visas, in order; and whether the page was read to its end.

    texts: those of `blocks`.
    """
    said: list[Said] = []
    mind = Mind()
    notes = notes_of(blocks)
    left = MAX_READ
    naming = texts.naming(_TRIGGERS)
    telling = {collapse(blocks[number].text) for number in naming if blocks[number].kind == HEADING}
    for block in blocks:
        number, kind, text, headings, question, intro, cells, _ = block
        if kind == HEADING or (len(text) <= MAX_DATE_LINE and "20" in text):
            mind.posted = heading_date(block) or (None if kind == HEADING else mind.posted)
        above = question or (headings and headings[-1] in telling) or (intro and _triggers(intro))
        named = number in naming or above or (cells and any(_triggers(cell.label) for cell in cells))
        if not named and not _replies(block, mind):
            if kind in (HEADING, QUESTION):
                close(mind, said)
                mind.spoken = ()
                mind.exam_ends = number + 1 if kind == QUESTION and parse(text).has("exam") else -2
            continue
        left -= len(block.text) + 40
        if left < 0:
            break
        _read_block(block, mind, scope, said, notes)
    close(mind, said)
    return said, left >= 0 and not (blocks and blocks[-1].kind == CUT)


def _replies(block: Block, mind: Mind) -> bool:
    """Whether a short paragraph without a visa's name takes up the one before: "Trainees are not among them", or
    answers an open question."""
    if mind.question is not None and not mind.answered and len(block.text) <= MAX_REPLY:
        return block.kind == PARAGRAPH
    if block.kind == QUESTION:  # "Which?"
        return mind.last_asked and len(block.text) <= MAX_BRIEF and answers.asks_about_visas(parse(block.text), True)
    if mind.block != block.number - 1 or not mind.spoken or len(block.text) > MAX_REPLY:
        return False
    return replies.leaves_trainees_out(parse(block.text))


@lru_cache(maxsize=1024)
def _triggers(text: str) -> bool:
    """Whether a text that stands above a block speaks of visas."""
    lower = text.lower()
    return any(word in lower for word in _TRIGGERS)


def _read_block(block: Block, mind: Mind, scope: Scope, said: list[Said], notes: Notes) -> None:
    if block.kind == HEADING:
        close(mind, said)
        mind.spoken = ()
        if not speaks(block.text):
            if not announced(mind, block, said):
                bare_name(mind, block)
            return
    specific = scope.specific(block)
    if specific is None:
        return
    if block.kind == PARAGRAPH and names_a_visa(block.text) and announced(mind, block, said):
        return
    if block.kind in (ROW, DEFINITION):
        if defines(block):
            return
        claims = row_claims(block._replace(cells=notes.cells(block.cells)), scope)
        claims = notes.applied(claims, block.text)
        if claims:
            whole = said_of(claims, block, Sentence(block.text, 0, len(block.text)), specific)
            said.append(replace(whole, posted=mind.posted))
        if claims or not any(len(cell.value.split()) > MAX_MARK for cell in block.cells):
            return  # cells of a word or two say what they say under their labels, or nothing
    bare = block.kind == PARAGRAPH and len(block.text) <= 12 and mind.answered
    if bare and (announced(mind, block, said) or bare_name(mind, block)):
        return
    if mind.block < block.number - 1 and block.kind != ITEM:
        mind.spoken = ()
    mind.block, mind.predicate = block.number, ""
    _read_sentences(block, mind, scope, specific, said, notes)
    if block.kind == QUESTION and mind.exam_ends == block.number:
        mind.exam_ends += 1  # its answer is the next block


def _read_sentences(block: Block, mind: Mind, scope: Scope, specific: int, said: list[Said], notes: Notes) -> None:
    given = lent_by(block)
    found = sentences(block.text)
    if block.kind == QUESTION and len(found) > 1 and block.text.endswith("?"):
        start = found[0].start  # "I need a J-1. Is that a problem?": one question
        found = (Sentence(block.text[start:], start, len(block.text)),)
    for number, sentence in enumerate(found):
        mind.posted = posted(sentence.text) or mind.posted
        level, text = scope.of_sentence(sentence.text, specific), sentence.text
        rest = after_withdrawal(text)
        if rest is not None:
            withdraw(said, block)
            text = rest
        if level is None:
            level, text = specific, scope.own_part(sentence.text)
        plain = notes.plain(text)
        words = parse(plain, mind.spoken if len(mind.spoken) == 2 and ORDINAL.search(plain) else ())
        if text.endswith("?") or (answers.applicant_voice(words) and words.visas):
            ask(mind, said, words, text, (block.number, sentence.start, sentence.end))
        elif text:
            asking, reply = answers.asked_and_answered(text)
            if asking:
                ask(mind, said, parse(asking), asking, (block.number, sentence.start, sentence.end))
                words, text = parse(reply), reply
            if mind.question is not None and answers.unlabelled(text) != text:
                text = answers.unlabelled(text)
                words = parse(text)
            claims = listed_claims(words, text, block)
            following = tuple(parse(later.text) for later in found[number + 1 : number + 3])
            asked = ""
            open_question = mind.question is not None and not mind.answered
            answering = open_question and (not mind.optional or bool(answers.verdict(words)))
            if not claims:
                claims, asked = _read_sentence(words, text, mind, given, following)
            if not answering:
                claims, asked = with_reply(words, claims, mind, block, said)
            claims = notes.applied(claims, sentence.text)
            known = len(said)
            if not claims or all(claim.weak and claim.stance == CONDITIONAL for claim in claims):
                reopen(said, words, block, sentence)
            if claims and len(said) == known:
                said.append(replace(said_of(claims, block, sentence, level, asked), posted=mind.posted))
                add_footnote(said, claims, notes)
                mind.list_ends = announced_list_end(claims, words, block) or mind.list_ends
            topic_of_letters(mind, words, text, (block.number, sentence.start, sentence.end))
        remember(mind, words, block, said)


def _read_sentence(
    words: Parsed, text: str, mind: Mind, given: Given, following: tuple[Parsed, ...]
) -> tuple[tuple[Claim, ...], str]:
    """Claims of one sentence, and the question it answers if it is a bare answer."""
    if mind.optional and not mind.answered and not answers.verdict(words):
        mind.question, mind.answered, mind.optional = None, True, False
    if mind.question is not None and not mind.answered:
        if answers.is_control(text):
            return (), ""
        mind.answered = True
        if replies.same_answer(words):
            return replies.repeated(mind.last_answer, mind.question.visas & BOTH, "same"), mind.question_text
        claims, asked = _read_answer(mind.question, mind.question_text, words, text, following)
        mind.last_answer = claims
        return claims, asked
    implied = _implied(words, mind)
    if implied is not None:
        return implied, ""
    spoken = _spoken_of(words, mind, given)
    lent = replace(given, visas=spoken, predicate=given.predicate or (mind.predicate if elliptic(words) else ""))
    claims = claims_of(words, lent) if words.visas or spoken else ()
    if mind.aside and not words.visas:
        claims = tuple(claim for claim in claims if claim.stance in (NO, CONTACT))
    if words.visas == {ANY} and spoken:
        claims = tuple(replace(claim, visa=visa) for claim in claims for visa in sorted(spoken) if claim.visa == ANY)
    if mind.refused and elliptic(words) and not words.has("refuse"):
        claims = tuple(replace(c, stance=YES, time=0, rules=("reply",)) if c.stance == NO else c for c in claims)
    if words.has("support", "refuse", "weak"):
        mind.predicate = STRONG if words.has("support", "refuse") else WEAK
        mind.refused = words.has("refuse") and not words.has("neg")
    mind.duty = words.has("exam") and words.has("require")
    claims += of_pronoun(words, mind.spoken, claims)
    if not claims and not words.visas and (given.topic or _needs_sponsorship(words)) and words.has("undecided", "ask"):
        claims = (Claim(ANY, CONTACT, (), ("ask",)),)
    eligible = eligibility_claims(words, given.required)
    if eligible and (eligible[0].stance == NO or not claims):
        return eligible, ""
    return claims, ""


def _spoken_of(words: Parsed, mind: Mind, given: Given) -> frozenset[str]:
    """Visas that a sentence speaks of without their names: those of the heading, the list or the sentence before."""
    if not words.visas and _both_of_them(words):
        return BOTH
    if not words.visas and _anything_else(words):
        return frozenset({OTHERS})
    if words.visas == {ANY} and sums_up(words):
        return frozenset(mind.listed)
    spoken = given.visas if refers(words) else frozenset()
    if not words.visas and points_back(words):
        spoken = spoken or frozenset(mind.spoken) or given.visas & BOTH
    return spoken


def _implied(words: Parsed, mind: Mind) -> tuple[Claim, ...] | None:
    """What a sentence implies after the one before; None where it speaks for itself."""
    if mind.block <= mind.exam_ends and words.visas and not words.has("support", "refuse", "weak"):
        return ()  # "Is Step 3 needed? For the J-1, no. For the H-1B, yes."
    if mind.duty and elliptic(words):
        # "J-1 candidates do not", after what H-1B candidates must: there are such candidates
        return tuple(
            Claim(visa, YES, (), ("prerequisite",), explicit=False, weak=True) for visa in sorted(words.visas & BOTH)
        )
    if sole_one(words) and len(mind.spoken) == 1 and set(mind.spoken) < BOTH:
        # "This is the only visa open to residents"
        return tuple(Claim(visa, NO, (), ("only",), explicit=False) for visa in sorted(BOTH - set(mind.spoken)))
    return None


def _needs_sponsorship(words: Parsed) -> bool:
    """ "Applicants who would need sponsorship should write to us"."""
    said = [word.lemma for word in words.found]
    need = next((k for k, word in enumerate(said) if word in ("need", "require")), None)
    return need is not None and "sponsorship" in said[need + 1 : need + 4] and words.has("people")


def _both_of_them(words: Parsed) -> bool:
    """ "Both are sponsored", "We take both"; not "the dean and the chair must both agree"."""
    said = [word.word for word in words.found]
    return any(
        word == "both" and (k < 3 or not said[k + 1 : k + 2] or not said[k + 1].isalpha() or said[k + 1] in _AFTER_BOTH)
        for k, word in enumerate(said)
    )


def _anything_else(words: Parsed) -> bool:
    """ "If it's anything else, no."."""
    return any(one.word == "anything" and two.word == "else" for one, two in pairwise(words.found))


def _read_answer(
    question: Parsed, question_text: str, words: Parsed, text: str, following: tuple[Parsed, ...]
) -> tuple[tuple[Claim, ...], str]:
    said = answers.verdict(words)
    stated = (
        words.visas and words.has("neg") and words.has("support") and not said
    )  # "We do not accept people on visas"
    if not words.visas & BOTH and not stated:
        bare = answers.bare_claims(question, words, said, following)
        if bare:
            return bare, question_text
    first = answers.bare_claims(question, words, said, ()) if said else ()
    asked = Given(question.visas & BOTH, STRONG, answers.inverted(question), True)
    own = claims_of(parse(answers.without_verdict(text)), asked, first)
    rest = question.visas & BOTH - words.visas
    if own and rest and not question.visas & words.visas & BOTH and words.found[0].word in ("no", "yes"):
        own = (*(claim for claim in first if claim.visa in rest), *own)
    if own:
        return own, question_text if len(words.found) < 8 else ""
    return eligibility_claims(words), ""
