"""AHRQ Compendium of US Health Systems: the systems, and the linkage of hospitals to them.

Built to the health system file and the hospital linkage file of the Compendium and their technical documentation. See
docs/sources/ahrq.md.
"""

from __future__ import annotations

from typing import Final

from pipeline.sources.base import PUBLIC_DOMAIN, WINDOWS_1252, Bounds, Hints, Layout, Parsed, Part, Probe, Source
from pipeline.sources.tabular.columns import (
    blanks_to_null,
    certification_numbers,
    decimals,
    required,
    single_spaces,
    states,
    translated,
    unique,
    zip_codes,
)
from pipeline.sources.tabular.table_files import read_csv

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
    """Read table `ahrq_health_systems`: one row for each health system."""
    sieve = read_csv(probe, "ahrq_compendium", SYSTEM_COLUMNS, else_encoding=WINDOWS_1252)
    translated(sieve, "teaching_intensity", {"0": 0, "1": 1, "2": 2}, "teaching intensity", dtype="Int64")
    answers = {"0": False, "1": True}
    translated(sieve, "majority_investor_owned", answers, "value of maj_inv_owned", dtype="boolean")
    states(sieve, "state")
    required(sieve, "health_system_id", "health_sys_id")
    required(sieve, "name", "name")
    unique(sieve, "health_system_id", "health system")
    decimals(sieve, "residents")
    blanks_to_null(sieve, "city")
    return sieve.as_table("ahrq_health_systems")


def _read_hospitals(probe: Probe) -> Parsed:
    """Read table `ahrq_hospitals`: one row for each hospital, in a system or in none."""
    sieve = read_csv(probe, "ahrq_compendium", HOSPITAL_COLUMNS, else_encoding=WINDOWS_1252)
    states(sieve, "state")
    single_spaces(sieve, "name")
    required(sieve, "compendium_hospital_id", "compendium_hospital_id")
    required(sieve, "name", "name")
    unique(sieve, "compendium_hospital_id", "hospital")
    certification_numbers(sieve, "ccn")
    zip_codes(sieve, "zip")
    blanks_to_null(sieve, "city", "health_system_id", "health_system_name")
    return sieve.as_table("ahrq_hospitals")


def _parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    name = "hospitals" if "ahrq_hospitals" in parsed.tables else "health_systems"
    return (Part(name, parsed.rows_kept, full=True),)


SOURCE: Final = Source(
    id="ahrq_compendium",
    title="Compendium of US Health Systems",
    producer="Agency for Healthcare Research and Quality (AHRQ)",
    url="https://www.ahrq.gov/chsp/data-resources/compendium.html",
    licence=PUBLIC_DOMAIN,
    layouts=(HOSPITALS, SYSTEMS),
    read=_read,
    parts=_parts,
    tables=("ahrq_health_systems", "ahrq_hospitals"),
    bounds=Bounds(500, 10_000),
    watched=("name", "state"),
)
