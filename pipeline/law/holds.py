"""What is closed to nationals of listed countries, by `reference/law/holds.csv` and `hold_countries.csv`."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.law.regimes import day_or_none
from pipeline.reference.load import read_rows


@dataclass(frozen=True)
class Hold:
    """One suspension or hold. visas: those that it closes (H-1B, J-1); routes: on which of them, words of ROUTE.

    until_day: last day on which it holds, None until further notice. countries: by the names of `countries`.
    """

    id: str
    visas: tuple[str, ...]
    routes: frozenset[str]
    from_day: dt.date
    until_day: dt.date | None
    what: str
    exceptions: str
    authority: str
    text_read: bool
    as_of: dt.date
    countries: frozenset[str]

    def holds_on(self, day: dt.date) -> bool:
        """Decide whether it holds on that day."""
        return self.from_day <= day and (self.until_day is None or day <= self.until_day)


@functools.cache
def holds() -> tuple[Hold, ...]:
    """Return all of them, past ones too, in the order of the file."""
    listed = read_rows("law/hold_countries.csv")
    return tuple(
        Hold(
            row["hold"],
            tuple(row["visas"].split("|")),
            frozenset(row["routes"].split("|")),
            dt.date.fromisoformat(row["from_day"]),
            day_or_none(row["until_day"]),
            row["what"],
            row["exceptions"],
            row["authority"],
            row["read"] == "text",
            dt.date.fromisoformat(row["as_of"]),
            frozenset(one["country"] for one in listed if one["listed"] in row["listed"].split("|")),
        )
        for row in read_rows("law/holds.csv")
    )


def holds_for(country: str, day: dt.date) -> tuple[Hold, ...]:
    """Return what is closed on `day` to nationals of a country, by its name in `countries`; () where nothing is known."""
    return tuple(hold for hold in holds() if country in hold.countries and hold.holds_on(day))


@functools.cache
def countries() -> Mapping[str, str]:
    """Return the countries of the table: each name by which one is called -> its name there. One of them is there since it may be taken
    for a listed one."""
    return {
        name: row["country"]
        for row in read_rows("law/hold_countries.csv")
        for name in (row["country"], *filter(None, row["also_called"].split("|")))
    }
