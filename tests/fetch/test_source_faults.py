"""Whatever a publisher's host does, for each publication that is fetched: the file is had, or what was used before is still used."""

from __future__ import annotations

import functools
import gzip
import io
import json
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from werkzeug import Request, Response

from pipeline.archive.reading import open_archive
from pipeline.archive.selection import choose
from pipeline.archive.store import verify
from pipeline.fetch.network import Network
from pipeline.fetch.source_outcome import FileOutcome, kept_outcomes
from pipeline.fetch.source_run import RECORDS, fetch_sources
from pipeline.settings import DataFolder
from pipeline.sources.publications import Wanted, publications
from tests.fetch.conftest import FAST, HandClock, Server, loopback
from tests.fetch.published import PUBLISHED, Published, lower_what_is_full

HOST = "publisher.test"
CHALLENGE = "<!DOCTYPE html><html><title>Just a moment...</title><script>check()</script></html>"
TYPES = {
    "csv": "text/csv", "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
Answer = Callable[[Request, bytes], Response]


@dataclass
class Publisher:
    """The host of one publication on this machine. answer: what it makes of a request for a file, given the file."""

    published: Published
    server: Server
    folder: DataFolder
    clock: HandClock = field(default_factory=HandClock)
    vintage: tuple[int, str] = (0, "a")  # rows more than a whole file has, and the mark of its names
    period: str = ""  # of the files, whatever is asked for; "" for what is asked for
    answer: Answer | None = None

    def __post_init__(self) -> None:
        self.clock.begin = self.published.today

    def fetch(self, resolver: Callable[[str, int], list[str]] = loopback, **changes: object) -> list[FileOutcome]:
        """Fetch the publication; `changes` are settings, `most_bytes` and `hosts` of its row."""
        self.clock.at += 3_600
        own = {name: changes.pop(name) for name in ("most_bytes", "hosts") if name in changes}
        row = self.published.publication
        address = row.address.replace(f"https://{row.hosts[0]}", f"http://{HOST}:{self.server.port}")
        local = replace(row, address=address, **({"hosts": (HOST,)} | own))  # type: ignore[arg-type]
        self._serve(local.wanted(self.published.today, self.published.since))
        settings = replace(FAST, **changes)  # type: ignore[arg-type]
        network = Network(resolver, self.clock.clock)
        return fetch_sources(
            self.folder, {row.source: [local]}, self.published.since, settings, lambda outcome: None, network=network
        )

    def _serve(self, wanted: tuple[Wanted, ...]) -> None:
        """Serve each file at the first of its addresses, or behind the catalogue that leads to it."""
        for one in wanted:
            path = one.addresses[0].split("/", 3)[3]
            if self.published.publication.pick:
                self.server.routes["/" + path.partition("?")[0]] = lambda request: Response(self._catalogue())
                self.server.routes["/newest.bin"] = lambda request: self._answered(request, one)  # noqa: B023
            else:
                self.server.routes["/" + path.partition("?")[0]] = self._handler(one)

    def _handler(self, wanted: Wanted) -> Callable[[Request], Response]:
        return lambda request: self._answered(request, wanted)

    def _catalogue(self) -> str:
        url = f"http://{HOST}:{self.server.port}/newest.bin"
        file = {
            "key": "v2-ror-data.zip",
            "links": {"self": url},
            "mediaType": "text/csv",
            "title": "x : 2026-01-01",
            "downloadURL": url,
        }
        older = {**file, "key": "other.csv", "title": "x : 2025-01-01", "downloadURL": url + "-older"}
        title = "Provider of Services File - Quality Improvement and Evaluation System"
        named = {"title": title, "distribution": [older, file]}
        first = {"distribution": [file], "dataset": [{"title": "Another", "distribution": []}, named]}
        return json.dumps({**first, "hits": {"hits": [{"files": [older, file]}]}})

    def _answered(self, request: Request, wanted: Wanted) -> Response:
        content = self.content(wanted.name)
        return self.answer(request, content) if self.answer else self.good(request, content)

    def content(self, name: str) -> bytes:
        more, mark = self.vintage
        return self.published.content(self.period or name, self.published.rows + more, mark)

    def good(self, request: Request, content: bytes) -> Response:
        """Answer as a sound host does: whole, in part, or not at all where nothing has changed."""
        etag = f'"{hash(content)}"'
        if request.headers.get("If-None-Match") == etag:
            return Response(status=304)
        headers = {"ETag": etag, "Content-Type": TYPES[self.published.publication.media]}
        asked = request.headers.get("Range")
        if asked and request.headers.get("If-Range") == etag:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            whole = {"Content-Range": f"bytes {start}-{len(content) - 1}/{len(content)}"}
            return Response(content[start:], 206, headers | whole)
        return Response(content, 200, headers)

    def in_use(self) -> dict[str, str]:
        """Return the parts in use, and the hash of the file of each; fails where bytes have changed or anything is left over."""
        archive = open_archive(self.folder.raw)
        own = archive.of_source(self.published.publication.source)
        for snapshot in own:
            verify(snapshot)
        assert archive.damaged == () and not list(self.folder.fetch.glob("partial*/*"))
        return {one.part.name: one.snapshot.manifest.sha256 for one in choose(own) if one.used}


@pytest.fixture(scope="module")
def fetched(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return the data folder into which the files of a publication were fetched, once for all tests."""

    @functools.cache
    def once(key: str) -> Path:
        folder = tmp_path_factory.mktemp("fetched")
        made = Publisher(PUBLISHED[key], server, DataFolder(folder))
        assert {outcome.result for outcome in made.fetch()} == {"new"} and made.in_use()
        return folder

    return once


@pytest.fixture(params=PUBLISHED, ids=str)
def publisher(
    request: pytest.FixtureRequest,
    server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fetched: Callable[[str], Path],
) -> Publisher:
    """The host of one publication, and a data folder into which its files were fetched."""
    lower_what_is_full(monkeypatch)
    server.routes.clear()
    folder = tmp_path / "data"
    shutil.copytree(fetched(request.param), folder)
    server.log.clear()
    return Publisher(PUBLISHED[request.param], server, DataFolder(folder))


def results(outcomes: list[FileOutcome]) -> set[str]:
    return {f"{outcome.result} {outcome.code}".strip() for outcome in outcomes}


def page(status: int, media: str = "text/html") -> Answer:
    return lambda request, content: Response(CHALLENGE, status, {"Content-Type": media})


def status(code: int, **headers: str) -> Answer:
    return lambda request, content: Response(
        "", code, {name.replace("_", "-"): value for name, value in headers.items()}
    )


def endless(request: Request, content: bytes) -> Response:
    def more() -> Iterator[bytes]:
        while True:
            yield b"a,b,c\n" * 10_000

    return Response(more(), 200, {"Content-Type": "application/octet-stream"})


def slow(request: Request, content: bytes) -> Response:
    def drip() -> Iterator[bytes]:
        for place in range(200):
            yield content[place : place + 1]
            time.sleep(0.01)

    return Response(drip(), 200, {"Content-Type": "application/octet-stream"})


BOMB = gzip.compress(bytes(20 << 20), 1)


def bomb(request: Request, content: bytes) -> Response:
    return Response(BOMB, 200, {"Content-Type": "application/octet-stream", "Content-Encoding": "gzip"})


def reset(request: Request, content: bytes) -> Response:
    def broken() -> Iterator[bytes]:
        yield content[: len(content) * 6 // 10]
        raise ConnectionResetError

    return Response(broken(), 200, {"Content-Type": "application/octet-stream", "Content-Length": str(len(content))})


def private_redirect(request: Request, content: bytes) -> Response:
    return Response("", 302, {"Location": "http://10.0.0.1/internal"})


FAULTS: dict[str, tuple[Answer, str]] = {
    "404": (status(404), "not_there"),
    "403 with a challenge page": (page(403), "by_hand http_403"),
    "200 with a challenge page": (page(200), "by_hand web_page"),
    "HTML as a file": (page(200, "application/octet-stream"), "by_hand web_page"),
    "429": (status(429, Retry_After="7"), "failed busy"),
    "429 for a day": (status(429, Retry_After="86400"), "failed busy"),
    "503": (status(503), "failed busy"),
    "500": (status(500), "failed http_500"),
    "304 to nothing": (lambda request, content: Response(status=304), "unchanged"),
    "redirect to a private address": (private_redirect, "failed host_refused"),
    "endless body": (endless, "failed too_large"),
    "slow body": (slow, "failed time_out"),
    "gzip bomb": (bomb, "failed too_large"),
    "reset again and again": (reset, "failed connection"),
    "nothing": (lambda request, content: Response(b"", 200, {"Content-Type": "text/plain"}), "failed"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_and_what_was_used_is_still_used(publisher: Publisher, fault: str) -> None:
    answer, expected = FAULTS[fault]
    before = publisher.in_use()
    publisher.answer = answer
    changes: dict[str, Any] = {"failed too_large": {"most_bytes": 600_000}, "failed time_out": {"request_seconds": 0.1}}
    outcomes = publisher.fetch(**changes.get(expected, {}))
    told = results(outcomes)
    # A host that was busy twice is left alone: its other files are not asked for.
    assert told <= {expected, "failed left_alone"} or (
        expected == "failed" and all(one.startswith("failed") for one in told)
    )
    assert publisher.in_use() == before
    assert all(wait <= FAST.longest_wait for wait in publisher.clock.sleeps)
    source = publisher.published.publication.source
    assert kept_outcomes(publisher.folder.fetch / RECORDS, source) == tuple(outcomes)
    if expected.startswith("by_hand"):
        assert all("By hand: " in one.detail and "h1b-sponsors add" in one.detail for one in outcomes)


def test_an_unchanged_file_is_asked_for_on_condition_and_not_filed_again(publisher: Publisher) -> None:
    before = publisher.in_use()
    assert results(publisher.fetch()) == {"unchanged"} and publisher.in_use() == before
    asked = [request for request, answered in publisher.server.log if answered.status_code == 304]
    assert asked and all(request.headers["If-None-Match"] for request in asked)


def test_a_new_file_takes_the_place_of_the_one_before(publisher: Publisher) -> None:
    before = publisher.in_use()
    publisher.vintage = (2, "b")
    assert results(publisher.fetch()) == {"new"}
    after = publisher.in_use()
    assert after.keys() == before.keys() and not set(after.values()) & set(before.values())


def test_a_host_that_is_busy_once_is_waited_for(publisher: Publisher) -> None:
    busy = iter([True])
    publisher.vintage = (2, "b")
    publisher.answer = lambda request, content: (
        status(429, Retry_After="7")(request, content) if next(busy, False) else publisher.good(request, content)
    )
    assert results(publisher.fetch()) == {"new"}
    assert any(6 < wait <= 7 for wait in publisher.clock.sleeps)


def test_a_transfer_that_breaks_at_60_percent_goes_on_from_there(publisher: Publisher) -> None:
    publisher.vintage = (2, "b")
    begun: set[str] = set()

    def once(request: Request, content: bytes) -> Response:
        if request.path in begun:
            return publisher.good(request, content)
        begun.add(request.path)
        broken = reset(request, content)
        broken.headers["ETag"] = publisher.good(request, content).headers["ETag"]
        return broken

    publisher.answer = once
    assert results(publisher.fetch()) == {"new"}
    resumed = [request for request, answered in publisher.server.log if answered.status_code == 206]
    assert len(resumed) == len(begun) and all(int(one.headers["Range"][6:-1]) > 0 for one in resumed)
    sound = [
        publisher.content(one.name)
        for one in publisher.published.publication.wanted(publisher.published.today, publisher.published.since)
    ]
    assert all(_matches(publisher, content) for content in sound[:1])


def _matches(publisher: Publisher, content: bytes) -> bool:
    """Decide whether a file, or the first member of a zip archive, is in the archive byte for byte."""
    if publisher.published.publication.media == "zip":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = archive.read(archive.namelist()[0])
    own = open_archive(publisher.folder.raw).of_source(publisher.published.publication.source)
    return any(snapshot.path.read_bytes() == content for snapshot in own)


def test_a_truncated_file_is_not_used(publisher: Publisher) -> None:
    before = publisher.in_use()
    publisher.vintage = (2, "b")
    publisher.answer = lambda request, content: publisher.good(request, content[: len(content) // 2])
    told = results(publisher.fetch())
    assert told <= {"failed unusable", "new", "held"} and publisher.in_use() == before
    assert publisher.published.publication.media == "csv" or told == {"failed unusable"}


def test_half_of_the_rows_are_not_used(publisher: Publisher) -> None:
    before = publisher.in_use()
    publisher.vintage = (-publisher.published.rows // 2, "b")
    assert results(publisher.fetch()) <= {"new", "held"} and publisher.in_use() == before


def test_another_header_is_refused(publisher: Publisher) -> None:
    before = publisher.in_use()

    def renamed(request: Request, content: bytes) -> Response:
        changed = b"One,Two,Three\n" + content.partition(b"\n")[2]
        if publisher.published.publication.media == "zip":
            changed = _repacked(content, lambda plain: b"[]" if plain.startswith(b"[") else b"One,Two\n1,2\n")
        elif publisher.published.publication.media == "xlsx":
            changed = _repacked(content, lambda plain: plain.replace(b"CASE_NUMBER", b"CASE_NAME"))
        return publisher.good(request, changed)

    publisher.answer = renamed
    assert results(publisher.fetch()) == {"failed unusable"} and publisher.in_use() == before


def _repacked(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)))
    return written.getvalue()


@pytest.mark.parametrize("publisher", [key for key, one in PUBLISHED.items() if "fiscal" in one.publication.periods or "date" in one.publication.periods], indirect=True)  # fmt: skip
def test_the_year_that_comes_is_the_year_that_was_asked_for(publisher: Publisher) -> None:
    """The dashboard of USCIS answers with its newest year where it does not see the filter."""
    before = publisher.in_use()
    publisher.vintage = (3, "c")
    publisher.period = f"FY{publisher.published.since - 1}Q2"[
        : 8 if "dol" in publisher.published.publication.source else 6
    ]
    outcomes = publisher.fetch()
    assert results(outcomes) == {"failed unusable"} and publisher.in_use() == before
    assert all("was asked for" in outcome.detail for outcome in outcomes)


def test_a_host_within_the_list_at_a_private_address_is_refused(
    publisher: Publisher, only_this_machine_is_public: None
) -> None:
    before = publisher.in_use()
    outcomes = publisher.fetch(lambda host, port: ["10.0.0.7"], private_addresses=False)
    assert results(outcomes) == {"failed address_refused"} and publisher.in_use() == before


def test_the_filter_of_the_dashboard_has_its_three_spaces(publisher: Publisher) -> None:
    publisher.fetch()
    for request, _ in publisher.server.log:
        assert (
            request.headers["User-Agent"].startswith("h1b-sponsors/") and "+https://" in request.headers["User-Agent"]
        )
        assert not {"Cookie", "Authorization", "Referer"} & set(request.headers.keys())
        if request.path.endswith("H1BPublic.csv"):
            assert request.args.to_dict() == {"Fiscal Year   ": "2026"}


def test_each_publication_that_is_fetched_has_a_publisher_here() -> None:
    assert len(PUBLISHED) == sum(one.saved_by == "machine" for one in publications())
