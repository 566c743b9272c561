"""Which programs a text names, in the vocabulary of specialties.

What belongs here: names of programs in running text. Whose policy a text states is decided in `audience`; what a
specialty is called is in `reference/specialties`.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pipeline.specialties.vocabulary import PATHWAY, combined_programs, parents_by_name, spellings
from pipeline.specialties.words import Words, words
from pipeline.text.characters import wordset
from pipeline.text.phrases import PhraseTree, phrase_tree, phrases_at

# Trained in the same hospitals, accredited by others (CODA, CPME), so not among the specialties of the ACGME.
_OTHER_TRAINING = wordset("dental dentist dentistry podiatric podiatry")
# A single word names a program by its form ("urology", "surgeons") or by the word behind it ("emergency residents"): by
# itself it may mean anything ("an emergency", "the family", "green cards").
_FIELD = re.compile(r"(?:olog(?:y|ists?|ical?)|iatr(?:y|ics?|ists?|icians?)|surg(?:ery|eons?|ical)|anesthesia)$")
_BEFORE = wordset("program residency fellowship department division resident fellow applicant training")
_ABBREVIATED = 3  # letters: a name without a longer word ("OB/GYN", "PM&R") is as short of meaning as a single word
_COMPOUND = re.compile(r"[a-z]{2} ?[/-] ?[a-z]{3}", re.IGNORECASE)  # "Medicine-Pediatrics", not "medicine, pediatrics"

Specialty = frozenset[str]


def program_words(program: str) -> Specialty:
    """Return the words of the specialty in a program's name; of a field and its subspecialty those of the latter.

    Several specialties ("Podiatric and Internal Medicine") give the words of all; no specialty gives none.
    """
    names = _names_in(program)
    parents = parents_by_name()
    fields = {name for name in names if any(name in parents.get(other, ()) for other in names)}
    return frozenset().union(*(_words_of(name) for name in names - fields))


@lru_cache(maxsize=4096)
def programs_named(text: str) -> frozenset[Specialty]:
    """Return the programs that `text` names, each as the set of words of its ACGME name, pathways left out.

    The longest name counts: "vascular surgery" is one program, not two.
    """
    return frozenset(_words_of(name) for name in _names_in(text))


def _names_in(text: str) -> frozenset[str]:
    found, tree = words(text), _spellings()
    names: set[str] = set()
    place = 0
    while place < len(found.tokens):
        hits = phrases_at(tree, found.tokens, place) if found.tokens[place] in tree.following else []
        hit = next((hit for hit in hits if _is_name(found, place, hit[0])), None)
        if hit is not None:
            names |= _meant(hit[1], text)
        place += hit[0] if hit else 1
    return frozenset(names)


@cache
def _spellings() -> PhraseTree[str]:
    """Build the tree of names and spellings, each with its ACGME name; those that begin with a single letter ("A and
    I") are left out."""
    names = {tokens: PATHWAY.sub("", name) for tokens, name in spellings().items() if len(tokens[0]) > 1}
    return phrase_tree([*names.items(), *(((word,), word) for word in _OTHER_TRAINING)])


@cache
def _words_of(name: str) -> Specialty:
    return frozenset(words(name).tokens)


def _is_name(found: Words, place: int, length: int) -> bool:
    """Decide whether the words of a spelling are one name where they are: not "pediatrics, neurology", not "an emergency"."""
    tokens = found.tokens[place : place + length]
    if length > 1 and found.raw[place] == "pediatrics" and found.apart[place + 1]:
        return False
    if not _BEFORE.isdisjoint(found.tokens[place + length : place + length + 1]):
        return True
    if length == 1:
        return tokens[0] in _OTHER_TRAINING or bool(_FIELD.search(found.raw[place]))
    return place == 0 or any(len(token) > _ABBREVIATED for token in tokens)


def _meant(name: str, text: str) -> set[str]:
    """Return the program, or the parts of a combined one where a list puts them side by side."""
    parts = next((parts for parts, combined in combined_programs().items() if combined == name), frozenset())
    return set(parts) if parts and not _COMPOUND.search(text) else {name}
