"""The border: files that a person brings are recognised by content, parsed once as a trial, and filed or refused.

What belongs here: the way of one file into the archive. Unpacking is in `unpack.py`, recognising in `recognition.py`, writing in
`store.py`.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal

from pipeline.archive.loading import read_snapshot
from pipeline.archive.manifest import MANIFEST, Manifest, about
from pipeline.archive.parsed_cache import ParsedCache
from pipeline.archive.parsing import check_tables, faults_of_file, parse
from pipeline.archive.profile import Profile, profiles
from pipeline.archive.recognition import recognise
from pipeline.archive.snapshot_gate import ProfilesOf, reasons_to_hold, require_period
from pipeline.archive.store import Snapshot, file_away, sha256_of, snapshots
from pipeline.archive.unpack import Offered, is_zip_of_files, members, unusable, walk
from pipeline.errors import UserError
from pipeline.sources.base import Hints, Layout, Parsed, Part, Probe, Source, SourceError
from pipeline.sources.probe import probe
from pipeline.text.characters import harmless

Verdict = Literal["took", "held", "skipped", "refused"]
MAX_NAME: Final = 150  # bytes: most file systems take 255, and a name of 150 characters may have 600
Known = defaultdict[tuple[str, str], list[Snapshot]]


@dataclass(frozen=True)
class Outcome:
    """What became of one file. label: what it is called; detail: why, in a line; snapshot_id: where its bytes are, if archived.

    took: filed, and used where `selection` chooses it; held: filed, and not used before a person accepts it.
    """

    label: str
    verdict: Verdict
    detail: str
    snapshot_id: str | None = None


@dataclass(frozen=True)
class Provenance:
    """What is known of the files that are added, apart from their content.

    hints: for the reader; url; retrieved_at: day or moment (UTC, ISO 8601); sample: part of the embedded sample; etag and
    last_modified: the version that the server named; period: the fiscal year or quarter requested, "" for any.
    """

    hints: Mapping[str, str] = field(default_factory=dict)
    url: str | None = None
    retrieved_at: str | None = None
    sample: bool = False
    etag: str | None = None
    last_modified: str | None = None
    period: str = ""


def add(
    paths: Sequence[Path],
    raw: Path,
    sources: Sequence[Source],
    clock: Callable[[], dt.datetime],
    provenance: Provenance | None = None,
    cache: ParsedCache | None = None,
) -> Iterator[Outcome]:
    """File what is recognised among `paths` (files, folders, zip archives) into the archive `raw`; yields one outcome a file.

    Files of one call are filed together, at one time of the clock, so that which of them counts as the newer depends on what is in
    them (see `store.recency`). Refusing one file never stops the others. Nothing is written outside `raw`, a temporary folder and
    `cache`, which keeps what was read of large tables for the next refresh.
    """
    provenance = provenance or Provenance()
    known = known_files(snapshots(raw))
    now = clock()
    for path in walk(list(paths)):
        for offered in _offers(path):
            if isinstance(offered, Outcome):
                yield offered
                continue
            yield add_one(offered, raw, sources, now, provenance, known, cache=cache)


def known_files(archived: Iterable[Snapshot]) -> Known:
    """Return what `add_one` must know of the archive: snapshots by source and SHA-256."""
    known: Known = defaultdict(list)
    for snapshot in archived:
        known[snapshot.manifest.source, snapshot.manifest.sha256].append(snapshot)
    return known


def _offers(path: Path) -> Iterator[Offered | Outcome]:
    if (problem := unusable(path)) is not None:
        yield Outcome(harmless(str(path)), "refused", problem)
    elif not is_zip_of_files(path):
        yield Offered(path, harmless(path.name), path.name)
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
    """File one file into the archive `raw`, or refuse it; returns the outcome and adds to `known`. Not for several threads at once.

    now: time of filing. again: file it also if the same bytes are there: a page may go back to an earlier text.
    """
    try:
        with faults_of_file(offered.label):
            probed = probe(offered.path, offered.label)
            source, layout = recognise(probed, sources)
        digest = sha256_of(offered.path)
        hints = _hints(provenance, now)
        earlier = known[source.id, digest]
        there = next((one.id for one in earlier if _alike(source, one.manifest.about, about(hints.values))), None)
        if there is not None and not again:
            return Outcome(offered.label, "skipped", f"already there as {there}", there)
        parsed, parts = _trial(source, probed, layout, hints)
        if provenance.period:
            require_period(offered.label, parts, provenance.period)
    except SourceError as error:
        return Outcome(offered.label, "refused", str(error))
    manifest = _manifest(offered, digest, source, layout, hints, provenance, now, parsed, parts, revision=len(earlier))
    archived = (one for (name, _), same in known.items() if source.watched and name == source.id for one in same)
    manifest = replace(manifest, held=reasons_to_hold(source, manifest, archived, _profiles_of(source, cache)))
    snapshot = file_away(raw, offered.path, manifest, again=again)
    earlier.append(snapshot)
    if snapshot.manifest != replace(manifest, revision=snapshot.manifest.revision):
        return Outcome(offered.label, "skipped", f"already there as {snapshot.id}", snapshot.id)  # filed meanwhile
    if cache:
        cache.keep(snapshot, layout, parsed)
    if snapshot.held_back:
        return Outcome(offered.label, "held", f"{snapshot.held_back}. {how_to_accept(snapshot.id)}", snapshot.id)
    return Outcome(offered.label, "took", _describe(source, layout, manifest, parsed), snapshot.id)


def _profiles_of(source: Source, cache: ParsedCache | None) -> ProfilesOf:
    """Return how the profiles of a snapshot are found: in its manifest, or, of one that was filed before there were any, in the file."""

    def find(snapshot: Snapshot) -> tuple[Profile, ...]:
        if snapshot.manifest.profiles:
            return snapshot.manifest.profiles
        try:
            return profiles(source, read_snapshot(source, snapshot, cache), snapshot.manifest.coverage)
        except UserError:  # damaged, or no longer read: a refresh says so
            return ()

    return find


def how_to_accept(snapshot_id: str) -> str:
    """Return what to do about a snapshot that is held back, in a line."""
    return f"Look at it; if it is right: h1b-sponsors accept {snapshot_id} --reason TEXT"


def _alike(source: Source, one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Decide whether two copies are of the same thing: what a register says does not hang on where it was downloaded from."""
    apart = {"url"} if source.watched else set()
    return {name: one[name] for name in one.keys() - apart} == {name: other[name] for name in other.keys() - apart}


