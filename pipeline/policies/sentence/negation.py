"""Negation, counted: each negator and each verb of refusal turns the sense of a clause round.

"No visa that we exclude" has two turns and is a yes. Idioms that negate nothing here ("not only", "without regard to") are
entries of the vocabulary and never arrive here; this module leaves out negators about persons ("not a citizen"), duties
("nobody has to"), asides (", not the resident,") and remarks before a colon.
"""

from __future__ import annotations

from itertools import pairwise

from pipeline.policies.lexicon import Cue
from pipeline.policies.sentence.clauses import Clause
from pipeline.policies.tokens import Word
from pipeline.text.characters import wordset

_TAIL_WORDS = wordset("if when where unless until before provided who")
_SUBJECTS = wordset("we they it")
_SPEAKERS = wordset("we our us program hospital department")
_CONDITION_OPENERS = wordset("that the they you he she it we all your their a an step")
_TAIL_PREPOSITIONS = wordset("for if when where to after with")
_BANS = wordset("ban restriction freeze pause moratorium prohibition suspension limit exclusion")
_DUTIES = (("has", "to"), ("have", "to"), ("need", "to"), ("needs", "to"), ("be", "required"), ("be", "forced"),
           ("is", "required"), ("is", "forced"))  # fmt: skip
_SAME_VERB = wordset("the a an any that which who")
_GOING_ON = wordset("need must may can should will are have do , and")
_DUTY_WORDS = wordset("must required obliged")
# Words between a negator and its verb that don't change what is negated.
_LIGHT = wordset(
    "a an the be been being is are was were am do does did have has had can could will would shall should may"
    " might must to in of for with on at by from as that this these those any either or and such so it we our us"
    " they them their you your its his her there here also even yet ever still just now then currently presently"
    " further more new initial type types kind kinds category categories class classes form forms longer able"
    " position if than other allow allowed permitted order up out part means way ways plan plans intention"
    " capacity ability resources budget funds authority power room used use made make given give get into upon"
    " under over about something anything thing"
)


def negations(clause: Clause, found: list[Word]) -> list[Cue]:
    """Negators and refusals of `clause` that count, in order."""
    tail = _tail(clause, found)
    counted: list[Cue] = []
    for cue in clause.cues:
        if cue.first in tail or not _turns(clause, found, cue, counted) or _left_out(clause, found, cue, counted):
            continue
        if counted and _new_verb(clause, found, counted[-1], cue):
            break
        if cue.has("noword") and counted and counted[-1].last == cue.first - 1:
            continue
        if counted and counted[-1].has("noword") and counted[-1].last == cue.first - 1 and cue.has("neg"):
            continue  # "✗ no": one negation, said twice
        counted.append(cue)
    return counted


def denied(clause: Clause, found: list[Word]) -> bool:
    """Whether the turns of `clause` make a no."""
    return len(negations(clause, found)) % 2 == 1


def vague(clause: Clause, found: list[Word], turns: list[Cue]) -> bool:
    """Whether the only negator bears on a word that the reader does not know: then it is no plain no."""
    if len(turns) != 1 or not turns[0].has("neg"):
        return False
    known = {p for cue in clause.cues if cue is not turns[0] for p in range(cue.first, cue.last + 1)}
    for place in [p for p in clause.places if p > turns[0].last][:8]:
        word = found[place]
        if word.visas or place in known:
            return False
        if word.word not in _LIGHT and word.word.isalpha():
            return True
    return False


def _turns(clause: Clause, found: list[Word], cue: Cue, counted: list[Cue]) -> bool:
    """Whether `cue` is a negator, a refusal, "no other" without a name, or a limit that is itself denied."""
    if cue.has("nothing_else"):
        if restricts_people(clause, found, cue):
            return False
        return not any(found[p].trainee for p in clause.places)
    if cue.has("restrict") and not cue.has("refuse"):
        return any(other.has("neg") and 0 < cue.first - other.last <= 5 for other in counted)
    if cue.has("lift"):
        return any(found[p].lemma in _BANS for p in clause.places)
    if cue.has("except") and found[cue.first].word == "excluding":
        return False
    return cue.has("neg", "refuse", "noword")


def restricts_people(clause: Clause, found: list[Word], cue: Cue) -> bool:
    """ "For graduates of US schools, for nobody else": it holds for these people alone."""
    persons = found[cue.first].word in ("nobody", "no") and found[cue.last].word in (
        "else",
        "one",
        "applicant",
        "candidate",
    )
    return persons and any(found[p].word in ("for", "to") for p in clause.places if p < cue.first)


def _left_out(clause: Clause, found: list[Word], cue: Cue, counted: list[Cue]) -> bool:
    """Whether a negator does not bear on what is said of visas."""
    word = found[cue.first].word
    if word == "nor" and counted:
        return not any(other.has("refuse") and 0 < other.first - cue.last <= 2 for other in clause.cues)
    if word in ("no", "nope") and cue.first == clause.places[0] and _opens_answer(clause, found, cue):
        return True
    if word == "without" and not counted and _near(clause, found, cue, ("step", "usmle"), 5):
        return True
    if not cue.has("neg"):
        return False
    return (
        _of_persons(clause, found, cue)
        or _in_short_relative(found, cue)
        or _in_apposition(found, cue)
        or _duty_follows(clause, found, cue)
        or (word == "without" and _lacks_something_else(clause, found, cue))
        or (word == "not" and _now_so_now_not(clause, found, cue))
        or _before_colon(clause, found, cue)
    )


