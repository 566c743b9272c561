"""The archive opened for reading: its snapshots by id, and their bytes, which are those that were archived or an error.

What belongs here: what readers of the archive need. Filing is in `intake.py`, the files and manifests themselves in `store.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.archive.store import ArchiveError, Snapshot, changed, survey

# Snapshots that come with the package and are in every archive: facts of published policies.
SHIPPED: Final = Path(__file__).resolve().parents[1] / "reference" / "archive"


@dataclass(frozen=True)
class Archive:
    """The snapshots below one folder as they were when it was opened, and those that come with the package.

    by_id: snapshot id -> snapshot, in the order of the ids. own: how many of them lie below the folder. damaged: a line for each
    folder that is no whole snapshot.
    """

    by_id: Mapping[str, Snapshot]
    own: int = 0
    damaged: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Snapshot]:
        """Iterate over all snapshots, in the order of their ids."""
        return iter(self.by_id.values())

    def snapshot(self, snapshot_id: str) -> Snapshot:
        """Return the snapshot of that id. Raises ArchiveError if there is none."""
        if snapshot_id not in self.by_id:
            raise ArchiveError(f"{snapshot_id}: there is no such snapshot in the archive. Restore it from a backup")
        return self.by_id[snapshot_id]

    def of_source(self, source_id: str) -> list[Snapshot]:
        """Return the snapshots of one source, in the order of their ids."""
        return [snapshot for snapshot in self if snapshot.manifest.source == source_id]

    def read_bytes(self, snapshot_id: str) -> bytes:
        """Return the bytes of a snapshot. Raises ArchiveError if there is none, or if they aren't those that were archived."""
        snapshot = self.snapshot(snapshot_id)
        content = snapshot.path.read_bytes()
        if hashlib.sha256(content).hexdigest() != snapshot.manifest.sha256:
            raise changed(snapshot)
        return content


def open_archive(raw: Path) -> Archive:
    """Open the archive `raw`, also one that is still empty. Raises OSError where the folder can't be read."""
    held, shipped = survey(raw), survey(SHIPPED)
    everything = {snapshot.id: snapshot for snapshot in (*shipped.snapshots, *held.snapshots)}
    return Archive(dict(sorted(everything.items())), len(held.snapshots), (*held.damaged, *shipped.damaged))
