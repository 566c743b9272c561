"""A newer file that can no longer be read is held back: the one before it stays in use, and each place says so."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

from pipeline.release.reader import Release
from pipeline.release.runs.files import last_run
from pipeline.sensors.events import held_snapshots
from pipeline.settings import DataFolder
from tests.e2e.conftest import HUB, command

NEWER = HUB + "2021,OTHER HOSPITAL,3,0,0,0,62,4321,MA,BOSTON,02118\n"


def no_longer_read(manifest: Path) -> None:
    """Make of an archived file one that its reader does not know, as a reader of a later version may not."""
    content = b"no table at all\n"
    about = json.loads(manifest.read_text("utf-8"))
    (manifest.parent / about["original_name"]).write_bytes(content)
    about |= {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    place = manifest.parent.with_name(f"{about['added_at'][:10]}_{about['sha256'][:8]}")
    manifest.write_text(json.dumps(about), "utf-8")
    manifest.parent.rename(place)


def test_a_newer_file_that_cannot_be_read_leaves_the_one_before_it_in_use(tiny_data: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(tiny_data, data, symlinks=True)
    before = set(data.glob("raw/uscis_h1b_employers/*/manifest.json"))
    (tmp_path / "newer.csv").write_text(NEWER, "utf-8")
    assert command(data, "add", str(tmp_path / "newer.csv")).code == 0
    [newer] = set(data.glob("raw/uscis_h1b_employers/*/manifest.json")) - before
    no_longer_read(newer)

    told = command(data, "refresh", "--as-of", "2026-11-02")
    assert told.code == 0 and "can't be read" in told.output and "What was used before it is still used" in told.output
    release = Release.open(data / "curated" / "latest")
    snapshots = release.table("snapshots").set_index("snapshot_id")
    [older] = [f"uscis_h1b_employers/{path.parent.name}" for path in before]
    assert bool(snapshots.loc[older, "used"]) and release.table("petitions")["initial_approvals"].sum() == 1
    run = last_run(DataFolder(data))
    assert run is not None
    [held] = run["held"]
    assert held["reason"].startswith("can't be read: ") and held["parts"] == ["FY2021"]
    assert snapshots.loc[held["snapshot_id"], "unused_reason"] == held["reason"]
    [page] = [path for path in (data / "runs").glob("*.html") if held["snapshot_id"] in path.read_text("utf-8")]
    assert "Held back" in page.read_text("utf-8")
    assert f"held back: {held['snapshot_id']}: can't be read" in command(data, "status").output
    assert held["snapshot_id"] in next(iter(held_snapshots(DataFolder(data)))).title
