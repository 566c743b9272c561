"""Curated tables of cap exemption: what each of them says, and how they are read. How phrases meet names is in findings/."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipeline.linkage.names.normalise import canonical, core
from pipeline.linkage.names.words import GENERIC
from pipeline.reference.load import ReferenceTableError, read_reference


@dataclass(frozen=True)
class Curated:
    """One table of phrases that names of a class begin with, contain or are.

    file: its name in reference/cap. signals: kind of its rows -> signal and strength, `*` for every kind.
    never: kinds of bodies (`kind_of`) that its phrases never mean.
    guarded: whether a phrase of one word needs a word of care, schooling or research beside it.
    industries: NAICS sectors of those meant; none: all.
    sector: NAICS sector under which the institutions that its rows name are judged; "" where they name none, being patterns.
    named_in_full: kinds whose phrases name an institution though names may contain them anywhere.
    labels_name: whether the label is another name of the institution, and the name of its lab in the list of NCSES.
    """

    file: str
    signals: tuple[tuple[str, str, str], ...]
    never: frozenset[str] = frozenset()
    guarded: bool = True
    industries: tuple[str, ...] = ()
    sector: str = "99"
    named_in_full: tuple[str, ...] = ()
    labels_name: bool = False

    @property
    def source(self) -> str:
        """Source of its rows, as evidence names it."""
        return f"curated:{self.file}"


CURATED: Final[tuple[Curated, ...]] = (
    Curated(
        "for_profit.csv",
        (
            ("school", "school_for_profit", "B"),
            ("mixed_chain", "for_profit_mixed", "B"),
            ("*", "for_profit_listed", "B"),
        ),
        guarded=False,
    ),
    Curated(
        "labs.csv",
        (
            ("nonprofit", "lab_nonprofit", "B"),
            ("university", "lab_nonprofit", "B"),
            ("school", "school_lab", "B"),
            ("nonprofit_unread", "lab_nonprofit_unread", "C"),
            ("mixed", "lab_mixed", "C"),
            ("for_profit", "for_profit_listed", "B"),
        ),
        labels_name=True,
    ),
    Curated(
        "research_agencies.csv",
        (("*", "government_research", "B"),),
        guarded=False,
        sector="92",
        named_in_full=("federal", "state"),
    ),
    Curated("k12.csv", (("*", "k12", "B"),), guarded=False, industries=("61", "62", "81", "92", "99"), sector=""),
    Curated(
        "public_care.csv",
        (
            ("veterans", "federal_care", "B"),
            ("federal", "federal_care", "B"),
            ("hospital_public", "government_owner", "B"),
            ("public_health", "government_name", "C"),
            ("community_health_center", "community_health_center", "C"),
        ),
        sector="62",
        named_in_full=("federal", "veterans"),
    ),
    Curated(
        "schools.csv",
        (("public", "school_name_public", "B"), ("nonprofit", "school_name_nonprofit", "B")),
        industries=("54", "61", "62", "81", "92", "99"),
        sector="61",
    ),
    Curated(
        "affiliates.csv",
        (("i", "control", "B"), ("ii", "control", "B"), ("iii", "control", "B"), ("iv", "principal_affiliate", "B")),
        never=frozenset(("plan",)),
        sector="62",
    ),
    Curated(
        "institutes.csv",
        (("*", "research_institute", "B"),),
        never=frozenset(("plan", "hospital", "practice")),
    ),
)


def form_of(name: str) -> str:
    """Return the normal form of a name without its governing body."""
    return core(canonical(name))


@functools.cache
def read_phrases(file: str) -> pd.DataFrame:
    """Read one table of phrases of reference/cap: its columns, line, and form (normal form of the phrase).

    Raises ReferenceTableError as the loader does, and where a phrase is one generic word, which names no single body.
    """
    name = f"cap/{file}"
    frame = read_reference(name)
    frame["form"] = [canonical(phrase) for phrase in frame["phrase"]]
    for row in frame.itertuples():
        if set(str(row.form).split()) <= GENERIC and " " not in str(row.form):
            raise ReferenceTableError(name, int(str(row.line)), f"{row.phrase!r} says nothing of one body")
    return frame


def signal_of(curated: Curated, kind: str) -> tuple[str, str] | None:
    """Return signal and strength that a row of that kind raises; None if it raises none."""
    for known, signal, strength in curated.signals:
        if known in (kind, "*"):
            return signal, strength
    return None


@functools.cache
def phrases() -> pd.DataFrame:
    """Return the rows of all tables that raise a signal, in the order of CURATED: columns of `read_phrases` and table
    (position in CURATED), evidence_source, signal, strength. The index counts them."""
    frames: list[pd.DataFrame] = []
    for place, curated in enumerate(CURATED):
        table = read_phrases(curated.file)
        raised = {kind: signal_of(curated, str(kind)) for kind in table["kind"].unique()}
        signals = {kind: found[0] for kind, found in raised.items() if found}
        strengths = {kind: found[1] for kind, found in raised.items() if found}
        frames.append(
            table.assign(
                table=place,
                evidence_source=curated.source,
                signal=table["kind"].map(signals),
                strength=table["kind"].map(strengths),
            )
        )
    return pd.concat(frames, ignore_index=True).dropna(subset=["signal"]).reset_index(drop=True)


@functools.cache
def rulings() -> pd.DataFrame:
    """Read the shipped rulings: columns name, state, tax_id_last4, category, reason, ruled_on, who, source, form."""
    return with_form(read_reference("cap/rulings.csv").drop(columns="line"))


def with_form(made: pd.DataFrame) -> pd.DataFrame:
    """Return rulings with column form, the normal form of the name."""
    return made.assign(form=pd.Series([form_of(name) for name in made["name"]], index=made.index, dtype="str"))
