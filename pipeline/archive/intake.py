"""The border: files that a person brings are recognised by content, parsed once as a trial, and filed or refused."""

from __future__ import annotations

import datetime as dt
import difflib
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from pipeline.archive.parsed_cache import ParsedCache
from pipeline.archive.store import Manifest, Snapshot, file_away, sha256_of, snapshots
from pipeline.archive.unpack import Offered, is_zip_of_files, members, walk
from pipeline.sources.base import Hints, Layout, Probe, Source, SourceError
from pipeline.sources.probe import probe

Verdict = Literal["took", "skipped", "refused"]
MAX_NAME: Final = 150
Known = defaultdict[tuple[str, str], list[Manifest]]


@dataclass(frozen=True)
class Outcome:
    """What became of one file, and why in a line."""

    label: str
    verdict: Verdict
    detail: str
    snapshot_id: str | None = None


@dataclass(frozen=True)
class Provenance:
    """What is said of the files that are added: hints for the reader, url, day of retrieval, whether they are a sample,

    and what the server said of the version (etag, last_modified).
    """

    hints: Mapping[str, str] = field(default_factory=dict)
    url: str | None = None
    retrieved_at: str | None = None
    sample: bool = False
    etag: str | None = None
    last_modified: str | None = None


def add(
    paths: Sequence[Path],
    raw: Path,
    sources: Sequence[Source],
    clock: Callable[[], dt.datetime],
    provenance: Provenance | None = None,
    cache: ParsedCache | None = None,
) -> Iterator[Outcome]:
    """File what is recognised among `paths` (files, folders, zip archives) into the archive `raw`; one outcome a file.

    Refusing one file never stops the others. Nothing is written outside `raw`, a temporary folder and `cache`, which keeps what
    was read of large tables for the next refresh.
    """
    provenance = provenance or Provenance()
    known = known_files(snapshots(raw))
    for path in walk(list(paths)):
        for offered in _offers(path):
            if isinstance(offered, Outcome):
                yield offered
                continue
            yield add_one(offered, raw, sources, clock(), provenance, known, cache=cache)


def known_files(archived: Iterable[Snapshot]) -> Known:
    """What `add_one` must know of the archive: manifests by source and bytes."""
    known: Known = defaultdict(list)
    for snapshot in archived:
        known[snapshot.manifest.source, snapshot.manifest.sha256].append(snapshot.manifest)
    return known


def _offers(path: Path) -> Iterator[Offered | Outcome]:
    if not path.exists():
        yield Outcome(str(path), "refused", "there is no such file. Check the path")
    elif not is_zip_of_files(path):
        yield Offered(path, path.name, path.name)
    else:
        with tempfile.TemporaryDirectory(prefix="h1b-sponsors-") as folder:
            try:
                yield from members(path, Path(folder))
            except SourceError as error:
                yield Outcome(path.name, "refused", str(error))


def add_one(
    offered: Offered,
    raw: Path,
    sources: Sequence[Source],
    now: dt.datetime,
    provenance: Provenance,
    known: Known,
    *,
    again: bool = False,
    cache: ParsedCache | None = None,
) -> Outcome:
    """File one file into the archive `raw`, or say why not; `known` learns of it. Not for several threads at once.

    again: file it also if the same bytes lie there: a page may go back to what it said before.
    """
    try:
        probed = probe(offered.path, offered.label)
        source, layout = recognise(probed, sources)
        digest = sha256_of(offered.path)
        hints = Hints(
            dict(provenance.hints) | ({"url": provenance.url} if provenance.url else {}) | _retrieved(provenance, now)
        )
        about = {name: value for name, value in hints.values.items() if name not in {"retrieved_on", "covers"}}
        earlier = known[source.id, digest]
        there = next((manifest.snapshot_id for manifest in earlier if manifest.about == about), None)
        if there is not None and not again:
            return Outcome(offered.label, "skipped", f"already there as {there}", there)
        parsed = source.read(probed, layout, hints)
        parts = source.parts(parsed, hints)
        if not parsed.rows_kept or not parts:
            raise SourceError(
                offered.label, "no usable row", remedy="Look at the file: it may be cut off, or hold only a header"
            )
    except SourceError as error:
        return Outcome(offered.label, "refused", str(error))
    manifest = Manifest(
        source=source.id,
        layout=layout.name,
        original_name=_safe_name(offered.name),
        added_at=now.astimezone(dt.UTC).isoformat(timespec="seconds"),
        sha256=digest,
        bytes=offered.path.stat().st_size,
        licence=source.licence,
        sample=provenance.sample,
        rows_in=parsed.rows_in,
        rows_quarantined=len(parsed.quarantine),
        coverage=tuple(parts),
        url=provenance.url,
        retrieved_at=provenance.retrieved_at,
        hints=dict(sorted(hints.values.items())),
        revision=len(earlier),
        etag=provenance.etag,
        last_modified=provenance.last_modified,
    )
    snapshot = file_away(raw, offered.path, manifest)
    known[source.id, digest].append(manifest)
    if cache:
        cache.keep(snapshot, layout, parsed)
    return Outcome(offered.label, "took", _describe(source, layout, manifest), snapshot.id)


