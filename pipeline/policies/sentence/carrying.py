"""How a sentence bears on the one before: replies, pronouns, exceptions to a refusal, footnotes, topics of letters.

What belongs here: changes to assertions made before. What a sentence claims by itself is in `assertions`.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.documents.blocks import Block
from pipeline.documents.sentences import Sentence
from pipeline.policies.audience import LESSER
from pipeline.policies.claims import Claim, Parsed, parse
from pipeline.policies.footnotes import Footnotes
from pipeline.policies.sentence import replies
from pipeline.policies.sentence.conditions import conditions_of
from pipeline.policies.sentence.discourse_state import Assertion, DiscourseState, assertion_of
from pipeline.policies.sentence.mentions import only_topic
from pipeline.policies.sentence.negation import denied
from pipeline.policies.sentence.polarity import CONDITIONAL, NO
from pipeline.policies.tokens import BOTH
from pipeline.text.characters import wordset

_NEVER = wordset("no not never none nor without nobody neither")


def add_footnote(assertions: list[Assertion], claims: tuple[Claim, ...], footnotes: Footnotes) -> None:
    """Add the footnote that made one of `claims` conditional, so that it is quoted too."""
    footnote = footnotes.block_behind(claims)
    if footnote is not None:
        made = tuple(claim for claim in claims if "footnote" in claim.rules)
        assertions.append(
            assertion_of(made, footnote, Sentence(footnote.text, 0, len(footnote.text)), assertions[-1].specific)
        )


def topic_of_letters(state: DiscourseState, parsed: Parsed, text: str, at: tuple[int, int, int]) -> None:
    """Take the topic of letters for an open question: "We are often asked about the H-1B" may be answered by "The
    answer is no"."""
    named = [clause for clause in parsed.clauses if clause.visas & BOTH] if parsed.visas else []
    if named and all(only_topic(clause, parsed.tokens) for clause in named):
        state.question, state.question_text, state.question_at = parsed, text, at
        state.answered, state.optional = False, True


def with_reply(
    parsed: Parsed, claims: tuple[Claim, ...], state: DiscourseState, block: Block, assertions: list[Assertion]
) -> tuple[tuple[Claim, ...], str]:
    """Add what the sentence says of the visas of the one before, and demote that one if it spoke of other people.

    Returns the claims, and the sentence before where this one is a bare reply to it.
    """
    last = assertions[-1] if assertions and assertions[-1].block >= block.number - 1 and assertions[-1].quote else None
    named = parsed.visas & BOTH
    again = replies.same_again(parsed.tokens, parsed.triggers) if last is not None and named else ""
    if last is not None and again:
        return replies.repeated(last.claims, named, again), ""
    left_out = state.mentioned and set(state.mentioned) <= BOTH and replies.leaves_trainees_out(parsed)
    if left_out:
        claims = tuple(claim for claim in claims if claim.visa in parsed.visas)
        if last is not None:
            assertions[-1] = replace(last, specific=LESSER)
        if replies.speaks_of_other_people(parsed):
            return claims, ""
        return (*claims, *(Claim(visa, NO, (), ("reply",)) for visa in sorted(set(state.mentioned) - parsed.visas))), ""
    reply = replies.bare_reply(parsed)
    if last is None or not reply:
        return claims, ""
    before = parse(last.quote)
    taken = replies.taken_up(reply, last.claims, before.tokens[0].text in ("we", "our"), before.has("neg"))
    if taken and reply == "no":
        assertions[-1] = replace(last, specific=LESSER)
    others = (claim for claim in claims if claim.visa not in {made.visa for made in taken})
    return (*taken, *others), last.quote if taken else ""


def of_pronoun(parsed: Parsed, mentioned: tuple[str, ...], claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """Return what is asserted of "it" besides a named visa: "We sponsor it, and the J-1", after a sentence on the H-1B."""
    if len(mentioned) != 1 or not claims or mentioned[0] not in BOTH - parsed.visas:
        return ()
    first_clause = parsed.clauses[0]
    ones = any(parsed.tokens[p].text == "ones" for p in first_clause.places) and not first_clause.visas
    if ones and first_clause.has("support", "weak", "refuse") and denied(first_clause, parsed.tokens):
        return (Claim(mentioned[0], NO, (), ("reply",)),)  # "No new ones will be started; residents use the J-1"
    acts = {trigger.last + 1 for trigger in parsed.triggers if trigger.has("support", "refuse")}
    first = next(number for number, word in enumerate(parsed.tokens) if word.trainee) if parsed.visas & BOTH else 0
    object_of = any(place < first and parsed.tokens[place].text in ("it", "them") for place in acts)
    return (replace(claims[0], visa=mentioned[0]),) if object_of else ()


def reopen(assertions: list[Assertion], parsed: Parsed, block: Block, sentence: Sentence) -> None:
    """Turn a refusal into a condition where an exception follows: "Exceptions can be made by the chair"."""
    last = assertions[-1] if assertions else None
    excepts = any(word.lemma in ("exception", "exempt", "exemption") for word in parsed.tokens)
    if last is not None and excepts and any(word.text in _NEVER for word in parsed.tokens):
        if len(parsed.tokens) <= 12 and last.block == block.number and any(claim.stance == NO for claim in last.claims):
            assertions.append(
                assertion_of(tuple(c for c in last.claims if c.stance == NO), block, sentence, last.specific)
            )
        return
    if (
        last is None
        or not excepts
        or parsed.has("neg", "refuse", "ask", "fact", "undecided")
        or last.block < block.number - 1
    ):
        return
    conditions = conditions_of(parsed.whole(), parsed.tokens) or ("exceptional",)
    changed = tuple(
        replace(claim, stance=CONDITIONAL, conditions=conditions, rules=(*claim.rules, "exception"))
        if claim.stance == NO and claim.explicit and claim.visa in BOTH
        else claim
        for claim in last.claims
    )
    if changed != last.claims:
        assertions[-1] = replace(last, claims=changed)
        extra = tuple(claim for claim in changed if claim.stance == CONDITIONAL)
        assertions.append(assertion_of(extra, block, sentence, last.specific))
