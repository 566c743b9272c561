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
    cap_text,
    categories_text,
    counted,
    freeze_text,
    place_text,
    standing_text,
    statement_age,
    statement_source,
    terms_text,
    tier_text,
    visa_text,
)
from pipeline.commands.tables import print_rows
from pipeline.release.reader import Release
from pipeline.schemas.registry import table
from pipeline.schemas.vocabulary import VISA_CATEGORY

_TITLES: Final = (
    "code", "specialty", "institution", "place", "visa", "terms", "tier", "status", "cap (inferred)", "statement", "freeze", "listed"
)  # fmt: skip
_HEAD: Final = 4  # columns that name a program
_SHOWN: Final = 10  # rows of the table where no --limit says otherwise
_ORDER: Final = (
    "In order: what is stated, then the likeliest to answer H-1B if asked (%, inferred as the cap is, no promise)."
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
    limit: Annotated[int, typer.Option(min=1, help="Rows in the table; files hold all.")] = _SHOWN,
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


def _show(rows: pd.DataFrame, limit: int) -> None:
    if rows.empty:
        out.print(f"{counted(0, 'programs')}. {_NONE}")
        return
    shown = rows.head(limit)
    print_rows(dict.fromkeys(_TITLES, False), [_cells(row) for row in shown.to_dict("records")], _HEAD)
    more = f", {len(shown):,} shown (all: --limit {len(rows)})" if len(rows) > limit else ""
    out.print(
        f"{counted(len(rows), 'programs')}{more}. Visa as stated: {categories_text(set(shown['visa_category']))}."
    )
    if len(rows) > 1:
        out.print(_ORDER)
    if frozen := int(rows["state_freeze"].notna().sum()):
        out.print(
            f"{frozen:,} of them are bound by an order of a state not to file new petitions: --no-freeze leaves them out."
        )
    out.print("The evidence: h1b-sponsors explain CODE")


def _show_other_categories(release: Release, filters: Filters) -> None:
    """Say how many programs of each visa category all other filters leave: a doctor who asks for A alone is shown B, too."""
    counts = select(release, replace(filters, category=None))["visa_category"].value_counts()
    if len(counts):
        others = ", ".join(f"{letter} {counts[letter]:,}" for letter in VISA_CATEGORY if letter in counts)
        out.print(f"Of other visa categories there are: {others}. Leave --category out, or name one of them.")


def _cells(row: Mapping[Any, Any]) -> tuple[Any, ...]:
    """Return a row of the list as it is shown, by _TITLES."""
    source = statement_source(row)
    return (
        row["program_code"],
        row["specialty"] or row["program_name"],
        row["institution"],
        place_text(row),
        visa_text(row),
        terms_text(row),
        tier_text(row),
        standing_text(row),
        cap_text(row["cap_exempt_category"]),
        f"{source}, {statement_age(row)}" if source else "",
        "" if pd.isna(row["state_freeze"]) else freeze_text(row),
        row["list_year"],
    )


def _show_coverage(release: Release, filters: Filters) -> None:
    """Say what the lists have of the specialties and places filtered by; it is not counted by institution, and other filters are no
    matter of it."""
    if filters.institution:
        return
    named = names_asked(filters, release)
    words = [name.lower() for name in named["specialty"] or []]
    print_coverage(
        release,
        in_short(filters.specialty or [], [*(filters.metro or []), *(named["state"] or [])]),
        specialties=(lambda name: any(word in name.lower() for word in words)) if words else None,
        states=named["state"] or [],
        metros=named["metro_area"] or [],
    )
