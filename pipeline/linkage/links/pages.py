"""Which institution and program a saved page is about, and whose policy it can speak of.

Only what is beyond doubt is linked. A page that names a program which the list lacks is never taken as the institution's
word: its policy would then be read as that of the other programs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipeline.linkage.institutions import is_common
from pipeline.linkage.names.differences import DIRECTIONS, TELLING, differences
from pipeline.linkage.names.normalise import GENERIC, canonical, core, kind_of, rare_tokens, state_words
from pipeline.linkage.places import canonical_city, metro_area
from pipeline.linkage.sponsor_names import take_apart, university_in

COLUMNS: Final = ["snapshot_id", "institution_id", "program_code", "scope", "link_note"]
# How well a name fits: the institution's own name, another of its names, its university, a longer or shorter form.
OWN_NAME, OTHER_NAME, UNIVERSITY, KIN = 4, 3, 2, 1
# How well the place fits: the institution's city, the city of one of its programs, the same metropolitan area, no city.
OWN_CITY, PROGRAM_CITY, SAME_METRO, NO_CITY = 3, 2, 1, 0
_SILENT_WORDS: Final = GENERIC - TELLING - DIRECTIONS

_PARENTHESES: Final = re.compile(r"\(([^()]*)\)")
_BETWEEN: Final = re.compile(r"\s*[/|;]\s*|\s+[-–—]\s+")
_UNIT: Final = re.compile(r"\b(department|dept|division|section|office|residency|fellowship|program)\b", re.IGNORECASE)
_OFFICE: Final = re.compile(
    r"\b(gme|graduate medical education|office|human resources|(international|immigration|visa|global)\b.*\b(affairs|services))\b",
    re.IGNORECASE,
)
_EVERYBODY: Final = re.compile(
    r"\b(residents and fellows|all (residents|fellows|trainees|programs)|house ?staff|residency (and fellowship )?programs"
    r"|residencies and fellowships|training programs|polic(y|ies))\b",
    re.IGNORECASE,
)
_PROGRAM_WORD: Final = re.compile(r"\b(residency|fellowship|program)s?\b", re.IGNORECASE)
_TWO: Final = re.compile(
    r"\b(residency|fellowship|program)s? and\b|\b(residencies|fellowships|programs)\b", re.IGNORECASE
)
_FELLOWSHIP: Final = re.compile(r"\bfellow(s|ships?)?\b", re.IGNORECASE)
_RESIDENCY: Final = re.compile(r"\bresiden(t|ts|cy|cies)\b", re.IGNORECASE)
_UNACCREDITED: Final = re.compile(r"\b(non|not|un)[- ]?(acgme|accredited)\b", re.IGNORECASE)

Keys = Callable[[pd.Series], pd.Series]


@dataclass(frozen=True)
class _Place:
    """City as `canonical_city` has it, "" where unknown; state; metropolitan area, "" outside one."""

    city: str
    state: str
    metro: str


@dataclass(frozen=True)
class _Program:
    code: str
    key: str
    place: _Place


@dataclass(frozen=True)
class _Institution:
    """names: (canonical form, how well it fits) pairs. places: its own first, then those of its programs."""

    id: str
    name: str
    names: tuple[tuple[str, int], ...]
    places: tuple[_Place, ...]
    programs: tuple[_Program, ...]


@dataclass(frozen=True)
class _Subject:
    """What a page says it is about: `level` program, institution or open; key of the specialty, "" if none is named."""

    level: str
    key: str = ""
    why_none: str = ""


def link_pages(
    pages: pd.DataFrame, programs: pd.DataFrame, institutions: pd.DataFrame, specialty_key: Keys, trainees: Keys
) -> pd.DataFrame:
    """The institution and program of each page: columns COLUMNS, one row a page, in the order given.

    pages: table program_pages. programs: program_code, specialty, institution_id, city, state. institutions: table
    institutions. specialty_key: names or phrases to keys that are equal for one field, null where none is named.
    trainees: such keys to residents, fellows or both. A program code in the list decides by itself. Else the
    institution is found by name in the page's state and city, and the program if it is the only one of the specialty
    there. scope: `institution` for offices and policies of the whole; `program` where a program is named that could not
    be found, so that its policy goes to no other; null leaves it to the reading of the page.
    """
    known = _institutions(institutions, programs, specialty_key)
    owner = {program.code: (one.id, one.name) for one in known for program in one.programs}
    subjects = _subjects(pages, specialty_key, trainees)
    places = _places(pages)
    rows = []
    for snapshot, code, named, subject, place in zip(
        pages["snapshot_id"], pages["program_code"], pages["institution"], subjects, places, strict=True
    ):
        if isinstance(code, str) and code in owner:
            # A page saved for one program speaks for that one: its siblings may differ.
            rows.append((snapshot, owner[code][0], code, "program", f"program code given: of {owner[code][1]}"))
            continue
        unlisted = isinstance(code, str) and code != ""
        asked = _Subject("program", why_none=f"program {code} is not in the list") if unlisted else subject
        rows.append((snapshot, *_link(named if isinstance(named, str) else "", asked, place, known)))
    return pd.DataFrame(rows, columns=COLUMNS).astype(dict.fromkeys(COLUMNS, "str"))


def _places(frame: pd.DataFrame) -> list[_Place]:
    metro = metro_area(frame["city"].astype("str"), frame["state"].astype("str"))
    cells = zip(canonical_city(frame["city"].astype("str")), frame["state"], metro, strict=True)
    return [_Place(*(value if isinstance(value, str) else "" for value in cell)) for cell in cells]


def _institutions(institutions: pd.DataFrame, programs: pd.DataFrame, specialty_key: Keys) -> list[_Institution]:
    keys = specialty_key(programs["specialty"])
    own: dict[str, list[_Program]] = {}
    for identity, code, key, place in zip(
        programs["institution_id"], programs["program_code"], keys, _places(programs), strict=True
    ):
        own.setdefault(identity, []).append(_Program(code, key if isinstance(key, str) else "", place))
    ordered = institutions.sort_values("institution_id")
    found = []
    for identity, name, aliases, place in zip(
        ordered["institution_id"], ordered["name"], ordered["aliases"], _places(ordered), strict=True
    ):
        mine = tuple(sorted(own.get(identity, []), key=lambda program: program.code))
        places = tuple(dict.fromkeys([place, *(program.place for program in mine)]))
        found.append(
            _Institution(identity, str(name), tuple(_names(str(name), aliases, place.state).items()), places, mine)
        )
    return found


def _names(name: str, aliases: list[str], state: str) -> dict[str, int]:
    """Canonical forms of an institution's names, each with how well it fits. Partner hospitals in its own name are it."""
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
    """Canonical form of a name; in California UC before a word is the University of California."""
    form = core(canonical(text))
    return "UNIVERSITY CALIFORNIA " + form[3:] if state == "CA" and form.startswith("UC ") else form


