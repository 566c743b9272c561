"""`h1b-sponsors query`: the list, filtered, as a table for people or CSV, JSON and XLSX for programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import pandas as pd
import typer
from rich.markup import escape
from rich.table import Table

from pipeline.commands.console import fail, latest_release, out, told_in_a_line
from pipeline.commands.export import Format, write
from pipeline.release.reader import Release
from pipeline.schemas.vocabulary import CAP_EXEMPT_CATEGORY, EXEMPT_CATEGORIES, SPONSOR_TIER, STATES, VISA_CATEGORY

_SHOWN: Final = {
    "program_code": "code",
    "specialty": "specialty",
    "institution": "institution",
    "city": "city",
    "state": "state",
    "visa_category": "visa",
    "sponsor_tier": "tier",
    "cap_exempt_category": "cap exemption (inferred)",
    "evidence_kind": "evidence",
    "evidence_date": "of",
}
_NARROW: Final = ("program_code", "specialty", "institution", "state", "visa_category", "sponsor_tier")
_WIDE: Final = 130
_WHOLE: Final = ("program_code", "state", "visa_category", "sponsor_tier", "evidence_date")


# Filters, as every command that asks the list has them.
Specialties = Annotated[list[str] | None, typer.Option(help="Part of a specialty's name; may be repeated.")]
States = Annotated[list[str] | None, typer.Option(help="Two-letter state; may be repeated.")]
Metros = Annotated[list[str] | None, typer.Option(help="Part of a metropolitan area's name; may be repeated.")]
Categories = Annotated[list[str] | None, typer.Option(help="Visa category A, B, C, N or ?; may be repeated.")]
Tiers = Annotated[list[str] | None, typer.Option(help="Sponsor tier; may be repeated.")]
InstitutionPart = Annotated[str | None, typer.Option(help="Part of an institution's name.")]
CapExempt = Annotated[
    bool, typer.Option("--cap-exempt", help="Only where the petitioner seems exempt from the cap (inferred).")
]


def query(
    specialty: Specialties = None,
    state: States = None,
    metro: Metros = None,
    category: Categories = None,
    tier: Tiers = None,
    institution: InstitutionPart = None,
    cap_exempt: CapExempt = False,
    fmt: Annotated[Format, typer.Option("--format", help="How to write the answer.")] = Format.table,
    output: Annotated[Path | None, typer.Option(help="File to write; needed for xlsx.")] = None,
) -> None:
    """Ask the latest release. Options of different names must all hold; repeated ones are alternatives."""
    with told_in_a_line():
        where, values = conditions(specialty, state, metro, category, tier, institution, cap_exempt)
        rows = select(latest_release(), where, values)
        if fmt is Format.table:
            _show(rows)
        else:
            write(rows, fmt, output, "sponsors")


def conditions(
    specialty: list[str] | None,
    state: list[str] | None,
    metro: list[str] | None,
    category: list[str] | None,
    tier: list[str] | None,
    institution: str | None,
    cap_exempt: bool,
) -> tuple[str, list[Any]]:
    """SQL condition with its parameters; words a user misspelt end in one clear line."""
    parts: list[str] = []
    values: list[Any] = []

    def one_of(column: str, given: list[str] | None, allowed: tuple[str, ...], change: str = "") -> None:
        if not given:
            return
        wanted = [getattr(word, change)() if change else word for word in given]
        strange = [word for word in wanted if word not in allowed]
        if strange:
            known = ", ".join(allowed) if len(allowed) < 20 else "two-letter codes"
            fail(f"unknown {column} {strange[0]!r}; known are {known}", 2)
        parts.append(f"list_contains(?, {column})")
        values.append(wanted)

    def contains(column: str, given: list[str] | None) -> None:
        if not given:
            return
        parts.append("(" + " OR ".join(f"contains(lower({column}), ?)" for _ in given) + ")")
        values.extend(word.lower() for word in given)

    contains("specialty", specialty)
    contains("metro_area", metro)
    contains("institution", [institution] if institution else None)
    one_of("state", state, STATES, "upper")
    one_of("visa_category", category, VISA_CATEGORY, "upper")
    one_of("sponsor_tier", tier, SPONSOR_TIER, "lower")
    if cap_exempt:
        one_of("cap_exempt_category", list(EXEMPT_CATEGORIES), CAP_EXEMPT_CATEGORY)
    return " AND ".join(parts) or "TRUE", values


def select(release: Release, where: str, values: list[Any]) -> pd.DataFrame:
    """Rows of the list for which `where` holds, the most certain sponsors first."""
    order = "list_position(?, sponsor_tier), state, city, institution, specialty, program_code"
    return release.query(
        f"SELECT * FROM functional_h1b_sponsors WHERE {where} ORDER BY {order}", [*values, list(SPONSOR_TIER)]
    )


def _show(rows: pd.DataFrame) -> None:
    table = Table(box=None)
    titles = _SHOWN if out.width >= _WIDE else {name: _SHOWN[name] for name in _NARROW}
    for column, title in titles.items():
        whole = column in _WHOLE
        table.add_column(title, no_wrap=whole, min_width=len(title) if whole else None, overflow="fold")
    shown = rows.assign(evidence_date=rows["evidence_date"].astype("str").str.slice(0, 10).replace("NaT", ""))
    for row in shown[list(titles)].itertuples(index=False):
        table.add_row(*("" if value is None or value != value else escape(str(value)) for value in row))  # noqa: PLR0124
    out.print(table)
    out.print(
        f"{len(rows):,} programs. Cap exemption is inferred, never advice; ask the program before you rely on a row."
    )
    out.print("The evidence for one program: h1b-sponsors explain CODE")
