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

from pipeline.applicants.meant import NotKnownError, exact_specialties, metros_meant, states_meant
from pipeline.errors import UserError
from pipeline.schemas.shortlist import CRITERIA
from pipeline.schemas.vocabulary import ROUTE

VISAS: Final = ("H-1B", "J-1")
MUST_HAVES: Final = ("specialty", "place", "h1b_stated", "recent_trainees", "cap_exempt")
PASSED: Final = "passed"
NOT_PLANNED: Final = "not planned"
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
SCHOOLS: Final = ("US", "foreign")
LEVELS: Final = ("residency", "fellowship", "preliminary")
DEFAULT_WEIGHTS: Final[Mapping[str, float]] = dict(zip(CRITERIA, (5, 3, 2, 2, 2, 1, 0), strict=True))
MAX_WEIGHT: Final = 100
MAX_BYTES: Final = 1 << 20
_KEYS: Final = (
    "specialties", "states", "metros", "places", "visas", "applicant", "step3", "must_haves", "weights",
)  # fmt: skip
_PLACES: Final = ("states", "metros", "only")
_APPLICANT: Final = ("where", "school", "level")
_LIKE: Final = 60  # rapidfuzz ratio under which a suggestion would only puzzle


class ProfileError(UserError):
    """A profile that can't be used: one line that names the file, the key and what to do."""


@dataclass(frozen=True)
class Profile:
    """What an applicant wants, and is. visas: the acceptable ones, the preferred first. specialties: ACGME names. metros:
    lower-case names of areas, or parts of them. only_places: leave out what is elsewhere. where: a key of ROUTES_FROM, school: of
    SCHOOLS, level: of LEVELS, None where not stated. step3: `passed`, `not planned`, the day of the result, or None (not stated).
    weights: criterion -> 0 to MAX_WEIGHT."""

    visas: tuple[str, ...]
    specialties: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    metros: tuple[str, ...] = ()
    only_places: bool = False
    where: str | None = None
    school: str | None = None
    level: str | None = None
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
    found = _Mistakes()
    found.keys("key", values, _KEYS)
    places = found.part(values, "places", _PLACES)
    applicant = found.part(values, "applicant", _APPLICANT)
    profile = Profile(
        visas=found.take((), _known, values, "visas", "visa", VISAS),
        specialties=_once(found, values, "specialties", exact_specialties),
        states=_once(found, values, "states", states_meant) + _once(found, places, "states", states_meant),
        metros=_once(found, values, "metros", _areas) + _once(found, places, "metros", _areas),
        only_places=found.take(False, _flag, places, "only"),
        where=found.take(None, _one, applicant, "where", tuple(ROUTES_FROM)),
        school=found.take(None, _one, applicant, "school", SCHOOLS),
        level=found.take(None, _one, applicant, "level", LEVELS),
        step3=found.take(None, _step3, values.get("step3")),
        must_haves=found.take((), _known, values, "must_haves", "must-have", MUST_HAVES),
        weights=found.take(DEFAULT_WEIGHTS, _weights, values.get("weights", {})),
    )
    if not values.get("visas"):
        found.mistakes.append('visas is missing: say which are acceptable, the preferred first, e.g. visas = ["H-1B"]')
    somewhere = "states" in values or "metros" in values or bool(places)
    for needs, there, problem in (
        (
            "specialty" in profile.must_haves,
            "specialties" in values,
            "must_haves names 'specialty', but specialties says none",
        ),
        ("place" in profile.must_haves, somewhere, "must_haves names 'place', but states or metros says none"),
        (profile.only_places, somewhere, "places.only is set, but states or metros says none"),
    ):
        if needs and not there:
            found.mistakes.append(problem)
    found.tell()
    return profile


class _Mistakes:
    """What is wrong with a profile, so that all of it is told at once."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []

    def take(self, instead: Any, read: Callable[..., Any], *given: Any) -> Any:
        """Return what `read` makes of what is given; where it is wrong note why and return `instead`."""
        try:
            return read(*given)
        except (ProfileError, NotKnownError) as error:
            self.mistakes.append(str(error))
            return instead

    def keys(self, what: str, values: Mapping[str, Any], allowed: tuple[str, ...]) -> None:
        for key in values:
            if key not in allowed:
                self.take(None, _unknown, what, key, allowed)

    def part(self, values: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> Mapping[str, Any]:
        """Return a table of the profile, with its keys checked; an empty one where there is none."""
        given = values.get(key, {})
        if not isinstance(given, dict):
            self.mistakes.append(f"{key} must be a table: [{key}] and a line for each of {', '.join(allowed)}")
            return {}
        self.keys(f"key of [{key}]", given, allowed)
        return given

    def tell(self) -> None:
        if len(self.mistakes) == 1:
            raise ProfileError(self.mistakes[0])
        if self.mistakes:
            raise ProfileError(
                f"{len(self.mistakes)} mistakes: "
                + "; ".join(f"({place}) {text}" for place, text in enumerate(self.mistakes, start=1))
            )


def _once(
    found: _Mistakes, values: Mapping[str, Any], key: str, find: Callable[[str], tuple[str, ...]]
) -> tuple[str, ...]:
    """Return all that the texts of a key mean, each once; of those that mean nothing a mistake each."""
    texts = found.take((), _texts, values, key)
    return tuple(dict.fromkeys(name for text in texts for name in found.take((), find, text)))


def _areas(text: str) -> tuple[str, ...]:
    return tuple(name.lower() for name in metros_meant(text))


def _flag(values: Mapping[str, Any], key: str) -> bool:
    value = values.get(key, False)
    if not isinstance(value, bool):
        raise ProfileError(f"{key} must be true or false, without quotation marks")
    return value


def _texts(values: Mapping[str, Any], key: str) -> tuple[str, ...]:
    given = values.get(key, [])
    if not isinstance(given, list) or not all(isinstance(text, str) for text in given):
        raise ProfileError(f'{key} must be a list of texts, e.g. {key} = ["…"]')
    blank = [text for text in given if not text.strip()]
    if blank:
        raise ProfileError(f"{key} holds a blank text")
    return tuple(text.strip() for text in given)


def _known(values: Mapping[str, Any], key: str, what: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    given = _texts(values, key)
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
