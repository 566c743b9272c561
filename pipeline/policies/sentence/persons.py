"""Stretches that say which persons are meant: "who cannot obtain a J-1", "ineligible for the J-1", "if no J-1 can be had".

A visa that somebody can't get is neither given nor refused by the sentence that says so; it limits what the rest says.
"""

from __future__ import annotations

from pipeline.policies.tokens import Token
from pipeline.text.characters import wordset

_GETTING = wordset(
    "obtain get hold qualify secure receive use extend renew keep have enter accept take exhaust be come work train go"
)
_FILLERS = wordset(
    "a an the any further another new valid regular standard for from on of up in their his her your seven years"
)
_NEGATORS = wordset("not no never unable ineligible without neither barred disqualified")
_ADJECTIVES = wordset("ineligible unable disqualified barred")
_SPENT = wordset("exhausted exceeded used spent")
_MARKERS = wordset("who whose if when where because unless should whenever")
_PEOPLE = wordset(
    "those anyone applicants applicant candidates candidate physicians physician residents resident fellows fellow trainees"
    " trainee graduates graduate imgs individuals people persons somebody someone"
)
_FIRST_PERSON = wordset("we our us hospital program department institution university")
_AUXILIARIES = wordset("may can could should must will would are is might ask request apply need")
_REACH = 8


def disqualified(tokens: list[Token]) -> range | None:
    """Return the places of a stretch about persons who can't have a visa, if another of the two visas is named outside
    of it."""
    for place, item in enumerate(tokens):
        if not item.trainee:
            continue
        start = _start(tokens, place)
        if start is None:
            continue
        end = _end(tokens, place)
        outside = {visa for p, w in enumerate(tokens) if not start <= p < end and w.trainee for visa in w.visas}
        if outside - item.visas:
            return range(start, end)
    return None


def _start(tokens: list[Token], place: int) -> int | None:
    """Return where the stretch begins that ends in the visa at `place`: its marker, or the adjective after persons."""
    verb = place - 1
    while verb >= 0 and place - verb < 5 and tokens[verb].text in _FILLERS:
        verb -= 1
    if verb < 0:
        return None
    if tokens[verb].text in ("eligible", "qualified") or tokens[verb].text in _ADJECTIVES | _SPENT:
        pass
    elif tokens[verb].lemma not in _GETTING:
        return None
    turn = next((p for p in range(verb, max(-1, verb - 5), -1) if tokens[p].text in _NEGATORS | _SPENT), None)
    if turn is None:
        return None
    for p in range(turn - 1, max(-1, turn - _REACH), -1):
        if tokens[p].text in _FIRST_PERSON:
            return None
        if tokens[p].text in _MARKERS:
            return p
    before = tokens[turn - 1].text if turn else ""
    adjectival = tokens[turn].text in _ADJECTIVES or (tokens[turn].text == "not" and tokens[verb].text == "eligible")
    return turn if adjectival and before in _PEOPLE else None


def _end(tokens: list[Token], place: int) -> int:
    """Return where the main statement goes on: at an auxiliary, or a comma or conjunction before more of it."""
    for p in range(place + 1, len(tokens)):
        word = tokens[p].text
        if word in _AUXILIARIES or word in (",", "and", "but", ".", ";"):
            return p
    return len(tokens)
