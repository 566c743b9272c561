"""One request: what leaves the machine, and every way in which an endpoint may fail to answer."""

from __future__ import annotations

import gzip
import logging
import socket
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from werkzeug import Response

from pipeline.policies.third_reader.instruction import INSTRUCTION, SCHEMA
from tests.consult.conftest import HEADERS, Stub, answer, completion

pytestmark = pytest.mark.usefixtures("client_there")
KEY = "sk-test-0123456789"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def ask(text: str, stub: Stub, **settings: object) -> str:
    from pipeline.consult.endpoint import ask as ask_endpoint

    chosen = replace(stub.settings, **settings)  # pyright: ignore[reportArgumentType]
    return ask_endpoint(text, chosen, chosen.seconds).answer


def failure(stub: Stub, **settings: object) -> str:
    """Why a request came to nothing."""
    from pipeline.consult.endpoint import NoAnswerError

    with pytest.raises(NoAnswerError) as caught:
        ask("page", stub, **settings)
    return str(caught.value)


def test_the_instruction_and_the_page_are_sent_and_nothing_of_this_machine(
    stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/secret")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Told: secret")
    assert ask("the page", stub) == answer()
    [body], [headers] = stub.bodies, stub.headers
    assert [message["content"] for message in body["messages"]] == [INSTRUCTION, "the page"]
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert body["response_format"]["json_schema"]["schema"] == SCHEMA
    assert set(body) == {"model", "messages", "temperature", "max_tokens", "response_format"}
    assert set(headers) == HEADERS and headers["User-Agent"] == "h1b-sponsors"


def test_the_key_is_sent_where_there_is_one_and_shown_nowhere(stub: Stub, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    stub.reply = lambda body: Response(f"wrong key {KEY}", status=401)
    assert failure(stub, key=KEY) == "refused with status 401"
    assert stub.headers[0]["Authorization"] == f"Bearer {KEY}"
    assert KEY not in caplog.text and KEY not in repr(replace(stub.settings, key=KEY))


@pytest.mark.parametrize("status", [301, 400, 401, 404, 429, 500, 503])
def test_a_refusal_is_told_by_its_status(stub: Stub, status: int) -> None:
    stub.reply = lambda body: Response("no", status=status, headers={"Location": f"{stub.url}/v1/elsewhere"})
    assert failure(stub) == f"refused with status {status}"
    assert len(stub.bodies) == 1


def test_a_busy_endpoint_is_asked_again(stub: Stub) -> None:
    refusals = iter([429, 500])

    def reply(body: dict[str, object]) -> Response:
        status = next(refusals, 200)
        return completion("at last") if status == 200 else Response("", status, {"retry-after-ms": "1"})

    stub.reply = reply
    assert ask("page", stub, retries=2) == "at last" and len(stub.bodies) == 3


@pytest.mark.parametrize(
    "body",
    [
        "", "no JSON", "[]", "null", "{}", '{"choices": []}', '{"choices": [{}]}', '{"choices": [{"message": null}]}',
        '{"choices": [{"message": {"content": null}}]}', '{"choices": [{"message": {"content": ["x"]}}]}', "[" * 100_000,
        '{"choices": "yes"}', "\ud7ff" * 10,
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["application/json", "text/html"])
def test_what_is_no_completion_is_not_understood(stub: Stub, body: str, kind: str) -> None:
    stub.reply = lambda sent: Response(body, content_type=kind)
    assert failure(stub) == "not understood"


def test_bytes_that_are_no_text_are_not_understood(stub: Stub) -> None:
    stub.reply = lambda sent: Response(b"\xff\xfe\x00", content_type="application/json; charset=utf-9000")
    assert failure(stub) == "not understood"


@pytest.mark.parametrize("status", [200, 500])
def test_no_more_is_read_than_an_answer_may_have(stub: Stub, status: int) -> None:
    stub.reply = lambda body: Response((b"x" * 65_536 for _ in range(1_000_000)), status)
    assert failure(stub) == "too large"


def test_a_packed_body_is_not_unpacked(stub: Stub) -> None:
    packed = gzip.compress(completion("x" * 10_000_000).data)
    stub.reply = lambda body: Response(packed, headers={"Content-Encoding": "gzip"})
    assert failure(stub) == "not understood"


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\nX-", HEAD + b"\r\n", HEAD + b"Content-Length: 9\r\n\r\n{"])
def test_an_endpoint_that_hangs_is_left(
    stub: Stub, raw_endpoint: Callable[[Callable[[socket.socket], None]], str], sent: bytes
) -> None:
    done = threading.Event()

    def hang(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(sent)
        done.wait(20)

    try:
        assert failure(stub, url=raw_endpoint(hang), seconds=0.3) == "no answer in time"
    finally:
        done.set()


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\nX-Slow: ", HEAD + b"\r\n"])
def test_an_endpoint_that_never_comes_to_an_end_is_left(
    stub: Stub, raw_endpoint: Callable[[Callable[[socket.socket], None]], str], start: bytes
) -> None:
    done = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(start)
        while not done.wait(0.02):
            connection.sendall(b" ")

    try:
        assert failure(stub, url=raw_endpoint(drip), seconds=0.3, retries=2) == "no answer in time"
    finally:
        done.set()


def test_an_endpoint_that_is_not_there_is_not_reached(stub: Stub) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert failure(stub, url=f"http://127.0.0.1:{port}/v1") == "not reached"
