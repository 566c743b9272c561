"""What a clause is about, and of which time: policy for trainees, or something that only looks like it."""

from __future__ import annotations

from enum import Enum
from itertools import pairwise

from pipeline.policies.lexicon import Cue
from pipeline.policies.sentence.clauses import Clause
from pipeline.policies.sentence.mentions import defined, only_topic, planned
from pipeline.policies.sentence.times import PRESENT_AUX, PROGRAM
from pipeline.policies.tokens import BOTH, H1B, Word
from pipeline.text.characters import wordset

_ACTIVE_FACT = wordset(
    "allows permits requires enables lets lasts runs carries obliges obligates limits covers grants gives"
    " authorizes means entitles costs takes ends expires needs"
)
_IN_LEAD = wordset("if once after when with without until unless for")
_DECIDERS = wordset(
    "each individual every program programs department departments director directors hospital hospitals chief office"
)
_OF_APPLICANTS = wordset("apply request seek qualify submit")
_LIMITS = wordset("one two three four five six seven year years -")
_ASKING = wordset("decide determine depend know vote settle vary discuss announce tell ask check learn see rule say")


class Matter(Enum):
    """Policy for trainees, a pointer to someone to ask, a visa kept for staff, or something else."""

    POLICY = "policy"
    ASK = "ask"
    STAFF_ONLY = "staff_only"
    OTHER = "other"


def matter(clause: Clause, found: list[Word]) -> Matter:
    """What `clause` is about."""
    if clause.has("nontrainee") and not clause.has("trainee", "subset"):
        staff = clause.all("nontrainee")[0].first
        turned = any(cue.first < staff for cue in clause.all("neg", "notonly")) and not clause.has("except")
        return Matter.STAFF_ONLY if clause.visas and not turned and _kept_for_staff(clause, found) else Matter.OTHER
    elsewhere_said = _for_staff(clause, found) or _told_by_one(clause, found)
    if elsewhere_said or defined(clause, found) or planned(clause, found):
        return Matter.OTHER
    if only_topic(clause, found):
        return Matter.ASK if clause.has("ask") else Matter.OTHER
    addressed = any(_addressed(found, cue) for cue in clause.all("ask"))
    acts = _program_acts(clause, found) or _on_condition(clause)
    acts = acts or _within_limit(clause, found)
    if not addressed and (_never_policy(clause, found) or (clause.has("person", "fact") and not acts)):
        return Matter.OTHER
    asks = [cue for cue in clause.all("ask") if not any(w.word == "ecfmg" for w in found[cue.last + 1 : cue.last + 3])]
    if addressed or clause.has("undecided") or (asks and not acts) or _open_question(clause, found):
        return Matter.ASK
    return Matter.POLICY


def _on_condition(clause: Clause) -> bool:
    """ "H-1B, only if the applicant holds one already and needs it for the rest of the six years"."""
    named = {cue.value("cond") for cue in clause.all("cond")}
    opens = any(cue.first == clause.places[0] for cue in clause.all("only", "if"))
    return opens and bool(named & {"transfer_only", "us_graduates_only", "chair_approval"})


def _within_limit(clause: Clause, found: list[Word]) -> bool:
    """ "The H-1B is possible if the fellow has two years left on the six-year limit"."""
    told = {found[p].word for cue in clause.all("fact") for p in range(cue.first, cue.last + 1)}
    return (
        clause.has("if")
        and clause.has("support")
        and bool(told)
        and told <= _LIMITS
        and not clause.has("person", "never")
    )


def _for_staff(clause: Clause, found: list[Word]) -> bool:
    """ "... sponsors H-1B visas for its own hospitalists": those they are for come after the visa, and are no trainees."""
    staff = clause.all("nontrainee")
    named = [p for p in clause.places if found[p].trainee]
    if not staff or not named or staff[-1].first < named[0] or clause.has("only", "neg", "refuse", "restrict"):
        return False
    relative = next(
        (p for p in clause.places if p > staff[0].last and found[p].word in ("who", "that", "after")), 10**6
    )
    near = {found[p].word for p in range(max(named[0], staff[0].first - 5), staff[0].first)}
    return "for" in near and not any(named[0] < cue.first < relative for cue in clause.all("trainee"))


