"""Zip archives from strangers."""

from __future__ import annotations

import errno
import io
import os
import stat
import zipfile
from pathlib import Path

import pytest

from pipeline.archive import unpack
from pipeline.sources.base import SourceError


def zip_of(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def contents(path: Path, into: Path) -> dict[str, bytes]:
    into.mkdir()
    return {offered.label: offered.path.read_bytes() for offered in unpack.members(path, into)}


def test_members_come_out_whole_and_labelled(tmp_path: Path) -> None:
    path = zip_of(tmp_path / "a.zip", {"x/one.csv": b"a,b\n1,2\n", "two.csv": b"c\n"})
    assert contents(path, tmp_path / "out") == {"a.zip!x/one.csv": b"a,b\n1,2\n", "a.zip!two.csv": b"c\n"}


@pytest.mark.parametrize("name", ["../out.csv", "/etc/out.csv", "a/../../out.csv", "..\\out.csv", "C:/out.csv"])
def test_a_member_that_would_leave_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    path = zip_of(tmp_path / "a.zip", {name: b"x"})
    with pytest.raises(SourceError, match="would leave"):
        contents(path, tmp_path / "out")
    assert sorted(item.name for item in tmp_path.iterdir()) == ["a.zip", "out"]


def test_a_bomb_is_stopped_by_the_bytes_it_yields(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "SMALL", 1 << 16)
    path = zip_of(tmp_path / "bomb.zip", {"zeros.csv": bytes(8 << 20)})
    with pytest.raises(SourceError, match="unpacks to far more"):
        contents(path, tmp_path / "out")


def test_links_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "link.zip"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("passwd.csv")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(SourceError, match="is a link"):
        contents(path, tmp_path / "out")


def test_too_many_members_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "MAX_MEMBERS", 2)
    with pytest.raises(SourceError, match="3 files"):
        contents(zip_of(tmp_path / "a.zip", dict.fromkeys("abc", b"x")), tmp_path / "out")


def test_a_cut_off_archive_is_refused(tmp_path: Path) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("a.csv", "x" * 10_000)
    path = tmp_path / "cut.zip"
    path.write_bytes(whole.getvalue()[:200])
    assert not unpack.is_zip_of_files(path)  # then the probe looks at it, and refuses it


def test_walk_is_sorted_and_leaves_out_system_files_and_links(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", ".DS_Store"):
        (tmp_path / name).write_text("x")
    (tmp_path / "link.csv").symlink_to("/etc/hostname")
    assert [path.name for path in unpack.walk([tmp_path])] == ["a.csv", "b.csv"]


def test_what_is_no_file_is_told_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "a.csv").write_text("x")
    assert [path.name for path in unpack.walk([tmp_path])] == ["a.csv", "pipe"]
    said = {name: unpack.unusable(Path(name)) for name in (tmp_path / "pipe", "/dev/zero", "/dev/null", tmp_path)}
    assert all("not a file" in str(line) for line in said.values())
    assert "no such file" in str(unpack.unusable(tmp_path / "none"))
    assert "is a file" in str(unpack.unusable(tmp_path / "a.csv" / "b")) and unpack.unusable(tmp_path / "a.csv") is None


def test_a_folder_that_cannot_be_read_is_named_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("locked", "open"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.csv").write_text("x")
    scan = os.scandir

    def refuse(path: str | os.PathLike[str]) -> object:
        if Path(path).name == "locked":  # rights alone don't stop root, who may run this
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert list(unpack.walk([tmp_path])) == [tmp_path / "locked", tmp_path / "open" / "a.csv"]


def damaged(whole: bytes, how: str) -> bytes:
    if how == "directory":
        return whole.replace(b"PK\x01\x02", b"PK\x09\x09")
    start = whole.index(b"a.csv") + len(b"a.csv")
    return whole[:start] + bytes(40) + whole[start + 40 :]


@pytest.mark.parametrize("how", ["directory", "data"])
def test_a_damaged_archive_is_refused_in_a_line(tmp_path: Path, how: str) -> None:
    path = zip_of(tmp_path / "a.zip", {"a.csv": bytes(range(256)) * 50})
    path.write_bytes(damaged(path.read_bytes(), how))
    assert unpack.is_zip_of_files(path)
    with pytest.raises(SourceError, match="can't be opened"):
        contents(path, tmp_path / "out")


def test_a_member_without_a_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="would leave"):
        contents(zip_of(tmp_path / "a.zip", {".": b"x"}), tmp_path / "out")
