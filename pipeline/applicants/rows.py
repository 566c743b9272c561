"""Rows of the sponsor list as plain values, and what every question about one begins with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.text.characters import collapse

Row = Mapping[str, Any]  # of functional_h1b_sponsors, None where null


def next_july(day: dt.date) -> int:
    """Return the year of the next July in which training begins: this year's until June, then the next one's."""
    return day.year + (day.month >= 7)


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as records, None for each null."""
    plain = rows.astype(object).where(rows.notna(), None)
    return [{str(name): value for name, value in record.items()} for record in plain.to_dict("records")]


def specialty_of(row: Row) -> str:
    """Return what a program trains in; its name where that isn't listed."""
    return one_line(row["specialty"] or row["program_name"])


def labels(rows: Sequence[Row]) -> list[str]:
    """Return what each of some programs is called among them: its specialty; where several have it with its city, or else its code."""
    names = [specialty_of(row) for row in rows]
    placed = [f"{name} in {row['city']}" for name, row in zip(names, rows, strict=True)]
    called = []
    for name, there, row in zip(names, placed, rows, strict=True):
        apart = there if row["city"] and placed.count(there) == 1 else f"{name} ({row['program_code']})"
        called.append(name if names.count(name) == 1 else apart)
    return called


def in_one_list(names: Sequence[str], most: int = 4) -> str:
    """Return names as a phrase, each once: `A, B and 3 more`."""
    once = list(dict.fromkeys(names))
    if not once:
        return ""
    if len(once) > most:
        return f"{', '.join(once[: most - 1])} and {len(once) - most + 1} more"
    return " and ".join(filter(None, [", ".join(once[:-1]), once[-1]]))


def one_line(text: Any) -> str:
    """Return a text on one line, with single blanks."""
    return collapse(str(text))


def day_in_words(value: Any) -> str:
    """Return a day in words: 9 February 2023; "" where there is none."""
    if value is None:
        return ""
    stamp = pd.Timestamp(value)
    return f"{stamp.day} {stamp:%B %Y}"
