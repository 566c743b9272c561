"""The sheet of own notes: blank as it is made, read back line by line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from pipeline.applicants.notes import Note
from pipeline.applicants.own_sheet import OWN_SHEET, has_own_sheet, own_sheet, read_own_sheet
from pipeline.errors import UserError
from pipeline.spreadsheets.workbook import Sheet, workbook

LISTED = pd.DataFrame(
    {
        "program_code": ["0402411060", "1402411169"],
        "specialty": ["Anesthesiology", None],
        "institution": ["A", "B"],
        "state": ["MA", "MA"],
    }
)
HEADER = [
    "program_code",
    "which_program",
    "interest",
    "notes",
    "date",
    "how",
    "j1",
    "h1b",
    "step3",
    "note",
    "step3_deadline",
    "conditions",
    "routes",
]


def filled(path: Path, *rows: list[object]) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        book.add_worksheet("list").write_row(0, 0, ["program_code", "sponsor_tier"])
        sheet = book.add_worksheet(OWN_SHEET)
        for number, row in enumerate([HEADER, *rows]):
            sheet.write_row(number, 0, row)
    return path


def test_made_blank_it_has_a_line_for_each_program_and_nothing_is_read(tmp_path: Path) -> None:
    path = tmp_path / "w.xlsx"
    path.write_bytes(workbook([Sheet("list", LISTED), own_sheet(LISTED)], dt.date(2026, 11, 30)))
    assert list(own_sheet(LISTED).rows.columns) == HEADER
    assert has_own_sheet(path)
    cells = read_own_sheet(path)
    assert cells.notes == () and cells.answers == "" and cells.answered == 0


def test_notes_and_answers_are_read_on_their_lines(tmp_path: Path) -> None:
    path = filled(
        tmp_path / "w.xlsx",
        ["0402411060", "x", 4, "'=asked"],
        ["1402411169"],
        ["1402411169", "y", None, None, dt.date(2026, 3, 1), "email", "yes", "case by case", "yes", "a, b"],
    )
    cells = read_own_sheet(path)
    assert cells.notes == (Note("0402411060", 4, "=asked"),)
    assert cells.answered == 1
    assert cells.answers.splitlines()[3] == '1402411169,2026-03-01,email,yes,case by case,yes,"a, b",,,'
    assert cells.answers.splitlines()[1:3] == [",,,,,,,,,"] * 2


@pytest.mark.parametrize(
    ("row", "said"),
    [(["402411060", "", 4], "w.xlsx, line 2: program_code is '402411060'"), (["0402411060", "", 7], "line 2: interest is '7'"),
     (["", "", None, "a note"], "line 2: program_code is ''")],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_row(tmp_path: Path, row: list[object], said: str) -> None:
    with pytest.raises(UserError, match=said):
        read_own_sheet(filled(tmp_path / "w.xlsx", row))


def test_other_files_have_no_such_sheet(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a")
    path = tmp_path / "other.xlsx"
    path.write_bytes(workbook([Sheet("list", LISTED)], dt.date(2026, 11, 30)))
    assert not has_own_sheet(tmp_path / "a.csv") and not has_own_sheet(path) and not has_own_sheet(tmp_path)
