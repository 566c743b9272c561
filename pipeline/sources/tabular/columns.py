"""Cells on their way in: text to typed columns, strictly. A row that can't be read is set aside with its reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from pipeline.schemas.vocabulary import STATES
from pipeline.sources.base import CONTENT_LIMIT, Parsed, SourceError, no_quarantine

CORRECT_IT = "If it is a misprint, add a row to pipeline/sources/corrections.csv; if it is new, teach it to the reader"
WHOLE_NUMBER = r"(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.0*)?"
DECIMAL = r"\$?(?:(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]*)?|\.[0-9]+)"
EXCEL_EPOCH = pd.Timestamp("1899-12-30")


@dataclass
class Sieve:
    """Records of one file: text cells by column, "" for blank, index = line or row; and what was set aside."""

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
        content = pd.Series("", index=rows.index, dtype="str")
        for column in rows.columns:
            content = content + "," + rows[column].astype("str").fillna("")
        self.set_aside(rows.index.tolist(), reason, content.str.slice(1).tolist())
        self.frame = self.frame[~bad]

    def set_aside(self, lines: Sequence[int], reason: str | Sequence[str], content: Sequence[str]) -> None:
        """Record quarantined lines that are not in the frame. `content` is cut at CONTENT_LIMIT characters."""
        shown = [text[:CONTENT_LIMIT] for text in content]
        self.rejected.append(pd.DataFrame({"row": list(lines), "reason": reason, "content": shown}))

    def require_rows(self) -> None:
        """Raises SourceError when no row is left: a header alone, or a file of which no row can be read, is no data."""
        if len(self.frame):
            return
        if not self.rejected:
            raise SourceError(
                self.file, "there is a header and no row below it", remedy="It was cut off; download it again"
            )
        first = pd.concat(self.rejected).sort_values("row", kind="stable").iloc[0]
        raise SourceError(
            self.file,
            f"none of its {self.rows_in:,} rows can be read; the first: {first['reason']}",
            row=int(first["row"]),
            remedy="The file is damaged, or in a layout that only looks like a known one; download it again",
        )

    def parsed(self, tables: dict[str, pd.DataFrame]) -> Parsed:
        """The reader's result; every row still in the frame counts as kept."""
        if not self.rejected:
            return Parsed(tables, no_quarantine(), self.rows_in, len(self.frame))
        quarantine = pd.concat(self.rejected, ignore_index=True).sort_values("row", kind="stable", ignore_index=True)
        return Parsed(tables, quarantine, self.rows_in, len(self.frame))


