"""Where a row of the list points into docs/guide.md."""

from __future__ import annotations

import re
from typing import Any

import pytest

from pipeline.applicants.guide import GUIDE, SECTIONS, guide_sections, section_address
from pipeline.settings import PROJECT

ROW: dict[str, Any] = {
    "h1b_stated": "not_stated", "j1_stated": "not_stated", "routes": [], "conditions": [], "specialty": "Pediatrics",
    "cap_exempt_category": "exempt_higher_ed", "step3_required_for_h1b": "not_stated", "needs_confirmation": True,
}  # fmt: skip


def test_every_section_that_is_named_is_in_the_guide() -> None:
    headings = set(re.findall(r"^## (.+)$", (PROJECT / GUIDE).read_text("utf-8"), re.MULTILINE))
    assert set(SECTIONS) <= headings


def test_every_address_is_that_of_a_heading_in_the_guide() -> None:
    headings = re.findall(r"^#+ (.+)$", (PROJECT / GUIDE).read_text("utf-8"), re.MULTILINE)
    anchors = [re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings]
    assert len(anchors) == len(set(anchors))
    named = {section_address(section) for section in (*SECTIONS, "Holds by nationality")}
    assert named <= {f"{GUIDE}#{anchor}" for anchor in anchors}


@pytest.mark.parametrize(
    ("change", "there", "not_there"),
    [
        ({}, "From cap-exempt to cap-subject", "Weighted selection"),
        ({"cap_exempt_category": "likely_cap_subject"}, "Weighted selection", "From cap-exempt to cap-subject"),
        ({"cap_exempt_category": None}, "Cap-exempt", "Weighted selection"),
        ({"routes": ["transfer_or_extension"]}, "Already in an H-1B", "Already in the US without one"),
        (
            {"routes": ["change_of_status", "transfer_or_extension"]},
            "Already in the US without one",
            "Already in an H-1B",
        ),
        ({"conditions": ["us_school_graduates"]}, "Graduates of US schools", "Other ways to work"),
        ({"h1b_stated": "no", "j1_stated": "yes"}, "J-1 waiver, then H-1B", "Step 3"),
        ({"specialty": "Nephrology"}, "The six-year limit", "Other ways to work"),
        ({"step3_required_for_h1b": "no"}, "The calendar to 1 July", "Step 3"),
    ],
)
def test_a_row_points_to_what_it_leaves_open(change: dict[str, Any], there: str, not_there: str) -> None:
    sections = guide_sections(ROW | change)
    assert there in sections and not_there not in sections
