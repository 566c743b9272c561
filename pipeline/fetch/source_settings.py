"""Which official sources are fetched, and from which year on, as the operator sets it by environment variables: none by default."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from pipeline.settings import FetchSettings, SettingsError
from pipeline.sources.publications import Publication, fiscal_year, publications

SOURCES_VARIABLE: Final = "H1B_FETCH_SOURCES"
SINCE_VARIABLE: Final = "H1B_FETCH_SINCE"
_ALL: Final = "all"
_YEARS: Final = 3  # before the current fiscal year, by default
_FIRST: Final = 2009
_SECONDS: Final = 3_600.0  # for one file: 250 MB on a slow line
_SILENCE: Final = 120.0  # exports are made while one waits


def of_machines() -> dict[str, tuple[Publication, ...]]:
    """Return the publications that are fetched, by source, in the order of the table."""
    own = [one for one in publications() if one.saved_by == "machine"]
    return {
        source: tuple(one for one in own if one.source == source) for source in dict.fromkeys(one.source for one in own)
    }


def enabled_sources() -> tuple[str, ...]:
    """Read which sources are fetched from H1B_FETCH_SOURCES: their ids, or `all`; none where it is blank.

    Raises SettingsError for a word that is no id of a source that is fetched.
    """
    words = re.split(r"[\s,]+", os.environ.get(SOURCES_VARIABLE, "").strip())
    wanted = [word for word in words if word]
    return tuple(of_machines()) if wanted == [_ALL] else require_known(wanted, SOURCES_VARIABLE)


def require_known(wanted: Iterable[str], where: str) -> tuple[str, ...]:
    """Return the ids `wanted`, each once, in the order of the table. Raises SettingsError for another word, found in `where`."""
    words, known = list(wanted), of_machines()
    for word in words:
        if word not in known:
            raise SettingsError(
                f"{where}: {word[:60]!r} is no source that is fetched. Use {_ALL} or some of: {', '.join(known)}"
            )
    return tuple(source for source in known if source in words)


def first_year(today: dt.date) -> int:
    """Read from which fiscal year on files are wanted from H1B_FETCH_SINCE. Raises SettingsError for what is no such year."""
    text = os.environ.get(SINCE_VARIABLE, "").strip() or str(fiscal_year(today) - _YEARS)
    if not re.fullmatch(r"\d{4}", text, re.ASCII) or not _FIRST <= int(text) <= fiscal_year(today):
        raise SettingsError(f"{SINCE_VARIABLE}={text[:20]!r}: a fiscal year from {_FIRST} to {fiscal_year(today)}")
    return int(text)


def patient(settings: FetchSettings) -> FetchSettings:
    """Return the settings for files, which are larger and slower than pages."""
    return replace(settings, request_seconds=_SECONDS, silence_seconds=_SILENCE)
