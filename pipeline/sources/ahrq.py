"""AHRQ Compendium of US Health Systems: the systems, and the linkage of hospitals to them. See docs/sources/ahrq.md."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.sources.base import Hints, Layout, Parsed, Part, Probe, Source, recognise_by_header
from pipeline.sources.tabular.csv_files import (
    blank_to_null,
    decimals,
    known,
    read_csv,
    required,
    states,
    unique,
    zip_codes,
)

SYSTEM_COLUMNS: Final = {
    "health_sys_id": "health_system_id",
    "health_sys_name": "name",
    "health_sys_city": "city",
    "health_sys_state": "state",
    "sys_teachint": "teaching_intensity",
    "maj_inv_owned": "majority_investor_owned",
    "sys_res": "residents",
}
HOSPITAL_COLUMNS: Final = {
    "compendium_hospital_id": "compendium_hospital_id",
    "ccn": "ccn",
    "hospital_name": "name",
    "hospital_city": "city",
    "hospital_state": "state",
    "hospital_zip": "zip",
    "health_sys_id": "health_system_id",
    "health_sys_name": "health_system_name",
}
SYSTEMS: Final = Layout("ahrq_compendium", "health_systems", "csv", tuple(SYSTEM_COLUMNS))
HOSPITALS: Final = Layout("ahrq_compendium", "hospital_linkage", "csv", tuple(HOSPITAL_COLUMNS))


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    return _read_hospitals(probe) if layout.name == HOSPITALS.name else _read_systems(probe)


def _read_systems(probe: Probe) -> Parsed:
    sieve = read_csv(probe, "ahrq_compendium", SYSTEM_COLUMNS)
    intensity = known(sieve, "teaching_intensity", ("0", "1", "2"), "teaching intensity")
    owned = known(sieve, "majority_investor_owned", ("0", "1"), "value of maj_inv_owned")
    sieve.frame = sieve.frame.assign(
        teaching_intensity=pd.to_numeric(intensity).astype("Int64"),
        majority_investor_owned=owned.map({"0": False, "1": True}).astype("boolean"),
        state=states(sieve, "state"),
    )
    required(sieve, "health_system_id", "health_sys_id")
    required(sieve, "name", "name")
    unique(sieve, "health_system_id", "health system")
    decimals(sieve, "residents")
    sieve.require_rows()
    sieve.frame["city"] = blank_to_null(sieve.frame["city"])
    return sieve.parsed({"ahrq_health_systems": sieve.frame})


def _read_hospitals(probe: Probe) -> Parsed:
    sieve = read_csv(probe, "ahrq_compendium", HOSPITAL_COLUMNS)
    sieve.frame = sieve.frame.assign(
        state=states(sieve, "state"), name=sieve.frame["name"].str.replace(r"\s+", " ", regex=True)
    )
    required(sieve, "compendium_hospital_id", "compendium_hospital_id")
    required(sieve, "name", "name")
    unique(sieve, "compendium_hospital_id", "hospital")
    # A number that went through a spreadsheet has lost its leading zero: those of Alabama to Connecticut begin with 0.
    ccn = sieve.frame["ccn"].str.upper()
    sieve.frame["ccn"] = ccn.where(~ccn.str.fullmatch(r"\d[0-9A-Z]{4}"), ccn.str.zfill(6))
    sieve.reject(~sieve.frame["ccn"].str.fullmatch(r"([0-9A-Z]{6})?"), "ccn is no CMS certification number")
    zip_codes(sieve, "zip")
    sieve.require_rows()
    nulls = {name: blank_to_null(sieve.frame[name]) for name in HOSPITAL_COLUMNS.values() if name != "state"}
    return sieve.parsed({"ahrq_hospitals": sieve.frame.assign(**nulls)})


def _parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    name = "hospitals" if "ahrq_hospitals" in parsed.tables else "health_systems"
    return (Part(name, parsed.rows_kept, full=True),)


SOURCE: Final = Source(
    id="ahrq_compendium",
    title="Compendium of US Health Systems",
    producer="Agency for Healthcare Research and Quality (AHRQ)",
    url="https://www.ahrq.gov/chsp/data-resources/compendium.html",
    licence="public domain (US government work)",
    layouts=(HOSPITALS, SYSTEMS),
    recognise=recognise_by_header((HOSPITALS, SYSTEMS)),
    read=_read,
    parts=_parts,
    tables=("ahrq_health_systems", "ahrq_hospitals"),
)
