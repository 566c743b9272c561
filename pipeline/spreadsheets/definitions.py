"""The sheet that says what the columns of the other sheets mean, made from the registry alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from pipeline.schemas.dictionary import type_name
from pipeline.schemas.model import Field, parts_of, text
from pipeline.schemas.vocabulary import VALUE_WORDS
from pipeline.spreadsheets.workbook import Sheet

DEFINITIONS: Final = "definitions"
_SAMPLE: Final = text(
    "sample", "Whether the embedded sample is in the release, so that it is no current list", required=True
)


def definitions(sheets: Sequence[Sheet]) -> Sheet:
    """Return the sheet: one row for each described column of `sheets`, in their order, with what a blank cell says."""
    rows = [
        {
            "sheet": sheet.name,
            "column": str(column),
            "meaning": _meaning(described),
            "when blank": described.missing,
            "allowed values": _allowed(described),
            "type": type_name(described.type),
            "unit": described.unit,
        }
        for sheet in sheets
        for column in sheet.rows.columns
        if (described := sheet.described.get(str(column))) is not None
    ]
    return Sheet(DEFINITIONS, pd.DataFrame(rows), frozen=2)


def marked(sheet: Sheet) -> Sheet:
    """Return a sheet of a release that has a sample in it with a column that says so, beside those that stay in sight: a row that is
    copied elsewhere takes it along."""
    rows = sheet.rows.copy()
    rows.insert(sheet.frozen, _SAMPLE.name, "yes: no current list")
    return replace(sheet, rows=rows, described={**sheet.described, _SAMPLE.name: _SAMPLE})


def _allowed(described: Field) -> str:
    """Return the words of a closed vocabulary, each with what it means where it doesn't say so itself."""
    words = VALUE_WORDS.get(described.name, {})
    return ", ".join(
        value if (meaning := words.get(value, value)) == value else f"{value} ({meaning})"
        for value in described.allowed
    )


def _meaning(described: Field) -> str:
    names = [part.name for part in parts_of(described.type)]
    each = f". Each line: {', '.join(names)}".replace("_", " ") if names else ""
    return described.description + each
