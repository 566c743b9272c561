"""Tables of programs that people compiled, as CSV or XLSX: which of their columns mean what, and how their cells differ from ACGME's.

A compiled table has no official layout. It is known by a column of program codes and one of names; the other columns are read where
they are there, under the names that people give them. What spreadsheets do to codes (zeros that are lost, `.0`, the hyphens and the
track's letter of a code) is undone here. What the cells mean is in `rows.py`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd

from pipeline.schemas.vocabulary import STATE_NAMES, STATES
from pipeline.sources.acgme.rows import known_statuses, programs_of
from pipeline.sources.acgme.wholeness import stated_count
from pipeline.sources.base import WINDOWS_1252, Layout, Parsed, Probe
from pipeline.sources.tabular.columns import NO_VALUE, by_value, set_unknown_aside, single_spaces, whole_numbers
from pipeline.sources.tabular.sieve import Sieve
from pipeline.sources.tabular.table_files import read_table

_NEEDED: Final = ("program_code", "program_name")
PROGRAM_TABLE: Final = Layout("acgme", "program_table", "csv", _NEEDED)
PROGRAM_WORKBOOK: Final = Layout("acgme", "program_workbook", "xlsx", _NEEDED)
# Columns of a table, each with other headers that it goes by, folded to letters and digits in lower case; the first one found counts.
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "program_code": (
        "acgmeprogramcode", "acgmeprogramid", "acgmeprogramnumber", "acgmecode", "acgmeid", "acgmenumber", "acgmeidnumber", "acgme",
        "programid", "programnumber", "programidnumber", "acgmeaccreditationid", "accreditationid",
    ),
    "program_name": ("programtitle", "nameofprogram", "residencyprogram", "residencyprogramname", "program", "name"),
    "specialty_code": (),
    "specialty": ("specialtyname", "programspecialty", "specialtytitle", "subspecialty"),
    "sponsor_code": (
        "sponsoringinstitutioncode", "sponsoringinstitutionid", "sponsorid", "institutioncode", "acgmeinstitutioncode",
    ),
    "sponsor_name": (
        "sponsoringinstitutionname", "sponsoringinstitution", "sponsoringinstitutions", "sponsor", "institutionname", "institution",
        "sponsoringhospital",
    ),
    "city": ("programcity", "cityname", "citystate", "location"),
    "state": ("programstate", "statecode", "stateabbreviation", "stateabbr", "stateprovince", "statename"),
    "zip": ("zipcode", "postalcode", "programzip", "zippostalcode"),
    "accreditation_status": ("acgmeaccreditationstatus", "currentaccreditationstatus", "acgmestatus"),
    "website": ("programwebsite", "websiteurl", "websiteaddress", "url", "programurl", "webaddress", "webpage", "web"),
    "list_year": ("year", "academicyear", "listyear", "asofyear"),
    "effective_date": ("accreditationeffectivedate", "statuseffectivedate"),
    "original_accreditation_date": ("dateoforiginalaccreditation", "initialaccreditationdate", "originalaccreditation"),
    "positions_approved": ("totalapprovedresidentpositions", "totalapprovedpositions", "approvedpositions", "totalapproved"),
    "positions_filled": ("totalfilledresidentpositions", "totalfilledpositions", "filledpositions", "totalfilled"),
}  # fmt: skip
# A table may lack these altogether; the others are then blank.
_FURTHER: Final = ("effective_date", "original_accreditation_date", "positions_approved", "positions_filled")
_RELEASED: Final = frozenset({"sponsortier", "visacategory"})  # of our own list: what was derived is no source
TOLERATED: Final = 0.5  # share of rows with an unknown state or status; more of them are a sign of columns that slid
_PLACE: Final = r"^(?P<city>[^,]+?),\s*(?P<state>[A-Za-z]{2})\.?(?:\s+[0-9]{5}(?:-[0-9]{4})?)?$"
_STATE_CODES: Final = {code: code for code in STATES} | {name.upper(): code for code, name in STATE_NAMES.items()}


def program_columns(header: tuple[str, ...]) -> dict[str, str]:
    """Return header cell (trimmed) -> column of COLUMNS for the cells of a table's header that are known, each column once."""
    by_fold = {_folded(cell): cell.strip() for cell in reversed(header) if cell.strip()}
    found = {name: next((by_fold[key] for key in (_folded(name), *others) if key in by_fold), None)
             for name, others in COLUMNS.items()}  # fmt: skip
    return {cell: name for name, cell in found.items() if cell is not None}


def table_layout(probe: Probe) -> Layout | None:
    """Return the layout of a table of programs; None for a table that is none: without code or name, or a list that we released.

    A list that says `ACGME` of its codes may name sponsors alone.
    """
    layout = next((one for one in (PROGRAM_TABLE, PROGRAM_WORKBOOK) if one.media == probe.media), None)
    cells = {name: _folded(cell) for cell, name in program_columns(probe.header).items()}
    named = "program_name" in cells or ("sponsor_name" in cells and "acgme" in cells.get("program_code", ""))
    ours = _RELEASED & {_folded(cell) for cell in probe.header}
    return layout if "program_code" in cells and named and not ours else None


