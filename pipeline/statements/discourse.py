"""Blocks to claims: each sentence is read with what its block, its question, its list and its heading lend to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from pipeline.statements import answers, replies
from pipeline.statements.assertions import claims_of
from pipeline.statements.blocks import CUT, DEFINITION, HEADING, ITEM, PARAGRAPH, QUESTION, ROW, Block, blocks_with
from pipeline.statements.claims import CONTACT, Claim, Given, Parsed, parse
from pipeline.statements.conditions import conditions_of
from pipeline.statements.eligibility import eligibility_claims
from pipeline.statements.mentions import only_topic
from pipeline.statements.notes import Notes, notes_of
from pipeline.statements.polarity import CONDITIONAL, NO, STRONG, WEAK, YES
from pipeline.statements.posts import heading_date, posted
from pipeline.statements.rows import defines, row_claims
from pipeline.statements.scope import LESSER, Scope
from pipeline.statements.sentences import Sentence, sentences
from pipeline.statements.surroundings import (
    announced_list_end,
    elliptic,
    lent_by,
    listed_claims,
    points_back,
    refers,
    speaks,
    sums_up,
)  # fmt: skip
from pipeline.statements.text import collapse, wordset
from pipeline.statements.visas import ANY, BOTH, OTHERS

MAX_READ = 100_000  # characters of blocks that mention visas; a page with more is no program page

MAX_DATE_LINE = 70  # characters of a line that only gives the date of what follows
MAX_REPLY = 120  # characters of a paragraph that takes up the one before
_TRIGGERS = (
    "visa", "sponsor", "citizen", "green card", "greencard", "permanent resid", "work permit", "authori", "j-1", "j1",
    "j 1", "j-i", "h-1", "h1", "h 1", "hib", "h-i", "j visa", "immigra", "commission", "active duty", "active-duty",
    "military", "nationals", "navy", "army", "legally", "right to work", "without us",
    "without the help", "without help", "without assistance", "exchange visitor", "specialty occ",
)  # fmt: skip


_NEVER = wordset("no not never none nor without nobody neither")


@dataclass(frozen=True)
class Said:
    """A sentence that claims something: its claims, its words, its block and place, the question it answers if bare."""

    claims: tuple[Claim, ...]
    quote: str
    block: int
    start: int
    end: int
    specific: int = 1
    asked: str = ""
    posted: date | None = None


@dataclass
class _Mind:
    """What the reader keeps in mind from one sentence to the next."""

    question: Parsed | None = None
    question_text: str = ""
    question_at: tuple[int, int, int] = (0, 0, 0)
    answered: bool = True
    optional: bool = False  # a topic rather than a question: no answer is needed
    last_asked: bool = False
    spoken: tuple[str, ...] = ()
    predicate: str = ""
    block: int = -1
    listed: tuple[str, ...] = ()  # visas named in the list that is being read
    refused: bool = False  # by a verb of refusal, not by a negator: "the H-1B has ended"
    aside: bool = False  # the visas spoken of were those of other people
    posted: date | None = None  # date of the entry that is being read
    list_ends: int = -1  # last block of a list of visas that the page announced


def read_blocks(blocks: tuple[Block, ...], scope: Scope) -> tuple[list[Said], bool]:
    """All sentences of the page that claim something on visas, in order; and whether the page was read to its end."""
    said: list[Said] = []
    mind = _Mind()
    notes = notes_of(blocks)
    left = MAX_READ
    naming = blocks_with(blocks, _TRIGGERS)
    for block in blocks:
        if block.kind == HEADING or ("20" in block.text and len(block.text) <= MAX_DATE_LINE):
            mind.posted = heading_date(block) or (None if block.kind == HEADING else mind.posted)
        if block.number not in naming and not _stands_under_trigger(block) and not _replies(block, mind):
            if block.kind in (HEADING, QUESTION):
                _close(mind, said)
            continue
        left -= len(block.text) + 40
        if left < 0:
            break
        _read_block(block, mind, scope, said, notes)
    _close(mind, said)
    return said, left >= 0 and not (blocks and blocks[-1].kind == CUT)


def _replies(block: Block, mind: _Mind) -> bool:
    """Whether a short paragraph without a visa's name takes up the one before: "Trainees are not among them"."""
    if mind.block != block.number - 1 or not mind.spoken or len(block.text) > MAX_REPLY:
        return False
    return replies.leaves_trainees_out(parse(block.text))


def _stands_under_trigger(block: Block) -> bool:
    """Whether a block may speak of visas by what stands above it."""
    if block.question or (block.headings and _triggers(block.headings[-1])) or (block.intro and _triggers(block.intro)):
        return True
    return any(_triggers(cell.label) for cell in block.cells)


@lru_cache(maxsize=1024)
def _triggers(text: str) -> bool:
    lower = text.lower()
    return any(word in lower for word in _TRIGGERS)


