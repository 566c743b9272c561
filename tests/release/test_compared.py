"""What became of a program between two releases, from the lines of the delta."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from pipeline.release.compared import COLUMNS, compared
from pipeline.release.delta import COLUMNS as LINE
from pipeline.schemas.vocabulary import PROGRAM_CHANGES

CODE = "1400000001"
FILED = "trainee_filings_same_specialty_recent"
QUOTED = {"quote": "We sponsor H-1B.", "url": "https://x.example"}


def lines(*told: dict[str, Any]) -> pd.DataFrame:
    always = {"kind": "policy", "id": CODE, "change": "changed", "field": "h1b_stated", "cause": "other_statement"}
    return (
        pd.DataFrame([always | one for one in told], columns=list(LINE)).astype("object").replace({float("nan"): None})
    )


def policy(old: Any, new: Any, field: str = "h1b_stated", cause: str = "other_statement") -> dict[str, Any]:
    return {"field": field, "old": old, "new": new, "cause": cause, "evidence": QUOTED}


@pytest.mark.parametrize(
    ("told", "changes"),
    [
        ([], []),
        ([policy("not_stated", "case_by_case")], ["newly_states"]),
        ([policy("no", "yes")], ["newly_states"]),
        ([policy("yes", "no")], ["withdrew"]),
        ([policy("yes", "not_stated")], ["no_longer_states"]),
        ([policy("yes", "case_by_case")], ["states_otherwise"]),
        ([policy("no", "yes", "j1_stated")], ["states_otherwise"]),
        ([policy([], ["transfer_only"], "conditions")], ["states_otherwise"]),
        ([policy("not_stated", "yes", cause="read_again")], ["read_otherwise"]),
        ([{"kind": "filings", "field": FILED, "change": "added", "old": 0, "new": 3}], ["started_filing"]),
        ([{"kind": "filings", "field": FILED, "change": "removed", "old": 3, "new": 0}], ["stopped_filing"]),
        ([{"kind": "filings", "field": FILED, "old": 3, "new": 2}], []),
        ([{"kind": "freeze", "field": "state_freeze", "change": "added", "new": "no new petitions"}], ["freeze_began"]),
        ([{"kind": "freeze", "field": "state_freeze", "change": "removed", "old": "no new petitions"}], ["freeze_ended"]),
        ([{"kind": "freeze", "field": "state_freeze_until", "old": "2027-01-05", "new": "2027-03-01"}], ["freeze_changed"]),
        ([policy("no", "yes"), {"kind": "filings", "field": FILED, "change": "removed", "old": 3}], ["newly_states", "stopped_filing"]),
        ([{"kind": "program", "field": None, "change": "added", "new": "X"}, policy(None, "yes")], ["new_in_list"]),
        ([{"kind": "program", "field": None, "change": "removed", "old": "X"}], ["left_list"]),
        ([{"kind": "tier", "field": "sponsor_tier", "old": "likely", "new": "possible"}], []),
        ([{"kind": "petitioner", "id": "pet_1", "field": None, "change": "added", "new": "X"}], []),
    ],
)  # fmt: skip
def test_changes_of_a_program(told: list[dict[str, Any]], changes: list[str]) -> None:
    found = compared(lines(*told))
    assert found["change"].tolist() == changes and set(changes) <= set(PROGRAM_CHANGES)
    assert list(found.columns) == list(COLUMNS) and set(found["program_code"]) <= {CODE}


def test_what_was_and_what_is_are_told_in_words_in_one_order() -> None:
    [row] = compared(
        lines(
            policy(["transfer_only"], [], "conditions"),
            policy("yes", "not_stated", "j1_stated"),
            policy("yes", "case_by_case"),
        )
    ).to_dict("records")
    assert row["before"] == "H-1B yes, J-1 yes, terms transfer only"
    assert row["now"] == "H-1B case by case, J-1 not stated, terms not stated"
    assert row["evidence"] == QUOTED


def test_a_new_program_is_told_with_what_it_states() -> None:
    new = {"kind": "program", "field": None, "change": "added", "new": "X"}
    [row] = compared(lines(new, policy(None, "yes"), policy(None, "2026-12-31", "paused_until"))).to_dict("records")
    assert (row["now"], row["evidence"]) == ("H-1B yes", QUOTED)
    [row] = compared(lines(new)).to_dict("records")
    assert (row["before"], row["now"], row["evidence"]) == ("", "", None)


def test_the_order_is_that_of_the_vocabulary_then_of_the_codes() -> None:
    filings = {"kind": "filings", "field": FILED, "change": "added", "new": 3}
    rows = compared(lines(filings, filings | {"id": "1400000000"}, policy("yes", "no") | {"id": "1400000009"}))
    assert rows["program_code"].tolist() == ["1400000009", "1400000000", CODE]
