"""Own interest in programs, 1 to 5, and notes on them: a CSV file in the data folder, which no refresh touches.

What belongs here: reading and writing that file. What was asked and answered is in `asked.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from pipeline.applicants.own_files import own_records, read_own, write_own
from pipeline.reference.load import ReferenceTableError
from pipeline.reference.model import ReferenceTable
from pipeline.schemas.fields import PROGRAM_CODE_PATTERN

_TABLE: Final = ReferenceTable(
    "own_notes.csv",
    "Own interest in programs and notes on them",
    ("program_code", "interest", "notes"),
    required=("program_code",),
    patterns={"program_code": PROGRAM_CODE_PATTERN, "interest": "[1-5]?"},
    key=("program_code",),
)


class NotesError(ReferenceTableError):
    """Notes that can't be used: file, line, and what is wrong with it."""


@dataclass(frozen=True)
class Note:
    """What a person notes of a program: interest, 1 to 5, and words; None leaves what was noted as it is."""

    program_code: str
    interest: int | None
    notes: str | None


def no_notes() -> pd.DataFrame:
    """Return what `read_notes` does where nothing is noted."""
    empty = {"interest": pd.Series(dtype="Int64"), "notes": pd.Series(dtype="str")}
    return pd.DataFrame(empty, index=pd.Index([], dtype="str", name="program_code"))


def read_notes(path: Path) -> pd.DataFrame:
    """Read the file: interest (1 to 5, null where not given) and notes (null where blank) by program_code; none where there is no file.

    Raises ReferenceTableError with file, line and what is wrong.
    """
    if not path.exists():
        return no_notes()
    rows = read_own(_TABLE, path).set_index("program_code")
    interest = pd.to_numeric(rows["interest"].mask(rows["interest"] == "")).astype("Int64")
    return pd.DataFrame({"interest": interest, "notes": rows["notes"].mask(rows["notes"] == "")})


def write_notes(path: Path, notes: Iterable[Note]) -> None:
    """Keep notes in the file, whole or not at all; what one leaves None stays as it was. Raises as `read_notes`."""
    rows = {row["program_code"]: row for row in own_records(_TABLE, path)}
    for note in notes:
        row = rows.setdefault(note.program_code, {"program_code": note.program_code, "interest": "", "notes": ""})
        row["interest"] = row["interest"] if note.interest is None else str(note.interest)
        row["notes"] = row["notes"] if note.notes is None else " ".join(note.notes.split())
    write_own(_TABLE, path, rows.values())
