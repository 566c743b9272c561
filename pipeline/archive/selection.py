"""Which snapshot stands for which part of a source. Parts never add up: for each, one snapshot is used and the rest are listed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import pandas as pd

from pipeline.archive.store import Snapshot
from pipeline.schemas.registry import table
from pipeline.sources.base import Part


@dataclass(frozen=True)
class Choice:
    """One part of one snapshot, and whether it is used. `reason` says why not."""

    snapshot: Snapshot
    part: Part
    used: bool
    reason: str | None = None


def choose(snapshots: list[Snapshot]) -> list[Choice]:
    """A choice for every part of every snapshot, by source, part and rank.

    Real before sample, full before partial; among full ones the newest, among partial ones the one with the most rows.
    """
    rivals: dict[tuple[str, str], list[tuple[Snapshot, Part]]] = defaultdict(list)
    for snapshot in snapshots:
        for part in snapshot.manifest.coverage:
            rivals[snapshot.manifest.source, part.name].append((snapshot, part))
    choices: list[Choice] = []
    for key in sorted(rivals):
        ranked = sorted(rivals[key], key=lambda rival: _rank(*rival), reverse=True)
        winner, won = ranked[0]
        choices.append(Choice(winner, won, used=True))
        choices += [
            Choice(loser, part, used=False, reason=_why(winner, won, loser, part)) for loser, part in ranked[1:]
        ]
    return choices


def _rank(snapshot: Snapshot, part: Part) -> tuple[bool, bool, int, str, str]:
    return (
        not snapshot.manifest.sample,
        part.full,
        0 if part.full else part.rows,
        snapshot.manifest.added_at,
        snapshot.id,
    )


def _why(winner: Snapshot, won: Part, loser: Snapshot, part: Part) -> str:
    if loser.manifest.sample and not winner.manifest.sample:
        return f"a sample, and {winner.id} is real"
    if won.full and not part.full:
        return f"partial ({part.note or 'not the whole'}), and {winner.id} is full"
    if not won.full and won.rows != part.rows:
        return f"{part.rows:,} rows, and {winner.id} has {won.rows:,}"
    return f"older than {winner.id}"


def choices_frame(choices: list[Choice]) -> pd.DataFrame:
    """The choices as table `snapshots`."""
    return pd.DataFrame(
        [
            {
                "snapshot_id": choice.snapshot.id,
                "source": choice.snapshot.manifest.source,
                "layout": choice.snapshot.manifest.layout,
                "part": choice.part.name,
                "coverage": "full" if choice.part.full else "partial",
                "coverage_note": choice.part.note or None,
                "sample": choice.snapshot.manifest.sample,
                "used": choice.used,
                "unused_reason": choice.reason,
                "rows_in": choice.part.rows,
                "added_on": pd.Timestamp(choice.snapshot.manifest.added_at[:10]),
                "original_name": choice.snapshot.manifest.original_name,
                "url": choice.snapshot.manifest.url,
                "sha256": choice.snapshot.manifest.sha256,
                "licence": choice.snapshot.manifest.licence,
            }
            for choice in choices
        ],
        columns=list(table("snapshots").columns),
    )


def used_parts(frame: pd.DataFrame) -> dict[str, set[str]]:
    """Snapshot id -> the parts taken from it, of a table `snapshots`."""
    used = frame[frame["used"].astype("bool")]
    return {str(snapshot_id): set(parts) for snapshot_id, parts in used.groupby("snapshot_id")["part"]}
