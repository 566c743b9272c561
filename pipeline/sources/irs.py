"""IRS Exempt Organizations Business Master File extract: who holds a tax exemption, by EIN. See docs/sources/irs.md."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.sources.base import Hints, Layout, Parsed, Part, Probe, Source, recognise_by_header
from pipeline.sources.tabular.csv_files import blank_to_null, decimals, identifiers, read_csv, required, states, unique

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


def read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    """Table `irs_exempt_organizations`: one row for each EIN. Who receives the mail (ICO) is never read."""
    sieve = read_csv(probe, ID, _COLUMNS, show=False)
    sieve.require_rows()
    required(sieve, "ein", "EIN")
    identifiers(sieve, "ein", 9, "EIN")
    unique(sieve, "ein", "EIN")
    required(sieve, "name", "name")
    identifiers(sieve, "group_exemption", 4, "group exemption number")
    identifiers(sieve, "subsection", 2, "subsection")
    identifiers(sieve, "foundation", 2, "foundation code")
    decimals(sieve, "revenue", signed=True)
    sieve.frame["state"] = states(sieve, "state")
    for column in ("sort_name", "city", "zip", "ntee"):
        sieve.frame[column] = blank_to_null(sieve.frame[column])
    sieve.require_rows()
    return sieve.parsed({TABLE: sieve.frame.reset_index(drop=True)})


def part_of(frame: pd.DataFrame) -> pd.Series:
    """Name of the part of each row: `state:AL`, and `state:none` for foreign addresses."""
    return "state:" + frame["state"].astype("str").fillna("none")


def parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    """A part for each state, full unless it has fewer organizations than a full extract of a state or territory has.

    An extract of some activities only (hospitals, schools) has all states and few organizations in each.
    """
    counts = part_of(parsed.tables[TABLE]).value_counts().sort_index()
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
    licence="Public domain (work of the US government, 17 USC 105)",
    layouts=LAYOUTS,
    recognise=recognise_by_header(LAYOUTS),
    read=read,
    parts=parts,
    part_of=part_of,
    tables=(TABLE,),
)
