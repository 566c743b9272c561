"""Regimes of the payment with new petitions: what held on a day for a route, by `reference/law/regimes.csv`."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipeline.reference.load import read_rows
from pipeline.schemas.vocabulary import PAYMENT_REGIME, ROUTE

CONSULATE: Final = ROUTE[0]
BEFORE_PAYMENT, DEMANDED, SUSPENDED, NO_PAYMENT = PAYMENT_REGIME[:4]
# What is published counts applications by regime; one whose day nobody knows has none.
NOT_KNOWN: Final = PAYMENT_REGIME[4]


@dataclass(frozen=True)
class Regime:
    """What holds for one route from a day (None: always) to a day (None: until further notice), both included."""

    name: str
    route: str
    from_day: dt.date | None
    until_day: dt.date | None
    amount: int  # USD with each new petition
    who: str
    authority: str
    text_read: bool
    as_of: dt.date

    def holds_on(self, day: dt.date) -> bool:
        """Decide whether it holds on that day."""
        return (self.from_day is None or self.from_day <= day) and (self.until_day is None or day <= self.until_day)


@functools.cache
def regimes() -> tuple[Regime, ...]:
    """Return all rows of `reference/law/regimes.csv`, in the order of the file: those of a route by day."""
    return tuple(
        Regime(
            row["regime"],
            row["route"],
            day_or_none(row["from_day"]),
            day_or_none(row["until_day"]),
            int(row["amount_usd"]),
            row["who"],
            row["authority"],
            row["read"] == "text",
            dt.date.fromisoformat(row["as_of"]),
        )
        for row in read_rows("law/regimes.csv")
    )


def day_or_none(printed: str) -> dt.date | None:
    """Read a day of a table of law; blank is None."""
    return dt.date.fromisoformat(printed) if printed else None


def regime_on(day: dt.date, route: str = CONSULATE) -> Regime:
    """Return the regime of a route on a day. Raises LookupError where no row covers it: the table has a gap."""
    for regime in regimes():
        if regime.route == route and regime.holds_on(day):
            return regime
    raise LookupError(f"reference/law/regimes.csv covers {route} on {day} by no row")


def regimes_of(days: pd.Series) -> pd.Series:
    """Return the name of the regime for petitions through a consulate on each day; NOT_KNOWN where there is no day."""
    found = pd.Series(NOT_KNOWN, index=days.index, dtype="str")
    for regime in regimes():
        if regime.route != CONSULATE:
            continue
        begun = days.notna() if regime.from_day is None else days >= pd.Timestamp(regime.from_day)
        not_over = days.notna() if regime.until_day is None else days <= pd.Timestamp(regime.until_day)
        found = found.mask((begun & not_over).fillna(False).astype("bool"), regime.name)
    return found


def changes() -> list[dt.date]:
    """Return the days on which another regime began for petitions through a consulate, the oldest first."""
    return sorted(regime.from_day for regime in regimes() if regime.route == CONSULATE and regime.from_day)


@functools.cache
def payment_began() -> pd.Timestamp:
    """Return the first day on which the payment was demanded with new petitions through a consulate."""
    return pd.Timestamp(min(regime.from_day for regime in regimes() if regime.name == DEMANDED and regime.from_day))


def before_payment(days: pd.Series, as_of: pd.Series) -> pd.Series:
    """Find the days before the payment began that a list of a later day still relies on; False for no day."""
    return (days < payment_began()) & (as_of >= payment_began())
