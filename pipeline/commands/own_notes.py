"""What `add` does with a workbook into which a person wrote: answers become confirmations, interest and notes are kept beside them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from pipeline.applicants.notes import write_notes
from pipeline.applicants.own_sheet import OWN_SHEET, read_own_sheet
from pipeline.archive.intake import Outcome
from pipeline.errors import UserError
from pipeline.settings import DataFolder

_ANSWERS: Final = "confirmations.csv"


def add_own_notes(path: Path, folder: DataFolder, file_answers: Callable[[Path], Outcome]) -> Outcome:
    """Take what a person wrote into the workbook `path`: all of it, or nothing where a line of it can't be used.

    file_answers: files a confirmations.csv into the archive. Its errors name the line, which is the row of the sheet.
    """
    try:
        cells = read_own_sheet(path)
        if not cells.answered and not cells.notes:
            return Outcome(path.name, "skipped", f"nothing is written in its sheet {OWN_SHEET!r}")
        filed = _filed(cells.answers, file_answers) if cells.answered else None
        if filed is not None and filed.verdict == "refused":
            return Outcome(path.name, "refused", f"sheet {OWN_SHEET!r}, {filed.detail.removeprefix(_ANSWERS + ', ')}")
        if cells.notes:
            write_notes(folder.notes, cells.notes)
    except UserError as error:
        return Outcome(path.name, "refused", str(error))
    noted = f"interest and notes on {len(cells.notes):,} programs kept in {folder.notes}" if cells.notes else ""
    answers = f"answers: {filed.verdict}, {filed.detail}" if filed else ""
    took = bool(cells.notes) or (filed is not None and filed.verdict == "took")
    said = "; ".join(part for part in (answers, noted) if part)
    return Outcome(path.name, "took" if took else "skipped", said, filed.snapshot_id if filed else None)


def _filed(answers: str, file_answers: Callable[[Path], Outcome]) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="h1b-sponsors-") as beside:
        path = Path(beside) / _ANSWERS
        path.write_text(answers, "utf-8")
        return file_answers(path)
