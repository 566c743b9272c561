"""From an archive to the tables of a source: rows, the quarantine, their counts, and the check of a source's size."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from pipeline.archive.intake import add
from pipeline.assets.checks import bounds_result
from pipeline.assets.parsed import quarantine, read_assets, snapshots
from pipeline.sources.catalogue import SOURCES, source

Materialize = Callable[..., dg.ExecuteInProcessResult]
NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
HUB = (
    "Fiscal Year,Employer,Initial Approvals,Initial Denials,Continuing Approvals,Continuing Denials,NAICS,Tax ID,State,City,ZIP\n"
    "2021,GOOD HOSPITAL,1,0,2,0,62,1234,MA,BOSTON,02118\n"
)


def archive_with(folder: Path, text: str) -> None:
    (folder / "in.csv").write_text(text, "utf-8")
    [outcome] = add([folder / "in.csv"], folder / "raw", SOURCES, lambda: NOW)
    assert outcome.verdict == "took"


def test_the_quarantine_gathers_the_rows_of_all_sources(materialize: Materialize, tmp_path: Path) -> None:
    good = "".join(f"2021,HOSPITAL {row},1,0,2,0,62,1234,MA,BOSTON,02118\n" for row in range(400))
    archive_with(tmp_path, HUB + good + "2021,BAD HOSPITAL,many,0,2,0,62,1234,MA,BOSTON,02118\n")
    result = materialize(snapshots, quarantine, *read_assets)
    assert result.success
    work = tmp_path / "curated" / ".work"
    assert len(pd.read_parquet(work / "uscis_petition_rows.parquet")) == 401
    [event] = result.asset_materializations_for_node("read_uscis_h1b_employers")
    assert event.metadata["quarantined"].value == 1
    assert list(event.metadata["quarantined_by_reason"].value.values()) == [1]  # type: ignore[union-attr]
    [row] = pd.read_parquet(work / "quarantine.parquet").to_dict("records")
    assert (row["source"], row["row"]) == ("uscis_h1b_employers", 403) and "number" in row["reason"]
    assert materialize(snapshots, quarantine, *read_assets).success  # as often as one likes, with the same rows
    assert len(pd.read_parquet(work / "quarantine.parquet")) == 1


def test_too_many_quarantined_rows_stop_what_reads_the_source(materialize: Materialize, tmp_path: Path) -> None:
    ran: list[int] = []

    @dg.asset
    def reader(uscis_petition_rows: pd.DataFrame) -> None:
        ran.append(len(uscis_petition_rows))

    archive_with(tmp_path, HUB + "2021,BAD HOSPITAL,many,0,2,0,62,1234,MA,BOSTON,02118\n")
    result = materialize(snapshots, *read_assets, reader)
    assert not result.success and not ran
    [failed] = [check for check in result.get_asset_check_evaluations() if not check.passed]
    assert failed.check_name == "bounds" and "50.00% of the rows are quarantined" in str(
        failed.metadata["problems"].value
    )


def snapshots_of(rows: int, *, sample: bool = False) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "snapshot_id": ["cms_hospitals/x"],
            "source": ["cms_hospitals"],
            "part": ["all"],
            "coverage": ["full"],
            "sample": [sample],
            "used": [True],
            "rows_in": [rows],
        }
    )


@pytest.mark.parametrize(
    ("rows", "sample", "quarantined", "passed", "severity"),
    [
        (5_000, False, 0, True, None),
        (3_000, False, 0, False, dg.AssetCheckSeverity.ERROR),
        (9_000, False, 0, False, dg.AssetCheckSeverity.WARN),
        (100, True, 0, True, None),
        (5_000, False, 200, False, dg.AssetCheckSeverity.ERROR),
    ],
)
def test_bounds(
    rows: int, sample: bool, quarantined: int, passed: bool, severity: dg.AssetCheckSeverity | None
) -> None:
    result = bounds_result(source("cms_hospitals"), snapshots_of(rows, sample=sample), quarantined)
    assert result.passed is passed
    assert severity is None or result.severity == severity