def _subjects(pages: pd.DataFrame, specialty_key: Keys, trainees: Keys) -> list[_Subject]:
    program = pages["program"].astype("str").fillna("")
    head = program.str.replace(_PARENTHESES.pattern, " ", regex=True).str.strip()
    of_head, of_program, of_specialty = (_text(specialty_key(names)) for names in (head, program, pages["specialty"]))
    kinds = _text(trainees(of_head.where(of_head != "", of_specialty).replace("", None)))
    return [
        _subject(*cells)
        for cells in zip(program, head, of_head, of_program, of_specialty, kinds, strict=True)
    ]  # fmt: skip


def _text(cells: pd.Series) -> pd.Series:
    return cells.astype("str").fillna("")


def _subject(program: str, head: str, of_head: str, of_program: str, of_specialty: str, kind: str) -> _Subject:
    """What the page is about, from what its saver wrote. What stands in parentheses says where, not whose."""
    if not of_head and (_OFFICE.search(head) or _EVERYBODY.search(head)):
        return _Subject("institution")
    if not program and not of_specialty:
        return _Subject("institution")
    if not of_head and not of_specialty and not of_program:
        return _Subject("program" if _PROGRAM_WORD.search(head) else "open", why_none="no specialty is named")
    if _UNACCREDITED.search(program):
        return _Subject("program", why_none="the program named is not an accredited one")
    if kind == "residents" and _FELLOWSHIP.search(program) and not _RESIDENCY.search(program):
        return _Subject("program", why_none="a fellowship is named, and the specialty given is a residency's")
    # `International applicants (surgery page)` may be the whole institution's rule or that program's: the page decides.
    named = bool(_PROGRAM_WORD.search(head)) or head == program
    # The specialty beside a name that has its own counts where two programs are named; else it may be the parent's.
    key = of_head or of_specialty or of_program
    return _Subject("program" if named else "open", of_specialty if of_specialty and _TWO.search(head) else key)


