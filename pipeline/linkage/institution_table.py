"""What table `institutions` says of each sponsor: its name, place, other names and sites, and what it rests on.

Which programs have one sponsor is found in `sponsors.py`, its records in registers in `anchors.py`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.linkage.names.normalise import canonical
from pipeline.linkage.names.words import is_common
from pipeline.linkage.places import metro_area, with_places
from pipeline.linkage.sponsor_names import sponsor_key, sponsor_names, take_apart
from pipeline.linkage.sponsors import Sponsors


@dataclass(frozen=True)
class _Program:
    """A program of a sponsor; "" where a cell is blank. code, name and year: as the newest list states the sponsor."""

    program_code: str
    sponsor_code: str
    sponsor_name: str
    list_year: int
    city: str
    place: str
    state: str
    label: str
    head: str
    campus: str
    derived_key: str


def describe(
    programs: pd.DataFrame, sites: pd.DataFrame, cms: pd.DataFrame, sponsors: Sponsors, ids: pd.Series
) -> pd.DataFrame:
    """Return table `institutions` without what registers know: a row for each sponsor that has programs.

    programs: as `institutions.build_institutions` reads them, with the newest statement of their sponsor. sites, cms: tables
    `acgme_participating_sites` and `cms_hospitals`. ids: institution_id by number of the sponsor.
    """
    own = _programs_of(programs, sponsors)
    site_names = _names_by(sites["sponsor_code"], sites["site_name"])
    program_sites = _names_by(sites["program_code"], sites["site_name"])
    reasons = _names_by(sponsors.reasons["sponsor"], sponsors.reasons["reason"])
    known = sponsors.evidence[sponsors.evidence["stated"] | sponsors.evidence["curated"]]
    codes = _names_by(known["sponsor"], known["code"])
    listed = known[known["stated"] & (known["code"] == "")]
    stated_names = _names_by(listed["sponsor"], listed["name"])
    states = _states_of_codes(programs)
    sizes = Counter(pd.concat([at["place"] + ", " + at["state"] for at in (programs, with_places(cms))]).dropna())
    rows = []
    for sponsor, group in own.items():
        all_codes = sorted(codes.get(sponsor, set()) - {""})
        code = _newest(group, [program.sponsor_code for program in group]) or next(iter(all_codes), "")
        name = _newest(group, [program.sponsor_name for program in group]) or _derived_name(group)
        state, city = _home(group, states.get(code[:2], ""), sizes)
        name = _distinguished(name, city, group)
        stated = stated_names.get(sponsor, set()) | {program.sponsor_name for program in group} - {""}
        labels = {text for program in group for text in (program.label, program.head)}
        found = [site_names.get(one, set()) for one in all_codes]
        found += [program_sites.get(program.program_code, set()) for program in group]
        rows.append(
            {
                "institution_id": ids[sponsor],
                "name": name,
                "sponsor_code": code or None,
                "other_sponsor_codes": [other for other in all_codes if other != code],
                "city": city or None,
                "state": state or None,
                "places": _places(group),
                "sponsor_names": sorted(stated),
                "aliases": sorted((labels | stated) - {name}),
                "participating_sites": sorted(set().union(*found)),
                "programs": len(group),
                "derivation": _derivation(group),
                "identity_reasons": sorted(reasons.get(sponsor, set())),
            }
        )
    frame = pd.DataFrame(rows).astype(dict.fromkeys(("sponsor_code", "city", "state"), "str"))
    return frame.assign(metro_area=metro_area(frame["city"], frame["state"]))


def _programs_of(programs: pd.DataFrame, sponsors: Sponsors) -> dict[int, list[_Program]]:
    texts = list(_Program.__dataclass_fields__)
    cells = programs[texts].assign(list_year=programs["list_year"].fillna(0).astype("int64")).fillna("")
    own: dict[int, list[_Program]] = defaultdict(list)
    for sponsor, row in zip(sponsors.of_program.tolist(), cells.itertuples(index=False, name=None), strict=True):
        own[sponsor].append(_Program(*row))
    return dict(sorted(own.items()))


def _names_by(keys: pd.Series, names: pd.Series) -> dict[object, set[str]]:
    found: dict[object, set[str]] = defaultdict(set)
    for key, name in zip(keys, names, strict=True):
        found[key].add(name)
    return found


def _derivation(group: Sequence[_Program]) -> str:
    """Return which evidence the institution rests on: the best that a list states of its programs."""
    if any(program.sponsor_code for program in group):
        return "sponsor_code"
    return "sponsor_name" if any(program.sponsor_name for program in group) else "program_name"


def _newest(group: Sequence[_Program], values: Sequence[str]) -> str:
    """Return the value that most programs have in the newest list that states one; "" where none does."""
    stated = [(program.list_year, value) for program, value in zip(group, values, strict=True) if value]
    newest = max((year for year, _ in stated), default=0)
    return _mode(value for year, value in stated if year == newest)


def _places(group: Sequence[_Program]) -> list[str]:
    """Return the places of the programs, `City, ST`, the one with the most programs first, each in its most frequent spelling."""
    printed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for program in group:
        printed[program.place, program.state].append(f"{program.city.strip(' ,')}, {program.state}".strip(" ,"))
    found = sorted((-len(spellings), _mode(spellings)) for spellings in printed.values())
    return [place for _, place in found if place]


def _derived_name(group: Sequence[_Program]) -> str:
    curated = {sponsor_key(take_apart(name)): name for name in sponsor_names()["institution"] if name}
    known = sorted({curated[program.derived_key] for program in group if program.derived_key in curated})
    if known:
        return known[0]
    derived = Counter(
        program.label.split("/")[0].strip()
        if program.campus and set(canonical(program.campus).split()) <= set(program.derived_key.split())
        else program.head
        for program in group
    )
    return min(derived, key=lambda name: (-derived[name], len(name), name))


def _distinguished(name: str, city: str, group: Sequence[_Program]) -> str:
    """Return the name with its city where programs are called so: Boston Children's Hospital for the Children's Hospital of Boston.

    Only a name that many bodies bear needs it: no register and no reader finds it by that name alone.
    """
    form = canonical(name)
    if not is_common(form):
        return name
    wanted = {*form.split(), *canonical(city).split()}
    return min((program.head for program in group if set(canonical(program.head).split()) == wanted), default=name)


def _states_of_codes(programs: pd.DataFrame) -> dict[str, str]:
    """Return the state in which most sponsors have their programs, by the first two digits of the sponsor code."""
    coded = programs[programs["sponsor_code"].notna()].drop_duplicates(["sponsor_code", "state"])
    return {str(prefix): _mode(group) for prefix, group in coded["state"].groupby(coded["sponsor_code"].str[:2])}


def _home(group: Sequence[_Program], likely: str, sizes: Mapping[str, int]) -> tuple[str, str]:
    """Return the state and city with the most programs, those under the sponsor's code twice.

    `likely` wins a tie of states; of cities the one with the most programs and hospitals of all, as `sizes` has them.
    """
    weighed = [*group, *(program for program in group if program.sponsor_code)]
    states = Counter(program.state for program in weighed)
    state = min(states, key=lambda name: (-states[name], name != likely, name))
    inside = [program for program in weighed if program.state == state]
    at_home = [program for program in inside if not program.campus]  # `Sponsor (Campus)` is away from home
    cities = Counter((program.city, program.place) for program in at_home or inside if program.city)
    ordered = sorted(cities, key=lambda city: (-cities[city], -sizes[f"{city[1]}, {state}"], city))
    return state, ordered[0][0] if ordered else ""


def _mode(values: Iterable[str]) -> str:
    counts = Counter(values)
    return min(counts, key=lambda value: (-counts[value], value), default="")
