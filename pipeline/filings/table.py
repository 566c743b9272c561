"""Labor condition applications for residents and fellows, each with what supports or contradicts the reading.

The rules are those of docs/methods/trainee_filings.md. An application is neither a petition nor a visa.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

import numpy as np
import pandas as pd

from pipeline.filings.employers import linked_employers
from pipeline.filings.levels import soc_kind
from pipeline.filings.titles import is_trainee, read_titles
from pipeline.schemas.ids import stable_id
from pipeline.specialties.recognise import specialty_by_code, specialty_group, trains

HOURS_A_YEAR: Final = 2080
_UNITS_A_YEAR: Final = {"Hour": HOURS_A_YEAR, "Week": 52, "Bi-Weekly": 26, "Month": 12, "Year": 1}
# The first to the ninety-ninth percentile of full-time trainees in FY2025, rounded outwards; pay rises 3 % a year.
_PAY_LOW, _PAY_HIGH, _PAY_YEAR, _PAY_RISE = 52_000, 135_000, 2025, 1.03
_TRAINING_STARTS: Final = (6, 7)
_COUNTED_STATUS: Final = "Certified"
_COUNTED_VISA: Final = "H-1B"
RECENT_MONTHS: Final = 24
# Proclamation 10973: a payment of $100,000 with new petitions filed after this day.
PAYMENT_SINCE: Final = pd.Timestamp(2025, 9, 21)
_COUNTED_CONFIDENCE: Final = ("high", "medium")

_SUFFIXES: Final = {
    "filings": "",
    "recent": "_recent",
    "since_payment": "_since_payment",
    "new_since": "_new_since_payment",
}

_MEDICAL: Final = re.compile(r"physician|medical|house ?staff|house officer|gme|pgy", re.IGNORECASE)

# What tells one application from another where there is no case number.
_IDENTIFYING: Final = [
    "employer", "trade_name_dba", "job_title", "soc_code", "begin_date", "annual_wage", "workers", "worksite_city",
    "worksite_state", "employer_state", "full_time", "secondary_entity_name",
]  # fmt: skip
# USCIS counts these as initial and as continuing employment.
_NEW: Final = ("new_employment", "new_concurrent_employment")
_CONTINUING: Final = ("continued_employment", "change_previous_employment", "change_employer", "amended_petition")
COLUMNS: Final = [
    "filing_id", "case_number", "employer", "trade_name_dba", "job_title", "level", "pgy", "specialty",
    "specialty_code", "soc_code", "begin_date", "annual_wage", "workers", "employment", "worksite_city", "worksite_state",
    "institution_id", "relation", "confidence", "evidence", "snapshot_id",
]  # fmt: skip


def trainee_filings(lca: pd.DataFrame, employer_links: pd.DataFrame) -> pd.DataFrame:
    """Table `trainee_filings` (columns COLUMNS) from applications and the links of their employers to institutions.

    lca: table `lca_filings` with snapshot_id; columns that a layout lacks may be missing or null.
    employer_links: see `trainee_employers.linked_employers`; employers without a link keep a null institution.
    """
    read = read_titles(lca)
    rows = _filled(lca[is_trainee(read["level"])])
    read = read.loc[rows.index]
    filings = pd.DataFrame(
        {
            **{name: rows[name] for name in ("case_number", "trade_name_dba", "job_title", "soc_code", "snapshot_id")},
            "employer": rows["employer_name"],
            **{name: read[name] for name in ("level", "pgy", "specialty", "specialty_code", "confidence", "evidence")},
            "begin_date": pd.to_datetime(rows["begin_date"]).astype("datetime64[us]"),
            "annual_wage": annual_wage(rows),
            "workers": rows["workers"].fillna(1).astype("Int64"),
            "employment": employment(rows),
            **{name: rows[name] for name in ("worksite_city", "worksite_state", "full_time", "secondary_entity_name")},
            "employer_state": rows["employer_state"],
            "decision_date": pd.to_datetime(rows["decision_date"]),
        }
    )
    filings = filings[_counted(rows, filings) & filings["employer"].notna()].copy()
    linked = linked_employers(filings, employer_links)
    filings["institution_id"], filings["relation"] = linked["institution_id"], linked["relation"]
    filings["confidence"], filings["evidence"] = _weighed(filings, linked)
    filings["filing_id"] = _ids(filings)
    return filings[COLUMNS].sort_values("filing_id", ignore_index=True)


def _filled(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with all columns that are read here; those a layout lacks are null."""
    wanted = {
        "case_number", "case_status", "decision_date", "visa_class", "job_title", "soc_code", "full_time", "begin_date",
        "workers", "employer_name", "trade_name_dba", "employer_state", "worksite_city", "worksite_state", "wage_from",
        "wage_unit", "secondary_entity_name", "snapshot_id", *_NEW, *_CONTINUING,
    }  # fmt: skip
    return rows.assign(**dict.fromkeys(sorted(wanted - set(rows.columns)), None))


