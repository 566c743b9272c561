"""Texts and rows as whole numbers, in which they are grouped, joined and sorted at a fraction of the time.

What belongs here: how values become numbers and rows of numbers one number. What is grouped by them is the caller's matter.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

_MOST: Final = np.iinfo("int64").max


def numbered(texts: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """Return the place of each text among the distinct ones, after all for null; and the distinct ones, in order."""
    codes, distinct = pd.factorize(texts, sort=True)
    return np.where(codes < 0, len(distinct), codes), pd.Series(distinct, dtype="str")


def row_numbers(*columns: np.ndarray) -> np.ndarray:
    """Return one number for each row of columns of numbers, 0 and more: equal rows have the same, and it sorts as the columns do."""
    number, *others = columns
    size = int(number.max(initial=0)) + 1
    for column in others:
        several = int(column.max(initial=0)) + 1
        if size > _MOST // several:
            number = np.unique(number, return_inverse=True)[1]
            size = len(number)
        number, size = number * several + column, size * several
    return number


def distinct_rows(*columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of the first of the distinct rows of columns of numbers, in the order of these, and for each row which of
    them it equals."""
    _, first, row = np.unique(row_numbers(*columns), return_index=True, return_inverse=True)
    return first, row
