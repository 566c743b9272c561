"""`h1b-sponsors query`: the list, filtered, as a table for people or CSV, JSON and XLSX for programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import pandas as pd
import typer
from rich.markup import escape
from rich.table import Table

from pipeline.commands.console import out, release_with_list, report_user_errors
from pipeline.commands.coverage import in_short, print_coverage
from pipeline.commands.export import Format, write
from pipeline.commands.filters import Filters, filtered, select
from pipeline.commands.rendering import likelihoods, statement_day, visa_text
from pipeline.release.reader import Release

_SHOWN: Final = {
    "program_code": "code",
    "specialty": "specialty",
    "institution": "institution",
    "city": "city",
    "state": "state",
    "visa_category": "visa",
    "sponsor_tier": "tier",
    "sponsoring_likelihood": "inferred",
    "accreditation": "status",
    "cap_exempt_category": "cap exemption (inferred)",
    "evidence_kind": "evidence",
    "evidence_date": "of",
}
_NARROW: Final = ("program_code", "specialty", "institution", "state", "visa_category", "sponsor_tier", "accreditation")
_WIDE: Final = 140
_LIKELIHOOD: Final = "sponsoring_likelihood"
_WHOLE: Final = ("program_code", "state", "sponsor_tier", "accreditation", _LIKELIHOOD)


@filtered
def query(
    filters: Filters,
    fmt: Annotated[Format, typer.Option("--format", help="How to write the answer.")] = Format.table,
    output: Annotated[Path | None, typer.Option(help="File to write; needed for xlsx.")] = None,
    likelihood: Annotated[
        bool,
        typer.Option("--likelihood", help="In a narrow table, show the inferred likelihood in place of the status."),
    ] = False,
) -> None:
    """Ask the latest release. Options of different names must all hold; repeated ones are alternatives."""
    with report_user_errors():
        release = release_with_list()
        rows = select(release, filters)
        if fmt is Format.table:
            _show(rows, likelihood=likelihood)
            _show_coverage(release, filters)
        else:
            write(rows, fmt, output, "sponsors")


def _show(rows: pd.DataFrame, *, likelihood: bool) -> None:
    table = Table(box=None)
    narrow = (*_NARROW[:-1], _LIKELIHOOD) if likelihood else _NARROW
    titles = _SHOWN if out.width >= _WIDE else {name: _SHOWN[name] for name in narrow}
    for column, title in titles.items():
        whole = column in _WHOLE
        table.add_column(title, no_wrap=whole, min_width=len(title) if whole else None, overflow="fold")
    records = rows.to_dict("records")
    days = ["" if pd.isna(row["evidence_quote"]) else statement_day(row) for row in records]
    shown = rows.assign(visa_category=[visa_text(row) for row in records], evidence_date=days, sponsoring_likelihood=likelihoods(rows))
    for row in shown[list(titles)].itertuples(index=False):
        table.add_row(*("" if value is None or value != value else escape(str(value)) for value in row))  # noqa: PLR0124
    out.print(table)
    out.print(
        f"{len(rows):,} programs. Cap exemption is inferred, never advice; ask the program before you rely on a row."
    )
    if _LIKELIHOOD in titles:
        out.print(
            "Under `inferred`: how likely a program that states no policy would answer H-1B if asked, inferred from filings, "
            "with its interval; no policy and no promise."
        )
    out.print("The evidence for one program: h1b-sponsors explain CODE")


def _show_coverage(release: Release, filters: Filters) -> None:
    """Say what the lists have of the specialties and places asked for; what else was asked is no matter of coverage."""
    words = [word.lower() for word in filters.specialty or []]
    states = [state.upper() for state in filters.state or []]
    metros = filters.metro or []
    print_coverage(
        release,
        in_short(words, [*metros, *states]),
        specialties=(lambda name: any(word in name.lower() for word in words)) if words else None,
        states=states,
        metros=metros,
    )
