"""Conditions under which a visa is given, by name: transfer_only, us_school_graduates, chair_or_dio_approval ...

An ordinary prerequisite (Step 3, ECFMG certification, a match) is no condition; neither is a permission ("holders may apply")
or the review that every applicant gets ("we consider all applicants who need a J-1").
"""

from __future__ import annotations

from pipeline.policies.lexicon import Trigger
from pipeline.policies.sentence.clauses import Clause
from pipeline.policies.sentence.negation import restricts_people
from pipeline.policies.tokens import BOTH, Token
from pipeline.text.characters import wordset

VAGUE = frozenset({"possible", "other_condition"})
H1B_ALONE = frozenset({"transfer_only", "us_school_graduates"})

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
    " request requests seek seeks ask asks opt opts accepted accepts selected selects orientation"
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


def conditions_of(clause: Clause, tokens: list[Token]) -> tuple[str, ...]:
    """Return the names of the conditions that `clause` states, sorted; the vague ones only where nothing better is
    said."""
    named: set[str] = set()
    for trigger in clause.all("cond"):
        value = trigger.value("cond")
        if value == "possible" and not _left_open(clause, tokens, trigger):
            continue
        if value == "limited_number" and (_of_all(tokens, trigger) or _exempt(clause, tokens, trigger)):
            continue
        if value == "limited_number" and any(
            word.text == "gap" for word in tokens[trigger.last + 1 : trigger.last + 3]
        ):
            continue  # the cap-gap of those who come from an F-1
        if (
            value == "case_by_case"
            and tokens[trigger.first].text in _HINGING
            and _visa_follows(clause, tokens, trigger)
        ):
            continue
        if value in ("possible", "on_request") and _free_choice(clause, tokens):
            continue
        if value in ("possible", "after_pgy1") and _of_examination(clause, tokens):
            continue
        if value == "after_pgy1" and _all_years(clause, tokens, trigger):
            continue
        if value == "limited_number" and trigger.first == 0 and tokens[0].text.isdigit():
            continue  # the number of a list item
        named.add(value)
    if any(restricts_people(clause, tokens, trigger) for trigger in clause.all("nothing_else")):
        named.add("other_condition")
    limits = any(_limited_to_people(clause, tokens, trigger) for trigger in clause.all("restrict"))
    limits = limits or _for_some(clause, tokens)
    if limits or any(_conditional_if(clause, tokens, trigger) for trigger in clause.all("if")):
        named.add("other_condition")
    return tuple(sorted(named - VAGUE or named))


def _of_all(tokens: list[Token], trigger: Trigger) -> bool:
    """Recognise "For the two fellows", "both of our two residents": a number of people who all are meant."""
    before = tokens[trigger.first - 1].text if trigger.first else ""
    return before in _DEFINITE and tokens[trigger.first].text in _NUMBERS


def _of_examination(clause: Clause, tokens: list[Token]) -> bool:
    """Recognise "To be considered for an H-1B you must pass Step 3 before PGY-3": who may come, and when the
    examination is due."""
    return clause.has("exam") and clause.has("people") and (clause.has("require") or "need" in clause.lemmas(tokens))


def _all_years(clause: Clause, tokens: list[Token], trigger: Trigger) -> bool:
    """Recognise "You must pass before PGY-3", "categorical and preliminary residents": no later year alone is
    meant."""
    due = trigger.first > 0 and tokens[trigger.first - 1].text in _DUE
    return due or any(tokens[p].text == "categorical" for p in clause.places)


def _visa_follows(clause: Clause, tokens: list[Token], trigger: Trigger) -> bool:
    """Recognise "Contingent on their obtaining a J-1": the visa is the condition and has none."""
    return any(tokens[p].trainee for p in clause.places if trigger.last < p <= trigger.last + 5)


def _exempt(clause: Clause, tokens: list[Token], trigger: Trigger) -> bool:
    """Recognise "Not bound by the lottery or its cap": the law's number, which does not bind."""
    masks = {tokens[p].text for other in clause.all("mask") for p in range(other.first, other.last + 1)}
    return tokens[trigger.first].text in _LEGAL_LIMITS and bool(
        masks & {"exempt", "bound", "free", "subject", "exemption"}
    )


def _free_choice(clause: Clause, tokens: list[Token]) -> bool:
    """Recognise "Residents may be sponsored on either a J-1 or an H-1B", "may request the J-1 or the H-1B": they
    choose."""
    named = [p for p in clause.places if tokens[p].trainee]
    if not named or len(clause.visas & BOTH) < 2 or not any(tokens[p].text == "or" for p in range(named[0], named[-1])):
        return False
    subject = {tokens[p].text for p in clause.places[:6]}
    may = next((p for p in clause.places if tokens[p].text in ("may", "can")), None)
    if may is None or may > named[0] or subject & _OURS or not clause.has("people"):
        return False
    verbs = {tokens[p].lemma for p in clause.places if may < p <= may + 3}
    return not verbs & _WEIGHING and not verbs & {"able", "possible"}


