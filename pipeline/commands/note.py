"""`h1b-sponsors note`: own interest in a program and a note on it, kept for every later shortlist."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from pipeline.applicants.notes import Note, write_notes
from pipeline.commands.console import LIST, fail, latest_release, report_user_errors, say
from pipeline.schemas.fields import PROGRAM_CODE_PATTERN
from pipeline.settings import data_folder


def note(
    code: Annotated[str, typer.Argument(help="Program code.")],
    interest: Annotated[int | None, typer.Option(min=1, max=5, help="Own interest, 5 the most.")] = None,
    text: Annotated[str | None, typer.Option(help="A note; it takes the place of the one before.")] = None,
) -> None:
    """Keep your interest in a program, 1 to 5, and a note on it, in own_notes.csv of the data folder; no refresh touches it."""
    known = code.upper()
    if interest is None and text is None:
        fail("say --interest 1 to 5, or --text, or both", 2)
    if not re.fullmatch(PROGRAM_CODE_PATTERN, known):
        fail(f"{code!r} is no program code", 2)
    with report_user_errors():
        if known not in set(latest_release().table(LIST, ["program_code"])["program_code"]):
            fail(f"the release has no program {known}. Look for it with: h1b-sponsors query --institution NAME", 2)
        path = data_folder().notes
        write_notes(path, [Note(known, interest, text)])
        say(f"Kept in {path}")
