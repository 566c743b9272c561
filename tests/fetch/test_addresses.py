"""Addresses: one form for each, what belongs to a site, words and folders."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fetch.addresses import Site, folder_of, normalise, site_of, within, words_of


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


def test_words_and_folders_of_addresses() -> None:
    assert words_of("https://www.gme.x.edu/HowToApply/visa-info_2026.html") == "gme How To Apply visa info"
    assert [folder_of(f"https://x.org{path}") for path in ("/", "/a", "/a/", "/a/b.html")] == ["/", "/a/", "/a/", "/a/"]


def test_sites_are_named_by_host() -> None:
    assert site_of("https://www.x.org:8443/a") == Site("x.org", 8443) and site_of("https://x.org/").name == "x.org"
