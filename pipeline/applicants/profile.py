"""The profile of one applicant: a small TOML file, read strictly. See docs/methods/shortlist.md.

What belongs here: what a profile may say, and the one line that names what is wrong with it. How a single value is checked is in
`profile_values.py`.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pipeline.applicants.meant import country_meant, exact_specialties, metros_meant, states_meant
from pipeline.applicants.profile_values import (
    PASSED,
    Mistakes,
    ProfileError,
    flag,
    line,
    one,
    one_of,
    weight,
    word_or_day,
)
from pipeline.schemas.shortlist import CRITERIA
from pipeline.schemas.vocabulary import ROUTE

VISAS: Final = ("H-1B", "J-1")
MUST_HAVES: Final = ("specialty", "place", "h1b_stated", "recent_trainees", "cap_exempt")
NOT_PLANNED: Final = "not planned"
NOT_YET: Final = "not yet"  # not passed, and the day isn't known
CERTIFIED: Final = "certified"
# Where an applicant is -> the routes to an H-1B from there. Who is in the country may also leave it and come back.
ROUTES_FROM: Final[Mapping[str, tuple[str, ...]]] = {
    "abroad": ROUTE[:1],
    **dict.fromkeys(("us_f1", "us_h4", "us_j1", "us_j2", "us_other"), ROUTE[:2]),
    "holds_h1b": ROUTE,
}
WHERE_WORDS: Final[Mapping[str, str]] = {
    "abroad": "abroad", "us_f1": "in the US on F-1", "us_h4": "in the US on H-4", "us_j1": "in the US on J-1",
    "us_j2": "in the US on J-2", "us_other": "in the US", "holds_h1b": "holding an H-1B",
}  # fmt: skip
US_SCHOOL: Final = "US"
SCHOOLS: Final = (US_SCHOOL, "foreign")
DEGREES: Final = ("MD", "DO", "MBBS", "other")
LEVELS: Final = ("residency", "fellowship", "preliminary")
DEFAULT_WEIGHTS: Final[Mapping[str, float]] = dict(zip(CRITERIA, (5, 3, 2, 2, 2, 1, 0), strict=True))
MAX_WEIGHT: Final = 100
MAX_BYTES: Final = 1 << 20
_KEYS: Final = (
    "specialties", "states", "metros", "places", "visas", "applicant", "step3", "must_haves", "weights",
)  # fmt: skip
_PLACES: Final = ("states", "metros", "only")
_APPLICANT: Final = ("name", "where", "school", "degree", "level", "citizenship", "ecfmg", "step1", "step2")


@dataclass(frozen=True)
class Profile:
    """What an applicant wants, and is. visas: the acceptable ones, the preferred first. specialties: ACGME names. metros:
    lower-case names of areas, or parts of them. only_places: leave out what is elsewhere. name: as letters end. where: a key of
    ROUTES_FROM, school: of SCHOOLS, degree: of DEGREES, level: of LEVELS, None where not stated. citizenship: the country whose
    passport is used; listed ones by their name in the tables of law. ecfmg: `certified`, step1 and step2: `passed`, step3: `passed`,
    `not yet` or `not planned`; else the day on which that is expected, or None (not stated). weights: criterion -> 0 to MAX_WEIGHT."""

    visas: tuple[str, ...]
    specialties: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    metros: tuple[str, ...] = ()
    only_places: bool = False
    name: str | None = None
    where: str | None = None
    school: str | None = None
    degree: str | None = None
    level: str | None = None
    citizenship: str | None = None
    ecfmg: str | dt.date | None = None
    step1: str | dt.date | None = None
    step2: str | dt.date | None = None
    step3: str | dt.date | None = None
    must_haves: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=lambda: dict(DEFAULT_WEIGHTS))


def read_profile(path: Path) -> Profile:
    """Read the profile in a TOML file. Raises ProfileError with one line; OSError where the file can't be opened."""
    with path.open("rb") as stream:
        content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ProfileError(f"{path}: larger than {MAX_BYTES >> 20} MB, so no profile")
    try:
        values = tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ProfileError(f"{path}: not UTF-8 text; save it as UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ProfileError(f"{path}: not TOML ({error}); see docs/profile.example.toml") from error
    try:
        return profile_of(values)
    except ProfileError as error:
        raise ProfileError(f"{path}: {error}") from error


def profile_of(values: Mapping[str, Any]) -> Profile:
    """Check the values of a TOML file and return the profile in them. Raises ProfileError, which names all that is wrong."""
    found = Mistakes()
    found.keys("key", values, _KEYS)
    places = found.part(values, "places", _PLACES)
    applicant = found.part(values, "applicant", _APPLICANT)
    profile = Profile(
        visas=found.each(values, "visas", one_of("visa", VISAS)),
        specialties=found.each(values, "specialties", exact_specialties),
        states=found.each(values, "states", states_meant) + found.each(places, "states", states_meant),
        metros=found.each(values, "metros", _areas) + found.each(places, "metros", _areas),
        only_places=found.take(False, flag, places, "only"),
        name=found.take(None, line, applicant, "name"),
        where=found.take(None, one, applicant, "where", tuple(ROUTES_FROM)),
        school=found.take(None, one, applicant, "school", SCHOOLS),
        degree=found.take(None, one, applicant, "degree", DEGREES),
        level=found.take(None, one, applicant, "level", LEVELS),
        citizenship=found.take(None, _country, applicant, "citizenship"),
        ecfmg=found.take(None, word_or_day, applicant, "ecfmg", (CERTIFIED,)),
        step1=found.take(None, word_or_day, applicant, "step1", (PASSED,)),
        step2=found.take(None, word_or_day, applicant, "step2", (PASSED,)),
        step3=found.take(None, word_or_day, values, "step3", (PASSED, NOT_YET, NOT_PLANNED)),
        must_haves=found.each(values, "must_haves", one_of("must-have", MUST_HAVES)),
        weights=_weights(found, values),
    )
    found.mistakes += _at_odds(values, profile, somewhere="states" in values or "metros" in values or bool(places))
    found.tell()
    return profile


def _at_odds(values: Mapping[str, Any], profile: Profile, *, somewhere: bool) -> list[str]:
    """Return what is missing, and what contradicts itself. somewhere: the profile names places."""
    problems = {
        'visas is missing: say which are acceptable, the preferred first, e.g. visas = ["H-1B"]': not values.get(
            "visas"
        ),
        "must_haves names 'specialty', but specialties says none": "specialty" in profile.must_haves
        and "specialties" not in values,
        "must_haves names 'place', but states or metros says none": "place" in profile.must_haves and not somewhere,
        "places.only is set, but states or metros says none": profile.only_places and not somewhere,
    }
    return [problem for problem, holds in problems.items() if holds]


def _areas(text: str) -> tuple[str, ...]:
    return tuple(name.lower() for name in metros_meant(text))


def _country(values: Mapping[str, Any], key: str) -> str | None:
    written = line(values, key)
    return None if written is None else country_meant(written)


def _weights(found: Mistakes, values: Mapping[str, Any]) -> Mapping[str, float]:
    given = found.part(values, "weights", CRITERIA)
    own = {name: found.take(0.0, weight, given, name, MAX_WEIGHT) for name in given if name in CRITERIA}
    weights = {**DEFAULT_WEIGHTS, **own}
    if given.get("visa_fit", 1) == 0:
        found.mistakes.append("the weight of visa_fit can't be 0: it is what the list is about")
    return weights
