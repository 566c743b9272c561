"""Orders of states that public bodies file no new petitions, by `reference/law/freezes.csv` and `frozen_schools.csv`."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass

from pipeline.law.regimes import day_or_none
from pipeline.reference.load import read_rows


@dataclass(frozen=True)
class Freeze:
    """One order. bodies: public_school (all of the state), listed_school (those of `unitids`) or state_agency.

    until_day: last day on which it holds, None until further notice. unitids: IPEDS ids of the schools that it names.
    """

    id: str
    state: str
    bodies: str
    from_day: dt.date
    until_day: dt.date | None
    what: str
    exceptions: str
    source: str
    as_of: dt.date
    unitids: frozenset[str]

    def holds_on(self, day: dt.date) -> bool:
        """Decide whether it holds on that day."""
        return self.from_day <= day and (self.until_day is None or day <= self.until_day)


@functools.cache
def freezes() -> tuple[Freeze, ...]:
    """Return all orders, past ones too, in the order of the file."""
    schools = read_rows("law/frozen_schools.csv")
    return tuple(
        Freeze(
            row["freeze"],
            row["state"],
            row["bodies"],
            dt.date.fromisoformat(row["from_day"]),
            day_or_none(row["until_day"]),
            row["what"],
            row["exceptions"],
            row["source"],
            dt.date.fromisoformat(row["as_of"]),
            frozenset(school["unitid"] for school in schools if school["freeze"] == row["freeze"]),
        )
        for row in read_rows("law/freezes.csv")
    )
