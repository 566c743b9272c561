"""Publishing a release: staged, flushed, renamed into place, then pointed to. A crash at any step leaves the last one whole.

`curated/releases/<release id>/` holds Parquet tables, the files of `derived/` that are made from them, and `manifest.json`;
`curated/latest` is a link to it. How it is read is in `reader`, the index beside the releases in `index`.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import pyarrow as pa

from pipeline.atomic_files import flush
from pipeline.release.derived.contents import Contents
from pipeline.release.derived.files import NOT_REPRODUCIBLE, write_further_files
from pipeline.release.digests import entry
from pipeline.release.index import write_index
from pipeline.release.inputs import ReleaseInputs
from pipeline.release.reader import MANIFEST, Release, ReleaseError, known_releases
from pipeline.release.retention import outdated, remove
from pipeline.schemas.parquet import write_table
from pipeline.schemas.registry import SCHEMA_VERSION
from pipeline.settings import KEEP_MONTHS

# Entries of the manifest on how a release came to be `latest`: they hang on what was there before, not on the inputs.
COMPARISON: Final = "comparison"
ACCEPTED: Final = "accepted_change"
_STAGING: Final = ".staging-"


@dataclass(frozen=True)
class Published:
    """Where a release is, whether it was there already, byte for byte, whether `latest` points to it, and which old ones went for it."""

    release_id: str
    folder: Path
    unchanged: bool
    latest: bool
    removed: tuple[str, ...] = ()


def publish(
    curated: Path,
    inputs: ReleaseInputs,
    tables: Mapping[str, pa.Table],
    notes: Mapping[str, Any],
    *,
    back: bool = False,
    keep_months: int = KEEP_MONTHS,
    files: Mapping[str, Path] = MappingProxyType({}),
    database: Path | None = None,
) -> Published:
    """Write `tables` as the release of `inputs` and point `latest` at it, unless `latest` is of a later day.

    tables: by name, in the registry's schema. notes: further entries of the manifest (figures, absent sources). back:
    whether `latest` may move back to an earlier day. keep_months: as of `retention.outdated`. files: of tables that are
    written already, as they would be here: these are copied. database: a DuckDB file begun with some of the tables.
    Raises ReleaseError if a release of that id is there with other content (the same inputs must give the same bytes), and where
    `latest` is no link.
    """
    require_link(curated)
    releases = curated / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    folder = releases / inputs.release_id
    with (curated / ".publish-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another run may be publishing: its staging folder is not a leftover
        for leftover in releases.glob(f"{_STAGING}*"):
            shutil.rmtree(leftover)
        staging = _staged(releases, inputs, tables, notes, files, database)
        unchanged = folder.exists()
        if unchanged:
            _require_equal(folder, staging)
            if ACCEPTED in notes:
                _say_accepted(folder, staging)
            shutil.rmtree(staging)
        else:
            os.rename(staging, folder)
            flush(releases)  # the name must be on disk before `latest` points to it
        last = last_release(curated)
        moves = back or last is None or inputs.as_of >= last.as_of
        if moves:
            point_latest(curated, folder)
        old = outdated(known_releases(curated).whole, (curated / "latest").resolve().name, keep_months)
        old = [
            one for one in old if one != inputs.release_id
        ]  # of an earlier day it may be outdated: the caller wants to see it
        remove(releases, old, _STAGING)
        write_index(curated)
    return Published(inputs.release_id, folder, unchanged, moves, tuple(old))


def roll_back(curated: Path, release_id: str) -> Release:
    """Point `latest` at the release `release_id` and return it. Raises ReleaseError where it is not there or not whole."""
    require_link(curated)
    if not curated.is_dir():
        raise ReleaseError(f"there is no release {release_id} in {curated}")
    with (curated / ".publish-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # before the look: a run that publishes may be removing that very release
        known = known_releases(curated).whole
        if release_id not in known:
            raise ReleaseError(f"there is no release {release_id}. Those there are: h1b-sponsors releases")
        problems = known[release_id].damage()
        if problems:
            raise ReleaseError(
                f"release {release_id} is damaged ({problems[0]}): `latest` stays as it is. Choose another"
            )
        point_latest(curated, known[release_id].folder)
        write_index(curated)
    return known[release_id]


def last_release(curated: Path) -> Release | None:
    """Return the release that readers have now: the one of `latest`, else the newest whose manifest can be read; None for none."""
    known = known_releases(curated).whole
    named = known.get((curated / "latest").resolve().name)
    return named or max(known.values(), key=lambda release: (release.as_of, release.id), default=None)


def comparable(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entries of a manifest that hang on the inputs alone: two releases of one id must not differ in any."""
    documents = [
        {"name": one["name"]} if one["name"] in NOT_REPRODUCIBLE else one for one in manifest.get("documents", ())
    ]
    entries = {name: value for name, value in manifest.items() if name not in (COMPARISON, ACCEPTED)}
    return entries | {"documents": documents}


