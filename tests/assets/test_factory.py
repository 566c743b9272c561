"""A table's asset: what the function returns is checked, kept and handed on in the registry's schema, or nothing follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pandas as pd
import pyarrow.parquet as pq
from pyarrow.dataset import Dataset

from pipeline.assets.description import preview
from pipeline.assets.factory import table_asset
from pipeline.release.next_release import NextRelease
from pipeline.schemas.frames import empty_frame
from pipeline.schemas.registry import arrow_schema
from pipeline.settings import DataFolder
from pipeline.steps.tables import table_step, tables_step

Materialize = Callable[..., dg.ExecuteInProcessResult]
COLLEGE = {"name": ["Bates College"], "state_name": ["Maine"], "domains": [["x.edu"]], "snapshot_id": ["s"]}


def university_domains() -> pd.DataFrame:
    return pd.DataFrame(COLLEGE)


def two_tables(university_domains: pd.DataFrame) -> dict[str, pd.DataFrame]:
    wrong = {"facility_id": ["12"], "name": ["A"], "hospital_type": ["Childrens"], "state": ["ZZ"]}
    return {"cms_hospitals": pd.DataFrame(wrong), "unmatched_sponsors": pd.DataFrame()}


university_domains.__module__ = two_tables.__module__ = "pipeline.linkage.build"  # they have no room of their own


def test_a_table_is_kept_in_its_schema_and_read_downstream(materialize: Materialize, tmp_path: Path) -> None:
    @dg.asset
    def reader(university_domains: pd.DataFrame) -> dg.MaterializeResult:
        return dg.MaterializeResult(metadata={"names": university_domains["name"].tolist()})

    result = materialize(table_asset(table_step(university_domains, "parsed")), reader)
    assert result.success
    kept = tmp_path / "curated" / ".work" / "university_domains.parquet"
    assert pq.read_schema(kept).equals(arrow_schema("university_domains"))
    assert sorted(path.name for path in kept.parent.iterdir()) == ["steps", kept.name]  # nothing half-written beside it
    [event] = result.asset_materializations_for_node("university_domains")
    assert event.metadata["dagster/row_count"].value == 1 and "Bates" in str(event.metadata["preview"].value)
    assert event.metadata["path"].value == str(kept)
    [read] = result.asset_materializations_for_node("reader")
    assert read.metadata["names"].value == ["Bates College"]


def test_a_table_that_a_function_takes_as_a_dataset_is_handed_to_it_unread(materialize: Materialize) -> None:
    given: list[object] = []

    def unmatched_sponsors(university_domains: Dataset, cms_hospitals: pd.DataFrame) -> pd.DataFrame:
        given.extend([university_domains.to_table(["name"]).to_pydict(), type(cms_hospitals)])
        return empty_frame("unmatched_sponsors")

    def cms_hospitals() -> pd.DataFrame:
        return empty_frame("cms_hospitals")

    unmatched_sponsors.__module__ = cms_hospitals.__module__ = "pipeline.linkage.build"
    made = [
        table_asset(table_step(compute, "linked"))
        for compute in (university_domains, cms_hospitals, unmatched_sponsors)
    ]
    assert materialize(*made).success
    assert given == [{"name": ["Bates College"]}, pd.DataFrame]


def test_a_failed_registry_check_stops_what_comes_after(materialize: Materialize) -> None:
    ran: list[int] = []

    @dg.asset
    def reader(cms_hospitals: pd.DataFrame) -> None:
        ran.append(len(cms_hospitals))

    two = table_asset(tables_step(two_tables, ["cms_hospitals"], "linked"))
    result = materialize(table_asset(table_step(university_domains, "parsed")), two, reader)
    assert not result.success and not ran
    first, second = result.get_asset_check_evaluations()
    violations = str(second.metadata["violations"].value)
    assert first.passed and not second.passed
    assert "cms_hospitals.state" in violations and "cms_hospitals.facility_id" in violations


def test_a_parameter_that_is_no_table_is_opened_by_the_resource_of_its_name(
    materialize: Materialize, tmp_path: Path
) -> None:
    opened: list[NextRelease] = []

    def university_domains(next_release: NextRelease) -> pd.DataFrame:
        opened.append(next_release)
        return pd.DataFrame(COLLEGE)

    university_domains.__module__ = "pipeline.release.build"
    assert materialize(table_asset(table_step(university_domains, "published"))).success
    assert opened == [NextRelease(DataFolder(tmp_path), dt.date(2026, 11, 20))]


def test_a_preview_can_hold_no_markup_of_its_own() -> None:
    frame = pd.DataFrame({"a": ["x|y\nz", None, "w" * 100], "b": [[1], [], [2]]})
    lines = preview(frame).splitlines()
    assert len(lines) == 5 and all(line.count("|") == 3 for line in lines)
