"""The law of the payment in words that rules, letters and descriptions share; every day and sum in them is from the table."""

from __future__ import annotations

import datetime as dt
import functools

from pipeline.law.freezes import freezes
from pipeline.law.holds import Hold, holds
from pipeline.law.regimes import (
    BEFORE_PAYMENT,
    DEMANDED,
    NO_PAYMENT,
    Regime,
    payment_began,
    regime_on,
    regimes,
)
from pipeline.schemas.vocabulary import ROUTE


@functools.cache
def payment_day() -> str:
    """Return the day on which the payment began, as in 21 September 2025."""
    return f"{payment_began().day} {payment_began():%B %Y}"


@functools.cache
def payment_sum() -> str:
    """Return the payment, as in "a payment of $100,000"."""
    return f"a payment of ${next(regime.amount for regime in regimes() if regime.name == DEMANDED):,}"


def payment_on(day: dt.date) -> str:
    """Say what a new petition costs on `day` by route, and on whose authority; "" before the payment began."""
    regime = regime_on(day)
    if regime.name == BEFORE_PAYMENT:
        return ""
    since = f"since {regime.from_day}" if regime.from_day else ""
    if regime.name == DEMANDED:
        sentence = f"New petitions through a consulate cost {payment_sum()} {since} ({_ground(regime)})."
    else:
        sentence = (
            f"On {payment_day()} {payment_sum()} with new petitions through a consulate began; it is not collected {since} "
            f"({_ground(regime)}), and it may come back."
        )
    return " ".join([sentence, *_free_routes(day)])


def law_on(day: dt.date) -> list[str]:
    """Say what the law of the tables holds on `day`, a line each: the payment by route, then orders of states and holds on nationals."""
    orders = [
        f"order of {one.state} from {one.from_day} {f'until {one.until_day}' if one.until_day else 'until further notice'}: {one.what}"
        f"{f'; excepted: {one.exceptions}' if one.exceptions else ''} ({one.source})"
        for one in freezes()
        if one.holds_on(day)
    ]
    suspended = [
        f"for nationals of {len(one.countries)} countries and territories from {one.from_day}: {hold_in_short(one)}; "
        f"excepted: {one.exceptions}"
        for one in holds()
        if one.holds_on(day)
    ]
    payment = payment_on(day)
    return [f"law on {day}: {line}" for line in ([payment] if payment else []) + orders + suspended]


def hold_in_short(hold: Hold) -> str:
    """Say what a hold closes and on whose authority."""
    return f"{hold.what} ({_ground(hold)})"


def payment_in_short(day: dt.date) -> str:
    """Say in one clause whether a new petition through a consulate costs the payment on `day`, and what other routes cost."""
    regime = regime_on(day)
    if regime.name == BEFORE_PAYMENT:
        return "no payment is due with new petitions"
    free = [route.replace("_", " ") for route in ROUTE if regime_on(day, route).name == NO_PAYMENT]
    others = f"; none for {' nor '.join(free)}" if free else ""
    since = f" since {regime.from_day}" if regime.from_day else ""
    state = "due" if regime.name == DEMANDED else "not collected"
    return f"{payment_sum().removeprefix('a payment of ')} through a consulate, {state}{since}{others}"


@functools.cache
def payment_named() -> str:
    """Return the payment by its authority, as in "the payment of $100,000 under Proclamation 10973"."""
    authority = next(regime.authority for regime in regimes() if regime.name == DEMANDED)
    return f"the {payment_sum().removeprefix('a ')} under {authority.partition(' of ')[0]}"


def _free_routes(day: dt.date) -> list[str]:
    """Return a sentence for each ground on which nothing is paid on other routes on that day."""
    free: dict[str, list[str]] = {}
    for route in ROUTE:
        other = regime_on(day, route)
        if other.name == NO_PAYMENT:
            free.setdefault(_ground(other), []).append(other.who)
    return [f"No payment is due for {', nor for '.join(who)} ({ground})." for ground, who in free.items()]


def _ground(row: Regime | Hold) -> str:
    return row.authority if row.text_read else f"{row.authority}; from reports, the text was not read"
