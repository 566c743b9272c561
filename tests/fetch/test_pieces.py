"""The small pieces of a fetch: addresses, hosts, turns, Retry-After, robots, starts, the journal, the estimate of time left."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fetch.addresses import Site, folder_of, normalise, site_of, within, words_of
from pipeline.fetch.attribution import about_page
from pipeline.fetch.clock import Clock
from pipeline.fetch.journal import Entry, journal_path, open_journal
from pipeline.fetch.page_outcome import PageOutcome
from pipeline.fetch.progress import SiteProgress, seconds_left
from pipeline.fetch.public_hosts import is_public
from pipeline.fetch.ranking import read_words
from pipeline.fetch.report import Report, as_json
from pipeline.fetch.robots import Robots, robots_from, rules
from pipeline.fetch.seeds import (
    KNOWN_COLUMNS,
    About,
    Seed,
    home_seeds,
    known_seeds,
    program_seeds,
    read_known_pages,
)
from pipeline.fetch.site_plans import of_institution, site_plans
from pipeline.fetch.throttle import HostThrottle, retry_after
from pipeline.reference.load import ReferenceTableError
from pipeline.schemas.frames import empty_frame
from pipeline.settings import (
    CONTACT_VARIABLE,
    DELAY_VARIABLE,
    FETCH_VARIABLE,
    PAGES_VARIABLE,
    FetchSettings,
    SettingsError,
    fetch_enabled,
    fetch_settings,
)
from tests.fetch.conftest import HandClock

NOW = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("HTTPS://WWW.X.org:443", "https://www.x.org/"), ("http://x.org:80/a#b", "http://x.org/a"),
        ("http://x.org:8080/a", "http://x.org:8080/a"), ("https://x.org/a b?c=d e", "https://x.org/a%20b?c=d%20e"),
        ("https://x.org/a/../b/./c", "https://x.org/b/c"), ("https://x.org./", "https://x.org/"),
        ("https://x.org/?b=1&utm_source=q&a=2", "https://x.org/?b=1&a=2"), ("https://x.org/?p=87", "https://x.org/?p=87"),
        ("ftp://x.org/", None), ("javascript:alert(1)", None), ("https://user:pass@x.org/", None), ("https://x.org:99999/", None),
        ("https:///a", None), ("https://[::1", None), ("data:text/html,x", None), ("https://x.org/" + "a" * 3_000, None), ("", None),
        ("https://exämple.org/", None),
    ],
)  # fmt: skip
def test_addresses_have_one_form(address: str, form: str | None) -> None:
    assert normalise(address) == form


@given(st.text(max_size=60), st.sampled_from(["", "https://x.org/a/b", "http://y.edu:8080/?q=1"]))
def test_the_one_form_is_its_own(address: str, base: str) -> None:
    form = normalise(address, base)
    assert form is None or normalise(form) == form


@pytest.mark.parametrize(
    ("url", "site", "inside"),
    [
        ("https://www.x.edu/a", "x.edu", True), ("https://gme.x.edu/a", "x.edu", True), ("https://x.edu/a", "gme.x.edu", False),
        ("https://notx.edu/a", "x.edu", False), ("https://x.edu.evil.org/a", "x.edu", False), ("https://x.edu:8443/a", "x.edu", False),
    ],
)  # fmt: skip
def test_what_belongs_to_a_site(url: str, site: str, inside: bool) -> None:
    assert within(url, Site(site)) is inside


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "198.18.0.1", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "fec0::1", "not an address", "",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_ipv6_cloak_hides_no_private_address(address: ipaddress.IPv4Address) -> None:
    for cloak in (f"::ffff:{address}", str(ipaddress.IPv6Address((0x64FF9B << 96) | int(address)))):
        assert is_public(cloak) <= is_public(str(address))


def test_words_and_folders_of_addresses() -> None:
    assert words_of("https://www.gme.x.edu/HowToApply/visa-info_2026.html") == "gme How To Apply visa info"
    assert [folder_of(f"https://x.org{path}") for path in ("/", "/a", "/a/", "/a/b.html")] == ["/", "/a/", "/a/", "/a/"]


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
    turns = HostThrottle(Clock(hand.now, lambda: hand.at, hand.sleep), 5.0)
    ended: dict[str, float] = {}
    for host, takes in work:
        with turns.slot(host):
            assert hand.at >= ended.get(host, 0.0) + 5.0 - 1e-9 or host not in ended
            hand.at += takes
        ended[host] = hand.at


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


def program(code: str, website: str, institution: str = "Example Hospital", identity: str = "inst_1") -> dict[str, str]:
    return {"program_code": code, "website": website, "institution_id": identity, "institution": institution, "city": "Boston", "state": "MA"}  # fmt: skip


def plan_of(*starts: Seed):  # type: ignore[no-untyped-def]
    [plan] = site_plans(starts)
    return plan


def test_whom_a_page_is_about() -> None:
    listed = pd.DataFrame(
        [program("1111111111", "https://x.org/surgery/"), program("2222222222", "https://x.org/medicine/home.html")]
    )
    known = Seed("https://x.org/gme/visa", "known", About("Example Hospital", "Boston", "MA", "GME office"), "inst_1")
    plan = plan_of(known, *program_seeds(listed))
    assert about_page("https://x.org/gme/visa", "Visas", plan).program == "GME office"
    assert about_page("https://x.org/surgery/visa", "Visas", plan).program_code == "1111111111"
    assert about_page("https://x.org/medicine/faq", "FAQ", plan).program_code == "2222222222"
    other = about_page("https://x.org/radiology/faq", "FAQ | Radiology residency", plan)
    assert (other.institution, other.program_code, other.program) == (
        "Example Hospital",
        "",
        "FAQ | Radiology residency - radiology faq",
    )


def test_nothing_is_said_of_a_page_that_may_be_of_several() -> None:
    listed = pd.DataFrame(
        [
            program("1111111111", "https://x.org/a/"),
            program("2222222222", "https://x.org/b/", "Other Hospital", "inst_2"),
        ]
    )
    plan = plan_of(*program_seeds(listed))
    assert about_page("https://x.org/gme/visa", "Visas", plan) == About()
    assert about_page("https://x.org/b/visa", "Visas", plan).institution == "Other Hospital"
    # Asking for one institution alone does not make the other's pages its own.
    [only] = of_institution([plan], "example")
    assert [start.url for start in only.entry_points] == ["https://x.org/a/"] and about_page(
        "https://x.org/gme/visa", "V", only
    ) == About()


def test_a_website_that_programs_share_names_none_of_them() -> None:
    listed = pd.DataFrame([program("1111111111", "https://x.org/peds/"), program("2222222222", "https://x.org/peds/")])
    plan = plan_of(*program_seeds(listed))
    page = about_page("https://x.org/peds/visa", "Visas", plan)
    assert (page.program_code, page.institution, page.program) == ("", "Example Hospital", "Visas - peds visa")


def test_a_whole_host_is_a_programs_only_if_nobody_else_starts_there() -> None:
    alone = plan_of(*program_seeds(pd.DataFrame([program("1111111111", "https://surgery.org/")])))
    assert about_page("https://surgery.org/visa", "Visas", alone).program_code == "1111111111"
    home = Seed("https://surgery.org/about", "home", About("Example Hospital"), "inst_1")
    shared = plan_of(home, *program_seeds(pd.DataFrame([program("1111111111", "https://surgery.org/")])))
    assert about_page("https://surgery.org/visa", "Visas", shared).program_code == ""


def test_homes_come_from_registers_and_sites_with_known_pages_first() -> None:
    institutions = pd.DataFrame({"institution_id": ["i1", "i2"], "name": ["A", "B"], "city": ["X", None], "state": ["MA", "NY"], "unitid": ["100001", None], "ror_id": [None, "https://ror.org/1"]})  # fmt: skip
    ipeds = pd.DataFrame({"unitid": ["100001"], "website": ["www.a.edu/"]})
    ror = pd.DataFrame({"ror_id": ["https://ror.org/1"], "website": ["https://b.org"]})
    homes = list(home_seeds(institutions, ipeds, ror))
    assert [(one.url, one.about.institution) for one in homes] == [("https://www.a.edu/", "A"), ("https://b.org/", "B")]
    known = Seed("https://z.org/visa", "known", About("Z"))
    assert [plan.site.name for plan in site_plans([*homes, known])] == ["z.org", "a.edu", "b.org"]


def test_the_known_pages_of_the_project_can_be_used() -> None:
    known = read_known_pages()
    starts = list(known_seeds(known, empty_frame("institutions")))
    assert len(starts) == len(known) > 50 and all(start.about.institution and start.about.state for start in starts)
    assert {word.kind for word in read_words()} >= {"visa", "international", "eligibility", "faq", "apply"}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("A,,,,MA,https:///x,s", "line 2: the address can't be used"),
        ("A,,,,MA,https://x.org/,s\nB,,,,MA,https://X.org,s", "line 3: the address is there twice"),
    ],
)
def test_wrong_known_pages_are_named(reference_copy: Path, lines: str, said: str) -> None:
    (reference_copy / "pages" / "known_pages.csv").write_text(",".join(KNOWN_COLUMNS) + "\n" + lines + "\n")
    with pytest.raises(ReferenceTableError, match=said):
        read_known_pages()


@given(st.integers(0, 400))
def test_a_journal_cut_off_anywhere_keeps_its_whole_lines(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    path = journal_path(tmp_path_factory.mktemp("journal"), None, None)
    journal = open_journal(path, NOW)
    for number in range(3):
        journal.put(Entry("page", f"https://x.org/{number}", {"outcome": "new\n", "text": "é"}))
    journal.close(ended=False)
    content = path.read_bytes()[:cut] if cut < path.stat().st_size else path.read_bytes()
    path.write_bytes(content)
    again = open_journal(path, NOW)
    had = [again.get("page", f"https://x.org/{number}") is not None for number in range(3)]
    assert had == [number < content.count(b"\n") - 1 for number in range(3)]
    assert again.resumed is (content.count(b"\n") > 0)
    again.put(Entry("page", "https://x.org/9", {}))
    again.close(ended=False)
    assert all(json.loads(line) for line in path.read_bytes().splitlines())


def test_the_time_left_is_that_of_the_slowest_site_or_of_all_by_turns() -> None:
    settings = FetchSettings(contact="https://x.org", delay=5.0, hosts_at_once=2, pages_per_site=10)
    assert seconds_left([], 4, settings) == pytest.approx(4 * 50 / 2)
    assert seconds_left([SiteProgress("a", 1, 9, 30.0), SiteProgress("b", 5, 5, 5.0)], 0, settings) == pytest.approx(
        9 * 30.0
    )
    assert seconds_left([SiteProgress("a", 10, 0, 5.0)], 0, settings) == 0.0


def test_the_report_adds_up_and_keeps_no_links() -> None:
    visits = tuple(
        PageOutcome("x.org", f"https://x.org/{number}", outcome, code, links=(("https://x.org/", "t"),))  # type: ignore[arg-type]
        for number, (outcome, code) in enumerate(
            [("new", ""), ("unchanged", ""), ("not_kept", "on_the_way"), ("failed", "tls"), ("failed", "tls"), ("failed", "http_404"), ("refused_by_robots", "robots"), ("not_asked", "left_alone")]
        )
    )  # fmt: skip
    report = Report("2026-11-26T12:00:00+00:00", "2026-11-26T13:00:00+00:00", False, False, 1, 9, visits)
    plain = as_json(report, FetchSettings(contact="https://x.org"))
    counts = plain["counts"]
    assert counts["asked"] == counts["new"] + counts["unchanged"] + counts["not_kept"] + counts["failed"] == 6
    assert counts["refused_by_robots"] == counts["not_asked"] == 1
    assert plain["failed_by_reason"] == {"tls": 2, "http_404": 1} and "links" not in json.dumps(plain["pages"])


def of_environment(monkeypatch: pytest.MonkeyPatch, **values: str) -> Callable[[], FetchSettings]:
    for name in (CONTACT_VARIABLE, DELAY_VARIABLE, PAGES_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return fetch_settings


def test_the_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = of_environment(
        monkeypatch, H1B_FETCH_CONTACT="https://x.org/about", H1B_FETCH_DELAY="9", H1B_FETCH_PAGES="7"
    )()
    assert (settings.contact, settings.delay, settings.pages_per_site) == ("https://x.org/about", 9.0, 7)
    assert not settings.private_addresses


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Set H1B_FETCH_CONTACT"),
        ({"H1B_FETCH_CONTACT": "me"}, "no web address"),
        ({"H1B_FETCH_CONTACT": "https://x.org/\r\nX: y"}, "no web address"),
        ({"H1B_FETCH_CONTACT": "https://x.org", "H1B_FETCH_DELAY": "4.9"}, "a number from 5 to"),
        ({"H1B_FETCH_CONTACT": "https://x.org", "H1B_FETCH_DELAY": "nan"}, "a number from 5 to"),
        ({"H1B_FETCH_CONTACT": "https://x.org", "H1B_FETCH_PAGES": "many"}, "a number from 1 to"),
    ],
)
def test_settings_that_are_refused(monkeypatch: pytest.MonkeyPatch, values: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        of_environment(monkeypatch, **values)()


def test_fetching_is_enabled_by_one_word(monkeypatch: pytest.MonkeyPatch) -> None:
    for word, enabled in (("", False), ("0", False), ("1", True)):
        monkeypatch.setenv(FETCH_VARIABLE, word)
        assert fetch_enabled() is enabled
    monkeypatch.setenv(FETCH_VARIABLE, "yes")
    with pytest.raises(SettingsError, match="neither 0 nor 1"):
        fetch_enabled()


def test_sites_are_named_by_host() -> None:
    assert site_of("https://www.x.org:8443/a") == Site("x.org", 8443) and site_of("https://x.org/").name == "x.org"
