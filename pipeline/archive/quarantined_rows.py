"""Rows and files that were quarantined when a source was loaded, kept in the work folder until table `quarantine` gathers them.

Files that no reader knows never come so far: `recognition.py` refuses them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow.parquet as pq

from pipeline.archive.store import Snapshot
from pipeline.errors import UserError
from pipeline.schemas.frames import empty_frame, to_arrow, to_frame
from pipeline.schemas.parquet import replace_table

WHOLE_FILE: Final = 0  # rows are counted from 1
_TABLE: Final = "quarantine"


def keep_quarantined(work: Path, source_id: str, rows: pd.DataFrame) -> None:
    """Keep the rows (table `quarantine`) of a source in the work folder, in place of those of the time before."""
    replace_table(to_arrow(rows, _TABLE), quarantine_of(work, source_id))


def whole_file(snapshot: Snapshot, error: UserError) -> pd.DataFrame:
    """Return the one row of table `quarantine` for a file that can't be used at all: as row WHOLE_FILE."""
    reason = str(error).removeprefix(f"{snapshot.id}: ")
    row = {
        "source": snapshot.manifest.source,
        "snapshot_id": snapshot.id,
        "row": WHOLE_FILE,
        "reason": reason,
        "content": None,
    }
    return pd.DataFrame([row]).astype({"content": "str"})


def quarantined(work: Path, source_ids: Sequence[str]) -> pd.DataFrame:
    """Return table `quarantine` of some sources, in that order, each (snapshot, row, reason) once.

    Raises FileNotFoundError for a source that has not been loaded.
    """
    frames = [to_frame(pq.read_table(quarantine_of(work, source_id))) for source_id in source_ids]
    rows = pd.concat([empty_frame(_TABLE), *(frame for frame in frames if len(frame))], ignore_index=True)
    return rows.drop_duplicates(["snapshot_id", "row", "reason"], ignore_index=True)


def counted_by_reason(rows: pd.DataFrame) -> dict[str, int]:
    """Return how many rows of table `quarantine` there are for each reason, most first."""
    return {str(reason): int(count) for reason, count in rows["reason"].value_counts().items()}


def quarantine_of(work: Path, source_id: str) -> Path:
    """Return where the quarantined rows of a source are kept."""
    return work / "quarantined" / f"{source_id}.parquet"
