"""Saved web pages of programs and GME offices, HTML or PDF: where a page is from, and whom it is about.

Of a page only its address, its day and what the person who saved it said are read here; its sentences are read in
pipeline/statements. See docs/sources/program_pages.md.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final
from urllib.parse import urlsplit

import pandas as pd
from bs4 import BeautifulSoup, Tag

from pipeline.schemas.vocabulary import EVIDENCE_KIND, SCOPE, STATES, VISA_POLICY, VISA_STANCE, YES_NO_NOT_STATED
from pipeline.sources.acgme import source as acgme
from pipeline.sources.base import Hints, Layout, Parsed, Part, Probe, Source, SourceError, no_quarantine
from pipeline.sources.pdf import check_pdf_text, check_size, open_pdf, soup_of

HTML: Final = Layout("program_pages", "html", "html")
PDF: Final = Layout("program_pages", "pdf", "pdf")
META: Final = "h1b-sponsors:"
FETCHED: Final = "fetched"
ABOUT: Final = ("institution", "program", "specialty", "city", "state", "program_code")
# What a page that restates a policy carries of it, as a person read it: column -> mark and vocabulary.
FACTS: Final[dict[str, tuple[str, tuple[str, ...]]]] = {
    "stated_j1": ("j1", VISA_STANCE),
    "stated_h1b": ("h1b", VISA_STANCE),
    "stated_policy": ("policy", VISA_POLICY),
    "stated_step3": ("step3_required_for_h1b", YES_NO_NOT_STATED),
    "stated_step3_deadline": ("step3_deadline", ()),
    "stated_scope": ("scope", SCOPE),
    "stated_summary": ("summary", ()),
    "stated_year": ("page_year", ()),
}
_HEAD_BYTES: Final = 2 << 20
_SHORT_TEXT: Final = 800
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S{1,2048})\s*-->", re.IGNORECASE)
_SINGLE_FILE = re.compile(
    rb"Page saved with SingleFile\s+url:\s*(\S{1,2048})\s+saved date:\s*(\w{3} \w{3} \d{2} \d{4})"
)
# Titles and first headings that only error pages and robot checks have.
_STATUS = r"(?:http )?(?:error|status)?\s*:?\s*(?:40[0-9]|410|429|451|50[0-4]|52\d)\b"
_NOT_FOUND = r"(?:page|file|resource|url|site)?\s*(?:was |could )?(?:not |cannot |can(?:'|’)t )(?:be )?found"
_ERROR_WORDS = (
    r"access (?:to this page has been )?denied|forbidden|just a moment|attention required|bad gateway|bad request"
    r"|service (?:temporarily )?unavailable|temporarily unavailable|gateway time-?out|unauthorized|too many requests"
    r"|request rejected|internal server error|pardon our interruption|are you a (?:robot|human)|robot check"
    r"|human verification|security check(?: required)?|checking your browser.*|verify(?:ing)? you are (?:a )?human"
    r"|(?:site|website) (?:is )?(?:under|down for) maintenance|error|oops"
)
_ERROR_TITLE = re.compile(rf"(?:{_STATUS}(?: error)?[\s:.!-]*)?(?:{_NOT_FOUND}|{_ERROR_WORDS})[\s.…!?]*", re.IGNORECASE)
_ERROR_NUMBER = re.compile(rf"{_STATUS}.?", re.IGNORECASE)
# Sentences of pages that hold nothing else.
_ERROR_TEXT = re.compile(
    r"enable javascript|javascript (?:is|must be) (?:disabled|enabled|required)|please return to the search page"
    r"|checking your browser|verify(?:ing)? (?:that )?you are (?:a )?human|you don(?:'|’)t have permission to access"
    r"|access denied|(?:page|url) (?:you (?:requested|are looking for) )?(?:was|could|can) ?not (?:be )?found"
    r"|incident id|error reference|ray id",
    re.IGNORECASE,
)


def _recognise(probe: Probe) -> Layout | None:
    if probe.media not in {"html", "pdf"} or acgme.SOURCE.recognise(probe) is not None:
        return None
    # A locked or scanned PDF is taken as a page too, so that reading can say what is wrong with it.
    return HTML if probe.media == "html" else PDF


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    check_size(probe)
    if layout.name == PDF.name:
        check_pdf_text(probe, open_pdf(probe))
        said: dict[str, str] = {}
        addresses: list[str] = []
    else:
        said, addresses = _read_html(probe)
        # Whoever writes a page could mark it as ours; of a fetched one we know where it is from and whom it is about.
        said = {} if hints.values.get("origin") == FETCHED else said
    row = {
        "snapshot_id": hints.values.get("snapshot_id", ""),
        "url": _address(probe, hints, addresses),
        "retrieved_on": _earliest(probe, [hints.values.get("retrieved_on", ""), said.get("retrieved_on", "")]),
        "evidence_kind": _evidence_kind(probe, hints.values.get("evidence_kind", ""), said.get("evidence_kind", "")),
    }
    row |= {name: hints.values.get(name, "").strip() or said.get(name, "") for name in ABOUT}
    if row["program_code"] and not re.fullmatch(r"\d{10}", row["program_code"]):
        raise SourceError(
            probe.name, f"program code {row['program_code']!r} is not ten digits", remedy="Give ACGME's program code"
        )
    row |= _facts(probe, said if hints.values.get("evidence_kind") == "restated" else {})
    row["state"] = row["state"].upper()
    if row["state"] and row["state"] not in STATES:
        raise SourceError(probe.name, f"unknown state {row['state']!r}", remedy="Give the two-letter postal code")
    frame = pd.DataFrame({name: pd.Series([value or None], dtype="str") for name, value in row.items()})
    frame["snapshot_id"] = row["snapshot_id"]
    frame["stated_year"] = pd.to_numeric(frame["stated_year"]).astype("Int64")
    frame["retrieved_on"] = pd.to_datetime(pd.Series([row["retrieved_on"] or None]), format="%Y-%m-%d")
    return Parsed({"program_pages": frame}, no_quarantine(), 1, 1)


def _read_html(probe: Probe) -> tuple[dict[str, str], list[str]]:
    """What the page says of itself, and the addresses it gives, the best first.

    Raises SourceError for an error page and for one without text.
    """
    with probe.path.open("rb") as handle:
        markup = handle.read(_HEAD_BYTES)
        soup = soup_of(markup)
        text = _visible(soup)
        # Pages saved with their pictures inside can begin with megabytes of styles.
        if len(text) < _SHORT_TEXT and probe.size > len(markup):
            markup += handle.read()
            soup = soup_of(markup)
            text = _visible(soup)
    _check_content(probe, soup, text)
    said = _meta(soup)
    addresses = [match[1].decode("ascii", "replace") for match in [_SAVED_FROM.search(markup[: 1 << 16])] if match]
    single_file = _SINGLE_FILE.search(markup[: 1 << 16])
    if single_file:
        addresses.append(single_file[1].decode("ascii", "replace"))
        said.setdefault("retrieved_on", _single_file_day(single_file[2].decode("ascii", "replace")))
    for tag, value in ((soup.find("link", rel="canonical"), "href"), (soup.find("meta", property="og:url"), "content")):
        if isinstance(tag, Tag):
            addresses.append(str(tag.get(value, "")))
    addresses.append(said.get("url", ""))
    # Only our own pages say of what kind they are: the name of an institution on another page is not taken from marks.
    if "evidence_kind" not in said:
        said = {name: value for name, value in said.items() if name not in ABOUT}
    return said, addresses


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


def _facts(probe: Probe, said: dict[str, str]) -> dict[str, str]:
    """What a restated page says in marks. Only for pages that the person adding them calls restated: any page on the web

    could carry such marks. Raises SourceError for a word that is not in its vocabulary.
    """
    facts = {}
    for column, (mark, allowed) in FACTS.items():
        word = said.get(mark, "")
        if word and (
            word not in allowed if allowed else column == "stated_year" and not re.fullmatch(r"(19|20)\d{2}", word)
        ):
            raise SourceError(
                probe.name, f"{META}{mark} is {word[:40]!r}", remedy=f"Use one of {', '.join(allowed) or 'the years'}"
            )
        facts[column] = word
    return facts


def _check_content(probe: Probe, soup: BeautifulSoup, text: str) -> None:
    if not any(character.isalpha() for character in text):
        raise SourceError(probe.name, "a page without text", remedy="Open it in a browser and save it once it shows")
    # Only the first title: pictures in SVG have titles too.
    titles = [*soup.find_all("title", limit=1), *soup.find_all("h1", limit=3)]
    headings = [" ".join(tag.get_text(" ").split()) for tag in titles]
    named = next((heading for heading in headings if _is_error_title(heading)), "")
    if not named and len(text) <= _SHORT_TEXT:
        match = _ERROR_TEXT.search(text)
        named = text[:60] if match else ""
    if named:
        raise SourceError(
            probe.name, f"an error page ({named[:60]!r})", remedy="Open the page in a browser and save it once it shows"
        )


def _is_error_title(heading: str) -> bool:
    # The site's name may stand before or after: `404 Not Found | Hospital`.
    parts = [part.strip() for part in re.split(r"\s+[|–—·:-]\s+|\s*\|\s*", heading)]
    return any(_ERROR_TITLE.fullmatch(part) or _ERROR_NUMBER.fullmatch(part) for part in parts)


def _address(probe: Probe, hints: Hints, found: list[str]) -> str:
    """Address of the page: as the person says, else the first usable one that the page gives."""
    told = hints.values.get("url", "").strip()
    if told:
        if not usable_url(told):
            raise SourceError(
                probe.name,
                f"{told[:80]!r} is no web address",
                remedy="Give the page's http or https address with --url",
            )
        return told
    for address in found:
        if usable_url(address.strip()):
            return address.strip()
    raise SourceError(
        probe.name,
        "no address: a page can be used only with the address it is from",
        remedy="Add it with --url https://…",
    )


def usable_url(url: str) -> bool:
    """Whether `url` is a whole http or https address without a name or password in it."""
    if len(url) > 2048 or not re.fullmatch(r"[!-~\u00a1-\uffff]+", url) or re.search(r"[<>\"\\^`{}]", url):
        return False
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and "@" not in parts.netloc


def _earliest(probe: Probe, days: list[str]) -> str:
    """The earlier of the days on which the page is said to have been saved: a page must never look newer than it is."""
    given = [day.strip() for day in days if day.strip()]
    for day in given:
        try:
            dt.date.fromisoformat(day)
        except ValueError as error:
            raise SourceError(probe.name, f"{day!r} is no day", remedy="Write the day as YYYY-MM-DD") from error
    return min(given, default="")


def _single_file_day(text: str) -> str:
    try:
        return dt.datetime.strptime(text, "%a %b %d %Y").date().isoformat()
    except ValueError:
        # Written in another language: the page is then dated by the person who adds it.
        return ""


def _evidence_kind(probe: Probe, *said: str) -> str:
    """`restated` if anybody says so, else `page`: restated words must never pass for a quotation."""
    given = {word.strip() for word in said} - {""}
    unknown = given - set(EVIDENCE_KIND[:2])
    if unknown:
        raise SourceError(
            probe.name, f"unknown evidence kind {min(unknown)!r}", remedy=f"Write {' or '.join(EVIDENCE_KIND[:2])}"
        )
    return "restated" if "restated" in given else "page"


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
    recognise=_recognise,
    read=_read,
    parts=_parts,
    part_of=_part_of,
    tables=("program_pages",),
)
