"""The one loader of curated CSV files: everything is text, everything is checked, every error names file and line.

What a file must look like is described in `tables.py`; this module knows no file by name.
"""

from __future__ import annotations

import csv
import functools
import itertools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import pandas as pd

from pipeline.errors import UserError
from pipeline.reference.model import ReferenceTable
from pipeline.reference.tables import TABLES

REFERENCE: Final = Path(__file__).parent


class ReferenceTableError(UserError):
    """A curated file that can't be used: file, line, and what is wrong with it."""

    def __init__(self, file: Path | str, line: int, problem: str) -> None:
        super().__init__(f"{Path(file).name}, line {line}: {problem}")


def read_reference(file: str) -> pd.DataFrame:
    """Read a shipped table, e.g. `names/words.csv`.

    Returns its columns as text, "" for blank, and `line`, the line of each row in the file; rows as they stand there.
    Raises ReferenceTableError for whatever its description forbids, KeyError for a file that nothing describes.
    """
    return _shipped(file).copy(deep=False)


def read_rows(file: str) -> list[dict[str, str]]:
    """Read a shipped table as records: column name -> text, without the line. Raises as `read_reference`."""
    return [
        {str(name): str(cell) for name, cell in row.items()}
        for row in _shipped(file).drop(columns="line").to_dict("records")
    ]


@functools.cache
def _shipped(file: str) -> pd.DataFrame:
    return read_table(TABLES[file], REFERENCE / file)


def read_folder(file: str, folder: Path) -> pd.DataFrame:
    """Read all files of `folder` that share the name of the table `file`: `judgements.csv`, `judgements-mine.csv` and so on.

    Returns their rows one below the other, in the order of the file names, as `read_reference` does; no row where there is
    no such file. Raises ReferenceTableError.
    """
    table = TABLES[file]
    stem = Path(file).stem
    frames = [read_table(table, path) for path in sorted(folder.glob(f"{stem}*.csv"))]
    return pd.concat([_frame(table, [], []), *frames], ignore_index=True)


def read_table(table: ReferenceTable, path: Path) -> pd.DataFrame:
    """Read one file as `table` describes it. Returns and raises as `read_reference`."""
    frame, faults = sift_table(table, path)
    if faults:
        raise faults[0]
    return frame


def sift_table(table: ReferenceTable, path: Path) -> tuple[pd.DataFrame, list[ReferenceTableError]]:
    """Read the rows of one file that fit `table`, as `read_table` does, and say what is wrong with each of the others.

    Of a file that is no CSV file from some line on, the rest is left out. Raises ReferenceTableError for another header,
    OSError where the file can't be read.
    """
    if first_record(path) != table.columns:
        raise ReferenceTableError(path, 1, f"the columns must be {','.join(table.columns)}")
    lines: list[int] = []
    rows: list[list[str]] = []
    faults: list[ReferenceTableError] = []
    try:
        for line, cells in _records(path):
            if line > 1 and len(cells) != len(table.columns):
                problem = f"{len(cells)} cells, not {len(table.columns)}; quote cells with a comma"
                faults.append(ReferenceTableError(path, line, problem))
            elif line > 1:
                lines.append(line)
                rows.append(cells)
    except ReferenceTableError as error:
        faults.append(error)
    wrong: set[int] = set()
    for places, problem in _misfits(table, rows):
        new = [place for place in places if place not in wrong]
        faults += [ReferenceTableError(path, lines[place], problem) for place in new]
        wrong.update(new)
    right = [place for place in range(len(rows)) if place not in wrong]
    return _frame(table, [rows[place] for place in right], [lines[place] for place in right]), faults


def first_record(path: Path) -> tuple[str, ...]:
    """Return the cells of a CSV file's first line, () where there is none. Raises ReferenceTableError where it is no text."""
    return tuple(next(((*cells,) for line, cells in _records(path) if line == 1), ()))


def empty_table(table: ReferenceTable) -> pd.DataFrame:
    """Return what `read_table` does of a file with a header alone."""
    return _frame(table, [], [])


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line on which it begins, cells stripped; blank lines are passed over."""
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.reader(handle, strict=True)
            for cells in reader:
                if cells:
                    yield line, [cell.strip() for cell in cells]
                line = reader.line_num + 1
    except csv.Error as error:
        raise ReferenceTableError(path, line, str(error)) from error
    except UnicodeDecodeError as error:
        raise ReferenceTableError(path, line, f"not UTF-8 (byte 0x{error.object[error.start]:02x})") from error


def _frame(table: ReferenceTable, rows: list[list[str]], lines: list[int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(table.columns), dtype="str")
    return frame.assign(line=pd.Series(lines, dtype="int64"))


def _misfits(table: ReferenceTable, rows: list[list[str]]) -> Iterator[tuple[list[int], str]]:
    """Yield what `table` forbids: the places of the rows that do it, and the problem in words.

    Lists, since most tables are short: a frame would take longer to set up than to check.
    """
    columns = {column: [row[place] for row in rows] for place, column in enumerate(table.columns)}
    for column in table.required:
        yield _places(cell == "" for cell in columns[column]), f"{column} is blank"
    for column, allowed in table.allowed.items():
        words = f"{column} is none of {', '.join(filter(None, allowed))[:200]}"
        known = frozenset(allowed)
        yield _places(cell not in known for cell in columns[column]), words
    for column, pattern in table.patterns.items():
        fits = functools.cache(re.compile(pattern, re.ASCII).fullmatch)  # digits are 0 to 9
        yield _places(not fits(cell) for cell in columns[column]), f"{column} is not of the form {pattern}"
    if table.key:
        first: dict[tuple[str, ...], int] = {}
        keys = zip(*(columns[column] for column in table.key), strict=True)
        again = _places(first.setdefault(key, place) != place for place, key in enumerate(keys))
        yield again, f"a second row with the same {', '.join(table.key)}"
    if table.order:
        ordered = list(zip(*(columns[column] for column in table.order), strict=True))
        down = [place for place, (above, below) in enumerate(itertools.pairwise(ordered), start=1) if above > below]
        yield down, f"rows must be sorted by {', '.join(table.order)}"


def _places(wrong: Iterable[bool]) -> list[int]:
    return [place for place, one in enumerate(wrong) if one]
