"""Personal data in text: e-mail addresses, telephone numbers, and names of persons with a title or a degree.

What belongs here: finding it and leaving it out. Which columns may hold what is in the registry; what is done about it in a release is in
`release/privacy.py`. Names without a title are not found: what tells them from other words is a list of names, and of places.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from pipeline.text.characters import wordset

E_MAIL: Final = r"[A-Za-z0-9._%+'-]{1,64} ?(?:@|\[at\]|\(at\)) ?[A-Za-z0-9-]{1,63}(?: ?(?:\.|\[dot\]|\(dot\)) ?[A-Za-z0-9-]{1,63}){1,5}"
TELEPHONE: Final = r"(?:\+?\b1[ .-]{1,2})?(?:\(\d{3}\)[ .-]{0,2}|\b\d{3}[ .-])\d{3}[ .-]\d{4}\b(?:,? ?(?:x|ext\.?|extension) ?\d{1,6}\b)?"
_NAME: Final = r"(?:[A-Z][A-Za-z'’-]{1,30}|[A-Z]\.)"
_TITLED: Final = rf"\b(?:Dr|Mr|Mrs|Ms|Prof|Professor|Doctor)\b\.? {_NAME}(?: {_NAME}){{0,3}}"
_DEGREE: Final = r"(?:M\.?D|D\.?O|Ph\.?D|MBBS|MBChB|MPH|MHA|MBA|MSN?|MEd|RN|C-TAGME)\b\.?"
_WITH_DEGREE: Final = rf"\b{_NAME}(?: {_NAME}){{1,3}}, ?{_DEGREE}(?:,? ?{_DEGREE})*"
PERSON: Final = f"{_TITLED}|{_WITH_DEGREE}"
CONTACT: Final = f"{E_MAIL}|{TELEPHONE}"

_CONTACTS = re.compile(CONTACT)
_PERSONS = re.compile(PERSON)
_STATE_OR_DEGREE = re.compile(r"^(.*), ?(MD|MS)$")
# What a person gave its name to.
_BODIES = wordset(
    "Hospital Hospitals Medical Medicine Center Centre Centers Institute Foundation University College School Academy Clinic Clinics"
    " Association Society Board Department Program Programs Residency Fellowship Health Healthcare System Systems Services Office"
    " Council Campus Fund Memorial Service Graduate Education Company Corporation Group Library Laboratory"
)


def without_contacts(text: str) -> str:
    """Return `text` with `[e-mail]` and `[telephone]` in the place of addresses and numbers."""
    return _CONTACTS.sub(lambda found: "[e-mail]" if re.search(r"@|at[\])]", found[0]) else "[telephone]", text)


def without_persons(text: str, is_place: Callable[[str, str], bool]) -> str:
    """Return `text` with `[name]` in the place of persons with a title or degree.

    is_place: whether a name is a city of a state, since MD and MS are states, too. The name of a hospital, school or foundation stays.
    """
    return _PERSONS.sub(lambda found: "[name]" if _is_person(found, is_place) else found[0], text)


def _is_person(found: re.Match[str], is_place: Callable[[str, str], bool]) -> bool:
    before = found.string[max(0, found.start() - 40) : found.start()].split()[-1:]
    if not _BODIES.isdisjoint([*before, *found[0].replace(",", " ").split()]):
        return False
    of_state = _STATE_OR_DEGREE.match(found[0])
    if of_state is None:
        return True
    words = of_state[1].split()
    return not any(is_place(" ".join(words[start:]), of_state[2]) for start in range(len(words)))
