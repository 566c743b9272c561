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
        ([{}], [OWN], "Does A HOSPITAL file the H-1B petitions"),
        ([{}], [OWN, OWN | {"name": "B GROUP"}], "A HOSPITAL, B GROUP, or another?"),
        ([{}], [OWN | {"relation": "affiliate"}], "Which legal entity employs"),
        ([{}], [OWN], "A HOSPITAL seems exempt from the cap (inferred)"),
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
