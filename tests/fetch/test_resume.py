"""A run that is killed, at any step, goes on where it was: nothing is asked for twice, nothing is half-written."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import threading

import pytest
from werkzeug import Request, Response

from pipeline.fetch.run import FetchError, Network
from pipeline.settings import PROJECT
from tests.fetch.conftest import VISA_PAGE, Web, loopback

JOURNAL = "journal.jsonl"
PAGES = [f"/{number}" for number in range(6)]
# A run in a process of its own, which dies at a step of the fourth page if asked to.
RUN = """
import os, sys
from pathlib import Path
from pipeline.archive import store
from pipeline.fetch import journal
from pipeline.fetch.run import Network, fetch
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
starts = [Seed(f"http://site.test:{port}/{n}", "known", About("Example Hospital", "Boston", "MA")) for n in range(6)]
fetch(DataFolder(Path(folder)), starts, settings, lambda visit, progress: None, network=Network(lambda host, port: ["127.0.0.1"]))
"""


def begin(web: Web, death: str = "") -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", RUN, str(web.folder.root), str(web.server.port), death]
    return subprocess.Popen(command, cwd=PROJECT, env={**os.environ, "PYTHONPATH": str(PROJECT)})


def serve(web: Web) -> None:
    for path in PAGES:
        web.page(path, VISA_PAGE.replace("J-1", f"{path} J-1"))


def go_on(web: Web, **options: object) -> dict[str, str]:
    starts = [web.start(path) for path in PAGES]
    report = web.fetch(*starts, **options)
    assert report.resumed
    return web.outcomes(report)


@pytest.mark.parametrize(
    ("death", "asked_again"),
    [("before the rename", ["/3"]), ("before the journal", [])],
)
def test_death_at_a_step_of_filing(web: Web, death: str, asked_again: list[str]) -> None:
    """Before the rename the page is not had, and asked again; after it, it is."""
    serve(web)
    assert begin(web, death).wait(60) == 9
    archived = web.archived()  # everything in it is whole
    assert len(archived) == (3 if death == "before the rename" else 4)
    before = list(web.asked)
    assert go_on(web) == dict.fromkeys(PAGES, "new")
    after = web.asked[len(before) :]
    assert sorted(path for path in after if path in before) == asked_again
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
    asked_before = [path for path in web.asked if path != "/3"]
    assert go_on(web) == dict.fromkeys(PAGES, "new")
    assert {path for path in asked_before if web.asked.count(path) > 1} == set()
    assert len(web.archived()) == 6 and web.leftovers() == []


def test_a_finished_run_is_not_resumed(web: Web) -> None:
    serve(web)
    assert not web.fetch(web.start("/0")).resumed
    again = web.fetch(web.start("/0"))
    assert not again.resumed and web.outcomes(again) == {"/0": "unchanged"} and web.asked.count("/0") == 2


def test_an_interrupt_ends_the_run_in_order_and_it_goes_on(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(web)
    from pipeline.fetch import workers

    def interrupted(futures: list[object], return_when: str) -> None:
        raise KeyboardInterrupt

    # The pause before the second request is long enough for the interrupt to find the run in the middle.
    with monkeypatch.context() as patch:
        patch.setattr(workers, "wait", interrupted)
        report = web.fetch(*(web.start(path) for path in PAGES), settings={"delay": 600.0})
    assert report.stopped and len(report.pages) < 6 and (web.folder.fetch / JOURNAL).exists()
    assert go_on(web) == dict.fromkeys(PAGES, "new") and web.asked.count("/robots.txt") == 1


def test_a_journal_cut_off_in_a_line_asks_again_for_that_line_alone(web: Web) -> None:
    serve(web)
    assert begin(web, "before the journal").wait(60) == 9
    path = web.folder.fetch / JOURNAL
    os.truncate(path, path.stat().st_size - 40)
    assert go_on(web) == dict.fromkeys(PAGES, "new") and len(web.archived()) == 6


def test_a_damaged_journal_is_named_and_nothing_is_asked(web: Web) -> None:
    web.folder.fetch.mkdir(parents=True)
    (web.folder.fetch / JOURNAL).write_text("not JSON\n")
    with pytest.raises(Exception, match=r"journal\.jsonl can't be read .* Remove it"):
        web.fetch()
    assert web.asked == []


def test_two_fetches_at_once_are_refused(web: Web) -> None:
    refused: list[str] = []

    def during(request: Request) -> Response:
        try:
            web.fetch()
        except FetchError as error:
            refused.append(str(error))
        return Response(VISA_PAGE, mimetype="text/html")

    web.answer("/", during)
    assert web.outcomes(web.fetch()) == {"/": "new"} and "another fetch is running" in refused[0]


def test_another_command_neither_uses_nor_ends_a_journal(web: Web) -> None:
    serve(web)
    assert begin(web, "before the journal").wait(60) == 9
    report = web.fetch(*(web.start(path) for path in PAGES), limit=2)
    assert (
        not report.resumed
        and report.requested == 2
        and [path.name for path in web.folder.fetch.glob("*.jsonl")] == [JOURNAL]
    )
    assert go_on(web) == dict.fromkeys(PAGES, "new") and len(web.archived()) == 6


@pytest.mark.parametrize(("days", "resumed", "robots"), [(0, True, 1), (2, True, 2), (8, False, 2)])
def test_an_old_journal_is_not_trusted_for_ever(web: Web, days: int, resumed: bool, robots: int) -> None:
    serve(web)
    assert begin(web, "before the journal").wait(60) == 9
    path = web.folder.fetch / JOURNAL
    head, rest = path.read_text().split("\n", 1)
    began = dt.datetime.fromisoformat(json.loads(head)["started_at"]) - dt.timedelta(days=days)
    path.write_text(json.dumps({"started_at": began.isoformat()}) + "\n" + rest)
    report = web.fetch(*(web.start(path) for path in PAGES))
    assert report.resumed is resumed and web.asked.count("/robots.txt") == robots
    assert report.count("new", "unchanged") == 6 and len(web.archived()) == 6


def test_hosts_are_visited_in_parallel_and_no_more_than_allowed(web: Web) -> None:
    together, most, guard = [0], [0], threading.Lock()
    both = threading.Barrier(2, timeout=20)

    def handler(request: Request) -> Response:
        with guard:
            together[0] += 1
            most[0] = max(most[0], together[0])
        both.wait()  # nobody is answered before two are waiting
        with guard:
            together[0] -= 1
        return Response(VISA_PAGE + request.host, mimetype="text/html")

    web.answer("/", handler)
    starts = [web.start(host=f"host{number}.test") for number in range(4)]
    report = web.fetch(*starts, network=Network(loopback), settings={"request_seconds": 30.0, "silence_seconds": 30.0})
    assert report.count("new") == 4 and most[0] == 2


def test_an_error_of_our_own_is_raised_and_not_counted_as_a_page(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.fetch import page_visit

    def broken(*args: object) -> None:
        raise ZeroDivisionError("a bug")

    serve(web)
    monkeypatch.setattr(page_visit, "about_page", broken)
    with pytest.raises(ZeroDivisionError):
        web.fetch(web.start("/0"))


@pytest.mark.parametrize("problem", [RecursionError("too deep"), OSError("no space left on device")])
def test_what_breaks_the_reader_is_the_pages_matter_and_a_full_disk_ours(
    web: Web, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    from pipeline.fetch import page_store

    def broken(*args: object, **kwargs: object) -> None:
        raise problem

    serve(web)
    monkeypatch.setattr(page_store, "add_one", broken)
    if isinstance(problem, OSError):
        with pytest.raises(OSError, match="no space left"):
            web.fetch(web.start("/0"))
    else:
        assert web.outcomes(web.fetch(web.start("/0"))) == {"/0": "failed unusable"}
    assert web.archived() == [] and web.leftovers() == []
