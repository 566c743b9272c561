"""What every reader of a source shares: the description of a source, and what is known of a file before and after reading.

What belongs here: values without a format of their own. Tables are read with the help of `tabular/`, pages with that of `pages.py`.
"""

from __future__ import annotations

import datetime as dt
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

import pandas as pd

from pipeline.errors import UserError
from pipeline.text.characters import harmless

Media = Literal["csv", "xlsx", "pdf", "html", "json"]
LAST_DAY: Final = dt.date(2100, 12, 31)  # of any file
CONTENT_LIMIT: Final = 500  # characters that the quarantine keeps of a row
WINDOWS_1252: Final = "windows-1252"  # in which older official files were saved
PUBLIC_DOMAIN: Final = "Public domain (work of the US government, 17 USC 105)"
# What Python's reader of zip archives, workbooks among them, raises over damaged ones, each method of packing in its own way.
ZIP_FAULTS: Final = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError,
)  # fmt: skip


class SourceError(UserError):
    """A file that can't be used: one line that names the file, the place in it and what to do.

    file: what the file is called; row: line, row or record, from 1, or None; problem and remedy: phrases without a full stop.
    """

    def __init__(self, file: str, problem: str, *, row: int | None = None, remedy: str) -> None:
        self.file, self.problem, self.row, self.remedy = file, problem, row, remedy
        place = f"{file}, line {row}" if row is not None else file
        super().__init__(harmless(f"{place}: {problem}. {remedy}"))


@dataclass(frozen=True)
class Layout:
    """One form in which a source is published.

    source: source id; name: unique within it. columns: header cells that must be there, as printed (compared after trimming);
    with `exact` no others may be. Media without a header leave `columns` empty.
    """

    source: str
    name: str
    media: Media
    columns: tuple[str, ...] = ()
    exact: bool = False


@dataclass(frozen=True)
class Probe:
    """The little of a file that recognising needs; made by `pipeline.sources.probe`.

    name: what errors call the file; size in bytes; encoding and delimiter of a CSV file; header: first row of a table, as
    printed; sheet: first visible one of a workbook; head: first bytes; first_text: of the first page of a PDF, "" where it can't be
    read.
    """

    path: Path
    name: str
    media: Media
    size: int
    encoding: str = ""
    delimiter: str = ""
    header: tuple[str, ...] = ()
    sheet: str = ""
    head: bytes = b""
    first_text: str = ""


@dataclass(frozen=True)
class Hints:
    """What the person who adds a file states about it, or its manifest keeps: url, retrieved_on, program_code, …"""

    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def last_day(self) -> dt.date:
        """The last day of which the file can tell as past: a day after it was saved or filed, since that may be in any time zone.

        LAST_DAY where nothing says when that was.
        """
        try:
            return dt.date.fromisoformat(self.values.get("retrieved_on", "")) + dt.timedelta(days=1)
        except (ValueError, OverflowError):
            return LAST_DAY


@dataclass(frozen=True)
class Parsed:
    """What a reader yields from one file.

    tables: frames in the columns of the registry (missing optional columns are allowed), by table name.
    quarantine: rows that were not used, columns row (1-based line, record or page), reason, content.
    rows_in: records in the file; rows_kept: records that went into the tables. rows_in = rows_kept + len(quarantine).
    notes: what was mended on the way, in phrases for whoever adds the file. stated_rows: how many the file says that it has,
    where it does. A cached parse has neither: both are for filing the file.
    """

    tables: dict[str, pd.DataFrame]
    quarantine: pd.DataFrame
    rows_in: int
    rows_kept: int
    notes: tuple[str, ...] = ()
    stated_rows: int | None = None

    def __post_init__(self) -> None:
        if self.rows_in != self.rows_kept + len(self.quarantine):
            raise AssertionError(f"{self.rows_in} rows in, {self.rows_kept} kept, {len(self.quarantine)} quarantined")


@dataclass(frozen=True)
class Part:
    """What a snapshot covers: a fiscal year (`FY2021`), a quarter, a state, a program, a page, or `all`.

    rows: of that part; full: whether it is all that the publisher has of it, so that absence means something; note: why not.
    """

    name: str
    rows: int
    full: bool
    note: str = ""


@dataclass(frozen=True)
class Bounds:
    """Rows that a full part of a source has, from the row counts of real files with room for a year's change.

    Fewer than `lower`, or a larger share of quarantined rows than `quarantine_share`, may mean that the file is cut off or that
    the reader no longer fits the source; more than `upper` is a lesser doubt. Each goes to the review queue.
    """

    lower: int
    upper: int
    quarantine_share: float = 0.005