def annual_wage(rows: pd.DataFrame) -> pd.Series:
    """Lower end of the offered wage in USD per year, from wage_from and wage_unit; null where either is missing."""
    units = rows["wage_unit"].map(_UNITS_A_YEAR).astype("float64")
    return (pd.to_numeric(rows["wage_from"]).astype("float64") * units).round(2)


def employment(rows: pd.DataFrame) -> pd.Series:
    """new, continuing or both, by the workers the application counts under each kind; null where it counts none."""
    new, continuing = (sum(pd.to_numeric(rows[name]).fillna(0) for name in names) > 0 for names in (_NEW, _CONTINUING))
    said = np.select([new & continuing, new, continuing], ["both", "new", "continuing"], "")
    return pd.Series(said, index=rows.index, dtype="str").replace("", None)


def _counted(rows: pd.DataFrame, filings: pd.DataFrame) -> pd.Series:
    """Certified applications for H-1B, the newest decision of each case; a layout without the columns counts."""
    status = rows["case_status"].isna() | (rows["case_status"] == _COUNTED_STATUS)
    visa = rows["visa_class"].isna() | (rows["visa_class"] == _COUNTED_VISA)
    # The last of these is the newest; the status takes part so that a tie doesn't hang on the order of rows.
    order = filings.assign(status=rows["case_status"]).sort_values(
        ["decision_date", "snapshot_id", "status"], na_position="first", kind="stable"
    )
    older = order["case_number"].notna() & order.duplicated("case_number", keep="last")
    return status & visa & ~older.reindex(filings.index)


