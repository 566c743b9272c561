"""Texts and rows as numbers: nulls last, the order of the columns, more values than one number holds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.schemas.numbers import distinct_rows, numbered, row_numbers


def test_texts_are_numbered_in_their_order_and_nulls_come_last() -> None:
    codes, distinct = numbered(pd.Series(["B", None, "A", "B"], dtype="str"))
    assert distinct.tolist() == ["A", "B"]
    assert codes.tolist() == [1, 2, 0, 1]


def test_rows_sort_as_their_columns_do() -> None:
    one, other = np.array([1, 0, 1, 0]), np.array([0, 2, 1, 2])
    assert np.argsort(row_numbers(one, other), kind="stable").tolist() == [1, 3, 0, 2]
    first, row = distinct_rows(one, other)
    assert first.tolist() == [1, 0, 2]
    assert row.tolist() == [1, 0, 2, 0]


def test_columns_of_more_values_than_a_number_holds_are_told_apart() -> None:
    large = np.array([0, 1 << 40, 1 << 40, 0])
    _, row = distinct_rows(large, large, np.array([1, 0, 1, 1]))
    assert row.tolist() == [0, 1, 2, 0]


def test_no_rows_are_no_rows() -> None:
    first, row = distinct_rows(np.array([], dtype="int64"), np.array([], dtype="int64"))
    assert len(first) == len(row) == 0
