"""A model's endpoint on this machine, which answers, refuses, lies or hangs as a test tells it."""

from __future__ import annotations

import importlib.util
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from pipeline.settings import ReaderSettings
from tests.conftest import needed

# What a system's or a client's name could be told by.
HEADERS = {"Host", "Accept", "Accept-Encoding", "Content-Type", "Content-Length", "Connection", "User-Agent"}
Reply = Callable[[dict[str, Any]], Response]


def completion(content: Any, **more: Any) -> Response:
    """A completion as endpoints send it."""
    body = {"id": "1", "object": "chat.completion", "choices": [{"message": {"role": "assistant", "content": content}}]}
    return Response(json.dumps(body | more), content_type="application/json")


def answer(j1: tuple[str, ...] = ("not_stated",), h1b: tuple[str, ...] = ("not_stated",)) -> str:
    """An answer in the form asked for: of each visa the stance, then quotations."""
    said = {"j1": j1, "h1b": h1b}
    return json.dumps({visa: {"quotations": told[1:], "stance": told[0]} for visa, told in said.items()})


@dataclass
class Stub:
    """What the endpoint replies, and what it was sent: the bodies and the headers of all requests."""

    url: str
    reply: Reply = lambda body: completion(answer())
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def settings(self) -> ReaderSettings:
        """The endpoint as an operator names it, without patience."""
        return ReaderSettings(url=f"{self.url}/v1", model="stub", seconds=20, retries=0)

    def respond(self, request: Request) -> Response:
        self.bodies.append(json.loads(request.data))
        self.headers.append(dict(request.headers))
        return self.reply(self.bodies[-1])


@pytest.fixture(scope="session")
def client_there() -> None:
    """The optional client, without which nothing can be asked."""
    needed("the client of language models (extra `llm`)", there=importlib.util.find_spec("openai") is not None)


@pytest.fixture(scope="session")
def endpoint(client_there: None) -> Iterator[HTTPServer]:
    """The server behind all stubs: to end one takes half a second."""
    with HTTPServer(host="127.0.0.1", threaded=True) as server:
        yield server


@pytest.fixture
def stub(endpoint: HTTPServer) -> Stub:
    """An endpoint that answers that nothing is stated, until a test says otherwise."""
    made = Stub(endpoint.url_for("").rstrip("/"))
    endpoint.clear()
    endpoint.expect_request("/v1/chat/completions", method="POST").respond_with_handler(made.respond)
    return made


@pytest.fixture
def raw_endpoint(client_there: None) -> Iterator[Callable[[Callable[[socket.socket], None]], str]]:
    """Start a server that does with each connection what a function says, until the test ends; returns its address."""
    servers: list[socket.socket] = []

    def start(serve: Callable[[socket.socket], None]) -> str:
        server = socket.create_server(("127.0.0.1", 0))
        servers.append(server)

        def accept() -> None:
            with suppress(OSError):  # the test has ended, or the client has hung up
                while True:
                    connection, _ = server.accept()
                    with connection, suppress(OSError):
                        serve(connection)

        threading.Thread(target=accept, daemon=True).start()
        return f"http://127.0.0.1:{server.getsockname()[1]}/v1"

    yield start
    for server in servers:
        server.close()
