"""Whole fetches from a server on this machine: what each kind of answer comes to, and that nothing is left half-written."""

from __future__ import annotations

import datetime as dt
import gzip
import socket
import ssl
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from werkzeug import Request, Response

from pipeline.archive.loading import load
from pipeline.archive.selection import choices_frame, choose, used_parts
from pipeline.archive.store import snapshots
from pipeline.fetch.run import Network
from pipeline.fetch.seeds import About, Seed
from pipeline.sources import program_pages
from tests.fetch.conftest import HOSPITAL, VISA_PAGE, HandClock, Server, Web, loopback

RawServer = Callable[[Callable[[str, socket.socket], None]], int]
HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def test_a_new_page_is_filed_with_where_when_and_whose(web: Web) -> None:
    modified = "Mon, 02 Nov 2026 08:00:00 GMT"
    web.page("/", ETag='"one"', Last_Modified=modified)
    report = web.fetch()
    assert web.outcomes(report) == {"/": "new"} and report.requested == 1
    [snapshot] = snapshots(web.folder.raw)
    manifest = snapshot.manifest
    assert (manifest.url, manifest.etag, manifest.last_modified) == (web.url(), '"one"', modified)
    assert manifest.retrieved_at == report.ended_at[:10] and not manifest.sample
    assert snapshot.path.read_bytes() == VISA_PAGE.encode()
    assert web.leftovers() == []


def test_the_reader_finds_what_the_fetch_knew(web: Web) -> None:
    """A fetched page goes the way of all pages, for the program whose website it lies under."""
    web.page("/surgery/", '<title>Surgery</title><p>Welcome.</p><a href="visa">Visa information</a>')
    web.page("/surgery/visa")
    about = About("Example Hospital", "Boston", "MA", program_code="4402421123")
    web.fetch(Seed(web.url("/surgery/"), "program", about, "inst_1"), web.start("/", "home"))
    archived = {snapshot.id: snapshot for snapshot in snapshots(web.folder.raw)}
    used = used_parts(choices_frame(choose(list(archived.values()))))
    pages = load(program_pages.SOURCE, used, archived).tables["program_pages"].set_index("url")
    page = pages.loc[web.url("/surgery/visa")]
    assert (page["program_code"], page["institution"], page["state"]) == ("4402421123", "Example Hospital", "MA")
    assert page["evidence_kind"] == "page" and page["retrieved_on"].date().isoformat() == str(
        dt.datetime.now(dt.UTC).date()
    )


def test_a_page_cannot_say_that_it_is_of_somebody_else(web: Web) -> None:
    marks = "".join(
        f'<meta name="h1b-sponsors:{name}" content="{value}">'
        for name, value in {
            "evidence_kind": "restated", "policy": "both", "h1b": "yes", "program_code": "1111111111", "url": "https://other.example/",
        }.items()
    )  # fmt: skip
    web.page("/", f"<html><head>{marks}<title>Visas</title></head><p>No visas are sponsored here.</p></html>")
    web.fetch()
    [snapshot] = snapshots(web.folder.raw)
    loaded = load(program_pages.SOURCE, {snapshot.id: {f"page:{web.url()}"}}, {snapshot.id: snapshot})
    [page] = loaded.tables["program_pages"].to_dict("records")
    assert (page["url"], page["evidence_kind"], page["institution"]) == (web.url(), "page", "Example Hospital")
    assert page["program_code"] != page["program_code"] and page["stated_policy"] != page["stated_policy"]  # nulls


def test_a_page_that_looks_like_acgme_is_not_taken_for_it(web: Web) -> None:
    listed = "<h1>4402421123 - Example Program</h1><dl><dt>Sponsoring Institution</dt><dd>[010101] Example</dd></dl>"
    web.page("/", f"<html>{listed}</html>")
    report = web.fetch()
    assert web.outcomes(report) == {"/": "failed unusable"} and web.archived() == []


