"""Tables as files: the wanted columns of a CSV file or a workbook as a sieve of text cells, with the line of each record.

What belongs here: opening a table and choosing its columns. How lines of a CSV file are counted is in `csv_lines.py`, how a
workbook is read in `workbook.py`, what cells mean in `columns.py`.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from pipeline.reference.load import read_reference
from pipeline.sources.base import CONTENT_LIMIT, Probe, SourceError
from pipeline.sources.tabular import workbook
from pipeline.sources.tabular.csv_lines import DAMAGED, UndecodableError, breaks_off, count_lines, first_lines
from pipeline.sources.tabular.sieve import Sieve
from pipeline.sources.tabular.wrapped import unwrap_cells

Columns = Mapping[str, str]  # header cell, trimmed -> our name
BLOCK_BYTES: Final = 8 << 20
XLSX_BATCH: Final = 50_000


def read_table(
    probe: Probe,
    source: str,
    columns: Columns,
    optional: Columns | None = None,
    *,
    show: bool = True,
    else_encoding: str = "",
) -> Sieve:
    """Read a table with `read_csv` or `read_xlsx`, by the medium of the file."""
    if probe.media == "xlsx":
        return read_xlsx(probe, source, columns, optional)
    return read_csv(probe, source, columns, optional, show=show, else_encoding=else_encoding)


def read_csv(
    probe: Probe,
    source: str,
    columns: Columns,
    optional: Columns | None = None,
    *,
    show: bool = True,
    else_encoding: str = "",
) -> Sieve:
    """Read the columns `columns` (header cell, trimmed -> our name) of a CSV file (RFC 4180) as text.

    Returns a sieve with trimmed cells, "" for blank, indexed by line; `optional` columns are "" where the file lacks them.
    Records with too few or too many cells are quarantined, with their text unless `show` is false (for files whose other
    columns name persons). Records that are blank in all columns read aren't counted. Single values that the source is known to
    misprint are corrected (`corrections.csv`), and cells printed as `="value"` hold their value. else_encoding: of files of this layout
    that are not UTF-8. Raises SourceError for a missing column, a line over 1 MB, bytes that are not in the file's encoding, and
    quotation marks that swallow lines.
    """
    wanted, absent = _columns(probe, columns, optional or {})
    probe, ends = _counted(probe, else_encoding)
    table, wrong = _read(probe, list(wanted))
    lines = first_lines(probe, table.num_rows + len(wrong), ends)
    frame = _frame(table, wanted, absent)
    bad = {int(row.number) - 2 for row in wrong}
    frame.index = pd.Index([line for place, line in enumerate(lines) if place not in bad] if bad else lines)
    sieve = _sieve(probe, source, frame, len(wrong))
    if else_encoding and probe.encoding == else_encoding:
        sieve.notes.append(f"read as {else_encoding}")
    if wrong:
        reasons = [f"{row.actual_columns} cells where the header has {row.expected_columns}" for row in wrong]
        texts = [row.text[:CONTENT_LIMIT] if show else "" for row in wrong]
        sieve.quarantine([lines[int(row.number) - 2] for row in wrong], reasons, texts)
    if isinstance(lines, range) and len(sieve.frame) and breaks_off(probe):
        last = pd.Series(sieve.frame.index == lines[-1], index=sieve.frame.index)
        sieve.reject(last, "breaks off inside a quoted cell")
    return sieve


def _counted(probe: Probe, else_encoding: str) -> tuple[Probe, int]:
    """Return the probe in the encoding in which its whole text can be read, and what `count_lines` then gives."""
    try:
        return probe, count_lines(probe)
    except UndecodableError:
        if not else_encoding or probe.encoding != "utf-8":
            raise
    other = replace(probe, encoding=else_encoding)
    return other, count_lines(other)


def _read(probe: Probe, wanted: list[str]) -> tuple[pa.Table, list[pa_csv.InvalidRow]]:
    """Return the columns `wanted` as text, and the records with another number of cells than the header."""
    wrong: list[pa_csv.InvalidRow] = []

    def keep_apart(row: pa_csv.InvalidRow) -> str:
        wrong.append(row)
        return "skip"

    try:
        table = pa_csv.read_csv(
            probe.path,
            read_options=pa_csv.ReadOptions(
                column_names=_unique(probe.header),
                skip_rows_after_names=1,
                block_size=BLOCK_BYTES,
                use_threads=False,
                encoding="utf8" if probe.encoding.startswith("utf-8") else probe.encoding,
            ),
            parse_options=pa_csv.ParseOptions(
                delimiter=probe.delimiter, newlines_in_values=True, invalid_row_handler=keep_apart
            ),
            convert_options=pa_csv.ConvertOptions(
                include_columns=wanted,
                column_types=dict.fromkeys(wanted, pa.string()),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        problem = f"not a readable table ({error}); perhaps a quotation mark is never closed"
        raise SourceError(probe.name, problem, remedy=DAMAGED) from error
    return table, wrong


def read_xlsx(probe: Probe, source: str, columns: Columns, optional: Columns | None = None) -> Sieve:
    """Read the columns `columns` of the first visible sheet of a workbook as text; days as YYYY-MM-DD, blanks as "".

    Returns what `read_csv` does, indexed by row. Raises SourceError for a missing column or a workbook that breaks off.
    """
    wanted, absent = _columns(probe, columns, optional or {})
    header = [cell.strip() for cell in probe.header]
    rows = workbook.rows(probe.path, probe.name, [header.index(cell) for cell in wanted])
    numbers: list[int] = []
    batches: list[pa.Table] = []
    schema = pa.schema([(cell, pa.string()) for cell in wanted])
    while batch := list(itertools.islice(rows, XLSX_BATCH)):
        numbers += [number for number, _ in batch]
        texts = zip(*(texts for _, texts in batch), strict=True)
        batches.append(pa.table([pa.array(column, pa.string()) for column in texts], schema=schema))
    frame = _frame(pa.concat_tables(batches) if batches else schema.empty_table(), wanted, absent)
    frame.index = pd.Index(numbers, dtype="int64")
    return _sieve(probe, source, frame, 0)


def _columns(probe: Probe, columns: Columns, optional: Columns) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the columns to read (header cell -> our name), and the names of optional ones that the file lacks."""
    header = [cell.strip() for cell in probe.header]
    missing = [cell for cell in columns if cell not in header]
    if missing:
        raise SourceError(
            probe.name, f"no column {', '.join(missing)}", row=1, remedy="Add the file in its published layout"
        )
    there = {cell: name for cell, name in optional.items() if cell in header}
    wanted = {**columns, **there}
    return wanted, tuple(dict.fromkeys(name for name in optional.values() if name not in wanted.values()))


