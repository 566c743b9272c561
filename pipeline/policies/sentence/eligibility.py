"""Who may be appointed at all: citizens and permanent residents only, own work authorisation only, the military.

A duty of citizens, of non-citizens or of everybody ("All IMGs, including citizens, must have ...", "must show that they may
work here") limits nothing: the sentence has to say that applicants must be such people, or that no others are taken.
"""

from __future__ import annotations

from pipeline.policies.claims import CONTACT, Claim, Parsed
from pipeline.policies.lexicon import Trigger
from pipeline.policies.sentence.negation import denied
from pipeline.policies.sentence.polarity import NO
from pipeline.policies.tokens import ANY, BOTH, J1, OTHER_CLASS, OTHERS
from pipeline.text.characters import wordset

MAX_ENTRY = 14  # words of an entry in a list of requirements
_LIMITS = ("only", "restrict", "nothing_else", "nothing_but")
_PREFERENCES = wordset("preferred preference prefer regardless irrespective whether")
# Of a grant, a track, a count or a form: a limit of these is none of the program.
_OTHER_MATTERS = wordset(
    "grant grants t32 nih loan loans scholarship scholarships award awards stipend count counts counted race ethnicity"
    " ethnic demographic demographics statistics survey vote voting track tracks research"
)
_LIKELY = wordset("eligible eligibility qualify qualified")
_BEING = wordset("be is are being have has hold holds holding having possess")
_HAVING_TO = wordset("must shall need needs needed require required eligible eligibility")
_LIGHT = wordset(
    "a an the either us u s . united states american lawful legal valid current permanent own already who those of or and"
    " non - citizen currently these people persons individuals on"
)
_APART = wordset("including non not without whether noncitizen")
_NEEDED = wordset("required mandatory requirement prerequisite necessary needed essential must condition")
_STATUS = wordset("citizenship residency residence card greencard")
_ALL = wordset("all every")
_REACH = 8


def eligibility_claims(parsed: Parsed, required: bool = False) -> tuple[Claim, ...]:
    """Return a claim against all visas if the sentence leaves room only for people who need none; else empty.

    required: it is in a list of requirements, where "US citizen or green card holder" says so by itself.

    Where citizens are beside holders of some visa ("or a valid visa"), the claim is `contact`.
    """
    rule = "" if parsed.visas & BOTH else _rule(parsed)
    if required and not rule and not parsed.visas and parsed.has("citizen") and parsed.has("pr", "ead"):
        brief = len(parsed.tokens) <= MAX_ENTRY and not parsed.has("support", "neg", "prefer")
        rule = "citizens_only" if brief else ""
    if rule == "citizens_only" and parsed.visas & {ANY, OTHERS}:
        return (Claim(ANY, CONTACT, (), ("some_visa",)),)
    return (Claim(ANY, NO, (), (rule,)),) if rule else ()


def only_citizens_and_j1(parsed: Parsed) -> bool:
    """Decide whether a sentence leaves room for people on a J-1 and for those who need no visa, and nobody else: "must be
    citizens, permanent residents or hold a J-1". It says nothing of the H-1B where work permits are taken too, nor where
    people need only be eligible for a J-1."""
    words = {word.text for word in parsed.tokens}
    if parsed.visas != {J1} or parsed.has("ead", "neg") or words & (_OTHER_MATTERS | _PREFERENCES | _LIKELY):
        return False
    people = [trigger for trigger in parsed.triggers if trigger.has("citizen", "pr") and not _apart(parsed, trigger)]
    if not people:
        return False
    visa = next(place for place, word in enumerate(parsed.tokens) if word.visas)
    first = min(people[0].first, visa)
    if any(word.text == ":" for word in parsed.tokens[first:visa]):
        return False  # "Must one be a citizen: J-1 accepted"
    return _must_be(parsed, first) or _limited(parsed, people)


def _rule(parsed: Parsed) -> str:
    words = {word.text for word in parsed.tokens}
    if words & _OTHER_MATTERS and not _trainees_must(parsed):
        return ""
    if _soldiers(parsed, words):
        return "military"
    if words & _PREFERENCES:
        return ""
    if _own_authorization(parsed, words):
        return "own_work_authorization"
    if _sponsorship_denied(parsed):
        return "no_sponsorship"
    people = [trigger for trigger in parsed.triggers if trigger.has("citizen", "pr") and not _apart(parsed, trigger)]
    limited = people and (
        _must_be(parsed, people[0].first) or _limited(parsed, people) or _status_needed(parsed, people)
    )
    return "citizens_only" if limited else ""


