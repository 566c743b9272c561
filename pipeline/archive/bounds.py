"""Whether a source is as large as it should be. The bounds themselves are with the sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from pipeline.sources.base import Source


@dataclass(frozen=True)
class Size:
    """How a source measures against its bounds.

    problems: a line for each bound that is broken. grave: whether its reader may no longer fit the source.
    quarantined_share: rows quarantined, of all rows of the parts that are used.
    """

    problems: tuple[str, ...]
    grave: bool
    quarantined_share: float


def measure(source: Source, snapshots: pd.DataFrame, quarantined: int) -> Size:
    """Compare the rows of the full, real parts in use (table `snapshots`) and the rows quarantined with the source's bounds.

    Fewer rows than the lower bound and too many quarantined are grave; more than the upper bound are a problem.
    """
    bounds = source.bounds
    parts = snapshots[(snapshots["source"] == source.id) & snapshots["used"].astype("bool")]
    full = parts[(parts["coverage"] == "full") & ~parts["sample"].astype("bool")]
    few = full[full["rows_in"] < bounds.lower]
    many = full[full["rows_in"] > bounds.upper]
    share = quarantined / max(int(parts["rows_in"].sum()) + quarantined, 1)
    excessive = share > bounds.quarantine_share
    problems = [*_rows(few, f"at least {bounds.lower:,}"), *_rows(many, f"at most {bounds.upper:,}")]
    if excessive:
        problems.append(
            f"{share:.2%} of the rows are quarantined, at most {bounds.quarantine_share:.2%} may be; see the quarantine"
        )
    return Size(tuple(problems), bool(len(few)) or excessive, float(share))


def _rows(parts: pd.DataFrame, expected: str) -> Iterator[str]:
    for row in parts.itertuples():
        yield f"{row.part} of {row.snapshot_id} has {row.rows_in:,} rows, {expected} are expected"
