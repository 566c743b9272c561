"""Applications summed by institution, specialty and level."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from pipeline.filings.summary import COLUMNS, REGIMES, filings_by_institution, filings_by_program

AS_OF = dt.date(2026, 11, 20)
FILING: dict[str, Any] = {
    "employer": "A HOSPITAL", "job_title": "Resident", "level": "resident", "specialty": None, "begin_date": "2025-07-01",
    "worksite_city": "Boston", "worksite_state": "MA", "institution_id": "i1", "confidence": "high", "employment": "new", "payment_regime": "before_payment",
    "received_date": "2025-03-01", "possible_institution_ids": [], "relation": "same",
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
    days = {name: pd.to_datetime(frame[name]) for name in ("begin_date", "received_date")}
    return filings_by_institution(frame.assign(**days), INSTITUTIONS, AS_OF)


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


def counted(specialty: str, code: str, *changes: dict[str, Any]) -> dict[str, Any]:
    rows = [FILING | {"filing_id": f"lca_{place}"} | one for place, one in enumerate(changes)]
    frame = pd.DataFrame(rows).astype({"specialty": "str", "institution_id": "str"})
    days = {name: pd.to_datetime(frame[name]) for name in ("begin_date", "received_date")}
    program = {
        "program_code": "1",
        "institution_id": "i1",
        "state": "MA",
        "specialty": specialty,
        "specialty_code": code,
    }
    [row] = filings_by_program(frame.assign(**days), pd.DataFrame([program]), AS_OF).to_dict("records")
    return {str(name): value for name, value in row.items()}


@pytest.mark.parametrize(
    ("listed", "code", "in_title"),
    [
        ("Diagnostic Radiology", "420", "Radiology-Diagnostic"), ("General Surgery", "440", "Surgery"),
        ("Pathology", "300", "Pathology-Anatomic and Clinical"), ("Pediatrics", "320", "Pediatrics"),
        ("Plastic Surgery - Integrated", "362", "Plastic Surgery"),
    ],
)  # fmt: skip
def test_a_specialty_is_the_same_however_the_list_prints_it(listed: str, code: str, in_title: str) -> None:
    row = counted(listed, code, {"specialty": in_title}, {"specialty": "Urology"}, {})
    assert (row["trainee_filings_same_specialty"], row["trainee_filings_any_specialty"]) == (1, 3)


def test_the_peak_is_the_fullest_half_year_and_old_applications_fade() -> None:
    spring = [{"received_date": "2025-04-01"}] * 2
    row = counted("Pediatrics", "320", {}, {"specialty": "Pediatrics"}, {"received_date": "2024-10-01"}, *spring)
    assert (row["trainee_filings_any_specialty_peak"], row["trainee_filings_same_specialty_peak"]) == (3, 1)
    faded = counted("Pediatrics", "320", *[{"received_date": "2022-06-01", "begin_date": "2022-11-20"}] * 8)
    assert faded["trainee_filings_any_specialty_peak"] == pytest.approx(2, abs=0.01)
    unknown = counted("Pediatrics", "320", {"received_date": None}, {"received_date": None, "begin_date": None})
    assert unknown["trainee_filings_any_specialty_peak"] == 1, "the day of receipt is taken from the begin date"
    assert counted("Pediatrics", "320", {"institution_id": "i2"})["trainee_filings_any_specialty_peak"] == 0


def test_what_an_affiliate_files_in_one_state_of_a_consortium_counts_for_the_programs_there() -> None:
    affiliate = {"relation": "affiliate", "specialty": "Family Medicine"}
    rows = [
        affiliate | {"worksite_state": "OR"},
        affiliate | {"worksite_state": "WA"},  # where the consortium has no program
        affiliate | {"worksite_state": None},
        {"worksite_state": "OR"},  # the consortium itself
    ]
    frame = pd.DataFrame([FILING | {"filing_id": f"lca_{place}"} | one for place, one in enumerate(rows)])
    days = {name: pd.to_datetime(frame[name]) for name in ("begin_date", "received_date")}
    programs = pd.DataFrame(
        {
            "program_code": ["1", "2", "3"],
            "institution_id": "i1",
            "state": ["CA", "OR", None],
            "specialty": "Family Medicine",
            "specialty_code": "120",
        }
    )
    found = filings_by_program(frame.astype({"specialty": "str"}).assign(**days), programs, AS_OF)
    assert found["trainee_filings_any_specialty"].tolist() == [3, 4, 3]
    assert found["trainee_filings_same_specialty"].tolist() == [2, 3, 2]
    assert [sum(one["any_specialty"] for one in cell) for cell in found["trainee_filings_by_regime"]] == [3, 4, 3]
