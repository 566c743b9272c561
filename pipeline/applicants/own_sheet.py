"""The sheet of a workbook into which a person writes: own interest, notes, and answers of programs; made blank and read back.

What belongs here: how the sheet looks and what stands in it. What an answer must look like is for the reader of confirmations to say,
which is given them as its own CSV, line by line as they stand in the sheet.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from pipeline.applicants.notes import Note, NotesError
from pipeline.schemas.fields import PROGRAM_CODE, PROGRAM_CODE_PATTERN
from pipeline.schemas.model import Field, count, day, text
from pipeline.sources import confirmations
from pipeline.sources.tabular import workbook
from pipeline.spreadsheets.cells import as_typed
from pipeline.spreadsheets.workbook import Sheet
from pipeline.text.characters import collapse

OWN_SHEET: Final = "own notes"
_CODE: Final = PROGRAM_CODE.name
_NOTED: Final = ("interest", "notes")
# All that a confirmation of one program may have.
_ANSWERED: Final = (
    *(column for column in confirmations.TABLE.columns if column != _CODE),
    *(column for column in confirmations.MORE if column not in ("institution", "state")),
)
_MOST_COLUMNS: Final = 60
_STANCE: Final = ("yes", "no", "case by case", "not stated")
_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "interest": ("1", "2", "3", "4", "5"),
    "how": ("email", "phone", "letter", "open house", "other"),
    "j1": _STANCE,
    "h1b": _STANCE,
    "step3": ("yes", "no", "not stated"),
}
_WIDTHS: Final = {
    "notes": 40, "how": 12, "h1b": 14, "j1": 14, "step3": 12, "note": 40, "step3_deadline": 18, "conditions": 30, "routes": 30,
}  # fmt: skip
_FIELDS: Final[tuple[Field, ...]] = (
    PROGRAM_CODE,
    text("which_program", "Specialty, institution and state, to know the program by; nothing is read from here"),
    count("interest", "Your own interest, 1 to 5, 5 the most", required=False),
    text("notes", "Your own notes, kept for every later shortlist"),
    day("date", "Day on which the program answered; each line with one is a confirmation, and what it needs is filled in then"),
    text("how", "How it answered: email, phone, letter, open house or other"),
    text("j1", "What it answered on J-1: yes, no, case by case, not stated; blank is not stated"),
    text("h1b", "What it answered on H-1B, in the same words"),
    text("step3", "Whether Step 3 is required for an H-1B: yes, no, not stated"),
    text("note", "What it answered, without names of persons"),
    text(
        "step3_deadline",
        "By when Step 3 must be passed: application, interview, rank list, match, contract, petition, start, or a day, YYYY-MM-DD",
    ),
    text("conditions", "Terms on which an H-1B is given, with semicolons between"),
    text("routes", "Ways to it that are open, with semicolons between: consulate, change of status, transfer or extension"),
)  # fmt: skip


@dataclass(frozen=True)
class OwnCells:
    """What a person wrote. notes: interest and notes of programs; answers: confirmations.csv, "" without one, each on the line that
    is its row in the sheet; answered: how many there are."""

    notes: tuple[Note, ...]
    answers: str
    answered: int


def own_sheet(listed: pd.DataFrame) -> Sheet:
    """Return the sheet with a line for each program of the list, blank but for code and name. listed: rows of the sponsor list."""
    named = [
        ", ".join(str(part) for part in parts if not pd.isna(part))
        for parts in zip(listed["specialty"], listed["institution"], listed["state"], strict=True)
    ]
    rows = pd.DataFrame({_CODE: listed[_CODE].to_numpy(), "which_program": named})
    for column in (*_NOTED, *_ANSWERED):
        rows[column] = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[ns]") if column == "date" else None
    return Sheet(OWN_SHEET, rows, {field.name: field for field in _FIELDS}, frozen=2, choices=_CHOICES, widths=_WIDTHS)


def has_own_sheet(path: Path) -> bool:
    """Decide whether a file is a workbook with that sheet. Raises SourceError for a damaged workbook."""
    if not (path.is_file() and zipfile.is_zipfile(path)):
        return False
    with zipfile.ZipFile(path) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            return False
    return OWN_SHEET in workbook.sheet_names(path, path.name)


def read_own_sheet(path: Path) -> OwnCells:
    """Read what a person wrote into the sheet; lines in which nothing is written are passed over.

    Raises NotesError, with the row, for a code or an interest that is none, a column that is missing or a note without a program, and
    SourceError for a damaged workbook.
    """
    lines = {
        number: [collapse(as_typed(cell)) for cell in cells]
        for number, cells in workbook.rows(path, path.name, range(_MOST_COLUMNS), OWN_SHEET, first=1)
    }
    header = lines.pop(1, [])
    if missing := [name for name in (_CODE, *_NOTED, *_ANSWERED) if name not in header]:
        raise NotesError(path, 1, f"the sheet {OWN_SHEET!r} has no column {', '.join(missing)}")
    records = {number: dict(zip(header, cells, strict=False)) for number, cells in lines.items()}
    notes = tuple(_note(path, number, row) for number, row in records.items() if row["interest"] or row["notes"])
    answers = {number: row for number, row in records.items() if any(row[name] for name in _ANSWERED)}
    return OwnCells(notes, _as_csv(answers) if answers else "", len(answers))


def _note(path: Path, number: int, row: Mapping[str, str]) -> Note:
    code = row[_CODE].upper()
    if not re.fullmatch(PROGRAM_CODE_PATTERN, code):
        raise NotesError(
            path, number, f"{_CODE} is {row[_CODE]!r}: write the ten digits of the ACGME code, or its M and nine digits"
        )
    if not re.fullmatch("[1-5]?", row["interest"]):
        raise NotesError(path, number, f"interest is {row['interest']!r}: write 1 to 5, or leave it blank")
    return Note(code, int(row["interest"]) if row["interest"] else None, row["notes"] or None)


def _as_csv(answers: Mapping[int, Mapping[str, str]]) -> str:
    """Return confirmations.csv in which each answer is on the line of its row, so that what is wrong is named by that."""
    columns = (_CODE, *_ANSWERED)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    for number in range(2, max(answers) + 1):
        row = answers.get(number, {})
        writer.writerow([row.get(column, "") for column in columns])
    return buffer.getvalue()
