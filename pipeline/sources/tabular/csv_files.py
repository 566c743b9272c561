"""CSV and XLSX to frames of text, strictly: every record is kept with its line, or set aside with a reason."""

from __future__ import annotations

import codecs
import csv
import functools
import io
import itertools
from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from pipeline.reference.load import read_reference
from pipeline.sources.base import CONTENT_LIMIT, Probe, SourceError
from pipeline.sources.tabular import xlsx as workbook
from pipeline.sources.tabular.columns import (
    Sieve,
    blank_to_null,
    by_value,
    days,
    decimals,
    identifiers,
    known,
    required,
    states,
    translated,
    unique,
    whole_numbers,
    zip_codes,
)

__all__ = [
    "Sieve",
    "blank_to_null",
    "by_value",
    "days",
    "decimals",
    "identifiers",
    "known",
    "read_csv",
    "read_table",
    "read_xlsx",
    "required",
    "states",
    "translated",
    "unique",
    "whole_numbers",
    "zip_codes",
]

Columns = Mapping[str, str]  # header cell, trimmed -> our name
MAX_LINE: Final = 1 << 20  # characters
BLOCK_BYTES: Final = 8 << 20
XLSX_BATCH: Final = 50_000
_CHUNK: Final = 1 << 20
_DAMAGED: Final = "The file is damaged; download it again"


def read_table(
    probe: Probe, source: str, columns: Columns, optional: Columns | None = None, *, show: bool = True
) -> Sieve:
    """`read_csv` or `read_xlsx`, by the medium of the file."""
    if probe.media == "xlsx":
        return read_xlsx(probe, source, columns, optional)
    return read_csv(probe, source, columns, optional, show=show)


