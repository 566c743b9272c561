"""What one clause claims of the visas that it names: its sense, its exceptions, what it makes the only visa.

How clauses of a sentence bear on each other is decided in `assertions` and `joining`.
"""

from __future__ import annotations

from itertools import pairwise

from pipeline.policies.claims import CONTACT, Claim, Context, Parsed
from pipeline.policies.sentence.clauses import ANSWERED, Clause
from pipeline.policies.sentence.conditions import H1B_ALONE, VAGUE, conditions_of
from pipeline.policies.sentence.exclusivity import Split, only_visas, split_exception
from pipeline.policies.sentence.experiencer import changed_to
from pipeline.policies.sentence.negation import denied
from pipeline.policies.sentence.polarity import CONDITIONAL, NO, STRONG, UNCLEAR, WEAK, YES, Sense, sense
from pipeline.policies.sentence.times import time_of
from pipeline.policies.sentence.topic import (
    Topic,
    asks_exam,
    left_to_each_program,
    said_by_ecfmg,
)
from pipeline.policies.sentence.verbs import unknown_verb
from pipeline.policies.tokens import ANY, BOTH, H1B, J1, LABEL_NOUNS, OTHERS, Token, is_blank
from pipeline.text.characters import wordset

_AFTER_NAME = wordset("for to only by with on at in solely exclusively")
_SUBJECTS = ("people", "trainee", "agent", "subset", "citizen", "pr", "ead", "require")
_VERBS = ("support", "refuse", "yesword", "noword", "weak")
_ALL = wordset("all any every")
_MARKS = frozenset(":-–_")
_OPENERS = wordset(
    "a an the for in on by with and or but so no not also only then visa visas status of to our your any new all"
    " as well while whereas although though whether either both neither nor , : - ( ) \" ' & / + • such current"
    " currently now ecfmg 's just do we"
)


def has_verb(clause: Clause) -> bool:
    """Decide whether the clause has a verb of ours or a yes or no of its own."""
    return clause.has(*_VERBS)


def clause_claims(clause: Clause, parsed: Parsed, context: Context, predicate: str, about: Topic) -> list[Claim]:
    """Return what one clause claims of its visas, or of those of its context.

    predicate: kind of the verb that an elliptical clause takes from its neighbours; about: its topic.
    """
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
    """Read "Holders of an H-1B must change to the J-1": the one is taken, the other is not."""
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
    """Return the stance and rule where they follow from what the clause is about, whatever its verbs."""
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
    """Read "H-1B applicants must have passed Step 3", "no H-1B without Step 3": who meets it may have one."""
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
    """Decide whether a fragment without a verb opens with words that the reader does not know: what it says of the
    visa is unclear."""
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
    """Decide whether the name is in a list of what is acceptable: after a label, or beside citizens and permanent
    residents."""
    if any(tokens[p].text == ":" and _filled(clause, tokens, p) for p in clause.places):
        return True
    opening = [p for p in clause.places[:6] if tokens[p].lemma != "be"][:4]
    if any(tokens[p].trainee and tokens[q].text in _AFTER_NAME for p, q in pairwise(opening)):
        return True
    if any(tokens[p].trainee and tokens[p + 1 : p + 2] and tokens[p + 1].text == "(" for p in clause.places):
        return True
    return clause.has("citizen", "pr", "ead") or bool(clause.visas & {ANY, OTHERS})


def unfilled(clause: Clause, tokens: list[Token]) -> bool:
    """Recognise "H-1B sponsorship:", "H-1B visas: –", "H-1B (n/a)": a label with nothing behind it is silence."""
    words = [tokens[p] for p in clause.places]
    while words and words[0].text in ("|", "/", ",", ";"):
        words = words[1:]
    end = next((k for k, word in enumerate(words) if not word.visas and word.text not in LABEL_NOUNS), len(words))
    marked = clause.joined == ANSWERED or any(word.text in _MARKS for word in words[end:])
    return end > 0 and marked and is_blank([word.text for word in words[end:]])


def _filled(clause: Clause, tokens: list[Token], colon: int) -> bool:
    """Decide whether something follows a label's colon; "H-1B: –" says nothing, at least no yes."""
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
    """Read "No visa except the J-1", "all visas but the H-1B", "no H-1B except for transfers"."""
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
