"""`h1b-sponsors filings`: which institutions filed for trainees, in which specialties, how lately.

What belongs here: options and the table on the screen. Counting is in `pipeline/filings/summary.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import pandas as pd
import typer

from pipeline.applicants.meant import institutions_meant, metros_meant, specialties_meant, states_meant
from pipeline.commands.console import LIST, out, release_with_list, report_user_errors
from pipeline.commands.export import Format, write
from pipeline.commands.filters import Institutions, Metros, Specialties, States, known_institutions, names_meant
from pipeline.commands.rendering import counted
from pipeline.commands.tables import print_rows
from pipeline.filings.summary import filings_by_institution
from pipeline.law.words import payment_day
from pipeline.release.reader import Release, ReleaseError
from pipeline.schemas.answers import FILED
from pipeline.schemas.recent_periods import RECENT_MONTHS

_COUNTS: Final = {
    "filings": "all",
    "recent": f"last {RECENT_MONTHS} months",
    "before_payment": "before the payment",
    "payment_demanded": "demanded",
    "payment_suspended": "suspended",
    "not_known": "day not known",
}
_HEAD: Final = 4  # columns that say whose applications are counted


def filings(
    state: States = None,
    metro: Metros = None,
    specialty: Specialties = None,
    institution: Institutions = None,
    fmt: Annotated[Format, typer.Option("--format", help="How to write the answer.")] = Format.table,
    output: Annotated[Path | None, typer.Option(help="File to write; needed for xlsx.")] = None,
) -> None:
    """Sum labor condition applications for trainees. Options of different names must all hold; repeated ones are alternatives."""
    with report_user_errors():
        release = release_with_list()
        rows = filings_asked(release, state, metro, specialty, institution)
        if fmt is Format.table:
            _show(rows)
        else:
            write(rows, fmt, output, FILED, release, "lines")


def filings_asked(
    release: Release,
    state: Sequence[str] | None,
    metro: Sequence[str] | None,
    specialty: Sequence[str] | None,
    institution: Sequence[str] | None,
) -> pd.DataFrame:
    """Return the lines of `filings_by_institution` for what a person calls places, specialties and institutions; None is all.

    Raises NotKnownError for a word that nothing known is called, ReleaseError where the list is empty.
    """
    listed = release.table(LIST, ["as_of"])
    if listed.empty:
        raise ReleaseError("the list is empty, so it has no day to count from. Add program lists, then refresh")
    rows = filings_by_institution(
        release.table("trainee_filings"), release.table("institutions"), listed["as_of"].iloc[0].date()
    )
    known = known_institutions(release) | {name: [] for name in rows["institution"].dropna()} if institution else {}
    for column, words, find, names in (
        ("state", state, states_meant, ()),
        ("metro_area", metro, metros_meant, (set(rows["metro_area"].dropna()),)),
        ("specialty", specialty, specialties_meant, (set(rows["specialty"].dropna()),)),
        ("institution", institution, institutions_meant, (known,)),
    ):
        rows = rows[rows[column].isin(names_meant(find, words, *names))] if words else rows
    return rows


def _mark(files_for: object) -> str:
    """Return the note on an employer that is linked to no one institution, "" where it is."""
    if not isinstance(files_for, int):
        return ""
    several = f" (files for several of this list, {files_for}: not attributed)"
    return several if files_for else " (of no sponsor of this list)"


def _show(rows: pd.DataFrame) -> None:
    titles = {"institution": False, "state": False, "specialty": False, "level": False}
    titles |= dict.fromkeys(_COUNTS.values(), True) | {"newest start": True}
    if len(rows):
        print_rows(titles, [_cells(row) for row in rows.to_dict("records")], _HEAD, grouped=True)
    total = int(rows["filings"].sum())
    employers = rows["institution"].nunique()
    out.print(
        f"{counted(total, 'applications')} of {counted(employers, 'employers')}: past practice, neither petitions nor visas. The files at "
        f"hand cover a part of the time: none seen is no no. The payment through a consulate began on {payment_day()}."
    )


def _cells(row: Mapping[Any, Any]) -> tuple[Any, ...]:
    """Return a line as it is shown: whose it is, state, specialty, level, the counts, the newest start."""
    return (
        f"{row['institution']}{_mark(row['files_for'])}",
        row["state"],
        row["specialty"] if isinstance(row["specialty"], str) else "(the title names none)",
        str(row["level"]).replace("_unspecified", ""),
        *(f"{row[count]:,}" if row[count] else "" for count in _COUNTS),
        None if pd.isna(row["newest_start"]) else f"{row['newest_start']:%Y-%m-%d}",
    )
