"""The archive on disk: every file a source gave us, byte for byte, with a manifest beside it. Nothing in it is ever changed.

`raw/<source>/<date>_<sha8>/` holds the file under its original name and `manifest.json`. What belongs here: files and manifests.
What a file is, and which of several is used, is decided in the modules beside this one.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from pipeline.errors import UserError
from pipeline.sources.base import Part

MANIFEST: Final = "manifest.json"
_STAGING: Final = ".staging-"
_BLOCK: Final = 1 << 20
_REMEDY: Final = "Restore it from a backup, or move the folder away and add the file again"


class ArchiveError(UserError):
    """An archive that is not as it should be: one line that names the snapshot and what to do."""


@dataclass(frozen=True)
class Manifest:
    """What is known of one archived file.

    source and layout: ids; original_name: as it was offered; added_at: when it was filed (files filed together share it), UTC,
    ISO 8601, in seconds; sample: part of the embedded sample; rows_in, rows_quarantined: of its first reading; coverage: the
    parts it covers. url, retrieved_at, hints: as stated by the person who added it, or by the fetch. revision: see
    `snapshot_id`. etag and last_modified: the version that the server named, as sent.
    """

    source: str
    layout: str
    original_name: str
    added_at: str
    sha256: str
    bytes: int
    licence: str
    sample: bool
    rows_in: int
    rows_quarantined: int
    coverage: tuple[Part, ...]
    url: str | None = None
    retrieved_at: str | None = None
    hints: Mapping[str, str] = field(default_factory=dict)
    revision: int = 0
    etag: str | None = None
    last_modified: str | None = None

    @property
    def last_changed_on(self) -> dt.date | None:
        """The day of `last_modified` (UTC); None where the server named none, or nothing that is a date."""
        try:
            return email.utils.parsedate_to_datetime(self.last_modified or "").date()
        except ValueError:
            return None

    @property
    def snapshot_id(self) -> str:
        """`<source>/<date>_<sha8>`: its folder below `raw/`; `-<revision>` where the same bytes were filed again with other

        hints (a page for another program), and where others that begin alike were filed on the same day.
        """
        return f"{self.source}/{self.added_at[:10]}_{self.sha256[:8]}" + (f"-{self.revision}" if self.revision else "")

    @property
    def about(self) -> dict[str, str]:
        """What was stated about the file, but for when it was fetched."""
        return about({**self.hints, **({"url": self.url} if self.url else {})})


def about(hints: Mapping[str, str]) -> dict[str, str]:
    """Return the hints that say what a file is about: all but those on when it was fetched."""
    return {name: value for name, value in hints.items() if name not in {"retrieved_on", "covers"}}


@dataclass(frozen=True)
class Snapshot:
    """An archived file and its manifest. path: of the file itself."""

    path: Path
    manifest: Manifest

    @property
    def id(self) -> str:
        """Snapshot id."""
        return self.manifest.snapshot_id


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while block := handle.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


@dataclass(frozen=True)
class Holdings:
    """What lies in an archive. snapshots: those that are whole, in the order of their ids; damaged: a line for each folder that
    is not, with its path and what to do."""

    snapshots: tuple[Snapshot, ...]
    damaged: tuple[str, ...]


def survey(raw: Path) -> Holdings:
    """Look at every snapshot folder below `raw`, also at one that is not there yet. What is damaged harms no other snapshot.

    The bytes of the files are not looked at: see `verify`. Raises OSError where `raw` itself can't be read.
    """
    sound: list[Snapshot] = []
    damaged: list[str] = []
    for source in _folders(raw) if raw.exists() else []:
        try:
            folders = _folders(source)
        except OSError as error:
            damaged.append(f"{source} can't be read ({error.strerror}). Give its owner the right to")
            continue
        for folder in folders:
            try:
                sound.append(_load(folder))
            except ArchiveError as error:
                damaged.append(str(error))
    return Holdings(tuple(sorted(sound, key=lambda snapshot: snapshot.id)), tuple(damaged))


def _folders(place: Path) -> list[Path]:
    """Return the folders of a folder by name, without those that are being staged."""
    return sorted(path for path in place.iterdir() if not path.name.startswith(".") and path.is_dir())


def snapshots(raw: Path) -> list[Snapshot]:
    """Return the snapshots below `raw` that are whole, in the order of their ids; raises as `survey`."""
    return list(survey(raw).snapshots)


def _load(folder: Path) -> Snapshot:
    try:
        manifest = _manifest(json.loads((folder / MANIFEST).read_text("utf-8")))
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        why = "it is missing" if isinstance(error, FileNotFoundError) else " ".join(str(error).split())
        raise ArchiveError(f"{folder / MANIFEST} can't be read ({why}). {_REMEDY}") from error
    path = folder / manifest.original_name
    named = manifest.snapshot_id == f"{folder.parent.name}/{folder.name}"
    if not named or not path.is_file() or path.stat().st_size != manifest.bytes:
        raise ArchiveError(f"{folder}: the archived file is missing or not as its manifest says. {_REMEDY}")
    return Snapshot(path, manifest)


def _manifest(raw: Mapping[str, Any]) -> Manifest:
    """Return the manifest that was read as `raw`. Raises ValueError, TypeError or KeyError for one that nobody here wrote."""
    manifest = Manifest(**{**raw, "coverage": tuple(Part(**part) for part in raw["coverage"])})
    texts = [manifest.source, manifest.layout, manifest.original_name, manifest.sha256, manifest.licence]
    counts = [manifest.bytes, manifest.rows_in, manifest.rows_quarantined, manifest.revision]
    for part in manifest.coverage:
        texts.append(part.name)
        counts.append(part.rows)
    if not all(isinstance(text, str) for text in texts) or not all(isinstance(count, int) for count in counts):
        raise TypeError("an entry is of another type")
    dt.datetime.fromisoformat(manifest.added_at)
    dict(manifest.hints)
    return manifest


def verify(snapshot: Snapshot) -> None:
    """Check that the bytes are those that were archived. Raises ArchiveError if they aren't."""
    if sha256_of(snapshot.path) != snapshot.manifest.sha256:
        raise changed(snapshot)


