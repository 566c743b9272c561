"""Releases that go to an object store, too, by the command line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.release.reader import Release
from pipeline.release.remote import open_store
from pipeline.settings import STORE_VARIABLE
from tests.conftest import STORE_SECRET
from tests.e2e.conftest import command


@pytest.fixture
def data(tiny_data: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    shutil.copytree(tiny_data, folder, symlinks=True)
    return folder


def test_a_refresh_goes_to_the_store_and_a_rollback_too(
    data: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Release.open(data / "curated" / "latest")
    monkeypatch.setenv(STORE_VARIABLE, bucket)
    made = command(data, "refresh", "--as-of", "2026-11-02")
    second = Release.open(data / "curated" / "latest")
    assert made.code == 0 and f"in store    {bucket} -> {second.id}" in made.output, made.output
    rolled = command(data, "rollback", first.id)
    assert rolled.code == 0 and f"{bucket} -> {first.id}" in rolled.output, rolled.output
    pointer = open_store(bucket).pointer()
    assert pointer and pointer.release_id == first.id


def test_a_store_that_does_not_take_it_fails_the_run_and_not_the_release(
    data: Path, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(STORE_VARIABLE, "s3://nobody-has-this/h1b")
    told = command(data, "refresh", "--as-of", "2026-11-02")
    latest = Release.open(data / "curated" / "latest")
    assert told.code == 1 and f"release {latest.id} is whole in" in told.last and "but not in the store" in told.last
    assert "untouched" not in told.last and STORE_SECRET not in told.output and "moto" not in told.output
    assert latest.manifest["as_of"] == "2026-11-02" and latest.damage() == []
    monkeypatch.setenv(STORE_VARIABLE, bucket)
    assert command(data, "refresh", "--as-of", "2026-11-02").code == 0
    pointer = open_store(bucket).pointer()
    assert pointer and pointer.release_id == latest.id


@pytest.mark.parametrize("address", ["s3://key:sk-secret@bucket/x", "/a/folder"])
def test_what_is_no_address_of_a_store_is_told_before_anything_is_read(
    tiny_data: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv(STORE_VARIABLE, address)
    told = command(tiny_data, "refresh")
    assert (
        told.code == 1
        and told.output.count("\n") == 1
        and STORE_VARIABLE in told.output
        and "secret" not in told.output
    )