def test_304_is_unchanged_and_asks_with_what_the_archive_has(web: Web) -> None:
    modified = "Mon, 02 Nov 2026 08:00:00 GMT"

    def handler(request: Request) -> Response:
        if request.headers.get("If-None-Match") == '"one"' and request.headers.get("If-Modified-Since") == modified:
            return Response(status=304)
        return Response(VISA_PAGE, headers={"ETag": '"one"', "Last-Modified": modified}, mimetype="text/html")

    web.answer("/", handler)
    assert web.outcomes(web.fetch()) == {"/": "new"}
    again = web.fetch()
    assert web.outcomes(again) == {"/": "unchanged"} and len(web.archived()) == 1
    assert "If-None-Match" not in web.sent("/")[0] and web.sent("/")[1]["If-None-Match"] == '"one"'


@pytest.mark.parametrize(
    ("second", "outcome", "snapshots_then"),
    [
        (VISA_PAGE.replace("<p>", '<script nonce="7">track()</script>\n<p class="x">'), "unchanged", 1),
        (VISA_PAGE.replace("<p>", "<!-- rendered at 9:15 --><p>"), "unchanged", 1),
        (VISA_PAGE.replace("J-1", "J-1 and H-1B"), "new", 2),
    ],
)
def test_only_a_changed_text_makes_a_new_snapshot(web: Web, second: str, outcome: str, snapshots_then: int) -> None:
    web.page("/")
    web.fetch()
    web.page("/", second)
    assert web.outcomes(web.fetch()) == {"/": outcome} and len(web.archived()) == snapshots_then


def test_a_page_that_goes_back_to_what_it_said_is_filed_again(web: Web) -> None:
    network = Network(loopback, (hand := HandClock()).clock)
    for body in (VISA_PAGE, VISA_PAGE.replace("J-1", "no"), VISA_PAGE):
        web.page("/", body)
        web.fetch(network=network)
        hand.sleep(86_400)
    newest = max(snapshots(web.folder.raw), key=lambda snapshot: snapshot.manifest.added_at)
    assert len(web.archived()) == 3 and newest.path.read_bytes() == VISA_PAGE.encode()


def test_a_pdf_is_filed_as_one(web: Web) -> None:
    from reportlab.pdfgen.canvas import Canvas

    path = web.folder.root / "made.pdf"
    path.parent.mkdir(parents=True)
    canvas = Canvas(str(path))
    canvas.drawString(72, 720, "The program sponsors J-1 visas.")
    canvas.save()
    web.page("/policy", path.read_bytes(), Content_Type="application/pdf")
    path.unlink()
    assert web.outcomes(web.fetch(web.start("/policy"))) == {"/policy": "new"}
    [snapshot] = snapshots(web.folder.raw)
    assert snapshot.manifest.layout == "pdf" and snapshot.path.name == "policy.pdf"


def test_robots_allow_and_deny(web: Web) -> None:
    web.page("/robots.txt", "User-agent: *\nDisallow: /private\n", Content_Type="text/plain")
    web.page("/")
    web.page("/private/visa")
    report = web.fetch(web.start(), web.start("/private/visa"))
    assert web.outcomes(report) == {"/": "new", "/private/visa": "refused_by_robots robots"}
    assert report.requested == 1 and "/private/visa" not in web.asked and web.asked.count("/robots.txt") == 1


def test_robots_for_our_name_outrank_those_for_all(web: Web) -> None:
    web.page(
        "/robots.txt", "User-agent: *\nDisallow:\n\nUser-agent: h1b-sponsors\nDisallow: /\n", Content_Type="text/plain"
    )
    web.page("/")
    assert web.outcomes(web.fetch()) == {"/": "refused_by_robots robots"} and "/" not in web.asked


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (404, "new"), (403, "new"), (401, "new"), (410, "new"), (451, "new"),
        (500, "refused_by_robots robots"), (503, "refused_by_robots robots"),
        (429, "refused_by_robots robots"),  # asked twice and still busy: its pages are not asked for
    ],
)  # fmt: skip
def test_4xx_robots_allow_and_5xx_refuse(web: Web, status: int, outcome: str) -> None:
    web.page("/robots.txt", "", status=status)
    web.page("/")
    assert web.outcomes(web.fetch()) == {"/": outcome}


def test_robots_that_do_not_come_in_time_refuse(web: Web, raw_server: RawServer) -> None:
    port = raw_server(lambda path, connection: time.sleep(5))
    report = web.fetch(Seed(f"http://site.test:{port}/", "known", HOSPITAL), settings={"silence_seconds": 0.3})
    assert web.outcomes(report) == {"/": "refused_by_robots robots"} and "time_out" in report.pages[0].detail


