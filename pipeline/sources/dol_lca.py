"""DOL disclosure of labor condition applications (Form ETA-9035): the official files of three eras, and an excerpt.

Built to OFLC's record layouts "LCA Disclosure Data" of FY2017, FY2019 and FY2020. Columns are selected by name; those that name
persons (points of contact, attorneys, preparers) are never read. See docs/sources/dol_lca.md.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.sources.base import PUBLIC_DOMAIN, Bounds, Hints, Layout, Parsed, Part, Probe, Source, sized_part
from pipeline.sources.tabular.columns import (
    blank_to_null,
    blanks_to_null,
    by_value,
    days,
    decimals,
    named_states,
    translated,
    typed_tax_ids,
    whole_numbers,
)
from pipeline.sources.tabular.sieve import Sieve
from pipeline.sources.tabular.table_files import read_table

ID: Final = "dol_lca"
TABLE: Final = "lca_filings"

# The smallest quarter since FY2017 has some 80,000 applications; health occupations are about 6 % of them.
FULL_QUARTER_ROWS: Final = 60_000
HEALTH_SHARE: Final = 0.5

_CASE: Final = {
    "CASE_NUMBER": "case_number",
    "CASE_STATUS": "case_status",
    "DECISION_DATE": "decision_date",
    "VISA_CLASS": "visa_class",
    "JOB_TITLE": "job_title",
    "SOC_CODE": "soc_code",
    "FULL_TIME_POSITION": "full_time",
    "EMPLOYER_NAME": "employer_name",
    "EMPLOYER_CITY": "employer_city",
    "EMPLOYER_STATE": "employer_state",
}
_SITE: Final = {
    "WORKSITE_CITY": "worksite_city",
    "WORKSITE_STATE": "worksite_state",
    "WAGE_RATE_OF_PAY_FROM": "wage_from",
    "WAGE_UNIT_OF_PAY": "wage_unit",
    "PW_WAGE_LEVEL": "pw_wage_level",
}
# FY2020 and later (FLAG): one worksite in the main file, others in an appendix.
_FLAG: Final = (
    _CASE
    | _SITE
    | {
        "SOC_TITLE": "soc_title",
        "BEGIN_DATE": "begin_date",
        "END_DATE": "end_date",
        "TOTAL_WORKER_POSITIONS": "workers",
        "TRADE_NAME_DBA": "trade_name_dba",
    }
)
# FY2019: ten worksites side by side, of which the first is read.
_WIDE: Final = (
    _CASE
    | {f"{cell}_1": name for cell, name in _SITE.items()}
    | {
        "SOC_TITLE": "soc_title",
        "PERIOD_OF_EMPLOYMENT_START_DATE": "begin_date",
        "PERIOD_OF_EMPLOYMENT_END_DATE": "end_date",
        "TOTAL_WORKER_POSITIONS": "workers",
        "EMPLOYER_BUSINESS_DBA": "trade_name_dba",
    }
)
# FY2017 and FY2018 (iCERT).
_ICERT: Final = (
    _CASE
    | _SITE
    | {
        "SOC_NAME": "soc_title",
        "EMPLOYMENT_START_DATE": "begin_date",
        "EMPLOYMENT_END_DATE": "end_date",
        "TOTAL_WORKERS": "workers",
        "EMPLOYER_BUSINESS_DBA": "trade_name_dba",
    }
)
_EXCERPT: Final = {
    "CASE_NUMBER": "case_number",
    "JOB_TITLE": "job_title",
    "SOC_CODE": "soc_code",
    "SOC_TITLE": "soc_title",
    "FULL_TIME_POSITION": "full_time",
    "BEGIN_DATE": "begin_date",
    "END_DATE": "end_date",
    "EMPLOYER_NAME": "employer_name",
    "TRADE_NAME_DBA": "trade_name_dba",
    **_SITE,
    "WORKSITE_POSTAL_CODE": "worksite_postal_code",
    "WAGE_RATE_OF_PAY_TO": "wage_to",
    "Year": "year",
    "Quarter": "quarter",
}
OPTIONAL: Final = {
    "NEW_EMPLOYMENT": "new_employment",
    "CONTINUED_EMPLOYMENT": "continued_employment",
    "CHANGE_PREVIOUS_EMPLOYMENT": "change_previous_employment",
    "NEW_CONCURRENT_EMPLOYMENT": "new_concurrent_employment",
    "NEW_CONCURRENT_EMP": "new_concurrent_employment",
    "CHANGE_EMPLOYER": "change_employer",
    "AMENDED_PETITION": "amended_petition",
    "EMPLOYER_FEIN": "employer_fein",
    "NAICS_CODE": "naics",
    "SECONDARY_ENTITY_BUSINESS_NAME": "secondary_entity_name",
    "SECONDARY_ENTITY_BUSINESS_NAME_1": "secondary_entity_name",
    "WORKSITE_POSTAL_CODE": "worksite_postal_code",
    "WORKSITE_POSTAL_CODE_1": "worksite_postal_code",
    "WAGE_RATE_OF_PAY_TO": "wage_to",
    "WAGE_RATE_OF_PAY_TO_1": "wage_to",
}
_ERAS: Final = {"FY2020": _FLAG, "FY2019": _WIDE, "FY2017": _ICERT}
COLUMNS: Final = {f"{era} {media}": cells for era, cells in _ERAS.items() for media in ("xlsx", "csv")} | {
    "excerpt": _EXCERPT
}
LAYOUTS: Final = tuple(
    Layout(ID, name, "xlsx" if name.endswith("xlsx") else "csv", tuple(cells)) for name, cells in COLUMNS.items()
)

_STATUS: Final = {
    "Certified": "Certified",
    "Certified - Withdrawn": "Certified - Withdrawn",
    "Certified-Withdrawn": "Certified - Withdrawn",
    "Denied": "Denied",
    "Withdrawn": "Withdrawn",
    "Rejected": "Rejected",
    "Invalidated": "Invalidated",
}
_VISA_CLASS: Final = {
    "H-1B": "H-1B",
    "H-1B1 Chile": "H-1B1 Chile",
    "H-1B1 Singapore": "H-1B1 Singapore",
    "E-3 Australian": "E-3 Australian",
}
_WAGE_UNIT: Final = {
    "Year": "Year", "YR": "Year", "Month": "Month", "MTH": "Month", "Bi-Weekly": "Bi-Weekly", "BI": "Bi-Weekly",
    "Week": "Week", "WK": "Week", "Hour": "Hour", "HR": "Hour", "N/A": None, "Select Pay Range": None,
}  # fmt: skip
_WAGE_LEVEL: Final = {
    **{printed: level for level in ("I", "II", "III", "IV") for printed in (level, f"Level {level}")},
    "N/A": None,
}
_NUMBERS: Final = tuple(
    name for name in dict.fromkeys(OPTIONAL.values()) if name.endswith(("employment", "employer", "petition"))
)
_TEXTS: Final = (
    "case_number", "job_title", "soc_code", "soc_title", "employer_name", "trade_name_dba", "employer_city", "naics",
    "secondary_entity_name", "worksite_city",
)  # fmt: skip
# UTF-8 read as Windows-1252, of which the first two bytes were then lost: the third byte of a dash is left over.
_LEFT_OVER: Final = {"“": "–", "”": "—"}


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    """Read table `lca_filings`: one row for each application disclosed."""
    excerpt = layout.name == "excerpt"
    wanted = COLUMNS[layout.name]
    optional = {cell: name for cell, name in OPTIONAL.items() if cell not in wanted}
    sieve = read_table(probe, ID, wanted, optional, show=excerpt)
    sieve.require_rows()
    for column in ("begin_date", "end_date"):
        days(sieve, column)
    for column in ("wage_from", "wage_to"):
        decimals(sieve, column)
    if excerpt:
        _workers_unknown(sieve)
    else:
        _official(sieve)
    translated(sieve, "full_time", {"Y": True, "N": False}, "answer", dtype="boolean")
    translated(sieve, "wage_unit", _WAGE_UNIT, "unit of a wage")
    translated(sieve, "pw_wage_level", _WAGE_LEVEL, "wage level")
    named_states(sieve, "worksite_state")
    sieve.frame["worksite_postal_code"] = _postal(sieve.frame["worksite_postal_code"])
    for column in ("employer_name", "trade_name_dba"):
        sieve.frame[column] = by_value(sieve.frame[column], _mended)
    blanks_to_null(sieve, *sorted(set(_TEXTS) & set(sieve.frame.columns)))
    return sieve.as_table(TABLE)


def _official(sieve: Sieve) -> None:
    """Convert the columns that only the official files have, and add the quarter of the decision."""
    days(sieve, "decision_date")
    decided = sieve.frame["decision_date"]
    sieve.reject(decided.isna(), "no decision date")
    whole_numbers(sieve, "workers", blank=1)
    for column in _NUMBERS:
        whole_numbers(sieve, column, blank=None)
    # The fiscal year begins in October.
    fiscal = sieve.frame["decision_date"] + pd.DateOffset(months=3)
    quarter = fiscal.dt.quarter.astype("str")
    sieve.frame["disclosure_quarter"] = "FY" + fiscal.dt.year.astype("str") + "Q" + quarter
    translated(sieve, "case_status", _STATUS, "case status")
    translated(sieve, "visa_class", _VISA_CLASS, "visa class")
    named_states(sieve, "employer_state")
    typed_tax_ids(sieve, "employer_fein")


def _workers_unknown(sieve: Sieve) -> None:
    """Fit the excerpt to the table: it has year and quarter in place of the day of the decision, and neither workers nor status."""
    quarter = "FY" + sieve.frame["year"] + sieve.frame["quarter"]
    sieve.reject(~quarter.str.fullmatch(r"FY20[0-9][0-9]Q[1-4]"), "no year and quarter")
    kept = quarter[sieve.frame.index]
    absent = set(OPTIONAL.values()) - set(_EXCERPT.values())
    sieve.frame = sieve.frame.drop(columns=["year", "quarter", *sorted(absent)])
    sieve.frame["disclosure_quarter"] = kept
    sieve.frame["workers"] = pd.Series(1, index=sieve.frame.index, dtype="Int64")


def _postal(cells: pd.Series) -> pd.Series:
    return by_value(
        cells, lambda values: blank_to_null(values.where(~values.str.fullmatch(r"[0-9]{3,4}"), values.str.zfill(5)))
    )


def _mended(values: pd.Series) -> pd.Series:
    """Restore in names the dashes that a wrong decoding left as one quotation mark. Paired quotation marks stay."""
    for mark, partner in (("“", "”"), ("”", "“")):
        alone = values.str.contains(mark, regex=False) & ~values.str.contains(partner, regex=False)
        values = values.where(~alone, values.str.replace(mark, _LEFT_OVER[mark], regex=False))
    return values


def _parts(parsed: Parsed, hints: Hints) -> tuple[Part, ...]:
    """Return a part for each fiscal quarter of decisions.

    It is full with FULL_QUARTER_ROWS applications or more, of which health occupations (SOC major group 29) are no more
    than HEALTH_SHARE. The excerpt layout is never full.
    """
    frame = parsed.tables[TABLE]
    health = frame["soc_code"].str.startswith("29").fillna(value=False)
    excerpt = "case_status" not in frame.columns
    groups = frame.assign(health=health).groupby("disclosure_quarter", sort=True)["health"]
    return tuple(_part(str(name), len(rows), float(rows.mean()), excerpt) for name, rows in groups)


def _part(name: str, rows: int, health: float, excerpt: bool) -> Part:
    if excerpt:
        return Part(name, rows, full=False, note="excerpt")
    if health > HEALTH_SHARE:
        return Part(name, rows, full=False, note="health occupations only")
    return sized_part(name, rows, FULL_QUARTER_ROWS, "applications", of="quarter")


def _part_of(frame: pd.DataFrame) -> pd.Series:
    """Return the part of each row of `lca_filings`."""
    return frame["disclosure_quarter"]


SOURCE: Final = Source(
    id=ID,
    title="DOL LCA disclosure data",
    producer="U.S. Department of Labor, Office of Foreign Labor Certification",
    url="https://www.dol.gov/agencies/eta/foreign-labor/performance",
    licence=PUBLIC_DOMAIN,
    layouts=LAYOUTS,
    read=_read,
    parts=_parts,
    tables=(TABLE,),
    bounds=Bounds(50_000, 900_000),
    part_of=_part_of,
)
