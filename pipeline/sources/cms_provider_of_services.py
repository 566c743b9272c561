"""CMS Provider of Services, hospitals: affiliation with a medical school, residency programs, type of control.

The file lists all kinds of providers; only hospitals are read. Built to the layout of the Provider of Services file of hospital
and non-hospital facilities (CMS, quarterly), by its record names. See docs/sources/cms_provider_of_services.md.
"""

from __future__ import annotations

from typing import Final

from pipeline.sources.base import (
    PUBLIC_DOMAIN,
    WINDOWS_1252,
    Bounds,
    Hints,
    Layout,
    Parsed,
    Probe,
    Source,
    SourceError,
    whole_from,
)
from pipeline.sources.tabular.columns import (
    CERTIFICATION_NUMBER,
    blanks_to_null,
    certification_numbers,
    required,
    states,
    translated,
    unique,
    whole_numbers,
    zip_codes,
)
from pipeline.sources.tabular.sieve import Sieve
from pipeline.sources.tabular.table_files import read_csv

ID: Final = "cms_provider_of_services"
TABLE: Final = "cms_provider_of_services"
FULL_ROWS: Final = 5_000  # hospitals, closed ones included
HOSPITAL: Final = "01"  # PRVDR_CTGRY_CD

_COLUMNS: Final = {
    "PRVDR_CTGRY_CD": "category",
    "PRVDR_NUM": "facility_id",
    "FAC_NAME": "name",
    "CITY_NAME": "city",
    "STATE_CD": "state",
    "ZIP_CD": "zip",
    "GNRL_CNTL_TYPE_CD": "control",
    "PGM_TRMNTN_CD": "termination",
    "MDCL_SCHL_AFLTN_CD": "medical_school_affiliation",
}
# Switches on approved residency programs; those of files up to 2012 name the approving body.
_ALLOPATHIC: Final = ("RSDNT_PGM_ALPTHC_SW", "RSDNT_PGM_AMA_APRVD_SW")
_OSTEOPATHIC: Final = ("RSDNT_PGM_OSTPTHC_SW", "RSDNT_PGM_AOA_APRVD_SW")
_DENTAL: Final = ("RSDNT_PGM_DNTL_SW", "RSDNT_PGM_ADA_APRVD_SW")
_OTHER: Final = ("RSDNT_PGM_OTHR_SW", "RSDNT_PGM_OTHR_APRVD_SW")
_SWITCHES: Final = {
    "residency_allopathic": _ALLOPATHIC,
    "residency_osteopathic": _OSTEOPATHIC,
    "residency_dental": _DENTAL,
    "residency_other": _OTHER,
}
_COUNT: Final = "RSDNT_PHYSN_CNT"
_OPTIONAL: Final = {cell: name for name, cells in _SWITCHES.items() for cell in cells} | {_COUNT: "resident_physicians"}
# CMS prints the header in capitals; republished copies have it in small letters.
LAYOUTS: Final = (
    Layout(ID, "capitals", "csv", tuple(_COLUMNS)),
    Layout(ID, "small letters", "csv", tuple(cell.lower() for cell in _COLUMNS)),
)

AFFILIATION: Final = {"1": "major", "2": "limited", "3": "graduate", "4": "none"}
# The words of CMS Hospital General Information for the same question.
CONTROL: Final = {
    "01": "Voluntary non-profit - Church",
    "02": "Voluntary non-profit - Private",
    "03": "Voluntary non-profit - Other",
    "04": "Proprietary",
    "05": "Government - Federal",
    "06": "Government - State",
    "07": "Government - Local",
    "08": "Government - Hospital District or Authority",
    "09": "Physician",
    "10": "Tribal",
}
_NOT_THERE: Final = "Not Available"


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    """Read table `cms_provider_of_services`: one row for each hospital's CMS certification number."""
    case = str.lower if layout.name == "small letters" else str.upper
    columns = {case(cell): name for cell, name in _COLUMNS.items()}
    optional = {case(cell): name for cell, name in _OPTIONAL.items()}
    sieve = read_csv(probe, ID, columns, optional, else_encoding=WINDOWS_1252)
    sieve.frame = sieve.frame.mask(sieve.frame == _NOT_THERE, "")
    _hospitals_only(sieve)
    required(sieve, "facility_id", CERTIFICATION_NUMBER)
    certification_numbers(sieve, "facility_id")
    unique(sieve, "facility_id", "CMS certification number")
    required(sieve, "name", "name")
    zip_codes(sieve, "zip")
    # Foreign hospitals near the border carry the code of a country.
    sieve.frame["state"] = sieve.frame["state"].mask(sieve.frame["state"].isin(["CN", "MX"]), "")
    states(sieve, "state")
    _codes(sieve)
    whole_numbers(sieve, "resident_physicians", blank=None)
    blanks_to_null(sieve, "city")
    sieve.frame = sieve.frame.drop(columns=["category", "termination"])
    return sieve.as_table(TABLE)


def _hospitals_only(sieve: Sieve) -> None:
    """Leave out other providers, which are no rows of this table. Raises SourceError where no hospital is left."""
    sieve.leave_out(sieve.frame["category"].str.zfill(2) != HOSPITAL)
    if sieve.frame.empty:
        raise SourceError(
            sieve.file, "no hospital (category 01) in it", remedy="Add the file of hospitals and other facilities"
        )


def _codes(sieve: Sieve) -> None:
    """Replace the codes of control, affiliation, residency programs and termination by their meanings."""
    frame = sieve.frame
    for column in ("control", "termination"):
        frame[column] = frame[column].mask(frame[column] != "", frame[column].str.zfill(2))
    translated(sieve, "control", CONTROL, "type of control", into="ownership")
    translated(sieve, "medical_school_affiliation", AFFILIATION, "medical school affiliation")
    for column in _SWITCHES:
        translated(sieve, column, {"Y": True, "N": False}, f"switch in {column}", dtype="boolean")
    # 00 is an active provider, every other code a reason for the end.
    ended = frame["termination"].mask(frame["termination"] == "")
    frame["active"] = (ended == "00").astype("boolean").mask(ended.isna())
    sieve.frame = frame.drop(columns="control")


SOURCE: Final = Source(
    id=ID,
    title="CMS Provider of Services, hospitals",
    producer="Centers for Medicare & Medicaid Services",
    url="https://data.cms.gov/provider-characteristics/hospitals-and-other-facilities/provider-of-services-file-quality-improvement-and-evaluation-system",
    licence=PUBLIC_DOMAIN,
    layouts=LAYOUTS,
    read=_read,
    parts=whole_from(FULL_ROWS, "hospitals"),
    tables=(TABLE,),
    bounds=Bounds(5_000, 20_000),
    watched=("name", "state", "ownership", "medical_school_affiliation"),
    totals=("resident_physicians",),
)
