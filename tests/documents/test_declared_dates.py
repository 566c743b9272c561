"""Dates that a page declares outside its text: its foot, its marks, its JSON-LD."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.documents.declared_dates import DeclaredDates, declared_dates
from pipeline.policies.reading import read_page

BODY = "<h1>Visas</h1><p>We sponsor J-1 and H-1B visas.</p>"
JSON_LD = '<script type="application/ld+json">{}</script>'


def date_of(head: str = "", foot: str = "", body: str = BODY) -> dt.date | None:
    page = f"<html><head>{head}</head><body>{body}{foot}</body></html>"
    return read_page(page.encode(), "html").page_date


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ('<meta property="article:modified_time" content="2024-05-02T10:00:00+00:00">', dt.date(2024, 5, 2)),
        ("<meta content='2023-01-09' name='DCTERMS.modified'/>", dt.date(2023, 1, 9)),
        ('<meta itemprop="datePublished" content="2019-03-04">', dt.date(2019, 3, 4)),
        ('<meta name="viewport" content="2019-03-04">', None),
        ('<meta name="expiration-date" content="2019-03-04">', None),
        (JSON_LD.format('{"@type": "WebPage", "dateModified": "2022-08-01T00:00:00Z"}'), dt.date(2022, 8, 1)),
        (JSON_LD.format('{"@graph": [{"@type": ["Article"], "datePublished": "2021-02-03"}]}'), dt.date(2021, 2, 3)),
        (JSON_LD.format('{"@type": "Event", "datePublished": "2021-02-03"}'), None),
        (JSON_LD.format('{"@type": "WebPage", "about": {"@type": "Article", "dateModified": "2021-02-03"}}'), None),
        (JSON_LD.format("{no json"), None),
        (JSON_LD.format("[" * 5_000), None),
    ],
)
def test_marks_and_descriptions(head: str, day: dt.date | None) -> None:
    assert date_of(head) == day


@pytest.mark.parametrize(
    ("foot", "day"),
    [
        ("<footer><p>Last updated: May 5, 2023</p></footer>", dt.date(2023, 5, 5)),
        ("<div class='site-footer'>&copy; 2026 X Hospital. Page last modified 3/9/2022</div>", dt.date(2022, 3, 9)),
        ("<footer>&copy; 2026 X Hospital</footer>", None),
        ("<footer>Last updated by the web team. Call 2019 555 0100</footer>", None),
        ("<footer><script>var lastUpdated = 'Last updated: May 5, 2023';</script></footer>", None),
    ],
)
def test_the_foot_of_a_page(foot: str, day: dt.date | None) -> None:
    assert date_of(foot=foot) == day


def test_what_readers_see_comes_first_then_the_foot_then_the_last_change() -> None:
    head = '<meta property="article:modified_time" content="2024-05-02"><meta name="date" content="2020-01-01">'
    foot = "<footer>Last reviewed on June 1, 2025</footer>"
    assert date_of(head, foot, BODY + "<p>Last updated: July 2026</p>") == dt.date(2026, 7, 1)
    assert date_of(head, foot) == dt.date(2025, 6, 1)
    assert date_of(head) == dt.date(2024, 5, 2)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Class of 2018-2019. Apply for the 2026-2027 application cycle by 1 October.", dt.date(2026, 7, 1)),
        ("Recruitment for the 2025-26 interview season is closed; 2026-27 season to follow.", dt.date(2026, 7, 1)),
        ("Residents 2018-2019", dt.date(2018, 7, 1)),
    ],
)
def test_a_cycle_of_applications_comes_before_other_academic_years(text: str, day: dt.date) -> None:
    assert date_of(body=f"{BODY}<p>{text}</p>") == day


def test_a_page_saved_as_one_file_is_unpacked() -> None:
    page = (
        b"From: <Saved by Blink>\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n"
        b"Content-Type: text/html\n\n<html><head><meta name='last-modified' content='2024-02-03'></head></html>\n--x--\n"
    )
    assert declared_dates(page).modified == ("2024-02-03",)
    assert declared_dates(b"") == DeclaredDates()
