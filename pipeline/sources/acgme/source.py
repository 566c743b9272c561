"""ACGME, public lists of accredited programs: report 1 (PDF), a program's page (HTML), compiled tables (CSV).

From the Accreditation Data System of the Accreditation Council for Graduate Medical Education; docs/sources/acgme.md.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Final

import pandas as pd

from pipeline.schemas.vocabulary import STATES
from pipeline.sources.acgme.program_page import is_detail, read_detail
from pipeline.sources.acgme.report import is_report, read_report
from pipeline.sources.base import Hints, Layout, Parsed, Part, Probe, Source, SourceError, recognise_by_header
from pipeline.sources.pdf import open_pdf, pdf_texts
from pipeline.sources.tabular.columns import stop_at_unknown
from pipeline.sources.tabular.csv_files import (
    Sieve,
    blank_to_null,
    read_csv,
    required,
    states,
    unique,
    whole_numbers,
    zip_codes,
)

STATUSES: Final = (
    "Initial Accreditation", "Initial Accreditation with Warning", "Initial Accreditation - Contingent",
    "Continued Accreditation", "Continued Accreditation with Warning", "Continued Accreditation without Outcomes",
    "Probationary Accreditation", "Accreditation with Warning", "Accreditation Withheld", "Accreditation Withdrawn",
    "Accreditation Withdrawn under Special Circumstances", "Withdrawal of Accreditation",
    "Withdrawal of Accreditation under Special Circumstances", "Administrative Withdrawal",
    "Administrative Withdrawal of Accreditation", "Expedited Withdrawal", "Expedited Withdrawal of Accreditation",
    "Voluntary Withdrawal", "Voluntary Withdrawal of Accreditation", "Pre-Accreditation", "Initial Pre-Accreditation",
    "Continued Pre-Accreditation", "Pre-Accreditation Withdrawn", "Pre-Accreditation Withdrawal",
    "Applicant for Initial Accreditation", "Applicant for Accreditation", "Full Accreditation",
    "Provisional Accreditation", "Accreditation", "Accredited", "Future Accreditation", "Unaccredited Combined",
)  # fmt: skip
_STATUS_BY_FOLD = {status.casefold(): status for status in STATUSES}

PROGRAM_TABLE: Final = Layout(
    "acgme",
    "program_table",
    "csv",
    (
        "program_code", "program_name", "specialty_code", "specialty", "sponsor_code", "sponsor_name", "city", "state",
        "zip", "accreditation_status", "website", "list_year",
    ),
)  # fmt: skip
SITE_TABLE: Final = Layout("acgme", "site_table", "csv", ("program_code", "sponsor_code", "site_code", "site_name"))
REPORT: Final = Layout("acgme", "report_1", "pdf")
DETAIL: Final = Layout("acgme", "program_detail", "html")
# A table may know more than the compiled one: these are read where they are there.
OPTIONAL: Final = ("effective_date", "original_accreditation_date", "positions_approved", "positions_filled")
_SPONSOR_CODE = r"\d{2}[0-9A-Z]\d{3}"


def _recognise(probe: Probe) -> Layout | None:
    if probe.media == "html":
        return DETAIL if is_detail(probe.head) else None
    if probe.media == "pdf":
        return REPORT if _is_report(probe) else None
    return recognise_by_header((PROGRAM_TABLE, SITE_TABLE))(probe)


def _is_report(probe: Probe) -> bool:
    """Whether a PDF's first page says so; one that can't be opened is not known to be ACGME's."""
    try:
        texts = list(pdf_texts(probe, open_pdf(probe), limit=1))
    except SourceError:
        return False
    return any(is_report(text) for text in texts)


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    if layout.name == "report_1":
        return _read_report(probe)
    if layout.name == "program_detail":
        return _read_detail(probe)
    return _read_programs(probe) if layout.name == "program_table" else _read_sites(probe)


