"""confirmations.csv: what a person learned from a program by e-mail, phone or open house.

A person keeps this file by hand, and each line outranks web pages: nothing in it is guessed or set aside in silence.
See docs/sources/confirmations.md.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.sources.base import Hints, Layout, Parsed, Part, Probe, Source, SourceError, recognise_by_header
from pipeline.sources.tabular.csv_files import Sieve, blank_to_null, read_csv

TABLE: Final = Layout(
    "confirmations", "csv", "csv", ("program_code", "date", "how", "j1", "h1b", "step3", "note"), exact=False
)
HOW: Final = {
    "email": "email", "e mail": "email", "mail": "letter", "letter": "letter", "phone": "phone", "telephone": "phone",
    "call": "phone", "phone call": "phone", "open house": "open_house", "openhouse": "open_house", "other": "other",
}  # fmt: skip
STANCE: Final = {
    "yes": "yes", "no": "no", "case by case": "case_by_case", "not stated": "not_stated", "": "not_stated",
}  # fmt: skip
STEP3: Final = {word: stance for word, stance in STANCE.items() if stance != "case_by_case"}


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    sieve = read_csv(probe, "confirmations", {name: name for name in TABLE.columns})
    if sieve.rejected:
        first = pd.concat(sieve.rejected).sort_values("row").iloc[0]
        raise SourceError(
            probe.name, str(first["reason"]), row=int(first["row"]), remedy="Put quotes around a note that has commas"
        )
    blank = (sieve.frame == "").all(axis=1)
    sieve.rows_in -= int(blank.sum())
    sieve.frame = sieve.frame[~blank]
    sieve.require_rows()
    frame = sieve.frame
    _stop(
        sieve, ~frame["program_code"].str.fullmatch(r"\d{10}"), "program_code", "Give the ten digits of the ACGME code"
    )
    days = pd.to_datetime(frame["date"], format="%Y-%m-%d", errors="coerce")
    written = frame["date"].str.fullmatch(r"\d{4}-\d{2}-\d{2}")
    _stop(sieve, days.isna() | ~written | (days.dt.year < 1990), "date", "Write the day as YYYY-MM-DD")
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
    """SourceError for the first line where `bad` holds."""
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
    """Cells as vocabulary; case, hyphens and underscores don't matter. SourceError for a word that isn't known."""
    cells = sieve.frame[column].str.casefold().str.replace(r"[\s_‐‑–-]+", " ", regex=True).str.strip()
    meant = cells.map(meanings)
    choice = sorted(set(meanings.values()))
    _stop(sieve, meant.isna(), column, f"Write one of {', '.join(choice)}")
    return meant.astype("str")


def _one_a_day(sieve: Sieve, table: pd.DataFrame) -> None:
    """Keep one line for a program and day. SourceError where two disagree: only a person knows which holds."""
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
    recognise=recognise_by_header((TABLE,)),
    read=_read,
    parts=_parts,
    part_of=_part_of,
    tables=("confirmations",),
)
