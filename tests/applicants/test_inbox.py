"""Files dropped into the inbox are taken as `add` takes them, and none is ever lost."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from pipeline.applicants import inbox
from pipeline.applicants.inbox import WHY, Dropped, refused_notes, take_dropped, waiting
from pipeline.archive.intake import Outcome
from pipeline.settings import DataFolder
from tests.e2e.conftest import HUB, programs

NOW = dt.datetime(2026, 12, 1, 6, tzinfo=dt.UTC)


@pytest.fixture
def data(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path)
    folder.inbox.mkdir()
    return folder


def drop(data: DataFolder, name: str, content: str | bytes) -> Path:
    path = data.inbox / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def take_all(data: DataFolder) -> list[Dropped]:
    return list(take_dropped(data, waiting(data), NOW))


def test_without_an_inbox_nothing_waits(tmp_path: Path) -> None:
    assert waiting(DataFolder(tmp_path)) == {} and take_all(DataFolder(tmp_path)) == []


def test_a_file_that_is_known_is_filed_and_moved_with_what_became_of_it(data: DataFolder) -> None:
    drop(data, "hub.csv", HUB)
    [done] = take_all(data)
    assert (done.refused, done.taken) == (False, 1)
    assert done.moved_to == data.inbox / "done" / "20261201T060000-hub.csv" and done.moved_to.read_text("utf-8") == HUB
    assert done.moved_to.with_name(done.moved_to.name + WHY).read_text("utf-8").startswith("took: hub.csv: ")
    assert len(list(data.raw.glob("uscis_h1b_employers/*/manifest.json"))) == 1 and waiting(data) == {}


def test_what_is_not_known_is_kept_with_the_reason_beside_it(data: DataFolder) -> None:
    drop(data, "photo.jpg", b"\xff\xd8\xff\xe0 no table")
    [done] = take_all(data)
    assert done.refused and done.moved_to.read_bytes() == b"\xff\xd8\xff\xe0 no table"
    [(name, why)] = refused_notes(data).items()
    assert name == done.moved_to.name and why.startswith("refused: photo.jpg")


def test_a_folder_goes_as_one_and_is_refused_where_a_file_in_it_is(data: DataFolder) -> None:
    (data.inbox / "both").mkdir()
    drop(data, "both/hub.csv", HUB)
    drop(data, "both/other.txt", "hello")
    [done] = take_all(data)
    assert (
        done.refused
        and done.taken == 1
        and sorted(path.name for path in done.moved_to.iterdir()) == ["hub.csv", "other.txt"]
    )


def test_an_empty_folder_and_a_link_are_refused(data: DataFolder, tmp_path: Path) -> None:
    (data.inbox / "empty").mkdir()
    (tmp_path / "hub.csv").write_text(HUB, "utf-8")
    (data.inbox / "link.csv").symlink_to(tmp_path / "hub.csv")
    assert [one.refused for one in take_all(data)] == [True, True]
    assert not data.raw.exists() and (tmp_path / "hub.csv").exists()


@pytest.mark.parametrize("name", [".hidden", "list.csv.part", "list.csv.crdownload", "List.TMP"])
def test_what_a_program_still_writes_is_left_alone(data: DataFolder, name: str) -> None:
    drop(data, name, HUB)
    assert waiting(data) == {}


def test_a_file_that_has_changed_since_it_was_seen_waits(data: DataFolder) -> None:
    path = drop(data, "hub.csv", HUB[:40])
    seen = waiting(data)
    drop(data, "hub.csv", HUB)
    assert list(take_dropped(data, seen, NOW)) == [] and path.exists()


def test_a_file_that_changes_while_it_is_read_stays(data: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    path = drop(data, "hub.csv", HUB)

    def take_slowly(*_: object) -> list[Outcome]:
        path.write_text(HUB * 2, "utf-8")
        return [Outcome("hub.csv", "took", "half of it")]

    monkeypatch.setattr(inbox, "take", take_slowly)
    assert take_all(data) == [] and path.read_text("utf-8") == HUB * 2


def test_the_same_name_twice_keeps_both(data: DataFolder) -> None:
    moved = []
    for content in (HUB, programs(3)):
        drop(data, "file.csv", content)
        moved += [one.moved_to for one in take_all(data)]
    assert [path.read_text("utf-8") for path in moved] == [HUB, programs(3)]


def test_names_of_any_length_and_bytes_are_moved(data: DataFolder) -> None:
    """Readers can't open a name that is no UTF-8: it is refused, and kept."""
    drop(data, "x" * 251 + ".csv", HUB)
    (data.inbox / os.fsdecode(b"list-\xff.csv")).write_text(programs(2), "utf-8")
    bad, good = take_all(data)
    assert (bad.refused, good.refused) == (True, False) and waiting(data) == {}
    assert bad.lines[0].endswith("its path is no UTF-8, which readers need. Rename it") and "list-" in bad.lines[0]
    bad.lines[0].encode()
    assert all(one.exists() for one in (data.inbox / "refused").iterdir())


def test_where_the_disk_fails_the_file_stays(data: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    path = drop(data, "hub.csv", HUB)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(inbox, "take", full)
    with pytest.raises(OSError, match="No space"):
        take_all(data)
    assert path.read_text("utf-8") == HUB
