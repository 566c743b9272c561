"""A publisher that is killed at any moment leaves `latest` whole, and the next one free to publish."""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipeline import forked
from pipeline.release.derived import files as derived
from pipeline.release.derived.changes import NOTES, NOTES_FOR_MACHINES, write_notes
from pipeline.release.derived.contents import Contents
from pipeline.release.derived.database import write_database
from pipeline.release.derived.datapackage import PACKAGE, write_datapackage
from pipeline.release.explorer import files as explorer
from pipeline.release.inputs import ReleaseInputs
from pipeline.release.publish import ACCEPTED, publish
from pipeline.release.reader import DATABASE, Release, known_releases
from pipeline.release.report.page import REPORT, write_report
from tests.conftest import made_once
from tests.faults import die_after, die_at, drawn_without_threads, in_child

# Two hundred kills, in parts that run beside each other. Of each part so many are before a file operation while the release is written,
# named and pointed to, or an old one is removed; the rest are at moments by the clock, which also meet what Arrow and DuckDB write.
PARTS, OF_WRITING, OF_NAMING, OF_REMOVING, BY_THE_CLOCK = 20, 4, 2, 1, 3
MANIFEST_ALONE = 16  # and so many while a release that is there gets another manifest
OUTDATED, KEPT, LAST, NEXT = (dt.date(2026, 7, 5), dt.date(2026, 7, 6), dt.date(2026, 11, 1), dt.date(2026, 11, 2))


@pytest.fixture(scope="module", autouse=True)
def only_writing() -> Iterator[None]:
    """A kill takes no bytes from the disk, so that flushing only costs time here, and what the largest files of a release say is the
    same each time: it is worked out once."""
    with pytest.MonkeyPatch.context() as patched, drawn_without_threads():
        patched.setattr(os, "sync", lambda: None)
        patched.setattr(os, "fsync", lambda _: None)
        patched.setattr(forked, "_CORES", 1)  # in this process, which keeps it
        worked_out = (
            (derived, "release_workbook"),
            (derived, "_of_institutions"),
            (derived, "report_charts"),
            (explorer, "_release_texts"),
        )
        for module, name in worked_out:
            patched.setattr(module, name, once_for_a_release(getattr(module, name)))
        patched.setattr(derived, "write_database", written_again(write_database, DATABASE))
        patched.setattr(derived, "write_report", written_again(write_report, REPORT))
        again: dict[Callable[[Contents], None], Callable[..., None]] = {
            write_datapackage: written_again(write_datapackage, PACKAGE),
            write_notes: written_again(write_notes, NOTES_FOR_MACHINES, NOTES),
        }
        patched.setattr(derived, "_WRITERS", tuple(again.get(write, write) for write in derived._WRITERS))
        yield


def once_for_a_release(make: Callable[..., Any]) -> Callable[..., Any]:
    """`make` of the contents of a release and anything else: once for each release as it was accepted, so that a killed publisher has it
    of the process that it was forked from."""
    made: dict[tuple[str, str | None], Any] = {}

    def kept(contents: Contents, *more: object) -> Any:
        key = (contents.manifest["release_id"], contents.manifest.get(ACCEPTED))
        if key not in made:
            found = make(contents, *more)
            made[key] = [*found] if isinstance(found, Iterator) else found
        return made[key]

    return kept


def written_again(write: Callable[..., None], *names: str) -> Callable[..., None]:
    """What writes these files of a release, or leaves some out: `write` the first time, then their bytes."""

    def made(contents: Contents, *more: object) -> dict[str, bytes]:
        write(contents, *more)
        return {name: (contents.folder / name).read_bytes() for name in names if (contents.folder / name).exists()}

    kept = once_for_a_release(made)

    def again(contents: Contents, *more: object) -> None:
        for name, content in kept(contents, *more).items():
            (contents.folder / name).write_bytes(content)

    return again


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, small_tables: dict[str, pa.Table]) -> Path:
    """A folder with releases of three days, of which the next one removes the first."""

    def make(place: Path) -> None:
        for day, held in ((OUTDATED, small_tables), (KEPT, {}), (LAST, small_tables)):
            publish(place / "curated", ReleaseInputs(day, "0+x", ()), held, {}, keep_months=12)

    return made_once(tmp_path_factory, "publish_killed", make)


@dataclass(frozen=True)
class Tried:
    """What publishing the next release leaves, and what it does to files, once what the release says has been worked out."""

    curated: Path
    operations: list[str]


@pytest.fixture(scope="module")
def tried(prepared: Path, small_tables: dict[str, pa.Table], tmp_path_factory: pytest.TempPathFactory) -> Tried:
    place = tmp_path_factory.mktemp("tried")
    publish_next(linked(prepared / "curated", place / "worked out"), small_tables)
    curated = linked(prepared / "curated", place / "curated")
    died, operations = in_child(partial(publish_killed, curated, small_tables))
    assert died == 0 and isinstance(operations, list)
    return Tried(curated, operations)


def publish_next(curated: Path, tables: dict[str, pa.Table], reason: str = "") -> str:
    notes = {ACCEPTED: reason} if reason else {}
    return publish(curated, ReleaseInputs(NEXT, "0+x", ()), tables, notes, keep_months=1).release_id


