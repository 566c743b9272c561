"""Texts and rows as numbers: nulls last, the order of the columns, more values than one number holds."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from pipeline.schemas.numbers import distinct_rows, first_places, numbered, row_numbers, row_order


def test_texts_are_numbered_in_their_order_and_nulls_come_last() -> None:
    codes, distinct = numbered(pd.Series(["B", None, "A", "B"], dtype="str"))
    assert distinct.tolist() == ["A", "B"]
    assert codes.tolist() == [1, 2, 0, 1]


TEXTS = st.lists(st.sampled_from([None, "", "A", "B", "b", "é"]), max_size=8)


@given(TEXTS, st.sampled_from(["", "A", "C"]))
def test_numbers_say_what_the_column_says_and_what_is_taken_out_is_null(texts: list[str | None], out: str) -> None:
    column = pd.Series(texts, dtype="str")
    numbers = numbered(column)
    pd.testing.assert_series_equal(numbers.texts(), column)
    left = numbers.without(out)
    pd.testing.assert_series_equal(left.texts(), column.mask(column == out))
    assert out not in left.distinct.tolist() and left.distinct.is_monotonic_increasing
    backwards = np.arange(len(texts))[::-1]
    assert numbers.at(backwards).texts().tolist() == column.iloc[backwards].tolist()


def test_rows_sort_as_their_columns_do() -> None:
    one, other = np.array([1, 0, 1, 0]), np.array([0, 2, 1, 2])
    assert np.argsort(row_numbers(one, other), kind="stable").tolist() == [1, 3, 0, 2]
    first, row = distinct_rows(one, other)
    assert first.tolist() == [1, 0, 2]
    assert row.tolist() == [1, 0, 2, 0]


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([0, 1, 1 << 40])), max_size=20))
def test_equal_rows_keep_their_order(rows: list[tuple[int, int]]) -> None:
    one, other = np.array(rows, dtype="int64").reshape(-1, 2).T
    assert row_order(one, other).tolist() == np.lexsort((other, one)).tolist()


def test_the_first_place_of_each_number_is_found_and_negative_ones_count_for_nothing() -> None:
    assert first_places(np.array([-1, 1, 0, 1, 0, -1]), 2).tolist() == [2, 1]


def test_columns_of_more_values_than_a_number_holds_are_told_apart() -> None:
    large = np.array([0, 1 << 40, 1 << 40, 0])
    _, row = distinct_rows(large, large, np.array([1, 0, 1, 1]))
    assert row.tolist() == [0, 1, 2, 0]


def test_no_rows_are_no_rows() -> None:
    first, row = distinct_rows(np.array([], dtype="int64"), np.array([], dtype="int64"))
    assert len(first) == len(row) == 0
