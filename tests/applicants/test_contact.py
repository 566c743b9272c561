"""Whom to ask, and what."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from pipeline.applicants.contact import contact_list, letter, next_july, unclear
from pipeline.schemas.frames import to_arrow, to_frame

QUOTED = {
    "evidence_quote": "We sponsor H-1B visas.", "evidence_url": "https://x.example", "evidence_scope": "program",
    "evidence_kind": "page", "evidence_date": pd.Timestamp("2026-05-01"), "h1b_stated": "yes", "j1_stated": "yes",
    "policy": "both", "sponsor_tier": "sponsors",
}  # fmt: skip


def listed(**changes: object) -> pd.DataFrame:
    row = {
        "program_code": "1400000001", "program_name": "X Hospital Program", "specialty": "Internal Medicine",
        "specialty_code": "140", "institution_id": "inst_1", "institution": "X Hospital", "visa_category": "?",
        "h1b_stated": "not_stated", "j1_stated": "not_stated", "policy": "not_stated",
        "step3_required_for_h1b": "not_stated", "sponsor_tier": "unknown", "tier_confidence": "low",
        "needs_confirmation": True, "as_of": pd.Timestamp("2026-11-20"), "release_id": "r", "accreditation": "accredited",
    }  # fmt: skip
    return to_frame(to_arrow(pd.DataFrame([row | changes]), "functional_h1b_sponsors"))


def record(**changes: object) -> dict[str, object]:
    frame = listed(**changes)
    return {str(name): value for name, value in frame.astype(object).where(frame.notna(), None).iloc[0].items()}


def test_a_program_that_is_sure_is_not_asked() -> None:
    assert contact_list(listed(needs_confirmation=False)).empty


def test_a_program_whose_accreditation_was_withdrawn_gets_no_letter() -> None:
    assert contact_list(listed(accreditation="withdrawn")).empty
    assert len(contact_list(listed(accreditation="probation"))) == 1


def test_a_program_without_a_statement_is_asked_everything() -> None:
    [row] = contact_list(listed()).to_dict("records")
    assert row["unclear"].startswith("which visas are sponsored: no statement is at hand; ")
    assert row["subject"] == "Visa sponsorship, Internal Medicine, X Hospital (ACGME 1400000001)"
    for part in ("Internal Medicine", "X Hospital", "July 2027", "H-1B", "J-1", "USMLE Step 3", "Thank you"):
        assert part in row["question"]


@pytest.mark.parametrize(
    ("changes", "point"),
    [
        ({}, "whether H-1B visas are still sponsored"),
        ({"h1b_stated": "case_by_case"}, "on what conditions an H-1B visa is possible"),
        ({"h1b_stated": "no"}, "H-1B visas are said not to be sponsored: whether this is still so"),
        ({"h1b_stated": "no", "j1_stated": "not_stated"}, "H-1B visas are said not to be sponsored: whether J-1 visas"),
        (
            {"h1b_stated": "no", "sponsor_tier": "conflicting"},
            "whether H-1B visas are sponsored: the statement says no",
        ),
        ({"h1b_stated": "not_stated", "policy": "j1_only"}, "whether H-1B visas are sponsored: only the J-1 is named"),
        (
            {"h1b_stated": "not_stated", "j1_stated": "not_stated", "policy": "contact"},
            "which visas are sponsored: what is published leaves it open",
        ),
    ],
)
def test_the_first_point_is_what_is_not_known_of_the_h1b(changes: dict[str, object], point: str) -> None:
    assert unclear(record(**QUOTED | changes))[0].startswith(point)


@pytest.mark.parametrize(
    ("changes", "point"),
    [
        ({"evidence_scope": "institution"}, "whether the institution's policy holds for this program"),
        ({"evidence_date": None}, "whether a statement without a date still holds"),
        ({"evidence_date": pd.Timestamp("2023-02-09")}, "whether the statement of 9 February 2023 still holds"),
        ({"evidence_kind": "directory"}, "whether the program's answer in a directory is its policy"),
        ({"step3_required_for_h1b": "yes"}, "whether USMLE Step 3 is required for an H-1B, and by when"),
    ],
)
def test_further_points(changes: dict[str, object], point: str) -> None:
    assert point in unclear(record(**QUOTED | changes))


@pytest.mark.parametrize(
    "known", [{"step3_required_for_h1b": "yes", "step3_deadline": "by March 1"}, {"step3_required_for_h1b": "no"}]
)
def test_what_is_known_of_step_3_is_not_asked(known: dict[str, object]) -> None:
    row = record(**QUOTED | known)
    assert not any("Step 3" in point for point in unclear(row)) and "Step 3" not in letter(row)


def test_nobody_is_asked_for_step_3_where_no_h1b_is_sponsored() -> None:
    assert "Step 3" not in letter(record(**QUOTED | {"h1b_stated": "no"}))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("page", "A page of 1 May 2026 (https://x.example) says: “We sponsor H-1B visas.”"),
        ("restated", "According to notes on a page of 1 May 2026 (https://x.example): We sponsor H-1B visas."),
        ("confirmed", "I have a note of 1 May 2026: We sponsor H-1B visas."),
        ("directory", "What I have seen is an answer of yours of 1 May 2026. We sponsor H-1B visas."),
    ],
)
def test_the_letter_says_what_is_at_hand_and_of_what_kind_it_is(kind: str, said: str) -> None:
    assert said in letter(record(**QUOTED | {"evidence_kind": kind}))


def test_a_long_quotation_is_cut_and_stays_on_its_line() -> None:
    text = letter(record(**QUOTED | {"evidence_quote": "We\nsponsor " + "many " * 500}))
    assert "We sponsor many" in text and "…" in text and len(text) < 1_500


@pytest.mark.parametrize(("day", "year"), [("2026-06-30", 2026), ("2026-07-01", 2027), ("2026-11-20", 2027)])
def test_the_next_july(day: str, year: int) -> None:
    assert next_july(dt.date.fromisoformat(day)) == year


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"routes": ["transfer_or_extension"]}, "Is an H-1B still filed for those alone who hold one and transfer it"),
        ({"routes": ["change_of_status", "transfer_or_extension"]}, "for applicants in the United States alone"),
        ({"h1b_stated": "no", "paused_until": pd.Timestamp("2027-05-31")}, "once the pause ends on 31 May 2027?"),
        (
            {"evidence_date": None, "evidence_saved_on": pd.Timestamp("2026-10-01")},
            "without a date, saved on 1 October 2026,",
        ),
    ],
)
def test_limits_of_the_routes_are_asked_about(changes: dict[str, object], part: str) -> None:
    assert part in letter(record(**QUOTED | {"h1b_stated": "case_by_case"} | changes))
