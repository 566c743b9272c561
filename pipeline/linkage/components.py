"""Connected components: rows that pairs hold together, directly or through others. Which pairs those are is the caller's matter."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from pipeline.schemas.numbers import row_numbers


def first_rows(rows: int, pairs: np.ndarray) -> np.ndarray:
    """Return the first row of the component of each row 0, 1, …; pairs: two columns, rows that are joined."""
    first = np.arange(rows)
    left, right = pairs[:, 0], pairs[:, 1]
    while len(left):
        ends = first[left], first[right]
        np.minimum.at(first, np.maximum(*ends), np.minimum(*ends))
        while not np.array_equal(further := first[first], first):
            first = further
        apart = first[left] != first[right]
        left, right = left[apart], right[apart]
    return first


def chain(rows: np.ndarray, homes: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Return pairs of rows, two columns, that hold together those of the same home and code: each with the next one, in some order."""
    number = row_numbers(homes, codes - codes.min(initial=0))
    order = np.argsort(number)
    number, rows = number[order], rows[order]
    same = number[1:] == number[:-1]
    return np.column_stack([rows[:-1][same], rows[1:][same]])


def join(parent: list[int], pairs: Iterable[tuple[int, int]]) -> None:
    """Join the components of each pair of rows; `parent` begins as `list(range(rows))` and is changed in place."""
    for row, other in pairs:
        one, two = root(parent, row), root(parent, other)
        if one != two:
            parent[max(one, two)] = min(one, two)


def root(parent: list[int], row: int) -> int:
    """Return the first row of the component of `row`; the way there is shortened in `parent`."""
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = parent[row]
    return row
