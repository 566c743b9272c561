"""robots.txt: what allows, what refuses, and what a host can make of it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug import Response

from pipeline.fetch.network import Network
from pipeline.fetch.robots import Robots, robots_from, rules
from pipeline.fetch.seeds import (
    Seed,
)
from tests.fetch.conftest import HOSPITAL, VISA_PAGE, HandClock, RawServer, Web, loopback


def test_robots_allow_and_deny(web: Web) -> None:
    web.page("/robots.txt", "User-agent: *\nDisallow: /private\n", Content_Type="text/plain")
    web.page("/")
    web.page("/private/visa")
    report = web.fetch(web.seed(), web.seed("/private/visa"))
    assert web.outcomes(report) == {"/": "new", "/private/visa": "refused_by_robots robots"}
    assert report.requested == 1 and "/private/visa" not in web.requested and web.requested.count("/robots.txt") == 1


def test_robots_for_our_name_outrank_those_for_all(web: Web) -> None:
    web.page(
        "/robots.txt", "User-agent: *\nDisallow:\n\nUser-agent: h1b-sponsors\nDisallow: /\n", Content_Type="text/plain"
    )
    web.page("/")
    assert web.outcomes(web.fetch()) == {"/": "refused_by_robots robots"} and "/" not in web.requested


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (404, "new"), (403, "new"), (401, "new"), (410, "new"), (451, "new"),
        (500, "refused_by_robots robots"), (503, "refused_by_robots robots"),
        (429, "refused_by_robots robots"),  # tried twice and still busy: its pages are not requested
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


def test_a_redirect_meets_the_robots_of_where_it_leads(web: Web) -> None:
    web.page("/robots.txt", "User-agent: *\nDisallow: /new\n", Content_Type="text/plain")
    web.answer("/old", lambda request: Response(status=301, headers={"Location": "/new"}))
    assert (
        web.outcomes(web.fetch(web.seed("/old"))) == {"/old": "refused_by_robots robots"}
        and "/new" not in web.requested
    )


def test_a_crawl_delay_beyond_patience_refuses(web: Web) -> None:
    web.page("/robots.txt", "User-agent: *\nCrawl-delay: 86400\n", Content_Type="text/plain")
    report = web.fetch()
    assert (
        web.outcomes(report) == {"/": "refused_by_robots robots"} and "86400 s between pages" in report.pages[0].detail
    )


def test_robots_rules_rates_and_sitemaps() -> None:
    text = "User-agent: *\nDisallow: /a\nRequest-rate: 1/20\nSitemap: https://x.org/s.xml\n"
    parsed = rules(robots_from(200, text.encode()))
    assert parsed.refusal("https://x.org/a/b", 300) == "robots.txt disallows it"
    assert parsed.refusal("https://x.org/b", 300) is None
    assert parsed.delay == 20.0 and parsed.sitemaps == ("https://x.org/s.xml",)
    assert rules(Robots("closed", why="no")).refusal("https://x.org/", 300) == "no"


@given(st.binary(max_size=300), st.integers(100, 599))
def test_any_robots_are_understood_or_refused(body: bytes, status: int) -> None:
    parsed = rules(robots_from(status, body))
    refused = parsed.refusal("https://x.org/visa", 300.0) is not None
    assert not refused if 400 <= status < 500 else refused or 200 <= status < 300


@pytest.mark.parametrize(
    "text",
    [
        "Request-rate: 1/" + "9" * 400, "Request-rate: " + "9" * 400 + "/1", "Crawl-delay: " + "9" * 400, "Crawl-delay: nan",
        "Request-rate: 1/" + "9" * 5_000, "Disallow: /" + "*a" * 50_000 + "$", "Sitemap: http://[::1", "Sitemap: http://site.test:999999999/",
        "Sitemap: " + "x" * 100_000, "\x00\xff", "User-agent: *\n" * 50_000,
    ],
)  # fmt: skip
def test_robots_of_any_kind_stop_no_other_site(web: Web, text: str) -> None:
    web.answer(
        "/robots.txt",
        lambda request: Response(f"User-agent: *\n{text}\n" if "odd" in request.host else "", mimetype="text/plain"),
    )
    web.page("/odd")
    web.page("/", VISA_PAGE + "more")
    hand = HandClock()
    report = web.fetch(
        web.seed("/odd", host="odd.test"), web.seed(host="fine.test"), network=Network(loopback, hand.clock)
    )
    assert web.outcomes(report)["/"] == "new" and web.outcomes(report)["/odd"] in ("new", "refused_by_robots robots")


def test_sitemaps_that_robots_name_are_addresses(web: Web) -> None:
    parsed = rules(robots_from(200, b"Sitemap: http://[::1\nSitemap: HTTPS://X.org:443/s.xml#a\nSitemap: /relative\n"))
    assert parsed.sitemaps == ("https://x.org/s.xml",)


def test_robots_do_not_move_to_another_port(web: Web) -> None:
    web.answer(
        "/robots.txt", lambda request: Response(status=301, headers={"Location": "http://site.test:22/robots.txt"})
    )
    assert web.fetch().pages[0].detail == "robots.txt leads to another host"


@pytest.mark.parametrize(
    ("status", "outcome"), [(204, "new"), (202, "refused_by_robots robots"), (206, "refused_by_robots robots")]
)
def test_what_comes_with_a_success_that_is_no_200_is_no_robots_txt(web: Web, status: int, outcome: str) -> None:
    web.answer(
        "/robots.txt", lambda request: Response("" if status == 204 else "User-agent: *\nDisallow:\n", status=status)
    )
    web.page("/")
    assert web.outcomes(web.fetch()) == {"/": outcome}
