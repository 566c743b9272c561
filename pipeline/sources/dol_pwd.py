"""DOL disclosure of prevailing wage determinations (Form ETA-9141): what employers state of their ACWIA status.

Columns are selected by name; those that name persons (points of contact, attorneys, preparers) are never read. See
docs/sources/dol_pwd.md.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.schemas.vocabulary import PWD_DETERMINED, STATES
from pipeline.sources.base import Hints, Layout, Parsed, Part, Probe, Source, recognise_by_header
from pipeline.sources.state_names import STATE_CODES
from pipeline.sources.tabular.csv_files import (
    Sieve,
    blank_to_null,
    by_value,
    days,
    read_table,
    required,
    translated,
    unique,
)

ID: Final = "dol_pwd"
TABLE: Final = "prevailing_wage_determinations"
FULL_YEAR_ROWS: Final = 80_000  # nine months of FY2026 have 147,244 cases

_CASE: Final = {
    "CASE_NUMBER": "case_number",
    "CASE_STATUS": "case_status",
    "DETERMINATION_DATE": "determination_date",
    "EMPLOYER_LEGAL_BUSINESS_NAME": "employer_name",
    "EMPLOYER_CITY": "employer_city",
    "EMPLOYER_STATE": "employer_state",
    "EMPLOYER_FEIN": "employer_fein",
    "COVERED_BY_ACWIA": "covered_by_acwia",
}
# The form of 2021 and later asks which kind of body the employer is; the one before asked only whether it is covered.
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
}
COLUMNS: Final = {
    "prongs xlsx": _CASE | _PRONGS,
    "prongs csv": _CASE | _PRONGS,
    "covered xlsx": _CASE,
    "covered csv": _CASE,
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
    name: name for name in ("PERM", "H-1B", "H-1B1 Chile", "H-1B1 Singapore", "E-3 Australian", "H-2B", "CW-1")
}
# Not applicable is an answer to another question: it is neither yes nor no.
_ANSWER: Final = {"Y": True, "Yes": True, "N": False, "No": False, "N/A": None}
_STATES: Final = {code: code for code in STATES} | STATE_CODES
_TEXTS: Final = ("trade_name_dba", "employer_city", "employer_postal_code", "naics")


def read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    """Table `prevailing_wage_determinations`: one row for each case disclosed; answers are yes, no or null."""
    wanted = COLUMNS[layout.name]
    sieve = read_table(probe, ID, wanted, _OPTIONAL, show=False)
    sieve.require_rows()
    required(sieve, "case_number", "case number")
    required(sieve, "employer_name", "employer")
    unique(sieve, "case_number", "case")
    sieve.frame["case_status"] = translated(sieve, "case_status", _STATUS, "case status").astype("str")
    required(sieve, "case_status", "case status")
    sieve.frame["visa_class"] = translated(sieve, "visa_class", _VISA_CLASS, "visa class").astype("str")
    for column in ("determination_date", "redetermination_date"):
        days(sieve, column)
    # The day on which the status that counts was reached.
    sieve.frame["determination_date"] = sieve.frame["redetermination_date"].fillna(sieve.frame["determination_date"])
    decided = sieve.frame["case_status"].isin(PWD_DETERMINED)
    sieve.reject(decided & sieve.frame["determination_date"].isna(), "no determination date")
    for column in ("covered_by_acwia", *_PRONGS.values()):
        if column in sieve.frame:
            sieve.frame[column] = translated(sieve, column, _ANSWER, f"answer in {column}").astype("boolean")
    _places(sieve)
    sieve.frame["employer_fein"] = by_value(sieve.frame["employer_fein"], fein)
    for column in _TEXTS:
        sieve.frame[column] = blank_to_null(sieve.frame[column])
    unnamed = sieve.frame["trade_name_dba"].str.upper().isin(["N/A", "NA", "NONE", "NOT APPLICABLE"])
    sieve.frame["trade_name_dba"] = sieve.frame["trade_name_dba"].mask(unnamed)
    sieve.require_rows()
    frame = sieve.frame.drop(columns=["redetermination_date", "employer_country"])
    return sieve.parsed({TABLE: frame.reset_index(drop=True)})


def _places(sieve: Sieve) -> None:
    """States of employers in the United States; elsewhere the column holds whatever was typed, and is null."""
    country = sieve.frame["employer_country"].str.upper()
    abroad = ~country.isin(["", "UNITED STATES OF AMERICA", "UNITED STATES", "USA", "US"])
    sieve.frame["employer_state"] = sieve.frame["employer_state"].mask(abroad, "")
    sieve.frame["employer_state"] = translated(sieve, "employer_state", _STATES, "state").astype("str")


def fein(values: pd.Series) -> pd.Series:
    """Nine digits; a number that lost its zeros gets them back, and anything else employers type is null."""
    digits = values.str.replace("-", "", regex=False)
    return digits.str.zfill(9).where(digits.str.fullmatch(r"[0-9]{7,9}") & ~digits.str.fullmatch(r"0+"))


def parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    """A part for each fiscal year of determinations, full with FULL_YEAR_ROWS cases or more, and one of undecided cases."""
    names = part_of(parsed.tables[TABLE]).value_counts().sort_index()
    return tuple(_part(str(name), int(rows)) for name, rows in names.items())


def _part(name: str, rows: int) -> Part:
    if rows >= FULL_YEAR_ROWS:
        return Part(name, rows, full=True)
    return Part(name, rows, False, f"{rows:,} cases, and a full year has {FULL_YEAR_ROWS:,} or more")


def part_of(frame: pd.DataFrame) -> pd.Series:
    """Name of the part of each row: the fiscal year, from October, of its determination; `undecided` without one."""
    fiscal = frame["determination_date"] + pd.DateOffset(months=3)
    return ("FY" + fiscal.dt.year.astype("Int64").astype("str")).where(fiscal.notna(), "undecided")


SOURCE: Final = Source(
    id=ID,
    title="DOL prevailing wage determination disclosure data",
    producer="U.S. Department of Labor, Office of Foreign Labor Certification",
    url="https://www.dol.gov/agencies/eta/foreign-labor/performance",
    licence="Public domain (work of the US government, 17 USC 105)",
    layouts=LAYOUTS,
    recognise=recognise_by_header(LAYOUTS),
    read=read,
    parts=parts,
    part_of=part_of,
    tables=(TABLE,),
)
