"""What is read of a page: links, title and the text that two versions are compared by."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.fetch.page_content import read_page, whole_text
from pipeline.fetch.sitemap_files import read_sitemap


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


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_without_harm(content: bytes) -> None:
    read_sitemap(content, 1_000)
    if not content.startswith(b"%PDF-"):
        assert read_page(content, "https://x.org/").text is not None


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "utf-16"])
def test_text_is_read_whatever_its_encoding(charset: str) -> None:
    body = "Nos résidents: “visas J‑1”" if charset != "windows-1252" else "Nos résidents: “visas J-1”"
    page = read_page(
        f'<html><meta charset="{charset}"><title>é</title><body>{body}</body></html>'.encode(charset), "https://x.org/"
    )
    assert charset == "utf-16" or (page.text, page.title) == (f"é {body}", "é")


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


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<i class='fa fa-check'></i>", "<i class='fa fa-times'></i>"),
        ("<img src='a.png' alt='Yes'>", "<img src='a.png' alt='No'>"),
        ("<img src='check.png'>", "<img src='cross.png'>"),
        ("<span aria-label='Yes'></span>", "<span aria-label='No'></span>"),
        ("<i title='Yes'></i>", "<i title='No'></i>"),
        ("<input type='radio' checked>", "<input type='radio'>"),
        ("<span role='checkbox' aria-checked='true'></span>", "<span role='checkbox' aria-checked='false'></span>"),
        ("<svg><use href='#icon-check'/></svg>", "<svg><use href='#icon-cross'/></svg>"),
        ("Yes", "<s>Yes</s>"),
        ("Yes", "<span class='strikethrough'>Yes</span>"),
    ],
)
def test_what_a_reader_sees_in_a_cell_is_compared(before: str, after: str) -> None:
    first, second = (
        whole_text(f"<table><tr><td>H-1B</td><td>{cell}</td></tr></table>".encode()) for cell in (before, after)
    )
    assert first != second


def test_an_answer_under_another_tab_is_another_version() -> None:
    page = (
        "<div role='tablist'><button role='tab' aria-controls='{}'>J-1</button><button role='tab' aria-controls='{}'>H-1B</button>"
        "</div><div id='a' role='tabpanel'>Yes</div><div id='b' role='tabpanel'>No</div>"
    )
    assert whole_text(page.format("a", "b").encode()) != whole_text(page.format("b", "a").encode())


VERSIONS = Path(__file__).parents[1] / "gold" / "policies" / "versions"


@pytest.mark.parametrize("kind", ["alt", "checkbox", "icon", "struck", "struck_style"])
def test_what_only_marks_change_is_another_version(kind: str) -> None:
    before, after = ((VERSIONS / f"{kind}_{number}.html").read_bytes() for number in (1, 2))
    assert whole_text(before) != whole_text(after)
    assert whole_text(before) == whole_text(before.replace(b"<p>", b"<p data-day='2'>"))
