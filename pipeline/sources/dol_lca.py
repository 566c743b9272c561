"""DOL disclosure of labor condition applications (Form ETA-9035): the official files of all eras since FY2008, and an excerpt.

Columns are selected by name (`dol_lca_columns.py`); those that name persons (points of contact, attorneys, preparers) are never
read. See docs/sources/dol_lca.md.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

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
from pipeline.sources.dol_lca_columns import COLUMNS, EXCERPT, OPTIONAL, optional_columns
from pipeline.sources.tabular.columns import (
    blank_to_null,
    blanks_to_null,
    by_value,
    days,
    decimals,
    mend_names,
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
    "Pending Quality and Compliance Review - Unassigned": "Pending",
}
_VISA_CLASS: Final = {
    "H-1B": "H-1B",
    "H-1B1 Chile": "H-1B1 Chile",
    "H-1B1 Singapore": "H-1B1 Singapore",
    "E-3 Australian": "E-3 Australian",
    "Select Visa Classification": None,  # the form's own prompt, left as it was in a few rows of FY2015 and FY2016
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
    "pw_case_number", "secondary_entity_name", "worksite_city",
)  # fmt: skip
_ANSWER: Final = {"Y": True, "Yes": True, "N": False, "No": False, "N/A": None}
# UTF-8 read as Windows-1252, of which the first two bytes were then lost: the third byte of a dash is left over.
_LEFT_OVER: Final = {"“": "–", "”": "—"}


def _read(probe: Probe, layout: Layout, hints: Hints) -> Parsed:
    """Read table `lca_filings`: one row for each application disclosed."""
    excerpt = layout.name == EXCERPT
    probe = dol.with_plain_header(probe)
    optional = optional_columns(layout.name, probe.header)
    sieve = read_table(probe, ID, COLUMNS[layout.name], optional, show=excerpt, else_encoding=WINDOWS_1252)
    sieve.require_rows()
    if "wage" in sieve.frame:
        _one_wage(sieve)
    for column in ("begin_date", "end_date", "received_date"):
        days(sieve, column)
    for column in ("wage_from", "wage_to"):
        decimals(sieve, column)
    if excerpt:
        _workers_unknown(sieve)
    else:
        _official(sieve, probe.header)
    if "soc_code" not in sieve.frame:
        sieve.frame["soc_code"] = ""
    translated(sieve, "full_time", _ANSWER, "answer", dtype="boolean")
    translated(sieve, "wage_unit", _WAGE_UNIT, "unit of a wage")
    translated(sieve, "pw_wage_level", _WAGE_LEVEL, "wage level")
    named_states(sieve, "worksite_state")
    sieve.frame["worksite_postal_code"] = _postal(sieve.frame["worksite_postal_code"])
    mend_names(sieve, "employer_name", "trade_name_dba")
    for column in ("employer_name", "trade_name_dba"):
        sieve.frame[column] = by_value(sieve.frame[column], _with_dashes)
    blanks_to_null(sieve, *sorted(set(_TEXTS) & set(sieve.frame.columns)))
    return sieve.as_table(TABLE)


def _one_wage(sieve: Sieve) -> None:
    """Split the one column of wages of FY2015 and FY2016, `65000.00` or `65000.00 - 80000.00`, into its two ends."""
    ends = sieve.frame["wage"].str.extract(r"^(.*?)(?:\s*-\s*(.*))?$")
    sieve.frame = sieve.frame.drop(columns="wage").assign(wage_from=ends[0].fillna(""), wage_to=ends[1].fillna(""))


def _official(sieve: Sieve, header: tuple[str, ...]) -> None:
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
    if "VISA_CLASS" not in header:
        sieve.frame["visa_class"] = "H-1B"  # files of H-1B alone, up to FY2010
    translated(sieve, "visa_class", _VISA_CLASS, "visa class")
    dol.employer_states(sieve)
    typed_tax_ids(sieve, "employer_fein")
    sieve.frame = sieve.frame.drop(columns="employer_country")


def _workers_unknown(sieve: Sieve) -> None:
    """Fit the excerpt to the table: it has year and quarter in place of the day of the decision, and neither workers nor status."""
    quarter = "FY" + sieve.frame["year"] + sieve.frame["quarter"]
    sieve.reject(~quarter.str.fullmatch(r"FY20[0-9][0-9]Q[1-4]"), "no year and quarter")
    kept = quarter[sieve.frame.index]
    absent = set(OPTIONAL.values()) - set(COLUMNS[EXCERPT].values())
    sieve.frame = sieve.frame.drop(columns=["year", "quarter", *sorted(absent)])
    sieve.frame["disclosure_quarter"] = kept
    sieve.frame["workers"] = pd.Series(1, index=sieve.frame.index, dtype="Int64")


def _postal(cells: pd.Series) -> pd.Series:
    return by_value(
        cells, lambda values: blank_to_null(values.where(~values.str.fullmatch(r"[0-9]{3,4}"), values.str.zfill(5)))
    )


def _with_dashes(values: pd.Series) -> pd.Series:
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
    recogniser=lambda probe: layout_by_header(LAYOUTS, dol.with_plain_header(probe)),
    part_of=_part_of,
    watched=("employer_name", "employer_state", "job_title", "soc_code"),
    totals=("workers",),
)
