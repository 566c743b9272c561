"""How files that a person brings are taken, by the command and from the inbox alike.

A workbook into which a person wrote is taken line by line: answers become confirmations, interest and notes are kept beside them.
Everything else goes to the archive as it is.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from pipeline.applicants.notes import write_notes
from pipeline.applicants.own_sheet import OWN_SHEET, has_own_sheet, read_own_sheet
from pipeline.archive.intake import Outcome, Provenance, add
from pipeline.archive.parsed_cache import ParsedCache
from pipeline.errors import UserError
from pipeline.settings import DataFolder
from pipeline.sources.base import SourceError
from pipeline.sources.catalogue import SOURCES
from pipeline.text.characters import collapse

_ANSWERS: Final = "confirmations.csv"


def take(paths: Sequence[Path], folder: DataFolder, provenance: Provenance) -> Iterator[Outcome]:
    """Take files, folders and zip archives into the data folder; yields one outcome a file. Refusing one never stops the others."""

    def file(files: list[Path]) -> Iterator[Outcome]:
        return add(files, folder.raw, SOURCES, lambda: dt.datetime.now(dt.UTC), provenance, ParsedCache(folder.parsed))

    own = [path for path in paths if _is_own(path)]
    for path in own:
        yield add_own_notes(path, folder, lambda answers: next(iter(file([answers]))))
    if others := [path for path in paths if path not in own]:
        yield from file(others)


def outcome_line(outcome: Outcome) -> str:
    """Return what became of a file, in a line."""
    named = outcome.detail.startswith(outcome.label)
    return collapse(outcome.detail if named else f"{outcome.label}: {outcome.detail}")


def _is_own(path: Path) -> bool:
    try:
        return has_own_sheet(path)
    except SourceError:
        return False  # a damaged workbook is refused with the others


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
    summary = "; ".join(part for part in (answers, noted) if part)
    return Outcome(path.name, "took" if took else "skipped", summary, filed.snapshot_id if filed else None)


def _filed(answers: str, file_answers: Callable[[Path], Outcome]) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="h1b-sponsors-") as beside:
        path = Path(beside) / _ANSWERS
        path.write_text(answers, "utf-8")
        return file_answers(path)
