"""confirmations.csv: what a person learned from a program by e-mail, phone or open house.

A person keeps this file by hand, and each line outranks web pages: nothing in it is guessed or dropped in silence.
Built to a layout of our own, described in docs/sources/confirmations.md.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.schemas.fields import PROGRAM_CODE_PATTERN
from pipeline.sources.base import Bounds, Hints, Layout, Parsed, Part, Probe, Source, SourceError
from pipeline.sources.tabular.columns import blank_to_null
from pipeline.sources.tabular.sieve import Sieve
from pipeline.sources.tabular.table_files import read_csv

TABLE: Final = Layout("confirmations", "csv", "csv", ("program_code", "date", "how", "j1", "h1b", "step3", "note"))
HOW: Final = {
    "email": "email", "e mail": "email", "mail": "letter", "letter": "letter", "phone": "phone", "telephone": "phone",
    "call": "phone", "phone call": "phone", "open house": "open_house", "openhouse": "open_house", "other": "other",
}  # fmt: skip
STANCE: Final = {
    "yes": "yes", "no": "no", "case by case": "case_by_case", "not stated": "not_stated", "": "not_stated",
}  # fmt: skip
STEP3: Final = {word: stance for word, stance in STANCE.items() if stance != "case_by_case"}


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    """Read table `confirmations`: one row for each program and day. Raises SourceError for whatever can't be read."""
    sieve = read_csv(probe, "confirmations", {name: name for name in TABLE.columns})
    if first := sieve.first_quarantined():
        line, reason = first
        raise SourceError(probe.name, reason, row=line, remedy="Put quotes around a note that has commas")
    sieve.leave_out((sieve.frame == "").all(axis=1))
    sieve.require_rows()
    frame = sieve.frame
    frame["program_code"] = frame["program_code"].str.upper()
    coded = frame["program_code"].str.fullmatch(PROGRAM_CODE_PATTERN)
    _stop(sieve, ~coded, "program_code", "Give the ten digits of the ACGME code, or its M and nine digits")
    days = pd.to_datetime(frame["date"], format="%Y-%m-%d", errors="coerce")
    written = frame["date"].str.fullmatch(r"\d{4}-\d{2}-\d{2}")
    _stop(sieve, days.isna() | ~written | (days.dt.year < 1990), "date", "Write the day as YYYY-MM-DD")
    future = days.dt.date > hints.last_day
    _stop(sieve, future, "date", "That day is still to come: write the day on which it was told")
    table = pd.DataFrame(
        {
            "program_code": frame["program_code"],
            "confirmed_on": days,
            "how": _words(sieve, "how", HOW),
            "j1": _words(sieve, "j1", STANCE),
            "h1b": _words(sieve, "h1b", STANCE),
            "step3_required_for_h1b": _words(sieve, "step3", STEP3),
            "note": blank_to_null(frame["note"]),
        }
    )
    _one_a_day(sieve, table)
    return sieve.parsed({"confirmations": table.loc[sieve.frame.index]})


def _stop(sieve: Sieve, bad: pd.Series, column: str, remedy: str) -> None:
    """Check that `bad` holds in no line. Raises SourceError for the first where it does."""
    wrong = bad.to_numpy(dtype="bool")
    if wrong.any():
        place = int(wrong.argmax())
        raise SourceError(
            sieve.file,
            f"{column} is {sieve.frame[column].iloc[place]!r}",
            row=int(sieve.frame.index.to_numpy()[place]),
            remedy=remedy,
        )


def _words(sieve: Sieve, column: str, meanings: dict[str, str]) -> pd.Series:
    """Return cells as vocabulary; case, hyphens and underscores don't matter. Raises SourceError for an unknown word."""
    cells = sieve.frame[column].str.casefold().str.replace(r"[\s_‐‑–-]+", " ", regex=True).str.strip()
    meant = cells.map(meanings)
    choice = sorted(set(meanings.values()))
    _stop(sieve, meant.isna(), column, f"Write one of {', '.join(choice)}")
    return meant.astype("str")


def _one_a_day(sieve: Sieve, table: pd.DataFrame) -> None:
    """Keep one line for a program and day. Raises SourceError where two disagree: only a person knows which holds."""
    stances = ["j1", "h1b", "step3_required_for_h1b"]
    key = ["program_code", "confirmed_on"]
    again = table.duplicated(key)
    differs = again & ~table.duplicated([*key, *stances])
    _stop(sieve, differs, "program_code", "Two lines of one day say different things: keep the one that holds")
    sieve.reject(again, "the same is confirmed on the same day in a line before")


def _part_of(table: pd.DataFrame) -> pd.Series:
    return table["program_code"] + " " + pd.to_datetime(table["confirmed_on"]).dt.strftime("%Y-%m-%d")


def _parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    # One part for each line: a second file adds to the first, and a corrected line replaces the line it corrects.
    return tuple(Part(name, 1, full=True) for name in sorted(_part_of(parsed.tables["confirmations"])))


SOURCE: Final = Source(
    id="confirmations",
    title="Confirmations",
    producer="the person who asked",
    url="",
    licence="your own notes",
    layouts=(TABLE,),
    read=_read,
    parts=_parts,
    part_of=_part_of,
    tables=("confirmations",),
    bounds=Bounds(1, 100_000, 0.5),
)
