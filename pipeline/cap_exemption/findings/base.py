"""What a finding is: a signal that a source raises on a petitioner, with where it was read. How it is read is elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

# Tables of public registers by their name in the registry. An absent one yields no finding.
Tables = Mapping[str, pd.DataFrame]

# key: position of the petitioner; how: one of RESOLUTION; the rest: fields of the EVIDENCE it is published as.
FINDING: Final = ("key", "signal", "source", "snapshot", "locator", "field", "value", "strength", "how")


def no_findings() -> pd.DataFrame:
    """Return a frame of findings without a row."""
    return pd.DataFrame({name: pd.Series(dtype="int64" if name == "key" else "str") for name in FINDING})


def at_hand(tables: Tables) -> dict[str, pd.DataFrame]:
    """Return the tables that have a row: an empty one is an absent one."""
    return {name: table for name, table in tables.items() if len(table)}


def source_of(snapshots: pd.Series) -> pd.Series:
    """Return the source id of each snapshot id, which is `<source>/<day>_<digest>`."""
    return snapshots.astype("str").str.split("/").str[0]


def finding(
    rows: pd.DataFrame, mask: pd.Series | np.ndarray, signal: str, field: str, value: pd.Series, strength: str
) -> pd.DataFrame:
    """Return findings for those rows of `lookup` where `mask` holds; a similar name alone counts as C.

    field: the source's own name of what was read; value: what it says there.
    """
    kept = rows[mask]
    return pd.DataFrame(
        {
            "key": kept["key"],
            "signal": signal,
            "source": source_of(kept["snapshot_id"]),
            "snapshot": kept["snapshot_id"],
            "locator": kept["id"],
            "field": field,
            "value": value[mask],
            "strength": np.where(kept["how"] == "fuzzy", "C", strength),
            "how": kept["how"],
        }
    )