def _weighed(filings: pd.DataFrame, linked: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Confidence and evidence after pay, start, employer and worksite have spoken."""
    pay, pay_says = _pay(filings)
    start = filings["begin_date"].dt.month.isin(_TRAINING_STARTS)
    # Under a residual code a title without a word of medicine may be a veterinary or other resident's.
    bare = ~filings["soc_code"].map(_is_physician_soc).astype("bool") & ~filings["job_title"].str.contains(_MEDICAL)
    less = np.where(bare, -2, -1)
    steps = np.where(pay == -1, less, np.where((pay == 1) & start & linked["institution_id"].notna(), 1, 0))
    scale = {"low": 0, "medium": 1, "high": 2}
    before = filings["confidence"].map(scale).to_numpy(dtype="int64")
    # Support lifts medium only: it can't make sense of a title that says little.
    after = np.where(steps == 1, np.where(before == 1, 2, before), np.clip(before + steps, 0, 2))
    month = filings["begin_date"].dt.strftime("%B %Y")
    start_says = ("supports: begins in " + month + ", when training years begin").where(
        start, "open: begins in " + month
    )
    parts = [
        pay_says,
        start_says.where(filings["begin_date"].notna()),
        linked["employer_says"],
        linked["worksite_says"],
    ]
    evidence = [
        [*said, *(line for line in lines if isinstance(line, str))]
        for said, *lines in zip(filings["evidence"], *parts, strict=True)
    ]
    names = np.array(["low", "medium", "high"])
    return (
        pd.Series(names[after], index=filings.index, dtype="str"),
        pd.Series(evidence, index=filings.index, dtype="object"),
    )


def _is_physician_soc(soc_code: object) -> bool:
    return isinstance(soc_code, str) and soc_kind(soc_code) == "physician"


def _pay(filings: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """1 in the range of trainees' pay, -1 outside, 0 not judged; and the sentence that says so."""
    year = filings["begin_date"].dt.year.fillna(_PAY_YEAR)
    rise = _PAY_RISE ** (year - _PAY_YEAR)
    wage = filings["annual_wage"]
    extra = filings["job_title"].str.contains("moonlight", case=False)
    judged = wage.notna() & ~extra & (filings["full_time"].astype("boolean").fillna(True))
    inside = wage.between(_PAY_LOW * rise, _PAY_HIGH * rise)
    verdict = pd.Series(np.select([~judged, inside], [0, 1], -1), index=filings.index)
    amount = "$" + wage.fillna(0).map("{:,.0f}".format).astype("str") + " a year"
    said = "contradicts (weakly): " + amount + ", not as trainees are paid"
    said = said.mask(inside, "supports (weakly): " + amount + ", as trainees are paid")
    said = said.mask(~judged, "open: part-time or extra shifts, " + amount)
    return verdict, said.mask(wage.isna())


def _ids(filings: pd.DataFrame) -> list[str]:
    """Stable ids: of the case number, or of the identifying cells with a running number for identical rows."""
    cells = filings[_IDENTIFYING].assign(begin_date=filings["begin_date"].dt.strftime("%Y-%m-%d")).astype("object")
    cells = cells.where(cells.notna(), None)
    bare = filings[filings["case_number"].isna()].sort_values("snapshot_id", kind="stable").index
    repeated = cells.loc[bare].fillna("").astype("str").groupby(_IDENTIFYING).cumcount().reindex(filings.index)
    return [
        stable_id("lca", case) if isinstance(case, str) else stable_id("lca", *values, int(number))
        for case, values, number in zip(filings["case_number"], cells.itertuples(index=False), repeated, strict=True)
    ]


def filings_by_program(filings: pd.DataFrame, programs: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Counts of applications for trainees, for each program of the institution that filed.

    filings: table `trainee_filings`. programs: program_code, institution_id, specialty (ACGME name or null),
    specialty_code. Returns one row for each program, in the order given: program_code, then for `same` and `any`
    specialty trainee_filings_{…}_specialty, …_recent (begin within 24 months before `as_of`, or later),
    …_since_payment (begin after 21 September 2025) and …_new_since_payment (of these, for new employment),
    latest_trainee_filing and latest_trainee_filing_same_specialty.
    """
    used = filings[filings["confidence"].isin(_COUNTED_CONFIDENCE) & filings["institution_id"].notna()]
    since = pd.Timestamp(as_of) - pd.DateOffset(months=RECENT_MONTHS)
    flags = pd.DataFrame(
        {
            "institution_id": used["institution_id"],
            "group": specialty_group(used["specialty"]),
            "fellow": used["level"] == "fellow",
            "filings": 1,
            "recent": (used["begin_date"] >= since).astype("int64"),
            "since_payment": (used["begin_date"] > PAYMENT_SINCE).astype("int64"),
            "new_since": ((used["begin_date"] > PAYMENT_SINCE) & used["employment"].isin(["new", "both"])).astype(
                "int64"
            ),
            "latest": used["begin_date"],
        }
    )
    wanted = programs[["program_code", "institution_id"]].reset_index(drop=True)
    name = programs["specialty"].reset_index(drop=True)
    wanted["group"] = specialty_group(name.fillna(specialty_by_code(programs["specialty_code"].reset_index(drop=True))))
    residents_only = (trains(wanted["group"]) == "residents").fillna(False)
    by_any = _summed(flags, ["institution_id"])
    by_group = _summed(flags[flags["group"].notna()], ["institution_id", "group"])
    without_fellows = _summed(flags[flags["group"].notna() & ~flags["fellow"]], ["institution_id", "group"])
    any_specialty = wanted.merge(by_any, on="institution_id", how="left")
    with_fellows = wanted.merge(by_group, on=["institution_id", "group"], how="left")
    residents = wanted.merge(without_fellows, on=["institution_id", "group"], how="left")
    same = with_fellows.where(~residents_only, residents)
    counts = {"program_code": wanted["program_code"]}
    for kind, found in (("same", same), ("any", any_specialty)):
        for column, suffix in _SUFFIXES.items():
            counts[f"trainee_filings_{kind}_specialty{suffix}"] = found[column].fillna(0).astype("int64")
    counts["latest_trainee_filing"] = any_specialty["latest"]
    counts["latest_trainee_filing_same_specialty"] = same["latest"]
    return pd.DataFrame(counts)


def _summed(flags: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return flags.groupby(keys, as_index=False).agg(
        filings=("filings", "sum"),
        recent=("recent", "sum"),
        since_payment=("since_payment", "sum"),
        new_since=("new_since", "sum"),
        latest=("latest", "max"),
    )
