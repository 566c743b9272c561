"""Saved web pages of programs and GME offices, HTML or PDF: where a page is from, and whom it is about.

Built to pages as browsers (HTML, MHTML) and SingleFile save them, and to our own `h1b-sponsors:` meta marks. Only address, day
and marks are read here; sentences are read in pipeline/policies. See docs/sources/program_pages.md.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final
from urllib.parse import urlsplit

import pandas as pd
from bs4 import BeautifulSoup

from pipeline.documents.web_archive import SavedPage, is_web_archive, unpacked
from pipeline.schemas.fields import PROGRAM_CODE_PATTERN
from pipeline.schemas.vocabulary import STATES
from pipeline.sources.acgme.source import SOURCE as ACGME
from pipeline.sources.base import Bounds, Hints, Layout, Parsed, Part, Probe, Source, SourceError, no_quarantine
from pipeline.sources.directory_pages.hosts import directory_at
from pipeline.sources.directory_pages.source import SOURCE as DIRECTORIES
from pipeline.sources.error_pages import SHORT_TEXT, check_content
from pipeline.sources.nrmp import SOURCE as NRMP
from pipeline.sources.pages import (
    check_size,
    declared_addresses,
    page_blocks,
    saved_addresses,
    saved_day,
    soup_of,
)

HTML: Final = Layout("program_pages", "html", "html")
PDF: Final = Layout("program_pages", "pdf", "pdf")
META: Final = "h1b-sponsors:"
FETCHED: Final = "fetched"
ABOUT: Final = ("institution", "program", "specialty", "city", "state", "program_code")
_OWN_PAGES: Final = (
    ACGME,
    NRMP,
    DIRECTORIES,
)  # sources that publish pages of their own, which state no program's policy
_HEAD_BYTES: Final = 2 << 20
_FIRST_DAY: Final = "1990-01-01"


def _recognise(probe: Probe) -> Layout | None:
    if probe.media not in {"html", "pdf"} or any(source.recognise(probe) for source in _OWN_PAGES):
        return None
    # A locked or scanned PDF is taken as a page too, so that reading can say what is wrong with it.
    return HTML if probe.media == "html" else PDF


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    """Read table `program_pages`: one row for the page. Raises SourceError for one that can't be used."""
    check_size(probe)
    marks: dict[str, str] = {}
    addresses: list[str] = []
    # What a refresh will read, and would stumble over: the page's blocks.
    page_blocks(probe, "pdf" if layout == PDF else "html")
    if layout == HTML:
        marks, addresses = _read_html(probe)
        # Whoever writes a page could mark it as ours; of a fetched one we know where it is from and whom it is about.
        marks = {} if hints.values.get("origin") == FETCHED else marks
    # Restated words must never pass for a quotation.
    if "restated" in (hints.values.get("evidence_kind"), marks.get("evidence_kind")):
        raise SourceError(
            probe.name,
            "a policy in other words is no page",
            remedy="Write it as a row of a table of facts: docs/sources/policy_facts.md",
        )
    row = {
        "snapshot_id": hints.values.get("snapshot_id", ""),
        "url": _address(probe, hints, addresses),
        "retrieved_on": _earliest(probe, [hints.values.get("retrieved_on", ""), marks.get("retrieved_on", "")]),
    }
    row |= {name: hints.values.get(name, "").strip() for name in ABOUT}
    row["program_code"] = row["program_code"].upper()
    if row["program_code"] and not re.fullmatch(PROGRAM_CODE_PATTERN, row["program_code"]):
        raise SourceError(
            probe.name,
            f"program code {row['program_code']!r} is not ten digits, nor M and nine",
            remedy="Give ACGME's program code",
        )
    row["state"] = row["state"].upper()
    if row["state"] and row["state"] not in STATES:
        raise SourceError(probe.name, f"unknown state {row['state']!r}", remedy="Give the two-letter postal code")
    frame = pd.DataFrame({name: pd.Series([value or None], dtype="str") for name, value in row.items()})
    frame["snapshot_id"] = row["snapshot_id"]
    frame["retrieved_on"] = pd.to_datetime(pd.Series([row["retrieved_on"] or None]), format="%Y-%m-%d")
    return Parsed({"program_pages": frame}, no_quarantine(), 1, 1)


