"""CMS Hospital General Information: hospitals registered with Medicare, and who owns them. See docs/sources/cms.md."""

from __future__ import annotations

from typing import Final

from pipeline.sources.base import Hints, Layout, Parsed, Part, Probe, Source, one_part, recognise_by_header
from pipeline.sources.tabular.csv_files import blank_to_null, read_csv, required, states, translated, unique, zip_codes

ID: Final = "cms_hospitals"
TABLE: Final = "cms_hospitals"
FULL_ROWS: Final = 4_500  # 5,381 hospitals in 2026

OWNERSHIP: Final = (
    "Department of Defense",
    "Government - Federal",
    "Government - Hospital District or Authority",
    "Government - Local",
    "Government - State",
    "Physician",
    "Proprietary",
    "Tribal",
    "Veterans Health Administration",
    "Voluntary non-profit - Church",
    "Voluntary non-profit - Other",
    "Voluntary non-profit - Private",
)
_OWNERSHIP: Final = {value: value for value in OWNERSHIP} | {"Not Available": None}

_PLACE: Final = {
    "State": "state",
    "ZIP Code": "zip",
    "Hospital Type": "hospital_type",
    "Hospital Ownership": "ownership",
}
_NAMED: Final = {"Facility ID": "facility_id", "Facility Name": "name"}
_COLUMNS: Final = {
    "current": _NAMED | {"City/Town": "city"} | _PLACE,
    "before 2024": _NAMED | {"City": "city"} | _PLACE,
    "before 2020": {"Provider ID": "facility_id", "Hospital Name": "name", "City": "city"} | _PLACE,
}
_OPTIONAL: Final = {"County/Parish": "county", "County Name": "county"}
LAYOUTS: Final = tuple(Layout(ID, name, "csv", tuple(cells)) for name, cells in _COLUMNS.items())


def read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    """Table `cms_hospitals`: one row for each CMS certification number."""
    sieve = read_csv(probe, ID, _COLUMNS[layout.name], _OPTIONAL)
    sieve.require_rows()
    # The first two characters are the state's number; spreadsheets take the leading zero off.
    printed = sieve.frame["facility_id"].str.upper()
    sieve.frame["facility_id"] = printed.where(printed.str.len() != 5, "0" + printed)
    good = sieve.frame["facility_id"].str.fullmatch(r"[0-9A-Z]{6}")
    sieve.reject(~good, "no CMS certification number of six characters")
    unique(sieve, "facility_id", "CMS certification number")
    required(sieve, "name", "name")
    required(sieve, "hospital_type", "hospital type")
    zip_codes(sieve, "zip")
    sieve.frame["state"] = states(sieve, "state")
    sieve.frame["ownership"] = translated(sieve, "ownership", _OWNERSHIP, "ownership").astype("str")
    for column in ("city", "county"):
        sieve.frame[column] = blank_to_null(sieve.frame[column])
    sieve.require_rows()
    return sieve.parsed({TABLE: sieve.frame.reset_index(drop=True)})


def parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    """One part, full with FULL_ROWS hospitals or more."""
    return one_part(len(parsed.tables[TABLE]), FULL_ROWS, "hospitals")


SOURCE: Final = Source(
    id=ID,
    title="CMS Hospital General Information",
    producer="Centers for Medicare & Medicaid Services",
    url="https://data.cms.gov/provider-data/dataset/xubh-q36u",
    licence="Public domain (work of the US government, 17 USC 105)",
    layouts=LAYOUTS,
    recognise=recognise_by_header(LAYOUTS),
    read=read,
    parts=parts,
    tables=(TABLE,),
)