def test_robots_may_move_within_their_host_only(web: Web) -> None:
    web.answer("/robots.txt", lambda request: Response(status=301, headers={"Location": web.url("/moved.txt")}))
    web.page("/moved.txt", "User-agent: *\nDisallow: /\n", Content_Type="text/plain")
    assert web.outcomes(web.fetch()) == {"/": "refused_by_robots robots"}
    web.answer("/robots.txt", lambda request: Response(status=301, headers={"Location": web.url("/x", "other.test")}))
    assert web.fetch().pages[0].detail == "robots.txt leads to another host"


def test_429_is_asked_again_after_the_time_it_names(web: Web) -> None:
    hand = HandClock()
    answers = iter([Response(status=429, headers={"Retry-After": "7"}), Response(VISA_PAGE, mimetype="text/html")])
    web.answer("/", lambda request: next(answers))
    report = web.fetch(network=Network(loopback, hand.clock), settings={"delay": 5.0})
    assert web.outcomes(report) == {"/": "new"}
    assert [round(wait) for wait in hand.sleeps][:2] == [5, 7]  # after robots.txt, then as asked


@pytest.mark.parametrize(
    ("headers", "waits", "times"),
    [
        ({}, [5, 30], 2),  # no time named: once more after half a minute
        ({"Retry-After": "60"}, [5, 60], 2),
        ({"Retry-After": "86400"}, [5], 1),  # longer than we wait: the host is left alone
    ],
)
def test_503_is_a_failure_and_its_host_is_left_alone(
    web: Web, headers: dict[str, str], waits: list[int], times: int
) -> None:
    hand = HandClock()
    web.answer("/a", lambda request: Response(status=503, headers=headers))
    web.page("/b")
    report = web.fetch(
        web.start("/a"),
        web.start("/b"),
        network=Network(loopback, hand.clock),
        settings={"delay": 5.0, "retry_seconds": 30.0},
    )
    assert web.outcomes(report) == {"/a": "failed busy", "/b": "not_asked left_alone"}
    assert [round(wait) for wait in hand.sleeps][: len(waits)] == waits and web.asked.count("/a") == times
    assert "/b" not in web.asked and web.archived() == []


def test_requests_to_a_host_keep_their_distance(web: Web) -> None:
    hand = HandClock()
    for path in ("/a", "/b", "/c"):
        web.page(path)
    web.fetch(
        web.start("/a"), web.start("/b", host="www.site.test"), web.start("/c"),
        network=Network(loopback, hand.clock), settings={"delay": 5.0},
    )  # fmt: skip
    # Two robots.txt (of two names of one host), three pages and a sitemap of each: every one but the first waits.
    assert len(hand.sleeps) == len(web.asked) - 1 and all(wait == pytest.approx(5.0) for wait in hand.sleeps)


@pytest.mark.parametrize(("asked", "kept"), [("12", 12.0), ("1", 5.0)])
def test_crawl_delay_is_kept_where_it_is_longer(web: Web, asked: str, kept: float) -> None:
    hand = HandClock()
    web.page("/robots.txt", f"User-agent: *\nCrawl-delay: {asked}\n", Content_Type="text/plain")
    web.page("/")
    web.page("/b")
    web.fetch(web.start(), web.start("/b"), network=Network(loopback, hand.clock), settings={"delay": 5.0})
    assert hand.sleeps[1] == pytest.approx(kept)


def test_a_crawl_delay_beyond_patience_refuses(web: Web) -> None:
    web.page("/robots.txt", "User-agent: *\nCrawl-delay: 86400\n", Content_Type="text/plain")
    report = web.fetch()
    assert (
        web.outcomes(report) == {"/": "refused_by_robots robots"} and "86400 s between pages" in report.pages[0].detail
    )


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
        time.sleep(0.1)


