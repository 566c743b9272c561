"""Hosts that break the protocol, or try to fill our disk, memory or time: each is that page's failure and leaves nothing."""

from __future__ import annotations

import gzip
import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from werkzeug import Response

from pipeline.fetch.network import Network
from pipeline.fetch.report import write_report
from pipeline.fetch.seeds import (
    Seed,
)
from pipeline.settings import FetchSettings
from tests.certificates import self_signed
from tests.fetch.conftest import HOSPITAL, VISA_PAGE, RawServer, Server, Web

# Sockets wait in real time: where a time-out is expected, it comes soon.
SHORT = {"silence_seconds": 0.5, "request_seconds": 0.7}
HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def answering(reply: Callable[[socket.socket], None]) -> Callable[[str, socket.socket], None]:
    """A host without robots.txt whose every page is `reply`."""

    def handle(path: str, connection: socket.socket) -> None:
        if path in ("/robots.txt", "/sitemap.xml"):
            connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        else:
            reply(connection)

    return handle


def dripping_body(connection: socket.socket) -> None:
    connection.sendall(HTML + b"Content-Length: 1000\r\n\r\n")
    for _ in range(100):
        connection.sendall(b"x")
        time.sleep(0.05)


def dripping_headers(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(100):
        connection.sendall(f"X-{number}: y\r\n".encode())
        time.sleep(0.05)


def silent(connection: socket.socket) -> None:
    connection.sendall(HTML + b"Content-Length: 1000\r\n\r\nbegun")
    time.sleep(5)


def endless_body(connection: socket.socket) -> None:
    connection.sendall(HTML + b"\r\n")
    while True:
        connection.sendall(b"<p>more</p>" * 10_000)


def too_long_declared(connection: socket.socket) -> None:
    connection.sendall(HTML + b"Content-Length: 99999999999\r\n\r\n")


def reset(connection: socket.socket) -> None:
    connection.sendall(HTML + b"Content-Length: 1000\r\n\r\nbegun")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    connection.close()


def cut_off(connection: socket.socket) -> None:
    connection.sendall(HTML + b"Content-Length: 1000\r\n\r\n<p>We sponsor")


def cut_off_chunk(connection: socket.socket) -> None:
    connection.sendall(HTML + b"Transfer-Encoding: chunked\r\n\r\n20\r\n<p>We sponsor")


def garbage(connection: socket.socket) -> None:
    connection.sendall(b"\x00\xff not HTTP at all\r\n\r\n")


def too_many_headers(connection: socket.socket) -> None:
    connection.sendall(HTML + b"".join(b"X-%d: y\r\n" % number for number in range(100_000)) + b"\r\n")


def endless_header(connection: socket.socket) -> None:
    connection.sendall(HTML + b"X: ")
    while True:
        connection.sendall(b"y" * 100_000)


def odd_headers(connection: socket.socket) -> None:
    """Headers that no library need understand: each of them has ended somebody's program."""
    odd = (
        b"Content-Type: text/html; charset\r\nContent-Type: text/html; charset=\xff\xfe\r\nContent-Length: " + b"9" * 5_000
        + b"\r\nSet-Cookie: a=b; expires=Thu, 99 Foo 99999999999999999999 99:99:99 GMT; Max-Age=x\r\n: nameless\r\n"
        b"Retry-After: \x00\r\nLocation: http://[::1\r\nETag: \x1b[2J\r\n\r\n"
    )  # fmt: skip
    connection.sendall(b"HTTP/1.1 200 OK\r\n" + odd + b"<p>visa</p>")


def endless_continue(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000)


def endless_trailer(connection: socket.socket) -> None:
    connection.sendall(HTML + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n")
    while True:
        connection.sendall(b"X: y\r\n" * 1_000)


def cut_off_gzip(connection: socket.socket) -> None:
    body = gzip.compress(VISA_PAGE.encode() * 50)[:-20]
    connection.sendall(HTML + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (dripping_body, "time_out"), (dripping_headers, "time_out"), (silent, "time_out"), (endless_body, "too_large"),
        (too_long_declared, "too_large"), (reset, "connection"), (cut_off, "connection"), (cut_off_chunk, "connection"),
        (garbage, "connection"), (cut_off_gzip, "cut_off"), (too_many_headers, "connection"), (endless_header, "connection"),
        (odd_headers, "too_large"), (endless_continue, "time_out"), (endless_trailer, "time_out"),
    ],
)  # fmt: skip
def test_broken_answers_are_failures_that_leave_nothing(
    web: Web, raw_server: RawServer, reply: Callable[[socket.socket], None], code: str
) -> None:
    port = raw_server(answering(reply))
    report = web.fetch(
        Seed(f"http://site.test:{port}/visa", "known", HOSPITAL), settings=SHORT if code == "time_out" else {}
    )
    assert web.outcomes(report) == {"/visa": f"failed {code}"} and report.requested == 1
    assert web.archived() == [] and web.leftovers() == []


def redirect_with(body: Iterator[bytes], sent: list[int]) -> Callable[[socket.socket], None]:
    """A redirect that goes on and on; `sent` gets the bytes that the client has let it send."""

    def reply(connection: socket.socket) -> None:
        head = b"HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Encoding: gzip\r\n\r\n"
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
        connection.sendall(head)
        for block in body:
            connection.sendall(block)
            sent.append(len(block))

    return reply


@pytest.mark.parametrize("path", ["/visa", "/robots.txt"])
def test_the_body_of_a_redirect_is_not_read(web: Web, raw_server: RawServer, path: str) -> None:
    sent: list[int] = []
    redirect = redirect_with((b"x" * 65_536 for _ in range(1_000)), sent)
    plain = answering(lambda connection: connection.sendall(HTML + b"\r\n" + VISA_PAGE.encode()))

    def handle(requested: str, connection: socket.socket) -> None:
        redirect(connection) if requested == path else plain(requested, connection)

    port = raw_server(handle)
    report = web.fetch(Seed(f"http://site.test:{port}/visa", "known", HOSPITAL))
    [page] = report.pages
    assert page.outcome == "new" and page.found_at.endswith("/next" if path == "/visa" else "/visa")
    assert sum(sent) < 8 << 20  # what the system's buffers take, of 65 MB
    assert page.bytes < 1_000


@pytest.mark.parametrize(
    "retry_after",
    [
        "99999999999999999999", "Thu, 26 Nov 99999999999999999999 12:00:00 GMT", "Thu, 26 Nov 2026 12:00:00 +9999999999999999999999",
        "Thu, 99 Foo", "-1", "9" * 10_000, "\xff", "",
    ],
)  # fmt: skip
def test_a_retry_after_of_any_kind_stops_no_other_site(web: Web, retry_after: str) -> None:
    web.answer("/busy", lambda request: Response(status=503, headers={"Retry-After": retry_after}))
    web.page("/")
    report = web.fetch(web.seed("/busy", host="busy.test"), web.seed(host="fine.test"), settings={"longest_wait": 0.0})
    assert web.outcomes(report) == {"/busy": "failed busy", "/": "new"}


@pytest.mark.parametrize(
    "location",
    [
        "http://[::1",
        "http://x.test:99999999999/",
        "http://site.test:port/",
        "//",
        "\xff\xfe",
        "%zz",
        "http://" + "a" * 70_000,
        "?" * 5_000,
    ],
)
def test_a_location_of_any_kind_is_one_pages_failure(web: Web, raw_server: RawServer, location: str) -> None:
    def moved(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 301 Moved\r\nLocation: " + location.encode("latin-1") + b"\r\n\r\n")

    report = web.fetch(Seed(f"http://site.test:{raw_server(answering(moved))}/visa", "known", HOSPITAL))
    [page] = report.pages
    assert page.outcome == "failed" and page.code in {
        "bad_redirect",
        "off_site_redirect",
        "redirect_loop",
        "connection",
    }


def test_a_host_of_many_addresses_that_nobody_answers_at_takes_no_longer_than_a_request(web: Web) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, ExitStack() as waiting:
        port = listener.getsockname()[1]
        for _ in range(3):  # its queue is full: whoever comes now is not answered
            client = waiting.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", port))
        network = Network(lambda host, port: ["127.0.0.1"] * 20)
        began = time.monotonic()
        settings = {"connect_seconds": 0.2, "request_seconds": 0.5}
        report = web.fetch(Seed(f"http://site.test:{port}/", "known", HOSPITAL), network=network, settings=settings)
        assert time.monotonic() - began < 2.0
    assert report.count("new") == 0 and "time_out" in report.pages[0].detail


def test_the_report_holds_nothing_that_a_terminal_would_obey(web: Web, raw_server: RawServer) -> None:
    def escaping(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: \x9b2J\x1b]0;owned\x07\r\n\r\n")

    settings = FetchSettings(contact="https://x.org/")
    report = web.fetch(Seed(f"http://site.test:{raw_server(answering(escaping))}/visa", "known", HOSPITAL))
    written = write_report(report, settings, web.folder.fetch).read_bytes()
    assert report.pages[0].code == "wrong_type" and b"\\u009b" in written and not re.search(rb"[^\n -~]", written)


def test_a_gzip_bomb_is_never_unpacked(web: Web) -> None:
    bomb = gzip.compress(b"<p>0" + b"0" * 40_000_000)
    assert len(bomb) < 200_000
    web.page("/", bomb, Content_Encoding="gzip")
    report = web.fetch()
    assert web.outcomes(report) == {"/": "failed too_large"} and web.archived() == [] and web.leftovers() == []


def test_bytes_that_were_refused_count_as_well(web: Web) -> None:
    for number in range(6):
        web.page(f"/residency/visa/{number}", gzip.compress(b"x" * 300_000), Content_Encoding="gzip")
    seeds = [web.seed(f"/residency/visa/{number}") for number in range(6)]
    report = web.fetch(*seeds, settings={"bytes_per_site": 500_000, "failures_in_a_row": 99})
    # Each is cut off at the largest size of a page, with at most a block more.
    assert {page.code for page in report.pages} == {"too_large"} and 2 <= len(report.pages) <= 3


def test_a_certificate_that_nobody_vouches_for_fails(web: Web, tmp_path: Path) -> None:
    certificate, context = self_signed(tmp_path, "site.test")
    with Server(ssl_context=context) as server:
        server.routes["/"] = lambda request: Response(VISA_PAGE, mimetype="text/html")
        trusted = {"certificates": str(certificate)}
        start = Seed(f"https://site.test:{server.port}/", "known", HOSPITAL)
        wrong_name = Seed(f"https://other.test:{server.port}/", "known", HOSPITAL)
        assert web.outcomes(web.fetch(start)) == {"/": "failed tls"} and web.archived() == []
        assert web.outcomes(web.fetch(wrong_name, settings=trusted)) == {"/": "failed tls"}
        assert web.outcomes(web.fetch(start, settings=trusted)) == {"/": "new"}
