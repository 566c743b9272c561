"""From an archive to the tables of a source: rows, the quarantine, their counts, and the check of a source's size."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from pipeline.archive.fitting import fitting
from pipeline.archive.intake import add
from pipeline.archive.loading import Loaded
from pipeline.assets.checks import bounds_result
from pipeline.assets.tables import read_assets, table_asset
from pipeline.schemas.frames import SchemaError, empty_frame
from pipeline.sources.catalogue import SOURCES, source
from pipeline.steps.catalogue import STEPS

Materialize = Callable[..., dg.ExecuteInProcessResult]
snapshots, quarantine = (table_asset(STEPS[name]) for name in ("snapshots", "quarantine"))
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


def test_too_many_quarantined_rows_are_told_and_stop_nothing(materialize: Materialize, tmp_path: Path) -> None:
    ran: list[int] = []

    @dg.asset
    def reader(uscis_petition_rows: pd.DataFrame) -> None:
        ran.append(len(uscis_petition_rows))

    archive_with(tmp_path, HUB + "2021,BAD HOSPITAL,many,0,2,0,62,1234,MA,BOSTON,02118\n")
    result = materialize(snapshots, *read_assets, reader)
    assert result.success and ran == [1]
    [failed] = [check for check in result.get_asset_check_evaluations() if not check.passed]
    assert (
        failed.check_name == "bounds"
        and failed.severity == dg.AssetCheckSeverity.ERROR
        and "50.00% of the rows are quarantined" in str(failed.metadata["problems"].value)
    )


def test_a_row_that_does_not_fit_the_registry_is_quarantined() -> None:
    rows = pd.DataFrame(
        {
            "facility_id": ["010001", "12", None, "010001", "010002"],
            "name": ["A", "B", "C", "D", "E"],
            "hospital_type": ["Childrens"] * 5,
            "state": ["MA", "MA", "MA", "MA", "ZZ"],
            "snapshot_id": [f"cms_hospitals/{n}" for n in range(5)],
        }
    )
    fits, quarantine = fitting(Loaded({"cms_hospitals": rows}, empty_frame("quarantine")), "cms_hospitals")
    fit = fits["cms_hospitals"]
    assert fit.arrow["name"].to_pylist() == ["A"] and fit.violations == ()
    assert quarantine["row"].tolist() == [3, 2, 5, 4] and set(quarantine["source"]) == {"cms_hospitals"}
    reasons = dict(zip(quarantine["row"], quarantine["reason"], strict=True))
    assert (
        "facility_id is blank" in reasons[3] and "'12'" in reasons[2] and "'ZZ'" in reasons[5] and "same" in reasons[4]
    )
    assert quarantine["content"].str.contains("Childrens").all()
    assert quarantine["snapshot_id"].tolist()[0] == "cms_hospitals/2"


def test_a_column_that_no_table_has_is_a_bug() -> None:
    rows = pd.DataFrame({"facility_id": ["010001"], "colour": ["red"], "snapshot_id": ["x"]})
    with pytest.raises(SchemaError, match="colour"):
        fitting(Loaded({"cms_hospitals": rows}, empty_frame("quarantine")), "cms_hospitals")


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
