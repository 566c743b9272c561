"""Negation, counted: each negator and each verb of refusal turns the sense of a clause round.

"No visa that we exclude" has two turns and is a yes. Idioms that negate nothing here ("not only", "without regard to") are
entries of the vocabulary and never arrive here; this module leaves out negators about persons ("not a citizen"), duties
("nobody has to"), parentheticals (", not the resident,") and remarks before a colon.
"""

from __future__ import annotations

from itertools import pairwise

from pipeline.policies.lexicon import Trigger
from pipeline.policies.sentence.clauses import Clause
from pipeline.policies.sentence.everyday import refuses_something_else
from pipeline.policies.tokens import ECFMG, Token
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
_SIDE_BY_SIDE = frozenset("/|;&+–()•.\\")
_CLAUSE_WORDS = wordset("that which who whom we they it our program hospital department institution")
_GOING_ON = wordset("need must may can should will are have do , and")
# Words between a negator and its verb that don't change what is negated.
_LIGHT = wordset(
    "a an the be been being is are was were am do does did have has had can could will would shall should may"
    " might must to in of for with on at by from as that this these those any either or and such so it we our us"
    " they them their you your its his her there here also even yet ever still just now then currently presently"
    " further more new initial immigration type types kind kinds category categories class classes form forms longer able"
    " position if than other allow allowed permitted order up out part means way ways plan plans intention"
    " capacity ability resources budget funds authority power room used use made make given give get into upon"
    " under over about something anything thing deemed thought judged"
)


def negations(clause: Clause, tokens: list[Token]) -> list[Trigger]:
    """Return the negators and refusals of `clause` that count, in order."""
    tail = _tail(clause, tokens)
    counted: list[Trigger] = []
    for trigger in clause.triggers:
        if (
            trigger.first in tail
            or not _turns(clause, tokens, trigger, counted)
            or _left_out(clause, tokens, trigger, counted)
        ):
            continue
        if counted and _new_verb(clause, tokens, counted[-1], trigger):
            break
        if trigger.has("noword") and counted and counted[-1].last == trigger.first - 1:
            continue
        counted.append(trigger)
    return counted


def denied(clause: Clause, tokens: list[Token]) -> bool:
    """Decide whether the negations of `clause` make a no."""
    return len(negations(clause, tokens)) % 2 == 1


def vague(clause: Clause, tokens: list[Token], turns: list[Trigger]) -> bool:
    """Decide whether the only negator bears on a word that the reader does not know: then it is no plain no."""
    if len(turns) != 1 or not turns[0].has("neg"):
        return False
    known = {
        p for trigger in clause.triggers if trigger is not turns[0] for p in range(trigger.first, trigger.last + 1)
    }
    for place in [p for p in clause.places if p > turns[0].last][:8]:
        word = tokens[place]
        if word.visas or place in known:
            return False
        if word.text not in _LIGHT and word.text.isalpha():
            return True
    return False


def _turns(clause: Clause, tokens: list[Token], trigger: Trigger, counted: list[Trigger]) -> bool:
    """Decide whether `trigger` is a negator, a refusal, "no other" without a name, or a limit that is itself
    denied."""
    if trigger.has("nothing_else"):
        if restricts_people(clause, tokens, trigger):
            return False
        return not any(tokens[p].trainee for p in clause.places)
    if trigger.has("restrict") and not trigger.has("refuse"):
        return any(other.has("neg") and 0 < trigger.first - other.last <= 5 for other in counted)
    if trigger.has("lift"):
        return any(tokens[p].lemma in _BANS for p in clause.places)
    if trigger.has("refuse") and refuses_something_else(clause, tokens, trigger):
        return False
    return trigger.has("neg", "refuse", "noword")


def restricts_people(clause: Clause, tokens: list[Token], trigger: Trigger) -> bool:
    """Recognise "For graduates of US schools, for nobody else": it holds for these people alone."""
    persons = tokens[trigger.first].text in ("nobody", "no") and tokens[trigger.last].text in (
        "else",
        "one",
        "applicant",
        "candidate",
    )
    return persons and any(tokens[p].text in ("for", "to") for p in clause.places if p < trigger.first)


