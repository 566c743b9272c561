"""The asset that fetches: never without an address at which the operator can be reached; what it did is in its metadata."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from pipeline.assets import fetched
from pipeline.fetch.page_outcome import PageOutcome
from pipeline.fetch.report import Report
from pipeline.settings import CONTACT_VARIABLE

Materialize = Callable[..., dg.ExecuteInProcessResult]


def test_without_a_contact_it_fails_at_once_and_asks_nobody(
    materialize: Materialize, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(CONTACT_VARIABLE, raising=False)
    monkeypatch.setattr(fetched, "fetch", lambda *args: pytest.fail("it fetched"))
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
    monkeypatch.setattr(fetched, "fetch", lambda *args: report)
    (tmp_path / "fetch").mkdir()
    [event] = materialize(fetched.fetched_pages).asset_materializations_for_node("fetched_pages")
    assert event.metadata["new"].value == 1 and event.metadata["asked"].value == 1
    assert Path(str(event.metadata["report"].value)).is_file()
