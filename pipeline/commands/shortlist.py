"""`h1b-sponsors shortlist`: the list as one applicant's profile orders it, in green, yellow and red.

What belongs here: options and the table on the screen. Scores and lights are made in `pipeline/applicants`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import pandas as pd
import typer
from rich.markup import escape

from pipeline.applicants.asked import TO_ASK, contact_text, read_log
from pipeline.applicants.holds import hold_lines
from pipeline.applicants.notes import read_notes
from pipeline.applicants.profile import Profile, read_profile
from pipeline.applicants.shortlist import UNKNOWN_COUNTS, shortlist
from pipeline.commands.console import out, release_with_list, report_user_errors
from pipeline.commands.coverage import print_coverage
from pipeline.commands.export import Format, write
from pipeline.commands.filters import Statuses, Tracks, require_known, statuses, track_kinds
from pipeline.commands.rendering import (
    categories_text,
    counted,
    place_text,
    standing_text,
    statement_age,
    statement_source,
    visa_text,
)
from pipeline.commands.tables import print_rows
from pipeline.release.reader import Release
from pipeline.schemas.shortlist import CRITERIA, SHORTLIST
from pipeline.schemas.vocabulary import ACCREDITATION, LIGHT
from pipeline.settings import data_folder
from pipeline.specialties.relations import group_of
from pipeline.tiers.accreditation import WITHDRAWN

_TITLES: Final = (
    "score", "code", "specialty", "institution", "place", "visa", "yours", "status", "statement", "listed", "parts"
)  # fmt: skip
_HEAD: Final = 5  # columns that name a program
_PARTS: Final = dict(zip(CRITERIA, ("visa", "evidence", "new", "place", "specialty", "size", "img"), strict=True))
_SHOWN: Final = 5  # rows of each light where no --limit says otherwise
_ORDER: Final = (
    "In each light by the visa you prefer, your own interest, the score (--parts). Why, and what to ask: h1b-sponsors explain CODE, or all "
    "rows with --format xlsx --output FILE"
)
_MEANINGS: Final = {
    "green": "evidence is good and recent, every must-have is met",
    "yellow": "ask first",
    "red": "a must-have unmet, every visa you accept denied or closed to you, or the accreditation withdrawn",
}
_NO_GREEN: Final = "nothing at hand is good and recent with every must-have met; a current page or an answer in confirmations.csv makes one"


def make_shortlist(
    profile: Annotated[Path, typer.Option(help="TOML file: what you want; see docs/profile.example.toml.")],
    light: Annotated[list[str] | None, typer.Option(help="Only green, yellow or red; may be repeated.")] = None,
    status: Statuses = None,
    track: Tracks = None,
    limit: Annotated[int, typer.Option(min=1, help="Rows of each light in the table; files hold all.")] = _SHOWN,
    parts: Annotated[bool, typer.Option("--parts", help="Show what each score is made of, 1 to 5.")] = False,
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
            _show(
                rows,
                light or LIGHT,
                limit,
                left_out=len(listed) - len(about) if len(rows) == len(about) else None,
                parts=parts,
            )
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
        "your specialties and places",
        specialties=(lambda name: group_of(name) in fields) if fields else None,
        states=wanted.states,
        metros=wanted.metros,
        either=True,
    )


def _show(rows: pd.DataFrame, lights: Collection[str], limit: int, left_out: int | None, *, parts: bool) -> None:
    titles = _TITLES if parts else _TITLES[:-1]
    seen: set[str] = set()
    for light in (one for one in LIGHT if one in lights):
        group = rows[rows["light"] == light]
        meaning = _NO_GREEN if light == LIGHT[0] and group.empty else _MEANINGS[light]
        out.print(f"[bold {light}]{light}[/] {len(group):,}: {meaning}")
        shown = group.head(limit)
        named = {"against" if title == "yours" and light == "red" else title: False for title in titles}
        if len(shown):
            print_rows(named, [_cells(row, light)[: len(titles)] for row in shown.to_dict("records")], _HEAD)
        if len(group) > limit:
            out.print(f"  … and {len(group) - limit:,} more: --limit")
        seen |= set(shown["visa_category"])
    apart = f", {left_out:,} of other specialties, levels or places left out" if left_out else ""
    letters = f" Visa as stated: {categories_text(seen)}." if seen else ""
    out.print(
        f"{counted(len(rows), 'programs')}{apart}.{letters} What is unknown counts {UNKNOWN_COUNTS:g}, never as a no."
    )
    out.print(_ORDER)


def _cells(row: Mapping[Any, Any], light: str) -> tuple[Any, ...]:
    """Return a row as it is shown, by _TITLES; of a red one what speaks against it in place of what is the applicant's own."""
    source = statement_source(row)
    return (
        f"{row['score']:.2f}",
        row["program_code"],
        row["specialty"] or row["program_name"],
        row["institution"],
        place_text(row),
        visa_text(row),
        _against(row) if light == "red" else _own(row),
        standing_text(row),
        f"{source}, {statement_age(row)}" if source else "",
        row["list_year"],
        ", ".join(f"{word} {'?' if pd.isna(row[name]) else f'{row[name]:g}'}" for name, word in _PARTS.items()),
    )


def _against(row: Mapping[Any, Any]) -> str:
    """Return why a row is red: what closes the visas to the applicant, and the must-haves that are not met."""
    closed = [text[text.index("closed") :] for text in row["why"] if text.startswith("visa fit") and "closed" in text]
    unmet = [text.removesuffix(": no").replace("_", " ") for text in row["must_haves"] if text.endswith(": no")]
    denied = ["visas denied"] if row["visa_fit"] == 1 and not closed else []
    gone = ["accreditation withdrawn"] if row["accreditation"] == WITHDRAWN else []
    return "; ".join([*gone, *closed, *denied, *(f"not {text}" for text in unmet)])


def _own(row: Mapping[Any, Any]) -> str:
    """Return own interest, where the applicant stands with the program and with its Step 3, and own notes."""
    interest = "" if pd.isna(row["interest"]) else f"interest {row['interest']}"
    step3 = next((text[text.index("Step 3") :] for text in row["why"] if "; Step 3" in text), "")
    notes = "" if pd.isna(row["notes"]) else str(row["notes"])
    contact = "" if row["contact"] == TO_ASK else contact_text(row, dt.date.today())  # to be asked is what yellow says
    return "; ".join(filter(None, [interest, contact, step3, notes]))
