"""What one sentence asserts of J-1, H-1B or visas in general: claims, one for each visa of each clause.

Clauses about other people (faculty, researchers, families), other times or other matters (fees, waivers, how long a
visa lasts) assert nothing here. Where the words are beyond the reader, the claim is `contact`, never a guess.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from pipeline.policies.claims import CONTACT, ELSEWHERE, Claim, Context, Parsed
from pipeline.policies.sentence.clauses import PERSONS, Clause
from pipeline.policies.sentence.conditions import H1B_ALONE, VAGUE, conditions_of
from pipeline.policies.sentence.exclusivity import Split, only_visas, split_exception
from pipeline.policies.sentence.experiencer import changed_to, elsewhere, for_other_people, holds_for_other_people
from pipeline.policies.sentence.joining import (
    for_fellows,
    joined,
    leaves_out,
    likewise,
    of_both,
    qualified,
    speaks_of_it,
)
from pipeline.policies.sentence.negation import denied, negations
from pipeline.policies.sentence.polarity import CONDITIONAL, NO, STRONG, UNCLEAR, WEAK, YES, Sense, sense
from pipeline.policies.sentence.symbols import only_symbols, with_blank
from pipeline.policies.sentence.times import time_of
from pipeline.policies.sentence.topic import (
    Topic,
    asks_exam,
    left_to_each_program,
    said_by_ecfmg,
    topic_of,
)
from pipeline.policies.sentence.verbs import unknown_verb
from pipeline.policies.tokens import ANY, BOTH, H1B, J1, OTHERS, Token
from pipeline.text.characters import wordset

_AFTER_NAME = wordset("for to only by with on at in solely exclusively")
_SUBJECTS = ("people", "trainee", "agent", "subset", "citizen", "pr", "ead", "require")
_VERBS = ("support", "refuse", "yesword", "noword", "weak")
_ALL = wordset("all any every")
_OPENERS = wordset(
    "a an the for in on by with and or but so no not also only then visa visas status of to our your any new all"
    " as well while whereas although though whether either both neither nor , : - ( ) \" ' & / + • such current"
    " currently now ecfmg 's just do we"
)


def claims_of(parsed: Parsed, context: Context, before: tuple[Claim, ...] = ()) -> tuple[Claim, ...]:
    """Claims of one sentence in its surroundings; empty if it states no policy.

    `before` are claims that "neither", "nor" may repeat: those of a bare yes or no that opens the sentence.
    """
    tokens = parsed.tokens
    if for_other_people(parsed.clauses, tokens) or only_symbols(parsed):
        return ()
    made: list[Claim] = []
    predicate = context.predicate
    ahead = next((sense(part, tokens).predicate for part in parsed.clauses if has_verb(part)), "")
    named = False
    kept_from: frozenset[str] = frozenset()
    given_to_other_people: frozenset[str] = frozenset()  # visas that the clause before gave to other people
    not_ours: frozenset[str] = frozenset()  # visas of which the clause before said what others do
    conceded = 0  # claims of an opening "while the institution sponsors both, ..."
    parts = joined(parsed.clauses, tokens)
    for number, part in enumerate(parts):
        if part.joined == PERSONS:
            kept_from |= part.visas
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
        about = topic_of(clause, tokens)
        not_ours = clause.visas & BOTH if about is Topic.OTHER else frozenset()
        given_to_other_people = (
            clause.visas & BOTH if about is Topic.OTHER and clause.has("nontrainee") else frozenset()
        )
        if about is not Topic.OTHER:
            claims = _clause_claims(clause, parsed, context, predicate or ahead, about)
            if claims and holds_for_other_people(clause, parsed):
                claims = [replace(claim, rules=(*claim.rules, ELSEWHERE)) for claim in claims]
            not_ours = clause.visas & BOTH if any(ELSEWHERE in claim.rules for claim in claims) else frozenset()
            made.extend(claims)
            own = sense(clause, tokens).predicate
            predicate = STRONG if STRONG in (own, predicate) else own or predicate
            named = named or bool(clause.visas)
        if clause.joined == "stated":
            conceded = len(made)
    if any("only" in claim.rules for claim in made[conceded:]):
        made = made[conceded:]
    return with_blank(tuple(for_fellows(_limited(made, kept_from), parsed)), tokens)


def _limited(made: list[Claim], kept_from: frozenset[str]) -> list[Claim]:
    """ "We file an H-1B for those who cannot get a J-1": given to them alone."""
    if not kept_from:
        return made
    return [
        replace(claim, stance=CONDITIONAL, conditions=("other_condition",), rules=(*claim.rules, "persons"))
        if claim.stance == YES and claim.explicit and claim.visa not in kept_from
        else claim
        for claim in made
    ]


def _denies_nothing(clause: Clause, parts: list[Clause], number: int, tokens: list[Token]) -> bool:
    """ "... because they need the one rather than the other" denies neither; "... for those who cannot obtain a J-1" is
    about people."""
    if clause.joined == "contrast":
        return not _plainly_affirmed(parts, number, tokens)
    return clause.joined == "rel" and tokens[clause.places[0]].text == "who" and bool(negations(clause, tokens))


def _adds_nothing(clause: Clause, tokens: list[Token], last: Claim) -> bool:
    """ "H-1Bs are not sponsored, even for residents who transfer", "..., though some of our fellowships may"."""
    if not clause.visas and elsewhere(clause, tokens):
        return True
    return last.stance == NO and tokens[clause.places[0]].text == "even" and not clause.has("support", "refuse")


def _plainly_affirmed(parts: list[Clause], number: int, tokens: list[Token]) -> bool:
    """Whether what a contrast ("rather than the H-1B") is set against is said without any negation."""
    beside = [part for part in (*parts[max(0, number - 1) : number], *parts[number + 1 : number + 2]) if part.visas]
    return not beside or not any(negations(part, tokens) for part in beside)


def has_verb(clause: Clause) -> bool:
    """Whether the clause has a verb of ours or a yes or no of its own."""
    return clause.has(*_VERBS)


def _clause_claims(clause: Clause, parsed: Parsed, context: Context, predicate: str, about: Topic) -> list[Claim]:
    tokens = parsed.tokens
    when = time_of(clause, tokens, parsed.triggers)
    everything = sorted(clause.visas or context.visas)
    settled = _changed(clause, tokens, when) or _settled_claims(clause, parsed, about, when, everything)
    if settled:
        return settled
    exception = split_exception(clause, tokens)
    if exception is not None:
        return _exception_claims(exception, tokens, predicate, when)
    meaning = sense(clause, tokens, predicate or (WEAK if context.labelled or _listed(clause, tokens) else ""))
    if context.negative and meaning.stance in (YES, CONDITIONAL) and not has_verb(clause):
        meaning = meaning._replace(stance=NO, rules=(*meaning.rules, "negative_heading"))
    if meaning.predicate == UNCLEAR or (meaning.stance and _strange(clause, tokens)):
        return [Claim(visa, CONTACT, (), ("unclear",), when) for visa in everything]
    sole = only_visas(clause, tokens)
    if sole:
        return _sole_claims(sole, clause, meaning, when)
    if clause.has("nothing_else") and meaning.stance == YES and clause.visas & BOTH:
        return [Claim(visa, CONTACT, (), ("unclear",), when) for visa in everything]  # "... and there are no others"
    return _plain_claims(clause, tokens, meaning, when, everything)


def _changed(clause: Clause, tokens: list[Token], when: int) -> list[Claim]:
    """ "Holders of an H-1B must change to the J-1": the one is taken, the other is not."""
    target = changed_to(clause, tokens)
    left = clause.visas & BOTH - target if target else frozenset[str]()
    made = [Claim(visa, YES, (), ("stated",), when, weak=True) for visa in sorted(target)]
    return made + [Claim(visa, NO, (), ("changed",), when) for visa in sorted(left)]


def _settled_claims(clause: Clause, parsed: Parsed, about: Topic, when: int, everything: list[str]) -> list[Claim]:
    settled = _settled(clause, parsed.tokens, about) or _prerequisite(clause)
    if settled is None:
        return []
    stance, rule = settled
    named = sorted(clause.visas & BOTH) if stance == NO else everything
    implied = rule == "prerequisite"
    when = max(when, 0) if implied else when  # "prior to January" is when the examination is due
    return [Claim(visa, stance, (), (rule,), when, explicit=not implied, weak=implied) for visa in named]


def _settled(clause: Clause, tokens: list[Token], about: Topic) -> tuple[str, str] | None:
    """Stance and rule where they follow from what the clause is about, whatever its verbs."""
    if about is Topic.STAFF_ONLY:
        return NO, "reserved_for_staff"
    if about is Topic.ASK:
        return CONTACT, "ask"
    if clause.has("wish") and clause.has("support"):
        return CONTACT, "wished"
    if clause.joined == "contrast":
        return NO, "contrast"
    return (CONTACT, "decided_elsewhere") if left_to_each_program(clause, tokens) else None


def _prerequisite(clause: Clause) -> tuple[str, str] | None:
    """ "H-1B applicants must have passed Step 3", "no H-1B without Step 3": who meets it may have one."""
    if clause.visas & BOTH != {H1B} or not clause.has("exam") or clause.has("support", "refuse", "cond", "prefer"):
        return None
    return (YES, "prerequisite") if asks_exam(clause) else None


def _plain_claims(clause: Clause, tokens: list[Token], meaning: Sense, when: int, everything: list[str]) -> list[Claim]:
    if not meaning.stance:
        acting = clause.has("agent") and H1B in clause.visas and when >= 0 and unknown_verb(clause, tokens)
        return [Claim(H1B, CONTACT, (), ("unclear",), when)] if acting else []
    named = sorted(clause.visas & BOTH)
    rules = meaning.rules
    weak = meaning.predicate == WEAK
    if named and said_by_ecfmg(clause, tokens):
        rules, weak = (*rules, "ecfmg_as_sponsor"), True
    elif clause.has("also"):
        rules = (*rules, "also")
    if meaning.conditions == ("transfer_only",) and named == [J1] and clause.has("equal", "support"):
        meaning = meaning._replace(stance=YES, conditions=())
    if len(named) == 2 and meaning.stance == CONDITIONAL and set(meaning.conditions) <= H1B_ALONE:
        return [
            Claim(J1, YES, (), ("stated",), when),
            Claim(H1B, CONDITIONAL, meaning.conditions, rules, when, weak=weak),
        ]
    made = [Claim(visa, meaning.stance, meaning.conditions, rules, when, weak=weak) for visa in named or everything]
    vague = meaning.stance == YES or (meaning.stance == CONDITIONAL and set(meaning.conditions) <= VAGUE)
    if H1B in clause.visas and vague and when >= 0 and unknown_verb(clause, tokens):
        return [claim for claim in made if claim.visa != H1B] + [Claim(H1B, CONTACT, (), ("unclear",), when)]
    if weak and meaning.stance == YES and not clause.has(*_SUBJECTS) and not _listed(clause, tokens):
        # "The H-1B has ...": a yes on weak grounds is none where nobody has the visa or gives it.
        unclear = [Claim(H1B, CONTACT, (), ("unclear",), when)] if H1B in named and when >= 0 else []
        made = [claim for claim in made if claim.visa != H1B] + unclear
    return made


def _strange(clause: Clause, tokens: list[Token]) -> bool:
    """A fragment without a verb whose opening words the reader does not know: what it says of the visa is unclear."""
    if has_verb(clause) or clause.joined not in (",", "-", "–", "rel"):
        return False
    known = {place for trigger in clause.triggers for place in range(trigger.first, trigger.last + 1)}
    for place in clause.places:
        if tokens[place].trainee:
            return False
        if tokens[place].text not in _OPENERS and place not in known:
            return True
    return False


def _listed(clause: Clause, tokens: list[Token]) -> bool:
    """Whether the name stands in a list of what is acceptable: after a label, or beside citizens and permanent
    residents."""
    if any(tokens[p].text == ":" and _filled(clause, tokens, p) for p in clause.places):
        return True
    opening = [p for p in clause.places[:6] if tokens[p].lemma != "be"][:4]
    if any(tokens[p].trainee and tokens[q].text in _AFTER_NAME for p, q in pairwise(opening)):
        return True
    if any(tokens[p].trainee and tokens[p + 1 : p + 2] and tokens[p + 1].text == "(" for p in clause.places):
        return True
    return clause.has("citizen", "pr", "ead") or bool(clause.visas & {ANY, OTHERS})


def _filled(clause: Clause, tokens: list[Token], colon: int) -> bool:
    """Whether something stands behind a label's colon; "H-1B: –" says nothing, at least no yes."""
    return any(
        tokens[p].visas or tokens[p].text.isalnum() or tokens[p].text in "$%" for p in clause.places if p > colon
    )


