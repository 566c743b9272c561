"""The finite verb of a clause, as far as word order shows it: what an unknown verb does to a visa is unknown.

A verb follows an auxiliary ("has wound down"), after a pronoun ("we leave it to others") or after the name of the
institution ("the hospital eyes ..."). Where none that does so is in the vocabulary, the clause states nothing plainly.
"""

from __future__ import annotations

from pipeline.policies.sentence.clauses import Clause
from pipeline.policies.tokens import H1B, Token
from pipeline.text.characters import wordset

_PRONOUNS = wordset("we they i you it he she")
_RELATIVES = wordset("who whom whose which whoever whatever whichever")
_HAVING = wordset("has have had having")
_MODALS = wordset("will can could may might would should must shall do does did 'll")
_BE = wordset("is are was were be been being am 's")
_SUBJECTS = wordset(
    "program programs hospital hospitals department departments institution university center centre school residency"
    " fellowship office gme clinic system division divisions council committee board leadership administration college"
)
_BETWEEN = wordset(
    "not also only still now then just never always no longer currently presently gladly both either again even yet"
    " already usually normally generally often rarely seldom all each so too well routinely therefore thus merely"
    " further long hereby happily readily"
)
_LIGHT = wordset(
    "be have do make give get let continue keep go remain stay become see say tell know understand mean find begin start"
    " deal work come like want wish need believe think feel try happen seem appear follow write send"
)
_ACTS = ("support", "weak", "refuse", "restrict", "equal", "prefer", "lift", "require", "cond", "ask", "undecided", "plan",
         "decide", "yesword", "noword", "nothing_else", "allthat", "soft", "place", "nosponsor", "past", "neg", "only",
         "also", "nothing_but", "habit", "except", "mask", "fact", "notonly")  # fmt: skip
_NO_VERB = wordset(
    "across towards besides plus afterwards whereas the a an our your their this that these those any all in on at of"
    " for to by with from and or but as if when where"
    " more most many few some such other both either neither no not which who whom whose"
)
_TAILS = wordset(": - – ( support sponsorship petitions petition applications requests option route program")
_MODIFIERS = wordset(
    "new existing current clinical initial temporary standard usual visa visas status sponsorship nonimmigrant work"
    " also then therefore possibly ecfmg needed based related interested qualified certified accredited matched trained"
    " rarely sometimes occasionally perhaps even possible cap exempt regular one two three"
)
_ARTICLES = wordset("the a an our its their your any all")
_ENDINGS = ("ed", "s")
_OPENING = _MODALS | _HAVING | _PRONOUNS | _SUBJECTS | _BE | {"and", "or"}


def unknown_verb(clause: Clause, tokens: list[Token]) -> bool:
    """Decide whether the clause has finite verbs and the vocabulary knows none of them as something done with
    visas."""
    known = {p for trigger in clause.all(*_ACTS) for p in range(trigger.first, trigger.last + 1)}
    if _at_the_name(clause, tokens, known):
        return True
    unknown = False
    tail = next(
        (trigger.first for trigger in clause.all("if") if trigger.first > clause.places[0]), clause.places[-1] + 1
    )
    for place in [p for p in _verbs(clause, tokens) if p < tail]:
        if place in known or tokens[place].lemma in _LIGHT or tokens[place].visas:
            return False
        unknown = True
    return unknown


def _at_the_name(clause: Clause, tokens: list[Token], known: set[int]) -> bool:
    """Decide whether an unknown word does something with the H-1B right beside its name: "the H-1B axed", "and axe the
    H-1B", "H-1B: axed"."""
    places = clause.places
    for number, place in enumerate(places):
        if H1B not in tokens[place].visas:
            continue
        after = [p for p in places[number + 1 : number + 4] if tokens[p].text not in _TAILS]
        if after and _unknown(tokens, after[0], known) and tokens[after[0]].text.endswith("ed"):
            return True
        before = [p for p in places[max(0, number - 3) : number] if tokens[p].text not in _ARTICLES][-2:]
        if len(before) == 2 and tokens[before[0]].text in ("and", "or", "but") and _unknown(tokens, before[1], known):
            return True
    return False


def _unknown(tokens: list[Token], place: int, known: set[int]) -> bool:
    item = tokens[place]
    plain = item.text.isalpha() and not item.visas and place not in known
    return plain and item.lemma not in _LIGHT and item.text not in _MODIFIERS | _NO_VERB | _OPENING


def _verbs(clause: Clause, tokens: list[Token]) -> list[int]:
    """Return the places of finite verbs and of participles after an auxiliary."""
    places = clause.places
    verbs: list[int] = []
    for number, place in enumerate(places[:-1]):
        word = tokens[place].text
        if word in _RELATIVES:
            break
        if word in _OPENING:
            at = _next(tokens, places, number + 1)
            if at is None:
                continue
            candidate = tokens[at]
            if word in _HAVING and candidate.text in ("a", "an", "the"):
                verbs.append(place)  # "must have a score"
                continue
            if not candidate.text.isalpha() or candidate.text in _NO_VERB | _OPENING | _RELATIVES:
                continue
            if word in _SUBJECTS and not (_third_person(candidate) or _finite(tokens, at)):
                continue
            if word in _HAVING and not (_participle(candidate) or _with_object(tokens, at)):
                continue
            if word in ("and", "or") and candidate.lemma not in _LIGHT:
                continue
            verbs.append(_infinitive(tokens, places, at))
    return verbs


def _infinitive(tokens: list[Token], places: list[int], at: int) -> int:
    """Return the place of the verb that counts in "decided to drop": the one after "to"."""
    after = [p for p in places if at < p <= at + 2]
    if len(after) == 2 and tokens[after[0]].text == "to" and tokens[after[1]].text.isalpha():
        return after[1] if tokens[after[1]].text not in _NO_VERB else at
    return at


def _next(tokens: list[Token], places: list[int], number: int) -> int | None:
    """Return the place of the next word that is no adverb."""
    for place in places[number : number + 4]:
        word = tokens[place].text
        if word not in _BETWEEN and not word.endswith("ly"):
            return place
    return None


def _finite(tokens: list[Token], at: int) -> bool:
    """Decide whether a word that may be a verb has an object behind it: "the hospital eyes the H-1B"."""
    return tokens[at].text.endswith(_ENDINGS) and _with_object(tokens, at)


def _third_person(item: Token) -> bool:
    return item.text.endswith(_ENDINGS) and item.text != item.lemma


def _with_object(tokens: list[Token], at: int) -> bool:
    """Decide whether an article or a visa follows, as after "has mislaid"."""
    return any(item.visas or item.text in _ARTICLES for item in tokens[at + 1 : at + 2])


def _participle(item: Token) -> bool:
    return item.text.endswith(("ed", "en", "wn", "un", "ne")) or item.text != item.lemma
