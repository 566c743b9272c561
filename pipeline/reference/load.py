"""The one loader of curated CSV files: everything is text, everything is checked, every error names file and line.

What a file must look like is described in `tables.py`; this module knows no file by name.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pandas as pd

from pipeline.errors import UserError
from pipeline.reference.tables import TABLES, ReferenceTable

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
    lines: list[int] = []
    rows: list[list[str]] = []
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.reader(handle, strict=True)
        for line, cells in _cells(reader, path):
            if line == 1:
                if tuple(cells) != table.columns:
                    raise ReferenceTableError(path, 1, f"the columns must be {','.join(table.columns)}")
                continue
            if len(cells) != len(table.columns):
                raise ReferenceTableError(
                    path, line, f"{len(cells)} cells, not {len(table.columns)}; quote cells with a comma"
                )
            lines.append(line)
            rows.append(cells)
    frame = _frame(table, rows, lines)
    _check(table, path, frame)
    return frame


def _cells(reader: Iterator[list[str]], path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line on which it begins, cells stripped; blank lines are passed over."""
    line = 1
    try:
        for cells in reader:
            if cells:
                yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1  # type: ignore[attr-defined]
    except csv.Error as error:
        raise ReferenceTableError(path, line, str(error)) from error


def _frame(table: ReferenceTable, rows: list[list[str]], lines: list[int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(table.columns), dtype="str")
    return frame.assign(line=pd.Series(lines, dtype="int64"))


def _check(table: ReferenceTable, path: Path, frame: pd.DataFrame) -> None:
    for column in table.required:
        _refuse(path, frame, frame[column] == "", f"{column} is blank")
    for column, allowed in table.allowed.items():
        _refuse(
            path, frame, ~frame[column].isin(allowed), f"{column} is none of {', '.join(filter(None, allowed))[:200]}"
        )
    for column, pattern in table.patterns.items():
        _refuse(path, frame, ~frame[column].str.fullmatch(pattern), f"{column} is not of the form {pattern}")
    if table.key:
        _refuse(path, frame, frame.duplicated(list(table.key)), f"a second row with the same {', '.join(table.key)}")
    if table.order:
        keys = pd.MultiIndex.from_frame(frame[list(table.order)])
        if not keys.is_monotonic_increasing:
            place = next(place for place in range(1, len(keys)) if keys[place - 1] > keys[place])
            raise ReferenceTableError(
                path, int(frame["line"].iloc[place]), f"rows must be sorted by {', '.join(table.order)}"
            )


def _refuse(path: Path, frame: pd.DataFrame, wrong: pd.Series, problem: str) -> None:
    if wrong.any():
        raise ReferenceTableError(path, int(frame.loc[wrong, "line"].iloc[0]), problem)
