"""What decides what a release says: its inputs, and the id that is a hash of them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.schemas.registry import SCHEMA_VERSION


@dataclass(frozen=True)
class ReleaseInputs:
    """All that decides what a release says: its id is a hash of these.

    previous: id of the release that this one tells changes from; None for the first.
    """

    as_of: dt.date
    code_version: str
    snapshots: tuple[Mapping[str, Any], ...]
    previous: str | None = None

    @property
    def release_id(self) -> str:
        """`<as of>_<hash8>`: the same inputs give the same id."""
        parts = [self.as_of.isoformat(), self.code_version, SCHEMA_VERSION, list(self.snapshots)]
        raw = json.dumps([*parts, self.previous] if self.previous else parts, sort_keys=True)
        return f"{self.as_of.isoformat()}_{hashlib.sha256(raw.encode()).hexdigest()[:8]}"

    @property
    def sample(self) -> bool:
        """Whether any snapshot used is of the embedded sample."""
        return any(snapshot["sample"] for snapshot in self.snapshots)


def describe_snapshots(rows: Sequence[Any]) -> tuple[dict[str, Any], ...]:
    """The used snapshots for the manifest, by id: id, sha256, parts, sample."""
    by_id: dict[str, dict[str, Any]] = {}
    for row in rows:
        entry = by_id.setdefault(
            row.snapshot_id, {"id": row.snapshot_id, "sha256": row.sha256, "sample": bool(row.sample), "parts": []}
        )
        entry["parts"].append(row.part)
    return tuple({**entry, "parts": sorted(entry["parts"])} for _, entry in sorted(by_id.items()))