def by_value(cells: pd.Series, convert: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """`convert` applied to the distinct values of `cells` and spread over them: most columns repeat themselves."""
    codes, values = pd.factorize(cells)
    converted = convert(pd.Series(values, dtype="str")).take(codes)
    return converted.set_axis(cells.index)


def blank_to_null(cells: pd.Series) -> pd.Series:
    """Text with "" as null."""
    return cells.mask(cells == "")


def stop_at_unknown(sieve: Sieve, column: str, strange: pd.Series, what: str) -> None:
    """Raise SourceError for the first line where `strange` holds: what a new value means is for a person to say."""
    if not strange.any():
        return
    place = int(strange.to_numpy().argmax())
    raise SourceError(
        sieve.file,
        f"unknown {what} {sieve.frame[column].iloc[place][:80]!r}",
        row=int(sieve.frame.index.to_numpy()[place]),
        remedy=CORRECT_IT,
    )


def known(sieve: Sieve, column: str, allowed: Sequence[str], what: str) -> pd.Series:
    """The cells of `column`, "" as null, when each is one of `allowed`; SourceError for another value."""
    cells = sieve.frame[column]
    stop_at_unknown(sieve, column, ~cells.isin([*allowed, ""]), what)
    return blank_to_null(cells)


def translated(sieve: Sieve, column: str, meanings: Mapping[str, object], what: str) -> pd.Series:
    """The meaning of each cell of `column`, case apart, "" and None as null; SourceError for another value."""
    lowered = {key.lower(): value for key, value in meanings.items()} | {"": None}
    folded = by_value(sieve.frame[column], lambda values: values.str.lower())
    stop_at_unknown(sieve, column, ~folded.isin(list(lowered)), what)
    return by_value(folded, lambda values: values.map(lowered))


def states(sieve: Sieve, column: str) -> pd.Series:
    """Two-letter states of `column`, "" as null; SourceError for an unknown one."""
    sieve.frame[column] = sieve.frame[column].str.upper()
    return known(sieve, column, STATES, "state")


def whole_numbers(sieve: Sieve, column: str, *, blank: int | None) -> None:
    """Turn `column` of the sieve's frame into whole numbers (`Int64`); thousands commas and `.0` are taken off.

    Rows with a negative number or no number are set aside. A blank becomes `blank`; None: null.
    """
    cells = sieve.frame[column]
    negative = by_value(cells, lambda values: values.str.fullmatch(rf"-\s*{WHOLE_NUMBER}|\({WHOLE_NUMBER}\)"))
    sieve.reject(negative, f"negative count in {column}")
    cells = sieve.frame[column]
    good = by_value(cells, lambda values: values.str.fullmatch(WHOLE_NUMBER) | (values == ""))
    sieve.reject(~good, f"no whole number in {column}")

    def numbers(values: pd.Series) -> pd.Series:
        plain = values.str.replace(",", "", regex=False).str.replace(r"\.0*$", "", regex=True)
        return pd.to_numeric(plain.mask(plain == "")).astype("Int64")

    converted = by_value(sieve.frame[column], numbers)
    sieve.frame[column] = converted if blank is None else converted.fillna(blank)


def decimals(sieve: Sieve, column: str, *, signed: bool = False) -> None:
    """Turn `column` into `Float64`, blank as null; `$` and thousands commas are taken off.

    Rows with no number, or unless `signed` with a negative one, are set aside.
    """
    pattern = f"-?{DECIMAL}" if signed else DECIMAL
    cells = sieve.frame[column]
    if not signed:
        sieve.reject(
            by_value(cells, lambda values: values.str.fullmatch(rf"-\s*{DECIMAL}")), f"negative amount in {column}"
        )
    cells = sieve.frame[column]
    good = by_value(cells, lambda values: values.str.fullmatch(pattern) | (values == ""))
    sieve.reject(~good, f"no number in {column}")

    def numbers(values: pd.Series) -> pd.Series:
        plain = values.str.replace(r"[$,]", "", regex=True)
        return pd.to_numeric(plain.mask(plain == "")).astype("Float64")

    sieve.frame[column] = by_value(sieve.frame[column], numbers)


def days(sieve: Sieve, column: str) -> None:
    """Turn `column` into days (`datetime64[ns]`), blank as null: YYYY-MM-DD, M/D/YYYY, or a workbook's serial number.

    A time of day is passed over. Rows with another text, or a year outside 1990 to 2100, are set aside.
    """

    def parse(values: pd.Series) -> pd.Series:
        values = values.str.replace(r"[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?( [AP]M)?$", "", regex=True)
        serial = pd.to_numeric(values.where(values.str.fullmatch(r"[0-9]{5}"))).astype("float64")
        iso, american, counted = (
            pd.to_datetime(values, format="%Y-%m-%d", errors="coerce"),
            pd.to_datetime(values, format="%m/%d/%Y", errors="coerce"),
            EXCEL_EPOCH + pd.to_timedelta(serial, unit="D"),
        )
        return _in_our_time(iso).fillna(_in_our_time(american)).fillna(_in_our_time(counted))

    cells = sieve.frame[column]
    read = by_value(cells, parse)
    sieve.reject(read.isna() & (cells != ""), f"no date in {column}")
    sieve.frame[column] = read.loc[sieve.frame.index]


def _in_our_time(moments: pd.Series) -> pd.Series:
    return moments.where(moments.dt.year.between(1990, 2100)).astype("datetime64[ns]")


def identifiers(sieve: Sieve, column: str, width: int, what: str) -> None:
    """Numbers in `column` with their lost leading zeros, `width` digits, blank as null; hyphens and `.0` are taken off.

    Rows with anything else are set aside.
    """

    def padded(values: pd.Series) -> pd.Series:
        plain = values.str.replace("-", "", regex=False).str.replace(r"\.0*$", "", regex=True)
        return plain.str.zfill(width).where(plain.str.fullmatch(rf"[0-9]{{1,{width}}}"))

    cells = sieve.frame[column]
    read = by_value(cells, padded)
    sieve.reject(read.isna() & (cells != ""), f"no {what} of {width} digits in {column}")
    sieve.frame[column] = read.loc[sieve.frame.index]


def zip_codes(sieve: Sieve, column: str) -> None:
    """ZIP codes of `column` as five digits or ZIP+4, lost leading zeros restored, blank as null.

    Three or four digits are a ZIP code that lost its zeros, as from Puerto Rico or New England. No ZIP code begins with
    three zeros, so shorter ones, like other texts, are none, and their rows are set aside.
    """

    def padded(values: pd.Series) -> pd.Series:
        plain = values.str.replace(r"\.0*$", "", regex=True).str.replace(r"-$", "", regex=True)
        short = plain.where(plain.str.fullmatch(r"[5-9][0-9][0-9]|[1-9][0-9]{3}")).str.zfill(5)
        return plain.where(plain.str.fullmatch(r"[0-9]{5}(-?[0-9]{4})?")).fillna(short)

    cells = sieve.frame[column]
    read = by_value(cells, padded)
    sieve.reject(read.isna() & (cells != ""), f"no ZIP code in {column}")
    sieve.frame[column] = read.loc[sieve.frame.index]


def required(sieve: Sieve, column: str, what: str) -> None:
    """Set aside the rows whose `column` is blank or null."""
    cells = sieve.frame[column]
    sieve.reject(cells.isna() | (cells == ""), f"no {what}")


def unique(sieve: Sieve, column: str, what: str) -> None:
    """Set aside every later row with the same `column`: a key names one row."""
    sieve.reject(sieve.frame.duplicated(column), f"a second row for the same {what}")
