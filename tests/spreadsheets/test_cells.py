"""Values as cells: readable, and never run by a spreadsheet."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.spreadsheets.cells import BOM, as_typed, csv_text, inert, readable

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", '=HYPERLINK("http://a.example")']


def cells(rows: pd.DataFrame) -> list[list[str]]:
    return list(csv.reader(io.StringIO(csv_text(rows), newline="")))


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_spreadsheet_would_run_is_quoted_alone_and_in_lists(text: str) -> None:
    _, row = cells(pd.DataFrame({"a": [text], "b": [[text, "x"]], "c": [[{"name": text}]]}))
    assert row[0].startswith("'") and row[1].startswith("'") and row[2].startswith("name: ")


@given(st.text())
def test_no_text_is_run_and_what_is_meant_comes_back(text: str) -> None:
    shown = inert(text)
    assert not shown.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert as_typed(shown) == as_typed(as_typed(shown))


def test_an_apostrophe_of_a_person_stays() -> None:
    assert as_typed("'tis") == "'tis" and as_typed("'=1") == "=1" and as_typed(inert("-")) == "-"


def test_lists_and_records_read_as_lines() -> None:
    assert readable(["a", "b"], "\n") == "a\nb" and readable([], "\n") == ""
    record = [{"name": "X", "initial_approvals": 3, "basis": None}]
    assert readable(record, "\n") == "name: X, initial approvals: 3"


def test_csv_has_days_as_days_and_the_mark_of_utf8_only_on_request() -> None:
    rows = pd.DataFrame(
        {"day": pd.to_datetime(["2026-11-30", None]), "code": ["0402411060", None], "tags": [["a", "b"], []]}
    )
    assert csv_text(rows).splitlines() == ["day,code,tags", "2026-11-30,0402411060,a; b", ",,"]
    assert csv_text(rows, bom=True) == BOM + csv_text(rows)
