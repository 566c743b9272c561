"""How two specialties are related: the same field, a combined program of it, its parent or a subspecialty.

What belongs here: relations of ACGME names, and of listed programs by their specialty. They go by name, since a blank code is
shared by several specialties.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Final

import pandas as pd

from pipeline.reference.load import read_reference
from pipeline.specialties.recognise import canonical_specialty, specialty_by_code, specialty_group
from pipeline.specialties.vocabulary import PATHWAY, combined_programs, parents_by_name

SAME: Final = "same"
COMBINED: Final = "combined"  # a combined program with the wanted specialty as a part
PART: Final = "part"  # a part of the wanted combined program
SUBSPECIALTY: Final = "subspecialty"
PARENT: Final = "parent"
OTHER: Final = "other"


def listed_name(specialties: pd.Series, codes: pd.Series) -> pd.Series:
    """Return the ACGME name of each listed program, with its pathway where that is stated.

    By its code, else by its printed specialty; a specialty outside the vocabulary stays as printed. Null where neither is
    known.
    """
    named = specialty_by_code(codes)
    return named.fillna(canonical_specialty(specialties)["specialty"]).fillna(specialties)


def listed_group(specialties: pd.Series, codes: pd.Series) -> pd.Series:
    """Return the key of each listed program's field: its `listed_name` without a pathway."""
    return specialty_group(listed_name(specialties, codes))


def leads_to(before: str, after: str) -> bool:
    """Decide whether those trained in `before` may enter `after` (names of `listed_name`).

    Any pathway of `before` will do. Of `after` the pathway counts: an integrated program takes students, an independent one
    those who have been trained.
    """
    field = group_of(before)
    return field in parents_by_name().get(after, ()) or (field, after) in _paths()


def relations(groups: pd.Series, wanted: Iterable[str]) -> pd.Series:
    """Find the closest relation of each of `groups` (keys of `listed_group`) to one of `wanted` (ACGME names).

    Returns same, combined, part, subspecialty, parent or other, in that order; null where the group is.
    """
    targets = frozenset(group_of(name) for name in wanted)
    by_name = {name: relation(name, targets) for name in groups.dropna().unique()}
    return groups.map(by_name).astype("str")


def relation(name: str, targets: frozenset[str]) -> str:
    """Find the closest relation of one group to one of `targets` (groups, see `group_of`)."""
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
    """Return the key of an ACGME name: pathways (Independent, Integrated) are one field."""
    return PATHWAY.sub("", name)


@functools.cache
def _parts() -> dict[str, frozenset[str]]:
    """Map each combined program to its parts, as groups."""
    return {name: frozenset(group_of(part) for part in parts) for parts, name in combined_programs().items()}


@functools.cache
def _parents() -> dict[str, frozenset[str]]:
    """Map each group to the groups of its parents."""
    parents: dict[str, frozenset[str]] = {}
    for name, above in parents_by_name().items():
        parents[group_of(name)] = parents.get(group_of(name), frozenset()) | {group_of(parent) for parent in above}
    return parents


@functools.cache
def _paths() -> frozenset[tuple[str, str]]:
    """Return the entry routes that no parent states: (field, ACGME name of what may follow it)."""
    rows = read_reference("specialties/paths.csv")
    return frozenset(zip(rows["before"].map(group_of), rows["after"], strict=True))
