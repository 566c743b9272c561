"""The archive keeps what it was given, whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.archive import store
from pipeline.archive.store import ArchiveError, Manifest, file_away, sha256_of, snapshots, sweep, verify
from pipeline.sources.base import Part


def manifest_of(path: Path, **changes: object) -> Manifest:
    values = {
        "source": "uscis",
        "layout": "A",
        "original_name": path.name,
        "added_at": "2026-03-05T06:00:00+00:00",
        "sha256": sha256_of(path),
        "bytes": path.stat().st_size,
        "licence": "public domain",
        "sample": False,
        "rows_in": 2,
        "rows_quarantined": 0,
        "coverage": (Part("FY2021", 2, False, "excerpt"),),
    }
    return Manifest(**(values | changes))  # type: ignore[arg-type]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "data.csv"
    path.parent.mkdir()
    path.write_text("a,b\n1,2\n")
    return path


def test_what_is_filed_is_found_again(tmp_path: Path, file: Path) -> None:
    raw = tmp_path / "raw"
    kept = file_away(raw, file, manifest_of(file))
    assert kept.path.read_bytes() == file.read_bytes()
    assert snapshots(raw) == [kept]
    assert kept.id == f"uscis/2026-03-05_{sha256_of(file)[:8]}"
    verify(kept)


def test_a_crash_before_the_rename_leaves_nothing(tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = tmp_path / "raw"

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", crash)
    with pytest.raises(KeyboardInterrupt):
        file_away(raw, file, manifest_of(file))
    assert snapshots(raw) == []
    assert list((raw / "uscis").iterdir()) == []


def test_a_staged_leftover_is_no_snapshot(tmp_path: Path, file: Path) -> None:
    raw = tmp_path / "raw"
    file_away(raw, file, manifest_of(file))
    leftover = raw / "uscis" / f"{store._STAGING}x"
    leftover.mkdir()
    (leftover / store.MANIFEST).write_text("{")
    assert len(snapshots(raw)) == 1


def test_changed_bytes_are_noticed(tmp_path: Path, file: Path) -> None:
    kept = file_away(tmp_path / "raw", file, manifest_of(file))
    kept.path.write_text("a,b\n1,3\n")
    with pytest.raises(ArchiveError, match="have changed"):
        verify(kept)


def test_a_missing_file_is_noticed(tmp_path: Path, file: Path) -> None:
    kept = file_away(tmp_path / "raw", file, manifest_of(file))
    kept.path.unlink()
    with pytest.raises(ArchiveError, match="missing or not as its manifest"):
        snapshots(tmp_path / "raw")


def test_a_broken_manifest_is_named(tmp_path: Path, file: Path) -> None:
    kept = file_away(tmp_path / "raw", file, manifest_of(file))
    (kept.path.parent / store.MANIFEST).write_text("{")
    with pytest.raises(ArchiveError, match=kept.id):
        snapshots(tmp_path / "raw")


def test_what_a_dead_process_has_staged_is_swept_away(tmp_path: Path, file: Path) -> None:
    filed = file_away(tmp_path / "raw", file, manifest_of(file))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for owner in (ended.pid, os.getpid()):
        (tmp_path / "raw" / "uscis" / f".staging-{owner}-x").mkdir()
    sweep(tmp_path / "raw", "uscis")
    sweep(tmp_path / "raw", "no_such_source")
    assert {path.name for path in (tmp_path / "raw" / "uscis").iterdir()} == {
        filed.path.parent.name,
        f".staging-{os.getpid()}-x",
    }
