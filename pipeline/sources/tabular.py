"""CSV and XLSX to frames of text, strictly: every record is kept with its line, or set aside with a reason."""

from __future__ import annotations

import csv
import datetime as dt
import functools
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
from python_calamine import CalamineError, CalamineWorkbook

from pipeline.schemas.vocabulary import STATES
from pipeline.sources.base import CONTENT_LIMIT, Parsed, Probe, SourceError

BLOCK_BYTES = 8 << 20
CORRECTIONS = Path(__file__).with_name("corrections.csv")


@dataclass
class Sieve:
    """Records of one file on their way in: text cells by column, index = line (record) number, and what was set aside."""

    file: str
    source: str
    frame: pd.DataFrame
    rejected: list[pd.DataFrame] = field(default_factory=list)
    rows_in: int = 0

    def reject(self, bad: pd.Series, reason: str) -> None:
        """Set aside the rows where `bad` holds (indexed as the frame), with `reason`, and drop them from the frame."""
        if not bad.any():
            return
        rows = self.frame[bad]
        content = rows.astype("str").agg(",".join, axis=1).str.slice(0, CONTENT_LIMIT)
        self.rejected.append(
            pd.DataFrame({"row": rows.index.to_numpy(), "reason": reason, "content": content.to_numpy()})
        )
        self.frame = self.frame[~bad]

    def parsed(self, tables: dict[str, pd.DataFrame]) -> Parsed:
        """The reader's result; every row still in the frame counts as kept."""
        quarantine = pd.concat(self.rejected, ignore_index=True) if self.rejected else _no_rows()
        return Parsed(tables, quarantine, self.rows_in, len(self.frame))


def _no_rows() -> pd.DataFrame:
    return pd.DataFrame(
        {"row": pd.Series(dtype="int64"), "reason": pd.Series(dtype="str"), "content": pd.Series(dtype="str")}
    )


def read_csv(probe: Probe, source: str, columns: Mapping[str, str]) -> Sieve:
    """Text of the columns `columns` (header cell, trimmed -> our name) of a CSV file; blanks are "", cells are trimmed.

    Records with too few or too many cells are set aside. Raises SourceError for a missing column, a line over 8 MB and
    bytes that are not in the file's encoding.
    """
    header = [cell.strip() for cell in probe.header]
    missing = [cell for cell in columns if cell not in header]
    if missing:
        raise SourceError(
            probe.name, f"no column {', '.join(missing)}", row=1, remedy="Add the file in its published layout"
        )
    wrong: list[tuple[int, str, str]] = []

    def set_aside(row: pa_csv.InvalidRow) -> str:
        wrong.append(
            (
                int(row.number),
                f"{row.actual_columns} cells where the header has {row.expected_columns}",
                row.text[:CONTENT_LIMIT],
            )
        )
        return "skip"

    try:
        table = pa_csv.read_csv(
            probe.path,
            read_options=pa_csv.ReadOptions(
                column_names=_unique(header),
                skip_rows_after_names=1,
                block_size=BLOCK_BYTES,
                use_threads=False,
                encoding=_arrow_encoding(probe),
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=probe.delimiter, newlines_in_values=True, invalid_row_handler=set_aside
            ),
            convert_options=pa_csv.ConvertOptions(
                include_columns=list(columns),
                column_types=dict.fromkeys(columns, pa.string()),
                strings_can_be_null=False,
            ),
        )
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise _unreadable(probe, error) from error
    frame = table.rename_columns([columns[name] for name in table.column_names]).to_pandas()
    bad_lines = {line for line, _, _ in wrong}
    total = len(frame) + len(wrong)
    lines = range(2, total + 2)
    frame.index = pd.Index([line for line in lines if line not in bad_lines] if bad_lines else lines)
    sieve = Sieve(probe.name, source, _trimmed(frame), rows_in=total)
    if wrong:
        sieve.rejected.append(pd.DataFrame(wrong, columns=["row", "reason", "content"]))
    _correct(sieve)
    return sieve


