"""What a finding is: a signal that a source raises on a petitioner, with where it was read. How it is read is elsewhere."""

# pyright: reportAttributeAccessIssue=false
# pyarrow makes the functions of its compute module when it is imported: no type checker sees them.
from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from pipeline.schemas.frames import text_array

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


def placed(rows: pd.DataFrame, petitioners: pd.DataFrame) -> pd.DataFrame:
    """Return `rows` with the column key, position of their petitioner_id in `petitioners`; without other petitioners."""
    keys = pc.index_in(text_array(rows["petitioner_id"]), value_set=text_array(petitioners["petitioner_id"]))
    return rows[keys.is_valid().to_numpy(zero_copy_only=False)].assign(key=keys.drop_null().to_numpy())


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
