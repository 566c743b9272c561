"""Releases: staged, checked, renamed into place, then pointed to. A crash at any step leaves the last release whole.

`curated/releases/<release id>/` holds Parquet tables, `manifest.json` and `data_dictionary.md`; `curated/latest` is a link to it.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from pipeline.errors import UserError
from pipeline.schemas.dictionary import markdown
from pipeline.schemas.parquet import write_table
from pipeline.schemas.registry import SCHEMA_VERSION, table

MANIFEST: Final = "manifest.json"
DICTIONARY: Final = "data_dictionary.md"
_STAGING: Final = ".staging-"


class ReleaseError(UserError):
    """A release that can't be published or read: one line with what to do."""


@dataclass(frozen=True)
class ReleaseInputs:
    """All that decides what a release says: its id is a hash of these.

    previous: id of the release that this one tells changes from; None for the first.
    """

    as_of: dt.date
    code_version: str
    snapshots: tuple[Mapping[str, Any], ...]
    previous: str | None = None

    @property
    def release_id(self) -> str:
        """`<as of>_<hash8>`: the same inputs give the same id."""
        parts = [self.as_of.isoformat(), self.code_version, SCHEMA_VERSION, list(self.snapshots)]
        raw = json.dumps([*parts, self.previous] if self.previous else parts, sort_keys=True)
        return f"{self.as_of.isoformat()}_{hashlib.sha256(raw.encode()).hexdigest()[:8]}"

    @property
    def sample(self) -> bool:
        """Whether any snapshot used is of the embedded sample."""
        return any(snapshot["sample"] for snapshot in self.snapshots)


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

    `notes` go into the manifest (figures, absent sources). Raises ReleaseError if a release of that id is there with other
    content: the same inputs must give the same bytes.
    """
    releases = curated / "releases"
    releases.mkdir(parents=True, exist_ok=True)
    with (curated / ".publish-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # another run may be publishing: its staging folder is not a leftover
        return _publish(curated, releases, inputs, tables, notes)


def _publish(
    curated: Path, releases: Path, inputs: ReleaseInputs, tables: Mapping[str, pa.Table], notes: Mapping[str, Any]
) -> Published:
    for leftover in releases.glob(f"{_STAGING}*"):
        shutil.rmtree(leftover)
    staging = releases / f"{_STAGING}{inputs.release_id}"
    staging.mkdir()
    files = [_stage(staging, name, tables[name]) for name in sorted(tables)]
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
    folder = releases / inputs.release_id
    unchanged = folder.exists()
    if unchanged:
        _require_equal(folder, staging)
        shutil.rmtree(staging)
    else:
        os.rename(staging, folder)
    point_latest(curated, folder)
    return Published(inputs.release_id, folder, unchanged)


def _stage(staging: Path, name: str, arrow: pa.Table) -> dict[str, Any]:
    path = staging / f"{name}.parquet"
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
    problems = damage(folder)
    if problems:
        raise ReleaseError(f"{folder.name} exists and is damaged ({problems[0]}). Move it away and refresh again")


def point_latest(curated: Path, folder: Path) -> None:
    """Swap `latest` to `folder` in one step."""
    temporary = curated / ".latest-new"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(folder.relative_to(curated), target_is_directory=True)
    os.replace(temporary, curated / "latest")


def read_manifest(release: Path) -> dict[str, Any]:
    """Manifest of a release folder (or `latest`). Raises ReleaseError if there is none."""
    try:
        return json.loads((release / MANIFEST).read_text("utf-8"))
    except FileNotFoundError as error:
        raise ReleaseError(f"there is no release at {release}. Run: h1b-sponsors refresh") from error


def damage(release: Path) -> list[str]:
    """What is missing from a release or differs from its manifest; empty when it is whole."""
    problems = []
    for file in read_manifest(release)["files"]:
        path = release / file["name"]
        if not path.is_file():
            problems.append(f"{file['name']} is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != file["sha256"]:
            problems.append(f"{file['name']} is not as the manifest says")
    return problems


def describe_snapshots(rows: Sequence[Any]) -> tuple[dict[str, Any], ...]:
    """The used snapshots for the manifest, by id: id, sha256, parts, sample."""
    by_id: dict[str, dict[str, Any]] = {}
    for row in rows:
        entry = by_id.setdefault(
            row.snapshot_id, {"id": row.snapshot_id, "sha256": row.sha256, "sample": bool(row.sample), "parts": []}
        )
        entry["parts"].append(row.part)
    return tuple({**entry, "parts": sorted(entry["parts"])} for _, entry in sorted(by_id.items()))


def made_from(manifest: Mapping[str, Any]) -> str:
    """What a release was made from, in words: downloads, the embedded sample, or both."""
    kinds = {bool(snapshot["sample"]) for snapshot in manifest["snapshots"]}
    if kinds == {True}:
        return "the embedded sample (Los Angeles, Boston, medical genetics)"
    return "your downloads and, where they have nothing, the embedded sample" if True in kinds else "your downloads"
