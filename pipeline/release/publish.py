"""Publishing a release: staged, flushed, renamed into place, then pointed to. A crash at any step leaves the last one whole.

`curated/releases/<release id>/` holds Parquet tables, documents made of them, `manifest.json` and `data_dictionary.md`; `curated/latest`
is a link to it. How it is read is in `reader`.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from pipeline.release.inputs import ReleaseInputs
from pipeline.release.reader import MANIFEST, Release, ReleaseError, known_releases
from pipeline.schemas.dictionary import markdown
from pipeline.schemas.parquet import write_table
from pipeline.schemas.registry import SCHEMA_VERSION, table

DICTIONARY: Final = "data_dictionary.md"
# Entries of the manifest on how a release came to be `latest`: they hang on what was there before, not on the inputs.
COMPARISON: Final = "comparison"
ACCEPTED: Final = "accepted_change"
_STAGING: Final = ".staging-"


@dataclass(frozen=True)
class Published:
    """Where a release is, whether it was there already, byte for byte, and whether `latest` points to it."""

    release_id: str
    folder: Path
    unchanged: bool
    latest: bool


def publish(
    curated: Path,
    inputs: ReleaseInputs,
    tables: Mapping[str, pa.Table],
    notes: Mapping[str, Any],
    *,
    documents: Mapping[str, bytes] | None = None,
    back: bool = False,
) -> Published:
    """Write `tables` as the release of `inputs` and point `latest` at it, unless `latest` is of a later day.

    tables: by name, in the registry's schema. notes: further entries of the manifest (figures, absent sources). documents: further
    files made of the tables, by name. back:
    whether `latest` may move back to an earlier day. Raises ReleaseError if a release of that id is there with other content
    (the same inputs must give the same bytes), and where `latest` is no link.
    """
    require_link(curated)
    releases = curated / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    folder = releases / inputs.release_id
    with (curated / ".publish-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another run may be publishing: its staging folder is not a leftover
        for leftover in releases.glob(f"{_STAGING}*"):
            shutil.rmtree(leftover)
        staging = _staged(releases, inputs, tables, notes, documents or {})
        unchanged = folder.exists()
        if unchanged:
            _require_equal(folder, staging)
            if ACCEPTED in notes:
                os.replace(staging / MANIFEST, folder / MANIFEST)
            shutil.rmtree(staging)
        else:
            os.rename(staging, folder)
        last = last_release(curated)
        moves = back or last is None or inputs.as_of >= last.as_of
        if moves:
            point_latest(curated, folder)
    return Published(inputs.release_id, folder, unchanged, moves)


def last_release(curated: Path) -> Release | None:
    """Return the release that readers have now: the one of `latest`, else the newest whose manifest can be read; None for none."""
    known = known_releases(curated).whole
    named = known.get((curated / "latest").resolve().name)
    return named or max(known.values(), key=lambda release: (release.as_of, release.id), default=None)


def require_link(curated: Path) -> None:
    """Check that `latest`, if it is there, is a link that can be swapped. Raises ReleaseError where it is not."""
    latest = curated / "latest"
    if latest.exists() and not latest.is_symlink():
        raise ReleaseError(
            f"{latest} is a {'folder' if latest.is_dir() else 'file'}, not a link to a release. Move it away"
        )


def entries(inputs: ReleaseInputs) -> dict[str, Any]:
    """Return what the manifest says of a release by its inputs alone."""
    return {
        "release_id": inputs.release_id,
        "as_of": inputs.as_of.isoformat(),
        "schema_version": SCHEMA_VERSION,
        "code_version": inputs.code_version,
        "sample": inputs.sample,
        "previous_release": inputs.previous,
        "archive": inputs.archive,
        "rulings": inputs.rulings,
        "snapshots": list(inputs.snapshots),
    }


def _staged(
    releases: Path,
    inputs: ReleaseInputs,
    tables: Mapping[str, pa.Table],
    notes: Mapping[str, Any],
    documents: Mapping[str, bytes],
) -> Path:
    """Write the files of a release to a staging folder and flush them; returns the folder."""
    staging = releases / f"{_STAGING}{inputs.release_id}"
    staging.mkdir()
    files = [_write(staging / f"{name}.parquet", tables[name]) for name in sorted(tables)]
    (staging / DICTIONARY).write_text(markdown([table(name) for name in tables]), "utf-8")
    for name, content in documents.items():
        (staging / name).write_bytes(content)
    described = [_entry(name, content) for name, content in sorted(documents.items())]
    manifest = {**entries(inputs), "files": files, "documents": described, **notes}
    (staging / MANIFEST).write_text(json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
    _flush(staging)
    return staging


def _write(path: Path, arrow: pa.Table) -> dict[str, Any]:
    """Write one table; returns its entry in the manifest."""
    write_table(arrow, path)
    return {**_entry(path.name, path.read_bytes()), "rows": arrow.num_rows}


def _entry(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _flush(folder: Path) -> None:
    """Make sure the bytes are on disk before the folder gets its name."""
    for path in [*folder.iterdir(), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _require_equal(folder: Path, staging: Path) -> None:
    """Check that a release is as it would be made again, but for what was said of it when it was."""
    there = Release.open(folder)
    problems = there.damage()
    if problems:
        raise ReleaseError(f"{folder} exists and is damaged ({problems[0]}). Move it away and refresh again")
    old, new = (
        {name: entry for name, entry in manifest.items() if name not in (COMPARISON, ACCEPTED)}
        for manifest in (there.manifest, Release.open(staging).manifest)
    )
    if old != new:
        raise ReleaseError(
            f"{folder} exists with other content, though its inputs are the same. Move it away and look at the difference"
        )


def point_latest(curated: Path, folder: Path) -> None:
    """Swap the `latest` link of `curated` to the release in `folder`, in one step."""
    temporary = curated / ".latest-new"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(folder.relative_to(curated), target_is_directory=True)
    os.replace(temporary, curated / "latest")
