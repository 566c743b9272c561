"""Of which time a clause speaks: what held formerly, what holds, what holds from now or from a date."""

from __future__ import annotations

import re

from pipeline.policies.lexicon import Trigger
from pipeline.policies.sentence.clauses import Clause
from pipeline.policies.tokens import Token
from pipeline.text.characters import wordset

PROGRAM = wordset("we our us program hospital department institution university center school residency fellowship gme")
PRESENT_AUX = wordset("is are has have do does can will may must should shall am be")
_PAST_AUX = wordset("was were had did")
_PAST_FORMS = wordset("took gave held brought began kept made filed petitioned permitted admitted helped had supplied")
_BEGINNING = wordset(
    "add introduce launch resume reinstate restore reopen adopt begin start agree extend expand commit choose secure"
    " obtain join approve"
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_MONTHS = wordset(
    "january february march april may june july august september october november december jan feb mar apr jun"
    " jul aug sep sept oct nov dec"
)


def time_of(clause: Clause, tokens: list[Token], triggers: list[Trigger]) -> int:
    """Return -1 for what held formerly, 1 for what is asserted to hold from now or from a date, 0 otherwise."""
    terms = {tokens[p].text for p in clause.places}
    ended = any(trigger.value("neg") == "now" for trigger in clause.triggers)
    if ended or any(trigger.value("now") == "dated" for trigger in clause.triggers):
        return 1
    if clause.has("past") and _really_past(clause, tokens):
        return -1
    if _from_date(clause, triggers):
        return 1
    if clause.has("refuse", "lift"):
        return 0
    past = bool(terms & _PAST_AUX) or _past_simple(clause, tokens)
    return -1 if past and not terms & PRESENT_AUX else 0


def _past_simple(clause: Clause, tokens: list[Token]) -> bool:
    """Recognise "Our program sponsored both": the program did it, once; not "we added the H-1B", which holds since."""
    acts = {trigger.first for trigger in clause.all("support", "weak")}
    for number, place in enumerate(clause.places[:-1]):
        if tokens[place].text not in PROGRAM:
            continue
        for p in clause.places[number + 1 : number + 3]:
            item = tokens[p]
            if tokens[p + 1 : p + 2] and tokens[p + 1].text == "by":
                break  # "the program sponsored by ECFMG"
            if p in acts and item.text != item.lemma and not item.text.endswith(("s", "ing")):
                return item.lemma not in _BEGINNING and item.text in _PAST_FORMS | {item.lemma + "ed", item.lemma + "d"}
            if not item.text.endswith("ly") and item.text not in ("also", "once", "always"):
                break
    return False


def _really_past(clause: Clause, tokens: list[Token]) -> bool:
    """Decide whether: Up to, through and until only with a year or month; "once" not before "again"."""
    for trigger in clause.all("past"):
        word = tokens[trigger.first].text
        if word in ("through", "up", "till", "until", "prior", "till"):
            after = [tokens[p] for p in clause.places if trigger.last < p <= trigger.last + 4]
            form = any(word.text == "-" for word in after)  # "walk you through the DS-2019"
            if not form and any(_YEAR.fullmatch(word.text) or word.text in _MONTHS for word in after):
                return True
        elif word == "once":
            after = [tokens[p].text for p in clause.places if trigger.last < p <= trigger.last + 1]
            before = [tokens[p].text for p in clause.places if p < trigger.first]
            done = bool(after) and after[0].endswith("ed")
            if (before and before[-1] in ("was", "were", "had")) or done:
                return True
        else:
            return True
    return False


def _from_date(clause: Clause, triggers: list[Trigger]) -> bool:
    """Decide whether "as of", "starting" and the like come right before the clause."""
    first, last = clause.places[0] - 12, clause.places[-1]
    return any(trigger.value("now") == "dated" and first <= trigger.first <= last for trigger in triggers)
