"""CMS Provider of Services, hospitals: affiliation with a medical school, residency programs, type of control.

The file lists all kinds of providers; only hospitals are read. See docs/sources/cms_provider_of_services.md.
"""

from __future__ import annotations

from typing import Final

from pipeline.sources.base import Hints, Layout, Parsed, Part, Probe, Source, SourceError, one_part, recognise_by_header
from pipeline.sources.tabular.csv_files import (
    Sieve,
    blank_to_null,
    read_csv,
    required,
    states,
    translated,
    unique,
    whole_numbers,
    zip_codes,
)

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


def read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    """Table `cms_provider_of_services`: one row for each hospital's CMS certification number."""
    case = str.lower if layout.name == "small letters" else str.upper
    columns = {case(cell): name for cell, name in _COLUMNS.items()}
    sieve = read_csv(probe, ID, columns, {case(cell): name for cell, name in _OPTIONAL.items()})
    sieve.frame = sieve.frame.mask(sieve.frame == _NOT_THERE, "")
    _hospitals_only(sieve)
    # The first two characters are the state's number; spreadsheets take the leading zero off.
    printed = sieve.frame["facility_id"].str.upper()
    sieve.frame["facility_id"] = printed.where(printed.str.len() != 5, "0" + printed)
    sieve.reject(
        ~sieve.frame["facility_id"].str.fullmatch(r"[0-9A-Z]{6}"), "no CMS certification number of six characters"
    )
    unique(sieve, "facility_id", "CMS certification number")
    required(sieve, "name", "name")
    zip_codes(sieve, "zip")
    # Foreign hospitals near the border carry the code of a country.
    sieve.frame["state"] = sieve.frame["state"].mask(sieve.frame["state"].isin(["CN", "MX"]), "")
    sieve.frame["state"] = states(sieve, "state")
    _codes(sieve)
    whole_numbers(sieve, "resident_physicians", blank=None)
    sieve.frame["city"] = blank_to_null(sieve.frame["city"])
    sieve.require_rows()
    return sieve.parsed({TABLE: sieve.frame.drop(columns=["category", "termination"]).reset_index(drop=True)})


def _hospitals_only(sieve: Sieve) -> None:
    """Other providers are no rows of this table; they aren't counted. SourceError where no hospital is left."""
    category = sieve.frame["category"].str.zfill(2)
    others = category != HOSPITAL
    sieve.rows_in -= int(others.sum())
    sieve.frame = sieve.frame[~others]
    if sieve.frame.empty:
        raise SourceError(
            sieve.file, "no hospital (category 01) in it", remedy="Add the file of hospitals and other facilities"
        )


def _codes(sieve: Sieve) -> None:
    frame = sieve.frame
    for column, width in (("control", 2), ("termination", 2)):
        frame[column] = frame[column].mask(frame[column] != "", frame[column].str.zfill(width))
    frame["ownership"] = translated(sieve, "control", CONTROL, "type of control").astype("str")
    affiliation = translated(sieve, "medical_school_affiliation", AFFILIATION, "medical school affiliation")
    frame["medical_school_affiliation"] = affiliation.astype("str")
    for column in _SWITCHES:
        frame[column] = translated(sieve, column, {"Y": True, "N": False}, f"switch in {column}").astype("boolean")
    # 00 is an active provider, every other code a reason for the end.
    ended = frame["termination"].mask(frame["termination"] == "")
    frame["active"] = (ended == "00").astype("boolean").mask(ended.isna())
    sieve.frame = frame.drop(columns="control")


def parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    """One part, full with FULL_ROWS hospitals or more."""
    return one_part(len(parsed.tables[TABLE]), FULL_ROWS, "hospitals")


SOURCE: Final = Source(
    id=ID,
    title="CMS Provider of Services, hospitals",
    producer="Centers for Medicare & Medicaid Services",
    url="https://data.cms.gov/provider-characteristics/hospitals-and-other-facilities/provider-of-services-file-hospital-non-hospital-facilities",
    licence="Public domain (work of the US government, 17 USC 105)",
    layouts=LAYOUTS,
    recognise=recognise_by_header(LAYOUTS),
    read=read,
    parts=parts,
    tables=(TABLE,),
)
