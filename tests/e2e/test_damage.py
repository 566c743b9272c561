"""Whatever of a data folder is damaged, and whatever the system refuses: one line with the path and what to do, and every other
command still works."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from pipeline.release.lock import alone
from pipeline.release.reader import Release
from pipeline.settings import DATA_DIR_VARIABLE
from tests.e2e.conftest import HUB, Told, command, programs
from tests.faults import in_child, small_disk

READING = (
    ("status",), ("query",), ("filings",), ("contact-list",), ("explain", "1400500001"), ("explain-match", "GOOD HOSPITAL"),
    ("review",), ("shortlist", "--profile", "docs/profile.example.toml"),
)  # fmt: skip


@pytest.fixture
def data(tiny_data: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    shutil.copytree(tiny_data, folder, symlinks=True)
    return folder


def latest(data: Path) -> Path:
    return (data / "curated" / "latest").resolve()


def archived(data: Path, source: str) -> Path:
    [manifest] = (data / "raw" / source).glob("*/manifest.json")
    return manifest.parent


def truncate(path: Path) -> Path:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def remove(path: Path) -> Path:
    path.unlink()
    return path


RELEASE: dict[str, Callable[[Path], Path]] = {
    "manifest truncated": lambda data: truncate(latest(data) / "manifest.json"),
    "manifest missing": lambda data: remove(latest(data) / "manifest.json"),
    "list truncated": lambda data: truncate(latest(data) / "functional_h1b_sponsors.parquet"),
    "list missing": lambda data: remove(latest(data) / "functional_h1b_sponsors.parquet"),
    "links truncated": lambda data: truncate(latest(data) / "petitioner_links.parquet"),
    "the release gone": lambda data: latest(data).rename(data / "elsewhere"),
}


@pytest.mark.parametrize("case", sorted(RELEASE))
def test_a_damaged_release_is_told_by_every_command(data: Path, case: str) -> None:
    folder = latest(data)
    RELEASE[case](data)
    status = command(data, "status")
    assert status.code == 0 and folder.name in status.output
    for words in READING[1:]:
        told = command(data, *words)
        assert told.code == 0 or (len(told.output.splitlines()) == 1 and "h1b-sponsors" in told.output), told


def test_the_next_release_can_be_made_though_the_last_is_damaged(data: Path) -> None:
    folder = latest(data)
    truncate(folder / "manifest.json")
    truncate(folder / "functional_h1b_sponsors.parquet")
    made = command(data, "refresh", "--as-of", "2026-11-02")
    assert made.code == 0 and f"{folder / 'manifest.json'} can't be read" in made.output, made.output
    assert latest(data).name != folder.name and Release.open(latest(data)).damage() == []
    assert Release.open(latest(data)).manifest["previous_release"] is None
    for words in READING:
        assert command(data, *words).code == 0, words


def test_latest_that_is_a_folder_is_told_before_anything_is_read(data: Path) -> None:
    link = data / "curated" / "latest"
    target = link.resolve()
    link.unlink()
    shutil.copytree(target, link)
    assert command(data, "query").code == 0 and command(data, "status").code == 0
    told = command(data, "refresh")
    assert told.code == 1 and f"{link} is a folder, not a link" in told.output and len(told.output.splitlines()) == 1
    shutil.rmtree(link)
    link.mkdir()
    assert "there is no release at" in command(data, "status").output


SNAPSHOT: dict[str, Callable[[Path], Path]] = {
    "manifest missing": lambda folder: remove(folder / "manifest.json"),
    "manifest truncated": lambda folder: truncate(folder / "manifest.json"),
    "file missing": lambda folder: remove(folder / "hub.csv"),
    "file truncated": lambda folder: truncate(folder / "hub.csv"),
}


@pytest.mark.parametrize("case", sorted(SNAPSHOT))
def test_a_damaged_snapshot_is_skipped_and_told(data: Path, case: str) -> None:
    folder = archived(data, "uscis_h1b_employers")
    SNAPSHOT[case](folder)
    status = command(data, "status")
    assert status.code == 0 and str(folder) in status.output and "Restore it from a backup" in status.output
    if case == "manifest truncated":
        made = command(data, "refresh", "--as-of", "2026-11-02", "--accept-change", "the file is lost")
        said = " ".join(made.output.split())
        assert made.code == 0 and "accepted the file is lost" in said, said
        assert said.count(f"skipped: {folder}") == said.count(f"skipped {folder}") == 1, said
        assert Release.open(latest(data)).table("petitions").empty
    (data / "more.csv").write_text(HUB.replace("2021,", "2022,"), "utf-8")
    assert command(data, "add", str(data / "more.csv")).code == 0


def test_an_archive_without_a_list_gives_a_release_and_a_bad_ruling_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "hub.csv").write_text(HUB, "utf-8")
    (tmp_path / "judgements").mkdir()
    (tmp_path / "judgements" / "mine.csv").write_text("who,what\n", "utf-8")
    assert command(tmp_path, "add", str(tmp_path / "hub.csv")).code == 0
    made = command(tmp_path, "refresh", "--as-of", "2026-11-02")
    assert made.code == 0 and "0 programs of 0 institutions" in made.output and "1 petitioners" in made.output, (
        made.output
    )
    assert "mine.csv, line 1: the columns must be" in made.output and "1 rulings" in made.output
    queue = Release.open(latest(tmp_path)).table("review_queue")
    assert queue["subject_id"].tolist() == ["mine.csv, line 1"]
    for words in (("status",), ("query",), ("contact-list",), ("review",)):
        assert command(tmp_path, *words).code == 0, words


def test_a_loss_holds_latest_back_until_somebody_accepts_it(data: Path) -> None:
    before = latest(data)
    shutil.rmtree(archived(data, "acgme"))
    (data / "cut.csv").write_text(programs(19), "utf-8")
    assert command(data, "add", str(data / "cut.csv")).code == 0
    told = command(data, "refresh", "--as-of", "2026-11-02")
    assert told.code == 1 and latest(data) == before
    for part in (
        "programs 40 -> 19 (-52.5 %)",
        "acgme (new acgme/",
        f"stays at {before.name}",
        "--accept-change REASON",
    ):
        assert part in told.last
    assert [path.name for path in (data / "curated" / "releases").iterdir()] == [before.name]
    assert command(data, "refresh", "--accept-change", "  ").code == 2


def test_bytes_that_have_changed_stop_a_refresh_in_a_line(data: Path) -> None:
    path = archived(data, "uscis_h1b_employers") / "hub.csv"
    path.write_bytes(path.read_bytes().replace(b"2021", b"2022"))
    before = latest(data)
    told = command(data, "refresh", "--as-of", "2026-11-02")
    assert told.code == 1 and str(path.parent) in told.last and "have changed since they were archived" in told.last
    assert latest(data) == before and command(data, "status").code == command(data, "query").code == 0


def small_files(work: Callable[[], Told]) -> Told:
    """What a process says that may write no file of more than 4 KB."""

    def limited() -> Told:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
        return work()

    died, told = in_child(limited)
    assert died == 0 and isinstance(told, Told)
    return told


def test_files_that_may_not_become_large(data: Path) -> None:
    (data / "more.csv").write_text(programs(400), "utf-8")
    before = latest(data)
    for words in (("add", str(data / "more.csv")), ("refresh", "--as-of", "2026-11-02")):
        told = small_files(partial(command, data, *words))
        assert told.code == 1 and "A file may not become so large" in told.last, told
    assert latest(data) == before and command(data, "status").code == 0
    assert "400 rows" in command(data, "add", str(data / "more.csv")).output


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk(tmp_path / "disk", "300k") as place:
        yield place


def test_a_full_disk(data: Path, disk: Path) -> None:
    work = data / "curated" / ".work"
    shutil.rmtree(work)
    work.symlink_to(disk)
    (disk / "filled").write_bytes(bytes(280 << 10))
    before = latest(data)
    told = command(data, "refresh", "--as-of", "2026-11-02")
    assert told.code == 1 and "The disk is full: free some space" in told.last and "/curated/.work/" in told.last, told
    raw = disk / "raw"
    (data / "raw").rename(data / "kept")
    (data / "raw").symlink_to(raw)
    raw.mkdir()
    (data / "more.csv").write_text(programs(900), "utf-8")
    told = command(data, "add", str(data / "more.csv"))
    assert told.code == 1 and "The disk is full" in told.last, told
    assert not any(raw.rglob("manifest.json"))
    assert latest(data) == before and command(data, "query").code == command(data, "status").code == 0


def test_a_folder_that_nobody_may_write(data: Path, tmp_path: Path) -> None:
    """Rights don't stop root, but /proc does."""
    (data / "curated").rename(data / "kept")
    (data / "curated").symlink_to("/proc/self")
    told = command(data, "refresh")
    assert told.code == 1 and len(told.output.splitlines()) == 1 and "/proc/" in told.output, told
    assert command(data, "status").code == 0


