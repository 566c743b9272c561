"""What a clause is about, and of which time: policy for trainees, or something that only looks like it."""

from __future__ import annotations

from enum import Enum
from itertools import pairwise

from pipeline.policies.lexicon import Trigger
from pipeline.policies.sentence.clauses import Clause
from pipeline.policies.sentence.mentions import defined, only_topic, planned
from pipeline.policies.sentence.times import PRESENT_AUX, PROGRAM
from pipeline.policies.tokens import BOTH, ECFMG, H1B, Token
from pipeline.text.characters import wordset

_ACTIVE_FACT = wordset(
    "allows permits requires enables lets lasts runs carries obliges obligates limits covers grants gives"
    " authorizes means entitles costs takes ends expires needs"
)
_IN_LEAD = wordset("if once after when with without until unless for")
_DECIDERS = wordset(
    "each individual every program programs department departments director directors hospital hospitals chief office"
)
_MODIFYING = wordset("that which with by whose through from")
_OF_APPLICANTS = wordset("apply request seek qualify submit")
_LIMITS = wordset("one two three four five six seven year years -")
_ASKING = wordset("decide determine depend know vote settle vary discuss announce tell ask check learn see rule say")


class Topic(Enum):
    """Policy for trainees, a pointer to someone to ask, a visa kept for staff, or something else."""

    POLICY = "policy"
    ASK = "ask"
    STAFF_ONLY = "staff_only"
    OTHER = "other"


def topic_of(clause: Clause, tokens: list[Token]) -> Topic:
    """Decide what `clause` is about."""
    if clause.has("nontrainee") and not clause.has("trainee", "subset"):
        staff = clause.all("nontrainee")[0].first
        turned = any(trigger.first < staff for trigger in clause.all("neg", "notonly")) and not clause.has("except")
        return Topic.STAFF_ONLY if clause.visas and not turned and _kept_for_staff(clause, tokens) else Topic.OTHER
    of_others = _for_staff(clause, tokens) or _by_one_person(clause, tokens)
    if of_others or defined(clause, tokens) or planned(clause, tokens):
        return Topic.OTHER
    if only_topic(clause, tokens):
        return Topic.ASK if clause.has("ask") else Topic.OTHER
    addressed = any(_addressed(tokens, trigger) for trigger in clause.all("ask"))
    acts = _program_acts(clause, tokens) or _on_condition(clause)
    acts = acts or _within_limit(clause, tokens)
    if not addressed and (_never_policy(clause, tokens) or (clause.has("person", "fact") and not acts)):
        return Topic.OTHER
    asks = [
        trigger
        for trigger in clause.all("ask")
        if not any(w.text == "ecfmg" for w in tokens[trigger.last + 1 : trigger.last + 3])
    ]
    if addressed or clause.has("undecided") or (asks and not acts) or _open_question(clause, tokens):
        return Topic.ASK
    return Topic.POLICY


def _on_condition(clause: Clause) -> bool:
    """Recognise "H-1B, only if the applicant holds one already and needs it for the rest of the six years"."""
    named = {trigger.value("cond") for trigger in clause.all("cond")}
    opens = any(trigger.first == clause.places[0] for trigger in clause.all("only", "if"))
    return opens and bool(named & {"transfer_only", "us_school_graduates", "chair_or_dio_approval"})


def _within_limit(clause: Clause, tokens: list[Token]) -> bool:
    """Recognise "The H-1B is possible if the fellow has two years left on the six-year limit"."""
    limits = {tokens[p].text for trigger in clause.all("fact") for p in range(trigger.first, trigger.last + 1)}
    return (
        clause.has("if")
        and clause.has("support")
        and bool(limits)
        and limits <= _LIMITS
        and not clause.has("person", "never")
    )


def _for_staff(clause: Clause, tokens: list[Token]) -> bool:
    """Recognise "... sponsors H-1B visas for its own hospitalists": those they are for come after the visa, and are no
    trainees."""
    staff = clause.all("nontrainee")
    named = [p for p in clause.places if tokens[p].trainee]
    if not staff or not named or staff[-1].first < named[0] or clause.has("only", "neg", "refuse", "restrict"):
        return False
    relative = next(
        (p for p in clause.places if p > staff[0].last and tokens[p].text in ("who", "that", "after")), 10**6
    )
    near = {tokens[p].text for p in range(max(named[0], staff[0].first - 5), staff[0].first)}
    return "for" in near and not any(named[0] < trigger.first < relative for trigger in clause.all("trainee"))


