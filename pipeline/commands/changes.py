"""`h1b-sponsors changes`: who newly states, withdrew, started or stopped filing, since the last release or a day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from pipeline.commands.console import out, release_with_list, report_user_errors, say
from pipeline.commands.export import Format, write
from pipeline.commands.filters import Filters, day_meant, filtered, select
from pipeline.commands.tables import print_rows
from pipeline.release.compared import compared
from pipeline.release.reader import Release, ReleaseError, known_releases
from pipeline.schemas.answers import CHANGED
from pipeline.schemas.vocabulary import PROGRAM_CHANGES
from pipeline.settings import data_folder

_SHOWN = ("specialty", "institution", "state")


@filtered
def changes(
    filters: Filters,
    since: Annotated[
        str | None, typer.Option(help="Compare with the newest release as of that day or before: YYYY-MM-DD or YYYY.")
    ] = None,
    fmt: Annotated[Format, typer.Option("--format", help="How to write the answer.")] = Format.table,
    output: Annotated[Path | None, typer.Option(help="File to write; needed for xlsx.")] = None,
) -> None:
    """Show what the list says of programs otherwise than an earlier release. Filters as in `query`."""
    with report_user_errors():
        release = release_with_list()
        earlier, rows = changes_since(release, filters, since)
        if fmt is not Format.table:
            write(rows, fmt, output, CHANGED, release, "changes")
            return
        _show(rows)
        between = f"from release {earlier.id} (as of {earlier.as_of}) to {release.id} (as of {release.as_of})"
        say(
            f"{len(rows):,} changes {between}. Sources that were added or left out between them change what is at hand, too. "
            "Why: h1b-sponsors explain CODE"
        )


def changes_since(release: Release, filters: Filters, since: str | None) -> tuple[Release, pd.DataFrame]:
    """Return the earlier release that `release` is compared with, and each change of the programs that the filters let through.

    since: a day as `day_meant` reads it; None is the release before. Raises ReleaseError where there is none, NotKnownError for words.
    """
    earlier = _earlier(release, dt.date.fromisoformat(day_meant(since)) if since else None)
    now = select(release, filters)
    # A program that left the list can't be looked for by what the list says of it: h1b-sponsors diff tells of those.
    found = compared(release.diff(earlier)).drop(columns="evidence")
    return earlier, found.merge(now[["program_code", *_SHOWN, "evidence_url"]], on="program_code", how="inner")


def _earlier(release: Release, day: dt.date | None) -> Release:
    """Return the newest release before this one, as of `day` or earlier if one is given. Raises ReleaseError where there is none."""
    others = [one for one in known_releases(data_folder().curated).whole.values() if one.id != release.id]
    fitting = [one for one in others if one.as_of <= (day or release.as_of)]
    if not fitting:
        when = f" as of {day} or before" if day else ""
        raise ReleaseError(
            f"there is no earlier release{when} to compare with: a refresh keeps those that were made before it"
        )
    named = release.manifest.get("previous_release")
    by_name = [one for one in fitting if one.id == named and day is None]
    return by_name[0] if by_name else max(fitting, key=lambda one: (one.as_of, one.id))


def _show(rows: pd.DataFrame) -> None:
    for change, meaning in PROGRAM_CHANGES.items():
        group = rows[rows["change"] == change]
        if group.empty:
            continue
        out.print(f"\n[bold]{change.replace('_', ' ')}[/bold] {len(group):,}: {meaning}")
        columns = ("program_code", *_SHOWN, "before", "now")
        print_rows(dict.fromkeys(columns, False), group[list(columns)].to_numpy().tolist(), len(_SHOWN) + 1)
