"""What Dagster is told: assets, checks, the job and its schedule; and that a failed check stops what comes after."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pytest

from pipeline.assets import fetched
from pipeline.assets.factory import preview, table_asset
from pipeline.assets.fetched import fetched_pages
from pipeline.assets.parsed import bounds_result
from pipeline.definitions import defs, monthly_selection
from pipeline.fetch.page_outcome import PageOutcome
from pipeline.fetch.report import Report
from pipeline.resources.archive import ClockResource, DataResource
from pipeline.resources.executors import VARIABLE, chosen_executor
from pipeline.resources.parquet_io import registry_parquet
from pipeline.schemas.registry import TABLES
from pipeline.settings import CONTACT_VARIABLE, FETCH_VARIABLE, SettingsError
from pipeline.sources.catalogue import SOURCES, source


def test_everything_is_defined_and_described() -> None:
    repository = defs.get_repository_def()
    graph = repository.asset_graph
    for node in graph.asset_nodes:
        assert node.description and node.group_name != "default" and node.owners and node.kinds and node.code_version
    tables = {key.path[-1] for key in graph.get_all_asset_keys()}
    assert {
        "functional_h1b_sponsors",
        "petitioner_links",
        "release",
        *(name for one in SOURCES for name in one.tables),
    } <= tables


def test_every_table_has_its_blocking_check() -> None:
    graph = defs.get_repository_def().asset_graph
    checks = {(key.asset_key.path[-1], key.name) for key in graph.asset_check_keys}
    unchecked = {name for name in TABLES if (name, "registry") not in checks} - {"review_queue", "quarantine"}
    assert not unchecked
    assert {(one.tables[0], "bounds") for one in SOURCES} <= checks


def test_the_schedule_is_the_fifth_of_the_month_in_new_york() -> None:
    schedule = defs.resolve_schedule_def("monthly_refresh_schedule")
    assert schedule.cron_schedule == "0 6 5 * *" and schedule.execution_timezone == "America/New_York"
    assert schedule.job_name == "monthly_refresh"


@pytest.mark.parametrize(
    ("name", "expected"), [("", "in_process"), ("in_process", "in_process"), ("multiprocess", "multiprocess")]
)
def test_the_executor_is_chosen_by_name(monkeypatch: pytest.MonkeyPatch, name: str, expected: str) -> None:
    monkeypatch.setenv(VARIABLE, name)
    assert chosen_executor().name == expected


def test_an_unknown_executor_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "nowhere:at_all")
    with pytest.raises(ValueError, match="not in_process, multiprocess or an installed"):
        chosen_executor()


def materialize(assets: list[Any], folder: Path) -> dg.ExecuteInProcessResult:
    return dg.materialize(
        assets,
        resources={"data": DataResource(root=str(folder)), "clock": ClockResource(), "io_manager": registry_parquet},
        raise_on_error=False,
    )


def university(name: str | None) -> pd.DataFrame:
    return pd.DataFrame({"name": [name], "state_name": ["Maine"], "domains": [["x.edu"]], "snapshot_id": ["s"]})


def test_a_good_table_is_kept_and_read_downstream(tmp_path: Path) -> None:
    @table_asset(group="parsed")
    def university_domains() -> pd.DataFrame:
        return university("Bates College")

    @dg.asset
    def reader(university_domains: pd.DataFrame) -> dg.MaterializeResult:
        return dg.MaterializeResult(metadata={"rows": len(university_domains)})

    result = materialize([university_domains, reader], tmp_path)
    assert result.success
    assert pd.read_parquet(tmp_path / "curated" / ".work" / "university_domains.parquet")["name"].tolist() == [
        "Bates College"
    ]


def test_a_failed_registry_check_stops_what_comes_after(tmp_path: Path) -> None:
    ran: list[int] = []

    @table_asset(group="parsed")
    def cms_hospitals() -> pd.DataFrame:
        wrong = {"facility_id": ["12"], "name": ["A"], "hospital_type": ["Childrens"], "state": ["ZZ"]}
        return pd.DataFrame(wrong)

    @dg.asset
    def reader(cms_hospitals: pd.DataFrame) -> None:
        ran.append(len(cms_hospitals))

    result = materialize([cms_hospitals, reader], tmp_path)
    assert not result.success and not ran
    [check] = result.get_asset_check_evaluations()
    said = str(check.metadata["violations"].value)
    assert not check.passed and "cms_hospitals.state" in said and "cms_hospitals.facility_id" in said


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
    ("rows", "sample", "set_aside", "passed", "severity"),
    [
        (5_000, False, 0, True, None),
        (3_000, False, 0, False, dg.AssetCheckSeverity.ERROR),
        (9_000, False, 0, False, dg.AssetCheckSeverity.WARN),
        (100, True, 0, True, None),
        (5_000, False, 200, False, dg.AssetCheckSeverity.ERROR),
    ],
)
def test_bounds(rows: int, sample: bool, set_aside: int, passed: bool, severity: dg.AssetCheckSeverity | None) -> None:
    quarantine = pd.DataFrame({"row": range(set_aside)})
    result = bounds_result(source("cms_hospitals"), snapshots_of(rows, sample=sample), quarantine)
    assert result.passed is passed
    assert severity is None or result.severity == severity


def test_a_preview_can_hold_no_markup_of_its_own() -> None:
    frame = pd.DataFrame({"a": ["x|y\nz", None, "w" * 100], "b": [[1], [], [2]]})
    lines = preview(frame).splitlines()
    assert len(lines) == 5 and all(line.count("|") == 3 for line in lines)


def test_fetching_is_off_unless_enabled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is defined, comes before the archive is read, and is no step of the monthly job until H1B_FETCH=1."""
    graph = defs.get_repository_def().asset_graph
    assert graph.get(dg.AssetKey("snapshots")).parent_keys == {dg.AssetKey("fetched_pages")}
    for word, there in (("", False), ("0", False), ("1", True)):
        monkeypatch.setenv(FETCH_VARIABLE, word)
        assert (dg.AssetKey("fetched_pages") in monthly_selection().resolve(graph)) is there
    assert "fetched_pages" not in {node.name for node in defs.resolve_job_def("monthly_refresh").nodes}
    monkeypatch.delenv(FETCH_VARIABLE)
    result = dg.materialize([fetched_pages], resources={"data": DataResource(root=str(tmp_path))}, raise_on_error=False)
    assert not result.success and not (tmp_path / "raw").exists()


