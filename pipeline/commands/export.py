"""Answers as files: CSV, JSON and XLSX for programs and spreadsheets, in which no cell is ever run as a formula."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path

import pandas as pd
from rich.markup import escape

from pipeline.commands.console import fail, out
from pipeline.release.about import about, notice
from pipeline.release.reader import Release
from pipeline.schemas.model import Table
from pipeline.spreadsheets.cells import csv_text, with_days_as_text
from pipeline.spreadsheets.definitions import definitions, marked
from pipeline.spreadsheets.workbook import Sheet, workbook


class Format(StrEnum):
    """How the answer is written. csv_bom: CSV with the mark by which Excel knows that it is UTF-8."""

    table = "table"
    csv = "csv"
    csv_bom = "csv-bom"
    json = "json"
    xlsx = "xlsx"


def write(
    rows: pd.DataFrame, fmt: Format, output: Path | None, described: Table, release: Release, what: str = "programs"
) -> None:
    """Write the rows as CSV, JSON or XLSX, to a file or standard output (XLSX only to a file).

    described: what the columns mean; a sheet is named after it. release: the one they are from. what: what a row is, in the plural.
    """
    if fmt is Format.xlsx:
        if output is None:
            fail("--format xlsx needs --output FILE", 2)
        sheet = Sheet(described.name, rows, {field.name: field for field in described.fields})
        sheet = marked(sheet) if release.manifest["sample"] else sheet
        described_by = [definitions([sheet])] if described.fields else []
        output.write_bytes(workbook([sheet, *described_by, about(release)], release.as_of, notice(release)))
        out.print(f"{len(rows):,} {what} in {escape(str(output))}", soft_wrap=True)
        return
    if release.manifest["sample"]:  # a file goes its own way: what it was made from goes with each row
        rows = rows.assign(sample=True)
    if fmt is Format.json:
        text = with_days_as_text(rows).to_json(orient="records", indent=2) + "\n"
    else:
        text = csv_text(rows, bom=fmt is Format.csv_bom)
    if output is None:
        sys.stdout.write(text)
        sys.stdout.flush()  # before its message on standard error
    else:
        output.write_text(text, "utf-8", newline="")
