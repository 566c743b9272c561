"""Conditions under which a visa is given, by name: transfer_only, us_graduates_only, chair_approval ...

An ordinary prerequisite (Step 3, ECFMG certification, a match) is no condition; neither is a permission ("holders may apply")
or the review that every applicant gets ("we consider all applicants who need a J-1").
"""

from __future__ import annotations

from pipeline.policies.lexicon import Cue
from pipeline.policies.sentence.clauses import Clause
from pipeline.policies.sentence.negation import restricts_people
from pipeline.policies.tokens import BOTH, Word
from pipeline.text.characters import wordset

VAGUE = frozenset({"possible", "other_condition"})
H1B_ALONE = frozenset({"transfer_only", "us_graduates_only"})

_PERMITTED = wordset(
    "apply train employ hire enter come join hold choose elect select pick decide use be work engage appoint start begin"
    " opt have enroll pursue"
    " participate continue request rank match"
)
_WEIGHING = wordset("consider consideration review evaluate look examine assess")
_PREREQUISITES = wordset(
    "step steps ecfmg usmle need needs needed want wants wish wishes matched match prefer prefers choose chooses"
    " necessary applicable required require requires qualify qualifies eligible license licensed certified"
    " certificate citizen citizens certification passed pass passes scores score met meet meets complete completed"
    " request requests seek seeks ask asks opt opts"
)
_SOME = wordset(
    "those applicants candidates physicians doctors graduates residents fellows trainees individuals people persons imgs"
)
_FOR_ALL = (["for", "all"], ["for", "everyone"], ["for", "every"], ["for", "any"], ["for", "both"])
_HINGING = wordset("contingent dependent subject depending conditional")
_LEGAL_LIMITS = wordset("cap quota lottery limit ceiling")
_DEFINITE = wordset("the our these both all those")
_NUMBERS = wordset("one two three four five six 1 2 3 4 5 6")
_OURS = wordset("we our")
_PERCEIVING = wordset("read know see hear find recall notice guess remember think believe assume suppose wonder learn")
_EQUALLY = wordset("equally equal alike same")
_DUE = wordset("before by until prior to")
_TIMES = wordset("when once where after")
_NAMING = wordset("it is 's a an the be they are for you need want have your visa you're on")
_CLOSING = wordset("only alone exclusively")


def conditions_of(clause: Clause, found: list[Word]) -> tuple[str, ...]:
    """Names of the conditions that `clause` states, sorted; the vague ones only where nothing better is said."""
    named: set[str] = set()
    for cue in clause.all("cond"):
        value = cue.value("cond")
        if value == "possible" and not _left_open(clause, found, cue):
            continue
        if value == "limited_number" and (_of_all(found, cue) or _exempt(clause, found, cue)):
            continue
        if value == "case_by_case" and found[cue.first].word in _HINGING and _visa_follows(clause, found, cue):
            continue
        if value in ("possible", "on_request") and _free_choice(clause, found):
            continue
        if value in ("possible", "seniority") and _of_examination(clause, found):
            continue
        if value == "seniority" and _all_years(clause, found, cue):
            continue
        if value == "limited_number" and cue.first == 0 and found[0].word.isdigit():
            continue  # the number of a list item
        named.add(value)
    if any(restricts_people(clause, found, cue) for cue in clause.all("nothing_else")):
        named.add("other_condition")
    limits = any(_limited_to_people(clause, found, cue) for cue in clause.all("restrict"))
    limits = limits or _for_some(clause, found) or _only_at_end(clause, found)
    if limits or any(_conditional_if(clause, found, cue) for cue in clause.all("if")):
        named.add("other_condition")
    return tuple(sorted(named - VAGUE or named))


def _of_all(found: list[Word], cue: Cue) -> bool:
    """ "For the two fellows", "both of our two residents": a number of people who all are meant."""
    before = found[cue.first - 1].word if cue.first else ""
    return before in _DEFINITE and found[cue.first].word in _NUMBERS


def _of_examination(clause: Clause, found: list[Word]) -> bool:
    """ "To be considered for an H-1B you must pass Step 3 before PGY-3": who may come, and when the examination is due."""
    return clause.has("exam") and clause.has("people") and (clause.has("require") or "need" in clause.lemmas(found))


def _all_years(clause: Clause, found: list[Word], cue: Cue) -> bool:
    """ "You must pass before PGY-3", "categorical and preliminary residents": no later year alone is meant."""
    due = cue.first > 0 and found[cue.first - 1].word in _DUE
    return due or any(found[p].word == "categorical" for p in clause.places)


def _visa_follows(clause: Clause, found: list[Word], cue: Cue) -> bool:
    """ "Contingent on their obtaining a J-1": the visa is the condition and has none."""
    return any(found[p].trainee for p in clause.places if cue.last < p <= cue.last + 5)


def _exempt(clause: Clause, found: list[Word], cue: Cue) -> bool:
    """ "Not bound by the lottery or its cap": the law's number, which does not bind."""
    masks = {found[p].word for other in clause.all("mask") for p in range(other.first, other.last + 1)}
    return found[cue.first].word in _LEGAL_LIMITS and bool(masks & {"exempt", "bound", "free", "subject", "exemption"})


