"""Curated tables of the cap-exemption rules: phrases that names of a class begin with, contain or are, each with its source."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from pipeline.linkage.names.normalise import GENERIC, canonical, core
from pipeline.reference.folder import REFERENCE
from pipeline.schemas.vocabulary import CAP_EXEMPT_CATEGORY, STATES

FOLDER: Final = REFERENCE / "cap"
COLUMNS: Final = ("phrase", "match", "state", "unless", "kind", "label", "source", "as_of")


class CuratedError(ValueError):
    """A curated table that can't be used: file, line and what to do."""


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
    """One curated table, with columns form (normal form of the phrase), row (line in the file). Raises CuratedError."""
    frame = pd.read_csv(FOLDER / file, dtype="str", keep_default_na=False)
    missing = [column for column in COLUMNS if column not in frame.columns]
    if missing:
        raise CuratedError(f"{file}: no column {', '.join(missing)}")
    frame["row"] = np.arange(2, len(frame) + 2)
    frame["form"] = [canonical(phrase) for phrase in frame["phrase"]]
    for row in frame.itertuples():
        states = str(row.state).split()
        if row.match not in ("starts", "contains", "exact") or not set(states) <= set(STATES):
            raise CuratedError(f"{file}, line {row.row}: wrong match or state for {row.phrase!r}")
        if set(str(row.form).split()) <= GENERIC and " " not in str(row.form):
            raise CuratedError(f"{file}, line {row.row}: {row.phrase!r} says nothing of one body")
        if row.source == "" or row.as_of == "" or row.kind == "":
            raise CuratedError(f"{file}, line {row.row}: every row names its kind, source and day")
    return frame


def signal_of(curated: Curated, kind: str) -> tuple[str, str] | None:
    """Signal and strength that a row of that kind raises; None if it raises none."""
    for known, signal, strength in curated.signals:
        if known in (kind, "*"):
            return signal, strength
    return None


@functools.cache
def rulings() -> pd.DataFrame:
    """A person's rulings: columns name, state, tax_id_last4, category, reason, ruled_on, who, source, form. Raises CuratedError."""
    frame = pd.read_csv(FOLDER / "cap_exempt_rulings.csv", dtype="str", keep_default_na=False)
    strange = sorted(set(frame["category"]) - set(CAP_EXEMPT_CATEGORY))
    if strange:
        raise CuratedError(f"cap_exempt_rulings.csv: unknown category {', '.join(strange)}")
    return frame.assign(form=[form_of(name) for name in frame["name"]])


@functools.cache
def freezes() -> pd.DataFrame:
    """Columns state, bodies, from_day, until_day, what, source, as_of: orders of states not to file new petitions."""
    return pd.read_csv(FOLDER / "cap_exempt_freezes.csv", dtype="str", keep_default_na=False)