def _now_so_now_not(clause: Clause, found: list[Word], cue: Cue) -> bool:
    """ "There have been years in which we could and years in which we could not": neither yes nor no."""
    verb = found[cue.first - 1].word if cue.first else ""
    earlier = [p for p in clause.places if p < cue.first - 1 and found[p].word == verb]
    return verb in ("can", "could", "did", "do", "have") and any(
        found[p + 1].word in ("and", "or", ",") for p in earlier
    )


def _lacks_something_else(clause: Clause, found: list[Word], cue: Cue) -> bool:
    """ "As a hospital without in-house counsel we ...": what is lacking is neither a visa nor anything done for one."""
    after = [p for p in clause.places if p > cue.last]
    end = next((k for k, p in enumerate(after) if found[p].word in _SUBJECTS or found[p].word == ","), None)
    if not end:
        return False
    telling = {other.first for other in clause.all("support", "refuse", "cond", "exam")}
    return not any(found[p].visas or p in telling for p in after[:end])


def _tail(clause: Clause, found: list[Word]) -> range:
    """Places of a trailing "if", "when", "until" part, up to an "and": negators there do not turn the main statement."""
    named = bool(found[clause.places[0]].visas)
    start = None
    for number, place in enumerate(clause.places[1:], 1):
        following = found[clause.places[number + 1]].word if number + 1 < len(clause.places) else ""
        opens = (found[place].word in _TAIL_WORDS and not _given_out(clause, found, number)) or (
            found[place].word == "only" and following in _TAIL_PREPOSITIONS
        )
        if start is None and named and opens:
            start = place
        elif start is not None and found[place].word in ("and", "but") and _begins_anew(clause, found, start, place):
            return range(start, place)
        named = named or bool(found[place].visas)
    return range(start, clause.places[-1] + 1) if start is not None else range(0)


def _given_out(clause: Clause, found: list[Word], number: int) -> bool:
    """ "H-1B visas are provided neither to ...": here "provided" is the verb, not "if"."""
    places = clause.places
    following = found[places[number + 1]].word if number + 1 < len(places) else ""
    passive = any(found[p].lemma in ("be", "have") for p in places[max(0, number - 3) : number])
    return found[places[number]].word == "provided" and (passive or following not in _CONDITION_OPENERS)


def _begins_anew(clause: Clause, found: list[Word], start: int, place: int) -> bool:
    """Whether after a conjunction in a tail a statement of its own follows: a visa or the program is named, or the
    tail gives a time."""
    if found[start].word not in ("only", "who", "if"):
        return True
    later = [found[p] for p in clause.places if p > place]
    return any(item.visas or item.word in _SPEAKERS for item in later)


def _opens_answer(clause: Clause, found: list[Word], cue: Cue) -> bool:
    """ "No, H-1B visas are not sponsored": one negation, said twice."""
    parted = cue.last + 1 < len(found) and found[cue.last + 1].word in (",", ".", "-")
    return parted and any(other.first > cue.last and other.has("neg", "refuse", "noword") for other in clause.cues)


def _near(clause: Clause, found: list[Word], cue: Cue, words: tuple[str, ...], reach: int) -> bool:
    return any(found[p].word in words for p in clause.places if cue.last < p <= cue.last + reach)


def _duty_follows(clause: Clause, found: list[Word], cue: Cue) -> bool:
    """ "Nobody has to choose the J-1", "not required to hold": a duty is denied, not the visa."""
    after = [found[p].word for p in clause.places if cue.last < p <= cue.last + 3]
    return tuple(after[:2]) in _DUTIES or bool(after and after[0] in _DUTY_WORDS)


def _before_colon(clause: Clause, found: list[Word], cue: Cue) -> bool:
    """Whether the negator belongs to a remark before a colon that names no visa and no verb of ours."""
    colon = next((p for p in clause.places if p > cue.last and found[p].word == ":"), None)
    if colon is None or any(found[p].visas for p in clause.places if p < colon):
        return False
    return not any(other.has("support", "refuse") and cue.last < other.first < colon for other in clause.cues)


def _new_verb(clause: Clause, found: list[Word], first: Cue, second: Cue) -> bool:
    """Whether a conjunction between two negators opens a second statement of the same sense: "never did and won't"."""
    between = [p for p in clause.places if first.last < p < second.first]
    if not second.has("refuse") and any(found[p].word in (",", ":") for p in between):
        return True
    for p, q in pairwise([*between, second.first]):
        if found[p].word in ("and", "or", ",") and not found[q].visas and found[q].word not in _SAME_VERB:
            return True
    return False


def _of_persons(clause: Clause, found: list[Word], cue: Cue) -> bool:
    """Whether the negator is about who people are: "not a citizen", "without a green card"."""
    persons = [other.first for other in clause.all("citizen", "pr") if 0 < other.first - cue.last <= 5]
    return bool(persons) and not any(found[p].visas for p in range(cue.last + 1, persons[0]))


def _in_short_relative(found: list[Word], cue: Cue) -> bool:
    """ "Those who are not need not worry": a relative clause that ends on its negator."""
    before = [word.word for word in found[max(0, cue.first - 2) : cue.first]]
    after = found[cue.last + 1].word if cue.last + 1 < len(found) else ""
    return before in (["who", "are"], ["who", "do"], ["who", "have"]) and after in _GOING_ON


def _in_apposition(found: list[Word], cue: Cue) -> bool:
    """ ", not the resident," between commas contrasts persons and negates nothing else."""
    before = [word.word for word in found[max(0, cue.first - 2) : cue.first]]
    if found[cue.first].word != "not" or not (before[-1:] == [","] or before in ([",", "but"], [",", "and"])):
        return False
    for word in found[cue.last + 1 : cue.last + 7]:
        if word.word == ",":
            return True
        if word.visas:
            return False
    return False