def test_enabled_without_a_contact_it_fails_and_asks_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(FETCH_VARIABLE, "1")
    monkeypatch.delenv(CONTACT_VARIABLE, raising=False)
    with pytest.raises(SettingsError, match="H1B_FETCH_CONTACT"):
        fetched_pages.node_def.compute_fn.decorated_fn(data=DataResource(root=str(tmp_path)))  # type: ignore[attr-defined]


def test_enabled_it_fetches_and_tells_what_it_did(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(FETCH_VARIABLE, "1")
    monkeypatch.setenv(CONTACT_VARIABLE, "https://example.org/contact")
    page = PageOutcome("x.org", "https://x.org/", "new", found_at="https://x.org/", snapshot_id="program_pages/x")
    report = Report("2026-11-26T12:00:00+00:00", "2026-11-26T12:01:00+00:00", False, False, 1, 2, (page,))
    monkeypatch.setattr(fetched, "fetch", lambda *args: report)
    (tmp_path / "fetch").mkdir()
    result = dg.materialize([fetched_pages], resources={"data": DataResource(root=str(tmp_path))})
    [event] = result.asset_materializations_for_node("fetched_pages")
    assert event.metadata["new"].value == 1 and event.metadata["asked"].value == 1
    assert Path(str(event.metadata["report"].value)).is_file()
