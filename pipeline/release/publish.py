"""Publishing a release: staged, flushed, renamed into place, then pointed to. A crash at any step leaves the last one whole.

`curated/releases/<release id>/` holds Parquet tables, `manifest.json` and `data_dictionary.md`; `curated/latest`
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
from pipeline.release.reader import MANIFEST, Release, ReleaseError
from pipeline.schemas.dictionary import markdown
from pipeline.schemas.parquet import write_table
from pipeline.schemas.registry import SCHEMA_VERSION, table

DICTIONARY: Final = "data_dictionary.md"
_STAGING: Final = ".staging-"


@dataclass(frozen=True)
class Published:
    """Where a release is, and whether it was there already, byte for byte."""

    release_id: str
    folder: Path
    unchanged: bool


def publish(
    curated: Path, inputs: ReleaseInputs, tables: Mapping[str, pa.Table], notes: Mapping[str, Any]
) -> Published:
    """Write `tables` as the release of `inputs` and point `latest` at it.

    tables: by name, in the registry's schema. notes: further entries of the manifest (figures, absent sources). Raises
    ReleaseError if a release of that id is there with other content: the same inputs must give the same bytes.
    """
    releases = curated / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    folder = releases / inputs.release_id
    with (curated / ".publish-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another run may be publishing: its staging folder is not a leftover
        for leftover in releases.glob(f"{_STAGING}*"):
            shutil.rmtree(leftover)
        staging = _staged(releases, inputs, tables, notes)
        unchanged = folder.exists()
        if unchanged:
            _require_equal(folder, staging)
            shutil.rmtree(staging)
        else:
            os.rename(staging, folder)
        point_latest(curated, folder)
    return Published(inputs.release_id, folder, unchanged)


def _staged(releases: Path, inputs: ReleaseInputs, tables: Mapping[str, pa.Table], notes: Mapping[str, Any]) -> Path:
    """Write the files of a release to a staging folder and flush them; returns the folder."""
    staging = releases / f"{_STAGING}{inputs.release_id}"
    staging.mkdir()
    files = [_write(staging / f"{name}.parquet", tables[name]) for name in sorted(tables)]
    (staging / DICTIONARY).write_text(markdown([table(name) for name in tables]), "utf-8")
    manifest = {
        "release_id": inputs.release_id,
        "as_of": inputs.as_of.isoformat(),
        "schema_version": SCHEMA_VERSION,
        "code_version": inputs.code_version,
        "sample": inputs.sample,
        "previous_release": inputs.previous,
        "files": files,
        "snapshots": list(inputs.snapshots),
        **notes,
    }
    (staging / MANIFEST).write_text(json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")
    _flush(staging)
    return staging


def _write(path: Path, arrow: pa.Table) -> dict[str, Any]:
    """Write one table; returns its entry in the manifest."""
    write_table(arrow, path)
    content = path.read_bytes()
    return {
        "name": path.name,
        "rows": arrow.num_rows,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _flush(folder: Path) -> None:
    """Make sure the bytes are on disk before the folder gets its name."""
    for path in [*folder.iterdir(), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _require_equal(folder: Path, staging: Path) -> None:
    if (folder / MANIFEST).read_bytes() != (staging / MANIFEST).read_bytes():
        raise ReleaseError(
            f"{folder.name} exists with other content, though its inputs are the same. Move it away and look at the difference"
        )
    problems = Release.open(folder).damage()
    if problems:
        raise ReleaseError(f"{folder.name} exists and is damaged ({problems[0]}). Move it away and refresh again")


def point_latest(curated: Path, folder: Path) -> None:
    """Swap the `latest` link of `curated` to the release in `folder`, in one step."""
    temporary = curated / ".latest-new"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(folder.relative_to(curated), target_is_directory=True)
    os.replace(temporary, curated / "latest")
