"""Rows of a source that do not fit the registry: they are quarantined like those that its reader could not use.

What belongs here: rows that were read. What a table must satisfy is in the registry, and checked by `schemas.checks`.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipeline.archive.loading import Loaded
from pipeline.schemas.checks import Fit, fit_table, misfits
from pipeline.schemas.frames import SchemaError
from pipeline.sources.base import CONTENT_LIMIT


def fitting(loaded: Loaded, source_id: str) -> tuple[dict[str, Fit], pd.DataFrame]:
    """Return the tables of a source, by name, without rows that don't fit them, and its quarantine (table `quarantine`) with these.

    Such a row is numbered by its place in the table, since the place in the file is no longer known. Raises SchemaError where
    not the rows but the columns don't fit: a bug of the reader.
    """
    fits: dict[str, Fit] = {}
    quarantined = [loaded.quarantine]
    for name, frame in loaded.tables.items():
        fit = _fit(frame, name)
        if fit is None or fit.violations:
            reasons = misfits(frame, name)
            quarantined.append(_set_aside(frame, reasons, name, source_id))
            fit = fit_table(frame.drop(index=list(reasons.index)), name)
        fits[name] = fit
    return fits, pd.concat(quarantined, ignore_index=True)


def _fit(frame: pd.DataFrame, name: str) -> Fit | None:
    """Return the table as it is, None where its columns hold what they can't."""
    try:
        return fit_table(frame, name)
    except SchemaError:
        return None


def _set_aside(frame: pd.DataFrame, reasons: pd.Series, name: str, source_id: str) -> pd.DataFrame:
    rows = frame.loc[list(reasons.index)]
    content = [",".join(map(_cell, row))[:CONTENT_LIMIT] for row in rows.drop(columns="snapshot_id").to_numpy(object)]
    return pd.DataFrame(
        {
            "source": source_id,
            "snapshot_id": rows["snapshot_id"].to_numpy(),
            "row": frame.index.get_indexer(rows.index) + 1,
            "reason": [f"row of table {name}: {reason}" for reason in reasons],
            "content": pd.Series(content, dtype="str"),
        }
    )


def _cell(value: Any) -> str:
    return "" if pd.api.types.is_scalar(value) and pd.isna(value) else str(value)