def dripping_headers(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(100):
        connection.sendall(f"X-{number}: y\r\n".encode())
        time.sleep(0.1)


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


def cut_off_gzip(connection: socket.socket) -> None:
    body = gzip.compress(VISA_PAGE.encode() * 50)[:-20]
    connection.sendall(HTML + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (dripping_body, "time_out"), (dripping_headers, "time_out"), (silent, "time_out"), (endless_body, "too_large"),
        (too_long_declared, "too_large"), (reset, "connection"), (cut_off, "connection"), (cut_off_chunk, "connection"),
        (garbage, "connection"), (cut_off_gzip, "cut_off"),
    ],
)  # fmt: skip
def test_broken_answers_are_failures_that_leave_nothing(
    web: Web, raw_server: RawServer, reply: Callable[[socket.socket], None], code: str
) -> None:
    port = raw_server(answering(reply))
    report = web.fetch(Seed(f"http://site.test:{port}/visa", "known", HOSPITAL))
    assert web.outcomes(report) == {"/visa": f"failed {code}"} and report.requested == 1
    assert web.archived() == [] and web.leftovers() == []


def test_a_host_that_nobody_answers_for_is_left_alone_after_three_failures(web: Web) -> None:
    closed = socket.create_server(("127.0.0.1", 0))
    port = closed.getsockname()[1]
    closed.close()
    starts = [Seed(f"http://site.test:{port}/{number}", "known", HOSPITAL) for number in range(5)]
    report = web.fetch(*starts)
    assert web.outcomes(report)["/0"] == "failed connection" and report.count("failed", "not_asked") == 5


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/to_itself", "redirect_loop"), ("/round/0", "redirect_loop"), ("/far/0", "redirect_loop"),
        ("/elsewhere", "off_site_redirect"), ("/port", "off_site_redirect"), ("/file", "bad_redirect"), ("/nowhere", "bad_redirect"),
        ("/metadata", "off_site_redirect"), ("/private", "address_refused"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("only_this_machine_is_public")
def test_redirects_that_are_not_followed(web: Web, path: str, code: str) -> None:
    targets = {
        "/to_itself": web.url("/to_itself"), "/round/0": "/round/1", "/round/1": "/round/0",
        **{f"/far/{number}": f"/far/{number + 1}" for number in range(20)},
        "/elsewhere": web.url("/", "elsewhere.test"), "/port": "http://site.test:22/", "/file": "file:///etc/passwd", "/nowhere": "",
        "/metadata": "http://169.254.169.254/latest/meta-data/", "/private": web.url("/", "inside.site.test"),
    }  # fmt: skip
    for source, target in targets.items():
        web.answer(source, lambda request, target=target: Response(status=302, headers={"Location": target}))
    report = web.fetch(
        web.start(path),
        network=Network(lambda host, port: ["10.0.0.8"] if host.startswith("inside") else ["127.0.0.1"]),
        settings={"private_addresses": False},
    )
    assert web.outcomes(report) == {path: f"failed {code}"} and web.archived() == []
    assert len([asked for asked in web.asked if asked.startswith(("/round", "/far", "/to"))]) <= 6


@pytest.mark.usefixtures("only_this_machine_is_public")
def test_a_name_that_leads_elsewhere_the_second_time_gains_nothing(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was checked is what is connected to: the name is asked for once in a connection, and by the resolver alone."""
    web.page("/")
    real, looked_up = socket.getaddrinfo, []

    def numeric_only(host: str, *args: object, **kwargs: object) -> object:
        looked_up.append(host)
        return real(host, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", numeric_only)
    answers = iter([["127.0.0.1"], ["192.168.1.1"], ["127.0.0.1"]])
    report = web.fetch(network=Network(lambda host, port: next(answers)), settings={"private_addresses": False})
    assert web.outcomes(report) == {"/": "failed address_refused"}
    assert web.asked[0] == "/robots.txt" and "/" not in web.asked and set(looked_up) <= {"127.0.0.1"}


@pytest.mark.usefixtures("only_this_machine_is_public")
def test_a_host_with_one_foot_inside_is_refused(web: Web) -> None:
    network = Network(lambda host, port: ["127.0.0.1", "::1"])
    report = web.fetch(network=network, settings={"private_addresses": False})
    assert web.outcomes(report) == {"/": "failed address_refused"} and web.asked == []


def test_loopback_is_refused_unless_a_test_allows_it(web: Web) -> None:
    for host in ("127.0.0.1", "localhost"):
        report = web.fetch(web.start(host=host), network=Network(), settings={"private_addresses": False})
        assert web.outcomes(report) == {"/": "failed address_refused"} and web.asked == []


def test_redirects_within_the_site_are_followed(web: Web) -> None:
    web.answer("/old", lambda request: Response(status=301, headers={"Location": web.url("/new", "gme.site.test")}))
    web.page("/new")
    report = web.fetch(web.start("/old"))
    assert web.outcomes(report) == {"/old": "new"} and web.archived() == [web.url("/new", "gme.site.test")]
    assert web.asked.count("/robots.txt") == 2  # of each host


def test_a_redirect_meets_the_robots_of_where_it_leads(web: Web) -> None:
    web.page("/robots.txt", "User-agent: *\nDisallow: /new\n", Content_Type="text/plain")
    web.answer("/old", lambda request: Response(status=301, headers={"Location": "/new"}))
    assert (
        web.outcomes(web.fetch(web.start("/old"))) == {"/old": "refused_by_robots robots"} and "/new" not in web.asked
    )


def test_a_gzip_bomb_is_never_unpacked(web: Web) -> None:
    bomb = gzip.compress(b"<p>0" + b"0" * 100_000_000)
    assert len(bomb) < 200_000
    web.page("/", bomb, Content_Encoding="gzip")
    report = web.fetch()
    assert web.outcomes(report) == {"/": "failed too_large"} and web.archived() == [] and web.leftovers() == []


def test_a_compressed_page_is_filed_as_it_reads(web: Web) -> None:
    web.page("/", gzip.compress(VISA_PAGE.encode()), Content_Encoding="gzip")
    assert (
        web.outcomes(web.fetch()) == {"/": "new"}
        and snapshots(web.folder.raw)[0].path.read_bytes() == VISA_PAGE.encode()
    )


@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        (b"\x89PNG", {"Content_Type": "image/png"}, "wrong_type"),
        (b"MZ", {"Content_Type": "application/octet-stream"}, "wrong_type"),
        (b"\x00\x01\x02binary", {}, "unusable"),  # says HTML and is none
        (b"", {}, "unusable"),
        (b"<title>404 Not Found</title>", {}, "unusable"),  # an error page with status 200
        (b"<script>only()</script>", {}, "unusable"),
        (b"zstd", {"Content_Encoding": "zstd"}, "wrong_encoding"),
        (b"plain", {"Content_Encoding": "gzip"}, "wrong_encoding"),
        (b"%PDF-1.7 broken", {"Content_Type": "application/pdf"}, "unusable"),
    ],
)  # fmt: skip
def test_what_is_no_page_is_not_filed(web: Web, body: bytes, headers: dict[str, str], code: str) -> None:
    web.page("/", body, **headers)
    report = web.fetch()
    assert web.outcomes(report) == {"/": f"failed {code}"} and report.pages[0].detail
    assert web.archived() == [] and web.leftovers() == []


def self_signed(folder: Path) -> ssl.SSLContext:
    """A server's certificate for site.test that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "site.test")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("site.test")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "certificate.pem").write_bytes(pem)
    (folder / "both.pem").write_bytes(secret + pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context


def test_a_certificate_that_nobody_vouches_for_fails(web: Web, tmp_path: Path) -> None:
    with Server(ssl_context=self_signed(tmp_path)) as server:
        server.routes["/"] = lambda request: Response(VISA_PAGE, mimetype="text/html")
        trusted = {"certificates": str(tmp_path / "certificate.pem")}
        start = Seed(f"https://site.test:{server.port}/", "known", HOSPITAL)
        wrong_name = Seed(f"https://other.test:{server.port}/", "known", HOSPITAL)
        assert web.outcomes(web.fetch(start)) == {"/": "failed tls"} and web.archived() == []
        assert web.outcomes(web.fetch(wrong_name, settings=trusted)) == {"/": "failed tls"}
        assert web.outcomes(web.fetch(start, settings=trusted)) == {"/": "new"}


def test_the_user_agent_says_who_asks_and_nothing_else_is_told(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    web.page("/", '<title>Visas</title><a href="/visa">Visa information for residents</a>', Set_Cookie="id=7")
    web.page("/visa")
    web.fetch()
    for path in ("/robots.txt", "/", "/visa"):
        [sent] = web.sent(path)
        assert sent["User-Agent"].startswith("h1b-sponsors/") and sent["User-Agent"].endswith(
            "(+https://example.org/contact)"
        )
        assert not {"Cookie", "Authorization", "Referer"} & set(sent)
