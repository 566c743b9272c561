"""Where only a year is known, no day is shown, and none is taken for known."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.policies.statement_dates import in_words, last_day, year_only


@pytest.mark.parametrize(
    ("day", "kind", "words"),
    [
        ("2025-01-01", "restated", "2025"),
        ("2025-01-01", "page", "2025"),
        ("2025-01-01", "confirmed", "1 January 2025"),
        ("2023-02-09", "page", "9 February 2023"),
        (None, "page", ""),
    ],
)
def test_a_date_is_told_as_far_as_it_is_known(day: str | None, kind: str, words: str) -> None:
    assert in_words(day, kind) == words


def test_a_year_may_end_later_than_it_begins() -> None:
    dates = pd.to_datetime(pd.Series(["2025-01-01", "2025-03-05", None, "2025-01-01"]))
    kinds = pd.Series(["restated", "page", "page", "confirmed"])
    assert year_only(dates, kinds).tolist() == [True, False, False, False]
    assert last_day(dates, kinds).dt.strftime("%Y-%m-%d").tolist()[:2] == ["2025-12-31", "2025-03-05"]
    assert last_day(dates, kinds).isna().tolist() == [False, False, True, False]
