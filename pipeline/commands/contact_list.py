"""`h1b-sponsors contact-list`: the programs that should be asked, each with a question that is ready to send.

What belongs here: options, and letters as text or rows. Their wording is in `pipeline/applicants/contact.py`.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from pipeline.applicants.contact import contact_list as letters
from pipeline.commands import export
from pipeline.commands.console import err, release_with_list, report_user_errors
from pipeline.commands.export import write
from pipeline.commands.filters import Filters, filtered, select
from pipeline.schemas.answers import CONTACTS
from pipeline.text.characters import harmless

_RULE = "-" * 72


class Format(StrEnum):
    """How the list is written."""

    text = "text"
    csv = "csv"
    csv_bom = "csv-bom"
    xlsx = "xlsx"


@filtered
def contact_list(
    filters: Filters,
    limit: Annotated[int | None, typer.Option(min=1, help="How many programs at most.")] = None,
    fmt: Annotated[Format, typer.Option("--format", help="Letters to read and send, or rows.")] = Format.text,
    output: Annotated[Path | None, typer.Option(help="File to write; else standard output.")] = None,
) -> None:
    """Write the programs that need confirmation: what is unclear, and a question to send. Filters as in `query`."""
    with report_user_errors():
        release = release_with_list()
        found = letters(select(release, filters, only_open=True))
        rows = found.head(limit) if limit else found
        if fmt is not Format.text:
            write(rows, export.Format(fmt.value), output, CONTACTS, release)
        elif output is None:
            sys.stdout.write(as_text(rows))
        else:
            output.write_text(as_text(rows), "utf-8")
        sys.stdout.flush()
    err.print(f"{len(rows):,} of {len(found):,} programs to ask")


def as_text(rows: pd.DataFrame) -> str:
    """Return the letters to read and send, each below its program, in which nothing is obeyed by a terminal."""
    parts = []
    for row in rows.fillna({"website": "not known", "city": "", "state": ""}).to_dict("records"):
        where = ", ".join(part for part in (row["city"], row["state"]) if part)
        head = [
            f"{row['program_code']}  {row['program_name']} ({where})",
            f"Accreditation: {row['accreditation'].replace('_', ' ')}",
            f"Unclear: {row['unclear']}",
            f"Website: {row['website']}",
            f"Subject: {row['subject']}",
        ]
        parts.append("\n".join([*head, "", row["question"], "", _RULE, ""]))
    return harmless("\n".join(parts))
