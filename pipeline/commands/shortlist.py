"""`h1b-sponsors shortlist`: the list as one applicant's profile orders it, in green, yellow and red.

What belongs here: options and the table on the screen. Scores and lights are made in `pipeline/applicants`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import pandas as pd
import typer
from rich.markup import escape
from rich.table import Table

from pipeline.applicants.notes import read_notes
from pipeline.applicants.profile import Profile, read_profile
from pipeline.applicants.shortlist import UNKNOWN_COUNTS, shortlist
from pipeline.commands.console import out, release_with_list, report_user_errors
from pipeline.commands.coverage import in_short, print_coverage
from pipeline.commands.export import Format, write
from pipeline.commands.filters import Statuses, Tracks, require_known, statuses, track_kinds
from pipeline.commands.rendering import visa_text
from pipeline.release.reader import Release
from pipeline.schemas.shortlist import CRITERIA, SHORTLIST
from pipeline.schemas.vocabulary import ACCREDITATION, LIGHT
from pipeline.settings import data_folder
from pipeline.specialties.relations import group_of

_COLOURS: Final = {"green": "#C6EFCE", "yellow": "#FFEB9C", "red": "#FFC7CE"}
_TITLES: Final = ("visa", "evid", "new", "place", "spec", "size", "img")
_MEANINGS: Final = {
    "green": "evidence is good, recent, and every must-have is met",
    "yellow": "ask first",
    "red": "a must-have is not met, or every acceptable visa is denied or closed to you",
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
        about = shortlist(listed, wanted, read_notes(data_folder().notes))
        rows = about[
            about["light"].isin(light or LIGHT) & about["accreditation"].isin(statuses(status) or ACCREDITATION)
        ]
        if kinds := set(track_kinds(track)):
            rows = rows[[not kinds.isdisjoint(own) for own in rows["track_kinds"]]]
        if fmt is Format.table:
            _show(rows, limit, left_out=len(listed) - len(about) if len(rows) == len(about) else None)
            _show_coverage(release, wanted)
        else:
            write(rows, fmt, output, "shortlist", described=SHORTLIST, colours=_COLOURS)


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
        table = Table(box=None)
        for title in ("score", *_TITLES):
            table.add_column(title, justify="right", no_wrap=True)
        table.add_column("code", no_wrap=True)
        for title in ("specialty", "institution"):
            table.add_column(title, overflow="fold")
        for title in ("state", "status"):
            table.add_column(title, no_wrap=True)
        table.add_column("visa", overflow="fold")
        table.add_column("against" if light == "red" else "own interest", overflow="fold")
        for row in group.head(limit).to_dict("records"):
            parts = ("?" if pd.isna(row[name]) else f"{row[name]:g}" for name in CRITERIA)
            words = (
                str(row[name] or "") for name in ("program_code", "specialty", "institution", "state", "accreditation")
            )
            last = _against(row) if light == "red" else _own(row)
            table.add_row(
                f"{row['score']:.2f}", *parts, *(escape(word) for word in words), visa_text(row), escape(last)
            )
        out.print(table)
        if len(group) > limit:
            out.print(f"  … and {len(group) - limit:,} more: --limit, or --format csv or xlsx")
    apart = f" {left_out:,} programs of other specialties, levels or places are left out." if left_out else ""
    out.print(
        f"\n{len(rows):,} programs.{apart} ? is unknown (or not asked) and counts {UNKNOWN_COUNTS:g}, never as a no."
    )
    out.print(
        "Cap exemption is inferred, never advice. Why, and what to ask: --format csv or xlsx, and h1b-sponsors explain CODE"
    )


def _against(row: Mapping[Any, Any]) -> str:
    """Return why a row is red: what closes the H-1B to the applicant, and the must-haves that are not met."""
    closed = [text[text.index("closed") :] for text in row["why"] if text.startswith("visa fit") and "closed" in text]
    unmet = [text.removesuffix(": no").replace("_", " ") for text in row["must_haves"] if text.endswith(": no")]
    denied = ["visas denied"] if row["visa_fit"] == 1 and not closed else []
    return "; ".join([*closed, *denied, *(f"not {text}" for text in unmet)])


def _own(row: Mapping[Any, Any]) -> str:
    interest = "" if pd.isna(row["interest"]) else f"{row['interest']}"
    return interest if pd.isna(row["notes"]) else f"{interest} {row['notes']}".strip()
