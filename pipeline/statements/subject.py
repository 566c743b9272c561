"""What a clause is about, and of which time: policy for trainees, or something that only looks like it."""

from __future__ import annotations

import re
from enum import Enum
from itertools import pairwise

from pipeline.statements.clauses import Clause
from pipeline.statements.cues import Cue
from pipeline.statements.text import wordset
from pipeline.statements.visas import BOTH, H1B, Word

_ACTIVE_FACT = wordset(
    "allows permits requires enables lets lasts runs carries obliges obligates limits covers grants gives"
    " authorizes means entitles costs takes ends expires needs"
)
_PROGRAM = wordset(
    "we our us program hospital department institution university center school residency fellowship gme"
)
_PAST_AUX = wordset("was were had did")
_PRESENT_AUX = wordset("is are has have do does can will may must should shall am be")
_PAST_VERBS = wordset("took trained came held sponsored accepted offered supported used went matched")
_DECIDERS = wordset(
    "each individual every program programs department departments director directors hospital hospitals chief"
)
_OF_APPLICANTS = wordset("apply request seek qualify submit")
_ASKING = wordset("decide determine depend know vote settle vary discuss announce tell ask check learn see rule say")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MONTHS = wordset(
    "january february march april may june july august september october november december jan feb mar apr jun"
    " jul aug sep sept oct nov dec"
)


class Matter(Enum):
    """Policy for trainees, a pointer to someone to ask, a visa kept for staff, or something else."""

    POLICY = "policy"
    ASK = "ask"
    STAFF_ONLY = "staff_only"
    OTHER = "other"


def matter(clause: Clause, found: list[Word]) -> Matter:
    """What `clause` is about."""
    if clause.has("nontrainee") and not clause.has("trainee", "subset"):
        return Matter.STAFF_ONLY if clause.visas and _kept_for_staff(clause, found) else Matter.OTHER
    acts = _program_acts(clause, found)
    if _never_policy(clause, found) or (clause.has("person", "fact") and not acts):
        return Matter.OTHER
    asks = [cue for cue in clause.all("ask") if not any(w.word == "ecfmg" for w in found[cue.last + 1 : cue.last + 3])]
    if clause.has("undecided") or (asks and not acts) or _open_question(clause, found):
        return Matter.ASK
    return Matter.POLICY


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
    return _visa_acts(clause, found) and not any(cue.value("cond") == "chair_approval" for cue in clause.cues)


def left_to_others(clause: Clause, found: list[Word]) -> bool:
    """ "Each program decides between J-1 and H-1B", "visas vary by department": the page itself decides nothing."""
    if len(clause.visas & BOTH) == 1:
        return False
    words = [found[p].word for p in clause.places]
    if not clause.visas & BOTH and any(p == "some" and q in _DECIDERS for p, q in pairwise(words)):
        return True
    for cue in clause.all("decide"):
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
        if word.trainee and words[number + 1].lemma == "be" and words[number + 2].word == "for":
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
    if clause.has("agent") or any(found[p].word in _PROGRAM for p in clause.places):
        return True
    return any(found[cue.first].lemma in ("sponsor", "accept", "sponsorship", "available") for cue in acts)


def _end_of_if(clause: Clause, found: list[Word]) -> int:
    """Where an opening "if you wish to be sponsored, ..." ends; -1 if there is none. Nobody acts in it."""
    if found[clause.places[0]].word not in ("if", "should", "when"):
        return -1
    return next((p for p in clause.places if found[p].word in (",", "please", "then")), -1)


def _visa_acts(clause: Clause, found: list[Word]) -> bool:
    """Whether the visa itself is the subject of a general statement: "the J-1 allows seven years"."""
    return any(found[p].trainee and found[q].word in _ACTIVE_FACT for p, q in pairwise(clause.places))


def time_of(clause: Clause, found: list[Word], marks: list[Cue]) -> int:
    """-1 for what held formerly, 1 for what is said to hold from now or from a date, 0 otherwise."""
    said = {found[p].word for p in clause.places}
    ended = any(cue.value("neg") == "now" for cue in clause.cues)
    if ended or any(cue.value("now") == "dated" for cue in clause.cues):
        return 1
    if clause.has("past") and _really_past(clause, found):
        return -1
    if _from_date(clause, marks):
        return 1
    changed = clause.has("refuse", "lift")
    if said & _PAST_AUX and not said & _PRESENT_AUX and not changed:
        return -1
    if said & _PAST_VERBS and not said & (_PRESENT_AUX | _PAST_AUX) and _YEAR.search(" ".join(said)):
        return -1
    return 0


def _really_past(clause: Clause, found: list[Word]) -> bool:
    """Up to, through and until only with a year or month; "once" not before "again"."""
    for cue in clause.all("past"):
        word = found[cue.first].word
        if word in ("through", "up", "till", "until", "prior", "till"):
            after = [found[p].word for p in clause.places if cue.last < p <= cue.last + 4]
            if any(_YEAR.fullmatch(w) or w in _MONTHS for w in after):
                return True
        elif word == "once":
            after = [found[p].word for p in clause.places if cue.last < p <= cue.last + 1]
            before = [found[p].word for p in clause.places if p < cue.first]
            done = bool(after) and after[0].endswith("ed")
            if (before and before[-1] in ("was", "were", "had")) or done:
                return True
        else:
            return True
    return False


def _from_date(clause: Clause, marks: list[Cue]) -> bool:
    """Whether "as of", "starting" and the like stand right before the clause."""
    first, last = clause.places[0] - 12, clause.places[-1]
    return any(cue.value("now") == "dated" and first <= cue.first <= last for cue in marks)