def read_xlsx(probe: Probe, source: str, columns: Mapping[str, str]) -> Sieve:
    """Text of the columns `columns` of the first sheet of a workbook, row by row; days as YYYY-MM-DD, blanks as "".

    Raises SourceError for a missing column or a workbook that breaks off.
    """
    header = [cell.strip() for cell in probe.header]
    missing = [cell for cell in columns if cell not in header]
    if missing:
        raise SourceError(
            probe.name, f"no column {', '.join(missing)}", row=1, remedy="Add the file in its published layout"
        )
    places = [header.index(cell) for cell in columns]
    cells: list[list[str]] = [[] for _ in places]
    try:
        sheet = CalamineWorkbook.from_path(str(probe.path)).get_sheet_by_name(probe.sheet)
        rows = sheet.iter_rows()
        next(iter(rows), None)
        for row in rows:
            for column, place in zip(cells, places, strict=True):
                column.append(_cell_text(row[place]))
    except CalamineError as error:
        raise SourceError(
            probe.name, f"the workbook can't be read to its end ({error})", remedy="Download it again"
        ) from error
    frame = pd.DataFrame(
        {name: pd.Series(column, dtype="str") for name, column in zip(columns.values(), cells, strict=True)}
    )
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    blank = (frame == "").all(axis=1)
    sieve = Sieve(probe.name, source, _trimmed(frame[~blank]), rows_in=int((~blank).sum()))
    _correct(sieve)
    return sieve


def _cell_text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return str(cell)


def _unique(header: Sequence[str]) -> list[str]:
    return [cell or f"unnamed {place}" for place, cell in enumerate(header)]


def _arrow_encoding(probe: Probe) -> str:
    return "utf8" if probe.encoding.startswith("utf-8") else probe.encoding


def _trimmed(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({name: frame[name].str.strip() for name in frame.columns}, index=frame.index)


def _unreadable(probe: Probe, error: Exception) -> SourceError:
    if "straddling" in str(error):
        return SourceError(
            probe.name, f"a line longer than {BLOCK_BYTES >> 20} MB", remedy="The file is damaged; download it again"
        )
    with probe.path.open("rb") as handle:
        for line, content in enumerate(handle, start=1):
            try:
                content.decode("utf-8")
            except UnicodeDecodeError as bad:
                return SourceError(
                    probe.name,
                    f"not UTF-8 (byte 0x{content[bad.start]:02x})",
                    row=line,
                    remedy="Save it as UTF-8 and add it again",
                )
    return SourceError(probe.name, f"not a readable table ({error})", remedy="Download it again")


@functools.cache
def _corrections() -> pd.DataFrame:
    """Rows source, column, found, becomes, reason, added: single values that a source misprints."""
    return pd.read_csv(CORRECTIONS, dtype="str", keep_default_na=False)


def _correct(sieve: Sieve) -> None:
    for row in _corrections().itertuples():
        if row.source == sieve.source and row.column in sieve.frame.columns:
            cells = sieve.frame[str(row.column)]
            sieve.frame[str(row.column)] = cells.where(cells != row.found, str(row.becomes))


def blank_to_null(cells: pd.Series) -> pd.Series:
    """Text with "" as null."""
    return cells.mask(cells == "")


def known(sieve: Sieve, column: str, allowed: Sequence[str], what: str) -> pd.Series:
    """The cells of `column`, "" as null, after checking that each is one of `allowed`.

    Raises SourceError naming the first line with another value: a new value is a change of the source, and a person
    decides what it means (a row in corrections.csv, or a new entry in the vocabulary).
    """
    cells = sieve.frame[column]
    strange = ~cells.isin([*allowed, ""])
    if strange.any():
        line = int(strange.idxmax())
        raise SourceError(
            sieve.file,
            f"unknown {what} {cells[line]!r}",
            row=line,
            remedy="If it is a misprint, add a row to pipeline/sources/corrections.csv",
        )
    return blank_to_null(cells)


def states(sieve: Sieve, column: str) -> pd.Series:
    """Two-letter states of `column`, "" as null; SourceError for an unknown one."""
    sieve.frame[column] = sieve.frame[column].str.upper()
    return known(sieve, column, STATES, "state")


def whole_numbers(sieve: Sieve, column: str, *, blank: int | None) -> None:
    """Turn `column` of the sieve's frame into whole numbers (`Int64`); thousands commas and `.0` are taken off.

    Rows with a negative number or no number are set aside. A blank becomes `blank`; None: null.
    """
    cells = sieve.frame[column].str.replace(",", "", regex=False).str.replace(r"\.0+$", "", regex=True)
    negative = cells.str.fullmatch(r"-\d+")
    good = cells.str.fullmatch(r"\d{1,15}") | (cells == "")
    sieve.reject(negative, f"negative count in {column}")
    sieve.reject(~good[sieve.frame.index], f"no whole number in {column}")
    numbers = pd.to_numeric(cells[sieve.frame.index].mask(lambda text: text == "")).astype("Int64")
    sieve.frame[column] = numbers if blank is None else numbers.fillna(blank)


def header_of(text: str) -> list[str]:
    """Cells of a header line, for messages and tests."""
    return next(csv.reader(io.StringIO(text)))
