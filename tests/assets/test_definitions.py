"""What Dagster finds: assets and their descriptions, checks, the two jobs, their schedules and executors."""

from __future__ import annotations

import datetime as dt

import dagster as dg
import pytest

from pipeline.assets.fetched import CHECK, FETCHED_SOURCES
from pipeline.definitions import defs, find_job
from pipeline.fetch.source_settings import SOURCES_VARIABLE
from pipeline.release.code_version import room_version
from pipeline.resources.executors import chosen_executor
from pipeline.schemas.registry import TABLES
from pipeline.settings import CONTACT_VARIABLE
from pipeline.sources.catalogue import SOURCES
from pipeline.steps.ahead import EXECUTOR_VARIABLE

GRAPH = defs.get_repository_def().asset_graph
FROM_THE_WEB = {"fetched_pages", *FETCHED_SOURCES}
FROM_OUTSIDE = {*FROM_THE_WEB, "dropped_files"}
NO_TABLES = {"petitions_database", "release"}


def steps(job: str) -> set[str]:
    return {node.name for node in find_job(job).nodes}


def test_every_asset_is_described() -> None:
    for node in GRAPH.asset_nodes:
        assert node.description and node.group_name != "default" and node.owners and node.kinds and node.code_version


def test_the_assets_are_the_tables_the_pages_and_the_release() -> None:
    """No asset but these: what is only handed on between two steps does not show in the lineage."""
    made = {key.to_user_string() for key in GRAPH.get_all_asset_keys()}
    assert made - FROM_OUTSIDE - NO_TABLES <= set(TABLES)
    assert {"functional_h1b_sponsors", "quarantine", "review_queue", *NO_TABLES, *FROM_OUTSIDE} <= made
    assert {name for source in SOURCES for name in source.tables} <= made


def test_every_table_has_one_check_of_the_registry() -> None:
    checks = [(key.asset_key.to_user_string(), key.name) for key in GRAPH.asset_check_keys]
    assert {name for name, check in checks if check == "registry"} == {
        key.to_user_string() for key in GRAPH.get_all_asset_keys()
    } - FROM_OUTSIDE - NO_TABLES
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
    assert GRAPH.get(dg.AssetKey("snapshots")).parent_keys == {dg.AssetKey(name) for name in FROM_OUTSIDE}
    assert GRAPH.get(dg.AssetKey("quarantine")).parent_keys == {dg.AssetKey(source.tables[0]) for source in SOURCES}
    assert not GRAPH.get(dg.AssetKey("release")).child_keys


def test_what_each_job_does_beside_the_refresh() -> None:
    assert steps("fetch_and_refresh") - steps("monthly_refresh") == FROM_THE_WEB
    assert steps("inbox_and_refresh") - steps("monthly_refresh") == {"dropped_files"}
    assert steps("monthly_refresh") <= steps("fetch_and_refresh") & steps("inbox_and_refresh")
    assert steps("fetch_official_sources") == set(FETCHED_SOURCES) and steps("fetch_pages_shard") == {"fetched_pages"}


def test_all_schedules_are_on_where_the_daemon_runs() -> None:
    schedules = {schedule.name: schedule for schedule in defs.schedules or ()}
    assert {name: one.cron_schedule for name, one in schedules.items() if isinstance(one, dg.ScheduleDefinition)} == {
        "monthly_refresh_schedule": "0 6 5 * *",
        "fetch_sources_schedule": "0 6 3 * *",
        "fetch_pages_schedule": "0 20 * * *",
    }
    for name in schedules:
        schedule = defs.resolve_schedule_def(name)
        assert schedule.execution_timezone == "America/New_York"
        assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING


def tick(schedule: str, day: int = 26) -> dg.ScheduleExecutionData:
    with dg.build_schedule_context(scheduled_execution_time=dt.datetime(2026, 11, day, 20, tzinfo=dt.UTC)) as context:
        return defs.resolve_schedule_def(schedule).evaluate_tick(context)


@pytest.mark.parametrize(
    ("contact", "sources", "asked"),
    [
        ("", "", set()),
        ("", "all", set()),
        ("https://example.org/me", "", {"fetch_pages_schedule"}),
        ("https://example.org/me", "no_such_source", {"fetch_pages_schedule"}),
        ("https://example.org/me", "ror", {"fetch_pages_schedule", "fetch_sources_schedule"}),
    ],
)
def test_nobody_is_asked_unless_fetching_is_enabled(
    monkeypatch: pytest.MonkeyPatch, contact: str, sources: str, asked: set[str]
) -> None:
    monkeypatch.setenv(CONTACT_VARIABLE, contact)
    monkeypatch.setenv(SOURCES_VARIABLE, sources)
    ticks = {name: tick(name) for name in ("fetch_pages_schedule", "fetch_sources_schedule")}
    assert {name for name, one in ticks.items() if one.run_requests} == asked
    assert all(one.skip_message for name, one in ticks.items() if name not in asked)


def test_each_evening_a_seventh_of_the_sites_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONTACT_VARIABLE, "https://example.org/me")
    requests = [request for day in range(23, 30) for request in tick("fetch_pages_schedule", day).run_requests or ()]
    shards = {request.run_config["ops"]["fetched_pages"]["config"]["shard"] for request in requests}
    assert shards == {f"{number}/7" for number in range(1, 8)}


def test_only_what_asks_the_web_is_tried_again() -> None:
    tried = {one.op.name for one in GRAPH.assets_defs if one.keys and one.op.retry_policy is not None}
    assert tried == {"fetched_pages", *FETCHED_SOURCES}
    for name in tried:
        policy = next(one.op.retry_policy for one in GRAPH.assets_defs if one.keys and one.op.name == name)
        assert policy and policy.backoff is dg.Backoff.EXPONENTIAL and policy.jitter


@pytest.mark.parametrize(
    ("asset", "days"),
    [
        ("functional_h1b_sponsors", 31),
        ("release", 31),
        ("uscis_petition_rows", 91),
        ("lca_filings", 91),
        ("acgme_programs", 365),
        ("fetched_irs_eo_bmf", 31),
        ("fetched_ror", 45),
    ],
)
def test_a_table_is_old_by_how_often_its_source_is_published(asset: str, days: int) -> None:
    policy = GRAPH.get(dg.AssetKey(asset)).freshness_policy
    late, too_late = dt.timedelta(days=days + 3), dt.timedelta(days=days + 10)
    assert policy == dg.FreshnessPolicy.time_window(fail_window=too_late, warn_window=late)


def test_every_source_and_the_list_have_a_freshness_policy() -> None:
    without = {node.key.to_user_string() for node in GRAPH.asset_nodes if node.freshness_policy is None}
    assert without == {"fetched_pages", "dropped_files"}


@pytest.mark.parametrize(
    ("name", "expected"), [("", "in_process"), ("in_process", "in_process"), ("multiprocess", "multiprocess")]
)
def test_the_executor_is_chosen_by_name(monkeypatch: pytest.MonkeyPatch, name: str, expected: str) -> None:
    monkeypatch.setenv(EXECUTOR_VARIABLE, name)
    assert chosen_executor().name == expected


def test_an_unknown_executor_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(EXECUTOR_VARIABLE, "nowhere:at_all")
    with pytest.raises(ValueError, match="not in_process, multiprocess or an installed"):
        chosen_executor()
