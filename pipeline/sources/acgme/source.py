"""ACGME, public lists of accredited programs: which form a file has, and the tables it yields.

Built to the public pages of the Accreditation Data System (ADS): report 1 "List of Programs by Specialty" and report 8, newly accredited
programs (PDF), a program's page and the search page's list (HTML), to AAMC's list of programs that take part in ERAS (HTML), and
to tables compiled from them. See docs/sources/acgme.md. How each form is read is in the modules beside this one.
"""

from __future__ import annotations

import functools
from dataclasses import asdict, replace
from typing import Final

import pandas as pd

from pipeline.schemas.vocabulary import STATES
from pipeline.sources.acgme.eras_page import is_eras_page, read_eras_page
from pipeline.sources.acgme.program_page import is_detail, read_detail
from pipeline.sources.acgme.program_table import PROGRAM_TABLE, PROGRAM_WORKBOOK, read_program_table, table_layout
from pipeline.sources.acgme.report import is_new_report, is_report, read_report
from pipeline.sources.acgme.rows import programs_of, sites_of, sponsors_of
from pipeline.sources.acgme.search_page import is_search_page, read_search_page
from pipeline.sources.acgme.wholeness import table_part
from pipeline.sources.base import (
    Bounds,
    Hints,
    Layout,
    Parsed,
    Part,
    Probe,
    Source,
    SourceError,
    layout_by_header,
)
from pipeline.sources.tabular.columns import named_states
from pipeline.sources.tabular.sieve import Sieve
from pipeline.sources.tabular.table_files import read_csv

SITE_TABLE: Final = Layout("acgme", "site_table", "csv", ("program_code", "sponsor_code", "site_code", "site_name"))
REPORT: Final = Layout("acgme", "report_1", "pdf")
NEW_REPORT: Final = Layout("acgme", "report_8", "pdf")
DETAIL: Final = Layout("acgme", "program_detail", "html")
SEARCH: Final = Layout("acgme", "search_page", "html")
ERAS: Final = Layout("acgme", "eras_participation", "html")

_PAGES: Final = ((SEARCH, is_search_page), (ERAS, is_eras_page), (DETAIL, is_detail))


def _recognise(probe: Probe) -> Layout | None:
    if probe.media == "html":
        return next((layout for layout, fits in _PAGES if fits(probe.head)), None)
    if probe.media == "pdf":
        text = probe.first_text
        return (NEW_REPORT if is_new_report(text) else REPORT) if is_report(text) else None
    return layout_by_header((SITE_TABLE,), probe) or table_layout(probe)


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    """Read tables `acgme_programs` and `acgme_participating_sites`, one of them or both, by the layout; with the programs
    table `acgme_sponsors`."""
    # Lists are of academic years.
    tables = functools.partial(read_program_table, last_year=hints.last_day.year + 1)
    readers = {
        PROGRAM_TABLE: tables,
        PROGRAM_WORKBOOK: tables,
        SITE_TABLE: _read_sites,
        REPORT: _read_report,
        NEW_REPORT: _read_report,
        DETAIL: _read_detail,
        SEARCH: _read_search,
        ERAS: _read_eras,
    }
    parsed = readers[layout](probe)
    programs = parsed.tables.get("acgme_programs")
    if programs is None:
        return parsed
    return replace(parsed, tables={**parsed.tables, "acgme_sponsors": sponsors_of(programs)})


def _read_sites(probe: Probe) -> Parsed:
    """Read a compiled table of participating sites."""
    sieve = read_csv(probe, "acgme", {name: name for name in SITE_TABLE.columns})
    sites = sites_of(sieve)
    sieve.require_rows()
    return sieve.parsed({"acgme_participating_sites": sites})


def _read_report(probe: Probe) -> Parsed:
    """Read report 1 or report 8, whose rows are numbered from 1."""
    report = read_report(probe)
    frame = pd.DataFrame([asdict(row) for row in report.rows], dtype="str").drop(columns=["page"])
    frame.index = pd.Index(frame.pop("number").astype("int64"))
    frame["specialty"] = frame["specialty"].mask(frame["specialty"] == "", report.specialty)
    sieve = Sieve(probe.name, "acgme", frame, rows_in=len(frame))
    named_states(sieve, "state")
    programs = programs_of(sieve)
    programs["list_year"] = pd.Series(report.list_year, index=programs.index, dtype="Int64")
    return sieve.parsed({"acgme_programs": programs})


