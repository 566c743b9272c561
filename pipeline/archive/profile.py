"""What the rows of a part look like in figures: how many cells are blank, how many values differ, what the counts sum up to.

What belongs here: counting, once, when a file is filed. What two profiles of a part say of a file is for `snapshot_gate.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.sources.base import Parsed, Part, Source


@dataclass(frozen=True)
class Profile:
    """Figures of one full part, or of the parts of one period (`Source.period_of`). nulls: share of null cells, 0 to 1, and distinct:
    number of different values, by watched column; totals: sums by counted column."""

    part: str
    nulls: Mapping[str, float]
    distinct: Mapping[str, int]
    totals: Mapping[str, float]


def profiles(source: Source, parsed: Parsed, parts: tuple[Part, ...]) -> tuple[Profile, ...]:
    """Return the profile of each period whose parts are full and whose rows in the source's main table is known; none where the
    source watches nothing."""
    frame = parsed.tables.get(source.tables[0])
    full = {source.period_of(part.name) for part in parts} - {
        source.period_of(part.name) for part in parts if not part.full
    }
    if not source.watched or frame is None or not len(frame) or not full:
        return ()
    return tuple(_profile(source, name, rows) for name, rows in _rows_by_period(source, frame, parts) if name in full)


def _rows_by_period(source: Source, frame: pd.DataFrame, parts: tuple[Part, ...]) -> Iterator[tuple[str, pd.DataFrame]]:
    if len(parts) == 1:
        yield source.period_of(parts[0].name), frame
    elif source.part_of is not None:
        for name, rows in frame.groupby(source.part_of(frame).map(source.period_of), sort=True):
            yield str(name), rows


def _profile(source: Source, part: str, rows: pd.DataFrame) -> Profile:
    watched = rows[[name for name in source.watched if name in rows]]
    counted = rows[[name for name in source.totals if name in rows]]
    return Profile(
        part,
        {str(name): round(float(share), 4) for name, share in watched.isna().mean().items()},
        {str(name): int(count) for name, count in watched.nunique().items()},
        {str(name): float(total) for name, total in counted.sum().items()},
    )
