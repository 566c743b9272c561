"""Programs' own answers in directories beside what pages and people say: they fill, never outrank, and are asked about."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.policies.choice import choose_policy
from pipeline.policies.decision import policy_of
from pipeline.policies.directories import policies_from_directories
from pipeline.release.review import directory_review, page_review
from pipeline.schemas.frames import empty_frame, to_arrow, to_frame
from pipeline.schemas.vocabulary import VISA_STANCE

CODE = "1409900001"
PROGRAMS = pd.DataFrame(
    {
        "program_code": [CODE],
        "institution_id": ["inst_1"],
        "program_name": ["Riverton Program"],
        "specialty": ["Pediatrics"],
    }
)
ANSWER = {
    "program_code": CODE, "answered_in": "ama_freida", "program_name": "Riverton Program", "visa_answers": "J-1; H-1B",
    "answered_on": pd.Timestamp("2026-03-28"), "retrieved_on": pd.Timestamp("2026-11-01"), "snapshot_id": "directory_pages/a",
}  # fmt: skip


def answers(*given: tuple[str, str]) -> pd.DataFrame:
    """Answers on J-1 and H-1B of the program in one directory after the other, as rows of `visa_policies`."""
    rows = [
        ANSWER
        | {"answered_in": directory, "j1": j1, "h1b": h1b, "f1": "not_stated", "visa_answers": f"J-1 {j1}, H-1B {h1b}"}
        for directory, (j1, h1b) in zip(("ama_freida", "residency_explorer"), given, strict=False)
    ]
    frame = pd.DataFrame(rows) if rows else empty_frame("directory_answers")
    found = policies_from_directories(to_frame(to_arrow(frame, "directory_answers")), PROGRAMS)
    return to_frame(to_arrow(found, "visa_policies"))


def page(j1: str, h1b: str, **changes: Any) -> pd.DataFrame:
    row = {
        "policy_id": "policy_page", "program_code": CODE, "institution_id": "inst_1", "scope": "program", "j1": j1, "h1b": h1b,
        "policy": policy_of(j1, h1b), "step3_required_for_h1b": "not_stated", "evidence_quote": "What the page says.",
        "evidence_kind": "page", "page_date": pd.Timestamp("2020-01-01"), "retrieved_on": pd.Timestamp("2026-01-01"),
        "confidence": "low", "needs_confirmation": False, "snapshot_id": "program_pages/a",
    }  # fmt: skip
    return to_frame(to_arrow(pd.DataFrame([row | changes]), "visa_policies"))


def chosen(*parts: pd.DataFrame) -> pd.Series:
    return choose_policy(pd.concat([part for part in parts if len(part)], ignore_index=True), PROGRAMS).iloc[0]


def stated(row: pd.Series) -> tuple[str, str, str]:
    return row["j1_stated"], row["h1b_stated"], row["visa_category"]


def test_answers_alone_are_stated_but_a_person_should_ask() -> None:
    row = chosen(answers(("yes", "yes")))
    assert stated(row) == ("yes", "yes", "A")
    assert row["evidence_kind"] == "directory" and row["evidence_quote"] == "Answered in AMA FREIDA: J-1 yes, H-1B yes"
    assert row["policy_needs_confirmation"] and row["other_policies"] == []


def test_silence_in_a_directory_says_nothing() -> None:
    assert pd.isna(chosen(answers(("not_stated", "not_stated")))["policy_id"])
    assert stated(chosen(page("yes", "no"), answers(("not_stated", "not_stated")))) == ("yes", "no", "C")


@pytest.mark.parametrize(
    ("own", "answer", "found"),
    [
        (
            ("yes", "no"),
            ("yes", "yes"),
            ("yes", "no", "C"),
        ),  # an older page of the program counts before a newer answer
        (("yes", "yes"), ("yes", "no"), ("yes", "yes", "A")),
        (("no", "no"), ("yes", "yes"), ("no", "no", "N")),
        (("yes", "not_stated"), ("no", "yes"), ("yes", "yes", "A")),  # fills the H-1B, leaves the J-1
        (("no", "not_stated"), ("yes", "yes"), ("no", "yes", "A")),
        (("not_stated", "yes"), ("yes", "no"), ("yes", "yes", "A")),  # fills the J-1, leaves the H-1B
        (("not_stated", "no"), ("yes", "yes"), ("yes", "no", "C")),
        (("not_stated", "no"), ("no", "not_stated"), ("no", "no", "N")),
    ],
)
@pytest.mark.parametrize(
    "changes", [{}, {"evidence_kind": "confirmed"}, {"scope": "institution", "program_code": None}]
)
def test_an_answer_fills_what_pages_and_people_leave_open(
    own: tuple[str, str], answer: tuple[str, str], found: tuple[str, str, str], changes: dict[str, Any]
) -> None:
    row = chosen(answers(answer), page(*own, **changes))
    assert stated(row) == found
    assert row["policy_needs_confirmation"]


def test_a_contradiction_is_shown_and_goes_to_review() -> None:
    table = pd.concat([answers(("yes", "yes")), page("yes", "no")], ignore_index=True)
    row = chosen(table)
    assert row["other_policies"] == [
        "An answer of the program in a directory of 28 March 2026 says otherwise: H-1B yes."
    ]
    [asked] = directory_review(table, PROGRAMS).to_dict("records")
    assert (
        asked["kind"] == "visa_policy"
        and asked["subject"] == f"Riverton Program ({CODE})"
        and "H-1B" in asked["question"]
    )
    assert asked["reasons"] == ["H-1B no: What the page says.", "H-1B yes: Answered in AMA FREIDA: J-1 yes, H-1B yes"]


def test_what_agrees_or_only_fills_is_not_asked_about() -> None:
    for own in (("yes", "yes"), ("not_stated", "yes"), ("yes", "not_stated"), ("not_stated", "not_stated")):
        table = pd.concat([answers(("yes", "yes")), page(*own)], ignore_index=True)
        assert directory_review(table, PROGRAMS).empty
        assert not any("otherwise" in line for line in chosen(table)["other_policies"])


def test_directories_that_contradict_each_other_say_nothing_together() -> None:
    table = answers(("yes", "yes"), ("yes", "no"))
    row = chosen(table)
    assert stated(row) == ("yes", "not_stated", "J") and row["policy"] == "contact"
    assert len(row["other_policies"]) == 2 and len(directory_review(table, PROGRAMS)) == 1
    assert stated(chosen(table, page("yes", "yes"))) == ("yes", "yes", "A")


def test_an_answer_of_a_program_outside_the_list_has_no_institution() -> None:
    found = policies_from_directories(
        to_frame(
            to_arrow(
                pd.DataFrame([ANSWER | {"program_code": "9" * 10, "j1": "yes", "h1b": "yes", "f1": "no"}]),
                "directory_answers",
            )
        ),
        PROGRAMS,
    )
    assert found["institution_id"].isna().all()
    [asked] = page_review(to_frame(to_arrow(found, "visa_policies"))).to_dict("records")
    assert asked["subject"] == f"program {'9' * 10}, which is not in the list" and "Add a list" in asked["question"]


@settings(max_examples=40)
@given(*(st.sampled_from(VISA_STANCE) for _ in range(4)))
def test_no_answer_ever_changes_a_stance_that_a_page_states(
    j1: str, h1b: str, answered_j1: str, answered_h1b: str
) -> None:
    row = chosen(page(j1, h1b), answers((answered_j1, answered_h1b)))
    for own, answer, found in ((j1, answered_j1, row["j1_stated"]), (h1b, answered_h1b, row["h1b_stated"])):
        assert found == (answer if own == "not_stated" else own)
