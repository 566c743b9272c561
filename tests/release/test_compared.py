"""What a list says otherwise than an earlier one."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from pipeline.release.compared import CHANGES, COMPARED, FILED, compared


def listed(h1b: str = "not_stated", j1: str = "not_stated", filed: float | None = None) -> pd.DataFrame:
    row = {"program_code": "1400000001", "h1b_stated": h1b, "j1_stated": j1, FILED: filed}
    return pd.DataFrame([row]).astype({FILED: "Int64"})


@pytest.mark.parametrize(
    ("before", "now", "changes"),
    [
        ({}, {}, []),
        ({}, {"h1b": "case_by_case"}, ["newly_states"]),
        ({"h1b": "no"}, {"h1b": "yes"}, ["newly_states"]),
        ({"h1b": "yes"}, {"h1b": "no"}, ["withdrew"]),
        ({"h1b": "yes"}, {}, ["withdrew"]),
        ({"h1b": "yes"}, {"h1b": "case_by_case"}, ["states_otherwise"]),
        ({"h1b": "no"}, {"h1b": "no", "j1": "yes"}, ["states_otherwise"]),
        ({"filed": None}, {"filed": 3}, ["started_filing"]),
        ({"filed": 3}, {"filed": 0}, ["stopped_filing"]),
        ({"filed": 3}, {"h1b": "yes", "filed": None}, ["newly_states", "stopped_filing"]),
        (None, {"h1b": "yes"}, ["new_in_list"]),
    ],
)
def test_changes_of_a_program(before: dict[str, Any] | None, now: dict[str, Any], changes: list[str]) -> None:
    found = compared(listed(**now), listed().iloc[:0] if before is None else listed(**before))
    assert found["change"].tolist() == changes and set(changes) <= set(CHANGES)
    assert list(found.columns) == ["program_code", "change", "before", "now"]


def test_what_was_and_what_is_are_told_in_words() -> None:
    row = compared(listed("not_stated"), listed("yes", "yes")).iloc[0]
    assert (row["before"], row["now"]) == ("H-1B yes, J-1 yes", "H-1B not stated, J-1 not stated")
    row = compared(listed(filed=2), listed()).iloc[0]
    assert (row["before"], row["now"]) == ("0 applications", "2 applications")


def test_it_needs_no_other_columns() -> None:
    assert set(COMPARED) == {"program_code", "h1b_stated", "j1_stated", FILED}