def _read_detail(probe: Probe) -> Parsed:
    """Read a program's page: row 1 is the program, the rows after it are its sites."""
    detail = read_detail(probe)
    if detail.state and detail.state not in STATES:
        raise SourceError(probe.name, f"unknown state {detail.state!r}", remedy="Save the page again; see its address")
    fields = {name: value for name, value in asdict(detail).items() if name != "sites"}
    row = pd.DataFrame([fields], index=pd.Index([1]))
    for name in ("positions_approved", "positions_filled"):
        row[name] = row[name].astype("Int64")
    sieve = Sieve(probe.name, "acgme", row, rows_in=1)
    programs = programs_of(sieve)
    listed = pd.DataFrame(list(detail.sites), columns=["site_code", "site_name"], dtype="str")
    listed.insert(0, "program_code", detail.program_code)
    listed.insert(1, "sponsor_code", detail.sponsor_code)
    listed.index = pd.RangeIndex(2, len(listed) + 2)
    site_sieve = Sieve(probe.name, "acgme", listed, rows_in=len(listed))
    parsed = site_sieve.parsed({"acgme_programs": programs, "acgme_participating_sites": sites_of(site_sieve)})
    return Parsed(parsed.tables, parsed.quarantine, parsed.rows_in + 1, parsed.rows_kept + 1)


def _read_search(probe: Probe) -> Parsed:
    """Read the list of the search page, which has no states."""
    return _listed(probe, read_search_page(probe))


def _read_eras(probe: Probe) -> Parsed:
    """Read ERAS' list of one specialty; the year of a row is the season's."""
    rows, season = read_eras_page(probe)
    parsed = _listed(probe, rows)
    programs = parsed.tables["acgme_programs"]
    programs["new_in_eras"] = programs["new_in_eras"].map({"True": True, "False": False}).astype("boolean")
    programs["list_year"] = pd.Series(season, index=programs.index, dtype="Int64")
    return parsed


def _listed(probe: Probe, rows: pd.DataFrame) -> Parsed:
    """Read the rows of a web page's list, which has no ZIP codes."""
    frame = rows.assign(zip="").astype("str")
    sieve = Sieve(probe.name, "acgme", frame, rows_in=len(rows))
    if "state" in rows:
        named_states(sieve, "state")
    return sieve.parsed({"acgme_programs": programs_of(sieve)})


def _parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    """Return the one part of a file: the sites, a program, the programs of a table, or those of a list's specialties."""
    programs = parsed.tables.get("acgme_programs")
    if programs is None:
        return (Part("site_table", len(parsed.tables["acgme_participating_sites"]), full=True),)
    if "acgme_participating_sites" in parsed.tables:
        return (Part(f"program:{programs['program_code'].iloc[0]}", 1, full=True),)
    if "specialty" in programs and "website" in programs:
        return (table_part(programs, parsed.stated_rows),)
    return (_part_of_list(programs),)


def _part_of_list(programs: pd.DataFrame) -> Part:
    """Return the part that a list of programs is; which list it is shows in its columns."""
    count, codes = len(programs), "+".join(sorted(set(programs["specialty_code"].fillna("M"))))
    if "eras_status" in programs:
        return Part(f"{ERAS.name}:{codes}", count, full=False, note="programs that take part in ERAS")
    if "sponsor_name" not in programs:
        return Part(f"{SEARCH.name}:{codes}", count, full=False, note="a list without states and sponsors")
    if programs["original_accreditation_date"].notna().any():
        years = "+".join(sorted(set(programs["list_year"].dropna().astype("str")))) or "any year"
        return Part(f"{NEW_REPORT.name}:{years}", count, full=False, note="programs newly accredited in a year")
    return Part(f"{REPORT.name}:{codes}", count, full=True)


SOURCE: Final = Source(
    id="acgme",
    title="ACGME lists of accredited programs",
    producer="Accreditation Council for Graduate Medical Education",
    url="https://apps.acgme.org/ads/Public",
    licence="facts of a public list; the lists themselves are not redistributed",
    layouts=(PROGRAM_TABLE, PROGRAM_WORKBOOK, SITE_TABLE, REPORT, NEW_REPORT, DETAIL, SEARCH, ERAS),
    read=_read,
    parts=_parts,
    tables=("acgme_programs", "acgme_participating_sites", "acgme_sponsors"),
    bounds=Bounds(1, 20_000, 0.02),
    recogniser=_recognise,
    # ACGME's own reports and pages are trusted as much as the table, being what it is compiled from: the later one wins.
    precedence=(PROGRAM_TABLE.name, ERAS.name),
    # One specialty's programs may be saved state by state.
    additive=(PROGRAM_TABLE.name, PROGRAM_WORKBOOK.name, NEW_REPORT.name, SEARCH.name, ERAS.name),
    year_of={"acgme_programs": "list_year"},
    watched=("program_name", "city", "state"),
)