def _for_some(clause: Clause, tokens: list[Token]) -> bool:
    """Recognise "The H-1B is supported for fellows who trained with us": for some people, and not those who meet the
    usual prerequisites or need a visa. Only after a verb of support and with one visa: a list of both is for
    everybody."""
    if len(clause.visas & BOTH) != 1 or not clause.has("support"):
        return False
    for number, place in enumerate(clause.places[:-3]):
        if tokens[place].text not in ("for", "to") or not any(tokens[p].trainee for p in clause.places[:number]):
            continue
        person, relative = (tokens[p] for p in clause.places[number + 1 : number + 3])
        rest = {tokens[p].text for p in clause.places[number + 3 :]}
        if person.text in _SOME and relative.text in ("who", "whose"):
            return not rest & _PREREQUISITES and not any(tokens[p].trainee for p in clause.places[number + 3 :])
    return False


def _left_open(clause: Clause, tokens: list[Token], trigger: Trigger) -> bool:
    """Decide whether "may", "consider" and the like leave it open."""
    word = tokens[trigger.first].lemma
    following = [tokens[p] for p in clause.places if trigger.last < p <= trigger.last + 4]
    after = {item.lemma for item in following[:3]}
    if word == "possible" and [item.text for item in following[:2]] in _FOR_ALL:
        return False
    denied = bool(following) and following[0].text == "not"
    if word in ("may", "might") and (denied or after & _PERCEIVING):
        return False  # "may not", "as you may know"
    if word == "may":
        in_status = bool(following) and following[0].text == "be" and any(item.trainee for item in following[:3])
        verbs = [item.lemma for item in following[:3] if item.lemma not in ("also", "be", "either", "then", "still")]
        return not in_status and (not verbs or verbs[0] not in _PERMITTED)
    if word in _WEIGHING:
        for_visa = bool(following) and following[0].text == "for" and any(item.trainee for item in following)
        equally = any(tokens[p].text in _EQUALLY for p in clause.places)
        return not equally and (for_visa or not clause.has("people"))
    return True


def _names_the_visa(clause: Clause, tokens: list[Token], trigger: Trigger) -> bool:
    """Recognise "If it's a J-1, yes": the condition is the visa itself."""
    after = [p for p in clause.places if p > trigger.last]
    comma = next((k for k, p in enumerate(after) if tokens[p].text == ","), None)
    inside = [tokens[p] for p in after[:comma]] if comma is not None else []
    return any(word.trainee for word in inside) and all(word.trainee or word.text in _NAMING for word in inside)


def _limited_to_people(clause: Clause, tokens: list[Token], trigger: Trigger) -> bool:
    """Recognise "The H-1B is limited to chief residents": limited, but not to a visa."""
    after = [tokens[p] for p in clause.places if p > trigger.last][:7]
    if tokens[trigger.first].lemma == "reserve" and len(after) > 2:
        while after and (after[0].trainee or after[0].text in ("the", "an", "a")):
            after = after[1:]  # "We reserve the H-1B for ..."
        return bool(after) and after[0].text == "for" and not any(word.trainee for word in after)
    if not after or after[0].text not in ("to", "for") or any(word.trainee for word in after):
        return False
    return any(tokens[p].trainee for p in clause.places if p < trigger.first)


def _conditional_if(clause: Clause, tokens: list[Token], trigger: Trigger) -> bool:
    """Decide whether an if-part is a real condition, not "if you need one" or an ordinary prerequisite."""
    due = tokens[trigger.first].text in _TIMES and any(exam.last < trigger.first for exam in clause.all("exam"))
    if due or _names_the_visa(clause, tokens, trigger):
        return False
    tail = {tokens[p].text for p in clause.places if p > trigger.last} - {".", ","}
    following = [tokens[p] for p in clause.places if trigger.last < p <= trigger.last + 3]
    if not tail - {":"}:
        return tokens[trigger.first].text == "only"  # "... only when:", and a list of conditions
    if tokens[trigger.first].text == "only" and any(word.trainee for word in following):
        return False
    if tokens[trigger.last].text in ("through", "by") and "ecfmg" in tail:
        return False
    # "solely for candidates who will not need to pay the fee"
    return {"not", "who"} <= tail or not tail & _PREREQUISITES
