"""Cells to typed columns, strictly: each function converts one column of a sieve's frame in place.

Rows that can't be read go into the quarantine with their reason, and so do a few words outside a closed vocabulary; many of them stop
the file, since what a new one means is for a person to say. What belongs here: forms that several sources share, none that only one has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal

import pandas as pd

from pipeline.schemas.vocabulary import STATE_NAMES, STATES
from pipeline.sources.base import SourceError
from pipeline.sources.tabular.sieve import Sieve
from pipeline.text.characters import TRACES, mended

CORRECT_IT: Final = "If it is a misprint, add a row to pipeline/reference/corrections.csv; if it is new, add it to the reader's vocabulary"
STRAYS: Final = 0.01  # share of rows with a word that nobody knows up to which these rows alone are set aside
# How blanks are printed, in lower case: by USCIS, and by programs through which a table went.
NO_VALUE: Final = ("null", "nan", "n/a", "<na>", "none")
WHOLE_NUMBER: Final = r"(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.0*)?"
MAX_COUNT: Final = 1_000_000_000  # of anything in one row; sums of any number of rows then fit 64 bits
DECIMAL: Final = r"\$?(?:(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]*)?|\.[0-9]+)"
CERTIFICATION_NUMBER: Final = "CMS certification number of six characters"
Meaning = Literal["str", "boolean", "Int64"]  # type of what codes stand for
_PASSWORD: Final = re.compile(r"^(https?://)?[^/?#\s]*@", re.IGNORECASE)
# A mail address among web addresses, as IPEDS prints: the site behind it may be anybody's.
_MAIL: Final = re.compile(r"(https?://)?[^/?#\s:@]+@[^/?#\s@]+/?", re.IGNORECASE)
_OTHER_SCHEME: Final = re.compile(r"(?!https?://)[a-z][a-z0-9+.-]*:(?![0-9])", re.IGNORECASE)
# 2026-01-09, 1/9/2026, 1/9/26, 09-Jan-2026, 09-Jan-26: as official files print them, and as spreadsheets save them.
DAYS: Final = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%d-%b-%Y", "%d-%b-%y")
TIME_OF_DAY: Final = r"[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[AP]M)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?$"
EXCEL_EPOCH: Final = pd.Timestamp("1899-12-30")
_STATE_CODES: Final = {code: code for code in STATES} | {name: code for code, name in STATE_NAMES.items()}


def by_value(cells: pd.Series, convert: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """Apply `convert` to the distinct values of `cells` and spread the result over them: most columns repeat themselves.

    Returns a series with the index of `cells`.
    """
    codes, values = pd.factorize(cells)
    converted = convert(pd.Series(values, dtype="str")).take(codes)
    return converted.set_axis(cells.index)


def blank_to_null(cells: pd.Series) -> pd.Series:
    """Return text with "" as null."""
    return cells.mask(cells == "")


def blanks_to_null(sieve: Sieve, *columns: str) -> None:
    """Make "" null in the text columns named."""
    for column in columns:
        sieve.frame[column] = blank_to_null(sieve.frame[column])


def single_spaces(sieve: Sieve, column: str) -> None:
    """Make each run of white space in a text column one space, and trim it."""
    sieve.frame[column] = sieve.frame[column].str.replace(r"\s+", " ", regex=True).str.strip()


def mend_names(sieve: Sieve, *columns: str) -> None:
    """Take out of names the traces of the programs they went through (see `mended`): `Brigham &amp; Women's`."""
    for column in columns:
        cells = sieve.frame[column]
        odd = cells.str.contains(TRACES, regex=True).fillna(False).astype("bool")
        if odd.any():
            sieve.frame[column] = cells.where(~odd, cells[odd].map(mended).reindex(cells.index)).astype("str")


def set_unknown_aside(sieve: Sieve, column: str, strange: pd.Series, what: str, *, tolerated: float = STRAYS) -> None:
    """Quarantine the rows where `strange` holds, if they are few. `what` is the kind of value, for the message.

    Raises SourceError for the first of them where their share is above `tolerated`: then it is no stray, but a word or a layout that
    the reader doesn't know.
    """
    if not strange.any():
        return
    if strange.mean() <= tolerated:
        sieve.reject(strange, f"unknown {what}")
        return
    place = int(strange.to_numpy().argmax())
    raise SourceError(
        sieve.file,
        f"unknown {what} {sieve.frame[column].iloc[place][:80]!r}",
        row=int(sieve.frame.index.to_numpy()[place]),
        remedy=CORRECT_IT,
    )


def known(sieve: Sieve, column: str, allowed: Sequence[str], what: str) -> None:
    """Check that each cell is one of `allowed` or blank; blank becomes null. Other values as in `set_unknown_aside`."""
    set_unknown_aside(sieve, column, ~sieve.frame[column].isin([*allowed, ""]), what)
    sieve.frame[column] = blank_to_null(sieve.frame[column])


def translated(
    sieve: Sieve,
    column: str,
    meanings: Mapping[str, object],
    what: str,
    *,
    dtype: Meaning = "str",
    into: str | None = None,
) -> None:
    """Replace each cell by its meaning, whatever its case; "" and the meaning None become null.

    dtype: type of the meanings, e.g. `boolean`, `Int64`. into: column that receives them, by default `column` itself.
    Values without a meaning as in `set_unknown_aside`.
    """
    lowered = {key.lower(): value for key, value in meanings.items()} | {"": None}
    folded = by_value(sieve.frame[column], lambda values: values.str.lower())
    set_unknown_aside(sieve, column, ~folded.isin(list(lowered)), what)
    sieve.frame[into or column] = by_value(folded.loc[sieve.frame.index], lambda values: values.map(lowered)).astype(
        dtype
    )


def states(sieve: Sieve, column: str) -> None:
    """Make two-letter state codes upper case, "" null (USPS Publication 28, appendix B). Unknown ones as in `set_unknown_aside`."""
    sieve.frame[column] = sieve.frame[column].str.upper()
    known(sieve, column, STATES, "state")


def named_states(sieve: Sieve, column: str, *, into: str | None = None) -> None:
    """Replace states, by code or spelled out, by their two-letter codes, "" by null. Unknown ones as in `set_unknown_aside`."""
    translated(sieve, column, _STATE_CODES, "state", into=into)


def whole_numbers(sieve: Sieve, column: str, *, blank: int | None) -> None:
    """Convert a column to whole numbers (`Int64`); thousands commas and `.0` are taken off.

    Rows with a negative number, no number or one over MAX_COUNT are quarantined. A blank becomes `blank`; None: null.
    """
    cells = sieve.frame[column]
    codes, distinct = pd.factorize(cells)  # each check once a distinct value: tables have millions of counts
    values = pd.Series(distinct, dtype="str")
    good = values.str.fullmatch(WHOLE_NUMBER) | (values == "")
    plain = values.where(good, "").str.replace(",", "", regex=False).str.replace(r"\.0*$", "", regex=True)
    numbers = pd.to_numeric(plain.mask(plain == "")).astype("Int64")
    wrong = {
        f"negative count in {column}": values.str.fullmatch(rf"-\s*{WHOLE_NUMBER}|\({WHOLE_NUMBER}\)"),
        f"no whole number in {column}": ~good,
        f"a number too large to be a count in {column}": (numbers > MAX_COUNT).fillna(value=False).astype("bool"),
    }
    for reason, broken in wrong.items():
        if broken.any():
            sieve.reject(broken.take(codes).set_axis(cells.index).loc[sieve.frame.index], reason)
    kept = numbers.take(codes).set_axis(cells.index).loc[sieve.frame.index]
    sieve.frame[column] = kept if blank is None else kept.fillna(blank)


def decimals(sieve: Sieve, column: str, *, signed: bool = False) -> None:
    """Convert a column to `Float64`, blank as null; `$` and thousands commas are taken off.

    Rows with no number, or unless `signed` with a negative one, are quarantined.
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
    """Convert a column to days (`datetime64[ns]`), blank as null: the forms of DAYS, or a workbook's serial number.

    A time of day is passed over. Rows with another text, or a year outside 1990 to 2100, are quarantined.
    """

    def parse(values: pd.Series) -> pd.Series:
        values = values.str.replace(TIME_OF_DAY, "", regex=True)
        serial = pd.to_numeric(values.where(values.str.fullmatch(r"[0-9]{5}(?:\.[0-9]+)?"))).astype("float64")
        read = _in_our_time(EXCEL_EPOCH + pd.to_timedelta(serial.floordiv(1), unit="D"))
        for form in DAYS:
            read = read.fillna(_in_our_time(pd.to_datetime(values, format=form, errors="coerce")))
        return read

    _parsed(sieve, column, parse, f"no date in {column}")


