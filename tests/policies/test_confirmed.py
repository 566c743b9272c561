"""From confirmations to claims: of a program, of a whole institution, with what was said beside yes and no."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.schemas.checks import violations
from tests.policies.conftest import confirmed

WHOLE = {"about": "X Hospital, MA", "program_code": None, "institution": "X Hospital", "state": "MA"}


def test_a_confirmation_becomes_a_claim_of_its_program() -> None:
    frame = confirmed(
        {"h1b": "case_by_case", "step3_required_for_h1b": "yes", "note": "Step 3 by March"},
        {"about": "9" * 10, "program_code": "9" * 10, "how": "phone"},
    )
    assert violations(frame, "visa_policies") == []
    assert frame.set_index("program_code")["institution_id"].to_dict()["1400500911"] == "inst_1"
    assert frame["institution_id"].isna().sum() == 1
    claim = frame[frame["program_code"] == "1400500911"].iloc[0]
    assert (claim["policy"], claim["evidence_kind"], claim["confidence"]) == ("h1b_case_by_case", "confirmed", "high")
    assert (claim["evidence_quote"], claim["scope"]) == ("Told by e-mail: Step 3 by March", "program")


@pytest.mark.parametrize(
    ("change", "institution"),
    [
        ({}, "inst_1"),
        ({"about": "x hospital, MA", "institution": "x  hospital"}, "inst_1"),
        ({"about": "X Hospitals, MA", "institution": "X Hospitals"}, "inst_1"),
        ({"about": "inst_1", "institution": "inst_1", "state": None}, "inst_1"),
        ({"about": "X Hospital, NY", "state": "NY"}, None),
        ({"about": "Y, MA", "institution": "Y"}, None),
        ({"about": "inst_2", "institution": "inst_2", "state": None}, None),
    ],
)
def test_a_whole_institution_is_found_by_its_id_or_by_name_and_state(
    change: dict[str, object], institution: str | None
) -> None:
    [claim] = confirmed(WHOLE | change).to_dict("records")
    assert (claim["scope"], None if pd.isna(claim["institution_id"]) else claim["institution_id"]) == (
        "institution",
        institution,
    )
    assert pd.isna(claim["program_code"])


@pytest.mark.parametrize(
    ("change", "conditions", "routes"),
    [
        ({"conditions": ["already_in_us"]}, ["already_in_us"], ["change_of_status", "transfer_or_extension"]),
        ({"routes": ["consulate"]}, [], ["consulate"]),
        ({"routes": ["transfer_or_extension", "consulate"]}, [], ["consulate", "transfer_or_extension"]),
        ({"h1b": "case_by_case"}, ["case_by_case"], []),
        ({"h1b": "case_by_case", "conditions": ["chair_or_dio_approval"]}, ["chair_or_dio_approval"], []),
        (
            {"h1b": "case_by_case", "conditions": ["department_pays"], "note": "H-1B only by transfer"},
            ["department_pays", "transfer_only"],
            ["transfer_or_extension"],
        ),
    ],
)
def test_conditions_and_routes_are_those_of_the_file_and_of_the_note(
    change: dict[str, object], conditions: list[str], routes: list[str]
) -> None:
    [claim] = confirmed(change).to_dict("records")
    assert (list(claim["conditions"]), list(claim["routes"])) == (conditions, routes)


def test_a_deadline_is_kept_as_a_point_or_a_day() -> None:
    due = {"step3_deadline": "rank list", "step3_due": "rank_list", "step3_required_for_h1b": "yes"}
    [claim] = confirmed(due).to_dict("records")
    assert (claim["step3_deadline"], claim["step3_due"]) == ("rank list", "rank_list") and pd.isna(
        claim["step3_due_on"]
    )
