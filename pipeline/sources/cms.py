"""CMS Hospital General Information: hospitals registered with Medicare, and who owns them.

Built to Hospital_General_Information.csv of CMS Provider Data, in its column names of now and of before 2024 and 2020. See
docs/sources/cms.md.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd

from pipeline.sources.base import (
    PUBLIC_DOMAIN,
    WINDOWS_1252,
    Bounds,
    Hints,
    Layout,
    Parsed,
    Part,
    Probe,
    Source,
    sized_part,
)
from pipeline.sources.tabular.columns import (
    CERTIFICATION_NUMBER,
    blanks_to_null,
    certification_numbers,
    required,
    states,
    translated,
    unique,
    zip_codes,
)
from pipeline.sources.tabular.table_files import read_csv

ID: Final = "cms_hospitals"
TABLE: Final = "cms_hospitals"
NAMES: Final = "cms_hospital_names"
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


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    """Read tables `cms_hospitals`, one row for each CMS certification number, and `cms_hospital_names`, what each was called then."""
    sieve = read_csv(probe, ID, _COLUMNS[layout.name], _OPTIONAL, else_encoding=WINDOWS_1252)
    sieve.require_rows()
    required(sieve, "facility_id", CERTIFICATION_NUMBER)
    certification_numbers(sieve, "facility_id")
    unique(sieve, "facility_id", "CMS certification number")
    required(sieve, "name", "name")
    required(sieve, "hospital_type", "hospital type")
    zip_codes(sieve, "zip")
    states(sieve, "state")
    translated(sieve, "ownership", _OWNERSHIP, "ownership")
    blanks_to_null(sieve, "city", "county")
    parsed = sieve.as_table(TABLE)
    names = parsed.tables[TABLE][["facility_id", "name", "city", "state"]].assign(vintage=layout.name)
    return replace(parsed, tables={**parsed.tables, NAMES: names})


def _parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    """Return the hospitals, and their names as of this layout: an older file gives way to a newer one but for the names."""
    vintage = parsed.tables[NAMES]["vintage"].iloc[0]
    names = ("all", f"names: {vintage}")
    return tuple(sized_part(name, parsed.rows_kept, FULL_ROWS, "hospitals", of="file") for name in names)


def _part_of(hospitals: pd.DataFrame) -> pd.Series:
    return pd.Series("all", index=hospitals.index, dtype="str")


SOURCE: Final = Source(
    id=ID,
    title="CMS Hospital General Information",
    producer="Centers for Medicare & Medicaid Services",
    url="https://data.cms.gov/provider-data/dataset/xubh-q36u",
    licence=PUBLIC_DOMAIN,
    layouts=LAYOUTS,
    read=_read,
    parts=_parts,
    tables=(TABLE, NAMES),
    part_of=_part_of,
    precedence=tuple(layout.name for layout in LAYOUTS),  # the files state no date
    bounds=Bounds(4_500, 6_500),
    watched=("name", "state", "ownership"),
)