def _sole_claims(sole: frozenset[str], clause: Clause, meaning: Sense, when: int) -> list[Claim]:
    if (
        meaning.stance == NO
        and clause.has("neg")
        and not clause.has("restrict", "nothing_else", "except", "nothing_but")
    ):
        return [Claim(visa, NO, (), (*meaning.rules, "only"), when) for visa in sorted(sole)]
    left_open = meaning.stance == CONDITIONAL and meaning.conditions != (
        "possible",
    )  # "only the J-1 can be considered"
    stance, conditions = (CONDITIONAL, meaning.conditions) if left_open else (YES, ())
    made = [Claim(visa, stance, conditions, (*meaning.rules, "only"), when) for visa in sorted(sole)]
    return made + [Claim(visa, NO, (), ("only",), when, explicit=False) for visa in sorted(BOTH - sole)]


def _exception_claims(split: Split, tokens: list[Token], predicate: str, when: int) -> list[Claim]:
    """ "No visa except the J-1", "all visas but the H-1B", "no H-1B except for transfers"."""
    main, excepted = split
    meaning = sense(main, tokens, predicate)
    named, general = excepted.visas & BOTH, main.visas & BOTH
    conditions = conditions_of(excepted, tokens)
    if not meaning.stance:
        return []
    if not named:
        softened = conditions or ("other_condition",)
        return [Claim(visa, CONDITIONAL, softened, ("exception",), when) for visa in sorted(general or main.visas)]
    if meaning.stance == NO:
        own = CONDITIONAL if conditions else YES
        made = [Claim(visa, own, conditions, ("exception",), when) for visa in sorted(named)]
        rest = sorted((general or BOTH) - named)
        return made + [Claim(visa, NO, (), ("exception",), when, explicit=bool(general)) for visa in rest]
    lower = CONDITIONAL if conditions and not denied(excepted, tokens) else NO
    if excepted.has("support", "cond") and predicate != STRONG:
        lower = CONDITIONAL
    if not general and meaning.stance == YES and any(tokens[p].text in _ALL for p in main.places):
        general = BOTH  # "all visas other than the H-1B"
    made = [
        Claim(visa, meaning.stance, meaning.conditions, meaning.rules, when)
        for visa in sorted(general - named or general)
    ]
    return made + [Claim(visa, lower, conditions, ("exception",), when) for visa in sorted(named)]
