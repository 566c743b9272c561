"""What a person means by the name of a specialty, a place or an institution: usual names, parts of names, initials, else the nearest.

What belongs here: one text held against the names that are known. A text that names nothing is an error with what comes near,
never an empty answer. Usual names are rows of `reference/names/usual_names.csv`, countries of `countries.csv` beside it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import pandas as pd
from rapidfuzz import fuzz, process

from pipeline.errors import UserError
from pipeline.law.holds import countries
from pipeline.linkage.places import cities_of_areas, metro_names
from pipeline.reference.load import read_rows
from pipeline.schemas.vocabulary import STATE_NAMES
from pipeline.specialties.reading import exact_specialty
from pipeline.specialties.recognise import canonical_specialty
from pipeline.specialties.vocabulary import named_specialties

_LIKE: Final = 65  # rapidfuzz score under which a suggestion would only puzzle
_SLIP: Final = 85  # rapidfuzz ratio from which a country is a listed one, misspelt
_SUGGESTED: Final = 4
_SHORT: Final = 4  # letters: fewer must begin a word, or every other name would hold them
_SMALL: Final = frozenset({"of", "the", "and", "at", "for", "in", "a", "an"})
# Words that end a name and that its initials leave out: MGH keeps the hospital, UCLA leaves out the school.
_KIND: Final = frozenset(
    {"school", "college", "medicine", "medical", "center", "centre", "hospital", "hospitals", "health", "healthcare",
     "system", "services", "program", "programs", "clinic", "inc", "sciences", "gme", "education"}
)  # fmt: skip
_INITIALS: Final = re.compile(r"[A-Za-z]{2,7}")


class NotKnownError(UserError):
    """A name that is known in no form: one line with what comes near."""


def plain_name(text: str) -> str:
    """Return a name in small letters as it is compared: no points, apostrophes or commas, `saint` as `st`, one space between words."""
    small = re.sub(r"[.'’‘`]", "", text.casefold())
    words = re.sub(r"[^\w/&]+", " ", small).split()
    return " ".join("st" if word == "saint" else word for word in words)


def specialties_meant(text: str, listed: Iterable[str]) -> tuple[str, ...]:
    """Return which names, of `listed` and of the vocabulary, a person means: a usual name, a part of names or a spelling.

    Raises NotKnownError.
    """
    names = tuple(dict.fromkeys([*sorted(listed), *sorted(named_specialties()["name"])]))
    usual = _usual("specialty").get(plain_name(text))
    if usual:
        return tuple(dict.fromkeys(name for part in usual for name in _holding(part, names)))
    spelled = exact_specialty(text)
    if found := _holding(text, names, short=not spelled):
        return found
    if spelled:
        own = canonical_specialty(pd.Series(names, dtype="str"))["specialty"]
        same = [name for name, group in zip(names, own, strict=True) if group == spelled]
        return tuple(dict.fromkeys([*same, *_holding(spelled, names)]))
    raise NotKnownError(_nothing_like("specialty", text, {name: name for name in (*names, *_usual_texts("specialty"))}))


def exact_specialties(text: str) -> tuple[str, ...]:
    """Return the ACGME names that a text is in full: a name, a spelling or a usual name, never a part. Raises NotKnownError."""
    if spelled := exact_specialty(text):
        return (spelled,)
    usual = _usual("specialty").get(plain_name(text), ())
    if found := tuple(name for part in usual if (name := exact_specialty(part))):
        return found
    names = [*named_specialties()["name"], *_usual_texts("specialty")]
    raise NotKnownError(_nothing_like("specialty", text, {name: name for name in names}))


def metros_meant(text: str, listed: Iterable[str] = ()) -> tuple[str, ...]:
    """Return which metropolitan areas a person means: a region, a part of the name, or a city in it. Raises NotKnownError."""
    names = tuple(dict.fromkeys([*metro_names(), *sorted(listed)]))
    usual = _usual("place").get(plain_name(text), (text,))
    if found := tuple(dict.fromkeys(name for part in usual for name in _holding(part, names))):
        return found
    cities = cities_of_areas()
    if plain_name(text) in cities:
        return cities[plain_name(text)]
    parts = {part: name for name in names for part in (name, *name.rpartition(", ")[0].split("-"))}
    usual_texts = {usual: usual for usual in _usual_texts("place")}
    raise NotKnownError(_nothing_like("metropolitan area", text, parts | usual_texts, scorer=fuzz.ratio))


def states_meant(text: str) -> tuple[str]:
    """Return the two letters of the one state that a person means by its letters or its name. Raises NotKnownError."""
    names = {plain_name(name): code for code, name in STATE_NAMES.items()}
    if text.strip().upper() in STATE_NAMES:
        return (text.strip().upper(),)
    if plain_name(text) in names:
        return (names[plain_name(text)],)
    if plain_name(text) in _usual("place"):
        raise NotKnownError(f"{text!r} is no state: ask for it with --metro {text!r}")
    near = {name: f"{name} ({code})" for code, name in STATE_NAMES.items()}
    raise NotKnownError(_nothing_like("state", text, near, scorer=fuzz.ratio))


def country_meant(text: str) -> str:
    """Return the usual name of a country that a person means: of one that the tables of law list its name there.

    Raises NotKnownError for what no country is called, and for what may be one of two: nobody may miss a hold for a slip of the pen.
    """
    listed = {plain_name(name): country for name, country in countries().items()}
    known = _countries() | listed
    wanted = plain_name(text).removeprefix("the ")
    if wanted in known:
        return known[wanted]
    near = {
        country
        for name, country in listed.items()
        if fuzz.ratio(wanted, name) >= _SLIP or f" {name} " in f" {wanted} " or name.endswith(f" the {wanted}")
    }
    if near:
        choice = " or ".join(sorted(near))
        raise NotKnownError(f"unclear citizenship {text!r}; write {choice}, or another country in full")
    raise NotKnownError(_nothing_like("country", text, known, scorer=fuzz.ratio))


def institutions_meant(text: str, known: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return which institutions a person means: those with the text in one of their names, or with these initials.

    known: institution -> its names: printed ones, aliases, its own petitioners. Raises NotKnownError.
    """
    wanted = plain_name(text)
    found = [one for one, names in known.items() if any(_holds(wanted, plain_name(name)) for name in (one, *names))]
    if _INITIALS.fullmatch(text.strip()):
        letters = text.strip().casefold()
        found += [one for one, names in known.items() if any(letters in initials(name) for name in (one, *names))]
    if found:
        return tuple(dict.fromkeys(found))
    every = {name: one for one, names in known.items() for name in (one, *names)}
    raise NotKnownError(_nothing_like("institution", text, every))


