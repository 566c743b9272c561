"""Conditions under which a visa is given, by name: transfer_only, us_graduates_only, chair_approval ...

An ordinary prerequisite (Step 3, ECFMG certification, a match) is no condition; neither is a permission ("holders may apply")
or the review that every applicant gets ("we consider all applicants who need a J-1").
"""

from __future__ import annotations

from pipeline.statements.clauses import Clause
from pipeline.statements.cues import Cue
from pipeline.statements.text import wordset
from pipeline.statements.visas import BOTH, Word

VAGUE = frozenset({"possible", "other_condition"})
H1B_ALONE = frozenset({"transfer_only", "us_graduates_only"})

_PERMITTED = wordset(
    "apply train employ hire enter come join hold choose use be work engage appoint start begin opt have enroll pursue"
    " participate continue request rank match"
)
_WEIGHING = wordset("consider consideration review evaluate look examine assess")
_PREREQUISITES = wordset(
    "step steps ecfmg usmle need needs needed want wants wish wishes matched match prefer prefers choose chooses"
    " necessary applicable required require requires qualify qualifies eligible license licensed certified"
    " certificate certification passed pass passes scores score met meet meets complete completed request requests"
    " seek seeks ask asks opt opts"
)
_SOME = wordset(
    "those applicants candidates physicians doctors graduates residents fellows trainees individuals people persons imgs"
)
_EQUALLY = wordset("equally equal alike same")
_CLOSING = wordset("only alone exclusively")


def conditions_of(clause: Clause, found: list[Word]) -> tuple[str, ...]:
    """Names of the conditions that `clause` states, sorted; the vague ones only where nothing better is said."""
    named: set[str] = set()
    for cue in clause.all("cond"):
        value = cue.value("cond")
        if value == "possible" and not _left_open(clause, found, cue):
            continue
        if value == "limited_number" and cue.first == 0 and found[0].word.isdigit():
            continue  # the number of a list item
        named.add(value)
    limits = any(_limited_to_people(clause, found, cue) for cue in clause.all("restrict"))
    limits = limits or _for_some(clause, found) or _only_at_end(clause, found)
    if limits or any(_conditional_if(clause, found, cue) for cue in clause.all("if")):
        named.add("other_condition")
    return tuple(sorted(named - VAGUE or named))


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
    if word == "may":
        if following and following[0].word == "be" and any(item.trainee for item in following[:3]):
            return False
        verbs = [item.lemma for item in following[:3] if item.lemma not in ("also", "be", "either", "then", "still")]
        return not verbs or verbs[0] not in _PERMITTED
    if word in _WEIGHING:
        for_visa = bool(following) and following[0].word == "for" and any(item.trainee for item in following)
        equally = any(found[p].word in _EQUALLY for p in clause.places)
        return not equally and (for_visa or not clause.has("people"))
    return True


def _limited_to_people(clause: Clause, found: list[Word], cue: Cue) -> bool:
    """ "The H-1B is limited to chief residents": limited, but not to a visa."""
    after = [found[p] for p in clause.places if p > cue.last][:7]
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
    tail = {found[p].word for p in clause.places if p > cue.last} - {".", ","}
    following = [found[p] for p in clause.places if cue.last < p <= cue.last + 3]
    if not tail or (found[cue.first].word == "only" and any(word.trainee for word in following)):
        return False
    if found[cue.last].word in ("through", "by") and "ecfmg" in tail:
        return False
    return not tail & _PREREQUISITES
