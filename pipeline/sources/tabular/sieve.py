"""The sieve: the records of one file on their way to a table, and those that fell through into the quarantine.

What belongs here: the bookkeeping, so that rows in = rows kept + rows quarantined. How cells are converted is in `columns.py`,
how files are opened in `table_files.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from pipeline.sources.base import CONTENT_LIMIT, Parsed, SourceError, no_quarantine


@dataclass
class Sieve:
    """Records of one file that a reader goes through column by column.

    file: what errors call it; source: source id. frame: rows still kept, text cells by column, "" for blank, until a column is
    converted; index = line (CSV), row (XLSX) or record (JSON), from 1. quarantined: frames of rows that were not, columns row,
    reason, content. rows_in: records that count, kept and quarantined ones. notes: what whoever adds the file should know.
    """

    file: str
    source: str
    frame: pd.DataFrame
    quarantined: list[pd.DataFrame] = field(default_factory=list)
    rows_in: int = 0
    notes: list[str] = field(default_factory=list)

    def reject(self, bad: pd.Series, reason: str) -> None:
        """Move the rows where `bad` holds (indexed as the frame) from the frame to the quarantine, with `reason`."""
        if not bad.any():
            return
        rows = self.frame[bad]
        content = pd.Series("", index=rows.index, dtype="str")
        for column in rows.columns:
            content = content + "," + rows[column].astype("str").fillna("")
        self.quarantine(rows.index.tolist(), reason, content.str.slice(1).tolist())
        self.frame = self.frame[~bad]

    def quarantine(self, lines: Sequence[int], reason: str | Sequence[str], content: Sequence[str]) -> None:
        """Record quarantined lines that never were in the frame. `content` is cut at CONTENT_LIMIT characters."""
        shown = [text[:CONTENT_LIMIT] for text in content]
        self.quarantined.append(pd.DataFrame({"row": list(lines), "reason": reason, "content": shown}))

    def leave_out(self, rows: pd.Series) -> pd.DataFrame:
        """Take out of the frame the rows where `rows` holds; they are out of scope, not bad, and don't count as rows of the file.

        Returns them.
        """
        out = self.frame[rows]
        self.rows_in -= len(out)
        self.frame = self.frame[~rows]
        return out

    def first_quarantined(self) -> tuple[int, str] | None:
        """Return line and reason of the topmost quarantined row; None where there is none."""
        if not self.quarantined:
            return None
        first = pd.concat(self.quarantined).sort_values("row", kind="stable").iloc[0]
        return int(first["row"]), str(first["reason"])

    def require_rows(self) -> None:
        """Check that a row is left.

        Raises SourceError otherwise: a header alone, or a file of which no row can be read, is no data.
        """
        if len(self.frame):
            return
        first = self.first_quarantined()
        if first is None:
            raise SourceError(
                self.file, "there is a header and no row below it", remedy="It was cut off; download it again"
            )
        raise SourceError(
            self.file,
            f"none of its {self.rows_in:,} rows can be read; the first: {first[1]}",
            row=first[0],
            remedy="The file is damaged, or in a layout that only looks like a known one; download it again",
        )

    def parsed(self, tables: dict[str, pd.DataFrame]) -> Parsed:
        """Return the reader's result with `tables`; every row still in the frame counts as kept."""
        if not self.quarantined:
            return Parsed(tables, no_quarantine(), self.rows_in, len(self.frame), tuple(self.notes))
        quarantine = pd.concat(self.quarantined, ignore_index=True).sort_values("row", kind="stable", ignore_index=True)
        return Parsed(tables, quarantine, self.rows_in, len(self.frame), tuple(self.notes))

    def as_table(self, name: str) -> Parsed:
        """Return the reader's result where the frame is the one table, `name`.

        Raises SourceError where no row is left.
        """
        self.require_rows()
        return self.parsed({name: self.frame.reset_index(drop=True)})
