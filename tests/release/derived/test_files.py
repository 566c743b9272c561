"""Which process makes which of a release's further files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline import forked
from pipeline.release.derived import files
from pipeline.release.derived.contents import Contents
from pipeline.release.reader import Release


@pytest.mark.parametrize("drawn_before", [False, True])
def test_charts_are_drawn_in_a_copy_of_a_process_that_has_drawn_none(
    sample_release: Path,
    small_tables: dict[str, pa.Table],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    drawn_before: bool,
) -> None:
    drawn_by: list[str] = []

    def note(_: Contents, drawn: Mapping[str, str]) -> None:
        drawn_by.extend(drawn.values())

    monkeypatch.setattr(forked, "_CORES", 2)
    monkeypatch.setattr(files, "has_drawn", lambda: drawn_before)
    monkeypatch.setattr(files, "report_charts", lambda _: {"chart": str(os.getpid())})
    monkeypatch.setattr(files, "write_report", note)
    for table in small_tables:
        shutil.copy(sample_release / f"{table}.parquet", tmp_path)
    files.write_further_files(Contents(tmp_path, small_tables, Release.open(sample_release).manifest))
    assert len(drawn_by) == 1
    assert (drawn_by[0] == str(os.getpid())) == drawn_before
