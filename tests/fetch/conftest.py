"""A web on this machine: a server, names that lead to it, and a clock that is turned by hand."""

from __future__ import annotations

import datetime as dt
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pipeline.archive.store import snapshots
from pipeline.fetch import public_hosts
from pipeline.fetch.clock import Clock
from pipeline.fetch.network import Network
from pipeline.fetch.page_outcome import PageOutcome
from pipeline.fetch.report import Report
from pipeline.fetch.run import fetch
from pipeline.fetch.seeds import About, Seed
from pipeline.settings import DataFolder, FetchSettings

FAST = FetchSettings(
    contact="https://example.org/contact",
    delay=0.0,
    hosts_at_once=2,
    page_bytes=200_000,
    connect_seconds=1.0,
    silence_seconds=1.0,
    request_seconds=1.5,
    retry_seconds=0.0,
    private_addresses=True,
)
HOSPITAL = About("Example Hospital", "Boston", "MA")
RawServer = Callable[[Callable[[str, socket.socket], None]], int]
VISA_PAGE = "<html><title>Visa policy</title><p>The residency program sponsors J-1 visas.</p></html>"


def loopback(host: str, port: int) -> list[str]:
    """Resolve every name to this machine."""
    return ["127.0.0.1"]


@dataclass
class HandClock:
    """A clock that only moves when somebody sleeps; `sleeps` are the waits, in seconds."""

    at: float = 1_000.0
    sleeps: list[float] = field(default_factory=list)
    begin: dt.date = dt.date(2026, 11, 26)

    def clock(self, stop: threading.Event) -> Clock:
        return Clock(self.now, lambda: self.at, self.sleep)

    def now(self) -> dt.datetime:
        return dt.datetime.combine(self.begin, dt.time(), dt.UTC) + dt.timedelta(seconds=self.at)

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.at += seconds


class Server(HTTPServer):
    """pytest-httpserver with one handler a path, which may be changed, and 404 for the rest."""

    def __init__(self, **options: Any) -> None:
        super().__init__(host="127.0.0.1", threaded=True, **options)
        self.routes: dict[str, Callable[[Request], Response]] = {}

    def dispatch(self, request: Request) -> Response:
        handler = self.routes.get(request.path)
        return handler(request) if handler else Response("nothing here", status=404)


@dataclass
class Web:
    """A server on this machine and the data folder that pages are fetched into."""

    server: Server
    folder: DataFolder

    @property
    def requested(self) -> list[str]:
        """Paths requested, in their order."""
        return [request.path for request, _ in self.server.log]

    def sent(self, path: str) -> list[dict[str, str]]:
        """Return the headers of the requests for a path."""
        return [dict(request.headers) for request, _ in self.server.log if request.path == path]

    @property
    def now(self) -> dt.datetime:
        """The machine's time, UTC."""
        return dt.datetime.now(dt.UTC)

    def url(self, path: str = "/", host: str = "site.test") -> str:
        return f"http://{host}:{self.server.port}{path}"

    def page(self, path: str, body: str | bytes = VISA_PAGE, status: int = 200, **headers: str) -> None:
        """Serve `body` at `path`; header names have underscores for dashes."""
        sent = {name.replace("_", "-"): value for name, value in {"Content_Type": "text/html", **headers}.items()}
        self.answer(path, lambda request: Response(body, status=status, headers=sent))

    def answer(self, path: str, handler: Callable[[Request], Response]) -> None:
        """Serve what `handler` makes of a request for `path`, from now on."""
        self.server.routes[path] = handler

    def seed(self, path: str = "/", kind: Any = "known", host: str = "site.test") -> Seed:
        return Seed(self.url(path, host), kind, HOSPITAL, "inst_1")

    def fetch(self, *seeds: Seed, network: Network | None = None, **options: Any) -> Report:
        settings = replace(FAST, **options.pop("settings", {}))
        return fetch(
            self.folder,
            seeds or [self.seed()],
            settings,
            lambda page, progress: None,
            network=network or Network(resolver=loopback),
            **options,
        )

    def outcomes(self, report: Report) -> dict[str, str]:
        """Return the path of each page and its outcome, with the code where there is one."""
        return {_path(page): f"{page.outcome} {page.code}".strip() for page in report.pages}

    def archived(self) -> list[str]:
        """Return the addresses in the archive; fails where anything in it is half-written."""
        return [str(snapshot.manifest.url) for snapshot in snapshots(self.folder.raw)]

    def leftovers(self) -> list[str]:
        """Return the files of the data folder that belong to no snapshot, report, lock or journal."""
        whole = {snapshot.path.parent for snapshot in snapshots(self.folder.raw)}
        files = [path for path in self.folder.root.rglob("*") if path.is_file() and path.parent not in whole]
        return [path.name for path in files if path.name not in {".lock", "journal.jsonl"} and path.suffix != ".json"]


def _path(page: PageOutcome) -> str:
    return "/" + page.url.split("/", 3)[3]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One server for all tests: to stop one takes half a second."""
    with Server() as made:
        yield made


@pytest.fixture
def web(server: Server, tmp_path: Path) -> Web:
    """A server that has no robots.txt and answers 404 to what is not served."""
    server.routes.clear()
    server.log.clear()
    return Web(server, DataFolder(tmp_path / "data"))


@pytest.fixture
def only_this_machine_is_public(monkeypatch: pytest.MonkeyPatch) -> None:
    """Count 127.0.0.1 as a public address, all others as they are: so the check of addresses is at work."""
    real = public_hosts.is_public
    monkeypatch.setattr(public_hosts, "is_public", lambda address: address == "127.0.0.1" or real(address))


@pytest.fixture
def raw_server() -> Iterator[RawServer]:
    """Start a server of bare sockets: the function is given each request's path and the connection. Returns its port."""
    listeners: list[socket.socket] = []

    def serve(handle: Callable[[str, socket.socket], None]) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def one(connection: socket.socket) -> None:
            with connection:
                try:
                    path = connection.recv(65_536).split(b" ")[1].decode()
                    handle(path, connection)
                except OSError:
                    return  # the client has hung up, which is what such tests provoke

        def loop() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=one, args=(connection,), daemon=True).start()

        threading.Thread(target=loop, daemon=True).start()
        return listener.getsockname()[1]

    yield serve
    for listener in listeners:
        listener.close()
