"""What an ACGME program or sponsor name says: sponsor, campus, partners, as in `Sponsor (Campus)/Site Program`."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipeline.linkage.names.kinds import kind_of
from pipeline.linkage.names.normalise import canonical
from pipeline.linkage.names.words import GENERIC, word_set
from pipeline.reference.load import read_reference

_SUFFIXES: Final = re.compile(
    r"(\s+(A\s+)?Occupational(\s+\(Environmental\))?\s+Medicine|\s+Public\s+H(eal)?th\s+and\s+Gen(eral)?\s+Prev(entive)?"
    r"\s+Med(icine)?|\s+Aerospace\s+Medicine|\s+Preliminary|\s+Family\s+Medicine(\s+Residency)?|\s+Rural|\s+Urban"
    r"|\s+Residency|\s+A)$",
    re.IGNORECASE,
)
_PARENTHESES: Final = re.compile(r"\s*\(([^()]*)\)")
# `X School of Medicine` of a university: the university is the legal entity. A `Graduate School of Medicine` is a
# campus of its own, so it stays.
_SCHOOL: Final = re.compile(
    r"^(?P<before>.+?) (?<!GRADUATE )((SCHOOL|COLLEGE) (OSTEOPATHIC |COMMUNITY |HUMAN )?MEDICINE|MEDICAL SCHOOL)(?P<after>.*)$"
)
_SCHOOL_AT: Final = re.compile(r"^\w+( \w+){0,3} SCHOOL MEDICINE (?P<university>UNIVERSITY .+|.+ UNIVERSITY)$")
_NOT_A_CAMPUS: Final = frozenset(
    ("HEALTH", "SCIENCE", "BIOMEDICAL", "CONSORTIUM", "GME", "GRADUATE", "MEDICAL", "EDUCATION", "PUBLIC")
)
_AT_UNIVERSITY: Final = re.compile(r"\b(?:AT|OF(?: THE)?)\s+((?:THE\s+)?(?:\w+\s+){0,3}UNIVERSITY(?:\s+OF\s+\w+)*)\b")
_EDUCATION: Final = re.compile(r" (GRADUATE MEDICAL EDUCATION|MEDICAL EDUCATION|GME)( PROGRAM| CONSORTIUM)*$")
_UNIVERSITY_BODY: Final = re.compile(
    r"^(?P<root>(UNIVERSITY( \w+){1,3}?|(\w+ ){1,3}?UNIVERSITY)) "
    r"(HOSPITAL( CLINIC| HEALTH CENTER)?|MEDICAL CENTER|HEALTH SYSTEM|HEALTH(?! SCIENCE)|MEDICINE)\b"
)
_BRANDS: Final = word_set("brand")
_KIND_WORD: Final = re.compile(
    r"\b(universit|college|school|hospital|medical cent|clinic|health|infirmary|centers?\b)", re.IGNORECASE
)


@dataclass(frozen=True)
class SponsorName:
    """A sponsor's or program's name taken apart. `label`: all of it, without `Program`; `head`: the part before the
    first slash, without its parentheses; `campus`: what is in them; `partners`: the parts after the slash."""

    label: str
    head: str
    campus: str
    partners: tuple[str, ...]


@functools.cache
def sponsor_names() -> pd.DataFrame:
    """Return rows name, state, sponsor_code, institution, reason, source, date: names of sponsors and of their programs, and the
    sponsor (by code) or institution (by name) that bears them."""
    return read_reference("names/sponsor_names.csv")


@functools.cache
def take_apart(name: str) -> SponsorName:
    """Return the parts of a program's or sponsor's name. A slash in an abbreviation (`B-JH/SLCH Consortium`) splits nothing."""
    text = re.sub(r"&(\w?);", r"&\1", name).replace("’", "'").replace("–", "-").replace("[", "(").replace("]", ")")
    text = re.sub(r"\bProgram\b", " ", text)
    text = " ".join(text.split()).replace(" /", "/").replace("/ ", "/")
    while (shorter := _SUFFIXES.sub("", text)) != text and _is_whole_name(shorter):
        text = shorter
    outside = _PARENTHESES.sub("", text)
    pieces = outside.split("/")
    if len(pieces) > 1 and not _KIND_WORD.search(pieces[0]) and "consortium" in "/".join(pieces[1:]).lower():
        pieces = [outside]
    head, *partners = _split_hyphen(pieces[0]) + pieces[1:]
    campuses = _PARENTHESES.findall(text.split("/")[0])
    campus = "" if not campuses or _only_acronym(campuses[0], head) else campuses[0].strip()
    away = [part for part in partners if re.search(r"\bCampus(es)?$", part)]
    campus = campus or (away[0].strip() if away else "")
    partner_names = tuple(part.strip() for part in partners if part.strip() and part not in away)
    return SponsorName(text.strip(), head.strip(), campus, partner_names)


def _is_whole_name(name: str) -> bool:
    """Decide whether what is left is still the name of a body: it has a kind word and does not end in a preposition."""
    return bool(_KIND_WORD.search(name)) and not re.search(r"\b(of|for|at|the|and)$", name, re.IGNORECASE)


def _split_hyphen(text: str) -> list[str]:
    """Split `Texas A&M College of Medicine-Scott and White Medical Center`, which is two bodies; `Yale-New Haven Hospital` is one."""
    for hyphen in re.finditer(r"\s*-\s*", text):
        left, right = text[: hyphen.start()], text[hyphen.end() :]
        if re.search(r"(College|School) of Medicine$|Clinic$|Health System$", left) and _KIND_WORD.search(right):
            return [left, right]
    return [text]


def _only_acronym(inside: str, head: str) -> bool:
    letters = re.sub(r"\W", "", inside)
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z]+", head) if word[0].isupper())
    return letters.isupper() and len(letters) >= 3 and (letters in initials or letters[:3] == initials[:3])


def root_of(form: str) -> tuple[str, str]:
    """Return the canonical forms of the university and of the campus of a school of medicine.

    `UNIVERSITY ILLINOIS COLLEGE MEDICINE PEORIA` gives `UNIVERSITY ILLINOIS`, `PEORIA`. A donor's name after the
    university's is dropped where that ends in UNIVERSITY. A form without such a school is its own root.
    """
    match = _SCHOOL.match(form) if "MEDIC" in form else None
    if match is None:
        return form, ""
    before = match["before"].split()
    if before[-1] == "COLLEGE":  # Meharry Medical College School of Medicine
        return match["before"], ""
    if "UNIVERSITY" not in before:  # Mayo Clinic College of Medicine
        return (match["before"], "") if before[-1] == "CLINIC" else (form, "")
    place = before.index("UNIVERSITY")
    root = before if place == 0 else before[: place + 1]
    if before[place + 1 : place + 3] and before[place - 1] == "MEDICAL":  # Medical University of South Carolina
        root = before
    campus = [token for token in match["after"].split() if token not in _NOT_A_CAMPUS]
    return " ".join(root), " ".join(campus[:3])


def university_in(name: str) -> tuple[str, bool]:
    """Return the canonical form of the university a name speaks of, and whether the name is a hospital's or health system's.

    `University of Utah Health`: the University of Utah, True. `Sidney Kimmel Medical College at Thomas Jefferson
    University`: Thomas Jefferson University, False. ("", False) where it names none.
    """
    parts = take_apart(name)
    form = re.sub(r" GRADUATE SCHOOL MEDICINE$", "", canonical(parts.head))
    root, _ = root_of(form)
    if root != form:
        return root, False
    form = _EDUCATION.sub("", form).removesuffix(" CONSORTIUM")
    inside = _AT_UNIVERSITY.search(parts.head.upper().replace(",", " "))
    if inside and form.find("UNIVERSITY") > 0 and not form.startswith("UNIVERSITY"):
        return canonical(inside[1]), kind_of(form) in ("hospital", "system")
    at = _SCHOOL_AT.match(form)
    if at:
        return at["university"], False
    body = _UNIVERSITY_BODY.match(form)
    if body:
        return body["root"], kind_of(form) != "school"
    if kind_of(form) in ("university", "school") and "UNIVERSITY" in form:
        return form, False
    return "", False


def without_education(form: str) -> str:
    """Return the canonical form of the hospital or system whose office of medical education a sponsor is called after.

    `SAINT DAVID HEALTHCARE GRADUATE MEDICAL EDUCATION` gives `SAINT DAVID HEALTHCARE`; other forms stay as they are.
    """
    rest = _EDUCATION.sub("", form)
    return rest if kind_of(rest) in ("hospital", "system") else form


def sponsor_key(parts: SponsorName) -> str:
    """Return the canonical form by which programs of one sponsor are held together: university or hospital, with its campus."""
    form = canonical(parts.head)
    root, campus = root_of(form)
    if root.endswith(" CLINIC"):  # of a school named after a clinic the whole name holds its campuses together
        root, campus = form, ""
    tokens = [*root.split(), *campus.split()]
    tokens += [token for token in canonical(parts.campus).split() if token not in tokens]
    return " ".join(tokens)


def stated_key(name: str) -> str:
    """Return the key of a sponsor as a list states it: its `sponsor_key`, with the bodies after a slash."""
    parts = take_apart(name)
    return "/".join((sponsor_key(parts), *(root_of(canonical(part))[0] for part in parts.partners)))


def without_brand(form: str) -> str:
    """Return a canonical form without the brand of its owner in front: `ASCENSION SAINT JOHN HOSPITAL` was Saint John Hospital.

    "" where it has none, or where what is left says of no hospital or school which one it is.
    """
    tokens = form.split()
    for length in (3, 2, 1):
        if " ".join(tokens[:length]) in _BRANDS:
            while length < len(tokens) and tokens[length] in ("HEALTH", "HEALTHCARE", "SYSTEM"):
                length += 1  # noqa: PLW2901 - the rest of the brand
            rest = " ".join(tokens[length:])
            named = any(token not in GENERIC for token in tokens[length:]) and kind_of(rest) != "other"
            return rest if named else ""
    return ""
