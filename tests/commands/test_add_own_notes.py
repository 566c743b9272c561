"""`h1b-sponsors add` of a workbook into which a person wrote."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
from typer.testing import CliRunner

from pipeline.applicants.notes import read_notes
from pipeline.cli import app
from pipeline.settings import DATA_DIR_VARIABLE, DataFolder
from tests.applicants.test_own_sheet import filled

ANSWER = [
    "1402411169",
    "",
    5,
    "kind",
    dt.date(2026, 3, 1),
    "email",
    "yes",
    "case by case",
    "yes",
    "after Step 3",
    "match",
    "exceptional; transfer only",
]


def add(tmp_path: Path, *rows: list[object], code: int = 0) -> str:
    path = filled(tmp_path / "mine.xlsx", *rows)
    result = CliRunner().invoke(
        app, ["add", str(path)], env={DATA_DIR_VARIABLE: str(tmp_path / "data"), "COLUMNS": "200"}
    )
    assert result.exit_code == code, result.output
    return result.stdout


def test_answers_become_confirmations_and_notes_are_kept(tmp_path: Path) -> None:
    said = add(tmp_path, ANSWER, ["0402411060", "", None, "ask again"])
    assert "Confirmations" in said and "2 programs" in said and "1 taken" in said
    folder = DataFolder(tmp_path / "data")
    notes = read_notes(folder.notes)
    assert notes.loc["1402411169", "interest"] == 5 and notes.loc["0402411060", "notes"] == "ask again"
    (archived,) = folder.raw.glob("confirmations/*/*.csv")
    assert pd.read_csv(archived, dtype="str")["h1b"].tolist() == ["case by case"]
    again = add(tmp_path, ["0402411060", "", 2], ANSWER)
    assert read_notes(folder.notes).loc["0402411060"].tolist() == [2, "ask again"] and "taken" in again


def test_a_line_that_is_wrong_is_named_by_its_row_and_nothing_is_taken(tmp_path: Path) -> None:
    wrong = [*ANSWER[:7], "perhaps", *ANSWER[8:]]
    said = add(tmp_path, ["0402411060", "", 2], wrong, code=1)
    assert "line 3" in said and "perhaps" in said and "refused" in said
    assert not DataFolder(tmp_path / "data").notes.exists()


def test_a_blank_workbook_is_nothing_new(tmp_path: Path) -> None:
    assert "nothing is written" in add(tmp_path, ["0402411060"])
