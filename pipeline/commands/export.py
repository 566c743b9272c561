"""Answers as files: CSV, JSON and XLSX for programs and spreadsheets, in which no cell is ever run as a formula."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

import pandas as pd
from rich.markup import escape

from pipeline.commands.console import fail, out
from pipeline.schemas.model import Table
from pipeline.text.characters import harmless

# What spreadsheets take for the start of a formula (OWASP, CSV injection), the wide and small forms of East Asian keyboards among them.
_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠﹦﹢﹣﹫")


class Format(StrEnum):
    """How the answer is written."""

    table = "table"
    csv = "csv"
    json = "json"
    xlsx = "xlsx"


def write(
    rows: pd.DataFrame,
    fmt: Format,
    output: Path | None,
    sheet: str,
    *,
    described: Table | None = None,
    colours: Mapping[str, str] | None = None,
    what: str = "programs",
) -> None:
    """Write the rows as CSV, JSON or XLSX, to a file or standard output (XLSX only to a file).

    described: table whose descriptions fill a second worksheet. colours: value of the first column -> colour of its cell.
    what: what a row is, in the plural.
    """
    if fmt is Format.xlsx:
        if output is None:
            fail("--format xlsx needs --output FILE", 2)
        output.write_bytes(_workbook(rows, sheet, described, colours or {}))
        out.print(f"{len(rows):,} {what} in {escape(str(output))}", soft_wrap=True)
        return
    text = as_csv(rows) if fmt is Format.csv else _with_days(rows).to_json(orient="records", indent=2) + "\n"
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, "utf-8")


def as_csv(rows: pd.DataFrame) -> str:
    """Return the rows as CSV in which nothing is run by a spreadsheet or obeyed by a terminal."""
    return harmless(flat(rows).to_csv(index=False))


def flat(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with lists as text joined by `; `, days as YYYY-MM-DD, and no cell that a spreadsheet would run."""
    plain = _with_days(rows)
    for column in plain.columns:
        if plain[column].dtype == object or isinstance(plain[column].dtype, pd.StringDtype):
            plain[column] = plain[column].map(_plain)
    return plain


def _with_days(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with days as text, YYYY-MM-DD."""
    days = [column for column in rows.columns if pd.api.types.is_datetime64_any_dtype(rows[column])]
    return rows.assign(**{column: rows[column].dt.strftime("%Y-%m-%d") for column in days})


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {inner}" for name, inner in value.items() if inner is not None)
    if hasattr(value, "__iter__") and not isinstance(value, str):
        value = "; ".join(str(_plain(item)) for item in value)  # type: ignore[attr-defined]
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


def _workbook(rows: pd.DataFrame, name: str, described: Table | None, colours: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with pd.ExcelWriter(buffer, engine="xlsxwriter", engine_kwargs={"options": options}) as writer:
        shown = flat(rows).map(lambda value: harmless(value) if isinstance(value, str) else value)
        shown.to_excel(writer, sheet_name=name, index=False, freeze_panes=(1, 1))
        sheet = writer.sheets[name]
        last = max(len(rows), 1)
        sheet.autofilter(0, 0, last, len(rows.columns) - 1)
        sheet.autofit(max_width=300)
        for value, colour in colours.items():
            fill = writer.book.add_format({"bg_color": colour})  # pyright: ignore[reportAttributeAccessIssue]
            rule = {"type": "cell", "criteria": "==", "value": f'"{value}"', "format": fill}
            sheet.conditional_format(1, 0, last, 0, rule)
        if described is not None:
            meaning = pd.DataFrame({"column": [*rows.columns]})
            meaning["meaning"] = [described.field(column).description for column in rows.columns]
            meaning.to_excel(writer, sheet_name="columns", index=False, freeze_panes=(1, 1))
            writer.sheets["columns"].autofit(max_width=900)
    return buffer.getvalue()
