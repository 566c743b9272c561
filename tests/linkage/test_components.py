"""Connected components by columns, held against the same by hand."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.linkage.components import first_rows, root

ROWS = 12
PAIRS = st.lists(st.tuples(st.integers(0, ROWS - 1), st.integers(0, ROWS - 1)), max_size=20)


@given(PAIRS)
def test_the_first_row_of_a_component_is_that_of_joining_pair_by_pair(pairs: list[tuple[int, int]]) -> None:
    parent = list(range(ROWS))
    for one, other in pairs:
        ends = sorted((root(parent, one), root(parent, other)))
        parent[ends[1]] = ends[0]
    found = first_rows(ROWS, np.array(pairs, dtype="int64").reshape(-1, 2))
    assert found.tolist() == [root(parent, row) for row in range(ROWS)]


def test_a_long_chain_is_one_component() -> None:
    rows = np.random.default_rng(1).permutation(1000)
    assert set(first_rows(1000, np.column_stack([rows[:-1], rows[1:]])).tolist()) == {0}