def _told_by_one(clause: Clause, found: list[Word]) -> bool:
    """ "The hospital sponsored my H-1B": an alumna's own story."""
    return any(found[p].word in ("my", "me") for p in clause.places) and bool(clause.visas)


def _addressed(found: list[Word], cue: Cue) -> bool:
    """ "Contact Ms. Jones", "call Dr. ...": a person to ask."""
    return any(item.word in ("ms", "mr", "mrs", "dr", "prof") for item in found[cue.last + 1 : cue.last + 6])


def asks_exam(clause: Clause) -> bool:
    """ "H-1B applicants must have passed Step 3", "no H-1B without Step 3"."""
    turns = clause.all("neg")
    without = len(turns) == 2 and any(0 < exam.first - turns[1].last <= 2 for exam in clause.all("exam"))
    return without or (not turns and clause.has("require") and clause.has("people"))


def _open_question(clause: Clause, found: list[Word]) -> bool:
    """ "The committee decides every spring whether H-1B visas are offered": a question within the statement."""
    places = clause.places
    whether = next((n for n, p in enumerate(places) if found[p].word == "whether"), None)
    if whether is None or [found[p].word for p in places[whether + 1 : whether + 3]] == ["or", "not"]:
        return False
    if any(cue.value("cond") not in ("", "possible") for cue in clause.all("cond")):
        return False
    asked = any(found[p].trainee for p in places[whether:]) and not any(found[p].trainee for p in places[:whether])
    around = any(found[p].lemma in _ASKING for p in places) or clause.has("decide")
    return asked and around and any(cue.first > places[whether] for cue in clause.all("support", "weak", "cond"))


def _never_policy(clause: Clause, found: list[Word]) -> bool:
    """Waivers and home residence, the families' classes, an examination, what a visa itself allows or requires."""
    if clause.has("never") or (_other_class(clause, found) and clause.has("fact")):
        return True
    if clause.has("exam") and not clause.has("support", "refuse", "yesword", "noword", "cond"):
        return not (clause.visas & BOTH == {H1B} and asks_exam(clause))
    if _exam_acts(clause, found):
        return True
    return _visa_acts(clause, found) and not any(cue.value("cond") == "chair_approval" for cue in clause.cues)


def _exam_acts(clause: Clause, found: list[Word]) -> bool:
    """ "A Step 3 pass is welcome any time and necessary only for an H-1B": the sentence is about the examination."""
    exam = next((cue for cue in clause.all("exam") if cue.first - clause.places[0] <= 4), None)
    named = [p for p in clause.places if found[p].trainee]
    if exam is None or not named or named[0] < exam.first:
        return False
    verb = [p for p in clause.places if exam.last < p < named[0] and found[p].word in PRESENT_AUX]
    before = [p for p in clause.places if p < exam.first and found[p].word in _IN_LEAD]
    later = any(found[p].word in PRESENT_AUX or found[p].word in PROGRAM for p in clause.places if p > named[0])
    return (
        bool(verb)
        and not before
        and not later
        and not any(found[p].word in PROGRAM for p in range(exam.last, named[0]))
    )


