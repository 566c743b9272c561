"""Which institutions a name on a page may be, by name and place.

Knows institutions with all their names and places; what the page is about and which program it means do not belong here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipeline.linkage.links.page_subject import PARENTHESES, specialty_keys
from pipeline.linkage.model import (
    CITY_OF_PROGRAM,
    KIN,
    NO_CITY,
    OTHER_NAME,
    OWN_CITY,
    OWN_NAME,
    SAME_METRO,
    UNIVERSITY,
)
from pipeline.linkage.names.differences import DIRECTIONS, DISTINGUISHING, differences
from pipeline.linkage.names.kinds import kind_of
from pipeline.linkage.names.normalise import canonical, core, state_words
from pipeline.linkage.names.words import GENERIC, is_common, rare_tokens
from pipeline.linkage.places import canonical_city, metro_area
from pipeline.linkage.sponsor_names import take_apart, university_in

_SILENT_WORDS: Final = GENERIC - DISTINGUISHING - DIRECTIONS
_BETWEEN: Final = re.compile(r"\s*[/|;]\s*|\s+[-–—]\s+")
_DEPARTMENT: Final = re.compile(
    r"\b(department|dept|division|section|office|residency|fellowship|program)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Place:
    """`city` in the form of `canonical_city`, `state`, `metro` (metropolitan area); each "" where unknown or outside one."""

    city: str
    state: str
    metro: str


@dataclass(frozen=True)
class Program:
    """`code`: ACGME program code. `key`: of its specialty, "" if unknown. `place`: of the program."""

    code: str
    key: str
    place: Place


@dataclass(frozen=True)
class NamedInstitution:
    """`id` and `name` of the institution. `names`: (canonical form, how well it fits) pairs. `places`: its own first, then
    those of its programs. `programs`: by code."""

    id: str
    name: str
    names: tuple[tuple[str, int], ...]
    places: tuple[Place, ...]
    programs: tuple[Program, ...]


def places_of(frame: pd.DataFrame) -> list[Place]:
    """Return the place of each row of a frame with the columns city and state."""
    metro = metro_area(frame["city"].astype("str"), frame["state"].astype("str"))
    cells = zip(canonical_city(frame["city"].astype("str")), frame["state"], metro, strict=True)
    return [Place(*(value if isinstance(value, str) else "" for value in cell)) for cell in cells]


def named_institutions(institutions: pd.DataFrame, programs: pd.DataFrame) -> list[NamedInstitution]:
    """Return every institution of table `institutions`, by id, with its names, places and programs.

    programs: columns program_code, specialty, institution_id, city, state.
    """
    keys = specialty_keys(programs["specialty"])
    own: dict[str, list[Program]] = {}
    for identity, code, key, place in zip(
        programs["institution_id"], programs["program_code"], keys, places_of(programs), strict=True
    ):
        own.setdefault(identity, []).append(Program(code, key if isinstance(key, str) else "", place))
    ordered = institutions.sort_values("institution_id")
    found = []
    for identity, name, aliases, place in zip(
        ordered["institution_id"], ordered["name"], ordered["aliases"], places_of(ordered), strict=True
    ):
        mine = tuple(sorted(own.get(identity, []), key=lambda program: program.code))
        places = tuple(dict.fromkeys([place, *(program.place for program in mine)]))
        names = tuple(_names(str(name), aliases, place.state).items())
        found.append(NamedInstitution(identity, str(name), names, places, mine))
    return found


def _names(name: str, aliases: list[str], state: str) -> dict[str, int]:
    """Return how well each canonical form of an institution's names fits. Partner hospitals in its own name are it."""
    parts = take_apart(name)
    partners = [text for text in parts.partners if kind_of(canonical(text)) in ("hospital", "system")]
    names = dict.fromkeys((name, parts.label, parts.head, f"{parts.head} {parts.campus}", *partners), OWN_NAME)
    for alias in aliases if aliases is not None else []:
        other = take_apart(str(alias))
        for text in (str(alias), other.label, other.head, f"{other.head} {other.campus}"):
            names.setdefault(text, OTHER_NAME)
    university, body = university_in(name)
    forms: dict[str, int] = {}
    for text, level in names.items():
        forms.setdefault(_form(text, state), level)
    if university and not body and not parts.campus:
        forms.setdefault(university, UNIVERSITY)
    return {form: level for form, level in forms.items() if len(form) > 2 and form not in state_words()}


def _form(text: str, state: str) -> str:
    """Return the canonical form of a name; in California UC before a word is the University of California."""
    form = core(canonical(text))
    return "UNIVERSITY CALIFORNIA " + form[3:] if state == "CA" and form.startswith("UC ") else form


