"""How a host is treated: pauses, busy hosts, failing hosts, and what a request says of us."""

from __future__ import annotations

import datetime as dt
import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug import Request, Response

from pipeline.fetch.clock import Clock
from pipeline.fetch.network import Network
from pipeline.fetch.seeds import (
    Seed,
)
from pipeline.fetch.throttle import HostThrottle, retry_after
from tests.fetch.conftest import HOSPITAL, VISA_PAGE, HandClock, Web, loopback

NOW = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)


def test_429_is_requested_again_after_the_time_it_names(web: Web) -> None:
    hand = HandClock()
    answers = iter([Response(status=429, headers={"Retry-After": "7"}), Response(VISA_PAGE, mimetype="text/html")])
    web.answer("/", lambda request: next(answers))
    report = web.fetch(network=Network(loopback, hand.clock), settings={"delay": 5.0})
    assert web.outcomes(report) == {"/": "new"}
    assert [round(wait) for wait in hand.sleeps][:2] == [5, 7]  # after robots.txt, then as named


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
        web.seed("/a"),
        web.seed("/b"),
        network=Network(loopback, hand.clock),
        settings={"delay": 5.0, "retry_seconds": 30.0},
    )
    assert web.outcomes(report) == {"/a": "failed busy", "/b": "not_asked left_alone"}
    assert [round(wait) for wait in hand.sleeps][: len(waits)] == waits and web.requested.count("/a") == times
    assert "/b" not in web.requested and web.archived() == []


def test_requests_to_a_host_keep_their_distance(web: Web) -> None:
    hand = HandClock()
    for path in ("/a", "/b", "/c"):
        web.page(path)
    web.fetch(
        web.seed("/a"), web.seed("/b", host="www.site.test"), web.seed("/c"),
        network=Network(loopback, hand.clock), settings={"delay": 5.0},
    )  # fmt: skip
    # Two robots.txt (of two names of one host), three pages and a sitemap of each: every one but the first waits.
    assert len(hand.sleeps) == len(web.requested) - 1 and all(wait == pytest.approx(5.0) for wait in hand.sleeps)


@pytest.mark.parametrize(("wanted", "kept"), [("12", 12.0), ("1", 5.0)])
def test_crawl_delay_is_kept_where_it_is_longer(web: Web, wanted: str, kept: float) -> None:
    hand = HandClock()
    web.page("/robots.txt", f"User-agent: *\nCrawl-delay: {wanted}\n", Content_Type="text/plain")
    web.page("/")
    web.page("/b")
    web.fetch(web.seed(), web.seed("/b"), network=Network(loopback, hand.clock), settings={"delay": 5.0})
    assert hand.sleeps[1] == pytest.approx(kept)


def test_a_host_that_nobody_answers_for_is_left_alone_after_three_failures(web: Web) -> None:
    closed = socket.create_server(("127.0.0.1", 0))
    port = closed.getsockname()[1]
    closed.close()
    seeds = [Seed(f"http://site.test:{port}/{number}", "known", HOSPITAL) for number in range(5)]
    report = web.fetch(*seeds)
    assert web.outcomes(report)["/0"] == "failed connection" and report.count("failed", "not_asked") == 5


def test_hosts_are_visited_in_parallel_and_no_more_than_allowed(web: Web) -> None:
    together, most, guard = [0], [0], threading.Lock()
    both = threading.Barrier(2, timeout=20)

    def handler(request: Request) -> Response:
        with guard:
            together[0] += 1
            most[0] = max(most[0], together[0])
        both.wait()  # nobody is answered before two are waiting
        with guard:
            together[0] -= 1
        return Response(VISA_PAGE + request.host, mimetype="text/html")

    web.answer("/", handler)
    seeds = [web.seed(host=f"host{number}.test") for number in range(4)]
    report = web.fetch(*seeds, network=Network(loopback), settings={"request_seconds": 30.0, "silence_seconds": 30.0})
    assert report.count("new") == 4 and most[0] == 2


def test_the_user_agent_names_the_operator_and_nothing_else_is_sent(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
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


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0), (" 0 ", 0.0), ("Thu, 26 Nov 2026 12:01:30 GMT", 90.0), ("Thu, 26 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None), ("-5", None), ("1.5", None), ("", None), (None, None), ("٣", None), ("9" * 400, 999_999_999.0),
    ],
)  # fmt: skip
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


@given(st.text(max_size=40))
def test_retry_after_is_never_negative_nor_an_error(value: str) -> None:
    assert (retry_after(value, NOW) or 0) >= 0


@given(st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 30)), min_size=1, max_size=12))
def test_no_two_requests_to_a_host_are_nearer_than_the_delay(work: list[tuple[str, float]]) -> None:
    hand = HandClock()
    throttle = HostThrottle(Clock(hand.now, lambda: hand.at, hand.sleep), 5.0)
    ended: dict[str, float] = {}
    for host, takes in work:
        with throttle.slot(host):
            assert hand.at >= ended.get(host, 0.0) + 5.0 - 1e-9 or host not in ended
            hand.at += takes
        ended[host] = hand.at
