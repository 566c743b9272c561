"""`h1b-sponsors query`: the list, filtered, as a table for people or CSV, JSON and XLSX for programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Final

import pandas as pd
import typer

from pipeline.commands.console import LIST, out, release_with_list, report_user_errors
from pipeline.commands.coverage import in_short, print_coverage
from pipeline.commands.export import Format, write
from pipeline.commands.filters import Filters, filtered, names_asked, select
from pipeline.commands.rendering import (
    counted,
    freeze_text,
    place_text,
    standing_text,
    statement_age,
    statement_source,
    visa_text,
)
from pipeline.commands.tables import print_rows
from pipeline.release.reader import Release
from pipeline.schemas.registry import table
from pipeline.schemas.vocabulary import VISA_CATEGORY, VISA_CATEGORY_WORDS

_LIKELIHOOD: Final = "sponsoring_likelihood"
_TITLES: Final = (
    "code", "specialty", "institution", "place", "visa", "tier", "status", "cap (inferred)", "statement", "freeze", "listed"
)  # fmt: skip
_HEAD: Final = 4  # columns that name a program
_LEGEND: Final = (
    f"Visa as stated: {'; '.join(f'{letter} {words}' for letter, words in VISA_CATEGORY_WORDS.items())}. Cap exemption is "
    "inferred, never advice; ask the program before you rely on a row. No status: accredited, or the list doesn't say."
)
_ORDER: Final = (
    "In order: H-1B stated (A), case by case (B); then those that leave it open, the likeliest first, one without a percentage where the "
    "middle of its tier stands; then contradicted, J-1 only, none; of equal ones by state and city."
)
_NONE: Final = (
    "Every word asked is known, but no program of the list fits them all at once: leave one out, or bring a fuller list "
    "(docs/sources/acgme.md)."
)


@filtered
def query(
    filters: Filters,
    fmt: Annotated[Format, typer.Option("--format", help="How to write the answer.")] = Format.table,
    output: Annotated[Path | None, typer.Option(help="File to write; needed for xlsx.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Rows in the table; files hold all.")] = None,
) -> None:
    """Ask the latest release. Options of different names must all hold; repeated ones are alternatives."""
    with report_user_errors():
        release = release_with_list()
        rows = select(release, filters)
        if fmt is Format.table:
            _show(rows, limit)
            if rows.empty and filters.category:
                _show_other_categories(release, filters)
            _show_coverage(release, filters)
        else:
            write(rows, fmt, output, table(LIST), release)


def _show(rows: pd.DataFrame, limit: int | None) -> None:
    if rows.empty:
        out.print(f"{counted(0, 'programs')}. {_NONE}")
        return
    print_rows(
        dict.fromkeys(_TITLES, False), [_cells(row) for row in rows.head(limit or len(rows)).to_dict("records")], _HEAD
    )
    if limit is not None and len(rows) > limit:
        out.print(f"  … and {len(rows) - limit:,} more: --limit, or --format csv or xlsx")
    out.print(f"{counted(len(rows), 'programs')}. {_LEGEND}")
    if len(rows) > 1:
        out.print(_ORDER)
    if rows[_LIKELIHOOD].notna().any():
        out.print(
            "A percentage beside a tier: how likely a program that states no policy would answer H-1B if asked. It is inferred from "
            "filings, no policy and no promise; its interval is in files and in explain."
        )
    if frozen := int(rows["state_freeze"].notna().sum()):
        out.print(
            f"{frozen:,} of them are bound by an order of a state not to file new petitions: --no-freeze leaves them out."
        )
    out.print("The evidence for one program: h1b-sponsors explain CODE --short, or whole without --short")


def _show_other_categories(release: Release, filters: Filters) -> None:
    """Say how many programs of each visa category all else that was asked leaves: a doctor who asks for A alone is shown B, too."""
    counts = select(release, replace(filters, category=None))["visa_category"].value_counts()
    if len(counts):
        others = ", ".join(f"{letter} {counts[letter]:,}" for letter in VISA_CATEGORY if letter in counts)
        out.print(f"Of other visa categories there are: {others}. Leave --category out, or name one of them.")


def _cells(row: Mapping[Any, Any]) -> tuple[Any, ...]:
    """Return a row of the list as it is shown, by _TITLES."""
    source = statement_source(row)
    likely = "" if pd.isna(row[_LIKELIHOOD]) else f" {100 * row[_LIKELIHOOD]:.0f} %"
    return (
        row["program_code"],
        row["specialty"] or row["program_name"],
        row["institution"],
        place_text(row),
        visa_text(row),
        f"{row['sponsor_tier']}{likely}".replace("_", " "),
        standing_text(row),
        "" if pd.isna(row["cap_exempt_category"]) else row["cap_exempt_category"].replace("_", " "),
        f"{source}, {statement_age(row)}" if source else "",
        "" if pd.isna(row["state_freeze"]) else freeze_text(row),
        row["list_year"],
    )


def _show_coverage(release: Release, filters: Filters) -> None:
    """Say what the lists have of the specialties and places asked for; it is not counted by institution, and what else was asked is no
    matter of it."""
    if filters.institution:
        return
    asked = names_asked(filters, release)
    words = [name.lower() for name in asked["specialty"] or []]
    print_coverage(
        release,
        in_short(filters.specialty or [], [*(filters.metro or []), *(asked["state"] or [])]),
        specialties=(lambda name: any(word in name.lower() for word in words)) if words else None,
        states=asked["state"] or [],
        metros=asked["metro_area"] or [],
    )