def _by_one_person(clause: Clause, tokens: list[Token]) -> bool:
    """Recognise "The hospital sponsored my H-1B": an alumna's own story."""
    return any(tokens[p].text in ("my", "me") for p in clause.places) and bool(clause.visas)


def _addressed(tokens: list[Token], trigger: Trigger) -> bool:
    """Recognise "Contact Ms. Jones", "call Dr. ...": a person to ask."""
    return any(item.text in ("ms", "mr", "mrs", "dr", "prof") for item in tokens[trigger.last + 1 : trigger.last + 6])


def asks_exam(clause: Clause) -> bool:
    """Recognise an examination as a prerequisite: "H-1B applicants must have passed Step 3", "no H-1B without Step
    3"."""
    turns = clause.all("neg")
    without = len(turns) == 2 and any(0 < exam.first - turns[1].last <= 2 for exam in clause.all("exam"))
    return without or (not turns and clause.has("require") and clause.has("people"))


def _open_question(clause: Clause, tokens: list[Token]) -> bool:
    """Recognise "The committee decides every spring whether H-1B visas are offered": a question within the
    statement."""
    places = clause.places
    whether = next((n for n, p in enumerate(places) if tokens[p].text == "whether"), None)
    if whether is None or [tokens[p].text for p in places[whether + 1 : whether + 3]] == ["or", "not"]:
        return False
    if any(trigger.value("cond") not in ("", "possible") for trigger in clause.all("cond")):
        return False
    queried = any(tokens[p].trainee for p in places[whether:]) and not any(tokens[p].trainee for p in places[:whether])
    around = any(tokens[p].lemma in _ASKING for p in places) or clause.has("decide")
    return (
        queried and around and any(trigger.first > places[whether] for trigger in clause.all("support", "weak", "cond"))
    )


def _never_policy(clause: Clause, tokens: list[Token]) -> bool:
    """Recognise waivers and home residence, an examination, what a visa itself allows or requires."""
    if clause.has("never"):
        return True
    if clause.has("exam") and not clause.has("support", "refuse", "yesword", "noword", "cond"):
        return not (clause.visas & BOTH == {H1B} and asks_exam(clause))
    if _exam_acts(clause, tokens):
        return True
    return _visa_acts(clause, tokens) and not any(
        trigger.value("cond") == "chair_or_dio_approval" for trigger in clause.triggers
    )


def _exam_acts(clause: Clause, tokens: list[Token]) -> bool:
    """Recognise "A Step 3 pass is welcome any time and necessary only for an H-1B": the sentence is about the
    examination."""
    exam = next((trigger for trigger in clause.all("exam") if trigger.first - clause.places[0] <= 4), None)
    named = [p for p in clause.places if tokens[p].trainee]
    if exam is None or not named or named[0] < exam.first:
        return False
    verb = [p for p in clause.places if exam.last < p < named[0] and tokens[p].text in PRESENT_AUX]
    before = [p for p in clause.places if p < exam.first and tokens[p].text in _IN_LEAD]
    later = any(tokens[p].text in PRESENT_AUX or tokens[p].text in PROGRAM for p in clause.places if p > named[0])
    return (
        bool(verb)
        and not before
        and not later
        and not any(tokens[p].text in PROGRAM for p in range(exam.last, named[0]))
    )


