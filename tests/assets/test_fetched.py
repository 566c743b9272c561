"""The asset that fetches: never without an address at which the operator can be reached; what it did is in its metadata."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from pipeline.assets import fetched
from pipeline.definitions import shard_config
from pipeline.fetch.page_outcome import PageOutcome
from pipeline.fetch.report import Report
from pipeline.fetch.source_outcome import FileOutcome
from pipeline.fetch.source_settings import SOURCES_VARIABLE
from pipeline.settings import CONTACT_VARIABLE

Materialize = Callable[..., dg.ExecuteInProcessResult]


def test_without_a_contact_it_fails_at_once_and_asks_nobody(
    materialize: Materialize, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(CONTACT_VARIABLE, raising=False)
    monkeypatch.setattr(fetched, "fetch", lambda *args, **options: pytest.fail("it fetched"))
    result = materialize(fetched.fetched_pages)
    [failure] = [event for event in result.all_events if event.is_step_failure]
    assert CONTACT_VARIABLE in str(failure.step_failure_data.error)
    assert not any(event.is_step_up_for_retry for event in result.all_events)
    assert not (tmp_path / "raw").exists()


def test_it_fetches_and_counts_what_it_did(
    materialize: Materialize, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(CONTACT_VARIABLE, "https://example.org/contact")
    page = PageOutcome("x.org", "https://x.org/", "new", found_at="https://x.org/", snapshot_id="program_pages/x")
    report = Report("2026-11-26T12:00:00+00:00", "2026-11-26T12:01:00+00:00", False, False, 1, 2, (page,))
    monkeypatch.setattr(fetched, "fetch", lambda *args, shard: report if str(shard) == "3/7" else None)
    (tmp_path / "fetch").mkdir()
    result = materialize(fetched.fetched_pages, config=shard_config("3/7"))
    [event] = result.asset_materializations_for_node("fetched_pages")
    assert event.metadata["new"].value == 1 and event.metadata["asked"].value == 1
    assert Path(str(event.metadata["report"].value)).is_file()


HELD = FileOutcome(
    "ror", "dump", "", "held", "https://zenodo.org/x", "2026-11-26T12:00:00+00:00", detail="half of the rows"
)
FAILED = FileOutcome(
    "ror", "dump", "", "failed", "https://zenodo.org/x", "2026-11-26T12:00:00+00:00", "time_out", "slow"
)


def asset_of(source: str) -> dg.AssetsDefinition:
    return next(one for one in fetched.fetched_sources if one.key.to_user_string() == f"fetched_{source}")


def test_a_source_that_is_not_enabled_asks_nobody(materialize: Materialize, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SOURCES_VARIABLE, "irs_eo_bmf")
    monkeypatch.setattr(fetched, "fetch_sources", lambda *args: pytest.fail("it fetched"))
    [event] = materialize(asset_of("ror")).asset_materializations_for_node("fetched_ror")
    assert event.metadata["enabled"].value is False


def test_what_still_fails_is_told_by_the_check_and_ends_no_run(
    materialize: Materialize, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CONTACT_VARIABLE, "https://example.org/contact")
    monkeypatch.setenv(SOURCES_VARIABLE, "all")
    monkeypatch.setattr(fetched, "AGAIN", dg.RetryPolicy(max_retries=2))
    tries = iter([[FAILED], [FAILED], [FAILED, HELD]])
    monkeypatch.setattr(fetched, "fetch_sources", lambda *args: next(tries))
    result = materialize(fetched.fetch_asset("ror"))
    [check] = result.get_asset_check_evaluations()
    assert result.success and not check.passed and check.severity is dg.AssetCheckSeverity.WARN
    assert check.metadata["problems"].value == ["dump : slow", "dump : half of the rows"]
    [event] = result.asset_materializations_for_node("fetched_ror")
    assert (event.metadata["failed"].value, event.metadata["held"].value) == (1, 1)