def require_link(curated: Path) -> None:
    """Check that `latest`, if it is there, is a link that can be swapped. Raises ReleaseError where it is not."""
    latest = curated / "latest"
    if latest.exists() and not latest.is_symlink():
        raise ReleaseError(
            f"{latest} is a {'folder' if latest.is_dir() else 'file'}, not a link to a release. Move it away"
        )


def _staged(
    releases: Path,
    inputs: ReleaseInputs,
    tables: Mapping[str, pa.Table],
    notes: Mapping[str, Any],
    files: Mapping[str, Path],
    database: Path | None,
) -> Path:
    """Write the files of a release to a staging folder and flush them; returns the folder. What fails leaves none: it may be the
    disk that is full."""
    staging = releases / f"{_STAGING}{inputs.release_id}"
    staging.mkdir()
    try:
        _fill(staging, inputs, tables, notes, files, database)
        _flush_all(staging)
    except BaseException as error:
        shutil.rmtree(staging, ignore_errors=True)
        if isinstance(error, OSError) and error.errno is not None and not error.filename:
            # What fails in the middle of a file doesn't say in which; whoever reads it needs the place.
            raise OSError(error.errno, os.strerror(error.errno), str(staging)) from error
        raise
    return staging


def _fill(
    staging: Path,
    inputs: ReleaseInputs,
    tables: Mapping[str, pa.Table],
    notes: Mapping[str, Any],
    files: Mapping[str, Path],
    database: Path | None,
) -> None:
    """Write all files of a release into the folder `staging`, the manifest last."""
    previous = Release.open(staging.parent / inputs.previous) if inputs.previous else None
    # Arrow, and the hashing of large files, work outside the interpreter, so that threads keep both cores busy.
    with ThreadPoolExecutor() as pool:
        written = list(
            pool.map(lambda name: _write(staging / f"{name}.parquet", tables[name], files.get(name)), sorted(tables))
        )
    manifest = {
        "release_id": inputs.release_id,
        "as_of": inputs.as_of.isoformat(),
        "schema_version": SCHEMA_VERSION,
        "code_version": inputs.code_version,
        "sample": inputs.sample,
        "previous_release": inputs.previous,
        "archive": inputs.archive,
        "rulings": inputs.rulings,
        "files": written,
        "snapshots": list(inputs.snapshots),
        **notes,
    }
    write_further_files(Contents(staging, tables, manifest, previous, database))
    named = {file["name"] for file in written}
    manifest["documents"] = [entry(path) for path in sorted(staging.iterdir()) if path.name not in named]
    _write_manifest(staging, manifest)


def _write(path: Path, arrow: pa.Table, there: Path | None) -> dict[str, Any]:
    """Write one table, or copy the file `there`, which holds it; returns its entry in the manifest."""
    if there:
        shutil.copyfile(there, path)
    else:
        write_table(arrow, path)
    return entry(path) | {"rows": arrow.num_rows}


def _flush_all(folder: Path) -> None:
    """Make sure the bytes are on disk before the folder gets its name; of thousands of small files by one call for all."""
    here = [*folder.iterdir(), folder]
    if any(path.is_dir() for path in here[:-1]):
        os.sync()
    for path in here:
        flush(path)


def _require_equal(folder: Path, staging: Path) -> None:
    """Check that a release is as it would be made again, but for the comparison and the reason noted when it was made."""
    there = Release.open(folder)
    problems = there.damage()
    if problems:
        raise ReleaseError(f"{folder} exists and is damaged ({problems[0]}). Move it away and refresh again")
    if comparable(there.manifest) != comparable(Release.open(staging).manifest):
        raise ReleaseError(
            f"{folder} exists with other content, though its inputs are the same. Move it away and look at the difference"
        )


def _say_accepted(folder: Path, staging: Path) -> None:
    """Put the manifest made anew in the place of the release's own, whose files stay, and their hashes with them."""
    files = {"documents": Release.open(folder).manifest["documents"]}
    _write_manifest(staging, {**Release.open(staging).manifest, **files})
    _flush_all(staging)
    os.replace(staging / MANIFEST, folder / MANIFEST)


def _write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")


def point_latest(curated: Path, folder: Path) -> None:
    """Swap the `latest` link of `curated` to the release in `folder`, in one step."""
    temporary = curated / ".latest-new"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(folder.relative_to(curated), target_is_directory=True)
    os.replace(temporary, curated / "latest")
    flush(curated)