def _trial(source: Source, probed: Probe, layout: Layout, hints: Hints) -> tuple[Parsed, tuple[Part, ...]]:
    """Read a file as a refresh would; returns what is read and its parts. Raises SourceError also where no row can be used."""
    parsed = parse(source, probed, layout, hints)
    with faults_of_file(probed.name):
        parts = tuple(source.parts(parsed, hints))
    if not parsed.rows_kept or not parts:
        raise SourceError(
            probed.name, "no usable row", remedy="Look at the file: it may be cut off, or hold only a header"
        )
    check_tables(probed.name, parsed)
    return parsed, parts


def _manifest(
    offered: Offered,
    digest: str,
    source: Source,
    layout: Layout,
    hints: Hints,
    provenance: Provenance,
    now: dt.datetime,
    parsed: Parsed,
    parts: tuple[Part, ...],
    *,
    revision: int,
) -> Manifest:
    return Manifest(
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
        coverage=parts,
        url=provenance.url,
        retrieved_at=provenance.retrieved_at,
        hints=dict(sorted(hints.values.items())),
        revision=revision,
        etag=provenance.etag,
        last_modified=provenance.last_modified,
        profiles=profiles(source, parsed, parts),
    )


def _hints(provenance: Provenance, now: dt.datetime) -> Hints:
    """Return the hints for the reader: those given, the address, and the day of retrieval, which is that of filing if not given."""
    day = (provenance.retrieved_at or now.astimezone(dt.UTC).isoformat())[:10]
    address = {"url": provenance.url} if provenance.url else {}
    return Hints({"retrieved_on": day, **provenance.hints, **address})


def _describe(source: Source, layout: Layout, manifest: Manifest, parsed: Parsed) -> str:
    names = [part.name for part in manifest.coverage]
    covers = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    partial = sorted({part.note for part in manifest.coverage if not part.full and part.note})
    text = f"{source.title}, layout {layout.name}: {manifest.rows_in:,} rows, {covers}"
    if manifest.rows_quarantined:
        text += f", {manifest.rows_quarantined:,} rows quarantined"
    text = "; ".join([text, *parsed.notes])
    return text + (f" (partial: {'; '.join(partial[:2])})" if partial else "")


def _safe_name(name: str) -> str:
    """Return a name that any file system takes: letters, digits and a few signs, MAX_NAME bytes at most, its ending kept."""
    kept = "".join(char if char.isalnum() or char in " ._-()" else "_" for char in name).strip(" .")
    kept = kept.encode()[-MAX_NAME:].decode("utf-8", "ignore").lstrip(" .")
    return kept if kept and kept != MANIFEST else f"file-{kept or 'unnamed'}"