def changed(snapshot: Snapshot) -> ArchiveError:
    """Return what to raise where a snapshot's bytes aren't those that were archived."""
    return ArchiveError(f"{snapshot.path.parent}: the bytes have changed since they were archived. {_REMEDY}")


def recency(snapshot: Snapshot) -> tuple[str, str, str, int, str]:
    """Return the key by which snapshots of a source sort from the oldest to the newest.

    Of a page the day on which it was saved, since an older copy that is filed later is older all the same. Then the time
    of filing; of files that were filed together the one whose last part comes later (`FY2022` after `FY2021`), then the
    one with more rows, then the id, which names the bytes. So no chance decides, and no machine's speed.
    """
    manifest = snapshot.manifest
    is_page = any(part.name.startswith("page:") for part in manifest.coverage)
    saved = (manifest.hints.get("retrieved_on") or manifest.retrieved_at or manifest.added_at)[:10] if is_page else ""
    return (
        saved,
        manifest.added_at,
        max((part.name for part in manifest.coverage), default=""),
        manifest.rows_in,
        snapshot.id,
    )


def file_away(raw: Path, content: Path, manifest: Manifest, *, again: bool = False) -> Snapshot:
    """Copy the file `content` into the archive `raw` under `manifest`; returns the snapshot.

    Whole or not at all: staged beside its place, flushed, renamed. Where its place is taken, by other bytes whose hashes begin
    alike or by another process at the same time, it gets the next revision that is free; where what lies there is the same
    file about the same thing, that is returned instead, unless it is to be filed `again`.
    """
    source = raw / manifest.source
    source.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f"{_STAGING}{os.getpid()}-", dir=source))
    try:
        shutil.copyfile(content, staging / manifest.original_name)
        staging.chmod(0o755)
        _flush(staging / manifest.original_name)
        while not _moved(staging, raw / manifest.snapshot_id, manifest):
            there = None if again else _same(raw / manifest.snapshot_id, manifest)
            if there is not None:
                shutil.rmtree(staging)
                return there
            manifest = replace(manifest, revision=manifest.revision + 1)
        _flush(source)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    return Snapshot(raw / manifest.snapshot_id / manifest.original_name, manifest)


def _same(place: Path, manifest: Manifest) -> Snapshot | None:
    """Return the snapshot at a place if it is the file of `manifest`, about the same thing; None for another, or a damaged one."""
    try:
        there = _load(place)
    except ArchiveError:
        return None
    alike = (there.manifest.sha256, there.manifest.about) == (manifest.sha256, manifest.about)
    return there if alike else None


def _moved(staging: Path, place: Path, manifest: Manifest) -> bool:
    """Move what is staged to its place, in one step; returns whether the place was free."""
    (staging / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2, ensure_ascii=False) + "\n", "utf-8")
    for path in (staging / MANIFEST, staging):
        _flush(path)
    try:
        os.replace(staging, place)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        return False
    return True


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(raw: Path, source: str) -> None:
    """Remove what processes that are gone have left half-written in a source's folder. It was never part of the archive."""
    for staging in (raw / source).glob(f"{_STAGING}*-*"):
        owner = staging.name.removeprefix(_STAGING).partition("-")[0]
        if owner.isdecimal() and not _alive(int(owner)):
            shutil.rmtree(staging)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
