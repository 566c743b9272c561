"""`h1b-sponsors query`: the list, filtered, as a table for people or CSV, JSON and XLSX for programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import pandas as pd
import typer
from rich.markup import escape
from rich.table import Table

from pipeline.commands.console import LIST, out, release_with_list, report_user_errors
from pipeline.commands.coverage import in_short, print_coverage
from pipeline.commands.export import Format, write
from pipeline.commands.filters import Filters, filtered, names_asked, select
from pipeline.commands.rendering import freeze_text, statement_age, statement_source, visa_text
from pipeline.release.reader import Release
from pipeline.schemas.registry import table

_LIKELIHOOD: Final = "sponsoring_likelihood"
_SHOWN: Final = {
    "program_code": "code",
    "specialty": "specialty",
    "institution": "institution",
    "city": "city",
    "state": "state",
    "visa_category": "visa",
    "sponsor_tier": "tier",
    "accreditation": "status",
    "cap_exempt_category": "cap exemption (inferred)",
    "evidence_kind": "evidence",
    "evidence_date": "of",
    "state_freeze": "freeze",
    "list_year": "listed",
}
_NARROW: Final = ("program_code", "specialty", "institution", "state", "visa_category", "sponsor_tier", "accreditation")
_WIDE: Final = 140
_WHOLE: Final = ("program_code", "state", "sponsor_tier", "accreditation", "list_year")
_LEGEND: Final = "Cap exemption is inferred, never advice; ask the program before you rely on a row."
_NONE: Final = (
    "Every word asked is known, but no program of the list fits them all at once: leave one out, or bring a fuller list "
    "(docs/sources/acgme.md)."
)


@filtered
def query(
    filters: Filters,
    fmt: Annotated[Format, typer.Option("--format", help="How to write the answer.")] = Format.table,
    output: Annotated[Path | None, typer.Option(help="File to write; needed for xlsx.")] = None,
) -> None:
    """Ask the latest release. Options of different names must all hold; repeated ones are alternatives."""
    with report_user_errors():
        release = release_with_list()
        rows = select(release, filters)
        if fmt is Format.table:
            _show(rows)
            _show_coverage(release, filters)
        else:
            write(rows, fmt, output, table(LIST), release)


def _show(rows: pd.DataFrame) -> None:
    shown = Table(box=None)
    titles = _SHOWN if out.width >= _WIDE else {name: _SHOWN[name] for name in _NARROW}
    for column, title in titles.items():
        whole = column in _WHOLE
        shown.add_column(title, no_wrap=whole, min_width=len(title) if whole else None, overflow="fold")
    for row in _in_words(rows)[list(titles)].itertuples(index=False):
        shown.add_row(*("" if value is None or value != value else escape(str(value)) for value in row))  # noqa: PLR0124
    if len(rows):
        out.print(shown)
    out.print(f"{len(rows):,} programs. {_LEGEND if len(rows) else _NONE}")
    if not len(rows):
        return
    if rows[_LIKELIHOOD].notna().any():
        out.print(
            "A percentage beside a tier: how likely a program that states no policy would answer H-1B if asked. It is inferred from "
            "filings, no policy and no promise; its interval is in files and in explain."
        )
    if left_out := [title for column, title in _SHOWN.items() if column not in titles]:
        out.print(
            f"At this width without {', '.join(left_out)}: with {_WIDE} columns (COLUMNS={_WIDE}) or --format csv they are there."
        )
    if frozen := int(rows["state_freeze"].notna().sum()):
        out.print(
            f"{frozen:,} of them are bound by an order of a state not to file new petitions: --no-freeze leaves them out."
        )
    out.print("The evidence for one program: h1b-sponsors explain CODE --short, or whole without --short")


def _in_words(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the list with the columns of the table as they are shown."""
    records = rows.to_dict("records")
    return rows.assign(
        cap_exempt_category=rows["cap_exempt_category"].str.replace("_", " "),
        visa_category=[visa_text(row) for row in records],
        evidence_kind=[statement_source(row) for row in records],
        evidence_date=[statement_age(row) for row in records],
        state_freeze=["" if pd.isna(row["state_freeze"]) else freeze_text(row) for row in records],
        sponsor_tier=rows["sponsor_tier"].astype("str") + _in_percent(rows[_LIKELIHOOD]),
    )


def _in_percent(shares: pd.Series) -> pd.Series:
    """Return shares as ` 58 %`, to stand behind a word; "" where there is none."""
    return (" " + (100 * shares.astype("float64")).round().astype("Int64").astype("str") + " %").where(
        shares.notna(), ""
    )


def _show_coverage(release: Release, filters: Filters) -> None:
    """Say what the lists have of the specialties and places asked for; what else was asked is no matter of coverage."""
    asked = names_asked(filters, release)
    words = [name.lower() for name in asked["specialty"] or []]
    print_coverage(
        release,
        in_short(filters.specialty or [], [*(filters.metro or []), *(asked["state"] or [])]),
        specialties=(lambda name: any(word in name.lower() for word in words)) if words else None,
        states=asked["state"] or [],
        metros=asked["metro_area"] or [],
    )
