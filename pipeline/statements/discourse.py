"""Blocks to claims: each sentence is read with what its block, its question, its list and its heading lend to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from pipeline.statements import answers
from pipeline.statements.assertions import claims_of
from pipeline.statements.blocks import CUT, DEFINITION, HEADING, ITEM, PARAGRAPH, QUESTION, ROW, Block, Texts
from pipeline.statements.claims import CONTACT, Claim, Given, Parsed, parse
from pipeline.statements.conditions import conditions_of
from pipeline.statements.eligibility import eligibility_claims
from pipeline.statements.polarity import CONDITIONAL, NO, STRONG, WEAK, YES
from pipeline.statements.rows import row_claims
from pipeline.statements.scope import Scope
from pipeline.statements.sentences import Sentence, sentences
from pipeline.statements.surroundings import announced_list_end, elliptic, lent_by, refers, speaks
from pipeline.statements.text import collapse, wordset
from pipeline.statements.visas import ANY, BOTH, OTHERS

MAX_READ = 100_000  # characters of blocks that mention visas; a page with more is no program page

_TRIGGERS = (
    "visa", "sponsor", "citizen", "green card", "greencard", "permanent resid", "work permit", "authori", "j-1", "j1",
    "j 1", "j-i", "h-1", "h1", "h 1", "hib", "h-i", "j visa", "immigra", "commission", "active duty", "active-duty",
    "military", "nationals", "navy", "army", "legally", "right to work", "without us",
)  # fmt: skip
_POINTERS = (["that"], ["this"], ["it"], ["these"], ["those"], ["such"])
_VOID = wordset("outdated obsolete superseded incorrect inaccurate untrue wrong void")
_VOID_PAIRS = (("not", "true"), ("not", "correct"), ("not", "accurate"), ("longer", "true"), ("longer", "valid"),
               ("longer", "correct"), ("longer", "accurate"), ("longer", "applies"), ("longer", "so"),
               ("longer", "current"), ("has", "changed"), ("have", "changed"), ("of", "date"))  # fmt: skip
_ANAPHORA = wordset("both either neither these those them they it this that such former latter one ones each")


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
    duty: bool = False  # the sentence before told of an examination that is asked for
    block: int = -1
    list_ends: int = -1  # last block of a list of visas that the page announced


def read_blocks(blocks: tuple[Block, ...], scope: Scope, texts: Texts) -> tuple[list[Said], bool]:
    """All sentences of the page that claim something on visas, in order; and whether the page was read to its end.

    texts: those of `blocks`.
    """
    said: list[Said] = []
    mind = _Mind()
    left = MAX_READ
    naming = texts.naming(_TRIGGERS)
    telling = {collapse(blocks[number].text) for number in naming if blocks[number].kind == HEADING}
    for block in blocks:
        number, kind, _, headings, question, intro, cells, _ = block
        above = question or (headings and headings[-1] in telling) or (intro and _triggers(intro))
        if not (number in naming or above or (cells and any(_triggers(cell.label) for cell in cells))):
            if mind.question is not None and kind in (HEADING, QUESTION):
                _close(mind, said)
            continue
        left -= len(block.text) + 40
        if left < 0:
            break
        _read_block(block, mind, scope, said)
    _close(mind, said)
    return said, left >= 0 and not (blocks and blocks[-1].kind == CUT)


@lru_cache(maxsize=1024)
def _triggers(text: str) -> bool:
    """Whether a text that stands above a block speaks of visas."""
    lower = text.lower()
    return any(word in lower for word in _TRIGGERS)


def _read_block(block: Block, mind: _Mind, scope: Scope, said: list[Said]) -> None:
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
        claims = row_claims(block, scope)
        if claims:
            said.append(_said(claims, block, Sentence(block.text, 0, len(block.text)), specific))
            return
    bare = block.kind == PARAGRAPH and len(block.text) <= 12 and mind.answered
    if bare and (_listed(mind, block, said) or _topic(mind, block)):
        return
    if mind.block < block.number - 1 and block.kind != ITEM:
        mind.spoken = ()
    mind.block, mind.predicate = block.number, ""
    _read_sentences(block, mind, scope, specific, said)


def _read_sentences(block: Block, mind: _Mind, scope: Scope, specific: int, said: list[Said]) -> None:
    given = lent_by(block)
    found = sentences(block.text)
    for number, sentence in enumerate(found):
        level, text = scope.of_sentence(sentence.text, specific), sentence.text
        rest = _after_withdrawal(text)
        if rest is not None:
            _withdraw(said, block)
            text = rest
        if level is None:
            level, text = specific, scope.own_part(sentence.text)
        words = parse(text, mind.spoken if len(mind.spoken) == 2 else ())
        if text.endswith("?"):
            _ask(mind, said, words, text, (block.number, sentence.start, sentence.end))
        elif text:
            following = tuple(parse(later.text) for later in found[number + 1 : number + 3])
            claims, asked = _read_sentence(words, text, mind, given, following)
            if claims:
                said.append(_said(claims, block, sentence, level, asked))
                mind.list_ends = announced_list_end(claims, words, block) or mind.list_ends
            else:
                _reopen(said, words, block, sentence)
        _remember(mind, words)


def _after_withdrawal(text: str) -> str | None:
    """What a sentence says after it calls the one before outdated ("That is no longer true: ..."); None if it doesn't."""
    head, sign, tail = text.partition(":")
    words = parse(head if sign else text)
    said = [word.word for word in words.found[:12]]
    if words.visas or said[:1] not in _POINTERS or "that" in said[1:]:
        return None
    void = bool(_VOID & set(said)) or any(pair in _VOID_PAIRS for pair in pairwise(said))
    return tail.strip() if void else None


def _withdraw(said: list[Said], block: Block) -> None:
    """What the sentence before claimed holds no longer."""
    last = said[-1] if said else None
    if last is not None and last.block >= block.number - 1:
        said[-1] = replace(last, claims=tuple(replace(claim, time=-1) for claim in last.claims))


def _said(claims: tuple[Claim, ...], block: Block, sentence: Sentence, specific: int, asked: str = "") -> Said:
    quote = collapse(block.text[sentence.start : sentence.end])
    return Said(claims, quote, block.number, sentence.start, sentence.end, specific, asked)


def _remember(mind: _Mind, words: Parsed) -> None:
    """The visas just spoken of, in their order."""
    order = [visa for word in words.found for visa in sorted(word.visas & BOTH)]
    if order:
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
    if not words.visas:
        if any(word.word in _ANAPHORA for word in words.found[:6]):
            spoken = spoken or frozenset(mind.spoken)
        if any(word.word == "both" for word in words.found):
            spoken = BOTH
    if mind.duty and elliptic(words):
        # "J-1 candidates do not", after what H-1B candidates must: there are such candidates
        implied = [Claim(visa, YES, (), ("prerequisite",), explicit=False, weak=True) for visa in words.visas & BOTH]
        return tuple(implied), ""
    lent = replace(given, visas=spoken, predicate=given.predicate or (mind.predicate if elliptic(words) else ""))
    claims = claims_of(words, lent) if words.visas or spoken else ()
    if words.has("support", "refuse", "weak"):
        mind.predicate = STRONG if words.has("support", "refuse") else WEAK
    mind.duty = words.has("exam") and words.has("require")
    claims += _of_pronoun(words, mind.spoken, claims)
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
    if last is None or not excepts or words.has("neg", "refuse", "ask", "fact") or last.block < block.number - 1:
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
