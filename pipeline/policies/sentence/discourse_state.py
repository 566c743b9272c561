"""What the reader keeps in mind from one sentence to the next, and what it has noted so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.documents.blocks import ITEM, Block
from pipeline.documents.sentences import Sentence
from pipeline.policies.claims import CONTACT, Claim, Parsed, parse
from pipeline.policies.sentence import answers
from pipeline.policies.sentence.clauses import PERSONS
from pipeline.policies.sentence.polarity import YES
from pipeline.policies.tokens import ANY, BOTH, OTHERS
from pipeline.text.characters import collapse


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
class Mind:
    """What the reader keeps in mind from one sentence to the next."""

    question: Parsed | None = None
    question_text: str = ""
    question_at: tuple[int, int, int] = (0, 0, 0)
    answered: bool = True
    optional: bool = False  # a topic rather than a question: no answer is needed
    last_asked: bool = False
    exam_ends: int = -2  # last block of the answer to a question on an examination
    last_answer: tuple[Claim, ...] = ()
    spoken: tuple[str, ...] = ()
    predicate: str = ""
    duty: bool = False  # the sentence before told of an examination that is asked for
    block: int = -1
    listed: tuple[str, ...] = ()  # visas named in the list that is being read
    refused: bool = False  # by a verb of refusal, not by a negator: "the H-1B has ended"
    aside: bool = False  # the visas spoken of were those of other people
    posted: date | None = None  # date of the entry that is being read
    list_ends: int = -1  # last block of a list of visas that the page announced


def said_of(claims: tuple[Claim, ...], block: Block, sentence: Sentence, specific: int, asked: str = "") -> Said:
    quote = collapse(block.text[sentence.start : sentence.end])
    return Said(claims, quote, block.number, sentence.start, sentence.end, specific, asked)


def remember(mind: Mind, words: Parsed, block: Block, said: list[Said]) -> None:
    """The visas just spoken of, in their order; those of a list together."""
    persons = {place for clause in words.clauses if clause.joined == PERSONS for place in clause.places}
    order = [v for place, word in enumerate(words.found) if place not in persons for v in sorted(word.visas & BOTH)]
    if block.kind == ITEM:
        mind.listed = tuple(dict.fromkeys((*mind.listed, *order)))
    elif order:
        mind.listed = ()
    if order:
        mind.aside = words.has("nontrainee") and not (said and said[-1].block == block.number)
        mind.spoken = tuple(dict.fromkeys(order))
    elif words.visas & {ANY}:
        mind.spoken = (ANY,)


def announced(mind: Mind, block: Block, said: list[Said]) -> bool:
    """A visa's name as a heading or line of its own in an announced list; what is said of it by itself counts more."""
    visas = parse(block.text).visas & BOTH
    if block.number > mind.list_ends or not visas:
        return False
    claims = tuple(Claim(visa, YES, (), ("announced_list",), explicit=False, weak=True) for visa in sorted(visas))
    said.append(said_of(claims, block, Sentence(block.text, 0, len(block.text)), 1))
    mind.spoken = tuple(sorted(visas))
    return True


def bare_name(mind: Mind, block: Block) -> bool:
    """A bare visa name above a bare "Yes" or "No" is a question, though it has no question mark."""
    words = parse(block.text)
    if not words.visas & BOTH or len(words.found) > 2 or words.marks:
        return False
    mind.question, mind.question_text, mind.question_at = words, block.text, (block.number, 0, len(block.text))
    mind.answered, mind.optional = False, True
    return True


def ask(mind: Mind, said: list[Said], words: Parsed, text: str, at: tuple[int, int, int]) -> None:
    if not mind.answered and not words.visas and mind.question_at[0] == at[0] and len(words.found) <= 8:
        return  # "I read that you sponsor the H-1B. Is that so?"
    close(mind, said)
    mind.exam_ends = at[0] if words.has("exam") and not words.visas else -2
    mind.last_asked = answers.asks_about_visas(words, mind.last_asked)
    if not mind.last_asked:
        mind.spoken = ()  # "Do I have to signal you? It helps.": no visa does
    else:
        mind.question, mind.question_text, mind.question_at, mind.answered = words, text, at, False


def close(mind: Mind, said: list[Said]) -> None:
    """A question on visas that nothing answered leaves the matter open."""
    if mind.question is not None and not mind.answered and not mind.optional:
        visas = mind.question.visas & BOTH or mind.question.visas & {ANY, OTHERS}
        claims = tuple(Claim(visa, CONTACT, (), ("unanswered_question",)) for visa in sorted(visas))
        if claims:
            said.append(Said(claims, mind.question_text, *mind.question_at))
    mind.question, mind.answered, mind.optional = None, True, False