def _retrieved(provenance: Provenance, now: dt.datetime) -> dict[str, str]:
    if "retrieved_on" in provenance.hints:
        return {}
    return {"retrieved_on": (provenance.retrieved_at or now.astimezone(dt.UTC).isoformat())[:10]}


def _describe(source: Source, layout: Layout, manifest: Manifest) -> str:
    names = [part.name for part in manifest.coverage]
    covers = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    partial = sorted({part.note for part in manifest.coverage if not part.full and part.note})
    text = f"{source.title}, layout {layout.name}: {manifest.rows_in:,} rows, {covers}"
    if manifest.rows_quarantined:
        text += f", {manifest.rows_quarantined:,} rows set aside"
    return text + (f" (partial: {'; '.join(partial[:2])})" if partial else "")


def _safe_name(name: str) -> str:
    kept = "".join(char if char.isalnum() or char in " ._-()" else "_" for char in name).strip(" .")
    return kept[-MAX_NAME:] if kept and kept != "manifest.json" else f"file-{kept or 'unnamed'}"


def recognise(probed: Probe, sources: Sequence[Source]) -> tuple[Source, Layout]:
    """Source and layout of a file. Raises SourceError naming the nearest known layout and the columns that differ."""
    for source in sources:
        layout = source.recognise(probed)
        if layout is not None:
            return source, layout
    raise SourceError(probed.name, _nearest(probed, sources), remedy="Add a file in one of the layouts of docs/sources")


def _nearest(probed: Probe, sources: Sequence[Source]) -> str:
    header = {cell.strip() for cell in probed.header if cell.strip()}
    if not header:
        return f"{probed.media.upper()} of no known source"
    title_of = {source.id: source.title for source in sources}
    tabular = [layout for source in sources for layout in source.layouts if layout.columns]
    layout = max(tabular, key=lambda candidate: (_likeness(header, candidate), candidate.source, candidate.name))
    wanted = {cell.strip() for cell in layout.columns}
    if not header & wanted:
        return f"no known layout ({len(header)} columns: {_some(sorted(header))})"
    return (
        f"no known layout; nearest is {title_of[layout.source]}, layout {layout.name}: "
        f"missing {_some(sorted(wanted - header)) or 'nothing'}; not in it {_some(sorted(header - wanted)) or 'nothing'}"
    )


def _likeness(header: set[str], layout: Layout) -> float:
    """Share of the layout's columns that are there, counting a near spelling as half; from 0 to 1, less for strangers."""
    wanted = {cell.strip() for cell in layout.columns}
    hits = len(header & wanted)
    near = sum(bool(difflib.get_close_matches(cell, header - wanted, n=1, cutoff=0.85)) for cell in wanted - header)
    return (hits + near / 2) / max(len(wanted | header), 1) + hits / len(wanted) * 0.1


def _some(cells: list[str], most: int = 6) -> str:
    shown = ", ".join(repr(cell) for cell in cells[:most])
    return shown + (f" and {len(cells) - most} more" if len(cells) > most else "")
