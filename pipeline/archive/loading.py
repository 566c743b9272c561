"""From the archive to typed tables: the chosen snapshots of one source, read and merged.

What belongs here: which rows of which snapshot count. Which snapshot is used for a part is chosen in `selection.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipeline.archive.packed import plain_file
from pipeline.archive.parsed_cache import ParsedCache
from pipeline.archive.parsing import faults_of_file, parse
from pipeline.archive.quarantined_rows import whole_file
from pipeline.archive.reading import Archive
from pipeline.archive.selection import Choice, choices_frame, choose, replaceable, used_parts
from pipeline.archive.store import Snapshot, recency, verify
from pipeline.forked import forked
from pipeline.schemas.frames import empty_frame
from pipeline.schemas.registry import table
from pipeline.sources.base import Hints, Parsed, Source, SourceError
from pipeline.sources.probe import probe

_TRUST, _AGE, _RANK = "_trust", "_age", "_rank"
_ORDER = [_TRUST, _AGE, _RANK]
_LARGE: Final = 4 << 20  # bytes; fewer are read sooner than a copy of the process is made


@dataclass(frozen=True)
class Loaded:
    """What the snapshots of one source hold. tables: by name, in the columns of the registry; quarantine: table `quarantine`."""

    tables: dict[str, pd.DataFrame]
    quarantine: pd.DataFrame


def load(
    source: Source,
    used: Mapping[str, set[str]],
    archive: Archive,
    cache: ParsedCache | None = None,
) -> Loaded:
    """Read the snapshots of `source` that are `used` (snapshot id -> parts); rows of parts taken from elsewhere are left out.

    Where rows of several snapshots share a key, the more trusted layout comes first, then the later year for which a row holds (in
    tables that state it), then the newer snapshot; gaps are filled from the others. What large files held is kept in `cache`.
    A file that can't be read is quarantined whole. Raises ArchiveError for changed bytes and for a snapshot that is not there.
    """
    frames, quarantined, own = _ranked(source, used, archive, cache)
    if cache:
        cache.keep_only(source.id, own)
    tables = {name: _merged(source, name, frames[name]) for name in source.tables}
    quarantine = pd.concat(
        [empty_frame("quarantine"), *(frame for frame in quarantined if len(frame))], ignore_index=True
    )
    return Loaded(tables, quarantine)


def _ranked(
    source: Source, used: Mapping[str, set[str]], archive: Archive, cache: ParsedCache | None
) -> tuple[dict[str, list[pd.DataFrame]], list[pd.DataFrame], list[Snapshot]]:
    """Return what the snapshots of `source` among `used` hold: frames by table with the columns _ORDER, quarantined rows, snapshots."""
    chosen = [archive.snapshot(snapshot_id) for snapshot_id in used]
    own = [snapshot for snapshot in chosen if snapshot.manifest.source == source.id]
    frames: dict[str, list[pd.DataFrame]] = defaultdict(list)
    quarantined: list[pd.DataFrame] = []
    ordered = _most_trusted_first(source, own)
    for rank, (snapshot, parsed) in enumerate(zip(ordered, _read_all(source, ordered, cache), strict=True)):
        if isinstance(parsed, pd.DataFrame):
            quarantined.append(parsed)
            continue
        for name, frame in parsed.tables.items():
            own_rows = _only(source, frame, used[snapshot.id]) if name == source.tables[0] else frame
            order = {
                _TRUST: source.place_of(snapshot.manifest.layout),
                _AGE: _age(source, name, own_rows, snapshot),
                _RANK: rank,
            }
            frames[name].append(own_rows.assign(snapshot_id=snapshot.id, **order))
        quarantined.append(parsed.quarantine.assign(source=source.id, snapshot_id=snapshot.id))
    return frames, quarantined, own


def ranked_rows(
    source: Source, name: str, used: Mapping[str, set[str]], archive: Archive, cache: ParsedCache | None = None
) -> pd.DataFrame:
    """Return the rows of table `name` of all snapshots of `used`, those that come first first, with their snapshot_id.

    Rows of one key are not merged: the first of them is what `load` takes, the others fill its gaps. Raises as `load`.
    """
    frames = _ranked(source, used, archive, cache)[0][name]
    if not frames:
        return empty_frame(name)
    rows = pd.concat(frames, ignore_index=True).sort_values(_ORDER, kind="stable")
    return rows.drop(columns=_ORDER).reset_index(drop=True)


def load_chosen(source: Source, archive: Archive, cache: ParsedCache | None = None) -> Loaded:
    """Choose among the snapshots of one source and read them. Returns and raises as `load`."""
    used = used_parts(choices_frame(choose_readable(archive.of_source(source.id), [source], cache)))
    return load(source, used, archive, cache)


def choose_readable(
    snapshots: Collection[Snapshot], sources: Collection[Source], cache: ParsedCache | None = None
) -> list[Choice]:
    """Choose among snapshots as `choose` does; where one that can't be read would be used, what was used before it stays in use.

    Only files of `sources` that the gate watches and in whose place another could stand are tried, once for each version of their
    readers. One that nothing can stand for is chosen all the same: `load` quarantines it. Raises ArchiveError for changed bytes.
    """
    if cache:
        _keep_slow({source.id: source for source in sources}, choose(snapshots), cache)
    watched = {source.id: source for source in sources if source.watched}
    tried: dict[str, str] = {}
    while True:
        choices = choose(snapshots, tried)
        more = [one for one in replaceable(choices) if one.manifest.source in watched and one.id not in tried]
        tried |= {one.id: _why_unreadable(watched[one.manifest.source], one, cache) for one in more}
        if not any(tried[one.id] for one in more):
            return choices


def _keep_slow(sources: Mapping[str, Source], choices: Collection[Choice], cache: ParsedCache) -> None:
    """Read what would be used, takes long and isn't kept yet, as after an upgrade: on both cores, before it is wanted file by file."""
    used = {choice.snapshot.id: choice.snapshot for choice in choices if choice.used}
    slow = [
        (source, snapshot)
        for snapshot in sorted(used.values(), key=lambda one: (_is_pdf(one), one.manifest.bytes), reverse=True)
        if (source := sources.get(snapshot.manifest.source)) and _takes_long(source, snapshot, cache)
    ]
    if len(slow) > 1:
        with forked(_keep_each, slow[1::2], cache) as others:
            _keep_each(slow[::2], cache)
            others()


