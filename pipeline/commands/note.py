"""`h1b-sponsors note`: own interest in programs, notes on them, and what was asked and answered, kept in files of the user's own."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated

import pandas as pd
import typer

from pipeline.applicants.asked import ANSWERED, ASKED, record
from pipeline.applicants.contact import unclear
from pipeline.applicants.notes import Note, write_notes
from pipeline.applicants.rows import records
from pipeline.commands.console import LIST, fail, latest_release, report_user_errors, say
from pipeline.release.reader import Release
from pipeline.schemas.fields import PROGRAM_CODE_PATTERN
from pipeline.settings import data_folder


def note(
    codes: Annotated[
        list[str],
        typer.Argument(metavar="CODE…", help="Program codes, or the id of an institution for all of its own."),
    ],
    interest: Annotated[int | None, typer.Option(min=1, max=5, help="Own interest, 5 the most.")] = None,
    text: Annotated[
        str | None,
        typer.Option(
            help="A note; with --asked or --answered what was asked or answered. It takes the place of the one before."
        ),
    ] = None,
    asked: Annotated[bool, typer.Option("--asked", help="You have asked them.")] = False,
    answered: Annotated[bool, typer.Option("--answered", help="They have answered.")] = False,
    on: Annotated[str | None, typer.Option(help="The day of it, YYYY-MM-DD; else today.")] = None,
) -> None:
    """Keep your interest and notes (own_notes.csv), and what you asked and heard (own_letters.csv); no refresh touches them."""
    if interest is None and text is None and not (asked or answered):
        fail("say --interest 1 to 5, or --text, or --asked, or --answered", 2)
    if asked and answered:
        fail("say --asked or --answered, a line each", 2)
    if on is not None and not (asked or answered):
        fail("--on is the day of --asked or --answered", 2)
    day = _day(on)
    with report_user_errors():
        rows = _meant(latest_release(), codes)
        folder = data_folder()
        if asked or answered:
            texts = {row["program_code"]: text or ("; ".join(unclear(row)) if asked else "") for row in records(rows)}
            record(folder.letters, texts, ASKED if asked else ANSWERED, day)
            say(f"Kept in {folder.letters}")
        if interest is not None or (text is not None and not (asked or answered)):
            own = None if asked or answered else text
            write_notes(folder.notes, [Note(str(code), interest, own) for code in rows["program_code"]])
            say(f"Kept in {folder.notes}")
        if answered:
            say(
                "For the list to follow it: a line in a copy of docs/confirmations.example.csv, h1b-sponsors add FILE, h1b-sponsors "
                f"refresh. It begins with {rows['program_code'].iloc[0]},,,{day}"
            )


def _day(text: str | None) -> dt.date:
    """Return the day that is written, or today. Exits with a line for what is none, or is still to come."""
    today = dt.date.today()
    try:
        day = today if text is None else dt.date.fromisoformat(text)
    except ValueError:
        fail(f"{text!r} is no day: write YYYY-MM-DD", 2)
    if day > today:
        fail(f"{day} is still to come: write the day on which it was", 2)
    return day


def _meant(release: Release, codes: list[str]) -> pd.DataFrame:
    """Return the rows of the list that codes and ids mean. Exits with a line for one that is in no row."""
    listed = release.table(LIST)
    found = []
    for code in codes:
        column = "program_code" if re.fullmatch(PROGRAM_CODE_PATTERN, code.upper()) else "institution_id"
        own = listed[listed[column] == (code.upper() if column == "program_code" else code)]
        if own.empty:
            what = "program" if column == "program_code" else "program code or institution"
            fail(f"the release has no {what} {code}. Look for it with: h1b-sponsors query --institution NAME", 2)
        found.append(own)
    return pd.concat(found).drop_duplicates("program_code")
