"""What is carried from one sentence to the next, and the assertions made so far.

What belongs here: the state and its changes by questions, names and lists.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.documents.blocks import ITEM, Block
from pipeline.documents.sentences import Sentence
from pipeline.policies.claims import CONTACT, Claim, Parsed, parse
from pipeline.policies.sentence import answers
from pipeline.policies.sentence.clauses import PERSONS
from pipeline.policies.sentence.polarity import YES
from pipeline.policies.tokens import ANY, BOTH, LABEL_NOUNS, OTHERS
from pipeline.text.characters import collapse

MAX_LABEL = 4  # words of a visa's name above a bare answer


@dataclass(frozen=True)
class Assertion:
    """A sentence that claims something: its claims, its words, its block and place, the question it answers if bare."""

    claims: tuple[Claim, ...]
    quote: str
    block: int
    start: int
    end: int
    specific: int = 1
    question: str = ""
    entry_date: date | None = None


@dataclass
class DiscourseState:
    """What is carried from one sentence to the next."""

    question: Parsed | None = None
    question_text: str = ""
    question_at: tuple[int, int, int] = (0, 0, 0)
    answered: bool = True
    optional: bool = False  # a topic rather than a question: no answer is needed
    stacked: bool = False  # right below another question without an answer: whose answer follows is open
    last_on_visas: bool = False
    exam_ends: int = -2  # last block of the answer to a question on an examination
    last_answer: tuple[Claim, ...] = ()
    mentioned: tuple[str, ...] = ()
    predicate: str = ""
    duty: bool = False  # the sentence before was about an examination that is required
    block: int = -1
    listed: tuple[str, ...] = ()  # visas named in the list that is being read
    refused: bool = False  # by a verb of refusal, not by a negator: "the H-1B has ended"
    of_other_people: bool = False  # the visas mentioned were those of other people
    entry_date: date | None = None  # date of the entry that is being read
    list_ends: int = -1  # last block of a list of visas that the page announced


def assertion_of(
    claims: tuple[Claim, ...], block: Block, sentence: Sentence, specific: int, question: str = ""
) -> Assertion:
    """Return the assertion of a sentence of `block`; question: the one it answers if it is a bare answer."""
    quote = collapse(block.text[sentence.start : sentence.end])
    return Assertion(claims, quote, block.number, sentence.start, sentence.end, specific, question)


def remember(state: DiscourseState, parsed: Parsed, block: Block, assertions: list[Assertion]) -> None:
    """Remember the visas just mentioned, in their order; those of a list together."""
    named = {place: word.visas & BOTH for place, word in enumerate(parsed.tokens) if word.visas}
    clauses = parsed.clauses if named else []  # most sentences need none
    persons = {place for clause in clauses if clause.joined == PERSONS for place in clause.places}
    order = [visa for place, visas in named.items() if place not in persons for visa in sorted(visas)]
    if block.kind == ITEM:
        state.listed = tuple(dict.fromkeys((*state.listed, *order)))
    elif order:
        state.listed = ()
    if order:
        state.of_other_people = parsed.has("nontrainee") and not (assertions and assertions[-1].block == block.number)
        state.mentioned = tuple(dict.fromkeys(order))
    elif parsed.visas & {ANY}:
        state.mentioned = (ANY,)


def announced(state: DiscourseState, block: Block, assertions: list[Assertion]) -> bool:
    """Take a visa's name as a heading or line of its own in an announced list for an item of that list; what is said
    of it by itself counts more.

    Returns whether it is one.
    """
    visas = parse(block.text).visas & BOTH
    if block.number > state.list_ends or not visas:
        return False
    claims = tuple(Claim(visa, YES, (), ("announced_list",), explicit=False, weak=True) for visa in sorted(visas))
    assertions.append(assertion_of(claims, block, Sentence(block.text, 0, len(block.text)), 1))
    state.mentioned = tuple(sorted(visas))
    return True


def bare_name(state: DiscourseState, block: Block) -> bool:
    """Take a bare visa name above a bare "Yes" or "No" for a question, though it has no question mark; returns whether
    it is one."""
    parsed = parse(block.text)
    if not parsed.visas & BOTH or len(parsed.tokens) > MAX_LABEL or parsed.has("only", "neg", "refuse"):
        return False
    words = parsed.tokens[:-1] if parsed.tokens[-1].text == ":" else parsed.tokens
    if not all(word.trainee or word.text in LABEL_NOUNS for word in words):
        return False
    state.question, state.question_text, state.question_at = parsed, block.text, (block.number, 0, len(block.text))
    state.answered, state.optional = False, True
    return True


def ask(
    state: DiscourseState, assertions: list[Assertion], parsed: Parsed, text: str, at: tuple[int, int, int]
) -> None:
    """Open a question on visas; one on anything else closes what was open. at: block and characters of it."""
    if not state.answered and not parsed.visas and state.question_at[0] == at[0] and len(parsed.tokens) <= 8:
        return  # "I read that you sponsor the H-1B. Is that so?"
    waiting = state.question.visas & BOTH if state.question is not None and not state.answered else frozenset[str]()
    state.stacked = (
        bool(waiting) and state.question_at[0] != at[0] and not waiting & parsed.visas and bool(parsed.visas & BOTH)
    )
    close(state, assertions)
    of_requirement = answers.asks_for_requirement(parsed)
    state.exam_ends = at[0] if of_requirement or (parsed.has("exam") and not parsed.visas) else -2
    state.last_on_visas = not of_requirement and answers.asks_about_visas(parsed, state.last_on_visas)
    if not state.last_on_visas:
        state.mentioned = ()  # "Do I have to signal you? It helps.": no visa does
    else:
        state.question, state.question_text, state.question_at, state.answered = parsed, text, at, False


def close(state: DiscourseState, assertions: list[Assertion]) -> None:
    """Close the question under way; one on visas that nothing answered leaves the policy open."""
    if state.question is not None and not state.answered and not state.optional:
        visas = state.question.visas & BOTH or state.question.visas & {ANY, OTHERS}
        claims = tuple(Claim(visa, CONTACT, (), ("unanswered_question",)) for visa in sorted(visas))
        if claims:
            assertions.append(Assertion(claims, state.question_text, *state.question_at))
    state.question, state.answered, state.optional = None, True, False