PartsOf = Callable[[Parsed, Hints], tuple[Part, ...]]


@dataclass(frozen=True)
class Source:
    """One source of public data and its reader.

    id: folder of its snapshots; title, producer, url, licence: of the publication. layouts: forms that the reader knows.
    read: parses a recognised file; pure; raises SourceError. parts: what a parsed file covers, from its content.
    tables: names of what `read` yields, the main one first. bounds: of a full part.
    recogniser: finds the layout of a probed file by its content, never by its name; by default by media and header.
    part_of: for the first of `tables`, the part of each row; None where a row is never split off its file.
    precedence: layouts from the most to the least trusted, or from the newest to the oldest, where several describe one thing: of full
    files of one part the better one is used, and of rows of one key it fills in first.
    whole_by: tables of which a better snapshot replaces all rows of one value of that column, not row by row.
    additive: layouts whose snapshots of one part don't replace each other: all are used and merged row by row.
    year_of: tables with a column of the year for which a row holds; of equally trusted rows of a key the latest comes first.
    watched: columns of the main table whose blanks and different values are compared with the file before; totals: columns whose
    sums are. A file that differs too much is held back; of sources that watch nothing none is.
    period_of: the period of a part by its name, where a file's parts of one period are compared together, as small ones are; by
    default each part is. apart: layouts that hold more or less than the others, and are compared among themselves alone.
    """

    id: str
    title: str
    producer: str
    url: str
    licence: str
    layouts: tuple[Layout, ...]
    read: Callable[[Probe, Layout, Hints], Parsed]
    parts: PartsOf
    tables: tuple[str, ...]
    bounds: Bounds
    recogniser: Callable[[Probe], Layout | None] | None = None
    part_of: Callable[[pd.DataFrame], pd.Series] | None = None
    precedence: tuple[str, ...] = ()
    whole_by: Mapping[str, str] = field(default_factory=dict)
    additive: tuple[str, ...] = ()
    year_of: Mapping[str, str] = field(default_factory=dict)
    watched: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    period_of: Callable[[str], str] = str
    apart: tuple[str, ...] = ()

    def recognise(self, probe: Probe) -> Layout | None:
        """Return the layout of a probed file; None where it is none of this source's."""
        return self.recogniser(probe) if self.recogniser else layout_by_header(self.layouts, probe)

    def layout(self, name: str) -> Layout | None:
        """Return the layout of that name; None where the reader knows none, or no longer."""
        return next((layout for layout in self.layouts if layout.name == name), None)

    def place_of(self, layout: str) -> int:
        """Return the place of a layout in `precedence`, 0 for the most trusted and for one that isn't in it."""
        return self.precedence.index(layout) if layout in self.precedence else 0


def layout_by_header(layouts: tuple[Layout, ...], probe: Probe) -> Layout | None:
    """Return the first of `layouts` whose media and header fit the file; None where none does."""
    header = tuple(cell.strip() for cell in probe.header)
    for layout in layouts:
        wanted = tuple(cell.strip() for cell in layout.columns)
        same_media = probe.media == layout.media
        if same_media and (sorted(header) == sorted(wanted) if layout.exact else set(wanted) <= set(header)):
            return layout
    return None


def whole(name: str = "all") -> PartsOf:
    """Make a rule by which a file is one part, always full: whatever it lists is all there is."""
    return lambda parsed, hints: (Part(name, parsed.rows_kept, full=True),)


def whole_from(least: int, rows: str) -> PartsOf:
    """Make a rule by which a file is one part `all`, full with `least` rows or more. `rows`: what a row is, in the plural."""
    return lambda parsed, hints: (sized_part("all", parsed.rows_kept, least, rows, of="file"),)


def sized_part(name: str, count: int, least: int, rows: str, *, of: str) -> Part:
    """Return a part of `count` rows, full with `least` or more. For its note, rows: what a row is, of: what a part is."""
    note = "" if count >= least else f"{count:,} {rows}, and a full {of} has {least:,} or more"
    return Part(name, count, not note, note)


def no_quarantine() -> pd.DataFrame:
    """Return an empty quarantine."""
    return pd.DataFrame(
        {"row": pd.Series(dtype="int64"), "reason": pd.Series(dtype="str"), "content": pd.Series(dtype="str")}
    )
