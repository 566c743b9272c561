"""The archive of a data folder as one object: its snapshots, their bytes and tables, and the rows that were quarantined.

How a file is filed is in `store`, which snapshot is used in `selection`, how tables are read in `loading`.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from pipeline.archive.loading import Loaded, load
from pipeline.archive.parsed_cache import ParsedCache
from pipeline.archive.selection import used_parts
from pipeline.archive.store import Snapshot, snapshots
from pipeline.schemas.frames import empty_frame, to_arrow, to_frame
from pipeline.schemas.parquet import replace_table
from pipeline.settings import DataFolder
from pipeline.sources.base import Source

_TABLE = "quarantine"


@dataclass(frozen=True)
class Archive:
    """The archive below `folder`, read when it is first needed and then as it was at that moment."""

    folder: DataFolder

    @functools.cached_property
    def snapshots(self) -> Mapping[str, Snapshot]:
        """All snapshots by id, in the order of their ids. Raises ArchiveError for one that is damaged."""
        return {snapshot.id: snapshot for snapshot in snapshots(self.folder.raw)}

    def load(self, source: Source, choices: pd.DataFrame) -> Loaded:
        """Read the tables of a source from those of its snapshots that table `snapshots` (choices) says are used.

        Raises SourceError for a file that no longer fits its reader, ArchiveError for changed bytes.
        """
        return load(source, used_parts(choices), self.snapshots, ParsedCache(self.folder.parsed))

    def keep_quarantined(self, source_id: str, rows: pd.DataFrame) -> None:
        """Keep what was quarantined when a source was last loaded (table `quarantine`), for `quarantined` to find."""
        replace_table(to_arrow(rows, _TABLE), self._quarantined(source_id))

    def quarantined(self, source_ids: Sequence[str]) -> pd.DataFrame:
        """Return table `quarantine` of some sources, in that order, each (snapshot, row, reason) once.

        Raises FileNotFoundError for a source that has not been loaded.
        """
        frames = [to_frame(pq.read_table(self._quarantined(source_id))) for source_id in source_ids]
        rows = pd.concat([empty_frame(_TABLE), *(frame for frame in frames if len(frame))], ignore_index=True)
        return rows.drop_duplicates(["snapshot_id", "row", "reason"], ignore_index=True)

    def _quarantined(self, source_id: str) -> Path:
        return self.folder.work / "quarantined" / f"{source_id}.parquet"