@functools.lru_cache(maxsize=100_000)
def initials(name: str) -> frozenset[str]:
    """Return the initials by which a name may be called: all of its words, or without the words of kind that end it."""
    words = [word for word in plain_name(name).replace("/", " ").split() if word not in _SMALL and word != "&"]
    found = set()
    while len(words) > 1:
        found.add("".join(word[0] for word in words))
        if words[-1] not in _KIND:
            break
        words = words[:-1]
    return frozenset(letters for letters in found if len(letters) > 1)


def nearest(text: str, choices: Mapping[str, str], scorer: Callable[..., float] = fuzz.WRatio) -> list[str]:
    """Return what comes nearest to a text, the best first, at most _SUGGESTED. choices: form that may be typed -> what is suggested."""
    plain = {form: plain_name(form) for form in choices}
    wanted = plain_name(text)
    found = process.extract(wanted, plain, scorer=scorer, limit=4 * _SUGGESTED, score_cutoff=_LIKE)
    # Of forms that hold what is alike, the one that is alike as a whole comes first.
    best = sorted(found, key=lambda one: -(one[1] + fuzz.ratio(wanted, one[0])))
    return list(dict.fromkeys(choices[form] for _, _, form in best))[:_SUGGESTED]


def _nothing_like(what: str, text: str, choices: Mapping[str, str], scorer: Callable[..., float] = fuzz.WRatio) -> str:
    near = nearest(text, choices, scorer)
    hint = f"; did you mean {' or '.join(near)}?" if near else "; nothing known comes near"
    return f"unknown {what} {text!r}{hint}"


def _holding(text: str, names: Sequence[str], *, short: bool = True) -> tuple[str, ...]:
    wanted = plain_name(text)
    return tuple(name for name in names if _holds(wanted, plain_name(name), short=short))


def _holds(wanted: str, name: str, *, short: bool = True) -> bool:
    """Decide whether a name holds what is wanted: anywhere, a short text as whole words, or at the start of one if `short`."""
    if len(wanted) >= _SHORT:
        return wanted in name
    padded = f" {name.replace('/', ' ')} "
    return bool(wanted) and (f" {wanted} " in padded or (short and f" {wanted}" in padded and len(wanted) > 2))


@functools.cache
def _countries() -> dict[str, str]:
    """Return the countries of the world: each name in plain form -> the usual one."""
    return {
        plain_name(name): row["country"]
        for row in read_rows("names/countries.csv")
        for name in (row["country"], *filter(None, row["also_called"].split("|")))
    }


@functools.cache
def _usual(kind: str) -> dict[str, tuple[str, ...]]:
    rows = [row for row in read_rows("names/usual_names.csv") if row["kind"] == kind]
    return {plain_name(row["usual"]): tuple(row["means"].split("|")) for row in rows}


def _usual_texts(kind: str) -> list[str]:
    return [row["usual"] for row in read_rows("names/usual_names.csv") if row["kind"] == kind and len(row["usual"]) > 4]
