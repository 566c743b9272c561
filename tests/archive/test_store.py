"""The archive keeps what it was given, whole or not at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.archive import store
from pipeline.archive.manifest import Manifest
from pipeline.archive.store import ArchiveError, file_away, sha256_of, snapshots, survey, sweep, verify
from pipeline.settings import PROJECT
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
    [line] = survey(tmp_path / "raw").damaged
    assert str(kept.path.parent) in line and "missing or not as its manifest" in line and "backup" in line


BROKEN: dict[str, Callable[[dict[str, Any]], bytes | None]] = {
    "missing": lambda _: None,
    "empty": lambda _: b"",
    "truncated": lambda entries: json.dumps(entries).encode()[:40],
    "no text": lambda _: b"\xff\xfe\x00",
    "no object": lambda _: b"[]",
    "a key is missing": lambda entries: json.dumps({**entries, "coverage": None}).encode(),
    "another key": lambda entries: json.dumps({**entries, "colour": "red"}).encode(),
    "a number for a text": lambda entries: json.dumps({**entries, "source": 7}).encode(),
    "a text for a number": lambda entries: json.dumps({**entries, "rows_in": "7"}).encode(),
    "no day": lambda entries: json.dumps({**entries, "added_at": "once"}).encode(),
    "another folder's": lambda entries: json.dumps({**entries, "sha256": "0" * 64}).encode(),
    "too deep": lambda _: b"[" * 100_000,
}


@pytest.mark.parametrize("case", sorted(BROKEN))
def test_a_broken_manifest_is_named_and_harms_no_other_snapshot(tmp_path: Path, file: Path, case: str) -> None:
    raw = tmp_path / "raw"
    broken = file_away(raw, file, manifest_of(file))
    whole = file_away(raw, file, manifest_of(file, added_at="2026-03-06T09:00:00+00:00"))
    manifest = broken.path.parent / store.MANIFEST
    content = BROKEN[case](json.loads(manifest.read_text("utf-8")))
    manifest.unlink() if content is None else manifest.write_bytes(content)
    held = survey(raw)
    assert held.snapshots == (whole,) and snapshots(raw) == [whole]
    [line] = held.damaged
    assert str(broken.path.parent) in line and "Restore it from a backup" in line and "\n" not in line


def test_what_is_no_folder_of_a_snapshot_is_passed_over(tmp_path: Path, file: Path) -> None:
    raw = tmp_path / "raw"
    kept = file_away(raw, file, manifest_of(file))
    (raw / "README").write_text("my notes")
    (raw / "uscis" / ".DS_Store").write_bytes(b"")
    assert survey(raw) == store.Holdings((kept,), ())


def test_an_archive_that_is_a_file_is_an_error_of_the_system(tmp_path: Path) -> None:
    (tmp_path / "raw").write_text("")
    with pytest.raises(NotADirectoryError):
        survey(tmp_path / "raw")


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


def test_a_place_that_is_taken_is_never_overwritten(tmp_path: Path, file: Path) -> None:
    raw, other = tmp_path / "raw", tmp_path / "other.csv"
    other.write_text("a,b\n3,4\n")
    first = file_away(raw, file, manifest_of(file))
    alike = manifest_of(other, sha256=manifest_of(file).sha256[:8] + sha256_of(other)[8:])
    second = file_away(raw, other, alike)
    assert second.id == f"{first.id}-1" and [one.path.read_bytes() for one in snapshots(raw)] == [
        file.read_bytes(),
        other.read_bytes(),
    ]
    assert file_away(raw, file, manifest_of(file, added_at="2026-03-05T07:00:00+00:00")) == first  # filed meanwhile
    about_another = manifest_of(file, hints={"program_code": "1400512991"})
    assert file_away(raw, file, about_another).id == f"{first.id}-2"
    assert file_away(raw, file, manifest_of(file), again=True).id == f"{first.id}-3"
    assert not list((raw / "uscis").glob(".staging-*"))


def test_a_damaged_folder_in_its_place_stops_no_file(tmp_path: Path, file: Path) -> None:
    first = file_away(tmp_path / "raw", file, manifest_of(file))
    (first.path.parent / store.MANIFEST).write_text("{")
    assert file_away(tmp_path / "raw", file, manifest_of(file)).id == f"{first.id}-1"


def test_processes_that_file_at_once_lose_nothing(tmp_path: Path) -> None:
    """Each files the same twelve pages, of which some begin alike by the hash that their manifests give them."""
    for number in range(12):
        (tmp_path / f"{number}.html").write_text(f"<p>{number}</p>")
    code = (
        "import sys, dataclasses; from pathlib import Path; from tests.archive.test_store import manifest_of\n"
        "from pipeline.archive.store import file_away\n"
        "folder = Path(sys.argv[1])\n"
        "for path in sorted(folder.glob('*.html')):\n"
        "    manifest = manifest_of(path)\n"
        "    file_away(folder / 'raw', path, dataclasses.replace(manifest, sha256='0' * 8 + manifest.sha256[8:]))\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=PROJECT) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    filed = snapshots(tmp_path / "raw")
    assert len(filed) == 12 and len({one.manifest.sha256 for one in filed}) == 12
    assert {one.path.read_text() for one in filed} == {f"<p>{number}</p>" for number in range(12)}
