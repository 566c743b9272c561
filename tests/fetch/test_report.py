"""What a run says of itself: the report, and the estimate of the time left."""

from __future__ import annotations

import json

import pytest

from pipeline.fetch.page_outcome import PageOutcome
from pipeline.fetch.progress import SiteProgress, seconds_left
from pipeline.fetch.report import Report, as_json
from pipeline.settings import (
    FetchSettings,
)


def test_the_time_left_is_that_of_the_slowest_site_or_of_all_in_parallel() -> None:
    settings = FetchSettings(contact="https://x.org", delay=5.0, hosts_at_once=2, pages_per_site=10)
    assert seconds_left([], 4, settings) == pytest.approx(4 * 50 / 2)
    assert seconds_left([SiteProgress("a", 1, 9, 30.0), SiteProgress("b", 5, 5, 5.0)], 0, settings) == pytest.approx(
        9 * 30.0
    )
    assert seconds_left([SiteProgress("a", 10, 0, 5.0)], 0, settings) == 0.0


def test_the_report_adds_up_and_keeps_no_links() -> None:
    visits = tuple(
        PageOutcome("x.org", f"https://x.org/{number}", outcome, code, links=(("https://x.org/", "t"),))  # type: ignore[arg-type]
        for number, (outcome, code) in enumerate(
            [("new", ""), ("unchanged", ""), ("not_kept", "on_the_way"), ("failed", "tls"), ("failed", "tls"), ("failed", "http_404"), ("refused_by_robots", "robots"), ("not_asked", "left_alone")]
        )
    )  # fmt: skip
    report = Report("2026-11-26T12:00:00+00:00", "2026-11-26T13:00:00+00:00", False, False, 1, 9, visits)
    plain = as_json(report, FetchSettings(contact="https://x.org"))
    counts = plain["counts"]
    assert counts["asked"] == counts["new"] + counts["unchanged"] + counts["not_kept"] + counts["failed"] == 6
    assert counts["refused_by_robots"] == counts["not_asked"] == 1
    assert plain["failed_by_reason"] == {"tls": 2, "http_404": 1} and "links" not in json.dumps(plain["pages"])
