"""Campuses that share an EIN: in which cities a tax id and a university's name are another campus's.

What belongs here: what IPEDS tells of units under one EIN. What another campus's city is worth is in `model.py`.
"""

from __future__ import annotations

import itertools
import operator
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final

import numpy as np
import pandas as pd

from pipeline.linkage.anchors import ipeds_names
from pipeline.linkage.names.normalise import canonical
from pipeline.linkage.places import with_places

_NOTHING: Final[frozenset[str]] = frozenset()
# Sources of names of bodies that work with the institution.
_OF_PARTNERS: Final = ("program", "site", "university")
_Unit = tuple[str, frozenset[str]]  # place, names


def campuses_by_unit(ipeds: pd.DataFrame) -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """Return, for each IPEDS unit that shares its EIN, the places of the others under it and the words of their names."""
    known = with_places(ipeds.dropna(subset=["ein"]))
    shared = known[known.duplicated("ein", keep=False)]
    found: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
    columns = (shared.sort_values("ein")[column].tolist() for column in ("ein", "unitid", "place", "name"))
    for _, group in itertools.groupby(zip(*columns, strict=True), key=operator.itemgetter(0)):
        members = [member for _, *member in group]
        for unit, own, _ in members:
            elsewhere = [(place, name) for other, place, name in members if other != unit and place != own]
            words = {word for place, name in elsewhere for word in canonical(f"{name} {place}").split()}
            found[unit] = (frozenset(place for place, _ in elsewhere), frozenset(words))
    return found


def with_campuses_of_tax_ids(candidates: pd.DataFrame, ipeds: pd.DataFrame) -> pd.DataFrame:
    """Return the candidates with the cities of other campuses that tax id and name tell where the institution is no unit of IPEDS.

    `State University of New York at Stony Brook` in Plattsburgh, under the tax id of all campuses, is Plattsburgh's, and nothing of a
    hospital that is Stony Brook's partner. A university whose name states no campus (`University of Maryland`) is a partner's in
    the institution's own area only. candidates: columns alias_form, relation, source, state, metro, own_metro, tax_id_last4, campuses.
    """
    pools = _pools(ipeds)
    keys = pd.MultiIndex.from_frame(candidates[["state", "tax_id_last4"]])
    met = keys.isin(list(pools)) & candidates["alias_form"].str.contains("UNIVERSITY|COLLEGE")
    met &= np.array([not known for known in candidates["campuses"].tolist()], dtype=bool)
    pooled = candidates[met]
    away = (pooled["relation"] == "affiliate") & pooled["source"].isin(_OF_PARTNERS)
    away &= ~(pooled["metro"] == pooled["own_metro"]).fillna(False)
    campuses = candidates["campuses"].tolist()
    columns = (pooled[name].tolist() for name in ("state", "tax_id_last4", "alias_form"))
    for row, state, tax_id, form, of_partner in zip(np.flatnonzero(met), *columns, away, strict=True):
        campuses[row] = _places_of_others(form, pools[state, tax_id], of_partner=of_partner)
    return candidates.assign(campuses=pd.Series(campuses, candidates.index, dtype="object"))


def _places_of_others(form: str, units: Collection[_Unit], *, of_partner: bool) -> frozenset[str]:
    """Return the places of the units that a name does not speak of, of a partner's name all if it speaks of none."""
    places = frozenset(place for place, _ in units)
    words = set(form.split())
    if stated := {place for place, names in units if form in names or words.issuperset(place.split())}:
        return places - stated
    bearers = {place for place, names in units if any(name.startswith(f"{form} ") for name in names)}
    return places if of_partner and len(bearers) > 1 else _NOTHING


def _pools(ipeds: pd.DataFrame) -> Mapping[tuple[str, str], Collection[_Unit]]:
    """Return the units whose EIN others elsewhere have, too, by state and the last four digits."""
    known = with_places(ipeds.dropna(subset=["ein", "state", "city"]))
    known = known[known.groupby("ein")["place"].transform("nunique") > 1]
    names = ipeds_names(known).groupby("unitid")["form"].agg(frozenset)
    found: dict[tuple[str, str], list[_Unit]] = defaultdict(list)
    columns = (known[name].tolist() for name in ("state", "ein", "place", "unitid"))
    for state, ein, place, unit in zip(*columns, strict=True):
        found[state, ein[-4:]].append((place, names.get(unit, _NOTHING)))
    return found