def _read_html(probe: Probe) -> tuple[dict[str, str], list[str]]:
    """Return what the page says of itself in marks, and the addresses it gives, the best first.

    Raises SourceError for an error page and for one without text.
    """
    with probe.path.open("rb") as handle:
        markup = handle.read(_HEAD_BYTES)
        inside = SavedPage(markup, None, "")
        if is_web_archive(markup):
            inside = unpacked(markup + handle.read())
            markup = inside.content
        soup = soup_of(markup, probe.name)
        text = _visible(soup)
        # Pages saved with their pictures inside can begin with megabytes of styles.
        if len(text) < SHORT_TEXT and probe.size > len(markup) and not inside.url:
            markup += handle.read()
            soup = soup_of(markup, probe.name)
            text = _visible(soup)
    check_content(probe, soup, text)
    marks = _meta(soup)
    saved_on = saved_day(markup)
    if saved_on:
        marks.setdefault("retrieved_on", saved_on)
    addresses = [
        *([inside.url] if inside.url else []),
        *saved_addresses(markup),
        *declared_addresses(soup),
        marks.get("url", ""),
    ]
    return marks, addresses


def _visible(soup: BeautifulSoup) -> str:
    for tag in soup.find_all("noscript"):
        tag.decompose()
    body = soup.body or soup
    return " ".join(body.get_text(" ").split())


def _meta(soup: BeautifulSoup) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in soup.find_all("meta"):
        name = str(tag.get("name", "")).strip()
        if name.startswith(META):
            found.setdefault(name.removeprefix(META), str(tag.get("content", "")).strip())
    return found


def _address(probe: Probe, hints: Hints, found: list[str]) -> str:
    """Return the address of the page: as the person gives it, else the first usable one in the page.

    Raises SourceError for a given address that can't be used, for one of a directory, and where there is none.
    """
    given = hints.values.get("url", "").strip()
    if directory := directory_at(given):
        raise SourceError(
            probe.name, f"a page of {directory.title} without a program's answers", remedy=directory.remedy
        )
    if given:
        if not usable_url(given):
            raise SourceError(
                probe.name,
                f"{given[:80]!r} is no web address",
                remedy="Give the page's http or https address with --url",
            )
        return given
    for address in found:
        if usable_url(address.strip()):
            return address.strip()
    raise SourceError(
        probe.name,
        "no address: a page can be used only with the address it is from",
        remedy="Add it with --url https://…",
    )


def usable_url(url: str) -> bool:
    """Decide whether `url` is a whole http or https address without a name or password in it."""
    if len(url) > 2048 or not re.fullmatch(r"[!-~\u00a1-\uffff]+", url) or re.search(r"[<>\"\\^`{}]", url):
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and "@" not in parts.netloc


def _earliest(probe: Probe, days: list[str]) -> str:
    """Return the earliest of the days given for the saving of the page: it must never look newer than it is.

    Raises SourceError for a day that is none, or from before there were web pages.
    """
    given: list[str] = []
    for day in days:
        if not day.strip():
            continue
        try:
            given.append(dt.date.fromisoformat(day.strip()).isoformat())
        except ValueError as error:
            raise SourceError(probe.name, f"{day[:40]!r} is no day", remedy="Write the day as YYYY-MM-DD") from error
        if given[-1] < _FIRST_DAY:
            raise SourceError(
                probe.name,
                f"saved on {given[-1]}, when there was no web",
                remedy="Correct the day that the page says it was saved on",
            )
    return min(given, default="")


def _parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    return (Part(f"page:{parsed.tables['program_pages']['url'].iloc[0]}", 1, full=True),)


def _part_of(pages: pd.DataFrame) -> pd.Series:
    return "page:" + pages["url"]


SOURCE: Final = Source(
    id="program_pages",
    title="Web pages of programs and GME offices",
    producer="the institution whose page it is",
    url="",
    licence="pages of their owners; kept privately, quoted by the sentence",
    layouts=(HTML, PDF),
    read=_read,
    parts=_parts,
    tables=("program_pages",),
    bounds=Bounds(1, 1),
    recogniser=_recognise,
    part_of=_part_of,
)
