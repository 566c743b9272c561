"""Saved web pages: their address, their day, and what is no page at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from pipeline.schemas.frames import to_arrow
from pipeline.sources import program_pages
from pipeline.sources.base import Hints, Parsed, SourceError
from pipeline.sources.pages import MAX_PAGE_BYTES
from pipeline.sources.probe import probe

POLICIES = Path(__file__).parents[1] / "gold" / "policies"
GOLD = Path(__file__).parents[3] / "shared" / "gold" / "pages_dev"
URL = "https://gme.example.edu/visa?year=2026"
TEXT = "<h1>Visas</h1><p>We sponsor J-1 visas through ECFMG and do not sponsor H-1B visas.</p>"


def page(body: str = TEXT, head: str = "<title>Visas | Example Hospital</title>", before: str = "") -> str:
    return f"<!DOCTYPE html>{before}<html><head>{head}</head><body>{body}</body></html>"


def read(tmp_path: Path, content: str | bytes, name: str = "page.html", **hints: str) -> Parsed:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_path(path, **hints)


def read_path(path: Path, **hints: str) -> Parsed:
    seen = probe(path)
    layout = program_pages.SOURCE.recognise(seen)
    assert layout is not None
    parsed = program_pages.SOURCE.read(seen, layout, Hints(hints))
    assert (parsed.rows_in, parsed.rows_kept, len(parsed.quarantine)) == (1, 1, 0)
    return parsed


def row(parsed: Parsed) -> dict[str, object]:
    return parsed.tables["program_pages"].iloc[0].to_dict()


def test_what_the_person_says_comes_first(tmp_path: Path) -> None:
    parsed = read(
        tmp_path,
        page(head='<link rel="canonical" href="https://other.example.edu/">'),
        url=URL,
        retrieved_on="2026-03-01",
        snapshot_id="program_pages/2026-03-01_0123abcd",
        program_code="1403400002",
        institution="Example Hospital",
        state="nm",
    )
    found = {name: value for name, value in row(parsed).items() if not pd.isna(value)}
    assert found == {
        "snapshot_id": "program_pages/2026-03-01_0123abcd",
        "url": URL,
        "retrieved_on": pd.Timestamp("2026-03-01"),
        "institution": "Example Hospital",
        "state": "NM",
        "program_code": "1403400002",
    }
    to_arrow(parsed.tables["program_pages"], "program_pages")
    (part,) = program_pages.SOURCE.parts(parsed, Hints())
    assert (part.name, part.rows, part.full) == (f"page:{URL}", 1, True)
    assert program_pages.SOURCE.part_of is not None
    assert program_pages.SOURCE.part_of(parsed.tables["program_pages"]).tolist() == [part.name]


ADDRESSES = {
    "the browser's comment": page(before=f"<!-- saved from url=(0041){URL} -->"),
    "the browser's comment before the canonical address": page(
        before=f"<!-- saved from url=(0041){URL} -->", head='<link rel="canonical" href="https://x.example.edu/">'
    ),
    "no address in the mark of the web": page(
        before="<!-- saved from url=(0014)about:internet -->", head=f'<link rel="canonical" href="{URL}">'
    ),
    "SingleFile's comment": page(
        before=f"<!--\n Page saved with SingleFile \n url: {URL} \n saved date: Sun Mar 01 2026 10:11:12 GMT-0500\n-->"
    ),
    "the canonical address": page(head=f'<link href="{URL}" rel="canonical">'),
    "og:url where the canonical address is relative": page(
        head=f'<link rel="canonical" href="/visa"><meta property="og:url" content="{URL}">'
    ),
    "our own mark": page(head=f'<meta name="h1b-sponsors:url" content="{URL}">'),
}


@pytest.mark.parametrize("content", ADDRESSES.values(), ids=ADDRESSES.keys())
def test_else_the_address_comes_from_the_page(tmp_path: Path, content: str) -> None:
    found = row(read(tmp_path, content))
    assert found["url"] == URL
    if "SingleFile" in content:
        assert found["retrieved_on"] == pd.Timestamp("2026-03-01")
    else:
        assert pd.isna(found["retrieved_on"]), "the caller knows the day on which it was added"


MARKS = (
    f'<meta name="h1b-sponsors:url" content="{URL}"><meta name="h1b-sponsors:retrieved_on" content="2024-05-06">'
    '<meta name="h1b-sponsors:institution" content="Example Hospital"><meta name="h1b-sponsors:state" content="MA">'
)


def test_a_page_does_not_look_newer_than_it_says(tmp_path: Path) -> None:
    found = row(read(tmp_path, page(head=MARKS), retrieved_on="2026-11-22", institution="Told"))
    assert (found["url"], found["retrieved_on"], found["institution"]) == (URL, pd.Timestamp("2024-05-06"), "Told")


def test_a_page_cannot_speak_for_an_institution_by_marks(tmp_path: Path) -> None:
    found = row(read(tmp_path, page(head=MARKS)))
    assert all(pd.isna(found[name]) for name in ("institution", "specialty", "city", "state"))


def test_restated_words_never_pass_for_a_quotation(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="a policy in other words is no page"):
        read(tmp_path, page(head=MARKS + '<meta name="h1b-sponsors:evidence_kind" content="restated">'))


ENCODINGS = {
    "declared": (page(TEXT + "<p>Médico residente</p>", '<meta charset="iso-8859-1">'), "iso-8859-1"),
    "not declared": (page(TEXT + "<p>“Médico” – residente</p>"), "windows-1252"),
    "declared wrongly": (page(TEXT + "<p>Médico</p>", '<meta charset="utf-8">'), "windows-1252"),
    "Japanese": (page(TEXT + "<p>ビザ</p>", '<meta charset="shift_jis">'), "shift_jis"),
}


@pytest.mark.parametrize(("content", "encoding"), ENCODINGS.values(), ids=ENCODINGS.keys())
def test_pages_of_other_encodings_are_read(tmp_path: Path, content: str, encoding: str) -> None:
    assert row(read(tmp_path, content.encode(encoding), url=URL))["url"] == URL


ERRORS = {
    "not found": (page(TEXT * 40, "<title>404 Not Found</title>"), "error page ('404 Not Found')"),
    "with the site's name": (page(TEXT * 40, "<title>Page not found | Example Hospital</title>"), "error page"),
    "the number alone": (page(TEXT, "<title>Example Hospital - 404</title>"), "error page"),
    "in the heading": (page("<h1>Access Denied</h1><p>You don't have permission.</p>"), "error page ('Access Denied')"),
    "a robot check": (page("<p>Wait</p>", "<title>Just a moment...</title>"), "error page"),
    "a robot check in the text": (page("<p>Verifying you are human. This may take a few seconds.</p>"), "error page"),
    "forbidden": (page("<h1>403 Forbidden</h1><hr>nginx"), "error page"),
    "too busy": (page("<h1>503 Service Unavailable</h1>"), "error page"),
    "a shell for scripts": (page("<div>You need to enable JavaScript to run this app.</div>", ""), "error page"),
    "scripts alone": (page("<noscript>Please enable JavaScript.</noscript><script>go('x')</script>", ""), "a page without text"),
    "ACGME's refusal": (page("<p>Please return to the search page.</p>", "<title>ACGME</title>"), "error page"),
    "no text": (page("<img src='visa.png'><p> </p><style>a{}</style>", ""), "a page without text"),
    "no address": (page(), "no address: a page can be used only with the address it is from. Add it with --url"),
    "a relative address only": (page(head='<link rel="canonical" href="/visa">'), "no address"),
    "a dangerous address only": (page(head='<link rel="canonical" href="javascript:alert(1)">'), "no address"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "words"), ERRORS.values(), ids=ERRORS.keys())
def test_what_is_no_page_is_refused(tmp_path: Path, content: str, words: str) -> None:
    hints = {} if "address" in words else {"url": URL}
    with pytest.raises(SourceError, match=r"page\.html") as caught:
        read(tmp_path, content, **hints)
    assert words in str(caught.value)


NO_ERRORS = {
    "a mention in a long page": page(
        TEXT * 30 + "<p>If you see “Access denied” or 404, page not found, write to us.</p>"
    ),
    "a mention in a short page": page(TEXT + "<p>Suite 404. Forbidden items stay outside.</p>"),
    "a number in the title": page(head="<title>Building 404 | Example Hospital</title>"),
    "errors as a subject": page(head="<title>Medical Error Curriculum - Example Hospital</title>"),
    "a picture's title": page(TEXT + "<svg><title>Error</title></svg>"),
    "a word about scripts": page(TEXT + "<noscript>Please enable JavaScript to see the map.</noscript>"),
}


@pytest.mark.parametrize("content", NO_ERRORS.values(), ids=NO_ERRORS.keys())
def test_a_page_that_speaks_of_errors_is_none(tmp_path: Path, content: str) -> None:
    assert row(read(tmp_path, content, url=URL))["url"] == URL


@pytest.mark.parametrize(
    ("hints", "words"),
    [
        ({"url": "gme.example.edu/visa"}, "'gme.example.edu/visa' is no web address"),
        ({"url": "ftp://gme.example.edu/"}, "is no web address"),
        ({"url": "https://user:secret@gme.example.edu/"}, "is no web address"),
        ({"url": URL, "program_code": "14034"}, "program code '14034' is not ten digits"),
        ({"url": URL, "state": "New Mexico"}, "unknown state 'NEW MEXICO'"),
        ({"url": URL, "retrieved_on": "March"}, "'March' is no day"),
        ({"url": URL, "evidence_kind": "restated"}, "a policy in other words is no page"),
    ],
)
def test_says_what_is_wrong_with_what_was_said(tmp_path: Path, hints: dict[str, str], words: str) -> None:
    with pytest.raises(SourceError, match=r"page\.html") as caught:
        read(tmp_path, page(), **hints)
    assert words in str(caught.value)


def test_a_page_of_fifty_megabytes_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = tmp_path / "huge.html"
    with path.open("wb") as handle:
        handle.write(page().encode())
        handle.truncate(50 << 20)
    seen = probe(path)
    # Once recognised, the file is not opened again: it could as well be gone.
    layout = program_pages.SOURCE.recognise(seen)
    assert layout == program_pages.HTML
    path.unlink()
    with pytest.raises(SourceError, match=r"huge\.html: 50 MB, where a page may have 20 MB"):
        program_pages.SOURCE.read(seen, layout, Hints({"url": URL}))


def test_a_large_pdf_is_refused_without_opening_it(tmp_path: Path) -> None:
    seen = replace(probe(pdf(tmp_path / "page.pdf")), size=MAX_PAGE_BYTES + 1)
    seen.path.unlink()
    assert program_pages.SOURCE.recognise(seen) == program_pages.PDF
    with pytest.raises(SourceError, match=r"page\.pdf: 20 MB, where"):
        program_pages.SOURCE.read(seen, program_pages.PDF, Hints({"url": URL}))


def test_text_behind_megabytes_of_styles_is_found(tmp_path: Path) -> None:
    content = page(head=f"<style>{'a{color:red}' * 250_000}</style><link rel='canonical' href='{URL}'>")
    assert row(read(tmp_path, content))["url"] == URL


@pytest.mark.parametrize(
    "content",
    [
        "<div>" * 30_000 + TEXT,
        f"<ul>{'<li>visa' * 30_000}</ul>",
        "<!--" + "-" * 2_000_000,
        page(f"<p>{'a ' * 500_000}</p>"),
        page(head=f"<title>{'404 ' * 100_000}</title>"),
        page(head='<meta name="h1b-sponsors:url" content="' + "https://x/" * 100_000 + '">'),
    ],
    ids=["deep nesting", "a long list", "an endless comment", "a long text", "a long title", "a long address"],
)
def test_hostile_pages_are_read_or_refused(tmp_path: Path, content: str) -> None:
    try:
        found = row(read(tmp_path, content, url=URL))
    except SourceError as error:
        assert "page.html" in str(error)
    else:
        assert found["url"] == URL


def pdf(path: Path, text: str = "We sponsor J-1 visas and do not sponsor H-1B visas.") -> Path:
    canvas = Canvas(str(path))
    canvas.drawString(72, 700, text)
    canvas.save()
    return path


def test_a_pdf_is_read_with_the_address_that_the_person_gives(tmp_path: Path) -> None:
    path = pdf(tmp_path / "policy.pdf")
    assert row(read_path(path, url=URL, retrieved_on="2026-03-01"))["url"] == URL
    with pytest.raises(SourceError, match=r"policy\.pdf: no address"):
        read_path(path)


def test_tables_are_no_pages(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a,b\n1,2\n")
    assert program_pages.SOURCE.recognise(probe(path)) is None


@pytest.mark.parametrize(
    ("url", "usable"),
    [
        ("https://gme.example.edu", True), ("http://127.0.0.1:8000/x", True), ("https://ex.edu/ü?a=b#c", True),
        ("HTTPS://EX.EDU/", True), ("", False), ("https://", False), ("https:///x", False), ("//ex.edu/", False),
        ("file:///etc/passwd", False), ("data:text/html,x", False), ("https://ex.edu/a b", False),
        ("https://ex.edu/\n", False), ('https://ex.edu/"onload=', False), ("https://ex.edu:99999/", False),
        ("https://[::1", False), ("https://ex.edu/" + "a" * 2100, False),
    ],
)  # fmt: skip
def test_usable_url(url: str, usable: bool) -> None:
    assert program_pages.usable_url(url) is usable


@given(st.text(max_size=60))
def test_a_usable_url_is_plain(text: str) -> None:
    if program_pages.usable_url(text):
        assert text.lower().startswith(("http://", "https://"))
        assert not any(character.isspace() or character in '<>"`' for character in text)


@pytest.mark.skipif(not GOLD.exists(), reason="needs ../shared/gold/pages_dev")
def test_no_labelled_page_is_taken_for_an_error() -> None:
    pages = sorted(GOLD.glob("*.html"))
    assert len(pages) == 60
    for path in pages:
        assert row(read_path(path, url=URL))["url"] == URL


@pytest.mark.parametrize("path", sorted((POLICIES / "error_pages").glob("*.html")), ids=lambda path: path.stem)
def test_what_stands_in_the_place_of_a_page_is_refused(path: Path) -> None:
    with pytest.raises(SourceError, match="error page"):
        read_path(path, url=URL)


@pytest.mark.parametrize("name", ["12-page.mhtml", "12-short.mht"])
def test_a_page_saved_as_one_file_gives_its_address(name: str) -> None:
    assert row(read_path(POLICIES / "pages_cases" / name))["url"] == "https://lakeshore.example/gme"
