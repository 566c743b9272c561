"""What every evaluation shares: its result, and the one way to read a gold file.

What belongs here: nothing that knows what is measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline.errors import UserError


@dataclass(frozen=True)
class Evaluation:
    """figures: metric name -> number (or nested mapping), ready for JSON; lines: the readable report, errors with evidence."""

    figures: dict[str, object]
    lines: tuple[str, ...]


class GoldError(UserError):
    """A gold file that can't be used: one line that names the file, the place and what to do."""


def read_gold(
    path: Path,
    columns: Sequence[str],
    allowed: Mapping[str, Sequence[str]] | None = None,
    patterns: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Read a gold file: a CSV table with `columns` (and any others), a row for each labelled case.

    allowed: column -> the values it may hold. patterns: column -> a regular expression that its cells match as a whole. Returns
    all columns as text, "" for blank, rows in the order of the file, and `line`, the number of each record's line where no cell
    has a line feed. Raises GoldError for a file that is missing, empty, or in another form.
    """
    try:
        rows = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig").fillna("")
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise GoldError(f"{path}: can't be read as a CSV table ({' '.join(str(error).split())})") from error
    missing = [name for name in columns if name not in rows.columns]
    if missing:
        raise GoldError(f"{path.name}, line 1: no column {', '.join(missing)}; wanted are {', '.join(columns)}")
    if rows.empty:
        raise GoldError(f"{path.name}: holds no labelled case")
    rows["line"] = range(2, len(rows) + 2)
    for name, values in (allowed or {}).items():
        _refuse(path, rows, name, ~rows[name].isin(list(values)), f"one of {', '.join(values)}")
    for name, pattern in (patterns or {}).items():
        _refuse(path, rows, name, ~rows[name].str.fullmatch(pattern), f"of the form {pattern}")
    return rows


def _refuse(path: Path, rows: pd.DataFrame, name: str, wrong: pd.Series, wanted: str) -> None:
    if wrong.any():
        first = rows[wrong].iloc[0]
        raise GoldError(f"{path.name}, line {first['line']}: {name} {first[name]!r} must be {wanted}")
