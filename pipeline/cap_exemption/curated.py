"""Curated tables of the cap-exemption rules: phrases that names of a class begin with, contain or are, each with its source."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipeline.linkage.names.normalise import GENERIC, canonical, core
from pipeline.reference.load import ReferenceTableError, read_reference


@dataclass(frozen=True)
class Curated:
    """Which table says what: file; kinds of its rows -> signal and strength; kinds of bodies (`kind_of`) that its phrases
    never mean; whether a phrase of one word needs a word of care beside it; NAICS sectors of those meant (none: all)."""

    file: str
    signals: tuple[tuple[str, str, str], ...]
    never: frozenset[str] = frozenset()
    guarded: bool = True
    industries: tuple[str, ...] = ()


TABLES: Final[tuple[Curated, ...]] = (
    Curated(
        "cap_exempt_for_profit.csv",
        (
            ("school", "school_for_profit", "B"),
            ("mixed_chain", "for_profit_mixed", "B"),
            ("*", "for_profit_listed", "B"),
        ),
        guarded=False,
    ),
    Curated(
        "cap_exempt_labs.csv",
        (
            ("nonprofit", "lab_nonprofit", "B"),
            ("university", "lab_nonprofit", "B"),
            ("school", "school_lab", "B"),
            ("nonprofit_unread", "lab_nonprofit_unread", "C"),
            ("mixed", "lab_mixed", "C"),
            ("for_profit", "for_profit_listed", "B"),
        ),
    ),
    Curated("cap_exempt_research_agencies.csv", (("*", "government_research", "B"),), guarded=False),
    Curated("cap_exempt_k12.csv", (("*", "k12", "B"),), guarded=False, industries=("61", "62", "81", "92", "99")),
    Curated(
        "cap_exempt_public_care.csv",
        (
            ("veterans", "federal_care", "B"),
            ("federal", "federal_care", "B"),
            ("hospital_public", "government_owner", "B"),
            ("public_health", "government_name", "C"),
            ("community_health_center", "community_health_center", "C"),
        ),
    ),
    Curated(
        "cap_exempt_schools.csv",
        (("public", "school_name_public", "B"), ("nonprofit", "school_name_nonprofit", "B")),
        industries=("54", "61", "62", "81", "92", "99"),
    ),
    Curated(
        "cap_exempt_affiliates.csv",
        (("i", "control", "B"), ("ii", "control", "B"), ("iii", "control", "B"), ("iv", "principal_affiliate", "B")),
        never=frozenset(("plan",)),
    ),
    Curated(
        "cap_exempt_institutes.csv",
        (("*", "research_institute", "B"),),
        never=frozenset(("plan", "hospital", "practice")),
    ),
)


def form_of(name: str) -> str:
    """The normal form of a name without its governing body."""
    return core(canonical(name))


@functools.cache
def read(file: str) -> pd.DataFrame:
    """Read one table of phrases, with the columns form (normal form of the phrase) and row (its line in the file).

    Raises ReferenceTableError, for a phrase that is no name of one body, too.
    """
    name = f"cap/{file}"
    frame = read_reference(name).rename(columns={"line": "row"})
    frame["form"] = [canonical(phrase) for phrase in frame["phrase"]]
    for row in frame.itertuples():
        if set(str(row.form).split()) <= GENERIC and " " not in str(row.form):
            raise ReferenceTableError(name, int(str(row.row)), f"{row.phrase!r} says nothing of one body")
    return frame


def signal_of(curated: Curated, kind: str) -> tuple[str, str] | None:
    """Signal and strength that a row of that kind raises; None if it raises none."""
    for known, signal, strength in curated.signals:
        if known in (kind, "*"):
            return signal, strength
    return None


@functools.cache
def rulings() -> pd.DataFrame:
    """Read a person's rulings: columns name, state, tax_id_last4, category, reason, ruled_on, who, source, form."""
    frame = read_reference("cap/cap_exempt_rulings.csv").drop(columns="line")
    return frame.assign(form=[form_of(name) for name in frame["name"]])


def freezes() -> pd.DataFrame:
    """Read the orders of states not to file new petitions: columns state, bodies, from_day, until_day, what, source, as_of."""
    return read_reference("cap/cap_exempt_freezes.csv").drop(columns="line")
