"""The day of a release is the one on which its run began, also where a step is executed on the next."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any, cast

import pytest

from pipeline.release.inputs import DayError
from pipeline.resources.data import ClockResource


def clock(as_of: str = "", began: dt.datetime | None = None) -> ClockResource:
    """The clock of a step of a run that began then."""
    record = SimpleNamespace(start_time=began.timestamp() if began else None)
    instance = SimpleNamespace(get_run_record_by_id=lambda run_id: record)
    made = ClockResource(as_of=as_of)
    made.setup_for_execution(cast(Any, SimpleNamespace(instance=instance, run=SimpleNamespace(run_id="1f"))))
    return made


def test_the_day_on_which_the_run_began_counts() -> None:
    began = dt.datetime(2026, 11, 5, 23, 59, 59, tzinfo=dt.UTC)
    assert clock(began=began).today() == dt.date(2026, 11, 5)
    assert clock("2026-10-01", began).today() == dt.date(2026, 10, 1)
    assert clock().today() == ClockResource().today()


def test_a_day_that_can_not_be_is_refused() -> None:
    for day in ("9999-12-31", "0001-01-01", "tomorrow"):
        with pytest.raises(DayError):
            clock(day).today()
