from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.atomic_files import replace_file


@pytest.mark.parametrize("content", ["Łódź\n", b"\x00\xff"])
@pytest.mark.parametrize("durable", [True, False])
def test_a_file_and_its_folder_are_made(tmp_path: Path, content: str | bytes, durable: bool) -> None:
    path = tmp_path / "folder" / "file.json"
    replace_file(path, content, durable=durable)
    assert path.read_bytes() == (content.encode() if isinstance(content, str) else content)
    assert [one.name for one in path.parent.iterdir()] == ["file.json"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_what_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "file"
    replace_file(path, "before")
    with monkeypatch.context() as patched, pytest.raises(OSError, match="No space left"):
        patched.setattr(os, step, full)
        replace_file(path, "after")
    assert path.read_text("utf-8") == "before"
    replace_file(path, "after")  # what was left half-written is no obstacle
    assert path.read_text("utf-8") == "after" and [one.name for one in tmp_path.iterdir()] == ["file"]
