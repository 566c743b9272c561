"""DOL disclosure of prevailing wage determinations (Form ETA-9141): what employers state of their ACWIA status.

Built to OFLC's record layout "PWD Disclosure Data" of FY2021 and later, and of the form before; the years before FY2020 to
descriptions of their headers. Columns are selected by name; those that name persons (points of contact, attorneys, preparers) are
never read. See docs/sources/dol_pwd.md.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.schemas.vocabulary import PWD_DETERMINED
from pipeline.sources import dol
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
    layout_by_header,
    sized_part,
)
from pipeline.sources.tabular.columns import (
    blanks_to_null,
    days,
    mend_names,
    required,
    translated,
    typed_tax_ids,
    unique,
)
from pipeline.sources.tabular.table_files import read_table

ID: Final = "dol_pwd"
TABLE: Final = "prevailing_wage_determinations"
FULL_YEAR_ROWS: Final = 80_000  # nine months of FY2026 have 147,244 cases

_DETERMINATION: Final = {
    "CASE_NUMBER": "case_number",
    "CASE_STATUS": "case_status",
    "DETERMINATION_DATE": "determination_date",
    "EMPLOYER_LEGAL_BUSINESS_NAME": "employer_name",
    "EMPLOYER_CITY": "employer_city",
    "EMPLOYER_STATE": "employer_state",
}
_CASE: Final = _DETERMINATION | {"EMPLOYER_FEIN": "employer_fein", "COVERED_BY_ACWIA": "covered_by_acwia"}
# Years before FY2020 name the same columns otherwise: FY2016 to FY2019, FY2015, and FY2010 to FY2014 (one of them with a misprint).
_SYNONYMS: Final = {
    "BUSINESS_NAME": "EMPLOYER_LEGAL_BUSINESS_NAME",
    "EMPLYER_LEGAL_BUSINESS_NAME": "EMPLOYER_LEGAL_BUSINESS_NAME",
    "DETERMINATION_ISSUED": "DETERMINATION_DATE",
    "PW_DETERMINATION_DATE": "DETERMINATION_DATE",
    "PW_DETERM_DATE": "DETERMINATION_DATE",
    "STATUS": "CASE_STATUS",
    "NAIC_ID": "NAICS_CODE",
    "NAIC_US_CODE": "NAICS_CODE",
    "NAICS_US_CODE": "NAICS_CODE",
}
# The form of 2021 and later has a question for each kind of body; the one before has only the one on coverage.
_PRONGS: Final = {
    "ACWIA_INST_HIGHER_EDUCATION": "higher_education",
    "ACWIA_AFFILIATED_NON_PROFIT": "affiliated_nonprofit",
    "ACWIA_RESEARCH_ORG": "research_organization",
    "ACWIA_STATUS_CHANGED": "status_changed",
}
_OPTIONAL: Final = {
    "REDETERMINATION_DATE": "redetermination_date",
    "VISA_CLASS": "visa_class",
    "TRADE_NAME_DBA": "trade_name_dba",
    "EMPLOYER_POSTAL_CODE": "employer_postal_code",
    "EMPLOYER_COUNTRY": "employer_country",
    "NAICS_CODE": "naics",
    "EMPLOYER_FEIN": "employer_fein",
    "COVERED_BY_ACWIA": "covered_by_acwia",
    "PWD_WAGE_SOURCE": "wage_source",
}
_SINCE_FY2020: Final = ("ACWIA_", "TYPE_OF_REPRESENTATION", "REQUESTOR_POC_", "EMPLOYER_POC_")
COLUMNS: Final = {
    "prongs xlsx": _CASE | _PRONGS,
    "prongs csv": _CASE | _PRONGS,
    "covered xlsx": _CASE,
    "covered csv": _CASE,
    "before FY2020 xlsx": _DETERMINATION,
    "before FY2020 csv": _DETERMINATION,
}
LAYOUTS: Final = tuple(
    Layout(ID, name, "xlsx" if name.endswith("xlsx") else "csv", tuple(cells)) for name, cells in COLUMNS.items()
)

_UNDECIDED: Final = (
    "In Process",
    "RFI Issued",
    "Pending Redetermination",
    "Pending Center Director Review",
    "Returned Unprocessed",
    "Withdrawn",
    "Denied",
)
_STATUS: Final = (
    {status: status for status in (*PWD_DETERMINED, *_UNDECIDED)}
    | {"Center Director Review Affirmed": "Center Director Review Affirmed Determination"}
    | {"Center Director Review Modified": "Center Director Review Modified Determination"}
)
_VISA_CLASS: Final = {
    name: name for name in ("PERM", "H-1B", "H-1C", "H-1B1 Chile", "H-1B1 Singapore", "E-3 Australian", "H-2B", "CW-1")
}
# Not applicable is an answer to another question: it is neither yes nor no.
_ANSWER: Final = {"Y": True, "Yes": True, "N": False, "No": False, "N/A": None}
_TEXTS: Final = ("trade_name_dba", "employer_city", "employer_postal_code", "naics", "wage_source")


def _recognise(probe: Probe) -> Layout | None:
    """Find the layout of a file; one of FY2020 or later that lacks a column is none of the years before."""
    plain = dol.with_plain_header(probe, _SYNONYMS)
    layout = layout_by_header(LAYOUTS, plain)
    before = layout is not None and layout.columns == tuple(_DETERMINATION)
    return None if before and any(cell.startswith(_SINCE_FY2020) for cell in plain.header) else layout


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    """Read table `prevailing_wage_determinations`: one row for each case disclosed; answers are yes, no or null."""
    wanted = COLUMNS[layout.name]
    optional = {cell: name for cell, name in _OPTIONAL.items() if cell not in wanted}
    plain = dol.with_plain_header(probe, _SYNONYMS)
    sieve = read_table(plain, ID, wanted, optional, show=False, else_encoding=WINDOWS_1252)
    sieve.require_rows()
    required(sieve, "case_number", "case number")
    required(sieve, "employer_name", "employer")
    unique(sieve, "case_number", "case")
    translated(sieve, "case_status", _STATUS, "case status")
    required(sieve, "case_status", "case status")
    translated(sieve, "visa_class", _VISA_CLASS, "visa class")
    for column in ("determination_date", "redetermination_date"):
        days(sieve, column)
    # The day on which the status that counts was reached.
    sieve.frame["determination_date"] = sieve.frame["redetermination_date"].fillna(sieve.frame["determination_date"])
    decided = sieve.frame["case_status"].isin(PWD_DETERMINED)
    sieve.reject(decided & sieve.frame["determination_date"].isna(), "no determination date")
    for column in ("covered_by_acwia", *_PRONGS.values()):
        if column in sieve.frame:
            translated(sieve, column, _ANSWER, f"answer in {column}", dtype="boolean")
    dol.employer_states(sieve)
    typed_tax_ids(sieve, "employer_fein")
    blanks_to_null(sieve, *_TEXTS)
    mend_names(sieve, "employer_name")
    unnamed = sieve.frame["trade_name_dba"].str.upper().isin(["N/A", "NA", "NONE", "NOT APPLICABLE"])
    sieve.frame["trade_name_dba"] = sieve.frame["trade_name_dba"].mask(unnamed)
    sieve.frame = sieve.frame.drop(columns=["redetermination_date", "employer_country"])
    return sieve.as_table(TABLE)


def _parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    """Return a part for each fiscal year of determinations, full with FULL_YEAR_ROWS cases or more, and one of undecided cases."""
    names = _part_of(parsed.tables[TABLE]).value_counts().sort_index()
    return tuple(sized_part(str(name), int(rows), FULL_YEAR_ROWS, "cases", of="year") for name, rows in names.items())


def _part_of(frame: pd.DataFrame) -> pd.Series:
    """Return the part of each row: the fiscal year, from October, of its determination; `undecided` without one."""
    fiscal = frame["determination_date"] + pd.DateOffset(months=3)
    return ("FY" + fiscal.dt.year.astype("Int64").astype("str")).where(fiscal.notna(), "undecided")


SOURCE: Final = Source(
    id=ID,
    title="DOL prevailing wage determination disclosure data",
    producer="U.S. Department of Labor, Office of Foreign Labor Certification",
    url="https://www.dol.gov/agencies/eta/foreign-labor/performance",
    licence=PUBLIC_DOMAIN,
    layouts=LAYOUTS,
    read=_read,
    parts=_parts,
    tables=(TABLE,),
    bounds=Bounds(80_000, 600_000),
    recogniser=_recognise,
    part_of=_part_of,
    watched=("employer_name", "employer_state", "case_status", "covered_by_acwia"),
)