@pytest.mark.parametrize("words", [("status",), ("query", "--format", "csv"), ("explain", "1400500001")])
def test_output_to_a_full_device(tiny_data: Path, words: tuple[str, ...]) -> None:
    program = str(Path(sys.executable).with_name("h1b-sponsors"))
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [program, *words], stdout=full, stderr=subprocess.PIPE, text=True, check=False,
            env={**os.environ, DATA_DIR_VARIABLE: str(tiny_data)},
        )  # fmt: skip
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1 and "The disk is full" in done.stderr


@pytest.mark.parametrize("words", [("status",), ("query",), ("query", "--format", "csv"), ("explain", "1304121045")])
def test_output_in_ascii(sample_data: Path, words: tuple[str, ...]) -> None:
    assert command(sample_data, *words, charset="ascii").code == 0


def test_pipes_devices_and_missing_files_at_the_door(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "good.csv").write_text(HUB, "utf-8")
    told = command(tmp_path / "data", "add", str(tmp_path), "/dev/zero", str(tmp_path / "none"))
    assert (
        told.code == 3 and told.output.count("not a file") == 2 and "1 taken, 0 already there, 3 refused" in told.output
    )
    for path in (tmp_path / "pipe", "/dev/zero"):
        assert "not a file" in command(tmp_path / "data", "read-page", str(path)).output


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1989-12-31", "2101-01-01"])
def test_a_day_out_of_reach_is_refused_at_once(tiny_data: Path, day: str) -> None:
    told = command(tiny_data, "refresh", "--as-of", day)
    assert told.code == 1 and told.output.count("\n") == 1 and f"{day}: a release is made for a day of" in told.output