def _read_programs(probe: Probe) -> Parsed:
    present = {cell.strip() for cell in probe.header}
    columns = (*PROGRAM_TABLE.columns, *(name for name in OPTIONAL if name in present))
    sieve = read_csv(probe, "acgme", {name: name for name in columns})
    sieve.frame["specialty_code"] = sieve.frame["specialty_code"].mask(
        lambda cells: cells == "", sieve.frame["program_code"].str.slice(0, 3)
    )
    sieve.reject(
        sieve.frame["specialty_code"] != sieve.frame["program_code"].str.slice(0, 3),
        "specialty code is not the beginning of the program code",
    )
    for name in ("list_year", *(name for name in columns if name.startswith("positions_"))):
        whole_numbers(sieve, name, blank=None)
    year = sieve.frame["list_year"].fillna(2000)
    sieve.reject((year < 1990) | (year > 2100), "list_year is no year of four digits")
    sieve.frame["state"] = states(sieve, "state")
    return sieve.parsed({"acgme_programs": _programs(sieve)})


def _read_sites(probe: Probe) -> Parsed:
    sieve = read_csv(probe, "acgme", {name: name for name in SITE_TABLE.columns})
    sites = _sites(sieve)
    sieve.require_rows()
    return sieve.parsed({"acgme_participating_sites": sites})


def _read_report(probe: Probe) -> Parsed:
    report = read_report(probe)
    frame = pd.DataFrame([asdict(row) for row in report.rows], dtype="str").drop(columns=["page"])
    frame.index = pd.Index(frame.pop("number").astype("int64"))
    frame["specialty_code"] = frame["program_code"].str.slice(0, 3)
    frame["specialty"] = report.specialty
    sieve = Sieve(probe.name, "acgme", frame, rows_in=len(frame))
    programs = _programs(sieve)
    programs["list_year"] = pd.Series(report.list_year, index=programs.index, dtype="Int64")
    return sieve.parsed({"acgme_programs": programs})


def _read_detail(probe: Probe) -> Parsed:
    detail = read_detail(probe)
    if detail.state and detail.state not in STATES:
        raise SourceError(probe.name, f"unknown state {detail.state!r}", remedy="Save the page again; see its address")
    fields = {name: value for name, value in asdict(detail).items() if name != "sites"}
    row = pd.DataFrame([fields], index=pd.Index([1]))
    row["specialty_code"] = row["program_code"].str.slice(0, 3)
    for name in ("positions_approved", "positions_filled"):
        row[name] = row[name].astype("Int64")
    sieve = Sieve(probe.name, "acgme", row, rows_in=1)
    programs = _programs(sieve)
    listed = pd.DataFrame(list(detail.sites), columns=["site_code", "site_name"], dtype="str")
    listed.insert(0, "program_code", detail.program_code)
    listed.insert(1, "sponsor_code", detail.sponsor_code)
    listed.index = pd.RangeIndex(2, len(listed) + 2)
    site_sieve = Sieve(probe.name, "acgme", listed, rows_in=len(listed))
    parsed = site_sieve.parsed({"acgme_programs": programs, "acgme_participating_sites": _sites(site_sieve)})
    return Parsed(parsed.tables, parsed.quarantine, parsed.rows_in + 1, parsed.rows_kept + 1)


def _programs(sieve: Sieve) -> pd.DataFrame:
    """The sieve's rows as table acgme_programs. Rows without code or name, with a broken code, ZIP or day, and second
    rows of a program are set aside; an unknown status stops the file."""
    for name in ("program_name", "sponsor_name", "specialty"):
        if name in sieve.frame:
            sieve.frame[name] = sieve.frame[name].str.replace(r"\s+", " ", regex=True).str.strip()
    sieve.reject(~sieve.frame["program_code"].str.fullmatch(r"\d{10}"), "program code is not ten digits")
    required(sieve, "program_name", "program name")
    unique(sieve, "program_code", "program")
    sieve.frame["accreditation_status"] = _statuses(sieve)
    if "sponsor_code" in sieve.frame:
        _codes(sieve, "sponsor_code", required=False)
    zip_codes(sieve, "zip")
    for name in ("effective_date", "original_accreditation_date"):
        if name in sieve.frame:
            days = _days(sieve.frame[name])
            sieve.reject(days.isna() & (sieve.frame[name] != ""), f"no day in {name}")
            sieve.frame[name] = days[sieve.frame.index]
    sieve.require_rows()
    programs = sieve.frame.copy()
    if "website" in programs:
        programs["website"] = programs["website"].where(programs["website"].str.match(r"https?://[^\s/]+\S*$"), "")
    for name in programs.columns:
        if isinstance(programs[name].dtype, pd.StringDtype):
            programs[name] = blank_to_null(programs[name])
    return programs