def read_csv(
    probe: Probe, source: str, columns: Columns, optional: Columns | None = None, *, show: bool = True
) -> Sieve:
    """Text of the columns `columns` (header cell, trimmed -> our name) of a CSV file; blanks are "", cells are trimmed.

    `optional` columns are "" where the file lacks them. Records with too few or too many cells are set aside, with
    their text unless `show` is false (for files whose other columns name persons). Records that are blank in all
    columns read aren't counted. Raises SourceError for a missing column, a line over 1 MB, bytes that are not in the
    file's encoding, and quotation marks that swallow lines.
    """
    wanted, absent = _columns(probe, columns, optional or {})
    ends = _line_ends(probe)
    wrong: list[pa_csv.InvalidRow] = []

    def set_aside(row: pa_csv.InvalidRow) -> str:
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
                delimiter=probe.delimiter, newlines_in_values=True, invalid_row_handler=set_aside
            ),
            convert_options=pa_csv.ConvertOptions(
                include_columns=list(wanted),
                column_types=dict.fromkeys(wanted, pa.string()),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        problem = f"not a readable table ({error}); perhaps a quotation mark is never closed"
        raise SourceError(probe.name, problem, remedy=_DAMAGED) from error
    total = table.num_rows + len(wrong)
    lines = _lines(probe, total, ends)
    frame = _frame(table, wanted, absent)
    bad = {int(row.number) - 2 for row in wrong}
    frame.index = pd.Index([line for place, line in enumerate(lines) if place not in bad] if bad else lines)
    sieve = _sieve(probe, source, frame, len(wrong))
    if wrong:
        reasons = [f"{row.actual_columns} cells where the header has {row.expected_columns}" for row in wrong]
        texts = [row.text[:CONTENT_LIMIT] if show else "" for row in wrong]
        sieve.set_aside([lines[int(row.number) - 2] for row in wrong], reasons, texts)
    if isinstance(lines, range) and len(sieve.frame) and _breaks_off(probe):
        last = pd.Series(sieve.frame.index == lines[-1], index=sieve.frame.index)
        sieve.reject(last, "breaks off inside a quoted cell")
    return sieve


def read_xlsx(probe: Probe, source: str, columns: Columns, optional: Columns | None = None) -> Sieve:
    """Text of the columns `columns` of the first visible sheet of a workbook; days as YYYY-MM-DD, blanks as "".

    As `read_csv` in all else. Raises SourceError for a missing column or a workbook that breaks off.
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
    """Columns to read, and the names of optional ones that the file lacks."""
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


def _sieve(probe: Probe, source: str, frame: pd.DataFrame, set_aside: int) -> Sieve:
    filled = functools.reduce(lambda seen, name: seen | (frame[name] != ""), frame.columns[1:], frame.iloc[:, 0] != "")
    there = frame if filled.all() else frame[filled]
    sieve = Sieve(probe.name, source, there, rows_in=len(there) + set_aside)
    _correct(sieve)
    return sieve


def _unique(header: Sequence[str]) -> list[str]:
    return [cell.strip() or f"unnamed {place}" for place, cell in enumerate(header)]


def _line_ends(probe: Probe) -> int:
    """Lines of the file, from one pass over its text.

    Raises SourceError for bytes that are not in the encoding, a line over MAX_LINE, and NUL characters.
    """
    decoder = codecs.getincrementaldecoder(probe.encoding)()
    end = "\r" if b"\r" in probe.head and b"\n" not in probe.head else "\n"
    ends, run, last = 0, 0, ""
    with probe.path.open("rb") as handle:
        for chunk in itertools.chain(iter(lambda: handle.read(_CHUNK), b""), (b"",)):
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                raise _undecodable(probe, error, ends) from error
            found = text.count(end)
            run += text.find(end) if found else len(text)
            if run > MAX_LINE:
                problem = f"a line longer than {MAX_LINE:,} characters"
                raise SourceError(probe.name, problem, row=ends + 1, remedy=_DAMAGED)
            if "\x00" in text:
                line = ends + 1 + text.partition("\x00")[0].count(end)
                raise SourceError(probe.name, "NUL characters in a text", row=line, remedy=_DAMAGED)
            if found:
                run = len(text) - text.rfind(end) - 1
            ends += found
            last = text[-1:] or last
    return ends + (last != end)


def _undecodable(probe: Probe, error: UnicodeDecodeError, ends: int) -> SourceError:
    line = ends + 1 + error.object[: error.start].count(b"\n")
    if error.reason in ("unexpected end of data", "truncated data"):
        return SourceError(
            probe.name, "it breaks off in the middle of a character", row=line, remedy="Download it again"
        )
    if probe.encoding == "utf-16":
        return SourceError(probe.name, "UTF-16 that is damaged", row=line, remedy="Download it again")
    problem = f"not UTF-8 (byte 0x{error.object[error.start]:02x})"
    return SourceError(probe.name, problem, row=line, remedy="Save it as UTF-8 and add it again")


def _lines(probe: Probe, total: int, ends: int) -> Sequence[int]:
    """Line on which each of the `total` records below the header begins.

    Where records and lines don't pair one to one, there are blank lines or cells of several lines; then the file is
    gone through once more, and a cell that swallowed whole lines is found out.
    """
    if total + 1 == ends:
        return range(2, total + 2)
    starts: list[int] = []
    before = 0
    with probe.path.open(encoding=probe.encoding, newline="") as handle:
        reader = csv.reader(handle, delimiter=probe.delimiter)
        try:
            for record in reader:
                if record:
                    starts.append(before + 1)
                if reader.line_num > before + 1 and _swallowed(record, probe):
                    raise SourceError(
                        probe.name, "a quotation mark that swallows the lines below", row=before + 1, remedy=_DAMAGED
                    )
                before = reader.line_num
        except csv.Error as error:
            problem = f"not a readable table ({error})"
            raise SourceError(probe.name, problem, row=before + 1, remedy=_DAMAGED) from error
    if len(starts) != total + 1:
        raise SourceError(
            probe.name, f"{len(starts)} records or {total + 1}: quotation marks don't pair", remedy=_DAMAGED
        )
    return starts[1:]


def _swallowed(record: Sequence[str], probe: Probe) -> bool:
    separators = len(probe.header) - 1
    return any("\n" in cell and cell.count(probe.delimiter) >= max(separators, 1) for cell in record)


def _breaks_off(probe: Probe) -> bool:
    """Whether the last line has no end and an odd number of quotation marks: a download that was cut."""
    if probe.encoding == "utf-16":
        return False
    with probe.path.open("rb") as handle:
        handle.seek(-min(probe.size, MAX_LINE), io.SEEK_END)
        last = handle.read().rpartition(b"\n")[2]
    return last.count(b'"') % 2 == 1


def _correct(sieve: Sieve) -> None:
    for row in read_reference("corrections.csv").itertuples():
        column = str(row.column)
        if row.source == sieve.source and column in list(sieve.frame):
            cells = sieve.frame[column]
            sieve.frame[column] = cells.where(cells != row.found, str(row.becomes))
