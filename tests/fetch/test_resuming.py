"""A run that is killed, at any step, goes on where it was: nothing is requested twice, nothing is half-written."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import os
import signal
import subprocess
import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug import Request, Response

from pipeline.fetch import journal, workers
from pipeline.fetch.journal import Entry, journal_path, open_journal
from pipeline.settings import (
    PROJECT,
)
from tests.fetch.conftest import VISA_PAGE, Web

JOURNAL = "journal.jsonl"
PAGES = [f"/{number}" for number in range(6)]
RUN = """
import os, sys
from pathlib import Path
from pipeline.archive import store
from pipeline.fetch import journal
from pipeline.fetch.network import Network
from pipeline.fetch.run import fetch
from pipeline.fetch.seeds import About, Seed
from pipeline.settings import DataFolder, FetchSettings

folder, port, death = sys.argv[1:]
steps = {"n": 0}

def dying(real, wanted=lambda *a: True):
    def step(*args, **kwargs):
        steps["n"] += wanted(*args)
        if wanted(*args) and steps["n"] == 4:
            os._exit(9)
        return real(*args, **kwargs)
    return step

if death == "before the rename":
    store.os = type("Os", (), {**vars(os), "replace": staticmethod(dying(os.replace))})
elif death == "before the journal":
    journal.Journal.put = dying(journal.Journal.put, lambda self, entry: entry.kind == "page")