def _in_our_time(moments: pd.Series) -> pd.Series:
    return moments.where(moments.dt.year.between(1990, 2100)).astype("datetime64[ns]")


def _parsed(sieve: Sieve, column: str, parse: Callable[[pd.Series], pd.Series], reason: str) -> None:
    """Replace cells by what `parse` makes of their distinct values; rows of which it makes null, but for blanks, are quarantined."""
    cells = sieve.frame[column]
    read = by_value(cells, parse)
    sieve.reject(read.isna() & (cells != ""), reason)
    sieve.frame[column] = read.loc[sieve.frame.index]


def identifiers(sieve: Sieve, column: str, width: int, what: str) -> None:
    """Restore the lost leading zeros of numbers of `width` digits, blank as null; hyphens and `.0` are taken off.

    Rows with anything else are quarantined.
    """

    def padded(values: pd.Series) -> pd.Series:
        plain = values.str.replace("-", "", regex=False).str.replace(r"\.0*$", "", regex=True)
        return plain.str.zfill(width).where(plain.str.fullmatch(rf"[0-9]{{1,{width}}}"))

    _parsed(sieve, column, padded, f"no {what} of {width} digits in {column}")


def typed_tax_ids(sieve: Sieve, column: str) -> None:
    """Make tax ids that employers typed themselves nine digits, lost zeros restored; anything else is null, and no row is lost."""

    def padded(values: pd.Series) -> pd.Series:
        digits = values.str.replace("-", "", regex=False)
        return digits.str.zfill(9).where(digits.str.fullmatch(r"[0-9]{7,9}") & ~digits.str.fullmatch(r"0+"))

    sieve.frame[column] = by_value(sieve.frame[column], padded)


