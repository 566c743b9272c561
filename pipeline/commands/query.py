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
from pipeline.release.reader import Release

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
}
_NARROW: Final = ("program_code", "specialty", "institution", "state", "visa_category", "sponsor_tier", "accreditation")
_WIDE: Final = 140
_WHOLE: Final = ("program_code", "state", "visa_category", "sponsor_tier", "accreditation", "evidence_date")


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
            write(rows, fmt, output, "sponsors")


def _show(rows: pd.DataFrame) -> None:
    table = Table(box=None)
    titles = _SHOWN if out.width >= _WIDE else {name: _SHOWN[name] for name in _NARROW}
    for column, title in titles.items():
        whole = column in _WHOLE
        table.add_column(title, no_wrap=whole, min_width=len(title) if whole else None, overflow="fold")
    shown = rows.assign(
        evidence_date=rows["evidence_date"].astype("str").str.slice(0, 10).replace("NaT", ""),
        sponsor_tier=rows["sponsor_tier"].astype("str") + _in_percent(rows["sponsoring_likelihood"]),
    )
    for row in shown[list(titles)].itertuples(index=False):
        table.add_row(*("" if value is None or value != value else escape(str(value)) for value in row))  # noqa: PLR0124
    out.print(table)
    out.print(
        f"{len(rows):,} programs. Cap exemption is inferred, never advice; ask the program before you rely on a row."
    )
    if rows["sponsoring_likelihood"].notna().any():
        out.print(
            "A percentage beside a tier: how likely a program that states no policy would answer H-1B if asked. It is inferred from "
            "filings, no policy and no promise; its interval is in files and in explain."
        )
    out.print("The evidence for one program: h1b-sponsors explain CODE")


def _in_percent(shares: pd.Series) -> pd.Series:
    """Return shares as ` 58 %`, to stand behind a word; "" where there is none."""
    return (" " + (100 * shares.astype("float64")).round().astype("Int64").astype("str") + " %").where(
        shares.notna(), ""
    )


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
