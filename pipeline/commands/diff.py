"""`h1b-sponsors diff A B`: what one release says otherwise than another, whichever two."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import Annotated

import typer
from rich.markdown import Markdown

from pipeline.commands.console import out, report_user_errors
from pipeline.release.delta import as_json_lines
from pipeline.release.notes import release_notes
from pipeline.release.notes_text import as_markdown
from pipeline.release.reader import named_release
from pipeline.settings import data_folder
from pipeline.text.characters import harmless_json


class DiffFormat(StrEnum):
    """How the difference is written."""

    text = "text"
    json = "json"
    jsonl = "jsonl"


def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="A release: its id, its folder, or latest.")],
    now: Annotated[
        str, typer.Argument(metavar="B", help="The one that is compared with it, named likewise.")
    ] = "latest",
    fmt: Annotated[
        DiffFormat,
        typer.Option("--format", help="text: the notes; json: the same as values, with all lines; jsonl: the lines."),
    ] = DiffFormat.text,
) -> None:
    """Show what release B says otherwise than release A, as the release notes of B would if A came before it."""
    with report_user_errors():
        curated = data_folder().curated
        earlier, later = named_release(curated, before), named_release(curated, now)
        lines = later.diff(earlier)
        if fmt is DiffFormat.jsonl:
            sys.stdout.write(harmless_json(as_json_lines(lines)))
            return
        notes = release_notes(earlier, later, lines)
        if fmt is DiffFormat.json:
            whole = {**notes, "delta": lines.to_dict("records")}
            sys.stdout.write(harmless_json(json.dumps(whole, indent=2, ensure_ascii=False)) + "\n")
            return
        out.print(Markdown(as_markdown(notes)))
