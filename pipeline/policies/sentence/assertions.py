"""What one sentence asserts of J-1, H-1B or visas in general: claims, one for each visa of each clause.

Clauses about other people (faculty, researchers, families), other times or other matters (fees, waivers, how long a
visa lasts) assert nothing here. Where the words are beyond the reader, the claim is `contact`, never a guess.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from pipeline.policies.claims import ELSEWHERE, Claim, Context, Parsed
from pipeline.policies.sentence.clause_claims import clause_claims, has_verb, unfilled
from pipeline.policies.sentence.clauses import PERSONS, Clause
from pipeline.policies.sentence.experiencer import elsewhere, for_other_people, holds_for_other_people
from pipeline.policies.sentence.joining import (
    for_fellows,
    joined,
    leaves_out,
    likewise,
    of_both,
    qualified,
    speaks_of_it,
)
from pipeline.policies.sentence.negation import negations
from pipeline.policies.sentence.polarity import CONDITIONAL, NO, STRONG, YES, sense
from pipeline.policies.sentence.symbols import only_symbols
from pipeline.policies.sentence.topic import (
    Topic,
    topic_of,
)
from pipeline.policies.tokens import BOTH, ECFMG, H1B, J1, Token


def claims_of(parsed: Parsed, context: Context, before: tuple[Claim, ...] = ()) -> tuple[Claim, ...]:
    """Return the claims of one sentence in its context; empty if it states no policy.

    before: claims that "neither", "nor" may repeat, those of a bare yes or no that opens the sentence.
    """
    tokens = parsed.tokens
    if for_other_people(parsed.clauses, tokens) or only_symbols(parsed):
        return ()
    made: list[Claim] = []
    predicate = context.predicate
    ahead = next((sense(part, tokens).predicate for part in parsed.clauses if has_verb(part)), "")
    named = False
    given_to_other_people: frozenset[str] = frozenset()  # visas that the clause before gave to other people
    not_ours: frozenset[str] = frozenset()  # visas of which the clause before states what others do
    conceded = 0  # claims of an opening "while the institution sponsors both, ..."
    parts = joined(parsed.clauses, tokens)
    for number, part in enumerate(parts):
        if part.joined == PERSONS:
            continue
        clause = of_both(part, tokens, [visa for other in parts[:number] for visa in other.visas])
        if _denies_nothing(clause, parts, number, tokens) or (made and _adds_nothing(clause, tokens, made[-1])):
            continue
        if given_to_other_people and not clause.visas and leaves_out(clause, tokens):
            made.extend(Claim(visa, NO, (), ("reserved_for_staff",)) for visa in sorted(given_to_other_people))
            continue
        if not_ours and speaks_of_it(clause, tokens):
            clause = replace(clause, visas=clause.visas | not_ours)
        if not clause.visas and (named or not context.visas):
            made = qualified(made, clause, tokens)
            predicate = predicate or sense(clause, tokens).predicate
            continue
        copied = likewise(clause, tokens, made or list(before))
        if copied:
            made.extend(copied)
            continue
        other = (about := topic_of(clause, tokens)) is Topic.OTHER
        claims = [] if other else _claims_of_clause(clause, parsed, context, predicate or ahead, about)
        made.extend(claims)
        not_ours = clause.visas & BOTH if other or any(ELSEWHERE in claim.rules for claim in claims) else frozenset()
        given_to_other_people = clause.visas & BOTH if other and clause.has("nontrainee") else frozenset()
        if not other:
            own = sense(clause, tokens).predicate
            predicate = STRONG if STRONG in (own, predicate) else own or predicate
            named = named or bool(clause.visas)
        if clause.joined == "stated":
            conceded = len(made)
    made = made[conceded:] if any("only" in claim.rules for claim in made[conceded:]) else made
    made = _transfers(_limited(made, parts), parts, tokens)
    return tuple(for_fellows(_left_to_ecfmg(made, parts, tokens), parsed))


def _transfers(made: list[Claim], parts: list[Clause], tokens: list[Token]) -> list[Claim]:
    """Make the no of "those who hold an H-1B may transfer it; new petitions are not filed" a condition: some can come."""
    taken = any(
        H1B in part.visas
        and any(trigger.value("cond") == "transfer_only" for trigger in part.triggers)
        and not negations(part, tokens)
        for part in parts
    )
    denied_new = any(two.text == "<h1b>" and one.text == "new" for one, two in pairwise(tokens))
    if not taken or not denied_new:
        return made
    return [
        replace(claim, stance=CONDITIONAL, conditions=("transfer_only",))
        if (claim.visa, claim.stance) == (H1B, NO)
        else claim
        for claim in made
    ]


def _left_to_ecfmg(made: list[Claim], parts: list[Clause], tokens: list[Token]) -> list[Claim]:
    """Return the claims of "We do not sponsor the J-1; ECFMG is its sponsor" with the J-1 as one that can be had."""
    left = any(
        any(tokens[p].text == ECFMG for p in part.places)
        and any(tokens[p].lemma in ("sponsor", "sponsorship") for p in part.places)
        and not negations(part, tokens)
        for part in parts
    )
    if not left:
        return made
    return [
        replace(claim, stance=YES, rules=(*claim.rules, "left_to_ecfmg"))
        if (claim.visa, claim.stance) == (J1, NO)
        else claim
        for claim in made
    ]


def _claims_of_clause(clause: Clause, parsed: Parsed, context: Context, predicate: str, about: Topic) -> list[Claim]:
    """Return the claims of a clause, marked where it holds elsewhere or for other people."""
    claims = [] if unfilled(clause, parsed.tokens) else clause_claims(clause, parsed, context, predicate, about)
    if not claims or not holds_for_other_people(clause, parsed):
        return claims
    return [replace(claim, rules=(*claim.rules, ELSEWHERE)) for claim in claims]


def _limited(made: list[Claim], parts: list[Clause]) -> list[Claim]:
    """Make the H-1B of "for those who cannot get a J-1" conditional: it is given to them alone."""
    kept_from = frozenset(visa for part in parts if part.joined == PERSONS for visa in part.visas)
    if not kept_from:
        return made
    return [
        replace(claim, stance=CONDITIONAL, conditions=("other_condition",), rules=(*claim.rules, "persons"))
        if claim.stance == YES and claim.explicit and claim.visa not in kept_from
        else claim
        for claim in made
    ]


def _denies_nothing(clause: Clause, parts: list[Clause], number: int, tokens: list[Token]) -> bool:
    """Decide whether a clause denies neither ("... because they need the one rather than the other") or is about
    people ("... for those who cannot obtain a J-1")."""
    if clause.joined == "contrast":
        return not _plainly_affirmed(parts, number, tokens)
    return clause.joined == "rel" and tokens[clause.places[0]].text == "who" and bool(negations(clause, tokens))


def _adds_nothing(clause: Clause, tokens: list[Token], last: Claim) -> bool:
    """Recognise "H-1Bs are not sponsored, even for residents who transfer", "..., though some of our fellowships
    may"."""
    if not clause.visas and elsewhere(clause, tokens):
        return True
    return last.stance == NO and tokens[clause.places[0]].text == "even" and not clause.has("support", "refuse")


def _plainly_affirmed(parts: list[Clause], number: int, tokens: list[Token]) -> bool:
    """Decide whether what a contrast ("rather than the H-1B") is set against is asserted without any negation."""
    beside = [part for part in (*parts[max(0, number - 1) : number], *parts[number + 1 : number + 2]) if part.visas]
    return not beside or not any(negations(part, tokens) for part in beside)
