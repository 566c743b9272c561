"""What becomes of a page that was received: filed, unchanged, or refused by the door; and what the archive then says of it."""

from __future__ import annotations

import datetime as dt
import gzip

import pytest
from werkzeug import Request, Response

from pipeline.archive.loading import load_chosen
from pipeline.archive.reading import open_archive
from pipeline.archive.store import snapshots
from pipeline.fetch.network import Network
from pipeline.fetch.seeds import (
    About,
    Seed,
)
from pipeline.sources import program_pages
from tests.fetch.conftest import VISA_PAGE, HandClock, Web, loopback


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
    web.fetch(Seed(web.url("/surgery/"), "program", about, "inst_1"), web.seed("/", "home"))
    loaded = load_chosen(program_pages.SOURCE, open_archive(web.folder.raw))
    pages = loaded.tables["program_pages"].set_index("url")
    page = pages.loc[web.url("/surgery/visa")]
    assert (page["program_code"], page["institution"], page["state"]) == ("4402421123", "Example Hospital", "MA")
    assert page["retrieved_on"].date().isoformat() == str(dt.datetime.now(dt.UTC).date())


def test_a_page_cannot_say_that_it_is_of_somebody_else(web: Web) -> None:
    marks = "".join(
        f'<meta name="h1b-sponsors:{name}" content="{value}">'
        for name, value in {
            "evidence_kind": "restated", "policy": "both", "h1b": "yes", "program_code": "1111111111", "url": "https://other.example/",
        }.items()
    )  # fmt: skip
    web.page("/", f"<html><head>{marks}<title>Visas</title></head><p>No visas are sponsored here.</p></html>")
    web.fetch()
    loaded = load_chosen(program_pages.SOURCE, open_archive(web.folder.raw))
    [page] = loaded.tables["program_pages"].to_dict("records")
    assert (page["url"], page["institution"]) == (web.url(), "Example Hospital")
    assert page["program_code"] != page["program_code"]  # null


def test_a_page_that_looks_like_acgme_is_not_taken_for_it(web: Web) -> None:
    listed = "<h1>4402421123 - Example Program</h1><dl><dt>Sponsoring Institution</dt><dd>[010101] Example</dd></dl>"
    web.page("/", f"<html>{listed}</html>")
    report = web.fetch()
    assert web.outcomes(report) == {"/": "failed unusable"} and web.archived() == []


def test_304_is_unchanged_and_the_request_names_what_the_archive_has(web: Web) -> None:
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
    assert web.outcomes(web.fetch(web.seed("/policy"))) == {"/policy": "new"}
    [snapshot] = snapshots(web.folder.raw)
    assert snapshot.manifest.layout == "pdf" and snapshot.path.name == "policy.pdf"


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