def _read_block(block: Block, mind: _Mind, scope: Scope, said: list[Said], notes: Notes) -> None:
    if block.kind == HEADING:
        _close(mind, said)
        mind.spoken = ()
        if not speaks(block.text):
            if not _listed(mind, block, said):
                _topic(mind, block)
            return
    specific = scope.specific(block)
    if specific is None:
        return
    if block.kind in (ROW, DEFINITION):
        if defines(block):
            return
        claims = row_claims(block._replace(cells=notes.cells(block.cells)), scope)
        claims = notes.applied(claims, block.text)
        if claims:
            whole = _said(claims, block, Sentence(block.text, 0, len(block.text)), specific)
            said.append(replace(whole, posted=mind.posted))
            return
    bare = block.kind == PARAGRAPH and len(block.text) <= 12 and mind.answered
    if bare and (_listed(mind, block, said) or _topic(mind, block)):
        return
    if mind.block < block.number - 1 and block.kind != ITEM:
        mind.spoken = ()
    mind.block, mind.predicate = block.number, ""
    _read_sentences(block, mind, scope, specific, said, notes)


def _read_sentences(block: Block, mind: _Mind, scope: Scope, specific: int, said: list[Said], notes: Notes) -> None:
    given = lent_by(block)
    found = sentences(block.text)
    for number, sentence in enumerate(found):
        mind.posted = posted(sentence.text) or mind.posted
        level, text = scope.of_sentence(sentence.text, specific), sentence.text
        if level is None:
            level, text = specific, scope.own_part(sentence.text)
        words = parse(notes.plain(text), mind.spoken if len(mind.spoken) == 2 else ())
        if text.endswith("?") or (answers.applicant_voice(words) and words.visas):
            _ask(mind, said, words, text, (block.number, sentence.start, sentence.end))
        elif text:
            asking, reply = answers.asked_and_answered(text)
            if asking:
                _ask(mind, said, parse(asking), asking, (block.number, sentence.start, sentence.end))
                words, text = parse(reply), reply
            claims = listed_claims(words, text, block)
            following = tuple(parse(later.text) for later in found[number + 1 : number + 3])
            asked = ""
            answering = mind.question is not None and not mind.answered
            if not claims:
                claims, asked = _read_sentence(words, text, mind, given, following)
            if not answering:
                claims, asked = _of_reply(words, claims, mind, block, said)
            claims = notes.applied(claims, sentence.text)
            if claims:
                said.append(replace(_said(claims, block, sentence, level, asked), posted=mind.posted))
                _add_footnote(said, claims, notes)
                mind.list_ends = announced_list_end(claims, words, block) or mind.list_ends
            else:
                _reopen(said, words, block, sentence)
            _open_topic(mind, words, text, (block.number, sentence.start, sentence.end))
        _remember(mind, words, block, said)


def _add_footnote(said: list[Said], claims: tuple[Claim, ...], notes: Notes) -> None:
    note = notes.block_behind(claims)
    if note is not None:
        made = tuple(claim for claim in claims if "footnote" in claim.rules)
        said.append(_said(made, note, Sentence(note.text, 0, len(note.text)), said[-1].specific))


def _open_topic(mind: _Mind, words: Parsed, text: str, at: tuple[int, int, int]) -> None:
    """ "We are often asked about the H-1B" may be answered by the next sentence: "The answer is no"."""
    named = [clause for clause in words.clauses if clause.visas & BOTH]
    if named and all(only_topic(clause, words.found) for clause in named):
        mind.question, mind.question_text, mind.question_at = words, text, at
        mind.answered, mind.optional = False, True