def test_latest_never_moves_back_unsaid(data: Path) -> None:
    before = latest(data)
    first = "1990-01-01"  # the earliest day that there is, at the same time
    told = command(data, "refresh", "--as-of", first)
    assert told.code == 0 and latest(data) == before
    assert f"stays at {before.name}, which is of a later day" in told.output
    moved = command(data, "refresh", "--as-of", first, "--accept-change", "the clock was wrong")
    assert moved.code == 0 and latest(data).name.startswith(first)
    assert Release.open(latest(data)).manifest["accepted_change"] == "the clock was wrong"


def test_a_second_refresh_is_told_who_holds_the_folder(data: Path) -> None:
    release = latest(data)
    reader, writer = os.pipe()
    child = os.fork()
    if not child:  # the holder: it is killed below, and the lock goes with it
        with alone(data / "curated", "Dagster run 1f"):
            os.write(writer, b"x")
            signal.pause()
        os._exit(1)
    try:
        os.read(reader, 1)
        told = command(data, "refresh")
        assert told.code == 4 and "another refresh is running on" in told.output
        assert f"Dagster run 1f, process {child}" in told.output and len(told.output.splitlines()) == 1
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    made = command(data, "refresh", "--as-of", "2100-12-31")  # the last day that there is
    assert made.code == 0 and latest(data) != release
