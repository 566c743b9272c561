"""Of which time a clause speaks: what held formerly, what holds, what holds from now or from a date."""

from __future__ import annotations

import re

from pipeline.policies.lexicon import Cue
from pipeline.policies.sentence.clauses import Clause
from pipeline.policies.tokens import Word
from pipeline.text.characters import wordset

PROGRAM = wordset("we our us program hospital department institution university center school residency fellowship gme")
PRESENT_AUX = wordset("is are has have do does can will may must should shall am be")
_PAST_AUX = wordset("was were had did")
_PAST_VERBS = wordset("took trained came held sponsored accepted offered supported used went matched")
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
    if clause.has("refuse", "lift"):
        return -1 if _long_ago(said) else 0
    past = bool(said & _PAST_AUX) or _past_simple(clause, found)
    return -1 if (past and not said & PRESENT_AUX) or _long_ago(said) else 0


def _long_ago(said: set[str]) -> bool:
    """A verb in the past beside a year: "sponsored in 2019"."""
    return bool(said & _PAST_VERBS) and not said & (PRESENT_AUX | _PAST_AUX) and bool(_YEAR.search(" ".join(said)))


def _past_simple(clause: Clause, found: list[Word]) -> bool:
    """ "Our program sponsored both": the program did it, once; not "we added the H-1B", which holds since."""
    acts = {cue.first for cue in clause.all("support", "weak")}
    for number, place in enumerate(clause.places[:-1]):
        if found[place].word not in PROGRAM:
            continue
        for p in clause.places[number + 1 : number + 3]:
            item = found[p]
            if found[p + 1 : p + 2] and found[p + 1].word == "by":
                break  # "the program sponsored by ECFMG"
            if p in acts and item.word != item.lemma and not item.word.endswith(("s", "ing")):
                return item.lemma not in _BEGINNING and item.word in _PAST_FORMS | {item.lemma + "ed", item.lemma + "d"}
            if not item.word.endswith("ly") and item.word not in ("also", "once", "always"):
                break
    return False


def _really_past(clause: Clause, found: list[Word]) -> bool:
    """Up to, through and until only with a year or month; "once" not before "again"."""
    for cue in clause.all("past"):
        word = found[cue.first].word
        if word in ("through", "up", "till", "until", "prior", "till"):
            after = [found[p] for p in clause.places if cue.last < p <= cue.last + 4]
            form = any(word.word == "-" for word in after)  # "walk you through the DS-2019"
            if not form and any(_YEAR.fullmatch(word.word) or word.word in _MONTHS for word in after):
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
