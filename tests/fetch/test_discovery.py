"""What a site's pages are found by: links and sitemaps, ranked, within a budget."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug import Request, Response

from pipeline.fetch.page_content import read_page
from pipeline.fetch.ranking import rank, read_words, speaks_of_visas
from pipeline.fetch.sitemap_files import read_sitemap
from pipeline.reference.load import ReferenceTableError
from tests.fetch.conftest import VISA_PAGE, Web

SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'


def locations(*urls: str) -> str:
    return SITEMAP.format("".join(f"<url><loc>{url}</loc></url>" for url in urls))


def test_links_lead_from_the_home_page_to_the_visa_page(web: Web) -> None:
    web.page("/", '<title>Home</title><a href="/logo.png">x</a><a href="/gme">Graduate Medical Education</a>')
    web.page(
        "/gme",
        '<title>GME</title><p>Training.</p><a href="/about">About</a><a href="p-17">International applicants</a>',
    )
    web.page("/p-17")
    report = web.fetch(web.start(kind="home"))
    assert web.outcomes(report) == {"/": "not_kept on_the_way", "/gme": "not_kept on_the_way", "/p-17": "new"}


def test_sitemaps_lead_to_pages_that_no_link_shows(web: Web) -> None:
    web.page("/robots.txt", f"Sitemap: {web.url('/index.xml')}\n", Content_Type="text/plain")
    index = f"<sitemapindex><sitemap><loc>{web.url('/pages.xml.gz')}</loc></sitemap></sitemapindex>"
    web.page("/index.xml", index, Content_Type="application/xml")
    listed = locations(web.url("/residency/eligibility"), web.url("/x"), "https://elsewhere.test/residency/visa")
    web.page("/pages.xml.gz", gzip.compress(listed.encode()), Content_Type="application/gzip")
    web.page("/")
    web.page("/residency/eligibility", VISA_PAGE + "more")
    assert web.outcomes(web.fetch()) == {"/": "new", "/residency/eligibility": "new"} and "/x" not in web.asked


def test_a_sitemap_that_has_moved_within_the_site_is_read(web: Web) -> None:
    web.page("/")
    web.answer("/sitemap.xml", lambda request: Response(status=301, headers={"Location": "/sitemap_index.xml"}))
    web.page("/sitemap_index.xml", locations(web.url("/residency/visa")), Content_Type="text/xml")
    web.page("/residency/visa", VISA_PAGE + "more")
    assert web.outcomes(web.fetch()) == {"/": "new", "/residency/visa": "new"}


def test_the_most_promising_pages_come_first_within_the_budget(web: Web) -> None:
    names = ["residency/visa-h1b", "residency/eligibility", "residency/faq", "residency/life", "residency/benefits"]
    web.page("/", "<title>Residency</title>" + "".join(f'<a href="/{name}">{name}</a>' for name in reversed(names)))
    for name in names:
        web.page(f"/{name}", VISA_PAGE + name)
    report = web.fetch(web.start(kind="program"), settings={"pages_per_site": 4})
    assert list(web.outcomes(report)) == ["/", *(f"/{name}" for name in names[:3])]


def test_the_budget_of_bytes_ends_a_site(web: Web) -> None:
    links = "".join(f'<a href="/residency/visa/{number}">Visa {number}</a>' for number in range(9))
    web.page("/", f"<title>Residency</title>{links}")
    for number in range(9):
        web.page(f"/residency/visa/{number}", VISA_PAGE + str(number) + "x" * 50_000)
    report = web.fetch(settings={"bytes_per_site": 120_000})
    assert report.count("new") == 4  # the start, and pages until the third passes the budget


def test_other_sites_are_not_asked_and_a_site_below_is_left_to_its_own_plan(web: Web) -> None:
    web.page(
        "/",
        f'<title>R</title><a href="{web.url("/visa", "other.test")}">Visa</a><a href="{web.url("/visa", "gme.site.test")}">Visa</a>',
    )
    web.page("/visa")
    seen: list[str] = []

    def handler(request: Request) -> Response:
        seen.append(request.host.split(":")[0])
        return Response(VISA_PAGE, mimetype="text/html")

    web.answer("/visa", handler)
    report = web.fetch(web.start(), web.start("/visa", host="gme.site.test"))
    assert seen == ["gme.site.test"] and report.count("new") == 2


def test_links_that_ask_not_to_be_followed_are_not(web: Web) -> None:
    web.page("/", '<meta name="ROBOTS" content="noindex, NoFollow"><title>R</title><a href="/residency/visa">Visa</a>')
    web.page("/b", '<title>R</title><a rel="nofollow" href="/residency/visa">Visa</a>')
    web.page("/residency/visa")
    web.fetch(web.start(), web.start("/b"))
    assert "/residency/visa" not in web.asked


def test_one_page_under_several_addresses_is_asked_for_once(web: Web) -> None:
    web.page(
        "/", '<title>R</title><a href="/residency/visa#top">Visa</a><a href="/residency/visa?utm_source=x">Visa</a>'
    )
    web.page("/residency/visa")
    web.answer("/old", lambda request: Response(status=301, headers={"Location": "/residency/visa"}))
    report = web.fetch(web.start("/residency/visa"), web.start("/"), web.start("/old"))
    assert web.asked.count("/residency/visa") == 1
    assert web.outcomes(report)["/old"] in ("not_kept same_page", "new")


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("/residency/visa", "/residency"), ("/gme/international-medical-graduates", "/gme"), ("/residency/faq", "/residency/life"),
        ("/residency/how-to-apply", "/undergraduate/how-to-apply"), ("/gme/eligibility", "/about"),
        ("/gme/visa", "/news/visa"), ("/residency/application-requirements", "/admissions/freshmen"),
        ("/residency/ImgFaq", "/residency/people"),
    ],
)  # fmt: skip
def test_ranks(better: str, worse: str) -> None:
    assert rank(f"https://x.org{better}").score > rank(f"https://x.org{worse}").score


@pytest.mark.parametrize("path", ["/login?next=/residency", "/logo.png", "/residency.zip", "/athletics", "/about"])
def test_pages_that_promise_nothing(path: str) -> None:
    assert rank(f"https://x.org{path}").score <= 0


def test_the_words_of_a_link_count_as_its_address() -> None:
    assert rank("https://x.org/p/12345", "Visa sponsorship for residents").wanted
    assert (
        not rank("https://x.org/p/12345", "Our residents").wanted
        and rank("https://x.org/p/12345", "Our residents").score > 0
    )


@pytest.mark.parametrize("text", ["an H‑1B", "h1b", "J-1 visa", "the J1", "ECFMG certified"])
def test_what_speaks_of_visas(text: str) -> None:
    assert speaks_of_visas(text) and not speaks_of_visas("advisable; a vista; box J-10")


def test_a_pattern_that_is_none_is_named_with_its_line(reference_copy: Path) -> None:
    (reference_copy / "pages" / "words.csv").write_text("kind,pattern,weight,note\nvisa,(,1,\n")
    read_words.cache_clear()
    with pytest.raises(ReferenceTableError, match=r"words\.csv, line 2"):
        read_words()
    read_words.cache_clear()


def test_a_page_is_read_for_links_in_its_own_terms() -> None:
    page = read_page(
        b'<base href="https://x.org/a/"><title> Visa\n policy </title><a href="b c">One <b>two</b></a><a href="mailto:x@y">m</a>'
        b'<a href="javascript:x()">j</a><a href="//y.org/z"><img alt="no"></a><a href="B c" title="t"></a>',
        "https://x.org/",
    )
    assert page.title == "Visa policy"
    assert [(link.url, link.text) for link in page.links] == [
        ("https://x.org/a/b%20c", "One two"), ("https://y.org/z", ""), ("https://x.org/a/B%20c", "t"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        b"", b"<urlset><url><loc>https://x.org/a</loc></url><url><loc>https://x", b"\x1f\x8bbroken", b"<html><p>404",
        b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><urlset><url><loc>https://x.org/&b;</loc></url></urlset>',
        b'<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]><urlset><url><loc>https://x.org/&f;</loc></url></urlset>',
    ],
)  # fmt: skip
def test_hostile_sitemaps_give_what_they_can_and_no_more(content: bytes) -> None:
    found = read_sitemap(content, 1_000_000)
    assert set(found.pages) <= {"https://x.org/a", "https://x.org/"} and not found.sitemaps


def test_a_sitemap_of_lines_and_a_compressed_bomb() -> None:
    assert read_sitemap(b"https://x.org/a\nhttps://x.org/b\n", 1_000).pages == ("https://x.org/a", "https://x.org/b")
    bomb = gzip.compress(locations(*["https://x.org/a"] * 200_000).encode())
    assert len(read_sitemap(bomb, 10_000).pages) == 1


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_without_harm(content: bytes) -> None:
    read_sitemap(content, 1_000)
    if not content.startswith(b"%PDF-"):
        assert read_page(content, "https://x.org/").text is not None


def test_bytes_that_were_refused_count_as_well(web: Web) -> None:
    for number in range(6):
        web.page(f"/residency/visa/{number}", gzip.compress(b"x" * 300_000), Content_Encoding="gzip")
    starts = [web.start(f"/residency/visa/{number}") for number in range(6)]
    report = web.fetch(*starts, settings={"bytes_per_site": 500_000, "failures_in_a_row": 99})
    # Each is cut off at the largest size of a page, with at most a block more.
    assert {visit.code for visit in report.pages} == {"too_large"} and 2 <= len(report.pages) <= 3


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "utf-16"])
def test_text_is_told_apart_whatever_its_encoding(charset: str) -> None:
    said = "Nos résidents: “visas J‑1”" if charset != "windows-1252" else "Nos résidents: “visas J-1”"
    page = read_page(
        f'<html><meta charset="{charset}"><title>é</title><body>{said}</body></html>'.encode(charset), "https://x.org/"
    )
    assert charset == "utf-16" or (page.text, page.title) == (f"é {said}", "é")


def test_only_what_is_shown_is_text() -> None:
    page = read_page(
        b"<title>T</title><script>a</script>b<style>c</style>d<noscript>e</noscript>f<template>g</template>h<!-- i --><p hidden>j</p>",
        "https://x.org/",
    )
    assert page.text == "T b d f h j"


def test_deep_and_long_pages_are_read_in_time_that_grows_with_their_length() -> None:
    deep = b"<div>" * 100_000 + b"<a href='/visa'>Visa</a>"
    wide = b"<a href='/p'>" + b"<b>x</b>" * 200_000 + b"</a>" + b"<a href='/q'>y</a>" * 50_000
    assert read_page(deep, "https://x.org/").text is not None
    assert [link.url for link in read_page(wide, "https://x.org/").links] == ["https://x.org/p", "https://x.org/q"]
