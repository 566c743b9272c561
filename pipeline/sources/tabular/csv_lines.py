"""Lines of a CSV file: how many there are, on which each record begins, and where quotation marks or bytes go wrong.

What belongs here: what a table of cells no longer shows. Cells are read in `table_files.py`.
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections.abc import Sequence
from typing import Final

from pipeline.sources.base import Probe, SourceError

MAX_LINE: Final = 1 << 20  # characters
DAMAGED: Final = "The file is damaged; download it again"
_CHUNK: Final = 1 << 20


class UndecodableError(SourceError):
    """Bytes that are not in the encoding in which the file is read."""


def count_lines(probe: Probe) -> int:
    """Count the lines of a file in one pass over its text.

    Raises UndecodableError for bytes that are not in the encoding, SourceError for a line over MAX_LINE and NUL characters.
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
                raise SourceError(probe.name, problem, row=ends + 1, remedy=DAMAGED)
            if "\x00" in text:
                line = ends + 1 + text.partition("\x00")[0].count(end)
                raise SourceError(probe.name, "NUL characters in a text", row=line, remedy=DAMAGED)
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
    encoding = "UTF-8" if probe.encoding.startswith("utf-8") else probe.encoding.capitalize()
    problem = f"not {encoding} (byte 0x{error.object[error.start]:02x})"
    return UndecodableError(probe.name, problem, row=line, remedy="Save it as UTF-8 and add it again")


def first_lines(probe: Probe, total: int, ends: int) -> Sequence[int]:
    """Return the line on which each of the `total` records below the header begins.

    ends: what `count_lines` gave. Where records and lines don't pair one to one, there are blank lines or cells of several
    lines; then the file is gone through once more. Raises SourceError for a cell that swallowed whole lines.
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
                        probe.name, "a quotation mark that swallows the lines below", row=before + 1, remedy=DAMAGED
                    )
                before = reader.line_num
        except csv.Error as error:
            problem = f"not a readable table ({error})"
            raise SourceError(probe.name, problem, row=before + 1, remedy=DAMAGED) from error
    if len(starts) != total + 1:
        raise SourceError(
            probe.name, f"{len(starts)} records or {total + 1}: quotation marks don't pair", remedy=DAMAGED
        )
    return starts[1:]


def _swallowed(record: Sequence[str], probe: Probe) -> bool:
    separators = len(probe.header) - 1
    return any("\n" in cell and cell.count(probe.delimiter) >= max(separators, 1) for cell in record)


def breaks_off(probe: Probe) -> bool:
    """Decide whether the last line has no end and an odd number of quotation marks: a download that was cut off."""
    if probe.encoding == "utf-16":
        return False
    with probe.path.open("rb") as handle:
        handle.seek(-min(probe.size, MAX_LINE), io.SEEK_END)
        last = handle.read().rpartition(b"\n")[2]
    return last.count(b'"') % 2 == 1
