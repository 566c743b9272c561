"""Connected components: rows that pairs hold together, directly or through others. Which pairs those are is the caller's matter."""

from __future__ import annotations

from collections.abc import Iterable


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