def _takes_long(source: Source, snapshot: Snapshot, cache: ParsedCache) -> bool:
    layout = source.layout(snapshot.manifest.layout)
    return layout is not None and cache.files_apart(snapshot, layout) and not cache.has(snapshot, layout)


def _keep_each(slow: Collection[tuple[Source, Snapshot]], cache: ParsedCache) -> None:
    for source, snapshot in slow:
        _read_or_set_aside(source, snapshot, cache)


def _why_unreadable(source: Source, snapshot: Snapshot, cache: ParsedCache | None) -> str:
    """Return why a snapshot can't be read, "" where it can."""
    layout = source.layout(snapshot.manifest.layout)
    if cache and layout and cache.has(snapshot, layout):
        return ""
    try:
        read_snapshot(source, snapshot, cache)
    except SourceError as error:
        return str(error).removeprefix(f"{snapshot.id}: ")
    return ""


def _most_trusted_first(source: Source, snapshots: list[Snapshot]) -> list[Snapshot]:
    """Sort by layout, the more trusted first, then from the newest to the oldest."""
    newest_first = sorted(snapshots, key=recency, reverse=True)
    return sorted(newest_first, key=lambda snapshot: source.place_of(snapshot.manifest.layout))


def _age(source: Source, name: str, rows: pd.DataFrame, snapshot: Snapshot) -> pd.Series | int:
    """Return how many years before 2100 each row holds, 0 in tables without years. A row without a year is as old as its file."""
    if (column := source.year_of.get(name)) is None:
        return 0
    filed = int((snapshot.manifest.retrieved_at or snapshot.manifest.added_at)[:4])
    if column not in rows:
        return 2100 - filed
    return 2100 - rows[column].fillna(filed).astype("int64")


def _read_all(source: Source, snapshots: list[Snapshot], cache: ParsedCache | None) -> list[Parsed | pd.DataFrame]:
    """Return what each snapshot holds, and for one that can't be read its row of table `quarantine`; large ones on both cores."""
    slow = sum(snapshot.manifest.bytes for snapshot in snapshots) >= _LARGE or sum(map(_is_pdf, snapshots)) > 1
    if not slow or len(snapshots) < 2:
        return _read_each(source, snapshots, cache)
    found: list[Parsed | pd.DataFrame] = [empty_frame("quarantine")] * len(snapshots)
    with forked(_read_each, source, snapshots[1::2], cache) as others:
        found[::2] = _read_each(source, snapshots[::2], cache)
        found[1::2] = others()
    for snapshot, parsed in zip(snapshots[1::2], found[1::2], strict=True):
        if cache and isinstance(parsed, Parsed):
            cache.know(snapshot, parsed)
    return found


def _is_pdf(snapshot: Snapshot) -> bool:
    return snapshot.path.suffix.lower() == ".pdf"


def _read_each(source: Source, snapshots: list[Snapshot], cache: ParsedCache | None) -> list[Parsed | pd.DataFrame]:
    return [_read_or_set_aside(source, snapshot, cache) for snapshot in snapshots]


def _read_or_set_aside(source: Source, snapshot: Snapshot, cache: ParsedCache | None) -> Parsed | pd.DataFrame:
    try:
        return read_snapshot(source, snapshot, cache)
    except SourceError as error:
        return whole_file(snapshot, error)


def read_snapshot(source: Source, snapshot: Snapshot, cache: ParsedCache | None = None) -> Parsed:
    """Return what a snapshot of `source` holds. Raises SourceError where it can't be read, ArchiveError for changed bytes."""
    verify(snapshot)
    manifest = snapshot.manifest
    layout = source.layout(manifest.layout)
    assert layout is not None, f"{snapshot.id} was chosen, and no reader knows its layout"

    def read() -> Parsed:
        hints = Hints({"retrieved_on": manifest.added_at[:10], **manifest.hints, "snapshot_id": snapshot.id})
        with plain_file(snapshot) as path:
            with faults_of_file(snapshot.id):
                probed = probe(path, snapshot.id)
            return parse(source, probed, layout, hints)

    return cache.read(snapshot, layout, read) if cache else read()


def _only(source: Source, frame: pd.DataFrame, parts: set[str]) -> pd.DataFrame:
    """Return the rows that belong to `parts`."""
    return frame if source.part_of is None else frame[source.part_of(frame).isin(parts)]


def _merged(source: Source, name: str, frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Merge the frames of one table: by key, values of the most trusted and latest row first, gaps filled from the others."""
    frames = [frame for frame in frames if len(frame)]
    if not frames:
        return empty_frame(name)
    rows = pd.concat(frames, ignore_index=True)
    key = list(table(name).key)
    if (group := source.whole_by.get(name)) is not None:
        rows = rows[rows[_RANK] == rows.groupby(group)[_RANK].transform("min")]
    if key and rows.duplicated(key).any():
        rows = rows.sort_values(_ORDER, kind="stable").groupby(key, as_index=False, sort=True).first()
    return rows.drop(columns=_ORDER).reset_index(drop=True)
