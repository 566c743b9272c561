"""Pages of program directories, AMA FREIDA and AAMC Residency Explorer, that a person saved: what programs answered there.

Built to descriptions of both (docs/sources/directory_pages.md). They lie behind a login or under terms that forbid agents, so they are
never fetched, and what is read of them is for the person who saved them. How each is read is in the modules beside this one.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, replace
from typing import Final

import pandas as pd
from bs4 import BeautifulSoup

from pipeline.sources.base import Bounds, Hints, Layout, Parsed, Part, Probe, Source, SourceError, no_quarantine
from pipeline.sources.directory_pages import freida, residency_explorer
from pipeline.sources.directory_pages.answers import Answers
from pipeline.sources.directory_pages.hosts import DIRECTORIES, FREIDA, RESIDENCY_EXPLORER, Directory, directory_at
from pipeline.sources.pages import (
    MAX_PAGE_BYTES,
    check_size,
    declared_addresses,
    saved_addresses,
    saved_day,
    soup_of,
)

_LAYOUTS: Final = {directory: Layout("directory_pages", directory.id, "html") for directory in DIRECTORIES}
_SIGNATURES: Final = (freida.SIGNATURE, residency_explorer.SIGNATURE)
_HEAD_BYTES: Final = 2 << 20  # of a page that has no form of theirs: its address and title
_NAMES: Final = (b"freida", b"residencyexplorer", b"residency explorer")
_TITLES: Final = {FREIDA: "freida", RESIDENCY_EXPLORER: "residency explorer"}
_DAYS: Final = ("accreditation_date", "answered_on", "retrieved_on")
_TYPES: Final = {
    **dict.fromkeys(("first_year_positions", "total_positions"), "Int64"),
    **dict.fromkeys(("img_percent", "do_percent", "us_md_percent", "length_years"), "Float64"),
    **dict.fromkeys(("accepting_current_year", "accepting_next_year"), "boolean"),
}


def _recognise(probe: Probe) -> Layout | None:
    """Find the directory that a page is of: by its form, its address or its title, so that one without answers is refused as such."""
    if probe.media != "html" or probe.size > MAX_PAGE_BYTES:
        return None
    markup = probe.path.read_bytes()
    signed = any(signature in markup for signature in _SIGNATURES)
    if not signed and not any(name in markup.lower() for name in _NAMES):
        return None
    soup = soup_of(markup if signed else markup[:_HEAD_BYTES], probe.name)
    directory = _by_form(soup) or _by_address(markup, soup) or _by_title(soup)
    return _LAYOUTS[directory] if directory else None


def _by_form(soup: BeautifulSoup) -> Directory | None:
    scripts = soup.find_all("script", type="application/json")
    if any(freida.SIGNATURE.decode() in (script.string or "") for script in scripts):
        return FREIDA
    labelled = any("ACGME Program Code" in label.get_text() for label in soup.find_all("label"))
    return RESIDENCY_EXPLORER if labelled and soup.select_one(".program-detail-name") else None


def _by_address(markup: bytes, soup: BeautifulSoup) -> Directory | None:
    addresses = (*saved_addresses(markup), *declared_addresses(soup))
    return next(filter(None, map(directory_at, addresses)), None)


def _by_title(soup: BeautifulSoup) -> Directory | None:
    """Find the directory whose name begins a part of the page's title: `X Program | FREIDA Internal Medicine`."""
    title = " ".join(soup.title.get_text(" ").split()).casefold() if soup.title else ""
    parts = [part.strip().removeprefix("ama ").removeprefix("aamc ") for part in title.split("|")]
    return next((one for one, name in _TITLES.items() if any(part.startswith(name) for part in parts)), None)


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    """Read table `directory_answers`: one row for the page. Raises SourceError for a page without a program's answers."""
    check_size(probe)
    markup = probe.path.read_bytes()
    soup = soup_of(markup, probe.name)
    addresses = [hints.values.get("url", ""), *saved_addresses(markup), *declared_addresses(soup)]
    if layout.name == FREIDA.id:
        found = freida.read_freida(probe, soup, addresses)
    else:
        found = residency_explorer.read_residency_explorer(probe, soup)
    if not found.program_name:
        raise SourceError(probe.name, "the page names no program", remedy=_directory(layout).remedy)
    url = next((address for address in addresses if directory_at(address) is _directory(layout)), "")
    if found.answered_on and found.answered_on > hints.last_day:
        found = replace(found, answered_on=None)  # no answer is later than its page
    frame = _frame(found, layout.name, url, _saved_on(hints, markup))
    return Parsed({"directory_answers": frame}, no_quarantine(), 1, 1)


def _directory(layout: Layout) -> Directory:
    return next(directory for directory, known in _LAYOUTS.items() if known.name == layout.name)


def _saved_on(hints: Hints, markup: bytes) -> str:
    """Return the earlier of the days given for the saving of the page: it must never look newer than it is."""
    return min((day for day in (hints.values.get("retrieved_on", ""), saved_day(markup)) if day), default="")


def _frame(found: Answers, directory: str, url: str, saved_on: str) -> pd.DataFrame:
    """Return the answers as a row of the table."""
    values: dict[str, object] = {name: value for name, value in asdict(found).items() if name != "visas"}
    values |= {"answered_in": directory, "j1": found.visas.j1, "h1b": found.visas.h1b, "f1": found.visas.f1}
    values |= {"visa_answers": found.visas.printed, "url": url, "retrieved_on": saved_on or None}
    columns = {}
    for name, value in values.items():
        if name in _DAYS:
            columns[name] = pd.to_datetime(pd.Series([value if isinstance(value, str | dt.date) else None]))
        else:
            columns[name] = pd.Series([None if value == "" else value], dtype=_TYPES.get(name, "str"))
    return pd.DataFrame(columns)


def _part_of(answers: pd.DataFrame) -> pd.Series:
    return answers["answered_in"] + ":" + answers["program_code"]


def _parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    return (Part(_part_of(parsed.tables["directory_answers"]).iloc[0], 1, full=True),)


SOURCE: Final = Source(
    id="directory_pages",
    title="Pages of program directories",
    producer="the programs themselves, in AMA FREIDA and AAMC Residency Explorer",
    url="",
    licence="your own copy; nothing of it is passed on with the project",
    layouts=tuple(_LAYOUTS.values()),
    read=_read,
    parts=_parts,
    tables=("directory_answers",),
    bounds=Bounds(1, 1),
    recogniser=_recognise,
    part_of=_part_of,
)
