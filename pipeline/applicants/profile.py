"""The profile of one applicant: a small TOML file, read strictly. See docs/methods/shortlist.md.

What belongs here: what a profile may say, and the one line that names what is wrong with it.
"""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NoReturn

from rapidfuzz import fuzz, process

from pipeline.errors import UserError
from pipeline.linkage.places import metro_names
from pipeline.schemas.shortlist import CRITERIA
from pipeline.schemas.vocabulary import ROUTE, STATES
from pipeline.specialties.reading import exact_specialty
from pipeline.specialties.vocabulary import specialties

VISAS: Final = ("H-1B", "J-1")
MUST_HAVES: Final = ("specialty", "place", "h1b_stated", "recent_trainees", "cap_exempt")
PASSED: Final = "passed"
NOT_PLANNED: Final = "not planned"
# Where an applicant is -> the routes to an H-1B from there. Who is in the country may also leave it and come back.
ROUTES_FROM: Final[Mapping[str, tuple[str, ...]]] = {
    "abroad": ROUTE[:1], "in the US": ROUTE[:2], "holding an H-1B": ROUTE,
}  # fmt: skip
SCHOOLS: Final = ("US", "foreign")
DEFAULT_WEIGHTS: Final[Mapping[str, float]] = dict(zip(CRITERIA, (5, 3, 2, 2, 2, 1, 0), strict=True))
MAX_WEIGHT: Final = 100
MAX_BYTES: Final = 1 << 20
_KEYS: Final = ("specialties", "states", "metros", "visas", "where", "school", "step3", "must_haves", "weights")
_LIKE: Final = 60  # rapidfuzz ratio under which a suggestion would only puzzle


class ProfileError(UserError):
    """A profile that can't be used: one line that names the file, the key and what to do."""


@dataclass(frozen=True)
class Profile:
    """What an applicant wants, and is. specialties: ACGME names. metros: lower-case parts of names of areas. where: a key of
    ROUTES_FROM, school: one of SCHOOLS, None where not stated. step3: `passed`,
    `not planned`, the day of the result, or None (not stated). weights: criterion -> 0 to MAX_WEIGHT."""

    visas: tuple[str, ...]
    specialties: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    metros: tuple[str, ...] = ()
    where: str | None = None
    school: str | None = None
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
    """Check the values of a TOML file and return the profile in them. Raises ProfileError."""
    for key in values:
        if key not in _KEYS:
            _unknown("key", key, _KEYS)
    profile = Profile(
        visas=_known(values, "visas", "visa", VISAS),
        specialties=tuple(dict.fromkeys(_specialty(text) for text in _texts(values, "specialties"))),
        states=_known(values, "states", "state", STATES, str.upper),
        metros=tuple(dict.fromkeys(_metro(text) for text in _texts(values, "metros"))),
        where=_one(values, "where", tuple(ROUTES_FROM)),
        school=_one(values, "school", SCHOOLS),
        step3=_step3(values.get("step3")),
        must_haves=_known(values, "must_haves", "must-have", MUST_HAVES),
        weights=_weights(values.get("weights", {})),
    )
    if not profile.visas:
        raise ProfileError('visas is missing: say which are acceptable, e.g. visas = ["H-1B"]')
    for must_have, wanted, key in (
        ("specialty", profile.specialties, "specialties"),
        ("place", profile.states + profile.metros, "states or metros"),
    ):
        if must_have in profile.must_haves and not wanted:
            raise ProfileError(f"must_haves names {must_have!r}, but {key} says none")
    return profile


def _texts(values: Mapping[str, Any], key: str) -> tuple[str, ...]:
    given = values.get(key, [])
    if not isinstance(given, list) or not all(isinstance(text, str) for text in given):
        raise ProfileError(f'{key} must be a list of texts, e.g. {key} = ["…"]')
    blank = [text for text in given if not text.strip()]
    if blank:
        raise ProfileError(f"{key} holds a blank text")
    return tuple(text.strip() for text in given)


def _known(
    values: Mapping[str, Any], key: str, what: str, allowed: tuple[str, ...], change: Callable[[str], str] = str
) -> tuple[str, ...]:
    given = [change(text) for text in _texts(values, key)]
    for text in given:
        if text not in allowed:
            _unknown(what, text, allowed)
    return tuple(dict.fromkeys(given))


def _one(values: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> str | None:
    value = values.get(key)
    if value is not None and value not in allowed:
        _unknown(key, str(value), allowed)
    return value


def _unknown(what: str, text: str, allowed: Iterable[str]) -> NoReturn:
    choices = list(dict.fromkeys(allowed))
    near = process.extractOne(text.lower(), {name: name.lower() for name in choices}, scorer=fuzz.WRatio)
    hint = f"; the nearest known is {near[2]!r}" if near and near[1] >= _LIKE else ""
    known = f"; known are {', '.join(choices)}" if len(choices) < 20 else ""
    raise ProfileError(f"unknown {what} {text!r}{hint}{known}")


def _specialty(text: str) -> str:
    name = exact_specialty(text)
    if not name:
        table = specialties()
        spelled = (part for cell in table["spellings"] for part in str(cell).split("|") if len(part) > 4)
        _unknown("specialty", text, [*(name for name in table["name"] if name), *spelled])
    return name


def _metro(text: str) -> str:
    if not any(text.lower() in name.lower() for name in metro_names()):
        _unknown("metropolitan area", text, metro_names())
    return text.lower()


def _step3(value: Any) -> str | dt.date | None:
    if value is None or value in (PASSED, NOT_PLANNED):
        return value
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    raise ProfileError(
        f'step3 must be "{PASSED}", "{NOT_PLANNED}" or a day such as 2027-02-15 (without quotation marks)'
    )


def _weights(given: Any) -> Mapping[str, float]:
    if not isinstance(given, dict):
        raise ProfileError("weights must be a table: [weights] and a line for each criterion")
    for name, weight in given.items():
        if name not in CRITERIA:
            _unknown("criterion", name, CRITERIA)
        number = isinstance(weight, int | float) and not isinstance(weight, bool) and math.isfinite(weight)
        if not number or not 0 <= weight <= MAX_WEIGHT:
            raise ProfileError(f"the weight of {name} must be a number from 0 to {MAX_WEIGHT}")
    weights = {**DEFAULT_WEIGHTS, **{name: float(weight) for name, weight in given.items()}}
    if not weights["visa_fit"]:
        raise ProfileError("the weight of visa_fit can't be 0: it is what the list is about")
    return weights
