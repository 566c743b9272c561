"""Columns of the disclosure files of labor condition applications by era, in plain header cells (see `dol.with_plain_header`).

Built to OFLC's record layouts "LCA Disclosure Data" of FY2017, FY2019 and FY2020; the eras before to descriptions of the files. What
belongs here: which column is which. What their cells mean is in `dol_lca.py`.
"""

from __future__ import annotations

from typing import Final

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
_PLACE: Final = {"WORKSITE_CITY": "worksite_city", "WORKSITE_STATE": "worksite_state"}
_SITE: Final = _PLACE | {
    "WAGE_RATE_OF_PAY_FROM": "wage_from",
    "WAGE_UNIT_OF_PAY": "wage_unit",
    "PW_WAGE_LEVEL": "pw_wage_level",
}
_PERIOD: Final = {"EMPLOYMENT_START_DATE": "begin_date", "EMPLOYMENT_END_DATE": "end_date"}
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
    | _PERIOD
    | {"SOC_NAME": "soc_title", "TOTAL_WORKERS": "workers", "EMPLOYER_BUSINESS_DBA": "trade_name_dba"}
)
# FY2015 and FY2016: one wage, which may be a range; neither trade names nor wage levels.
_ONE_WAGE: Final = (
    _CASE
    | _PLACE
    | _PERIOD
    | {"SOC_NAME": "soc_title", "TOTAL_WORKERS": "workers", "WAGE_RATE_OF_PAY": "wage", "WAGE_UNIT_OF_PAY": "wage_unit"}
)
# FY2009 to FY2014; the worksite has other names in FY2010.
_LCA_CASE: Final = {
    "LCA_CASE_NUMBER": "case_number",
    "STATUS": "case_status",
    "DECISION_DATE": "decision_date",
    "LCA_CASE_EMPLOYMENT_START_DATE": "begin_date",
    "LCA_CASE_EMPLOYMENT_END_DATE": "end_date",
    "LCA_CASE_EMPLOYER_NAME": "employer_name",
    "LCA_CASE_EMPLOYER_CITY": "employer_city",
    "LCA_CASE_EMPLOYER_STATE": "employer_state",
    "LCA_CASE_SOC_CODE": "soc_code",
    "LCA_CASE_SOC_NAME": "soc_title",
    "LCA_CASE_JOB_TITLE": "job_title",
    "LCA_CASE_WAGE_RATE_FROM": "wage_from",
    "TOTAL_WORKERS": "workers",
}
_FIRST_SITE: Final = {"LCA_CASE_WORKLOC1_CITY": "worksite_city", "LCA_CASE_WORKLOC1_STATE": "worksite_state"}
_FIRST_LOCATION: Final = {"WORK_LOCATION_CITY1": "worksite_city", "WORK_LOCATION_STATE1": "worksite_state"}
# FY2008 and FY2009, the system before (EFILE): H-1B alone, without SOC codes.
_EFILE: Final = {
    "CASE_NO": "case_number",
    "APPROVAL_STATUS": "case_status",
    "DOL_DECISION_DATE": "decision_date",
    "JOB_TITLE": "job_title",
    "BEGIN_DATE": "begin_date",
    "END_DATE": "end_date",
    "NBR_IMMIGRANTS": "workers",
    "CITY_1": "worksite_city",
    "STATE_1": "worksite_state",
    "WAGE_RATE_1": "wage_from",
    "RATE_PER_1": "wage_unit",
}
_NAMED: Final = {"EMPLOYER_NAME": "employer_name", "EMPLOYER_CITY": "employer_city", "EMPLOYER_STATE": "employer_state"}
_BARE: Final = {"NAME": "employer_name", "CITY": "employer_city", "STATE": "employer_state"}
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
    "YEAR": "year",
    "QUARTER": "quarter",
}
# The same column under the names of all eras; of several that a file has, the first.
OPTIONAL: Final = {
    "RECEIVED_DATE": "received_date",
    "CASE_SUBMITTED": "received_date",
    "LCA_CASE_SUBMIT": "received_date",
    "SUBMITTED_DATE": "received_date",
    "VISA_CLASS": "visa_class",
    "FULL_TIME_POS": "full_time",
    "TRADE_NAME_DBA": "trade_name_dba",
    "EMPLOYER_BUSINESS_DBA": "trade_name_dba",
    "OCCUPATIONAL_TITLE": "soc_title",
    "LCA_CASE_WAGE_RATE_UNIT": "wage_unit",
    "PW_WAGE_LEVEL": "pw_wage_level",
    "NEW_EMPLOYMENT": "new_employment",
    "CONTINUED_EMPLOYMENT": "continued_employment",
    "CHANGE_PREVIOUS_EMPLOYMENT": "change_previous_employment",
    "NEW_CONCURRENT_EMPLOYMENT": "new_concurrent_employment",
    "NEW_CONCURRENT_EMP": "new_concurrent_employment",
    "CHANGE_EMPLOYER": "change_employer",
    "AMENDED_PETITION": "amended_petition",
    "EMPLOYER_COUNTRY": "employer_country",
    "EMPLOYER_FEIN": "employer_fein",
    "NAICS_CODE": "naics",
    "NAIC_CODE": "naics",
    "LCA_CASE_NAICS_CODE": "naics",
    "SECONDARY_ENTITY_BUSINESS_NAME": "secondary_entity_name",
    "SECONDARY_ENTITY_BUSINESS_NAME_1": "secondary_entity_name",
    "WORKSITE_POSTAL_CODE": "worksite_postal_code",
    "WORKSITE_POSTAL_CODE_1": "worksite_postal_code",
    "WAGE_RATE_OF_PAY_TO": "wage_to",
    "WAGE_RATE_OF_PAY_TO_1": "wage_to",
    "LCA_CASE_WAGE_RATE_TO": "wage_to",
    "MAX_RATE_1": "wage_to",
    "PW_TRACKING_NUMBER": "pw_case_number",
    "PW_TRACKING_NUMBER_1": "pw_case_number",
}
# An era's layouts are tried in this order: what has more of its own names comes first.
_ERAS: Final = {
    "FY2020": _FLAG,
    "FY2019": _WIDE,
    "FY2017": _ICERT,
    "FY2015": _ONE_WAGE,
    "FY2011": _LCA_CASE | _FIRST_SITE,
    "FY2010": _LCA_CASE | _FIRST_LOCATION,
    "FY2009": _EFILE | _NAMED,
    "FY2008": _EFILE | _BARE,
}
EXCERPT: Final = "excerpt"
COLUMNS: Final = {f"{era} {media}": cells for era, cells in _ERAS.items() for media in ("xlsx", "csv")} | {
    EXCERPT: _EXCERPT
}


def optional_columns(layout: str, header: tuple[str, ...]) -> dict[str, str]:
    """Return the optional columns to read of a file, header cell -> our name: of each that `layout` lacks, the first name in `header`.

    A column that the file lacks is there, too, under one of its names.
    """
    names: dict[str, list[str]] = {}
    for cell, name in OPTIONAL.items():
        names.setdefault(name, []).append(cell)
    known = COLUMNS[layout].values()
    return {
        next((cell for cell in cells if cell in header), cells[0]): name
        for name, cells in names.items()
        if name not in known
    }