def _sites(sieve: Sieve) -> pd.DataFrame:
    """The sieve's rows as table acgme_participating_sites; broken codes, nameless and repeated sites are set aside."""
    sieve.frame["site_name"] = sieve.frame["site_name"].str.replace(r"\s+", " ", regex=True).str.strip()
    sieve.reject(~sieve.frame["program_code"].str.fullmatch(r"\d{10}"), "program code is not ten digits")
    _codes(sieve, "site_code", required=True)
    _codes(sieve, "sponsor_code", required=False)
    required(sieve, "site_name", "site name")
    sieve.reject(sieve.frame.duplicated(["program_code", "site_code"]), "a second row for the same site of a program")
    sites = sieve.frame.copy()
    sites["sponsor_code"] = blank_to_null(sites["sponsor_code"])
    return sites


def _codes(sieve: Sieve, column: str, *, required: bool) -> None:
    sieve.frame[column] = sieve.frame[column].str.upper()
    blank = sieve.frame[column] == ""
    fits = sieve.frame[column].str.fullmatch(_SPONSOR_CODE)
    sieve.reject(~fits if required else ~fits & ~blank, f"{column} is no ACGME institution code")


def _statuses(sieve: Sieve) -> pd.Series:
    """Accreditation statuses in ACGME's spelling. SourceError for one that is not known: it may be a misread cell."""
    cells = sieve.frame["accreditation_status"].str.replace(r"\s+", " ", regex=True).str.strip()
    # A transition may stand in brackets: `Continued Accreditation (Continued Pre-Accreditation)`.
    known = cells.str.replace(r"\s*\([^()]*\)$", "", regex=True).str.casefold().map(_STATUS_BY_FOLD)
    strange = known.isna() & (cells != "")
    stop_at_unknown(sieve, "accreditation_status", strange, "accreditation status")
    return known.fillna("").astype("str")


def _days(cells: pd.Series) -> pd.Series:
    """Days printed as 07/01/2024, 2024-07-01, July 1, 2024 or Jul 01, 2024; NaT for anything else."""
    tidy = cells.str.replace(r"\s+", " ", regex=True).str.replace(r"(\d)(?:st|nd|rd|th)\b", r"\1", regex=True)
    days = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[s]")
    for form in ("%m/%d/%Y", "%Y-%m-%d", "%B %d, %Y", "%b %d, %Y"):
        days = days.fillna(pd.to_datetime(tidy, format=form, errors="coerce").astype("datetime64[s]"))
    return days


def _parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    programs = parsed.tables.get("acgme_programs")
    if programs is None:
        return (Part("site_table", len(parsed.tables["acgme_participating_sites"]), full=True),)
    if "acgme_participating_sites" in parsed.tables:
        return (Part(f"program:{programs['program_code'].iloc[0]}", 1, full=True),)
    if "specialty" in programs and "website" in programs:
        return (Part("program_table", len(programs), full=True),)
    codes = "+".join(sorted(set(programs["specialty_code"])))
    return (Part(f"report_1:{codes}", len(programs), full=True),)


SOURCE: Final = Source(
    id="acgme",
    title="ACGME lists of accredited programs",
    producer="Accreditation Council for Graduate Medical Education",
    url="https://apps.acgme.org/ads/Public",
    licence="facts of a public list; the lists themselves are not redistributed",
    layouts=(PROGRAM_TABLE, SITE_TABLE, REPORT, DETAIL),
    recognise=_recognise,
    read=_read,
    parts=_parts,
    tables=("acgme_programs", "acgme_participating_sites"),
)