settings = FetchSettings(contact="https://example.org/", delay=0.0, hosts_at_once=1, private_addresses=True, request_seconds=20.0)
seeds = [Seed(f"http://site.test:{port}/{n}", "known", About("Example Hospital", "Boston", "MA")) for n in range(6)]
fetch(DataFolder(Path(folder)), seeds, settings, lambda page, progress: None, network=Network(lambda host, port: ["127.0.0.1"]))
"""
NOW = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)


def begin(web: Web, death: str = "") -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", RUN, str(web.folder.root), str(web.server.port), death]
    return subprocess.Popen(command, cwd=PROJECT, env={**os.environ, "PYTHONPATH": str(PROJECT)})


def break_off(web: Web) -> None:
    """End a run as a kill would, in this process: the fourth page is in the archive and not yet in the journal."""
    real, pages = journal.Journal.put, itertools.count(1)

    def put(self: journal.Journal, entry: journal.Entry) -> None:
        if entry.kind == "page" and next(pages) == 4:
            raise OSError("killed")
        real(self, entry)

    with pytest.MonkeyPatch.context() as patch, pytest.raises(OSError, match="killed"):
        patch.setattr(journal.Journal, "put", put)
        web.fetch(*map(web.seed, PAGES), settings={"hosts_at_once": 1})


def serve(web: Web) -> None:
    for path in PAGES:
        web.page(path, VISA_PAGE.replace("J-1", f"{path} J-1"))


def go_on(web: Web, **options: object) -> dict[str, str]:
    report = web.fetch(*map(web.seed, PAGES), **options)
    assert report.resumed
    return web.outcomes(report)


@pytest.mark.parametrize(
    ("death", "requested_again"),
    [("before the rename", ["/3"]), ("before the journal", [])],
)
def test_death_at_a_step_of_filing(web: Web, death: str, requested_again: list[str]) -> None:
    """Before the rename the page is not in the archive, and requested again; after it, it is."""
    serve(web)
    assert begin(web, death).wait(60) == 9
    archived = web.archived()  # everything in it is whole
    assert len(archived) == (3 if death == "before the rename" else 4)
    before = list(web.requested)
    assert go_on(web) == dict.fromkeys(PAGES, "new")
    after = web.requested[len(before) :]
    assert sorted(path for path in after if path in before) == requested_again
    assert len(web.archived()) == len(set(web.archived())) == 6
    assert (
        web.leftovers() == []
        and not list(web.folder.raw.rglob(".staging*"))
        and not (web.folder.fetch / JOURNAL).exists()
    )


def test_a_kill_in_the_middle_of_a_page(web: Web) -> None:
    serve(web)
    reached, gate = threading.Event(), threading.Event()

    def stuck(request: Request) -> Response:
        reached.set()
        gate.wait(30)
        return Response(VISA_PAGE, mimetype="text/html")

    web.answer("/3", stuck)
    process = begin(web)
    assert reached.wait(30)
    process.send_signal(signal.SIGKILL)
    process.wait(60)
    gate.set()
    assert len(web.archived()) == 3
    web.page("/3")
    requested_before = [path for path in web.requested if path != "/3"]
    assert go_on(web) == dict.fromkeys(PAGES, "new")
    assert {path for path in requested_before if web.requested.count(path) > 1} == set()
    assert len(web.archived()) == 6 and web.leftovers() == []


def test_a_finished_run_is_not_resumed(web: Web) -> None:
    serve(web)
    assert not web.fetch(web.seed("/0")).resumed
    again = web.fetch(web.seed("/0"))
    assert not again.resumed and web.outcomes(again) == {"/0": "unchanged"} and web.requested.count("/0") == 2


def test_an_interrupt_ends_the_run_in_order_and_it_goes_on(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(web)

    def interrupted(futures: list[object], return_when: str) -> None:
        raise KeyboardInterrupt

    # The pause before the second request is long enough for the interrupt to find the run in the middle.
    with monkeypatch.context() as patch:
        patch.setattr(workers, "wait", interrupted)
        report = web.fetch(*map(web.seed, PAGES), settings={"delay": 600.0})
    assert report.stopped and len(report.pages) < 6 and (web.folder.fetch / JOURNAL).exists()
    assert go_on(web) == dict.fromkeys(PAGES, "new") and web.requested.count("/robots.txt") == 1


def test_a_journal_cut_off_in_a_line_requests_that_line_alone_again(web: Web) -> None:
    serve(web)
    break_off(web)
    path = web.folder.fetch / JOURNAL
    os.truncate(path, path.stat().st_size - 40)
    assert go_on(web) == dict.fromkeys(PAGES, "new") and len(web.archived()) == 6


def test_another_command_neither_uses_nor_ends_a_journal(web: Web) -> None:
    serve(web)
    break_off(web)
    report = web.fetch(*map(web.seed, PAGES), limit=2)
    assert (
        not report.resumed
        and report.requested == 2
        and [path.name for path in web.folder.fetch.glob("*.jsonl")] == [JOURNAL]
    )
    assert go_on(web) == dict.fromkeys(PAGES, "new") and len(web.archived()) == 6


@pytest.mark.parametrize(("days", "resumed", "robots"), [(0, True, 1), (2, True, 2), (8, False, 2)])
def test_an_old_journal_is_not_trusted_for_ever(web: Web, days: int, resumed: bool, robots: int) -> None:
    serve(web)
    break_off(web)
    path = web.folder.fetch / JOURNAL
    head, rest = path.read_text().split("\n", 1)
    began = dt.datetime.fromisoformat(json.loads(head)["started_at"]) - dt.timedelta(days=days)
    path.write_text(json.dumps({"started_at": began.isoformat()}) + "\n" + rest)
    report = web.fetch(*map(web.seed, PAGES))
    assert report.resumed is resumed and web.requested.count("/robots.txt") == robots
    assert report.count("new", "unchanged") == 6 and len(web.archived()) == 6


@given(st.integers(0, 400))
def test_a_journal_cut_off_anywhere_keeps_its_whole_lines(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    path = journal_path(tmp_path_factory.mktemp("journal"), None, None)
    first = open_journal(path, NOW)
    for number in range(3):
        first.put(Entry("page", f"https://x.org/{number}", {"outcome": "new\n", "text": "é"}))
    first.close(ended=False)
    content = path.read_bytes()[:cut] if cut < path.stat().st_size else path.read_bytes()
    path.write_bytes(content)
    again = open_journal(path, NOW)
    kept = [again.has("page", f"https://x.org/{number}") for number in range(3)]
    assert kept == [number < content.count(b"\n") - 1 for number in range(3)]
    assert again.resumed is (content.count(b"\n") > 0)
    again.put(Entry("page", "https://x.org/9", {}))
    again.close(ended=False)
    assert all(json.loads(line) for line in path.read_bytes().splitlines())
