"""Single values of a profile: what each may be, and the message where it is something else.

What belongs here: checks of one key at a time. Which keys a profile has is in `profile.py`.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NoReturn

from rapidfuzz import fuzz, process

from pipeline.applicants.meant import NotKnownError
from pipeline.errors import UserError

PASSED: Final = "passed"
_LIKE: Final = 60  # rapidfuzz ratio under which a suggestion would only puzzle
_LONGEST_LINE: Final = 100  # characters of a name or a country


class ProfileError(UserError):
    """A profile that can't be used: one line that names the file, the key and what to do."""


class Mistakes:
    """What is wrong with a profile, so that all of it is reported at once."""

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
        """Note each key that is none of `allowed`."""
        for key in values:
            if key not in allowed:
                self.take(None, unknown, what, key, allowed)

    def part(self, values: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> Mapping[str, Any]:
        """Return a table of the profile, with its keys checked; an empty one where there is none."""
        given = values.get(key, {})
        if not isinstance(given, dict):
            self.mistakes.append(f"{key} must be a table: [{key}] and a line for each of {', '.join(allowed)}")
            return {}
        self.keys(f"key of [{key}]", given, allowed)
        return given

    def each(self, values: Mapping[str, Any], key: str, find: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
        """Return all that the texts of a key mean, each once; of those that mean nothing note a mistake each."""
        found = self.take((), texts, values, key)
        return tuple(dict.fromkeys(name for text in found for name in self.take((), find, text)))

    def tell(self) -> None:
        """Raise ProfileError with all that was noted; do nothing where nothing was."""
        if len(self.mistakes) == 1:
            raise ProfileError(self.mistakes[0])
        if self.mistakes:
            raise ProfileError(
                f"{len(self.mistakes)} mistakes: "
                + "; ".join(f"({place}) {text}" for place, text in enumerate(self.mistakes, start=1))
            )


def flag(values: Mapping[str, Any], key: str) -> bool:
    """Return true or false, false where the key is absent. Raises ProfileError."""
    value = values.get(key, False)
    if not isinstance(value, bool):
        raise ProfileError(f"{key} must be true or false, without quotation marks")
    return value


def texts(values: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Return a list of texts, trimmed; () where the key is absent. Raises ProfileError."""
    given = values.get(key, [])
    if not isinstance(given, list) or not all(isinstance(text, str) for text in given):
        raise ProfileError(f'{key} must be a list of texts, e.g. {key} = ["…"]')
    if any(not text.strip() for text in given):
        raise ProfileError(f"{key} holds a blank text")
    return tuple(text.strip() for text in given)


def line(values: Mapping[str, Any], key: str) -> str | None:
    """Return a short text on one line, None where the key is absent. Raises ProfileError."""
    value = values.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_LINE or not value.strip().isprintable():
        raise ProfileError(f'{key} must be a text on one line of at most {_LONGEST_LINE} characters, e.g. {key} = "…"')
    return " ".join(value.split())


def one_of(what: str, allowed: Iterable[str]) -> Callable[[str], tuple[str, ...]]:
    """Make a finder that returns a text that is allowed, and raises ProfileError for another."""

    def find(text: str) -> tuple[str, ...]:
        return (text,) if text in allowed else unknown(what, text, allowed)

    return find


def one(values: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> str | None:
    """Return a word of `allowed`, None where the key is absent. Raises ProfileError."""
    value = values.get(key)
    if value is not None and value not in allowed:
        unknown(key, str(value), allowed)
    return value


def unknown(what: str, text: str, allowed: Iterable[str]) -> NoReturn:
    """Raise ProfileError for a word that is none of the allowed ones, with what comes near."""
    choices = list(dict.fromkeys(allowed))
    near = process.extractOne(text.lower(), {name: name.lower() for name in choices}, scorer=fuzz.WRatio)
    hint = f"; the nearest known is {near[2]!r}" if near and near[1] >= _LIKE else ""
    known = f"; known are {', '.join(choices)}" if len(choices) < 20 else ""
    raise ProfileError(f"unknown {what} {text!r}{hint}{known}")


def word_or_day(values: Mapping[str, Any], key: str, words: tuple[str, ...]) -> str | dt.date | None:
    """Return one of `words` or a day, None where the key is absent. Raises ProfileError."""
    value = values.get(key)
    if value is None or (isinstance(value, str) and value in words):
        return value
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    choice = ", ".join(f'"{word}"' for word in words)
    raise ProfileError(f"{key} must be {choice} or a day such as 2027-02-15 (without quotation marks)")


def weight(given: Mapping[str, Any], name: str, most: float) -> float:
    """Return the weight of a criterion. Raises ProfileError for what is no number from 0 to `most`."""
    value = given[name]
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not number or not 0 <= value <= most:
        raise ProfileError(f"the weight of {name} must be a number from 0 to {most:g}")
    return float(value)
