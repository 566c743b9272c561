"""What Dagster finds: assets and their descriptions, checks, the two jobs, their schedules and executors."""

from __future__ import annotations

import datetime as dt

import dagster as dg
import pytest

from pipeline.assets.fetched import CHECK, FETCHED_SOURCES
from pipeline.definitions import defs, find_job
from pipeline.release.code_version import room_version
from pipeline.resources.executors import VARIABLE, chosen_executor
from pipeline.schemas.registry import TABLES
from pipeline.sources.catalogue import SOURCES

GRAPH = defs.get_repository_def().asset_graph
FROM_THE_WEB = {"fetched_pages", *FETCHED_SOURCES}


def steps(job: str) -> set[str]:
    return {node.name for node in find_job(job).nodes}


def test_every_asset_is_described() -> None:
    for node in GRAPH.asset_nodes:
        assert node.description and node.group_name != "default" and node.owners and node.kinds and node.code_version


def test_the_assets_are_the_tables_the_pages_and_the_release() -> None:
    """No asset but these: what is only handed on between two steps does not show in the lineage."""
    made = {key.to_user_string() for key in GRAPH.get_all_asset_keys()}
    assert made - FROM_THE_WEB - {"release"} <= set(TABLES)
    assert {"functional_h1b_sponsors", "quarantine", "review_queue", "release", *FROM_THE_WEB} <= made
    assert {name for source in SOURCES for name in source.tables} <= made


def test_every_table_has_one_check_of_the_registry() -> None:
    checks = [(key.asset_key.to_user_string(), key.name) for key in GRAPH.asset_check_keys]
    assert {name for name, check in checks if check == "registry"} == {
        key.to_user_string() for key in GRAPH.get_all_asset_keys()
    } - FROM_THE_WEB - {"release"}
    assert {(name, CHECK) for name in FETCHED_SOURCES} | {("snapshots", "none_held_back")} <= set(checks)
    assert {(source.tables[0], "bounds") for source in SOURCES} <= set(checks)
    assert {("unmatched_sponsors", "few_unmatched"), ("conflicting_links", "few_conflicting")} <= set(checks)


def test_checks_of_the_registry_block_and_no_other() -> None:
    for key in GRAPH.asset_check_keys:
        assert GRAPH.get(key).blocking is (key.name == "registry")


def test_the_code_version_is_that_of_the_room() -> None:
    versions = {node.key.to_user_string(): node.code_version for node in GRAPH.asset_nodes}
    assert versions["petitioner_links"] == versions["institutions"] == room_version("linkage")
    assert versions["acgme_programs"] == room_version("archive")
    assert versions["trainee_filings"] == room_version("filings") != versions["visa_policies"]


def test_tables_flow_from_the_archive_to_the_release() -> None:
    assert GRAPH.get(dg.AssetKey("snapshots")).parent_keys == {dg.AssetKey(name) for name in FROM_THE_WEB}
    assert GRAPH.get(dg.AssetKey("quarantine")).parent_keys == {dg.AssetKey(source.tables[0]) for source in SOURCES}
    assert not GRAPH.get(dg.AssetKey("release")).child_keys


def test_only_one_of_the_jobs_fetches() -> None:
    assert steps("fetch_and_refresh") - steps("monthly_refresh") == FROM_THE_WEB
    assert steps("monthly_refresh") < steps("fetch_and_refresh")


def test_the_schedules_are_the_fifth_and_for_those_who_start_it_the_third() -> None:
    monthly, fetching = (
        defs.resolve_schedule_def(f"{name}_schedule") for name in ("monthly_refresh", "fetch_and_refresh")
    )
    assert (monthly.job_name, monthly.cron_schedule) == ("monthly_refresh", "0 6 5 * *")
    assert (fetching.job_name, fetching.cron_schedule) == ("fetch_and_refresh", "0 6 3 * *")
    assert monthly.execution_timezone == fetching.execution_timezone == "America/New_York"
    assert monthly.default_status is dg.DefaultScheduleStatus.RUNNING
    assert fetching.default_status is dg.DefaultScheduleStatus.STOPPED


def test_each_evening_a_seventh_of_the_sites_is_asked_once_the_operator_starts_it() -> None:
    schedule = defs.resolve_schedule_def("fetch_pages_schedule")
    assert schedule.default_status is dg.DefaultScheduleStatus.STOPPED
    shards = set()
    for day in range(7):
        moment = dt.datetime(2026, 11, 23 + day, 20, tzinfo=dt.UTC)
        with dg.build_schedule_context(scheduled_execution_time=moment) as context:
            [request] = schedule.evaluate_tick(context).run_requests or ()
        shards.add(request.run_config["ops"]["fetched_pages"]["config"]["shard"])
    assert shards == {f"{number}/7" for number in range(1, 8)}
    assert steps("fetch_pages_shard") == {"fetched_pages"}


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
