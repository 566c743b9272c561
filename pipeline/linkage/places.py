"""Cities in one form, and their metropolitan areas.

`metro_areas.csv` maps cities with a school or hospital to core-based statistical areas: areas and names of OMB Bulletin
No. 23-01, cities from IPEDS HD2024 and CMS Hospital General Information. Names of bodies do not belong here.
"""

from __future__ import annotations

import functools
from typing import Any, Final

import numpy as np
import pandas as pd

from pipeline.reference.load import read_reference

_FIRST_WORDS: Final = {"ST": "SAINT", "MT": "MOUNT", "FT": "FORT"}


def canonical_city(cities: pd.Series) -> pd.Series:
    """Return the cities in upper case, without periods and apostrophes, `St`, `Mt` and `Ft` at the start written out; nulls stay null."""
    codes, distinct = pd.factorize(cities)
    plain = pd.Series(distinct, dtype="str").str.upper().str.replace(r"[.']", "", regex=True)
    plain = plain.str.replace(r"\s+", " ", regex=True).str.strip()
    for short, long in _FIRST_WORDS.items():
        plain = plain.str.replace(rf"^{short} ", f"{long} ", regex=True)
    return pd.Series(plain.reindex(codes).to_numpy(), index=cities.index, dtype="str")


@functools.cache
def _areas() -> pd.Series:
    rows = read_reference("places/metro_areas.csv")
    return rows.set_index(["city", "state"])["metro_area"]


@functools.cache
def _area_by_city() -> dict[Any, str]:
    """Map city and state to the area; the few cities of a small frame are looked up ten times as fast as by the index."""
    return dict(_areas().items())


def is_city(name: str, state: str) -> bool:
    """Return whether the table knows a city of that name in that state."""
    return (name.upper(), state) in _areas().index


@functools.cache
def metro_names() -> tuple[str, ...]:
    """Return names of all metropolitan areas known, sorted."""
    return tuple(sorted(_areas().dropna().unique()))


@functools.cache
def cities_of_areas() -> dict[str, tuple[str, ...]]:
    """Map each city of the table, in small letters without points, to the areas that have a city of that name."""
    areas = _areas().dropna()
    cities = areas.index.get_level_values("city").str.lower()
    groups = areas.groupby(cities).unique()
    return {str(city): tuple(sorted(names)) for city, names in groups.items()}


def metro_area(cities: pd.Series, states: pd.Series) -> pd.Series:
    """Return the name of the metropolitan area of each city, e.g. `Los Angeles-Long Beach-Anaheim, CA`; null outside them."""
    return _area_of(canonical_city(cities), states)


def with_places(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with the columns city and state, and two more: place (canonical city) and metro (metropolitan area)."""
    if frame.empty:
        return frame.assign(**{name: pd.Series(index=frame.index, dtype="str") for name in ("place", "metro")})
    pairs = pd.DataFrame({column: pd.factorize(frame[column])[0] for column in ("city", "state")})
    pair = pairs.groupby(["city", "state"], sort=False, dropna=False).ngroup().to_numpy()
    first = np.unique(pair, return_index=True)[1]  # each city of a state is looked up once
    cities, states = (frame[column].astype("str").iloc[first] for column in ("city", "state"))
    places = canonical_city(cities)
    both = {"place": places, "metro": _area_of(places, states)}
    return frame.assign(**{name: texts.take(pair).set_axis(frame.index) for name, texts in both.items()})


def _area_of(places: pd.Series, states: pd.Series) -> pd.Series:
    keys = zip(places.tolist(), states.tolist(), strict=True)
    return pd.Series(list(map(_area_by_city().get, keys)), index=places.index, dtype="str")
