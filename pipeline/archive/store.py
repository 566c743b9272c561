"""The archive on disk: every file a source gave us, byte for byte, with a manifest beside it. Nothing in it is ever changed.

`raw/<source>/<date>_<sha8>/` holds the file under its original name and `manifest.json`. What belongs here: the files.
What is known of one is in `manifest.py`; what a file is, and which of several is used, is decided in the modules beside this one.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from pipeline.archive.manifest import MANIFEST, Manifest, manifest_of
from pipeline.atomic_files import flush, replace_file
from pipeline.errors import UserError

ACCEPTED: Final = "accepted.json"
_STAGING: Final = ".staging-"
_BLOCK: Final = 1 << 20
_REMEDY: Final = "Restore it from a backup, or move the folder away and add the file again"


class ArchiveError(UserError):
    """An archive that is not as it should be: one line that names the snapshot and what to do."""


@dataclass(frozen=True)
class Snapshot:
    """An archived file and its manifest. path: of the file itself. accepted: why a person let it pass though it is held, "" where
    nobody did."""

    path: Path
    manifest: Manifest
    accepted: str = ""

    @property
    def id(self) -> str:
        """Snapshot id."""
        return self.manifest.snapshot_id

    @property
    def held_back(self) -> str:
        """Why it must not be used, in a line; "" where it may be."""
        return "" if self.accepted else "; ".join(self.manifest.held)


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
        manifest = manifest_of(json.loads((folder / MANIFEST).read_text("utf-8")))
        accepted = _accepted(folder)
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        why = "it is missing" if isinstance(error, FileNotFoundError) else " ".join(str(error).split())
        raise ArchiveError(f"{folder / MANIFEST} can't be read ({why}). {_REMEDY}") from error
    path = folder / manifest.original_name
    named = manifest.snapshot_id == f"{folder.parent.name}/{folder.name}"
    if not named or not path.is_file() or path.stat().st_size != manifest.bytes:
        raise ArchiveError(f"{folder}: the archived file is missing or not as its manifest says. {_REMEDY}")
    return Snapshot(path, manifest, accepted)


def _accepted(folder: Path) -> str:
    """Return the reason for which a person accepted what lies in a folder. Raises as the reader of a manifest does."""
    path = folder / ACCEPTED
    return str(json.loads(path.read_text("utf-8"))["reason"]) if path.exists() else ""


def accept(snapshot: Snapshot, reason: str, now: dt.datetime) -> None:
    """Let a snapshot that is held back be used from the next refresh on: `reason` and day are kept beside it."""
    place = snapshot.path.parent / ACCEPTED
    words = {"reason": reason, "accepted_at": now.astimezone(dt.UTC).isoformat(timespec="seconds")}
    replace_file(place, json.dumps(words, indent=2) + "\n")
    flush(place.parent)


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
        flush(staging / manifest.original_name)
        while not _moved(staging, raw / manifest.snapshot_id, manifest):
            there = None if again else _same(raw / manifest.snapshot_id, manifest)
            if there is not None:
                shutil.rmtree(staging)
                return there
            manifest = replace(manifest, revision=manifest.revision + 1)
        flush(source)
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
        flush(path)
    try:
        os.replace(staging, place)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        return False
    return True


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