def left_to_others(clause: Clause, found: list[Word]) -> bool:
    """ "Each program decides between J-1 and H-1B", "visas vary by department": the page itself decides nothing."""
    if len(clause.visas & BOTH) == 1:
        return False
    words = [found[p].word for p in clause.places]
    if not clause.visas & BOTH and any(p == "some" and q in _DECIDERS for p, q in pairwise(words)):
        return True
    for cue in clause.all("decide"):
        if (
            found[cue.first].word == "set"
            and found[cue.first + 1 : cue.first + 2]
            and found[cue.first + 1].word == "up"
        ):
            continue
        around = {found[p].word for p in clause.places if p < cue.first}
        after = {found[p].word for p in clause.places if p > cue.last}
        if "by" in after or cue.last > cue.first or found[cue.first].lemma in ("vary", "differ"):
            around |= after
        named = any(found[p].trainee for p in clause.places)
        stated = named and any(other.has("support") and other.last < cue.first for other in clause.cues)
        if around & _DECIDERS and not stated:
            return True
    return False


def said_by_ecfmg(clause: Clause, found: list[Word]) -> bool:
    """ "ECFMG sponsors J-1 physicians": true everywhere, and no promise of this program."""
    if clause.has("agent"):
        return False
    for number, place in enumerate(clause.places[:-1]):
        if found[place].word == "ecfmg" and found[place + 1].word not in ("'s", "-", "sponsored", "certified"):
            after = {found[p].lemma for p in clause.places[number + 1 : number + 5]}
            return bool(after & {"sponsor", "issue", "authorize"})
    return False


def _other_class(clause: Clause, found: list[Word]) -> bool:
    """Whether the families' classes, J-2 and H-4, are named."""
    return any(found[p].word == "<o>" and found[p].lemma.startswith(("j", "h")) for p in clause.places)


def _kept_for_staff(clause: Clause, found: list[Word]) -> bool:
    """ "Reserved for faculty", "only for attendings", "for faculty only"; not "for faculty only after a search"."""
    if clause.has("restrict", "nothing_else"):
        return True
    staff = clause.all("nontrainee")[0]
    for cue in clause.all("only", "if"):
        if found[cue.first].word not in ("only", "solely", "exclusively", "alone", "just"):
            continue
        if 0 < staff.first - cue.first <= 4:
            return True
        after = [found[p].word for p in clause.places if p > cue.last]
        if cue.first == staff.last + 1 and not cue.has("if") and (not after or after[0] in (".", ",")):
            return True
    words = [found[p] for p in clause.places]
    for number, word in enumerate(words[:-2]):
        rest = [item for item in words[number + 1 : number + 4] if item.word not in ("sponsorship", "petitions")]
        if word.trainee and len(rest) > 1 and rest[0].lemma == "be" and rest[1].word == "for":
            return True  # "the H-1B is for our faculty"
    return any(word.lemma in ("keep", "reserve", "save") for word in words)


def _program_acts(clause: Clause, found: list[Word]) -> bool:
    """Whether the program does or does not do something for visas: "we sponsor", "is not accepted by the
    department"."""
    acts = [cue for cue in clause.cues if cue.has("support", "refuse", "equal", "noword", "yesword")]
    acts = [cue for cue in acts if found[cue.first].word not in ("issue", "issued", "open", "right", "good", "get")]
    end = _end_of_if(clause, found)
    acts = [cue for cue in acts if cue.first > end and found[cue.first].lemma not in _OF_APPLICANTS]
    if not acts:
        return False
    if clause.has("agent") or any(found[p].word in PROGRAM for p in clause.places):
        return True
    return any(
        found[cue.first].lemma in ("sponsor", "accept", "sponsorship", "available", "support", "offer") for cue in acts
    )


def _end_of_if(clause: Clause, found: list[Word]) -> int:
    """Where an opening "if you wish to be sponsored, ..." ends; -1 if there is none. Nobody acts in it."""
    if found[clause.places[0]].word not in ("if", "should", "when"):
        return -1
    return next((p for p in clause.places if found[p].word in (",", "please", "then")), -1)


def _visa_acts(clause: Clause, found: list[Word]) -> bool:
    """Whether the visa itself is the subject of a general statement: "the J-1 allows seven years"."""
    return any(found[p].trainee and found[q].word in _ACTIVE_FACT for p, q in pairwise(clause.places))
