"""The log of what was asked and answered: kept, read strictly, and where each program stands by it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.applicants.asked import ANSWERED, ASKED, contact_states, contact_text, last_text, no_log, read_log, record
from pipeline.reference.load import ReferenceTableError

FIRST, LATER, TODAY = dt.date(2026, 11, 1), dt.date(2026, 11, 10), dt.date(2026, 11, 13)
CODE, OTHER = "1400000001", "1400000002"


def listed(**changes: Any) -> pd.DataFrame:
    row = {
        "program_code": CODE, "institution_id": "i", "needs_confirmation": True, "accreditation": "accredited", "evidence_kind": None,
        "evidence_scope": None, "evidence_date": pd.NaT,
    }  # fmt: skip
    return pd.DataFrame([row | changes])


def said(log: pd.DataFrame, **changes: Any) -> str:
    [state] = contact_states(listed(**changes), log).to_dict("records")
    return contact_text(state, TODAY)


def test_what_was_noted_is_read_back_and_one_line_a_day_and_event_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "new" / "own_letters.csv"
    record(path, {CODE: "H-1B?", OTHER: "Step 3,\nby when"}, ASKED, FIRST)
    record(path, {CODE: "H-1B and J-1?"}, ASKED, FIRST)
    record(path, {CODE: "H-1B yes"}, ANSWERED, LATER)
    log = read_log(path)
    assert log[["program_code", "event", "text"]].to_numpy().tolist() == [
        [CODE, ASKED, "H-1B and J-1?"],
        [OTHER, ASKED, "Step 3, by when"],
        [CODE, ANSWERED, "H-1B yes"],
    ]
    assert last_text(log, [CODE]) == "2026-11-10 answered: H-1B yes" and last_text(log, ["9" * 10]) == ""


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("140,2026-11-01,asked,", "line 2: program_code"),
        (f"{CODE},yesterday,asked,", "line 2: day"),
        (f"{CODE},2026-02-30,asked,", "line 2: day is '2026-02-30'"),
        (f"{CODE},2026-11-01,called,", "line 2: event is none of asked, answered"),
    ],
)
def test_a_line_that_can_not_be_read_is_named(tmp_path: Path, line: str, words: str) -> None:
    path = tmp_path / "own_letters.csv"
    path.write_text(f"program_code,day,event,text\n{line}\n")
    with pytest.raises(ReferenceTableError, match=words):
        read_log(path)


def test_where_a_program_stands(tmp_path: Path) -> None:
    path = tmp_path / "own_letters.csv"
    assert said(no_log()) == said(read_log(path)) == "to be asked"
    record(path, {CODE: ""}, ASKED, LATER)
    assert said(read_log(path)) == "asked 3 days ago, no answer noted"
    assert (
        said(read_log(path), evidence_kind="confirmed", evidence_date=pd.Timestamp("2026-11-12"))
        == "answered 2026-11-12"
    )
    assert said(read_log(path), evidence_kind="page", evidence_date=pd.Timestamp("2026-11-12")).startswith("asked")
    record(path, {CODE: "no"}, ANSWERED, TODAY)
    assert said(read_log(path)) == said(read_log(path), needs_confirmation=False) == "answered 2026-11-13"


def test_what_is_asked_again_after_an_answer_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "own_letters.csv"
    record(path, {CODE: ""}, ANSWERED, FIRST)
    record(path, {CODE: ""}, ASKED, LATER)
    assert said(read_log(path)).startswith("asked")


def test_nothing_is_to_be_asked_of_what_is_sure_or_withdrawn() -> None:
    assert said(no_log(), needs_confirmation=False) == said(no_log(), accreditation="withdrawn") == ""


@pytest.mark.parametrize(
    ("own_day", "state"), [(None, "answered"), ("2026-01-01", "answered"), ("2026-11-20", "to_ask")]
)
def test_an_answer_of_the_institution_is_that_of_programs_whose_own_statement_is_older(
    own_day: str | None, state: str
) -> None:
    told = {"evidence_kind": "confirmed", "evidence_scope": "institution", "evidence_date": pd.Timestamp("2026-11-12")}
    own = {"program_code": OTHER, "evidence_kind": "restated", "evidence_scope": "program"}
    rows = [listed(**told, needs_confirmation=False), listed(**own, evidence_date=pd.Timestamp(own_day))]
    elsewhere = listed(program_code="1400000003", institution_id="j")
    states = contact_states(pd.concat([*rows, elsewhere], ignore_index=True), no_log())
    assert states["contact"].tolist() == ["answered", state, "to_ask"]