def _left_out(clause: Clause, tokens: list[Token], trigger: Trigger, counted: list[Trigger]) -> bool:
    """Decide whether a negator does not bear on what is asserted of visas."""
    word = tokens[trigger.first].text
    if word == "nor" and counted:
        return not any(other.has("refuse") and 0 < other.first - trigger.last <= 2 for other in clause.triggers)
    if word == "without" and not counted and _near(clause, tokens, trigger, ("step", "usmle"), 5):
        return True
    if not trigger.has("neg"):
        return False
    return (
        _of_persons(clause, tokens, trigger)
        or _not_by_us(clause, tokens, trigger)
        or _in_short_relative(tokens, trigger)
        or _in_apposition(tokens, trigger)
        or _duty_follows(clause, tokens, trigger)
        or (word == "without" and _lacks_something_else(clause, tokens, trigger))
        or (word == "not" and _now_so_now_not(clause, tokens, trigger))
        or _before_colon(clause, tokens, trigger)
    )


def _now_so_now_not(clause: Clause, tokens: list[Token], trigger: Trigger) -> bool:
    """Recognise "There have been years in which we could and years in which we could not": neither yes nor no."""
    verb = tokens[trigger.first - 1].text if trigger.first else ""
    earlier = [p for p in clause.places if p < trigger.first - 1 and tokens[p].text == verb]
    return verb in ("can", "could", "did", "do", "have") and any(
        tokens[p + 1].text in ("and", "or", ",") for p in earlier
    )


def _lacks_something_else(clause: Clause, tokens: list[Token], trigger: Trigger) -> bool:
    """Recognise "As a hospital without in-house counsel we ...": what is lacking is neither a visa nor anything done
    for one."""
    after = [p for p in clause.places if p > trigger.last]
    end = next((k for k, p in enumerate(after) if tokens[p].text in _SUBJECTS or tokens[p].text == ","), None)
    if not end:
        return False
    stating = {other.first for other in clause.all("support", "refuse", "cond", "exam")}
    return not any(tokens[p].visas or p in stating for p in after[:end])


def _tail(clause: Clause, tokens: list[Token]) -> range:
    """Return the places of a trailing "if", "when", "until" part, up to an "and": negators there do not turn the main
    statement."""
    named = bool(tokens[clause.places[0]].visas)
    start = None
    for number, place in enumerate(clause.places[1:], 1):
        following = tokens[clause.places[number + 1]].text if number + 1 < len(clause.places) else ""
        opens = (tokens[place].text in _TAIL_WORDS and not _given_out(clause, tokens, number)) or (
            tokens[place].text == "only" and following in _TAIL_PREPOSITIONS
        )
        if start is None and named and opens:
            start = place
        elif start is not None and tokens[place].text in ("and", "but") and _begins_anew(clause, tokens, start, place):
            return range(start, place)
        named = named or bool(tokens[place].visas)
    return range(start, clause.places[-1] + 1) if start is not None else range(0)


def _given_out(clause: Clause, tokens: list[Token], number: int) -> bool:
    """Recognise "H-1B visas are provided neither to ...": here "provided" is the verb, not "if"."""
    places = clause.places
    following = tokens[places[number + 1]].text if number + 1 < len(places) else ""
    passive = any(tokens[p].lemma in ("be", "have") for p in places[max(0, number - 3) : number])
    return tokens[places[number]].text == "provided" and (passive or following not in _CONDITION_OPENERS)


def _begins_anew(clause: Clause, tokens: list[Token], start: int, place: int) -> bool:
    """Decide whether after a conjunction in a tail a statement of its own follows: a visa or the program is named, or
    the tail gives a time."""
    if tokens[start].text not in ("only", "who", "if"):
        return True
    later = [tokens[p] for p in clause.places if p > place]
    return any(item.visas or item.text in _SPEAKERS for item in later)


def _near(clause: Clause, tokens: list[Token], trigger: Trigger, words: tuple[str, ...], reach: int) -> bool:
    return any(tokens[p].text in words for p in clause.places if trigger.last < p <= trigger.last + reach)