def nearness(page: Place, place: Place) -> int | None:
    """Return how well a place fits that of a page, None if it does not; unknown cells of the page speak against nothing."""
    if page.state and place.state and page.state != place.state:
        # A metropolitan area may reach over the border; a name's state may not.
        return None
    if not page.city:
        return NO_CITY
    if page.city == place.city:
        return OWN_CITY
    return SAME_METRO if page.metro and page.metro == place.metro else None


def in_state(state: str, known: list[NamedInstitution]) -> list[NamedInstitution]:
    """Return the institutions with a place that may be in a state, all of them where it is unknown (blank): no other has a place that
    `nearness` finds near."""
    return [one for one in known if not state or any(place.state in ("", state) for place in one.places)]


def _place_rank(page: Place, one: NamedInstitution) -> int | None:
    own, *of_programs = (nearness(page, place) for place in one.places)
    if own in (OWN_CITY, NO_CITY):
        return own
    ranks = [CITY_OF_PROGRAM if rank == OWN_CITY else rank for rank in of_programs if rank is not None]
    return max([*ranks, *([own] if own is not None else [])], default=None)


def candidates(name: str, place: Place, known: list[NamedInstitution]) -> list[NamedInstitution]:
    """Return the institutions that fit best and equally well: one, or several between which name and place don't decide."""
    around = [(one, rank) for one in known if (rank := _place_rank(place, one)) is not None]
    whole = _best(name, place, around, least=OTHER_NAME)
    if len(whole) == 1:
        return whole
    first, *rest = _pieces(name) or [""]
    found = _best(first, place, around, least=KIN)
    inside = [core(canonical(text)) for text in PARENTHESES.findall(name)]
    if not found:
        # The school of medicine in parentheses may be the better known name; an owner or a partner there is not.
        schools = [text for text in PARENTHESES.findall(name) if kind_of(canonical(text)) in ("school", "university")]
        return _best(schools[0], place, around, least=OTHER_NAME) if len(schools) == 1 else []
    supported = [one for one in found if any(_holds(one, form) for form in inside)]
    found = supported or found
    partners = [one for text in rest for one in _best(text, place, around, least=OTHER_NAME)]
    shared = [one for one in found if one in partners]
    return shared or sorted({one.id: one for one in [*found, *partners]}.values(), key=lambda one: one.id)


def _pieces(name: str) -> list[str]:
    """Return the bodies that a name holds, without parentheses, departments and offices; the first is whom the page is of."""
    outside = " ".join(PARENTHESES.sub(" ", name).split())
    pieces = []
    for piece in _BETWEEN.split(outside):
        cuts = piece.split(",")
        kept = [cut.strip() for cut in cuts if len(cuts) == 1 or not _DEPARTMENT.search(cut)]
        pieces.append(", ".join(kept) or piece)
    return [piece for piece in pieces if canonical(piece)]


def _best(text: str, place: Place, around: list[tuple[NamedInstitution, int]], *, least: int) -> list[NamedInstitution]:
    form = _form(text, place.state)
    if len(form) < 3:
        return []
    # A name that many bodies bear needs the very city to count.
    around = [pair for pair in around if pair[1] >= CITY_OF_PROGRAM] if is_common(form) else around
    forms = tuple(dict.fromkeys([form, university_in(text)[0] or form]))
    ranked = [
        ((level, rank), one)
        for one, rank in around
        if (level := max(_levels(forms, one, place, least), default=0)) >= least
    ]
    best = max((key for key, _ in ranked), default=None)
    return [one for key, one in ranked if key == best]


def _levels(forms: tuple[str, ...], one: NamedInstitution, place: Place, least: int) -> Iterator[int]:
    wanted, *universities = forms
    for form, level in one.names:
        if form == wanted:
            yield level
        elif form in universities:
            yield min(level, UNIVERSITY)
        elif least <= KIN and _is_kin(wanted, form, place.city):
            yield KIN


def _is_kin(left: str, right: str, city: str) -> bool:
    """Decide whether one form is the other with words that say nothing of which body it is, or with the name of the city."""
    shorter, longer = sorted((left.split(), right.split()), key=len)
    if len(shorter) < 2 or len(shorter) == len(longer):
        return False
    rest = iter(longer)
    if not all(token in rest for token in shorter):
        return False
    extra = list(longer)
    for token in shorter:
        extra.remove(token)
    of_city = set(canonical(city).split())
    if not rare_tokens(" ".join(shorter)) or not all(token in _SILENT_WORDS or token in of_city for token in extra):
        return False
    plain = " ".join(token for token in longer if token in shorter or token not in of_city)
    return not differences(" ".join(shorter), plain)


def _holds(one: NamedInstitution, form: str) -> bool:
    words = set(rare_tokens(form))
    return bool(words) and any(words <= set(name.split()) for name, _ in one.names)
