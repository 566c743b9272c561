"""IRS Exempt Organizations Business Master File: who holds a tax exemption, by EIN.

Built to the layout of the EO BMF extract (eo_xx.csv) that the IRS describes in "Exempt Organizations Business Master File Extract,
Information Sheet". See docs/sources/irs.md.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.sources.base import PUBLIC_DOMAIN, WINDOWS_1252, Bounds, Hints, Layout, Parsed, Part, Probe, Source
from pipeline.sources.tabular.columns import blanks_to_null, decimals, identifiers, required, states, unique
from pipeline.sources.tabular.table_files import read_csv

ID: Final = "irs_eo_bmf"
TABLE: Final = "irs_exempt_organizations"

# The smallest full extract of a state has several thousand organizations; those of territories have hundreds.
FULL_STATE_ROWS: Final = 2_000
FULL_TERRITORY_ROWS: Final = 100
TERRITORIES: Final = ("AA", "AE", "AP", "AS", "FM", "GU", "MH", "MP", "PW", "VI")

_COLUMNS: Final = {
    "EIN": "ein",
    "NAME": "name",
    "SORT_NAME": "sort_name",
    "CITY": "city",
    "STATE": "state",
    "ZIP": "zip",
    "GROUP": "group_exemption",
    "SUBSECTION": "subsection",
    "FOUNDATION": "foundation",
    "NTEE_CD": "ntee",
    "REVENUE_AMT": "revenue",
}
LAYOUTS: Final = (Layout(ID, "extract", "csv", tuple(_COLUMNS)),)


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    """Read table `irs_exempt_organizations`: one row for each EIN. Who receives the mail (ICO) is never read."""
    sieve = read_csv(probe, ID, _COLUMNS, show=False, else_encoding=WINDOWS_1252)
    sieve.require_rows()
    required(sieve, "ein", "EIN")
    identifiers(sieve, "ein", 9, "EIN")
    unique(sieve, "ein", "EIN")
    required(sieve, "name", "name")
    identifiers(sieve, "group_exemption", 4, "group exemption number")
    identifiers(sieve, "subsection", 2, "subsection")
    identifiers(sieve, "foundation", 2, "foundation code")
    decimals(sieve, "revenue", signed=True)
    states(sieve, "state")
    blanks_to_null(sieve, "sort_name", "city", "zip", "ntee")
    return sieve.as_table(TABLE)


def _part_of(frame: pd.DataFrame) -> pd.Series:
    """Return the part of each row: `state:AL`, and `state:none` for foreign addresses."""
    return "state:" + frame["state"].astype("str").fillna("none")


def _parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    """Return a part for each state, full unless it has fewer organizations than a full extract of a state or territory has.

    An extract of some activities only (hospitals, schools) has all states and few organizations in each.
    """
    counts = _part_of(parsed.tables[TABLE]).value_counts().sort_index()
    return tuple(_part(str(name), int(rows)) for name, rows in counts.items())


def _part(name: str, rows: int) -> Part:
    least = FULL_TERRITORY_ROWS if name.removeprefix("state:") in TERRITORIES else FULL_STATE_ROWS
    note = "" if rows >= least else f"a full extract has {least:,} organizations or more in each state"
    return Part(name, rows, not note, note)


SOURCE: Final = Source(
    id=ID,
    title="IRS Exempt Organizations Business Master File",
    producer="Internal Revenue Service",
    url="https://www.irs.gov/charities-non-profits/exempt-organizations-business-master-file-extract-eo-bmf",
    licence=PUBLIC_DOMAIN,
    layouts=LAYOUTS,
    read=_read,
    parts=_parts,
    part_of=_part_of,
    tables=(TABLE,),
    bounds=Bounds(100, 250_000),
    watched=("name", "state", "subsection", "ntee"),
)
