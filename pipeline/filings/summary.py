"""Who filed for trainees, in which specialties, how lately: applications summed by institution, specialty and level."""

from __future__ import annotations

import datetime as dt
from typing import Final

import pandas as pd

from pipeline.filings.table import PAYMENT_SINCE, RECENT_MONTHS
from pipeline.linkage.places import metro_area

COLUMNS: Final = (
    "institution", "institution_id", "city", "state", "metro_area", "specialty", "level", "filings", "recent",
    "before_payment", "since_payment", "newest_start", "employers", "titles",
)  # fmt: skip
_MOST_NAMES: Final = 3


def filings_by_institution(filings: pd.DataFrame, institutions: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """One row for each institution, specialty (null: the title names none) and level, most recent filings first.

    filings, institutions: tables `trainee_filings` and `institutions`; applications of low confidence are left out, as for
    programs. Where the employer is linked to no institution, `institution` is the employer's name, institution_id is null,
    and state and area are the worksite's (its city isn't told apart). recent: begin within 24 months before `as_of`, or
    later; before_payment and since_payment: begin up to 21 September 2025, and after. employers, titles: lists, at most
    three, the commonest first.
    """
    counted = filings[filings["confidence"] != "low"]
    places = institutions[["institution_id", "name", "city", "state", "metro_area"]]
    rows = counted.merge(places, on="institution_id", how="left")
    linked = rows["name"].notna()
    at_site = metro_area(rows["worksite_city"], rows["worksite_state"])
    rows = rows.assign(
        institution=rows["name"].where(linked, rows["employer"]),
        state=rows["state"].where(linked, rows["worksite_state"]),
        metro_area=rows["metro_area"].where(linked, at_site),
        recent=rows["begin_date"] >= pd.Timestamp(as_of) - pd.DateOffset(months=RECENT_MONTHS),
        before_payment=rows["begin_date"] <= PAYMENT_SINCE,
        since_payment=rows["begin_date"] > PAYMENT_SINCE,
    )
    groups = rows.groupby(list(COLUMNS[:7]), dropna=False, sort=True, as_index=False)
    summed = groups.agg(
        filings=("filing_id", "size"),
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


def _commonest(texts: pd.Series) -> list[str]:
    counts = texts.value_counts().rename_axis("text").reset_index(name="n")
    return counts.sort_values(["n", "text"], ascending=[False, True])["text"].head(_MOST_NAMES).tolist()