def certification_numbers(sieve: Sieve, column: str) -> None:
    """Make CMS certification numbers six characters in upper case, blank as null.

    The first two characters are the state's number, and spreadsheets take the leading zero off that of Alabama to Connecticut
    (CMS State Operations Manual, section 2779). Rows with anything else are quarantined.
    """

    def padded(values: pd.Series) -> pd.Series:
        upper = values.str.upper()
        restored = upper.where(upper.str.len() != 5, "0" + upper)
        return restored.where(restored.str.fullmatch(r"[0-9A-Z]{6}"))

    _parsed(sieve, column, padded, f"no {CERTIFICATION_NUMBER}")


def zip_codes(sieve: Sieve, column: str) -> None:
    """Make ZIP codes five digits or ZIP+4, lost leading zeros restored, blank as null.

    Three or four digits are a ZIP code that lost its zeros, as from Puerto Rico or New England. No ZIP code begins with
    three zeros, so shorter ones, like other texts, are none, and their rows are quarantined.
    """

    def padded(values: pd.Series) -> pd.Series:
        plain = values.str.replace(r"\.0*$", "", regex=True).str.replace(r"-$", "", regex=True)
        short = plain.where(plain.str.fullmatch(r"[5-9][0-9][0-9]|[1-9][0-9]{3}")).str.zfill(5)
        return plain.where(plain.str.fullmatch(r"[0-9]{5}(-?[0-9]{4})?")).fillna(short)

    _parsed(sieve, column, padded, f"no ZIP code in {column}")


def web_addresses(cells: pd.Series) -> pd.Series:
    """Return web addresses as printed, without a name and password in them; "" for mail addresses and all else that is not of the web."""
    return by_value(cells, lambda values: values.map(_web_address))


def _web_address(text: str) -> str:
    bare = _PASSWORD.sub(r"\1", text)
    return "" if _MAIL.fullmatch(text) or _OTHER_SCHEME.match(bare) else bare


def required(sieve: Sieve, column: str, what: str) -> None:
    """Quarantine the rows whose cell is blank or null. `what` names it in the reason."""
    cells = sieve.frame[column]
    sieve.reject(cells.isna() | (cells == ""), f"no {what}")


def unique(sieve: Sieve, column: str, what: str) -> None:
    """Quarantine every later row with the same cell: a key names one row. `what` names it in the reason."""
    sieve.reject(sieve.frame.duplicated(column), f"a second row for the same {what}")
