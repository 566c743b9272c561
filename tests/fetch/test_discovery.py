"""What a site's pages are found by: links and sitemaps, ranked, within a budget."""

from __future__ import annotations

import gzip

import pytest
from werkzeug import Request, Response

from pipeline.fetch.sitemap_files import read_sitemap
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
    report = web.fetch(web.seed(kind="home"))
    assert web.outcomes(report) == {"/": "not_kept on_the_way", "/gme": "not_kept on_the_way", "/p-17": "new"}


def test_sitemaps_lead_to_pages_that_no_link_shows(web: Web) -> None:
    web.page("/robots.txt", f"Sitemap: {web.url('/index.xml')}\n", Content_Type="text/plain")
    index = f"<sitemapindex><sitemap><loc>{web.url('/pages.xml.gz')}</loc></sitemap></sitemapindex>"
    web.page("/index.xml", index, Content_Type="application/xml")
    listed = locations(web.url("/residency/eligibility"), web.url("/x"), "https://elsewhere.test/residency/visa")
    web.page("/pages.xml.gz", gzip.compress(listed.encode()), Content_Type="application/gzip")
    web.page("/")
    web.page("/residency/eligibility", VISA_PAGE + "more")
    assert web.outcomes(web.fetch()) == {"/": "new", "/residency/eligibility": "new"} and "/x" not in web.requested


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
    report = web.fetch(web.seed(kind="program"), settings={"pages_per_site": 4})
    assert list(web.outcomes(report)) == ["/", *(f"/{name}" for name in names[:3])]


def test_the_budget_of_bytes_ends_a_site(web: Web) -> None:
    links = "".join(f'<a href="/residency/visa/{number}">Visa {number}</a>' for number in range(9))
    web.page("/", f"<title>Residency</title>{links}")
    for number in range(9):
        web.page(f"/residency/visa/{number}", VISA_PAGE + str(number) + "x" * 50_000)
    report = web.fetch(settings={"bytes_per_site": 120_000})
    assert report.count("new") == 4  # the start, and pages until the third passes the budget


def test_other_sites_are_not_visited_and_a_site_below_is_left_to_its_own_plan(web: Web) -> None:
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
    report = web.fetch(web.seed(), web.seed("/visa", host="gme.site.test"))
    assert seen == ["gme.site.test"] and report.count("new") == 2


def test_links_that_ask_not_to_be_followed_are_not(web: Web) -> None:
    web.page("/", '<meta name="ROBOTS" content="noindex, NoFollow"><title>R</title><a href="/residency/visa">Visa</a>')
    web.page("/b", '<title>R</title><a rel="nofollow" href="/residency/visa">Visa</a>')
    web.page("/residency/visa")
    web.fetch(web.seed(), web.seed("/b"))
    assert "/residency/visa" not in web.requested


def test_one_page_under_several_addresses_is_requested_once(web: Web) -> None:
    web.page(
        "/", '<title>R</title><a href="/residency/visa#top">Visa</a><a href="/residency/visa?utm_source=x">Visa</a>'
    )
    web.page("/residency/visa")
    web.answer("/old", lambda request: Response(status=301, headers={"Location": "/residency/visa"}))
    report = web.fetch(web.seed("/residency/visa"), web.seed("/"), web.seed("/old"))
    assert web.requested.count("/residency/visa") == 1
    assert web.outcomes(report)["/old"] in ("not_kept same_page", "new")


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
