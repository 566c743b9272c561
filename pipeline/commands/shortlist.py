"""`h1b-sponsors shortlist`: the list as one applicant's profile orders it, in green, yellow and red.

What belongs here: options and the table on the screen. Scores and lights are made in `pipeline/applicants`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import pandas as pd
import typer
from rich.markup import escape
from rich.table import Table

from pipeline.applicants.asked import contact_text, read_log
from pipeline.applicants.holds import hold_lines
from pipeline.applicants.notes import read_notes
from pipeline.applicants.profile import Profile, read_profile
from pipeline.applicants.shortlist import UNKNOWN_COUNTS, shortlist
from pipeline.commands.console import out, release_with_list, report_user_errors
from pipeline.commands.coverage import in_short, print_coverage
from pipeline.commands.export import Format, write
from pipeline.commands.filters import Statuses, Tracks, require_known, statuses, track_kinds
from pipeline.commands.rendering import statement_age, statement_source, visa_text
from pipeline.release.reader import Release
from pipeline.schemas.shortlist import CRITERIA, SHORTLIST
from pipeline.schemas.vocabulary import ACCREDITATION, LIGHT
from pipeline.settings import data_folder
from pipeline.specialties.relations import group_of
from pipeline.tiers.accreditation import WITHDRAWN

_WIDE: Final = 140
_AT_HAND: Final = ("statement", "listed")
_WHOLE: Final = ("code", "state", "status", "listed")
_TITLES: Final = ("visa", "evid", "new", "place", "spec", "size", "img")
_MEANINGS: Final = {
    "green": "evidence is good, recent, and every must-have is met",
    "yellow": "ask first",
    "red": "a must-have is not met, every acceptable visa is denied or closed to you, or the accreditation was withdrawn",
}


def make_shortlist(
    profile: Annotated[Path, typer.Option(help="TOML file: what you want; see docs/profile.example.toml.")],
    light: Annotated[list[str] | None, typer.Option(help="Only green, yellow or red; may be repeated.")] = None,
    status: Statuses = None,
    track: Tracks = None,
    limit: Annotated[int, typer.Option(min=1, help="Rows of each light in the table; files hold all.")] = 20,
    fmt: Annotated[Format, typer.Option("--format", help="How to write the answer.")] = Format.table,
    output: Annotated[Path | None, typer.Option(help="File to write; needed for xlsx.")] = None,
) -> None:
    """Score the latest release for one applicant: 1 to 5 on each criterion, the parts kept."""
    with report_user_errors():
        require_known("light", light or [], LIGHT)
        wanted = read_profile(profile)
        release = release_with_list()
        listed = release.table("functional_h1b_sponsors")
        about = shortlist(listed, wanted, read_notes(data_folder().notes), read_log(data_folder().letters))
        rows = about[
            about["light"].isin(light or LIGHT) & about["accreditation"].isin(statuses(status) or ACCREDITATION)
        ]
        if kinds := set(track_kinds(track)):
            rows = rows[[not kinds.isdisjoint(own) for own in rows["track_kinds"]]]
        if fmt is Format.table:
            _show(rows, limit, left_out=len(listed) - len(about) if len(rows) == len(about) else None)
            for line in hold_lines(wanted, release.as_of):
                out.print(escape(line))
            _show_coverage(release, wanted)
        else:
            write(rows, fmt, output, SHORTLIST, release)


def _show_coverage(release: Release, wanted: Profile) -> None:
    """Say what the lists have of the profile's own specialties, in its places where it names any."""
    fields = {group_of(name) for name in wanted.specialties}
    print_coverage(
        release,
        in_short(wanted.specialties, [*wanted.metros, *wanted.states]),
        specialties=(lambda name: group_of(name) in fields) if fields else None,
        states=wanted.states,
        metros=wanted.metros,
        either=True,
    )


def _show(rows: pd.DataFrame, limit: int, left_out: int | None) -> None:
    for light in LIGHT:
        group = rows[rows["light"] == light]
        out.print(f"\n[bold {light}]{light}[/] {len(group):,}: {_MEANINGS[light]}")
        if group.empty:
            continue
        out.print(_table(group.head(limit), light))
        if len(group) > limit:
            out.print(f"  … and {len(group) - limit:,} more: --limit, or --format csv or xlsx")
    apart = f" {left_out:,} programs of other specialties, levels or places are left out." if left_out else ""
    out.print(
        f"\n{len(rows):,} programs.{apart} ? is unknown (or not asked) and counts {UNKNOWN_COUNTS:g}, never as a no."
    )
    if out.width < _WIDE:
        out.print(
            f"At this width without the parts of the score, {' and '.join(_AT_HAND)}: with {_WIDE} columns (COLUMNS={_WIDE}) or --format "
            "csv they are there."
        )
    out.print(
        "Cap exemption is inferred, never advice. Why, and what to ask: --format csv or xlsx, and h1b-sponsors explain CODE"
    )


def _table(group: pd.DataFrame, light: str) -> Table:
    """Return the rows of one light as a table; a narrow one leaves out the parts of the score and what is at hand."""
    wide = out.width >= _WIDE
    last = "against" if light == "red" else "yours: interest, letters, notes"
    table = Table(box=None)
    for title in ("score", *(_TITLES if wide else ())):
        table.add_column(title, justify="right", no_wrap=True)
    for title in ("code", "specialty", "institution", "state", "status", "visa", *(_AT_HAND if wide else ()), last):
        table.add_column(title, overflow="fold", no_wrap=title in _WHOLE)
    for row in group.to_dict("records"):
        parts = ["?" if pd.isna(row[name]) else f"{row[name]:g}" for name in CRITERIA] if wide else []
        names = ("program_code", "specialty", "institution", "state", "accreditation")
        cells = [
            f"{row['score']:.2f}", *parts, *(str(row[name] or "") for name in names), visa_text(row),
            *(_evidence(row) if wide else ()), _against(row) if light == "red" else _own(row),
        ]  # fmt: skip
        table.add_row(*map(escape, cells))
    return table


def _evidence(row: Mapping[Any, Any]) -> tuple[str, str]:
    """Return whose statement of what kind and age a row has, and the year of its list."""
    stated = f"{statement_source(row)}, {statement_age(row)}" if statement_source(row) else ""
    return stated, "" if pd.isna(row["list_year"]) else str(row["list_year"])


def _against(row: Mapping[Any, Any]) -> str:
    """Return why a row is red: what closes the visas to the applicant, and the must-haves that are not met."""
    closed = [text[text.index("closed") :] for text in row["why"] if text.startswith("visa fit") and "closed" in text]
    unmet = [text.removesuffix(": no").replace("_", " ") for text in row["must_haves"] if text.endswith(": no")]
    denied = ["visas denied"] if row["visa_fit"] == 1 and not closed else []
    gone = ["accreditation withdrawn"] if row["accreditation"] == WITHDRAWN else []
    return "; ".join([*gone, *closed, *denied, *(f"not {text}" for text in unmet)])


def _own(row: Mapping[Any, Any]) -> str:
    """Return own interest, where the applicant stands with the program, and own notes."""
    parts = ("" if pd.isna(row["interest"]) else f"{row['interest']}", contact_text(row, dt.date.today()))
    return "; ".join(filter(None, [*parts, "" if pd.isna(row["notes"]) else str(row["notes"])]))
