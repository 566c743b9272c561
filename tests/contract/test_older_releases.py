"""Releases of older versions, cut to 25 rows a table, read by today's reader."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from pipeline.release.reader import Release
from pipeline.schemas.registry import table

STORED = sorted((Path(__file__).parent / "releases").glob("*.tar.xz"))


@pytest.fixture(params=STORED, ids=lambda path: path.name.partition(".")[0])
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Release:
    with tarfile.open(request.param) as archive:
        # Python 3.11.2, as in Debian 12, knows no filters yet.
        archive.extractall(tmp_path, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    return Release.open(tmp_path / request.param.name.removesuffix(".tar.xz"))


def test_there_are_two_at_least() -> None:
    assert len(STORED) >= 2


def test_every_table_of_it_can_be_read(older: Release) -> None:
    assert older.damage() == []
    for file in older.manifest["files"]:
        name = file["name"].removesuffix(".parquet")
        frame = older.table(name)
        assert tuple(frame.columns) == table(name).columns and len(frame) == file["rows"]


def test_a_column_that_came_later_is_unknown_there(older: Release) -> None:
    there = set(older.columns("functional_h1b_sponsors"))
    later = [column for column in table("functional_h1b_sponsors").columns if column not in there]
    read = older.arrow("functional_h1b_sponsors", later)
    for column in later:
        values = read[column].to_pylist()
        assert not any(values) and False not in values


def test_sql_and_the_list_work_on_it(older: Release) -> None:
    assert len(older.query("SELECT program_code FROM functional_h1b_sponsors")) == 25
