"""What applications for trainees add up to: for each program, and for each institution, specialty and level.

What belongs here: counting. Which applications are for trainees is in `table.py`; those of low confidence are not counted.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

import pandas as pd

from pipeline.linkage.places import metro_area
from pipeline.schemas.recent_periods import PAYMENT_SINCE, recent_since
from pipeline.specialties.recognise import specialty_by_code, specialty_group, trains

COLUMNS: Final = (
    "institution", "institution_id", "city", "state", "metro_area", "specialty", "level", "filings", "recent",
    "before_payment", "since_payment", "newest_start", "employers", "titles",
)  # fmt: skip
_KEYS: Final = COLUMNS[:7]
_MOST_NAMES: Final = 3
_COUNTED_CONFIDENCE: Final = ("high", "medium")
_SUFFIXES: Final = {
    "filings": "",
    "recent": "_recent",
    "since_payment": "_since_payment",
    "new_since_payment": "_new_since_payment",
}


def filings_by_institution(filings: pd.DataFrame, institutions: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Count applications for each institution, specialty (null: the title names none) and level, most recent filings first.

    filings, institutions: tables `trainee_filings` and `institutions`. Returns COLUMNS. Where the employer is linked to no
    institution, `institution` is the employer's name, institution_id is null, and state and area are the worksite's (its city
    is left out). recent: begin on a day that is recent on `as_of`, or later; before_payment and since_payment: begin up
    to PAYMENT_SINCE, and after. employers, titles: lists, at most three, the commonest first.
    """
    places = institutions[["institution_id", "name", "city", "state", "metro_area"]]
    rows = _counted(filings, as_of).merge(places, on="institution_id", how="left")
    linked = rows["name"].notna()
    at_site = metro_area(rows["worksite_city"], rows["worksite_state"])
    rows = rows.assign(
        institution=rows["name"].where(linked, rows["employer"]),
        state=rows["state"].where(linked, rows["worksite_state"]),
        metro_area=rows["metro_area"].where(linked, at_site),
        before_payment=rows["begin_date"] <= PAYMENT_SINCE,
    )
    groups = rows.groupby(list(_KEYS), dropna=False, sort=True, as_index=False)
    summed = groups.agg(
        filings=("filings", "sum"),
        recent=("recent", "sum"),
        before_payment=("before_payment", "sum"),
        since_payment=("since_payment", "sum"),
        newest_start=("begin_date", "max"),
        employers=("employer", _commonest),
        titles=("job_title", _commonest),
    )
    whole = summed.groupby(["institution", "state"], dropna=False)["recent"].transform("sum")
    order = summed.assign(whole=whole).sort_values(
        ["whole", "institution", "recent", "specialty", "level"],
        ascending=[False, True, False, True, True],
        kind="stable",
    )
    return order[list(COLUMNS)].reset_index(drop=True)


def filings_by_program(filings: pd.DataFrame, programs: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Count applications for trainees of the institution that runs each program.

    filings: table `trainee_filings`. programs: program_code, institution_id, specialty (ACGME name or null),
    specialty_code. Returns one row for each program, in the order given: program_code, then for `same` and `any`
    specialty trainee_filings_{…}_specialty, …_recent (begin on a day that is recent on `as_of`, or later),
    …_since_payment (begin after PAYMENT_SINCE) and …_new_since_payment (of these, for new employment),
    latest_trainee_filing and latest_trainee_filing_same_specialty. Fellows count for no program that trains residents alone.
    """
    counted = _counted(filings, as_of)
    counted = counted.assign(group=specialty_group(counted["specialty"])).dropna(subset=["institution_id"])
    named = counted[counted["group"].notna()]
    wanted = programs[["program_code", "institution_id"]].reset_index(drop=True)
    name = programs["specialty"].reset_index(drop=True)
    wanted["group"] = specialty_group(name.fillna(specialty_by_code(programs["specialty_code"].reset_index(drop=True))))
    residents_only = (trains(wanted["group"]) == "residents").fillna(False)
    any_specialty = _joined(wanted, counted, "institution_id")
    with_fellows = _joined(wanted, named, "institution_id", "group")
    residents = _joined(wanted, named[named["level"] != "fellow"], "institution_id", "group")
    same = with_fellows.where(~residents_only, residents)
    counts = {"program_code": wanted["program_code"]}
    for kind, found in (("same", same), ("any", any_specialty)):
        for column, suffix in _SUFFIXES.items():
            counts[f"trainee_filings_{kind}_specialty{suffix}"] = found[column].fillna(0).astype("int64")
    counts["latest_trainee_filing"] = any_specialty["latest"]
    counts["latest_trainee_filing_same_specialty"] = same["latest"]
    return pd.DataFrame(counts)


def _counted(filings: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Return the applications that count, with 1 or 0 for each kind of count."""
    used = filings[filings["confidence"].isin(_COUNTED_CONFIDENCE)]
    since_payment = used["begin_date"] > PAYMENT_SINCE
    return used.assign(
        filings=1,
        recent=(used["begin_date"] >= recent_since(pd.Timestamp(as_of))).astype("int64"),
        since_payment=since_payment.astype("int64"),
        new_since_payment=(since_payment & used["employment"].isin(["new", "both"])).astype("int64"),
    )


def _joined(wanted: pd.DataFrame, counted: pd.DataFrame, *keys: str) -> pd.DataFrame:
    """Return `wanted` with the sums of `counted` under the same keys, null where there is none."""
    groups = counted.groupby(list(keys), as_index=False)
    summed = groups.agg(**{name: (name, "sum") for name in _SUFFIXES}, latest=("begin_date", "max"))
    return wanted.merge(summed, on=list(keys), how="left")


def _commonest(texts: pd.Series) -> list[str]:
    counts = texts.value_counts().rename_axis("text").reset_index(name="n")
    return counts.sort_values(["n", "text"], ascending=[False, True])["text"].head(_MOST_NAMES).tolist()
