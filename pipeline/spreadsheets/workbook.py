"""The one writer of workbooks: real days, links, colours, wrapped text, codes as text, a frozen header with filters.

What belongs here: how a sheet looks and what a cell may be. Equal sheets give equal bytes: nothing in a workbook is of the day or the
machine on which it is written.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import pyarrow as pa

from pipeline.schemas.model import Field
from pipeline.spreadsheets.cells import readable
from pipeline.spreadsheets.colours import COLOURS, HEADER, HEADER_TEXT, LINK

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

# What XLSX itself allows (ECMA-376, and Microsoft's specifications and limits of Excel).
_MOST_CHARACTERS: Final = 32_767
_MOST_LINKS: Final = 65_530
_LONGEST_LINK: Final = 2_079
_LONGEST_HEADER: Final = 250
# An address of the web and nothing else: no other scheme, no name of a user before the host.
_ADDRESS: Final = re.compile(r"https?://[\w.-]+(?::\d{1,5})?(?:[/?#][^\s<>\"{}|\\^`]*)?", re.ASCII | re.IGNORECASE)
_NARROWEST: Final = 9  # of columns, in characters
_WIDE: Final = 40
_WIDEST: Final = 60  # of columns whose texts mostly would be long even then
_USUAL: Final = 0.95  # share of the lines of a column that its width should hold
_POINTS_A_LINE: Final = 15
_MOST_LINES: Final = 8  # that a row shows; the cell holds the rest
_DRAWN: Final = {"valign": "top", "text_wrap": True}
_HEADER: Final = {"bold": True, "valign": "top", "text_wrap": True, "bg_color": HEADER, "font_color": HEADER_TEXT}


@dataclass(frozen=True)
class Sheet:
    """One sheet. described: fields of the registry by column; frozen: columns that stay in sight; choices: column -> words of its
    drop-down list; widths: of columns that a person fills in, in characters."""

    name: str
    rows: pd.DataFrame
    described: Mapping[str, Field] = field(default_factory=dict)
    frozen: int = 1
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    widths: Mapping[str, int] = field(default_factory=dict)


def workbook(sheets: Sequence[Sheet], made_for: dt.date, notice: str = "") -> bytes:
    """Return the workbook of these sheets. made_for: the day that it gives as that of its making; notice: what each printed page says."""
    import xlsxwriter  # here: it is slow to load, and a refresh needs it in a copy alone

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"created": dt.datetime.combine(made_for, dt.time())})
        formats = _Formats(book)
        for sheet in sheets:
            drawn = book.add_worksheet(sheet.name)
            _write(drawn, sheet, formats)
            if notice:
                drawn.set_header(f"&L{notice.replace('&', '&&')[:_LONGEST_HEADER]}")
    return buffer.getvalue()


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def get(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(dict(key))
        return self._made[key]


def _write(drawn: Worksheet, sheet: Sheet, formats: _Formats) -> None:
    """Write header, cells, colours and what keeps a sheet handy."""
    columns, last = list(sheet.rows.columns), max(len(sheet.rows), 1)
    lines = [1] * len(sheet.rows)
    total = 0
    links = _MOST_LINKS // max(len(columns), 1)  # of one column, so that all together stay allowed
    for place, column in enumerate(columns):
        described = sheet.described.get(column)
        drawn.write_string(0, place, column, formats.get(**_HEADER))
        width = _column(drawn, place, sheet.rows[column], described, formats, lines, links)
        if column in sheet.widths:
            width = sheet.widths[column]
            drawn.set_column(place, place, width, formats.get(num_format="@", **_DRAWN))
        total += width
        for word, fill in COLOURS.get(column, {}).items():
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": formats.get(bg_color=fill)}
            drawn.conditional_format(1, place, last, place, rule)
        if words := sheet.choices.get(column):
            drawn.data_validation(1, place, last, place, {"validate": "list", "source": list(words)})
    for row, count in enumerate(lines, start=1):
        if count > 1:
            drawn.set_row(row, _POINTS_A_LINE * min(count, _MOST_LINES))
    drawn.set_row(0, 2 * _POINTS_A_LINE)
    drawn.freeze_panes(1, sheet.frozen)
    drawn.autofilter(0, 0, last, max(len(columns) - 1, 0))
    drawn.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})
    drawn.set_landscape()
    drawn.repeat_rows(0)
    drawn.fit_to_pages(max(math.ceil(total / 250), 1), 0)


def _column(
    drawn: Worksheet,
    place: int,
    cells: pd.Series,
    described: Field | None,
    formats: _Formats,
    lines: list[int],
    links: int,
) -> int:
    """Write the cells of a column, set its width, which is returned, and raise `lines`, how many each row needs."""
    title = str(cells.name)
    missing = cells.isna().to_numpy()
    kind = _kind(cells, described)
    number_format, put = _KINDS[kind]
    look = formats.get(num_format=number_format, **_DRAWN)
    link = formats.get(num_format=number_format, font_color=LINK, underline=1, **_DRAWN)
    if kind != "text":
        width = max(_NARROWEST + 2, _longest_word(title) + 3)
        drawn.set_column(place, place, width, look)
        for row, (value, blank) in enumerate(zip(cells.tolist(), missing, strict=True)):
            if not blank:
                put(drawn)(row + 1, place, value, look)
        return width
    texts = ["" if blank else _text(value) for value, blank in zip(cells.tolist(), missing, strict=True)]
    width = _width(title, texts)
    drawn.set_column(place, place, width, look)
    for row, text in enumerate(texts):
        if not text:
            continue
        if links and text.startswith("http") and len(text) <= _LONGEST_LINK and _ADDRESS.fullmatch(text):
            drawn.write_url(row + 1, place, text, link, text)
            links -= 1
        else:
            drawn.write_string(row + 1, place, text, look)
        if len(text) > width or "\n" in text:
            lines[row] = max(lines[row], sum(math.ceil(max(len(line), 1) / width) for line in text.split("\n")))
    return width


def _kind(cells: pd.Series, described: Field | None) -> str:
    """Return how a column is written, by the registry where it has the column, else by what the column holds."""
    if pd.api.types.is_datetime64_any_dtype(cells):
        return "day"
    if pd.api.types.is_bool_dtype(cells) or not pd.api.types.is_numeric_dtype(cells):
        return "text"
    if described is not None and (described.minimum, described.maximum) == (0, 1) and described.type == pa.float64():
        return "share"
    if described is not None and described.unit == "year":
        return "year"
    return "number" if pd.api.types.is_float_dtype(cells) else "count"


_Put = Callable[["Worksheet"], Callable[..., Any]]
_KINDS: Final[Mapping[str, tuple[str, _Put]]] = {
    "day": ("yyyy-mm-dd", lambda sheet: sheet.write_datetime),
    "share": ("0%", lambda sheet: sheet.write_number),
    "year": ("0", lambda sheet: sheet.write_number),
    "count": ("#,##0", lambda sheet: sheet.write_number),
    "number": ("General", lambda sheet: sheet.write_number),
    "text": ("@", lambda sheet: sheet.write_string),
}


def _text(value: Any) -> str:
    """Return a value as the text of a cell: a list as lines, true and false as yes and no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(readable(value, "\n"))
    return text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - 1] + "…"


def _width(title: str, texts: Sequence[str]) -> int:
    """Return the width of a column of texts in characters: of its longest line, within bounds."""
    lengths = sorted(len(line) for text in texts if text for line in text.split("\n"))
    usual = lengths[int(_USUAL * (len(lengths) - 1))] + 2 if lengths else 0
    return max(min(usual, _WIDEST if usual > 3 * _WIDE else _WIDE), _longest_word(title) + 3, _NARROWEST)


def _longest_word(title: str) -> int:
    return min(len(title), 24)