def _of_reply(
    words: Parsed, claims: tuple[Claim, ...], mind: _Mind, block: Block, said: list[Said]
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


def _said(claims: tuple[Claim, ...], block: Block, sentence: Sentence, specific: int, asked: str = "") -> Said:
    quote = collapse(block.text[sentence.start : sentence.end])
    return Said(claims, quote, block.number, sentence.start, sentence.end, specific, asked)


def _remember(mind: _Mind, words: Parsed, block: Block, said: list[Said]) -> None:
    """The visas just spoken of, in their order; those of a list together."""
    order = [visa for word in words.found for visa in sorted(word.visas & BOTH)]
    if block.kind == ITEM:
        mind.listed = tuple(dict.fromkeys((*mind.listed, *order)))
    elif order:
        mind.listed = ()
    if order:
        mind.aside = words.has("nontrainee") and not (said and said[-1].block == block.number)
        mind.spoken = tuple(dict.fromkeys(order))
    elif words.visas & {ANY}:
        mind.spoken = (ANY,)


def _listed(mind: _Mind, block: Block, said: list[Said]) -> bool:
    """A visa's name as a heading or line of its own in an announced list; what is said of it by itself counts more."""
    visas = parse(block.text).visas & BOTH
    if block.number > mind.list_ends or not visas:
        return False
    claims = tuple(Claim(visa, YES, (), ("announced_list",), explicit=False, weak=True) for visa in sorted(visas))
    said.append(_said(claims, block, Sentence(block.text, 0, len(block.text)), 1))
    mind.spoken = tuple(sorted(visas))
    return True


def _topic(mind: _Mind, block: Block) -> bool:
    """A bare visa name above a bare "Yes" or "No" is a question, though it has no question mark."""
    words = parse(block.text)
    if not words.visas & BOTH or len(words.found) > 2 or words.marks:
        return False
    mind.question, mind.question_text, mind.question_at = words, block.text, (block.number, 0, len(block.text))
    mind.answered, mind.optional = False, True
    return True


def _ask(mind: _Mind, said: list[Said], words: Parsed, text: str, at: tuple[int, int, int]) -> None:
    if not mind.answered and not words.visas and mind.question_at[0] == at[0] and len(words.found) <= 8:
        return  # "I read that you sponsor the H-1B. Is that so?"
    _close(mind, said)
    mind.last_asked = answers.asks_about_visas(words, mind.last_asked)
    if mind.last_asked:
        mind.question, mind.question_text, mind.question_at, mind.answered = words, text, at, False


def _close(mind: _Mind, said: list[Said]) -> None:
    """A question on visas that nothing answered leaves the matter open."""
    if mind.question is not None and not mind.answered and not mind.optional:
        visas = mind.question.visas & BOTH or mind.question.visas & {ANY, OTHERS}
        claims = tuple(Claim(visa, CONTACT, (), ("unanswered_question",)) for visa in sorted(visas))
        said.append(Said(claims, mind.question_text, *mind.question_at))
    mind.question, mind.answered, mind.optional = None, True, False


def _read_sentence(
    words: Parsed, text: str, mind: _Mind, given: Given, following: tuple[Parsed, ...]
) -> tuple[tuple[Claim, ...], str]:
    """Claims of one sentence, and the question it answers if it is a bare answer."""
    if mind.optional and not mind.answered and not answers.verdict(words):
        mind.question, mind.answered, mind.optional = None, True, False
    if mind.question is not None and not mind.answered:
        if answers.is_control(text):
            return (), ""
        mind.answered = True
        return _read_answer(mind.question, mind.question_text, words, text, following)
    spoken = given.visas if refers(words) else frozenset()
    if not words.visas & BOTH:
        if words.visas <= {ANY} and sums_up(words):
            spoken = frozenset(mind.listed)
        elif not words.visas and points_back(words):
            spoken = spoken or frozenset(mind.spoken) or given.visas & BOTH
        if not words.visas and any(word.word == "both" for word in words.found):
            spoken = BOTH
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
    claims += _of_pronoun(words, mind.spoken, claims)
    if not claims and not words.visas and given.topic and words.has("undecided", "ask"):
        claims = (Claim(ANY, CONTACT, (), ("ask",)),)
    eligible = eligibility_claims(words)
    if eligible and (eligible[0].stance == NO or not claims):
        return eligible, ""
    return claims, ""


def _of_pronoun(words: Parsed, spoken: tuple[str, ...], claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """ "We sponsor it, and the J-1", after a sentence on the H-1B: what is said of the J-1 is said of "it" too."""
    if len(spoken) != 1 or not claims or spoken[0] not in BOTH - words.visas:
        return ()
    acts = {mark.last + 1 for mark in words.marks if mark.has("support", "refuse")}
    first = next(number for number, word in enumerate(words.found) if word.trainee) if words.visas & BOTH else 0
    object_of = any(place < first and words.found[place].word in ("it", "them") for place in acts)
    return (replace(claims[0], visa=spoken[0]),) if object_of else ()


def _read_answer(
    question: Parsed, question_text: str, words: Parsed, text: str, following: tuple[Parsed, ...]
) -> tuple[tuple[Claim, ...], str]:
    said = answers.verdict(words)
    if not words.visas & BOTH:
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


def _reopen(said: list[Said], words: Parsed, block: Block, sentence: Sentence) -> None:
    """ "Exceptions can be made by the chair", right after a refusal, turns it into a condition."""
    last = said[-1] if said else None
    excepts = any(word.lemma in ("exception", "exempt", "exemption") for word in words.found)
    if last is not None and excepts and any(word.word in _NEVER for word in words.found):
        if len(words.found) <= 12 and last.block == block.number and any(claim.stance == NO for claim in last.claims):
            said.append(_said(tuple(c for c in last.claims if c.stance == NO), block, sentence, last.specific))
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
        said.append(_said(extra, block, sentence, last.specific))
