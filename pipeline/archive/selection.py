"""Which snapshot is used for which part of a source: for each part one, and the rest are listed; of additive layouts all.

What belongs here: choosing by manifests alone; files are read in `loading.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from pipeline.archive.store import Snapshot, recency
from pipeline.schemas.registry import table
from pipeline.sources.base import Part
from pipeline.sources.catalogue import SOURCES

HELD: Final = "held back: "
UNREADABLE: Final = "can't be read: "


@dataclass(frozen=True)
class Choice:
    """One part of one snapshot, and whether it is used; reason: why not, in a phrase, with HELD or UNREADABLE before it for these."""

    snapshot: Snapshot
    part: Part
    used: bool
    reason: str | None = None


def choose(snapshots: Iterable[Snapshot], unreadable: Mapping[str, str] | None = None) -> list[Choice]:
    """Choose a snapshot for every part of every source. Returns a choice a part and snapshot, by source, part and rank.

    Real before sample, full before partial; among full ones that in the best layout (`Source.precedence`), then the newest (see
    `recency`), among partial ones the one with the most rows. With a snapshot in an additive layout all others in it are used,
    samples only with samples. A snapshot in a layout that no reader knows any longer is never used, nor one that is held back and
    that nobody accepted, nor one of the `unreadable` (snapshot id -> why).
    """
    barred: dict[str, str] = {}
    rivals: dict[tuple[str, str], list[tuple[Snapshot, Part]]] = defaultdict(list)
    for snapshot in snapshots:
        barred[snapshot.id] = _barred(snapshot, (unreadable or {}).get(snapshot.id, ""))
        for part in snapshot.manifest.coverage:
            rivals[snapshot.manifest.source, part.name].append((snapshot, part))
    choices: list[Choice] = []
    for key in sorted(rivals):
        ranked = sorted(rivals[key], key=lambda rival: (not barred[rival[0].id], _rank(*rival)), reverse=True)
        winner, won = ranked[0]
        for snapshot, part in ranked:
            used = not barred[snapshot.id] and (snapshot is winner or _adds_up(winner, snapshot))
            reason = None if used else barred[snapshot.id] or _why_not(winner, won, snapshot, part)
            choices.append(Choice(snapshot, part, used=reason is None, reason=reason))
    return choices


def replaceable(choices: Iterable[Choice]) -> list[Snapshot]:
    """Return the snapshots in use in whose place others could stand for a part; a sample never stands for a real file."""
    by_part: dict[tuple[str, str], list[Choice]] = defaultdict(list)
    for choice in choices:
        unreadable = (choice.reason or "").startswith(UNREADABLE)
        if not unreadable and not _barred(choice.snapshot, ""):
            by_part[choice.snapshot.manifest.source, choice.part.name].append(choice)
    found = {
        one.snapshot.id: one.snapshot
        for rivals in by_part.values()
        for one in rivals
        if one.used and any(not other.used and not other.snapshot.manifest.sample for other in rivals)
    }
    return list(found.values())


def _rank(snapshot: Snapshot, part: Part) -> tuple[bool, bool, int, int, tuple[str, str, str, int, str]]:
    return (
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


def _barred(snapshot: Snapshot, unreadable: str) -> str:
    """Return why a snapshot is used for no part, in a phrase; "" where it may be. unreadable: why it can't be read."""
    if not _known(snapshot):
        return f"layout {snapshot.manifest.layout} of {snapshot.manifest.source} is no longer read"
    if snapshot.held_back:
        return f"{HELD}{snapshot.held_back}"
    return f"{UNREADABLE}{unreadable}" if unreadable else ""


def _known(snapshot: Snapshot) -> bool:
    """Decide whether a reader knows the snapshot's layout: an archive outlives readers."""
    manifest = snapshot.manifest
    return any(source.id == manifest.source and source.layout(manifest.layout) for source in SOURCES)


def _adds_up(winner: Snapshot, other: Snapshot) -> bool:
    """Decide whether `other` is merged with `winner` row by row."""
    one, two = winner.manifest, other.manifest
    additive = any(source.id == one.source and {one.layout, two.layout} <= set(source.additive) for source in SOURCES)
    return additive and one.sample == two.sample


def _why_not(winner: Snapshot, won: Part, loser: Snapshot, part: Part) -> str:
    """Return the reason why `loser`, which could be used for a part, isn't, in a phrase."""
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


def held_back(snapshots: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the files of a table `snapshots` that are held back, by the gate or since they can't be read, each with reason and parts."""
    reasons = snapshots["unused_reason"].fillna("").astype("str")
    held = snapshots.assign(reason=reasons.str.removeprefix(HELD))[reasons.str.startswith((HELD, UNREADABLE))]
    return [
        {"snapshot_id": snapshot_id, "source": source, "reason": reason, "parts": sorted(rows["part"].astype("str"))}
        for (snapshot_id, source, reason), rows in held.groupby(["snapshot_id", "source", "reason"])
    ]
