"""Whether a compiled table of programs proves that it is the whole list: only then does a program's absence mean something.

What belongs here: the two proofs, a number that the table states and the numbers that the ACGME published. Sources of the latter are
in `reference/acgme_program_counts.csv`.
"""

from __future__ import annotations

import functools
import re
from typing import Final

import pandas as pd

from pipeline.reference.load import read_reference
from pipeline.sources.base import Part, SourceError
from pipeline.sources.tabular.sieve import Sieve
from pipeline.specialties.vocabulary import named_specialties

NEAR: Final = (
    0.9  # share of the published number of programs that a whole list has at least: lists and counts are of other days
)
_STATED: Final = re.compile(r"(?:total:?\s*)?([0-9][0-9,]*) programs?(?: found| listed)?\.?", re.IGNORECASE)


def stated_count(sieve: Sieve) -> int | None:
    """Take a line such as `4,728 programs found` out of a table and return its number; None where there is none.

    Raises SourceError where it isn't the number of rows: the table is not whole.
    """
    codes = sieve.frame["program_code"]
    lines = codes.str.fullmatch(_STATED.pattern, case=False).fillna(False).astype("bool")
    texts = codes[lines].tolist()
    sieve.leave_out(lines)
    for place, rows in enumerate(sieve.quarantined):
        short = rows["content"].str.strip(' ,"').str.fullmatch(_STATED.pattern, case=False).fillna(False).astype("bool")
        texts += rows.loc[short, "content"].str.strip(' ,"').tolist()
        sieve.quarantined[place] = rows[~short]
        sieve.rows_in -= int(short.sum())
    counts = {int(match[1].replace(",", "")) for text in texts if (match := _STATED.fullmatch(text))}
    if not counts:
        return None
    if counts != {sieve.rows_in}:
        raise SourceError(
            sieve.file,
            f"it says {max(counts):,} programs, and has {sieve.rows_in:,} rows",
            remedy="Save the whole list, or take the line out of it",
        )
    return sieve.rows_in


def table_part(programs: pd.DataFrame, stated: int | None) -> Part:
    """Return the part of a compiled table: full if it states its number of rows, or has all specialties in about their published number.

    programs: table acgme_programs of one file. Otherwise the note says what speaks against it.
    """
    name, rows = "program_table", len(programs)
    if stated is not None:
        return Part(name, rows, full=True)
    core = _core_specialties()
    listed = programs[programs["specialty_code"].isin(core)]
    absent = len(core - set(listed["specialty_code"]))
    years = programs["list_year"].dropna()
    year, published = _published(int(years.max()) if len(years) else None)
    whole = not absent and len(listed) >= NEAR * published
    having = f"{rows:,} programs of {programs['specialty_code'].nunique()} specialties"
    note = (
        ""
        if whole
        else f"{having}, {absent} core specialties not among them; the ACGME accredited {published:,} in {year}"
    )
    return Part(name, rows, whole, note)


@functools.cache
def _core_specialties() -> frozenset[str]:
    """Return the codes of all specialties that one enters without another residency."""
    named = named_specialties()
    return frozenset(named.loc[(named["level"] == "residency") & (named["specialty_code"] != ""), "specialty_code"])


def _published(list_year: int | None) -> tuple[str, int]:
    """Return the academic year, and the programs in specialties, that a list of that year is held against: the newest that it may know.

    A list without a year is held against the newest number; one from before the first against that.
    """
    rows = read_reference("acgme_program_counts.csv")
    rows = rows[rows["level"] == "specialty"].sort_values("academic_year")
    begun = rows["academic_year"].str.slice(0, 4).astype("int64")
    known = rows if list_year is None else rows[begun < list_year]
    row = (known if len(known) else rows.head(1)).iloc[-1]
    return str(row["academic_year"]), int(row["programs"])
