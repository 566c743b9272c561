"""Labor condition applications for residents and fellows: `trainee_applications`, and whose they are, `trainee_filings`.

What belongs here: which applications count, by docs/methods/trainee_filings.md, and their cells. An application is neither a
petition nor a visa.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.filings.employers import linked_employers
from pipeline.filings.regimes import payment_regimes, received_dates
from pipeline.filings.support import weigh
from pipeline.filings.titles import is_trainee, read_titles
from pipeline.schemas.ids import stable_id

HOURS_A_YEAR: Final = 2080
_UNITS_A_YEAR: Final = {"Hour": HOURS_A_YEAR, "Week": 52, "Bi-Weekly": 26, "Month": 12, "Year": 1}
_COUNTED_STATUS: Final = "Certified"
_COUNTED_VISA: Final = "H-1B"
# What sets one application apart from another where there is no case number.
_IDENTIFYING: Final = [
    "employer", "trade_name_dba", "job_title", "soc_code", "begin_date", "annual_wage", "workers", "worksite_city",
    "worksite_state", "employer_state", "full_time", "secondary_entity_name",
]  # fmt: skip
# Kind of employment -> columns of the form that count workers under it. A change of employer is a route of its own: who holds
# an H-1B already brings it along.
_KINDS: Final = {
    "new": ("new_employment", "new_concurrent_employment"),
    "change_of_employer": ("change_employer",),
    "continuing": ("continued_employment", "change_previous_employment", "amended_petition"),
}
_COUNTED_KINDS: Final = tuple(name for names in _KINDS.values() for name in names)
COLUMNS: Final = [
    "filing_id", "case_number", "employer", "trade_name_dba", "job_title", "level", "pgy", "specialty",
    "specialty_code", "soc_code", "received_date", "payment_regime", "begin_date", "annual_wage", "workers", "employment",
    "pw_case_number", "worksite_city", "worksite_state", "institution_id", "relation", "possible_institution_ids",
    "confidence", "evidence", "snapshot_id",
]  # fmt: skip


def trainee_applications(lca: pd.DataFrame) -> pd.DataFrame:
    """Return table `trainee_applications`, sorted by filing_id: the applications that count, as their titles read.

    lca: table `lca_filings` with snapshot_id; columns that a layout lacks may be missing or null.
    """
    read = read_titles(lca)
    rows = _filled(lca[is_trainee(read["level"])])
    read = read.loc[rows.index]
    applications = pd.DataFrame(
        {
            **{name: rows[name] for name in ("case_number", "trade_name_dba", "job_title", "soc_code", "snapshot_id")},
            "employer": rows["employer_name"],
            **{name: read[name] for name in ("level", "pgy", "specialty", "specialty_code", "confidence", "evidence")},
            "received_date": received_dates(rows["received_date"], rows["case_number"]),
            "begin_date": pd.to_datetime(rows["begin_date"]).astype("datetime64[us]"),
            "annual_wage": annual_wage(rows),
            "workers": rows["workers"].fillna(1).astype("Int64"),
            "employment": employment(rows),
            "pw_case_number": rows["pw_case_number"].astype("str"),
            **{name: rows[name] for name in ("worksite_city", "worksite_state", "full_time", "secondary_entity_name")},
            "employer_state": rows["employer_state"],
            "decision_date": pd.to_datetime(rows["decision_date"]),
        }
    )
    applications = applications[_counted(rows, applications) & applications["employer"].notna()].copy()
    applications["payment_regime"] = payment_regimes(applications["received_date"], applications["begin_date"])
    applications["filing_id"] = _ids(applications)
    return applications.drop(columns="decision_date").sort_values("filing_id", ignore_index=True)


def trainee_filings(applications: pd.DataFrame, employer_links: pd.DataFrame) -> pd.DataFrame:
    """Return table `trainee_filings` (columns COLUMNS), in the order of `applications`, table `trainee_applications`.

    employer_links: see `linked_employers`; employers without a link keep a null institution.
    """
    linked = linked_employers(applications, employer_links)
    confidence, evidence = weigh(applications, linked)
    whose = {name: linked[name] for name in ("institution_id", "relation", "possible_institution_ids")}
    return applications.assign(**whose, confidence=confidence, evidence=evidence)[COLUMNS]


def _filled(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with all columns that are read here; those a layout lacks are null."""
    wanted = {
        "case_number", "case_status", "received_date", "decision_date", "visa_class", "job_title", "soc_code", "full_time",
        "begin_date", "workers", "employer_name", "trade_name_dba", "employer_state", "pw_case_number", "worksite_city",
        "worksite_state", "wage_from", "wage_unit", "secondary_entity_name", "snapshot_id", *_COUNTED_KINDS,
    }  # fmt: skip
    return rows.assign(**dict.fromkeys(sorted(wanted - set(rows.columns)), None))


def annual_wage(rows: pd.DataFrame) -> pd.Series:
    """Return the lower end of the offered wage in USD per year, from wage_from and wage_unit; null where either is missing."""
    units = rows["wage_unit"].map(_UNITS_A_YEAR).astype("float64")
    return (pd.to_numeric(rows["wage_from"]).astype("float64") * units).round(2)


def employment(rows: pd.DataFrame) -> pd.Series:
    """Return the kind under which an application counts workers, one of EMPLOYMENT; null where it counts none."""
    counted = [sum(pd.to_numeric(rows[name]).fillna(0) for name in names) > 0 for names in _KINDS.values()]
    kinds = np.select([sum(counted) > 1, *counted], ["several", *_KINDS], "")
    return pd.Series(kinds, index=rows.index, dtype="str").replace("", None)


def _counted(rows: pd.DataFrame, filings: pd.DataFrame) -> pd.Series:
    """Find certified applications for H-1B, the newest decision of each case; a layout without the columns counts.

    One of a layout with them on which no visa class was chosen says nothing of H-1B.
    """
    silent = rows["case_status"].isna()
    status = silent | (rows["case_status"] == _COUNTED_STATUS)
    visa = (silent & rows["visa_class"].isna()) | (rows["visa_class"] == _COUNTED_VISA)
    # The last of these is the newest; the status takes part so that a tie doesn't hang on the order of rows.
    order = filings.assign(status=rows["case_status"]).sort_values(
        ["decision_date", "snapshot_id", "status"], na_position="first", kind="stable"
    )
    older = order["case_number"].notna() & order.duplicated("case_number", keep="last")
    return status & visa & ~older.reindex(filings.index)


def _ids(filings: pd.DataFrame) -> list[str]:
    """Return stable ids: of the case number, or of the identifying cells with a running number for identical rows."""
    cells = filings[_IDENTIFYING].assign(begin_date=filings["begin_date"].dt.strftime("%Y-%m-%d")).astype("object")
    cells = cells.where(cells.notna(), None)
    bare = filings[filings["case_number"].isna()].sort_values("snapshot_id", kind="stable").index
    repeated = cells.loc[bare].fillna("").astype("str").groupby(_IDENTIFYING).cumcount().reindex(filings.index)
    return [
        stable_id("lca", case) if isinstance(case, str) else stable_id("lca", *values, int(number))
        for case, values, number in zip(filings["case_number"], cells.itertuples(index=False), repeated, strict=True)
    ]