def _link(
    named: str, subject: _Subject, place: _Place, known: list[_Institution]
) -> tuple[str | None, str | None, str | None, str]:
    """institution_id, program_code, scope and note."""
    scope = None if subject.level == "open" else subject.level
    found = _candidates(named, place, known)
    if not found:
        return None, None, scope, "no institution of the list has this name there"
    if subject.level == "program" and subject.key:
        fitting = [
            (one, program)
            for one in found
            for program in one.programs
            if program.key == subject.key and _near(place, program.place) is not None
        ]
        here = [pair for pair in fitting if pair[1].place.city == place.city]
        chosen = fitting if len(fitting) == 1 else here
        if len(chosen) == 1:
            one, program = chosen[0]
            return one.id, program.code, None, f"the only program in {subject.key} of {one.name} there"
        why = f"{len(fitting)} programs in {subject.key} fit" if fitting else f"no program in {subject.key} there"
    else:
        why = subject.why_none
    if len(found) > 1:
        return None, None, scope, "several institutions fit: " + "; ".join(one.name for one in found)
    return found[0].id, None, scope, "; ".join(part for part in (f"{found[0].name} by name and place", why) if part)


def _near(asked: _Place, place: _Place) -> int | None:
    """How well two places fit, None if they don't; unknown cells of the page speak against nothing."""
    if asked.state and place.state and asked.state != place.state:
        # A metropolitan area may reach over the border; a name's state may not.
        return None
    if not asked.city:
        return NO_CITY
    if asked.city == place.city:
        return OWN_CITY
    return SAME_METRO if asked.metro and asked.metro == place.metro else None


def _place_rank(asked: _Place, one: _Institution) -> int | None:
    own, *others = (_near(asked, place) for place in one.places)
    if own in (OWN_CITY, NO_CITY):
        return own
    ranks = [PROGRAM_CITY if rank == OWN_CITY else rank for rank in others if rank is not None]
    return max([*ranks, *([own] if own is not None else [])], default=None)


def _candidates(named: str, place: _Place, known: list[_Institution]) -> list[_Institution]:
    """The institutions that fit best and equally well: one, or several between which nothing decides so far."""
    around = [(one, rank) for one in known if (rank := _place_rank(place, one)) is not None]
    whole = _best(named, place, around, least=OTHER_NAME)
    if len(whole) == 1:
        return whole
    first, *others = _pieces(named) or [""]
    found = _best(first, place, around, least=KIN)
    inside = [core(canonical(text)) for text in _PARENTHESES.findall(named)]
    if not found:
        # The school of medicine in parentheses may be the better known name; an owner or a partner there is not.
        schools = [text for text in _PARENTHESES.findall(named) if kind_of(canonical(text)) in ("school", "university")]
        return _best(schools[0], place, around, least=OTHER_NAME) if len(schools) == 1 else []
    supported = [one for one in found if any(_holds(one, form) for form in inside)]
    found = supported or found
    partners = [one for text in others for one in _best(text, place, around, least=OTHER_NAME)]
    shared = [one for one in found if one in partners]
    return shared or sorted({one.id: one for one in [*found, *partners]}.values(), key=lambda one: one.id)


def _pieces(named: str) -> list[str]:
    """The bodies that a name holds, without parentheses, departments and offices; the first is whom the page is of."""
    outside = " ".join(_PARENTHESES.sub(" ", named).split())
    pieces = []
    for piece in _BETWEEN.split(outside):
        cuts = piece.split(",")
        kept = [cut.strip() for cut in cuts if len(cuts) == 1 or not _UNIT.search(cut)]
        pieces.append(", ".join(kept) or piece)
    return [piece for piece in pieces if canonical(piece)]


def _best(text: str, place: _Place, around: list[tuple[_Institution, int]], *, least: int) -> list[_Institution]:
    form = _form(text, place.state)
    if len(form) < 3:
        return []
    # A name that many bodies bear needs the very city to count.
    around = [pair for pair in around if pair[1] >= PROGRAM_CITY] if is_common(form) else around
    forms = tuple(dict.fromkeys([form, university_in(text)[0] or form]))
    ranked = [
        ((level, rank), one)
        for one, rank in around
        if (level := max(_levels(forms, one, place, least), default=0)) >= least
    ]
    best = max((key for key, _ in ranked), default=None)
    return [one for key, one in ranked if key == best]


def _levels(forms: tuple[str, ...], one: _Institution, place: _Place, least: int) -> Iterator[int]:
    asked, *universities = forms
    for form, level in one.names:
        if form == asked:
            yield level
        elif form in universities:
            yield min(level, UNIVERSITY)
        elif least <= KIN and _kin(asked, form, place.city):
            yield KIN


def _kin(left: str, right: str, city: str) -> bool:
    """Whether one form is the other with words that say nothing of which body it is, or with the name of the city."""
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


def _holds(one: _Institution, form: str) -> bool:
    words = set(rare_tokens(form))
    return bool(words) and any(words <= set(name.split()) for name, _ in one.names)
