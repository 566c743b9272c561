"""Names of the hospitals that an institution is, in all years that registers know: CMS's of today and before, AHRQ's of 2018.

What belongs here: which facility bears a name near the institution's in its city. Facilities with its very name are anchors
(`anchors.py`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

import pandas as pd

from pipeline.linkage.anchors import Registers, own_names
from pipeline.linkage.comparison import compare
from pipeline.linkage.names.kinds import kind_of
from pipeline.linkage.names.normalise import canonical, canonical_all, state_words
from pipeline.linkage.own_bodies import acronyms_in, initials
from pipeline.linkage.places import with_places

# Levels at which the one hospital of the city with the institution's words is the institution.
_NEAR: Final = ("kin", "placeless", "prefixed")
_NEAR_OF_SYSTEM: Final = ("kin",)
_COUNTY_OWNED: Final = "Government - Local"


def facility_names(institutions: pd.DataFrame, registers: Registers) -> dict[str, tuple[str, ...]]:
    """Return the canonical names of the facilities of each institution, by institution_id.

    Its facilities are those of its anchors; else the one of its city that has its words and no other body's (Edward W Sparrow
    Hospital is Sparrow Hospital), unless that is near another institution, too; and those of its city whose initials are in its
    name. institutions: columns institution_id, name, city, state, facility_ids.
    """
    known = _known_names(registers)
    names: dict[str, set[str]] = defaultdict(set)
    in_city: dict[tuple[object, object], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for facility, form, place, state in zip(*(known[column].tolist() for column in known), strict=True):
        names[facility].add(form)
        in_city[place, state][facility].add(form)
    near: dict[str, set[str]] = {}
    placed = with_places(institutions)
    columns = ("institution_id", "name", "place", "state", "facility_ids")
    for identity, name, place, state, anchors in zip(*(placed[column].tolist() for column in columns), strict=True):
        around = in_city.get((place, state), {})
        near[identity] = set(anchors) or _near(own_names(str(name)), around, str(place))
        near[identity] |= _by_initials(str(name), around)
    claims = Counter(facility for facilities in near.values() for facility in facilities)
    anchored = {facility for anchors in institutions["facility_ids"] for facility in anchors}
    found: dict[str, tuple[str, ...]] = {}
    for identity, anchors in zip(institutions["institution_id"], institutions["facility_ids"], strict=True):
        own = set(anchors) or {one for one in near[identity] - anchored if claims[one] == 1}
        found[identity] = tuple(sorted(set().union(*(names[facility] for facility in own))))
    return found


def facility_places(homes: pd.DataFrame, cms: pd.DataFrame) -> pd.Series:
    """Return the cities, in its metropolitan area, of the hospitals that each institution is, as lists of `City, ST`: St Luke's of
    St. Louis is in Chesterfield.

    homes: columns facility_ids and those of `with_places`. cms: table `cms_hospitals`.
    """
    placed = with_places(cms).dropna(subset=["city", "state", "metro"])
    city, metro = placed["city"] + ", " + placed["state"], placed["metro"]
    known = dict(zip(placed["facility_id"], zip(city, metro, strict=True), strict=True))
    lists = [
        [known[one][0] for one in own if one in known and known[one][1] == area]
        for own, area in zip(homes["facility_ids"].tolist(), homes["metro"].tolist(), strict=True)
    ]
    return pd.Series(lists, index=homes.index, dtype=object)


def county_names(institutions: pd.DataFrame, cms: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Yield institution_id, form and relation of the counties that own a hospital which an institution is, by CMS.

    A hospital that bears the county's name is the county itself: Contra Costa Regional Medical Center. institutions: columns
    institution_id, name, facility_ids; cms: as of `facility_places`.
    """
    local = cms[(cms["ownership"] == _COUNTY_OWNED).fillna(False)].dropna(subset=["county"])
    county_of = dict(zip(local["facility_id"], local["county"], strict=True))
    for identity, name, own in zip(
        *(institutions[column] for column in ("institution_id", "name", "facility_ids")), strict=True
    ):
        for county in sorted({county_of[one] for one in own if one in county_of}):
            word = canonical(county)
            relation = "same" if canonical(str(name)).startswith(f"{word} ") else "affiliate"
            for form in (f"COUNTY {word}", f"{word} COUNTY"):
                yield identity, form, relation


def _by_initials(name: str, facilities: Mapping[str, set[str]]) -> set[str]:
    letters = acronyms_in(name)
    return {
        facility
        for facility, forms in facilities.items()
        if any(kind_of(form) == "hospital" and initials(form) in letters for form in forms)
    }


def _known_names(registers: Registers) -> pd.DataFrame:
    """Return columns facility_id, form, place, state: the names of hospitals, one row for each name that a register prints.

    Where a number is another city's today, its former names are those of another house: numbers outlive mergers.
    """
    columns = ["facility_id", "name", "city", "state"]
    now = registers.cms[columns].dropna()
    before = [registers.ahrq.rename(columns={"ccn": "facility_id"})[columns], registers.cms_names[columns]]
    both = with_places(pd.concat([now, *(names.dropna() for names in before)], ignore_index=True))
    city = both["place"] + ", " + both["state"]
    today = dict(zip(now["facility_id"], city.iloc[: len(now)], strict=False))
    both["form"] = canonical_all(both["name"])
    both = both[(both["form"] != "") & (both["facility_id"].map(today).fillna(city) == city)]
    return both[["facility_id", "form", "place", "state"]].drop_duplicates(ignore_index=True)


def _near(own: list[str], facilities: Mapping[str, set[str]], city: str) -> set[str]:
    """Return the one facility among those of the city with a name near one of the institution's own, as a set; empty if not one."""
    place = frozenset(canonical(city).split())
    hospitals = [
        form for form in own if kind_of(form) in ("hospital", "system") and set(form.split()) - place - state_words()
    ]
    near = {
        facility
        for facility, forms in facilities.items()
        if any(_is_near(form, mine, place) for form in forms for mine in hospitals)
    }
    return near if len(near) == 1 else set()


def _is_near(form: str, mine: str, place: frozenset[str]) -> bool:
    if form == mine:
        return True
    how, apart, _ = compare(form, mine, place)
    return not apart and how in (_NEAR if kind_of(mine) == "hospital" else _NEAR_OF_SYSTEM)