def _trainees_must(parsed: Parsed) -> bool:
    """Recognise "supported by a T32 grant; fellows must be citizens": asserted of all fellows."""
    return any(
        trigger.has("trainee")
        and parsed.tokens[trigger.last + 1 : trigger.last + 2]
        and parsed.tokens[trigger.last + 1].text == "must"
        for trigger in parsed.triggers
    )


def _soldiers(parsed: Parsed, words: set[str]) -> bool:
    """Recognise "must be on active duty", "all positions are filled by active-duty officers", "civilians are not
    enrolled"."""
    soldiers = next((trigger for trigger in parsed.triggers if trigger.has("military")), None)
    if soldiers is None:
        return False
    if parsed.tokens[soldiers.first].lemma == "civilian":
        return parsed.has("neg", "refuse")
    around = {word.text for word in parsed.tokens[: soldiers.first]}
    return parsed.has("only") or (bool(around & _BEING) and (parsed.has("require") or bool(words & _ALL)))


def _own_authorization(parsed: Parsed, words: set[str]) -> bool:
    """Recognise "without sponsorship", "only those with permanent work authorization"; not "must show that they may
    work here"."""
    if parsed.has("nosponsor") and parsed.has("require", "ead", "only", "support"):
        return True
    own = parsed.has("ead") and bool(words & {"permanent", "unrestricted", "own"})
    return own and (parsed.has("require", "only") or ("without" in words and parsed.has("neg")))


def _apart(parsed: Parsed, people: Trigger) -> bool:
    """Recognise "including citizens", "non-citizens", "without citizenship", and the agency that bears the word."""
    before = {word.text for word in parsed.tokens[max(0, people.first - 4) : people.first]}
    after = [word.text for word in parsed.tokens[people.last + 1 : people.last + 3]]
    return bool(before & _APART) or after == ["and", "immigration"]


def _must_be(parsed: Parsed, status: int) -> bool:
    """Recognise "must be a US citizen", "have to hold a green card": only light words before the status,
    which begins at that word."""
    tokens = parsed.tokens
    at = status - 1
    while at >= 0 and tokens[at].text in _LIGHT:
        at -= 1
    if at < 0 or tokens[at].text not in _BEING:
        return False
    before = tokens[max(0, at - _REACH) : at]
    duty = tokens[at].text in ("have", "has") and tokens[at + 1].text == "to"
    required = any(trigger.has("require") and 0 < at - trigger.last <= _REACH for trigger in parsed.triggers)
    return duty or required or any(word.text in _HAVING_TO for word in before)


def _limited(parsed: Parsed, people: list[Trigger]) -> bool:
    """Recognise "only citizens", "restricted to citizens", "nobody but citizens", "citizens only": nothing but light
    words, or those of whom it is asserted, between the limit and the status."""
    tokens = parsed.tokens
    for trigger in parsed.triggers:
        if not trigger.has(*_LIMITS) or any(
            turn.has("neg") and 0 < trigger.first - turn.last <= 2 for turn in parsed.triggers
        ):
            continue
        if 0 < people[0].first - trigger.last <= _REACH:
            between = tokens[trigger.last + 1 : people[0].first]
            if not any(word.visas for word in between):
                return not _opens_to_others(parsed, people[-1])
        if 0 < trigger.first - people[-1].last <= 3 and trigger.has("only", "nothing_else"):
            return True
    return False


def _opens_to_others(parsed: Parsed, last: Trigger) -> bool:
    """Recognise "... and such non-citizens as may work"."""
    after = [word.text for word in parsed.tokens[last.last + 1 :]]
    return bool({"non", "noncitizens", "others"} & set(after[:8]))


def _status_needed(parsed: Parsed, people: list[Trigger]) -> bool:
    """Recognise "US citizenship is required", "Citizenship: required"."""
    tokens = parsed.tokens
    if not any(tokens[trigger.last].text in _STATUS for trigger in people):
        return False
    after = [word.text for word in tokens[people[-1].last + 1 : people[-1].last + 1 + 2 * _REACH]]
    follows = after[:1] and (after[0] in _NEEDED or any(word in ("is", "are", ":", "be") for word in after))
    return bool(follows) and any(word in _NEEDED for word in after)


def _sponsorship_denied(parsed: Parsed) -> bool:
    """Decide whether beside people who may work here anyway sponsorship in general is denied: "sponsorship by us is
    ruled out"; not that of a green card."""
    return parsed.has("ead", "citizen") and any(
        any(parsed.tokens[p].lemma in ("sponsor", "sponsorship") for p in clause.places)
        and not clause.has("pr")
        and not any(OTHER_CLASS in parsed.tokens[p].visas for p in clause.places)
        and denied(clause, parsed.tokens)
        for clause in parsed.clauses
    )