def _duty_follows(clause: Clause, tokens: list[Token], trigger: Trigger) -> bool:
    """Recognise "Nobody has to choose the J-1", "not required to hold": a duty is denied, not the visa."""
    after = [tokens[p].text for p in clause.places if trigger.last < p <= trigger.last + 3]
    return tuple(after[:2]) in _DUTIES


def _before_colon(clause: Clause, tokens: list[Token], trigger: Trigger) -> bool:
    """Recognise "Fellows may not: for them it is the J-1": a remark before a colon that names no visa and no verb of
    ours."""
    colon = next((p for p in clause.places if p > trigger.last and tokens[p].text == ":"), None)
    if colon is None or any(tokens[p].visas or tokens[p].text == "following" for p in clause.places if p < colon):
        return False
    before = [tokens[p] for p in clause.places if p < colon]
    if not any(word.lemma in ("be", "have", "do") or word.text in ("may", "can", "will") for word in before):
        return False  # "No: H-1B" answers
    return not any(other.has("support", "refuse") and trigger.last < other.first < colon for other in clause.triggers)


def _new_verb(clause: Clause, tokens: list[Token], first: Trigger, second: Trigger) -> bool:
    """Decide whether a conjunction between two negators opens a second statement of the same sense: "never did and
    won't"."""
    if tokens[second.first].text == "without" and any(word.trainee for word in tokens[second.last : second.last + 4]):
        return False  # "nobody is admitted to residencies and fellowships without a J-1"
    between = [p for p in clause.places if first.last < p < second.first]
    words = [tokens[p].text for p in between]
    if _SIDE_BY_SIDE & set(words) or words[-1:] == [","]:
        return True  # "not sponsored/not accepted", "not sponsored, unavailable"
    plain = second.has("neg") and not first.has("refuse") and tokens[second.first].text != "without"
    if plain and not _CLAUSE_WORDS & set(words):
        return True  # two plain negators cancel each other only over a clause: "no visa that we do not take"
    if not second.has("refuse") and any(tokens[p].text in (",", ":") for p in between):
        return True
    for p, q in pairwise([*between, second.first]):
        if tokens[p].text in ("and", "or", ",") and not tokens[q].visas and tokens[q].text not in _SAME_VERB:
            return True
    return False


def _of_persons(clause: Clause, tokens: list[Token], trigger: Trigger) -> bool:
    """Decide whether the negator is about who people are: "not a citizen", "without a green card"."""
    persons = [other.first for other in clause.all("citizen", "pr") if 0 < other.first - trigger.last <= 5]
    return bool(persons) and not any(tokens[p].visas for p in range(trigger.last + 1, persons[0]))


def _not_by_us(clause: Clause, tokens: list[Token], trigger: Trigger) -> bool:
    """Recognise "J-1 visas are sponsored by ECFMG and not by the hospital": they can be had."""
    after = [tokens[p].text for p in clause.places if trigger.last < p <= trigger.last + 3]
    own = any(other.has("agent") and trigger.last < other.first <= trigger.last + 4 for other in clause.triggers)
    return (
        after[:1] in (["by"], ["the"], ["our"], ["through"])
        and own
        and any(tokens[p].text == ECFMG for p in clause.places)
    )


def _in_short_relative(tokens: list[Token], trigger: Trigger) -> bool:
    """Recognise "Those who are not need not worry": a relative clause that ends on its negator."""
    before = [word.text for word in tokens[max(0, trigger.first - 2) : trigger.first]]
    after = tokens[trigger.last + 1].text if trigger.last + 1 < len(tokens) else ""
    return before in (["who", "are"], ["who", "do"], ["who", "have"]) and after in _GOING_ON


def _in_apposition(tokens: list[Token], trigger: Trigger) -> bool:
    """Recognise ", not the resident," between commas contrasts persons and negates nothing else."""
    before = [word.text for word in tokens[max(0, trigger.first - 2) : trigger.first]]
    if tokens[trigger.first].text != "not" or not (before[-1:] == [","] or before in ([",", "but"], [",", "and"])):
        return False
    for word in tokens[trigger.last + 1 : trigger.last + 7]:
        if word.text == ",":
            return True
        if word.visas:
            return False
    return False