def _frame(table: pa.Table, wanted: Columns, absent: Sequence[str]) -> pd.DataFrame:
    trimmed = [pc.call_function("utf8_trim_whitespace", [table[cell]]) for cell in wanted]
    frame = pa.table(trimmed, names=list(wanted.values())).to_pandas()
    for name in absent:
        frame[name] = pd.Series("", index=frame.index, dtype="str")
    return frame


def _sieve(probe: Probe, source: str, frame: pd.DataFrame, quarantined: int) -> Sieve:
    sieve = Sieve(probe.name, source, frame)
    unwrap_cells(sieve)
    rows = sieve.frame
    filled = functools.reduce(lambda seen, name: seen | (rows[name] != ""), rows.columns[1:], rows.iloc[:, 0] != "")
    sieve.frame = rows if filled.all() else rows[filled]
    sieve.rows_in = len(sieve.frame) + quarantined + len(frame) - len(rows)
    _correct(sieve)
    return sieve


def _unique(header: Sequence[str]) -> list[str]:
    return [cell.strip() or f"unnamed {place}" for place, cell in enumerate(header)]


def _correct(sieve: Sieve) -> None:
    """Replace single values that the source misprints, by corrections.csv."""
    for row in read_reference("corrections.csv").itertuples():
        column = str(row.column)
        if row.source == sieve.source and column in list(sieve.frame):
            cells = sieve.frame[column]
            sieve.frame[column] = cells.where(cells != row.found, str(row.becomes))
