"""The law of the payment in words that rules, letters and descriptions share; every day and sum in them is from the table."""

from __future__ import annotations

import datetime as dt
import functools

from pipeline.law.regimes import BEFORE_PAYMENT, DEMANDED, payment_began, regime_on, regimes


@functools.cache
def payment_day() -> str:
    """Return the day on which the payment began, as in 21 September 2025."""
    return f"{payment_began().day} {payment_began():%B %Y}"


@functools.cache
def payment_sum() -> str:
    """Return the payment, as in "a payment of $100,000"."""
    return f"a payment of ${next(regime.amount for regime in regimes() if regime.name == DEMANDED):,}"


def payment_on(day: dt.date) -> str:
    """Say what a new petition through a consulate costs on `day`, and on whose authority; "" before the payment began."""
    regime = regime_on(day)
    if regime.name == BEFORE_PAYMENT:
        return ""
    since = f"since {regime.from_day}" if regime.from_day else ""
    if regime.name == DEMANDED:
        return f"New petitions through a consulate cost {payment_sum()} {since} ({regime.authority})."
    return (
        f"On {payment_day()} {payment_sum()} with new petitions through a consulate began; it is not collected {since} "
        f"({regime.authority}), and it may come back."
    )
