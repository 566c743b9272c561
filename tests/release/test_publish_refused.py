"""A publisher whom the system refuses something, or who is not alone: nothing lost, nothing half-visible, one line to the user."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.errors import system_error
from pipeline.release.derived.contents import Contents
from pipeline.release.derived.database import write_database
from pipeline.release.inputs import ReleaseInputs
from pipeline.release.publish import publish
from pipeline.release.reader import Release, known_releases
from tests.faults import small_disk

PARTS = 6  # of a release, of which the disk has room for one more each time


def inputs(day: int) -> ReleaseInputs:
    return ReleaseInputs(dt.date(2026, 11, day), "0+x", ())


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", "30m") as place:
        yield place


@pytest.fixture(scope="module")
def tables(sample_release: Path) -> dict[str, pa.Table]:
    return {path.stem: pq.read_table(path) for path in sorted(sample_release.glob("*.parquet"))}


def free(place: Path) -> int:
    """Bytes that still fit on the disk."""
    return os.statvfs(place).f_bavail * os.statvfs(place).f_frsize


def test_a_disk_that_is_full_after_any_part_of_a_release(disk: Path, small_tables: dict[str, pa.Table]) -> None:
    curated = disk / "curated"
    before = free(disk)
    first = publish(curated, inputs(1), small_tables, {})
    needs = before - free(disk)
    for part in range(PARTS):
        filler = disk / "filler"
        filler.write_bytes(bytes(free(disk) - needs * part // PARTS))
        room = free(disk)
        with pytest.raises(OSError) as told:
            publish(curated, inputs(2), small_tables, {})
        line = system_error(told.value)
        assert "/.staging-" in line and line.endswith("The disk is full: free some space") and "\n" not in line
        assert free(disk) == room  # what was written is gone: it would keep the disk full
        assert (curated / "latest").resolve() == first.folder and Release.open(curated / "latest").damage() == []
        filler.unlink()
    second = publish(curated, inputs(2), small_tables, {})
    assert Release.open(curated / "latest").id == second.release_id and second.folder.is_dir()
    assert sorted(path.name for path in (curated / "releases").iterdir()) == [first.release_id, second.release_id]


def test_a_database_that_the_disk_has_no_room_to_finish(disk: Path, tables: dict[str, pa.Table]) -> None:
    """DuckDB says nothing where it fails on closing; then it leaves a journal beside a file that lacks the tables."""
    place = disk / "release"
    place.mkdir()
    for name, table in tables.items():
        pq.write_table(table, place / f"{name}.parquet")
    for part in range(PARTS + 1):
        (disk / "filler").write_bytes(bytes(free(disk) - (2 << 20) * part))
        try:
            write_database(Contents(place, tables, {}))
        except OSError as error:
            assert "No space left on device" in str(error)
        else:
            with duckdb.connect(str(place / "h1b-sponsors.duckdb"), read_only=True) as connection:
                assert len(connection.execute("SHOW TABLES").fetchall()) >= len(tables)
            assert not (place / "h1b-sponsors.duckdb.wal").exists()
        (disk / "filler").unlink()
        for path in place.glob("h1b-sponsors.duckdb*"):
            path.unlink()


def test_a_disk_that_nobody_may_write(disk: Path) -> None:
    first = publish(disk / "curated", inputs(1), {}, {})
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    with pytest.raises(OSError) as told:
        publish(disk / "curated", inputs(2), {}, {})
    assert "The file system is read-only" in system_error(told.value)
    assert Release.open(disk / "curated" / "latest").id == first.release_id


def test_a_clock_that_was_set_back_loses_nothing(tmp_path: Path) -> None:
    """A release of an earlier month may be outdated at once: its own publisher leaves it, and moves `latest` nowhere."""
    days = [dt.date(2026, 5, 20), dt.date(2026, 11, 1), dt.date(2026, 5, 10)]
    middle, newest, early = (publish(tmp_path, ReleaseInputs(day, "0+x", ()), {}, {}) for day in days)
    assert (tmp_path / "latest").resolve() == newest.folder
    assert early.folder.is_dir() and early.removed == () and not early.latest
    last = publish(tmp_path, inputs(30), {}, {})
    assert last.removed == (early.release_id,) and middle.folder.is_dir()


def test_publishers_at_once_and_a_reader(tmp_path: Path) -> None:
    """Each look at `latest` is at one release, though it moves between two files that are read."""
    publish(tmp_path, inputs(1), {}, {})
    failures: list[BaseException] = []

    def noted(work: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            try:
                work()
            except BaseException as error:  # shown by the test below
                failures.append(error)

        return run

    publishers = [
        threading.Thread(target=noted(lambda first=first: [publish(tmp_path, inputs(day), {}, {}) for day in range(first, 13, 3)]))
        for first in (2, 3, 4)
    ]  # fmt: skip
    for one in publishers:
        one.start()
    last = dt.date(2026, 11, 1)
    while any(one.is_alive() for one in publishers):
        latest = Release.open(tmp_path / "latest")
        assert latest.damage() == [] and latest.as_of >= last
        last = latest.as_of
    assert failures == []
    assert Release.open(tmp_path / "latest").as_of == dt.date(2026, 11, 12)
    known = known_releases(tmp_path)
    assert len(known.whole) == 12 and known.damaged == ()
    assert len(list((tmp_path / "releases").iterdir())) == 12