def left_to_each_program(clause: Clause, tokens: list[Token]) -> bool:
    """Recognise that the page itself decides nothing: "Each program decides between J-1 and H-1B", "visas vary by
    department"."""
    if len(clause.visas & BOTH) == 1:
        return False
    words = [tokens[p].text for p in clause.places]
    if not clause.visas & BOTH and any(p == "some" and q in _DECIDERS for p, q in pairwise(words)):
        return True
    for trigger in clause.all("decide"):
        if (
            tokens[trigger.first].text == "set"
            and tokens[trigger.first + 1 : trigger.first + 2]
            and tokens[trigger.first + 1].text == "up"
        ):
            continue
        around = {tokens[p].text for p in clause.places if p < trigger.first}
        after = {tokens[p].text for p in clause.places if p > trigger.last}
        if "by" in after or trigger.last > trigger.first or tokens[trigger.first].lemma in ("vary", "differ"):
            around |= after
        named = any(tokens[p].trainee for p in clause.places)
        stated = named and any(other.has("support") and other.last < trigger.first for other in clause.triggers)
        if around & _DECIDERS and not stated:
            return True
    return False


def said_by_ecfmg(clause: Clause, tokens: list[Token]) -> bool:
    """Recognise "ECFMG sponsors J-1 physicians": true everywhere, and no promise of this program."""
    if clause.has("agent"):
        return False
    for number, place in enumerate(clause.places[:-1]):
        if place and tokens[place - 1].text in _MODIFYING:
            continue  # "a J-1 that ECFMG sponsors", "with ECFMG as its sponsor"
        if tokens[place].text == ECFMG and tokens[place + 1].text not in ("'s", "-", "sponsored", "certified"):
            after = {tokens[p].lemma for p in clause.places[number + 1 : number + 5]}
            return bool(after & {"sponsor", "issue", "authorize"})
    return False


def _kept_for_staff(clause: Clause, tokens: list[Token]) -> bool:
    """Recognise "Reserved for faculty", "only for attendings", "for faculty only"; not "for faculty only after a
    search"."""
    if clause.has("restrict", "nothing_else"):
        return True
    staff = clause.all("nontrainee")[0]
    for trigger in clause.all("only", "if"):
        if tokens[trigger.first].text not in ("only", "solely", "exclusively", "alone", "just"):
            continue
        if 0 < staff.first - trigger.first <= 4:
            return True
        after = [tokens[p].text for p in clause.places if p > trigger.last]
        if trigger.first == staff.last + 1 and not trigger.has("if") and (not after or after[0] in (".", ",")):
            return True
    words = [tokens[p] for p in clause.places]
    for number, word in enumerate(words[:-2]):
        rest = [item for item in words[number + 1 : number + 4] if item.text not in ("sponsorship", "petitions")]
        if word.trainee and len(rest) > 1 and rest[0].lemma == "be" and rest[1].text == "for":
            return True  # "the H-1B is for our faculty"
    return any(word.lemma in ("keep", "reserve", "save") for word in words)


def _program_acts(clause: Clause, tokens: list[Token]) -> bool:
    """Decide whether the program does or does not do something for visas: "we sponsor", "is not accepted by the
    department"."""
    acts = [trigger for trigger in clause.triggers if trigger.has("support", "refuse", "equal", "noword", "yesword")]
    acts = [
        trigger
        for trigger in acts
        if tokens[trigger.first].text not in ("issue", "issued", "open", "right", "good", "get")
    ]
    end = _end_of_if(clause, tokens)
    acts = [trigger for trigger in acts if trigger.first > end and tokens[trigger.first].lemma not in _OF_APPLICANTS]
    if not acts:
        return False
    if clause.has("agent") or any(tokens[p].text in PROGRAM for p in clause.places):
        return True
    return any(
        tokens[trigger.first].lemma in ("sponsor", "accept", "sponsorship", "available", "support", "offer")
        for trigger in acts
    )


def _end_of_if(clause: Clause, tokens: list[Token]) -> int:
    """Return where an opening "if you wish to be sponsored, ..." ends; -1 if there is none. Nobody acts in it."""
    if tokens[clause.places[0]].text not in ("if", "should", "when"):
        return -1
    return next((p for p in clause.places if tokens[p].text in (",", "please", "then")), -1)


def _visa_acts(clause: Clause, tokens: list[Token]) -> bool:
    """Decide whether the visa itself is the subject of a general statement: "the J-1 allows seven years"."""
    return any(tokens[p].trainee and tokens[q].text in _ACTIVE_FACT for p, q in pairwise(clause.places))
