"""Programs of one institution that lead to each other: combined programs and their parts, and what comes before or after.

What belongs here: pairs of listed programs. Which specialty leads to which is knowledge of `pipeline/specialties`. See
docs/methods/sponsor_tier.md.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.specialties.relations import COMBINED, PART, group_of, leads_to, listed_name, relation

BEFORE: Final = "before"
AFTER: Final = "after"
_KINDS: Final = {COMBINED: COMBINED, PART: PART}


def related_programs(programs: pd.DataFrame) -> pd.Series:
    """Return the records of RELATED_PROGRAM for each of `programs` (program_code, institution_id, specialty, specialty_code), by code.

    relation: `combined` (a combined program with this one's specialty as a part), `part` (of this combined program),
    `before` (trained in first), `after` (may follow this one). Indexed as `programs`.
    """
    rows = programs[["program_code", "institution_id", "specialty"]].assign(
        name=listed_name(programs["specialty"], programs["specialty_code"])
    )
    known = rows.dropna(subset=["name", "institution_id"])
    pairs = known.merge(known, on="institution_id", suffixes=("", "_other"))
    pairs = pairs[pairs["program_code"] != pairs["program_code_other"]]
    named = list(zip(pairs["name"].tolist(), pairs["name_other"].tolist(), strict=True))
    kinds = {pair: _kind(*pair) for pair in set(named)}
    pairs["relation"] = pd.array([kinds[pair] for pair in named], dtype="str")
    related = pairs[pairs["relation"] != ""].sort_values(["program_code", "program_code_other"])
    found: dict[str, list[dict[str, str]]] = {}
    columns = ("program_code", "program_code_other", "specialty_other", "relation")
    for code, other, specialty, kind in zip(*(related[name] for name in columns), strict=True):
        found.setdefault(code, []).append({"program_code": other, "specialty": specialty, "relation": kind})
    return pd.Series([found.get(code, []) for code in programs["program_code"]], index=programs.index, dtype="object")


def _kind(own: str, other: str) -> str:
    """Return what the other specialty is to the own one; "" where they don't lead to each other."""
    if leads_to(other, own):
        return BEFORE
    if leads_to(own, other):
        return AFTER
    return _KINDS.get(relation(group_of(other), frozenset((group_of(own),))), "")
