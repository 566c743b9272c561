"""Which snapshot is used for which part of a source: for each part one, and the rest are listed; of additive layouts all.

What belongs here: choosing by manifests alone; files are read in `loading.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from pipeline.archive.store import Snapshot, recency
from pipeline.schemas.registry import table
from pipeline.sources.base import Part
from pipeline.sources.catalogue import SOURCES


@dataclass(frozen=True)
class Choice:
    """One part of one snapshot, and whether it is used; reason: why not, in a phrase."""

    snapshot: Snapshot
    part: Part
    used: bool
    reason: str | None = None


def choose(snapshots: Iterable[Snapshot]) -> list[Choice]:
    """Choose a snapshot for every part of every source. Returns a choice a part and snapshot, by source, part and rank.

    Real before sample, full before partial; among full ones that in the best layout (`Source.precedence`), then the newest (see
    `recency`), among partial ones the one with the most rows. With a snapshot in an additive layout all others in it are used,
    samples only with samples. A snapshot in a layout that no reader knows any longer is never used, nor one that is held back and
    that nobody accepted.
    """
    rivals: dict[tuple[str, str], list[tuple[Snapshot, Part]]] = defaultdict(list)
    for snapshot in snapshots:
        for part in snapshot.manifest.coverage:
            rivals[snapshot.manifest.source, part.name].append((snapshot, part))
    choices: list[Choice] = []
    for key in sorted(rivals):
        ranked = sorted(rivals[key], key=lambda rival: _rank(*rival), reverse=True)
        winner, won = ranked[0]
        for snapshot, part in ranked:
            used = _usable(snapshot) and (snapshot is winner or _adds_up(winner, snapshot))
            reason = None if used else _why_not(winner, won, snapshot, part)
            choices.append(Choice(snapshot, part, used=reason is None, reason=reason))
    return choices


def _rank(snapshot: Snapshot, part: Part) -> tuple[bool, bool, bool, int, int, tuple[str, str, str, int, str]]:
    return (
        _usable(snapshot),
        not snapshot.manifest.sample,
        part.full,
        0 if part.full else part.rows,
        -_place(snapshot),
        recency(snapshot),
    )


def _place(snapshot: Snapshot) -> int:
    """Return the place of the layout in its source's precedence: an old file filed today is old all the same."""
    manifest = snapshot.manifest
    return next((source.place_of(manifest.layout) for source in SOURCES if source.id == manifest.source), 0)


def _usable(snapshot: Snapshot) -> bool:
    return not snapshot.held_back and _readable(snapshot)


def _readable(snapshot: Snapshot) -> bool:
    """Decide whether a reader knows the snapshot's layout: an archive outlives readers."""
    manifest = snapshot.manifest
    return any(source.id == manifest.source and source.layout(manifest.layout) for source in SOURCES)


def _adds_up(winner: Snapshot, other: Snapshot) -> bool:
    """Decide whether `other` is merged with `winner` row by row."""
    one, two = winner.manifest, other.manifest
    additive = any(source.id == one.source and {one.layout, two.layout} <= set(source.additive) for source in SOURCES)
    return additive and one.sample == two.sample


def _why_not(winner: Snapshot, won: Part, loser: Snapshot, part: Part) -> str:
    """Return the reason why `loser` isn't used for a part, in a phrase."""
    if not _readable(loser):
        return f"layout {loser.manifest.layout} of {loser.manifest.source} is no longer read"
    if loser.held_back:
        return f"held back: {loser.held_back}"
    if loser.manifest.sample and not winner.manifest.sample:
        return f"a sample, and {winner.id} is real"
    if won.full and not part.full:
        return f"partial ({part.note or 'not the whole'}), and {winner.id} is full"
    if not won.full and won.rows != part.rows:
        return f"{part.rows:,} rows, and {winner.id} has {won.rows:,}"
    return _why_not_newest(winner, loser)


def _why_not_newest(winner: Snapshot, loser: Snapshot) -> str:
    if _place(winner) != _place(loser):
        return f"layout {loser.manifest.layout}, and {winner.id} is in {winner.manifest.layout}"
    newest, older = recency(winner), recency(loser)
    if newest[:2] != older[:2]:
        return f"older than {winner.id}"
    if newest[2] != older[2]:
        return f"filed together with {winner.id}, which reaches to {newest[2]}"
    return f"filed together with {winner.id}, which {'has more rows' if newest[3] != older[3] else 'is preferred by its id'}"


def choices_frame(choices: list[Choice]) -> pd.DataFrame:
    """Return the choices as table `snapshots`, a row each."""
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
    """Return snapshot id -> the parts taken from it, of a table `snapshots`."""
    used = frame[frame["used"].astype("bool")]
    return {str(snapshot_id): set(parts) for snapshot_id, parts in used.groupby("snapshot_id")["part"]}
