"""What one sentence claims after those before it: a bare answer, a visa meant without its name, what is implied.

What the sentence claims by itself is in `assertions`; what is remembered from one to the next in `discourse_state`.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from pipeline.policies.claims import CONTACT, Claim, Context, Parsed, parse
from pipeline.policies.sentence import answers, replies
from pipeline.policies.sentence.assertions import claims_of
from pipeline.policies.sentence.carrying import (
    of_pronoun,
)
from pipeline.policies.sentence.discourse_state import (
    DiscourseState,
)
from pipeline.policies.sentence.eligibility import eligibility_claims, only_citizens_and_j1
from pipeline.policies.sentence.polarity import NO, STRONG, WEAK, YES, leaves_out_those_abroad
from pipeline.policies.sentence.surroundings import (
    elliptic,
    points_back,
    refers,
    sole_one,
    sums_up,
)  # fmt: skip
from pipeline.policies.tokens import ANY, BOTH, H1B, J1, OTHERS, is_blank
from pipeline.text.characters import wordset

_CASES = wordset("when if where unless whenever should")


def claims_in_discourse(
    parsed: Parsed, text: str, state: DiscourseState, context: Context
) -> tuple[tuple[Claim, ...], str]:
    """Return the claims of one sentence, and the question it answers if it is a bare answer."""
    if state.optional and not state.answered and not answers.verdict(parsed):
        state.question, state.answered, state.optional = None, True, False
    if state.question is not None and not state.answered:
        if answers.is_control(text):
            return (), ""
        state.answered = True
        return _claims_of_answer(parsed, text, state, state.question)
    implied = _implied(parsed, state, context)
    if implied is not None:
        return implied, ""
    mentioned = _mentioned_without_name(parsed, state, context)
    inherited = replace(
        context, visas=mentioned, predicate=context.predicate or (state.predicate if elliptic(parsed) else "")
    )
    claims = claims_of(parsed, inherited) if parsed.visas or mentioned else ()
    if state.of_other_people and not parsed.visas:
        claims = tuple(claim for claim in claims if claim.stance in (NO, CONTACT))
    if parsed.visas == {ANY} and mentioned:
        claims = tuple(replace(claim, visa=visa) for claim in claims for visa in sorted(mentioned) if claim.visa == ANY)
    others = parsed.tokens[0].text in ("they", "these", "those")  # "Many hospitals refuse it. They do not."
    if state.refused and elliptic(parsed) and not parsed.has("refuse"):
        claims = (
            ()
            if others
            else tuple(replace(c, stance=YES, time=0, rules=("reply",)) if c.stance == NO else c for c in claims)
        )
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
    return _limited(claims, parsed), ""


def _limited(claims: tuple[Claim, ...], parsed: Parsed) -> tuple[Claim, ...]:
    """Add that the H-1B is left out where nobody may come but on a J-1 or without need of a visa."""
    if {claim.visa for claim in claims} == {J1} and only_citizens_and_j1(parsed):
        return (*claims, Claim(H1B, NO, (), ("only",), explicit=False))
    return claims


def _claims_of_answer(
    parsed: Parsed, text: str, state: DiscourseState, question: Parsed
) -> tuple[tuple[Claim, ...], str]:
    """Return the claims of the answer to `question`, and the question where the answer is bare."""
    if state.stacked and not parsed.visas:
        return tuple(Claim(visa, CONTACT, (), ("whose_answer",)) for visa in sorted(question.visas & BOTH)), ""
    if replies.same_answer(parsed):
        return replies.repeated(state.last_answer, question.visas & BOTH, "same"), state.question_text
    claims, answered_question = _read_answer(question, state.question_text, parsed, text)
    state.last_answer = claims
    return claims, answered_question


def _mentioned_without_name(parsed: Parsed, state: DiscourseState, context: Context) -> frozenset[str]:
    """Return the visas that a sentence speaks of without their names: those of the heading, the list or the sentence
    before."""
    if not parsed.visas and H1B in state.mentioned and leaves_out_those_abroad(parsed.whole(), parsed.tokens):
        return frozenset({H1B})
    if not parsed.visas and _anything_else(parsed):
        return frozenset({OTHERS})
    if parsed.visas == {ANY} and sums_up(parsed):
        return frozenset(state.listed)
    mentioned = context.visas if refers(parsed) else frozenset()
    if not parsed.visas and points_back(parsed):
        mentioned = mentioned or frozenset(state.mentioned) or context.visas & BOTH
    return mentioned


def _implied(parsed: Parsed, state: DiscourseState, context: Context) -> tuple[Claim, ...] | None:
    """Return what a sentence implies after the one before; None where it speaks for itself."""
    if context.in_list and parsed.tokens[0].text in _CASES and not any(word.text == "," for word in parsed.tokens):
        return ()  # "When no J-1 sponsorship is available": a case in which something above holds
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
    """Recognise "Applicants who would need sponsorship should write to us"."""
    terms = [word.lemma for word in parsed.tokens]
    need = next((k for k, word in enumerate(terms) if word in ("need", "require")), None)
    return need is not None and "sponsorship" in terms[need + 1 : need + 4] and parsed.has("people")


def _anything_else(parsed: Parsed) -> bool:
    """Recognise "If it's anything else, no."."""
    return any(one.text == "anything" and two.text == "else" for one, two in pairwise(parsed.tokens))


def _read_answer(question: Parsed, question_text: str, parsed: Parsed, text: str) -> tuple[tuple[Claim, ...], str]:
    yes_or_no = answers.verdict(parsed)
    if is_blank([word.text for word in parsed.tokens]):
        return (), ""
    stated = (
        parsed.visas and parsed.has("neg") and parsed.has("support") and not yes_or_no
    )  # "We do not accept people on visas"
    if not parsed.visas & BOTH and not stated:
        bare = answers.bare_claims(question, parsed, yes_or_no)
        if bare:
            return bare, question_text
    first = answers.bare_claims(question, parsed, yes_or_no) if yes_or_no else ()
    of_question = Context(question.visas & BOTH, STRONG, answers.inverted(question), True)
    own = claims_of(parse(answers.without_verdict(text)), of_question, first)
    rest = question.visas & BOTH - parsed.visas
    if own and rest and not question.visas & parsed.visas & BOTH and parsed.tokens[0].text in ("no", "yes"):
        own = (*(claim for claim in first if claim.visa in rest), *own)
    if own:
        return _limited(own, parsed), question_text if len(parsed.tokens) < 8 else ""
    return eligibility_claims(parsed), ""
