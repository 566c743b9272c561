"""A whole run: one at a time, and what an error of one site, of the disk or of a user does to it."""

from __future__ import annotations

import errno
import json

import pytest
from werkzeug import Request, Response

from pipeline.fetch import page_store, page_visit
from pipeline.fetch.journal import JournalError
from pipeline.fetch.run import FetchError
from tests.fetch.conftest import VISA_PAGE, Web


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


def test_without_a_seed_nothing_begins(web: Web) -> None:
    with pytest.raises(FetchError, match="'nowhere' in its name"):
        web.fetch(institution="nowhere")
    assert web.requested == []


def test_an_unforeseen_error_is_the_failure_of_its_site_and_the_others_go_on(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = page_visit.about_page

    def broken(url: str, title: str, plan: object) -> object:
        if "broken.test" in url:
            raise ZeroDivisionError("a bug")
        return real(url, title, plan)  # type: ignore[arg-type]

    web.page("/")
    web.page("/b", VISA_PAGE + "more")
    monkeypatch.setattr(page_visit, "about_page", broken)
    report = web.fetch(web.seed(host="broken.test"), web.seed("/b", host="fine.test"), settings={"hosts_at_once": 1})
    assert web.outcomes(report) == {"/": "failed internal_error", "/b": "new"} and not report.stopped
    [failed] = [page for page in report.pages if page.outcome == "failed"]
    assert failed.site.startswith("broken.test") and failed.snapshot_id == ""
    assert "ZeroDivisionError in test_run.py" in failed.detail and failed.detail.endswith("a bug")
    assert web.leftovers() == []


@pytest.mark.parametrize(
    "problem", [RecursionError("too deep"), OSError(errno.ENOTEMPTY, "there already"), OSError(errno.ENAMETOOLONG, "x")]
)
def test_what_breaks_the_reader_or_the_name_of_a_page_is_its_failure(
    web: Web, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise problem

    web.page("/")
    monkeypatch.setattr(page_store, "add_one", broken)
    assert web.outcomes(web.fetch()) == {"/": "failed unusable"}
    assert web.archived() == [] and web.leftovers() == []


@pytest.mark.parametrize("problem", [OSError("no space left on device"), OSError(errno.ENOSPC, "no space left")])
def test_a_full_disk_ends_the_run(web: Web, monkeypatch: pytest.MonkeyPatch, problem: OSError) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise problem

    web.page("/")
    monkeypatch.setattr(page_store, "add_one", broken)
    with pytest.raises(OSError, match="no space left"):
        web.fetch()
    assert web.archived() == [] and web.leftovers() == []


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["not JSON"], "can't be read"),
        ([{"began": "2026-11-26"}], "can't be read"),
        ([{"kind": "robots", "url": "{origin}", "value": {"state": "open", "colour": "red"}}], "colour"),
        ([{"kind": "page", "url": "{origin}/", "value": {"links": [1]}}], "can't be read"),
        ([{"kind": "page", "url": "{origin}/", "value": {}}], "links"),
    ],
)
def test_a_damaged_journal_is_named_with_the_remedy_and_no_page_is_requested(
    web: Web, lines: list[object], problem: str
) -> None:
    head = [] if len(lines[0]) == 1 or isinstance(lines[0], str) else [{"started_at": web.now.isoformat()}]  # type: ignore[arg-type]
    texts = [line if isinstance(line, str) else json.dumps(line) for line in [*head, *lines]]
    web.folder.fetch.mkdir(parents=True)
    journal = web.folder.fetch / "journal.jsonl"
    journal.write_text("\n".join(texts).replace("{origin}", web.url("")) + "\n")
    with pytest.raises(JournalError, match=r"journal\.jsonl can't be read .*Remove it") as raised:
        web.fetch()
    assert problem in str(raised.value) and "/" not in web.requested
