"""`h1b-sponsors add`: file what a person has downloaded."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from pipeline.applicants.taken import outcome_line, take
from pipeline.archive.intake import Outcome, Provenance
from pipeline.commands.console import fail, out, report_user_errors
from pipeline.commands.lists import list_lines
from pipeline.settings import data_folder

_STYLE = {"took": "green", "held": "yellow", "skipped": "dim", "refused": "yellow"}
_DAY = "%Y-%m-%d"


def add(
    paths: Annotated[list[Path], typer.Argument(help="Files, folders and zip archives that you have downloaded.")],
    url: Annotated[
        str | None, typer.Option(help="Address the file was fetched from; a saved web page needs it.")
    ] = None,
    retrieved: Annotated[
        dt.datetime | None, typer.Option(formats=[_DAY], help="Day on which it was saved; default today.")
    ] = None,
    program: Annotated[str | None, typer.Option(help="ACGME code of the program that a web page is about.")] = None,
    institution: Annotated[str | None, typer.Option(help="Institution that a web page is about.")] = None,
    state: Annotated[str | None, typer.Option(help="State of that institution, two letters.")] = None,
) -> None:
    """File downloads into the archive: recognised by content, never by name. What is unknown is refused, the rest goes on.

    A file that does not look like the one before it is kept, and not used before you `accept` it. Exit code 0 if nothing was
    refused or held back, 3 if something was and the rest was taken or already there, 1 if all was refused.
    """
    if retrieved and retrieved.date() > dt.datetime.now(dt.UTC).date():
        fail(f"--retrieved {retrieved.date()} is in the future", 2)
    hints = {"program_code": program, "institution": institution, "state": state}
    provenance = Provenance(
        hints={name: value for name, value in hints.items() if value},
        url=url,
        retrieved_at=retrieved.date().isoformat() if retrieved else None,
    )
    outcomes: list[Outcome] = []
    with report_user_errors():
        folder = data_folder()
        for outcome in take(paths, folder, provenance):
            outcomes.append(outcome)
            out.print(
                f"[{_STYLE[outcome.verdict]}]{outcome.verdict:<8}[/] {escape(outcome_line(outcome))}", soft_wrap=True
            )
        taken = {outcome.snapshot_id for outcome in outcomes if outcome.verdict == "took"}
        for line in list_lines(folder, taken):
            out.print(escape(line), soft_wrap=True)
    counts = Counter(outcome.verdict for outcome in outcomes)
    held = f"{counts['held']} held back, " if counts["held"] else ""
    out.print(f"{counts['took']} taken, {held}{counts['skipped']} already there, {counts['refused']} refused")
    if not outcomes:
        fail("there is no file in what you named")
    if counts["refused"] or counts["held"]:
        raise typer.Exit(1 if counts["refused"] == len(outcomes) else 3)
