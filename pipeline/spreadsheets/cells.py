"""Values as texts of cells: lists and records a person can read, days as YYYY-MM-DD, no text that a spreadsheet would run.

A cell that begins with a sign of `_FORMULA` may be run when a file is opened, or when a person saves it as CSV and opens that
(OWASP, CSV Injection). It gets an apostrophe in front, in workbooks too, where it would do no harm until then.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pandas as pd

from pipeline.text.characters import harmless

BOM: Final = "\ufeff"
# The wide and small forms of East Asian keyboards among them.
_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠﹦﹢﹣﹫")
_APOSTROPHE: Final = "'"


@functools.lru_cache(maxsize=10_000)
def inert(text: str) -> str:
    """Return text that no spreadsheet runs and no terminal obeys."""
    shown = harmless(text)
    return _APOSTROPHE + shown if shown.startswith(_FORMULA) or text.startswith(_FORMULA) else shown


def as_typed(text: str) -> str:
    """Return what a person meant by the text of a cell: without the apostrophe that `inert` set in front."""
    bare = text.removeprefix(_APOSTROPHE)
    return bare if bare.startswith(_FORMULA) else text


def readable(value: Any, between: str) -> Any:
    """Return a cell for people: records as `name: x, state: y`, lists as items with `between` in between, the rest as it is."""
    if isinstance(value, str):
        return inert(value)
    if isinstance(value, Mapping):
        fields = ((str(name).replace("_", " "), inner) for name, inner in value.items())
        return inert(", ".join(f"{name}: {readable(inner, between)}" for name, inner in fields if inner is not None))
    if isinstance(value, Iterable):
        return inert(between.join(str(readable(item, "; ")) for item in value))
    return value


def csv_text(rows: pd.DataFrame, *, bom: bool = False) -> str:
    """Return the rows as CSV, as `flat` has them. bom: with the mark by which Excel knows UTF-8."""
    return (BOM if bom else "") + flat(rows).to_csv(index=False)


def flat(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with lists joined by `; `, days as YYYY-MM-DD, and no cell that a spreadsheet would run."""
    plain = with_days_as_text(rows)
    for column in plain.columns:
        if plain[column].dtype == object or isinstance(plain[column].dtype, pd.StringDtype):
            plain[column] = plain[column].map(lambda value: readable(value, "; "))
    return plain


def with_days_as_text(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with days as text, YYYY-MM-DD."""
    days = [column for column in rows.columns if pd.api.types.is_datetime64_any_dtype(rows[column])]
    return rows.assign(**{column: rows[column].dt.strftime("%Y-%m-%d") for column in days})
