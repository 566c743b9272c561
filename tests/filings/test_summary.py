"""Applications summed by institution, specialty and level."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from pipeline.filings.summary import COLUMNS, REGIMES, filings_by_institution

AS_OF = dt.date(2026, 11, 20)
FILING: dict[str, Any] = {
    "employer": "A HOSPITAL", "job_title": "Resident", "level": "resident", "specialty": None, "begin_date": "2025-07-01",
    "worksite_city": "Boston", "worksite_state": "MA", "institution_id": "i1", "confidence": "high", "employment": "new", "payment_regime": "before_payment",
    "possible_institution_ids": [],
}  # fmt: skip
INSTITUTIONS = pd.DataFrame(
    {
        "institution_id": ["i1"],
        "name": ["A Hospital"],
        "city": ["Worcester"],
        "state": ["MA"],
        "metro_area": ["Worcester, MA-CT"],
    }
)


def summed(*changes: dict[str, Any]) -> pd.DataFrame:
    rows = [FILING | {"filing_id": f"lca_{place}"} | one for place, one in enumerate(changes)]
    frame = pd.DataFrame(rows).astype({"specialty": "str", "institution_id": "str"})
    return filings_by_institution(frame.assign(begin_date=pd.to_datetime(frame["begin_date"])), INSTITUTIONS, AS_OF)


def test_regimes_of_the_payment_and_the_last_24_months_are_apart() -> None:
    [row] = summed(
        {},
        {"payment_regime": "payment_demanded"},
        {"payment_regime": "payment_suspended", "begin_date": "2026-12-01"},
        {"begin_date": "2024-11-19"},
        {"begin_date": None, "payment_regime": "not_known"},
    ).to_dict("records")
    assert (row["filings"], row["recent"]) == (5, 3)
    assert [row[regime] for regime in REGIMES] == [2, 1, 1, 1]
    assert str(row["newest_start"])[:10] == "2026-12-01"


def test_an_employer_without_an_institution_keeps_its_name_and_the_worksites_state() -> None:
    found = summed(
        {},
        {"institution_id": None, "employer": "B GROUP"},
        {"institution_id": None, "employer": "B GROUP", "worksite_city": "Cambridge"},
    )
    assert list(found.columns) == list(COLUMNS)
    assert found[["institution", "state", "filings"]].values.tolist() == [["B GROUP", "MA", 2], ["A Hospital", "MA", 1]]
    assert found["metro_area"].tolist() == ["Boston-Cambridge-Newton, MA-NH", "Worcester, MA-CT"]
    assert found["files_for"].fillna(-1).tolist() == [0, -1]


def test_an_employer_that_files_for_several_is_shown_with_how_many() -> None:
    found = summed({"institution_id": None, "employer": "C SYSTEM", "possible_institution_ids": ["i1", "i2", "i3"]})
    assert found[["institution", "files_for"]].values.tolist() == [["C SYSTEM", 3]]


def test_specialties_and_levels_are_lines_and_low_confidence_is_left_out() -> None:
    found = summed(
        {"specialty": "Pediatrics"}, {"specialty": "Pediatrics", "job_title": "Resident, Pediatrics"}, {"specialty": "Pediatrics"},
        {"level": "fellow"}, {"confidence": "low"},
    )  # fmt: skip
    assert found["filings"].tolist() == [3, 1] and found["specialty"].isna().tolist() == [False, True]
    assert found.loc[0, "titles"] == ["Resident", "Resident, Pediatrics"] and found.loc[0, "employers"] == [
        "A HOSPITAL"
    ]