def read_program_table(probe: Probe, last_year: int) -> Parsed:
    """Read tables of programs; the columns that a table lacks are blank. last_year: the last one that a list may be of.

    A row with an unknown state or status is quarantined. Raises SourceError where more than TOLERATED of the rows have one, and as
    `programs_of` does.
    """
    columns = program_columns(probe.header)
    named = set(columns.values())
    blank = {name: name for name in COLUMNS if name not in named and name not in _FURTHER}
    sieve = read_table(probe, "acgme", columns, blank, else_encoding=WINDOWS_1252)
    _note_headers(sieve, columns)
    sieve.frame = sieve.frame.apply(
        lambda cells: cells.mask(cells.str.casefold().isin((*NO_VALUE, "-", "--", "–")), "")
    )
    if "program_name" not in named:
        sieve.frame["program_name"] = sieve.frame["sponsor_name"]
    stated = stated_count(sieve)
    _mend_codes(sieve)
    _mend_places(sieve)
    coded = sieve.frame["specialty_code"] != ""
    other = sieve.frame["specialty_code"] != sieve.frame["program_code"].str.slice(0, 3)
    lettered = sieve.frame["program_code"].str.upper().str.startswith("M")
    sieve.reject(coded & other & ~lettered, "specialty code is not the beginning of the program code")
    _years(sieve, last_year)
    for name in ("positions_approved", "positions_filled"):
        if name in sieve.frame:
            whole_numbers(sieve, name, blank=None)
    _known(sieve, "state", sieve.frame["state"].str.upper().map(_STATE_CODES), "state")
    single_spaces(sieve, "accreditation_status")
    _known(sieve, "accreditation_status", known_statuses(sieve.frame["accreditation_status"]), "accreditation status")
    return replace(sieve.parsed({"acgme_programs": programs_of(sieve)}), stated_rows=stated)


def _folded(cell: str) -> str:
    return "".join(sign for sign in cell.casefold() if sign.isalnum())


def _note_headers(sieve: Sieve, columns: dict[str, str]) -> None:
    """Say which columns were read under other names: whoever adds the file sees whether that is what they mean."""
    others = [f"{cell!r} as {name}" for cell, name in columns.items() if _folded(cell) != _folded(name)]
    if others:
        sieve.notes.append(f"read {', '.join(others)}")


def _mend_codes(sieve: Sieve) -> None:
    """Undo what spreadsheets and directories do to codes: `[0400121010]`, `040-01-21010`, `400121010.0`, `0400121010C`."""
    frame = sieve.frame
    plain = frame["program_code"].str.replace(r"\.0*$", "", regex=True).str.replace(r"[\s\[\]()-]", "", regex=True)
    # A track's letter, and its number, follow the ten digits: they are no part of the program's code.
    plain = plain.str.replace(r"^([0-9Mm][0-9]{9})[A-Za-z][0-9]?$", r"\1", regex=True)
    frame["program_code"] = _padded(plain, 10, least=9)
    for name, width, least in (("specialty_code", 3, 2), ("sponsor_code", 6, 5)):
        frame[name] = _padded(frame[name].str.replace(r"\.0*$", "", regex=True), width, least)
    inside = frame["sponsor_name"].str.extract(r"^\[([0-9A-Za-z]{6})\]\s*(.+)$")
    frame["sponsor_code"] = frame["sponsor_code"].mask((frame["sponsor_code"] == "") & inside[0].notna(), inside[0])
    frame["sponsor_name"] = inside[1].fillna(frame["sponsor_name"]).astype("str")


def _padded(cells: pd.Series, width: int, least: int) -> pd.Series:
    """Return numbers of `least` digits or more with the leading zeros that make `width` digits; other texts as they are."""
    return cells.mask(cells.str.fullmatch(rf"[0-9]{{{least},{width}}}"), cells.str.zfill(width))


def _mend_places(sieve: Sieve) -> None:
    """Take the state, and the ZIP code, off cities such as `Boston, MA 02118`; the state counts where its own column is blank."""
    frame = sieve.frame
    place = frame["city"].str.extract(_PLACE)
    ends = place["state"].str.upper().isin(STATES)
    frame["city"] = place["city"].where(ends).fillna(frame["city"]).astype("str")
    frame["state"] = frame["state"].mask((frame["state"] == "") & ends, place["state"])


def _years(sieve: Sieve, last_year: int) -> None:
    """Convert list_year, of an academic year (`2024-2025`) the first; quarantine what is no year or still to come."""
    cells = by_value(
        sieve.frame["list_year"],
        lambda values: values.str.replace(r"^(?:AY\s*)?([0-9]{4})\s*[-–/]\s*(?:[0-9]{2}){1,2}$", r"\1", regex=True),
    )
    sieve.frame["list_year"] = cells
    whole_numbers(sieve, "list_year", blank=None)
    year = sieve.frame["list_year"].fillna(2000)
    sieve.reject((year < 1990) | (year > 2100), "list_year is no year of four digits")
    sieve.reject(sieve.frame["list_year"].fillna(2000) > last_year, "a list_year still to come")


def _known(sieve: Sieve, column: str, known: pd.Series, what: str) -> None:
    """Replace cells by `known`, "" where blank; rows of which it knows nothing as in `set_unknown_aside`."""
    strange = known.isna() & (sieve.frame[column] != "")
    set_unknown_aside(sieve, column, strange, what, tolerated=TOLERATED)
    sieve.frame[column] = known.loc[sieve.frame.index].fillna("").astype("str")
