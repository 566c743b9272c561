"""Own interest in programs, 1 to 5, and notes on them: a CSV file in the data folder, which no refresh touches.

What belongs here: reading and writing that file. What was asked and answered is in `asked.py`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from pipeline.applicants.own_files import own_records, read_own, write_own
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


def write_note(path: Path, code: str, interest: int | None, note: str | None) -> None:
    """Note interest, or a note, or both, of one program in the file; what is None stays as it was. Raises as `read_notes`."""
    rows = {row["program_code"]: row for row in own_records(_TABLE, path)}
    row = rows.setdefault(code, {"program_code": code, "interest": "", "notes": ""})
    row["interest"] = row["interest"] if interest is None else str(interest)
    row["notes"] = row["notes"] if note is None else " ".join(note.split())
    write_own(_TABLE, path, rows.values())
