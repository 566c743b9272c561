"""Rows of the sponsor list as plain values, and what every question about one begins with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import pandas as pd

Row = Mapping[str, Any]  # of functional_h1b_sponsors, None where null


def next_july(day: dt.date) -> int:
    """Return the year of the next July in which training begins: this year's until June, then the next one's."""
    return day.year + (day.month >= 7)


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as records, None for each null."""
    plain = rows.astype(object).where(rows.notna(), None)
    return [{str(name): value for name, value in record.items()} for record in plain.to_dict("records")]
