"""Snapshots of one source read and merged: on both cores as on one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline.archive import loading
from pipeline.archive.intake import add
from pipeline.archive.loading import load_chosen
from pipeline.archive.parsed_cache import ParsedCache
from pipeline.archive.reading import open_archive
from pipeline.sources.catalogue import SOURCES, source

USCIS = "uscis_h1b_employers"
HEADER = "Fiscal Year,Employer,Initial Approvals,Initial Denials,Continuing Approvals,Continuing Denials,NAICS,Tax ID,State,City,ZIP"


@pytest.mark.parametrize("years", [1, 2, 5])
def test_files_are_read_on_both_cores_as_on_one(years: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for year in range(2010, 2010 + years):
        rows = [f"{year},HOSPITAL {year},3,0,5,0,62,4567,MA,BOSTON,02118", f"{year},A,x,0,1,0,62,1,NY,B,1"]
        (tmp_path / f"{year}.csv").write_text("\n".join([HEADER, *rows]) + "\n")
    files = sorted(tmp_path.glob("*.csv"))
    outcomes = add(files, tmp_path / "raw", SOURCES, lambda: dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    assert {outcome.verdict for outcome in outcomes} == {"took"}
    archive = open_archive(tmp_path / "raw")
    one = load_chosen(source(USCIS), archive)
    monkeypatch.setattr(loading, "_LARGE", 0)
    both = load_chosen(source(USCIS), archive)
    assert len(one.tables["uscis_petition_rows"]) == len(one.quarantine) == years
    for name, frame in one.tables.items():
        pd.testing.assert_frame_equal(frame, both.tables[name])
    pd.testing.assert_frame_equal(one.quarantine, both.quarantine)


def test_small_files_read_on_the_other_core_are_kept_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for year in range(2010, 2014):
        (tmp_path / f"{year}.csv").write_text(f"{HEADER}\n{year},HOSPITAL {year},3,0,5,0,62,4567,MA,BOSTON,02118\n")
    list(
        add(sorted(tmp_path.glob("*.csv")), tmp_path / "raw", SOURCES, lambda: dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    )
    archive, reader = open_archive(tmp_path / "raw"), source(USCIS)
    monkeypatch.setattr(loading, "_LARGE", 0)
    made = load_chosen(reader, archive, ParsedCache(tmp_path / "parsed"))
    kept = load_chosen(
        replace(reader, read=lambda *_: pytest.fail("read again")), archive, ParsedCache(tmp_path / "parsed")
    )
    pd.testing.assert_frame_equal(kept.tables["uscis_petition_rows"], made.tables["uscis_petition_rows"])
