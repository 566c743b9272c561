"""How two specialties are related: the same field, a combined program of it, its parent or a subspecialty."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Final

import pandas as pd

from pipeline.specialties.recognise import canonical_specialty, specialty_by_code, specialty_group
from pipeline.specialties.vocabulary import PATHWAY, combined_programs, parents_by_name

SAME: Final = "same"
COMBINED: Final = "combined"  # a combined program with the wanted specialty as a part
PART: Final = "part"  # a part of the wanted combined program
SUBSPECIALTY: Final = "subspecialty"
PARENT: Final = "parent"
OTHER: Final = "other"


def listed_group(specialties: pd.Series, codes: pd.Series) -> pd.Series:
    """Key of each listed program's field: by its code, else by its printed specialty; null where neither is known."""
    named = specialty_by_code(codes)
    return specialty_group(named.fillna(canonical_specialty(specialties)["specialty"]).fillna(specialties))


def relations(groups: pd.Series, wanted: Iterable[str]) -> pd.Series:
    """The closest relation of each of `groups` (keys of `listed_group`) to one of `wanted` (ACGME names).

    same, combined, part, subspecialty, parent or other, in that order; null where the group is.
    """
    targets = frozenset(group_of(name) for name in wanted)
    by_name = {name: relation(name, targets) for name in groups.dropna().unique()}
    return groups.map(by_name).astype("str")


def relation(name: str, targets: frozenset[str]) -> str:
    """The closest relation of one group to some others (groups, see `group_of`)."""
    parts, parents = _parts(), _parents()
    mine = parts.get(name, frozenset())
    if name in targets:
        return SAME
    if mine & targets:
        return COMBINED
    if any(name in parts.get(target, ()) for target in targets):
        return PART
    if parents.get(name, frozenset()) & targets:
        return SUBSPECIALTY
    if any(name in parents.get(target, ()) for target in targets):
        return PARENT
    return OTHER


def group_of(name: str) -> str:
    """Key of an ACGME name: pathways (Independent, Integrated) are one field."""
    return PATHWAY.sub("", name)


@functools.cache
def _parts() -> dict[str, frozenset[str]]:
    """Combined program -> its parts, all as groups."""
    return {name: frozenset(group_of(part) for part in parts) for parts, name in combined_programs().items()}


@functools.cache
def _parents() -> dict[str, frozenset[str]]:
    """Group -> groups of its parents."""
    parents: dict[str, frozenset[str]] = {}
    for name, above in parents_by_name().items():
        parents[group_of(name)] = parents.get(group_of(name), frozenset()) | {group_of(parent) for parent in above}
    return parents