def publish_killed(
    curated: Path, tables: dict[str, pa.Table], touch: int = 0, seconds: float = 0, reason: str = ""
) -> list[str]:
    """Publish the next release, killed before a file operation of that number or after so many seconds; returns the operations."""
    forked._CORES = 2  # a copy is at work when this one, a child, is killed, and DuckDB writes
    derived.write_database = write_database
    operations = die_at(touch)
    if seconds:
        die_after(seconds)
    publish_next(curated, tables, reason)
    return list(operations)


def linked(curated: Path, place: Path) -> Path:
    """A copy of a folder of releases, its files shared: publishing never writes into one that is there."""
    return Path(shutil.copytree(curated, place, symlinks=True, copy_function=os.link))


def phases(operations: list[str]) -> tuple[range, range, range]:
    """The numbers of the operations that write a release, that name it and point to it, and that remove an old one and write
    the index."""
    renamed, pointed, removed, *_ = (place + 1 for place, event in enumerate(operations) if event == "os.rename")
    assert operations[renamed:pointed].count("os.symlink") == 1
    return range(1, renamed), range(renamed, removed), range(removed, len(operations) + 1)


def left_behind(curated: Path, whole_before: set[str]) -> str:
    """What a killed publisher left: nothing half-visible, nothing lost. Returns the release that readers have."""
    latest = Release.open(curated / "latest")
    known = known_releases(curated)
    assert known.damaged == () and known.whole[latest.id] == latest
    assert [one for one in known.whole.values() if one.damage()] == []
    outdated = {name for name in whole_before if name.startswith(OUTDATED.isoformat())}
    assert whole_before - known.whole.keys() <= (outdated if latest.as_of == NEXT else set())
    return latest.id


def names(curated: Path) -> list[str]:
    return sorted(path.name for path in (*curated.iterdir(), *(curated / "releases").iterdir()))


def killed_by_the_clock(prepared: Path, curated: Path, tables: dict[str, pa.Table], share: float) -> None:
    """Publish and be killed when that share of the time which publishing takes is over, on a machine that others use, too."""
    seconds = share * took(prepared, curated.with_name("timed"), tables)
    while in_child(partial(publish_killed, curated, tables, seconds=seconds))[0] != signal.SIGKILL:
        shutil.rmtree(curated)
        linked(prepared / "curated", curated)
        seconds *= 0.8


_took: list[float] = []


def took(prepared: Path, curated: Path, tables: dict[str, pa.Table]) -> float:
    if not _took:
        linked(prepared / "curated", curated)
        started = time.monotonic()
        in_child(partial(publish_killed, curated, tables))
        _took.append(time.monotonic() - started)
    return _took[0]


def kills(operations: list[str], chance: random.Random) -> Iterator[tuple[int, float]]:
    """The operation before which, or the share of the time after which, each publisher of a part is killed."""
    for numbers, count in zip(phases(operations), (OF_WRITING, OF_NAMING, OF_REMOVING), strict=True):
        yield from ((number, 0.0) for number in chance.sample(numbers, count))
    yield from ((0, chance.uniform(0.01, 0.99)) for _ in range(BY_THE_CLOCK))


@pytest.mark.parametrize("part", range(PARTS))
def test_two_hundred_kills(
    prepared: Path, tried: Tried, small_tables: dict[str, pa.Table], tmp_path: Path, part: int
) -> None:
    before = set(known_releases(prepared / "curated").whole)
    had = set[str]()
    for number, share in kills(tried.operations, random.Random(part)):
        curated = linked(prepared / "curated", tmp_path / "curated")
        if number:
            assert in_child(partial(publish_killed, curated, small_tables, number))[0] == signal.SIGKILL
        else:
            killed_by_the_clock(prepared, curated, small_tables, share)
        had.add(left_behind(curated, before))
        assert publish_next(curated, small_tables) == left_behind(curated, before)
        assert names(curated) == names(tried.curated)
        shutil.rmtree(curated)
    assert had == {one.resolve().name for one in (prepared / "curated" / "latest", tried.curated / "latest")}


def test_kills_while_the_manifest_of_a_release_is_replaced(
    tried: Tried, small_tables: dict[str, pa.Table], tmp_path: Path
) -> None:
    curated = linked(tried.curated, tmp_path / "curated")
    before = set(known_releases(curated).whole)
    _, operations = in_child(
        partial(publish_killed, linked(curated, tmp_path / "tried"), small_tables, reason="as it was")
    )
    assert isinstance(operations, list)
    replaced = operations.index("os.rename")
    numbers = [*range(replaced - 3, replaced + 5), *random.Random(1).sample(range(1, replaced - 3), MANIFEST_ALONE - 8)]
    for number in numbers:
        assert in_child(partial(publish_killed, curated, small_tables, number, reason=f"{number}"))[0] == signal.SIGKILL
        assert left_behind(curated, before) == (curated / "latest").resolve().name
    assert publish_next(curated, small_tables, "the last") == (curated / "latest").resolve().name
    assert Release.open(curated / "latest").manifest[ACCEPTED] == "the last"
    assert names(curated) == names(tried.curated)
