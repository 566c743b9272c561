"""What to ask the GME office: made of what the rows leave open."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from pipeline.applicants.questions import gme_questions

PROGRAM: dict[str, Any] = {
    "specialty": "Pediatrics", "program_name": "A Program", "h1b_stated": "not_stated", "sponsor_tier": "possible",
    "needs_confirmation": True, "step3_deadline": None, "as_of": dt.date(2026, 1, 15), "accreditation": "accredited",
}  # fmt: skip
OWN = {"name": "A HOSPITAL", "relation": "same", "cap_exempt_category": "exempt_higher_ed"}


@pytest.mark.parametrize(
    ("programs", "petitioners", "said"),
    [
        ([{}], [], "Which legal entity employs the residents and fellows"),
        ([{}], [OWN], "Does A Hospital file the H-1B petitions"),
        ([{}], [OWN, OWN | {"name": "B GROUP"}], "A Hospital, B Group, or another?"),
        ([{}], [OWN | {"relation": "affiliate"}], "Which legal entity employs"),
        ([{}], [OWN], "A Hospital seems exempt from the cap (inferred)"),
        ([{}], [OWN | {"cap_exempt_category": None}], "or must they go through the lottery?"),
        ([{}], [], "New petitions through a consulate cost a payment of $100,000 since 2025-09-21"),
        ([{"as_of": dt.date(2026, 11, 1)}], [], "is not collected since 2026-07-24"),
        (
            [{}],
            [],
            "No payment is due for a change of status that is granted inside the United States, nor for a change of employer",
        ),
        ([{"as_of": dt.date(2025, 8, 1)}], [], "Are new petitions filed for trainees who need a consulate"),
        ([{}, {"specialty": "Urology"}], [], "Nothing at hand in writing answers on H-1B for Pediatrics, Urology"),
        ([{"specialty": None}], [], "H-1B for A Program"),
        ([{"h1b_stated": "no", "sponsor_tier": "conflicting"}], [], "filed lately (Pediatrics): what holds now?"),
        ([{"h1b_stated": "no", "sponsor_tier": "j1_only"}], [], "denied in writing (Pediatrics): is that still so?"),
        ([{"h1b_stated": "yes", "sponsor_tier": "sponsors"}], [], "offered in writing (Pediatrics): is that still so"),
        ([{"step3_deadline": "January 15"}], [], "Stated: January 15."),
        ([{}], [], "Must Step 3 be passed for an H-1B"),
    ],
)
def test_what_is_open_is_asked(programs: list[dict[str, Any]], petitioners: list[dict[str, Any]], said: str) -> None:
    assert said in " ".join(gme_questions([PROGRAM | one for one in programs], petitioners))


def test_what_is_known_is_not_asked() -> None:
    sure = PROGRAM | {"h1b_stated": "yes", "sponsor_tier": "sponsors", "needs_confirmation": False}
    asked = " ".join(gme_questions([sure], [OWN]))
    assert "Pediatrics" not in asked


def test_nothing_is_asked_of_a_program_whose_accreditation_was_withdrawn() -> None:
    asked = " ".join(gme_questions([PROGRAM | {"accreditation": "withdrawn"}], [OWN]))
    assert "Pediatrics" not in asked


def test_a_long_list_is_cut_and_an_institution_without_programs_is_asked_too() -> None:
    many = [PROGRAM | {"specialty": f"Specialty {number}"} for number in range(9)]
    assert "Specialty 5 and 3 more" in " ".join(gme_questions(many, []))
    assert len(gme_questions([], [])) == 4


TOLD = PROGRAM | {
    "program_code": "1", "evidence_kind": "confirmed", "needs_confirmation": False, "h1b_stated": "yes", "routes": [],
    "step3_required_for_h1b": "yes", "step3_deadline": "rank list", "institution": "A Hospital",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "asked", "not_asked"),
    [
        ({}, ("file the H-1B petitions", "need a consulate"), ("in writing", "Step 3")),
        ({"routes": ["consulate"]}, ("file the H-1B petitions",), ("need a consulate",)),
        ({"step3_deadline": None}, ("Must Step 3 be passed",), ("in writing",)),
        ({"h1b_stated": "not_stated"}, ("Nothing at hand in writing answers on H-1B for Pediatrics",), ()),
        ({"needs_confirmation": True}, ("offered in writing", "Step 3"), ()),
        ({"h1b_stated": "no"}, (), ("?",)),
    ],
)
def test_what_was_told_is_not_asked_again(
    change: dict[str, Any], asked: tuple[str, ...], not_asked: tuple[str, ...]
) -> None:
    text = " ".join(gme_questions([TOLD | change], [OWN]))
    assert [part for part in asked if part not in text] == [] and [part for part in not_asked if part in text] == []


def test_a_program_whose_answer_was_noted_is_asked_nothing() -> None:
    silent = PROGRAM | {"program_code": "2", "specialty": "Urology", "institution": "A Hospital"}
    assert gme_questions([PROGRAM | {"program_code": "1"}], [OWN], answered={"1"}) == []
    text = " ".join(gme_questions([PROGRAM | {"program_code": "1"}, silent], [OWN], answered={"1"}))
    assert "H-1B for Urology" in text and "Pediatrics" not in text
