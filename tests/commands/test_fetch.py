"""`h1b-sponsors fetch pages` as a person sees it: what it refuses, what it says, and its exit codes."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from pytest_httpserver import HTTPServer
from rich.console import Console
from typer.testing import CliRunner, Result

from pipeline.archive.store import snapshots
from pipeline.cli import app
from pipeline.commands import fetch as command
from pipeline.commands import fetch_pages as pages_command
from pipeline.fetch import public_hosts, seed_sources
from pipeline.fetch.network import Network
from pipeline.fetch.page_outcome import PageOutcome
from pipeline.fetch.progress import Progress
from pipeline.fetch.seeds import KNOWN_COLUMNS
from pipeline.settings import CONTACT_VARIABLE, DATA_DIR_VARIABLE, DELAY_VARIABLE
from tests.fetch.conftest import VISA_PAGE, HandClock, loopback


@pytest.fixture(scope="module")
def site() -> Iterator[HTTPServer]:
    with HTTPServer(host="127.0.0.1") as server:
        server.expect_request("/robots.txt").respond_with_data(
            "User-agent: *\nDisallow: /closed", content_type="text/plain"
        )
        server.expect_request("/visa").respond_with_data(VISA_PAGE, content_type="text/html")
        server.expect_request("/closed").respond_with_data(VISA_PAGE, content_type="text/html")
        server.expect_request("/sitemap.xml").respond_with_data("", status=404)
        server.expect_request("/gone").respond_with_data("", status=404)
        yield server


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch, site: HTTPServer) -> HandClock:
    """Known pages on this machine, under names that seem public, and time that passes only where somebody waits."""
    made = HandClock()
    rows = [
        (name, "GME office", "", "Boston", "MA", f"http://{host}.test:{site.port}/{path}", "test")
        for name, host, path in (
            ("Example Hospital", "example", "visa"), ("Example Hospital", "example", "closed"), ("Other Hospital", "other", "gone"),
        )
    ]  # fmt: skip
    monkeypatch.setattr(seed_sources, "read_known_pages", lambda: pd.DataFrame(rows, columns=KNOWN_COLUMNS))
    monkeypatch.setattr(command, "NETWORK", Network(loopback, made.clock))
    real = public_hosts.is_public
    monkeypatch.setattr(public_hosts, "is_public", lambda address: address == "127.0.0.1" or real(address))
    return made


def run(data: Path, *words: str, **environment: str) -> Result:
    settings = {CONTACT_VARIABLE: "https://example.org/contact", DATA_DIR_VARIABLE: str(data), "COLUMNS": "160"}
    return CliRunner().invoke(app, ["fetch", "pages", *words], env=settings | environment)


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({CONTACT_VARIABLE: ""}, "Set H1B_FETCH_CONTACT=https://"),
        ({CONTACT_VARIABLE: "nobody"}, "is no web address"),
        ({DELAY_VARIABLE: "1"}, "a number from 5 to 3600"),
    ],
)
def test_it_refuses_to_start_in_one_line(
    tmp_path: Path, hand: HandClock, environment: dict[str, str], message: str
) -> None:
    result = run(tmp_path, **environment)
    assert result.exit_code == 1 and message in result.output and len(result.output.splitlines()) == 1
    assert not (tmp_path / "raw").exists() and hand.sleeps == []


def test_it_fetches_reports_and_says_what_next(tmp_path: Path, hand: HandClock) -> None:
    result = run(tmp_path)
    assert result.exit_code == 0, result.output
    for line in ("asked 2", "new 1", "refused by robots 1", "failed 1", "1 failed: http_404", "2/2 sites", "refresh"):
        assert line in " ".join(result.output.split()), result.output
    [snapshot] = snapshots(tmp_path / "raw")
    [path] = (tmp_path / "fetch").glob("report-*.json")
    report = json.loads(path.read_text())
    assert report["counts"] | {"bytes": 0, "requests": 0} == {
        "sites": 2, "requests": 0, "asked": 2, "new": 1, "unchanged": 0, "not_kept": 0, "failed": 1, "refused_by_robots": 1,
        "not_asked": 0, "bytes": 0,
    }  # fmt: skip
    by_path = {page["url"].rsplit("/", 1)[1]: page for page in report["pages"]}
    assert by_path["visa"]["snapshot_id"] == snapshot.id and by_path["closed"]["detail"] == "robots.txt disallows it"
    assert by_path["gone"]["code"] == "http_404" and all(wait <= 5.0 for wait in hand.sleeps) and 5.0 in hand.sleeps


def test_one_institution_and_a_limit(tmp_path: Path, hand: HandClock) -> None:
    result = run(tmp_path, "--institution", "other hosp")
    assert result.exit_code == 1 and "no page could be had" in result.output
    result = run(tmp_path, "--institution", "nowhere")
    assert result.exit_code == 1 and "'nowhere' in its name" in result.output
    result = run(tmp_path, "--limit", "1", "--institution", "Example")
    assert result.exit_code == 0 and "asked 1" in " ".join(result.output.split())
    assert run(tmp_path, "--limit", "0").exit_code == 2


def test_a_second_run_finds_the_page_unchanged(tmp_path: Path, hand: HandClock) -> None:
    run(tmp_path, "--institution", "Example")
    hand.sleep(86_400)
    result = run(tmp_path, "--institution", "Example")
    assert "unchanged 1" in " ".join(result.output.split()) and len(snapshots(tmp_path / "raw")) == 1


def test_a_real_network_is_what_it_has_otherwise() -> None:
    assert Network() == command.NETWORK and Network().resolver is public_hosts.system_resolver
    with pytest.raises(public_hosts.AddressRefusedError):
        public_hosts.checked_addresses("localhost", 80, public_hosts.system_resolver, private=False)


def test_a_terminal_shows_a_bar_with_the_time_left() -> None:
    console = Console(force_terminal=True, width=120, file=io.StringIO())
    page = PageOutcome("x.org", "https://x.org/", "new")
    with pages_command.progress_reporter(console) as reporter:
        reporter(page, Progress(1, 4, 9, 21, 130.0))
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "1/4 sites, 9 pages, about 2 min left" in shown and "9/30" in shown


@pytest.mark.parametrize(
    ("seconds", "message"), [(0.4, "about 0 s"), (89, "about 89 s"), (600, "about 10 min"), (9_000, "about 2 h 30 min")]
)
def test_durations_are_shown_in_round_words(seconds: float, message: str) -> None:
    assert pages_command._duration(seconds) == message
