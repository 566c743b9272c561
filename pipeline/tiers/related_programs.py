"""Programs of one institution that lead to each other: combined programs and their parts, and what comes before or after.

`specialty_paths.csv` holds entry routes that no parent in specialties.csv tells, as the public requirements of ACGME and
the boards describe them. See docs/methods/sponsor_tier.md.
"""

from __future__ import annotations

import functools
from typing import Final

import pandas as pd

from pipeline.reference.load import read_reference
from pipeline.specialties.relations import COMBINED, PARENT, PART, SUBSPECIALTY, group_of, listed_group, relation

BEFORE: Final = "before"
AFTER: Final = "after"
_KINDS: Final = {COMBINED: COMBINED, PART: PART, PARENT: BEFORE, SUBSPECIALTY: AFTER}


def related_programs(programs: pd.DataFrame) -> pd.Series:
    """Records of RELATED_PROGRAM for each of `programs` (program_code, institution_id, specialty, specialty_code), by code.

    relation: `combined` (a combined program with this one's specialty as a part), `part` (of this combined program),
    `before` (trained in first), `after` (may follow this one). Indexed as `programs`.
    """
    rows = programs[["program_code", "institution_id", "specialty"]].assign(
        group=listed_group(programs["specialty"], programs["specialty_code"])
    )
    pairs = rows.merge(rows, on="institution_id", suffixes=("", "_other"))
    pairs = pairs[(pairs["program_code"] != pairs["program_code_other"]) & pairs["group"].notna()]
    pairs = pairs[pairs["group_other"].notna()]
    kinds = {pair: _kind(*pair) for pair in set(zip(pairs["group"], pairs["group_other"], strict=True))}
    pairs["relation"] = [kinds[pair] for pair in zip(pairs["group"], pairs["group_other"], strict=True)]
    found: dict[str, list[dict[str, str]]] = {}
    told = pairs[pairs["relation"] != ""].sort_values(["program_code", "program_code_other"])
    columns = ("program_code", "program_code_other", "specialty_other", "relation")
    for code, other, specialty, kind in zip(*(told[name] for name in columns), strict=True):
        found.setdefault(code, []).append({"program_code": other, "specialty": specialty, "relation": kind})
    return pd.Series([found.get(code, []) for code in programs["program_code"]], index=programs.index, dtype="object")


def _kind(own: str, other: str) -> str:
    """What the other specialty is to the own one; "" where they don't lead to each other."""
    if (other, own) in _paths():
        return BEFORE
    if (own, other) in _paths():
        return AFTER
    return _KINDS.get(relation(other, frozenset((own,))), "")


@functools.cache
def _paths() -> frozenset[tuple[str, str]]:
    rows = read_reference("specialties/paths.csv")
    return frozenset(zip(rows["before"].map(group_of), rows["after"].map(group_of), strict=True))
