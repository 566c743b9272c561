"""What every reader shares: how a file is recognised, what it yields, and how it says no."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pandas as pd

from pipeline.errors import UserError

Media = Literal["csv", "xlsx", "pdf", "html", "json"]
CONTENT_LIMIT = 500


class SourceError(UserError):
    """A file that can't be used: one line that names the file, the place in it and what to do."""

    def __init__(self, file: str, problem: str, *, row: int | None = None, remedy: str) -> None:
        self.file, self.problem, self.row, self.remedy = file, problem, row, remedy
        place = f"{file}, line {row}" if row is not None else file
        super().__init__(f"{place}: {problem}. {remedy}")


@dataclass(frozen=True)
class Layout:
    """One form in which a source is published. `columns` are the header cells that must be there, as printed
    (compared after trimming); with `exact` no others may be. Media without a header leave `columns` empty."""

    source: str
    name: str
    media: Media
    columns: tuple[str, ...] = ()
    exact: bool = False


@dataclass(frozen=True)
class Probe:
    """The little of a file that recognising needs; made by `pipeline.sources.probe`."""

    path: Path
    name: str
    media: Media
    size: int
    encoding: str = ""
    delimiter: str = ""
    header: tuple[str, ...] = ()
    sheet: str = ""
    head: bytes = b""


@dataclass(frozen=True)
class Hints:
    """What the person who adds a file says of it, or its manifest keeps: url, retrieved_on, program_code, …"""

    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Parsed:
    """What a reader yields from one file.

    tables: frames in the columns of the registry (missing optional columns are allowed), by table name.
    quarantine: rows set aside, columns row (1-based line, record or page), reason, content.
    rows_in: records in the file; rows_kept: records that went into the tables. rows_in = rows_kept + len(quarantine).
    """

    tables: dict[str, pd.DataFrame]
    quarantine: pd.DataFrame
    rows_in: int
    rows_kept: int

    def __post_init__(self) -> None:
        if self.rows_in != self.rows_kept + len(self.quarantine):
            raise AssertionError(f"{self.rows_in} rows in, {self.rows_kept} kept, {len(self.quarantine)} quarantined")


@dataclass(frozen=True)
class Part:
    """What a snapshot stands for: a fiscal year (`FY2021`), a quarter, a state, a program, a page, or `all`."""

    name: str
    rows: int
    full: bool
    note: str = ""


@dataclass(frozen=True)
class Source:
    """One source of public data and its reader.

    recognise: layout of a probed file, or None; by content, never by name.
    read: parse a recognised file; pure; raises SourceError.
    parts: what a parsed file covers, from its content.
    part_of: for the first of `tables`, the part each row belongs to; None where a row is never split off its file.
    precedence: layouts from the most to the least trusted, where several describe one thing; a better one fills in first.
    whole_by: tables of which a better snapshot replaces all rows of one value of that column, not row by row.
    """

    id: str
    title: str
    producer: str
    url: str
    licence: str
    layouts: tuple[Layout, ...]
    recognise: Callable[[Probe], Layout | None]
    read: Callable[[Probe, Layout, Hints], Parsed]
    parts: Callable[[Parsed, Hints], tuple[Part, ...]]
    part_of: Callable[[pd.DataFrame], pd.Series] | None = None
    tables: tuple[str, ...] = ()
    precedence: tuple[str, ...] = ()
    whole_by: Mapping[str, str] = field(default_factory=dict)


def no_quarantine() -> pd.DataFrame:
    """An empty quarantine."""
    return pd.DataFrame(
        {"row": pd.Series(dtype="int64"), "reason": pd.Series(dtype="str"), "content": pd.Series(dtype="str")}
    )


def one_part(rows: int, full_rows: int, what: str) -> tuple[Part, ...]:
    """A file that stands for all of its source: full with `full_rows` rows or more. `what` is what a row is, in the plural."""
    note = "" if rows >= full_rows else f"{rows:,} {what}, and a full file has {full_rows:,} or more"
    return (Part("all", rows, not note, note),)


def recognise_by_header(layouts: tuple[Layout, ...]) -> Callable[[Probe], Layout | None]:
    """A recogniser for tabular layouts: the first whose media and header fit."""

    def recognise(probe: Probe) -> Layout | None:
        header = tuple(cell.strip() for cell in probe.header)
        for layout in layouts:
            wanted = tuple(cell.strip() for cell in layout.columns)
            same_media = probe.media == layout.media
            if same_media and (sorted(header) == sorted(wanted) if layout.exact else set(wanted) <= set(header)):
                return layout
        return None

    return recognise