def _free_choice(clause: Clause, found: list[Word]) -> bool:
    """ "Residents may be sponsored on either a J-1 or an H-1B", "may request the J-1 or the H-1B": they choose."""
    named = [p for p in clause.places if found[p].trainee]
    if not named or len(clause.visas & BOTH) < 2 or not any(found[p].word == "or" for p in range(named[0], named[-1])):
        return False
    subject = {found[p].word for p in clause.places[:6]}
    may = next((p for p in clause.places if found[p].word in ("may", "can")), None)
    if may is None or may > named[0] or subject & _OURS or not clause.has("people"):
        return False
    verbs = {found[p].lemma for p in clause.places if may < p <= may + 3}
    return not verbs & _WEIGHING and not verbs & {"able", "possible"}


def _for_some(clause: Clause, found: list[Word]) -> bool:
    """ "The H-1B is supported for fellows who trained with us": for some people, and not those who meet the usual
    prerequisites or need a visa. Only after a verb of support and with one visa: a list of both is for everybody."""
    if len(clause.visas & BOTH) != 1 or not clause.has("support"):
        return False
    for number, place in enumerate(clause.places[:-3]):
        if found[place].word not in ("for", "to") or not any(found[p].trainee for p in clause.places[:number]):
            continue
        person, relative = (found[p] for p in clause.places[number + 1 : number + 3])
        rest = {found[p].word for p in clause.places[number + 3 :]}
        if person.word in _SOME and relative.word in ("who", "whose"):
            return not rest & _PREREQUISITES and not any(found[p].trainee for p in clause.places[number + 3 :])
    return False


def _left_open(clause: Clause, found: list[Word], cue: Cue) -> bool:
    """Whether "may", "consider" and the like leave it open."""
    word = found[cue.first].lemma
    following = [found[p] for p in clause.places if cue.last < p <= cue.last + 4]
    after = {item.lemma for item in following[:3]}
    if word == "possible" and [item.word for item in following[:2]] in _FOR_ALL:
        return False
    denied = bool(following) and following[0].word == "not"
    if word in ("may", "might") and (denied or after & _PERCEIVING):
        return False  # "may not", "as you may know"
    if word == "may":
        in_status = bool(following) and following[0].word == "be" and any(item.trainee for item in following[:3])
        verbs = [item.lemma for item in following[:3] if item.lemma not in ("also", "be", "either", "then", "still")]
        return not in_status and (not verbs or verbs[0] not in _PERMITTED)
    if word in _WEIGHING:
        for_visa = bool(following) and following[0].word == "for" and any(item.trainee for item in following)
        equally = any(found[p].word in _EQUALLY for p in clause.places)
        return not equally and (for_visa or not clause.has("people"))
    return True


def _names_the_visa(clause: Clause, found: list[Word], cue: Cue) -> bool:
    """ "If it's a J-1, yes": the condition is the visa itself."""
    after = [p for p in clause.places if p > cue.last]
    comma = next((k for k, p in enumerate(after) if found[p].word == ","), None)
    inside = [found[p] for p in after[:comma]] if comma is not None else []
    return any(word.trainee for word in inside) and all(word.trainee or word.word in _NAMING for word in inside)


def _limited_to_people(clause: Clause, found: list[Word], cue: Cue) -> bool:
    """ "The H-1B is limited to chief residents": limited, but not to a visa."""
    after = [found[p] for p in clause.places if p > cue.last][:7]
    if found[cue.first].lemma == "reserve" and len(after) > 2:
        while after and (after[0].trainee or after[0].word in ("the", "an", "a")):
            after = after[1:]  # "We reserve the H-1B for ..."
        return bool(after) and after[0].word == "for" and not any(word.trainee for word in after)
    if not after or after[0].word not in ("to", "for") or any(word.trainee for word in after):
        return False
    return any(found[p].trainee for p in clause.places if p < cue.first)


def _only_at_end(clause: Clause, found: list[Word]) -> bool:
    """ "H-1Bs are filed for people in the country only": a closing "only" after "for" limits the people."""
    words = [found[p] for p in clause.places if found[p].word not in (".", ",", "!", ";")]
    if not words or words[-1].word not in _CLOSING:
        return False
    last = max((number for number, word in enumerate(words) if word.trainee), default=-1)
    return last >= 0 and any(word.word in ("for", "to", "by") for word in words[last + 1 : -1])


def _conditional_if(clause: Clause, found: list[Word], cue: Cue) -> bool:
    """Whether an if-part is a real condition, not "if you need one" or an ordinary prerequisite."""
    if any(found[p].word == "otherwise" for p in clause.places if p > cue.last):
        return True
    due = found[cue.first].word in _TIMES and any(exam.last < cue.first for exam in clause.all("exam"))
    if due or _names_the_visa(clause, found, cue):
        return False
    tail = {found[p].word for p in clause.places if p > cue.last} - {".", ","}
    following = [found[p] for p in clause.places if cue.last < p <= cue.last + 3]
    if not tail - {":"}:
        return found[cue.first].word == "only"  # "... only when:", and a list of conditions
    if found[cue.first].word == "only" and any(word.trainee for word in following):
        return False
    if found[cue.last].word in ("through", "by") and "ecfmg" in tail:
        return False
    # "solely for candidates who will not need to pay the fee"
    return {"not", "who"} <= tail or not tail & _PREREQUISITES
