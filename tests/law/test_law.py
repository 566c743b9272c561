"""The law as data: every day has one regime for each route, orders end, and old law is told."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pandas as pd
import pytest

from pipeline.law.as_of import OLD_AFTER_DAYS, law_as_of, warning_on
from pipeline.law.freezes import freezes
from pipeline.law.holds import countries, holds, holds_for
from pipeline.law.regimes import before_payment, payment_began, regime_on, regimes, regimes_of
from pipeline.schemas.vocabulary import ROUTE


@pytest.mark.parametrize("route", ROUTE)
def test_every_day_has_one_regime_for_each_route(route: str) -> None:
    rows = [regime for regime in regimes() if regime.route == route]
    assert rows[0].from_day is None
    assert rows[-1].until_day is None
    for earlier, later in pairwise(rows):
        assert earlier.until_day is not None
        assert later.from_day == earlier.until_day + dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "regime"),
    [
        ("2024-06-01", "before_payment"),
        ("2025-09-20", "before_payment"),
        ("2025-09-21", "payment_demanded"),
        ("2026-06-09", "payment_suspended"),
        ("2026-07-01", "payment_demanded"),
        ("2026-11-01", "payment_suspended"),
    ],
)
def test_petitions_through_a_consulate_are_told_apart_by_the_day_they_were_received(day: str, regime: str) -> None:
    assert regimes_of(pd.Series([pd.Timestamp(day)])).tolist() == [regime]
    assert regime_on(dt.date.fromisoformat(day)).name == regime


def test_an_unknown_day_has_no_regime() -> None:
    assert regimes_of(pd.Series([pd.NaT])).tolist() == ["not_known"]


def test_inside_the_country_nothing_is_paid() -> None:
    for route in ("change_of_status", "transfer_or_extension"):
        assert regime_on(dt.date(2026, 1, 1), route).name == "no_payment"


def test_what_is_older_than_the_payment_counts_as_past_once_the_list_is_later() -> None:
    days = pd.Series([pd.Timestamp("2025-09-20"), pd.Timestamp("2025-09-21"), pd.NaT])
    later = pd.Series([pd.Timestamp("2026-11-01")] * 3)
    assert before_payment(days, later).tolist() == [True, False, False]
    assert not before_payment(days, pd.Series([payment_began() - pd.Timedelta(days=1)] * 3)).any()


def test_orders_end_after_they_begin_and_on_their_day() -> None:
    for order in freezes():
        assert order.until_day is not None
        assert order.from_day < order.until_day
        assert order.holds_on(order.until_day)
        assert not order.holds_on(order.until_day + dt.timedelta(days=1))
        assert not order.holds_on(order.from_day - dt.timedelta(days=1))
        assert (order.bodies == "listed_school") == bool(order.unitids)


def test_old_law_is_told() -> None:
    read = law_as_of()
    assert all(row.as_of >= read for row in (*regimes(), *freezes()))
    assert warning_on(read + dt.timedelta(days=OLD_AFTER_DAYS), read) == ""
    assert str(read) in warning_on(read + dt.timedelta(days=OLD_AFTER_DAYS + 1), read)


def test_holds_bind_listed_countries_and_end_after_they_begin() -> None:
    for hold in holds():
        assert hold.countries and hold.countries <= set(countries().values())
        assert hold.until_day is None or hold.from_day < hold.until_day
        assert hold.exceptions and hold.authority


def test_a_hold_is_over_on_the_day_after_its_last() -> None:
    [decisions] = [hold for hold in holds() if hold.id == "decisions"]
    assert decisions.until_day is not None
    later = decisions.until_day + dt.timedelta(days=1)
    assert decisions in holds_for("Iran", decisions.until_day) and decisions not in holds_for("Iran", later)
    assert holds_for("Turkmenistan", later) == () and len(holds_for("Iran", later)) == 1
