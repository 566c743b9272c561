"""Rows of a worksheet's XML, piece by piece: a year of disclosure data is gigabytes of it.

Format: ECMA-376, part 1, 18.3 (SpreadsheetML worksheets). Nearly all programs write cells in one plain form, which a regular
expression reads at half the price of a parser. A piece in which one cell differs goes through the parser instead, so the two
ways must give the same rows; the tests hold them together. Positions are only looked up, never laid out: one far cell
makes a reader that builds a grid ask for terabytes.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # lxml brings no types

PIECE_BYTES: Final = 1 << 20
MAX_ROW_BYTES: Final = 8 << 20
MAX_COLUMNS: Final = 16_384  # the format's own limit
MAX_SHOWN: Final = 1 << 17
_DIGITS: Final = "0123456789"
_OPENING: Final = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?)sheetData\s*(/?)>")
_ROOT: Final = re.compile(rb"<((?:[A-Za-z_][\w.-]*:)?worksheet)\b")
_ENCODING: Final = re.compile(rb"encoding\s*=\s*[\"'](?!utf-8)", re.IGNORECASE)
_UNUSUAL: Final = re.compile(r'<c(?! r="[A-Z]{1,3}[0-9]{1,7}")[\s/>]|<!')

Row = tuple[int, list[str]]


class Readable(Protocol):
    """A stream of bytes, as far as it is needed here."""

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, at most `size`; none at the end."""
        ...


@dataclass(frozen=True)
class Legend:
    """What cells refer to: shared strings by number, styles that show a day, and where days are counted from.

    `shown` remembers what days and numbers show, since they repeat: (kind, style, value) -> text.
    """

    strings: Sequence[str] = ()
    date_styles: frozenset[str] = frozenset()
    since_1904: bool = False
    shown: dict[tuple[str, str, str], str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Piece:
    """Whole rows, with the opening of the part, which declares their namespaces. `prefix` ends with a colon or is empty."""

    opening: bytes
    prefix: bytes
    rows: bytes


def pieces(stream: Readable, size: int = PIECE_BYTES) -> Iterator[Piece]:
    """Yield the rows of a worksheet part, some at a time.

    Raises ValueError where there are no rows at all or one is larger than MAX_ROW_BYTES, EOFError where the part breaks off.
    """
    buffer = stream.read(size)
    while (found := _OPENING.search(buffer)) is None:
        more = stream.read(size)
        if not more or len(buffer) > MAX_ROW_BYTES:
            raise ValueError("its sheet has no rows")
        buffer += more
    prefix, opening = found[1], buffer[: found.end()]
    if b"<!DOCTYPE" in opening:
        raise ValueError("its sheet declares entities")
    row_end, end = b"</" + prefix + b"row>", b"</" + prefix + b"sheetData"
    buffer = b"" if found[2] else buffer[found.end() :]
    while not found[2]:
        if (stop := buffer.find(end)) >= 0:
            yield Piece(opening, prefix, buffer[:stop])
            return
        if (cut := buffer.rfind(row_end)) >= 0:
            yield Piece(opening, prefix, buffer[: cut + len(row_end)])
            buffer = buffer[cut + len(row_end) :]
        if len(buffer) > MAX_ROW_BYTES:
            raise ValueError(f"a row is larger than {MAX_ROW_BYTES >> 20} MB")
        if not (more := stream.read(size)):
            raise EOFError("its sheet breaks off")
        buffer += more


def rows(stream: Readable, places: Sequence[int], legend: Legend, size: int = PIECE_BYTES) -> Iterator[Row]:
    """Yield row number and the texts at `places` of each row of a worksheet part in which one of them isn't blank.

    Days are YYYY-MM-DD, whole numbers have no `.0`. Raises as `pieces` does, and ValueError for rows out of order.
    """
    orders = {letters_of(place): order for order, place in enumerate(places)}
    plain = _plain_cells(orders)
    last = 0
    for piece in pieces(stream, size):
        found = _read_plain(piece, plain, orders, legend)
        for number, texts in _parse(piece, orders, legend, last) if found is None else found:
            if number <= last:
                raise ValueError(f"row {number} comes after row {last}")
            last = number
            if any(texts):
                yield number, texts


def first_row(stream: Readable) -> etree._Element | None:
    """Return the first row of a worksheet part as an element; None where there is none."""
    for piece in pieces(stream, 1 << 16):
        for row in _rows_of(piece):
            return row
    return None


def _plain_cells(orders: dict[str, int]) -> re.Pattern[str]:
    """Return the pattern of a cell of the wanted columns.

    Groups: letters, row, style, kind, closing (empty where the cell isn't plain), value, text.
    """
    letters = "|".join(orders)
    # Possessive: what was matched is never gone back on, which is half the time.
    content = "<v>([^<]*+)</v>|<is><t(?: [^<>]*+)?+>([^<]*+)</t></is>"
    shown = f'(?: s="([0-9]++)")?+(?: t="([a-zA-Z]++)")?+(/>|>(?:{content})?+</c>)'
    return re.compile(f'<c r="({letters})([0-9]++)"(?:{shown})?+')


def _read_plain(piece: Piece, plain: re.Pattern[str], orders: dict[str, int], legend: Legend) -> list[Row] | None:
    """Return the rows of a piece in plain form; None where a cell is in another."""
    if piece.prefix or _ENCODING.search(piece.opening):
        return None
    text = piece.rows.decode()
    if _UNUSUAL.search(text):
        return None
    found: list[Row] = []
    current, texts = "", [""]
    strings, shown = legend.strings, legend.shown
    for letters, digits, style, kind, closing, value, inline in plain.findall(text):
        if digits != current:
            current, texts = digits, [""] * len(orders)
            found.append((int(digits), texts))
        if kind == "s" and value:
            texts[orders[letters]] = strings[int(value)]
        elif value:
            key = (kind, style, value)
            if key not in shown:
                if len(shown) >= MAX_SHOWN:
                    shown.clear()
                shown[key] = _meaning(kind, style, html.unescape(value) if "&" in value else value, legend)
            texts[orders[letters]] = shown[key]
        elif inline:
            texts[orders[letters]] = html.unescape(inline) if "&" in inline else inline
        elif not closing:
            return None
    return found


def _parse(piece: Piece, orders: dict[str, int], legend: Legend, last: int) -> Iterator[Row]:
    """Yield the rows of a piece in any form."""
    for row in _rows_of(piece):
        last = int(row.get("r") or last + 1)
        texts = [""] * len(orders)
        for reference, cell in cells(row):
            order = orders.get(reference.rstrip(_DIGITS))
            if order is not None:
                texts[order] = text_of_cell(cell, legend)
        yield last, texts


def _rows_of(piece: Piece) -> Iterator[etree._Element]:
    """Yield the row elements of a piece."""
    root = _ROOT.search(piece.opening)
    if root is None:
        raise ValueError("its sheet is no worksheet")
    closing = b"</" + piece.prefix + b"sheetData></" + root[1] + b">"
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    tree = etree.fromstring(piece.opening + piece.rows + closing, parser)
    return tree[-1].iterchildren("{*}row")


def cells(row: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Yield the cells of a row with their references; a cell without one follows the cell before it."""
    last = ""
    for cell in row.iterchildren("{*}c"):
        reference = cell.get("r")
        if reference is None:
            reference = letters_of(place_of(last) + 1 if last else 0)
        last = reference
        yield reference, cell


def text_of_cell(cell: etree._Element, legend: Legend) -> str:
    """Return what a cell shows; "" for a formula that was never computed."""
    if cell.get("t") == "inlineStr":
        return text_of_item(cell)
    value = cell.findtext("{*}v") or ""
    return _meaning(cell.get("t", ""), cell.get("s", ""), value, legend) if value else ""


def text_of_item(item: etree._Element) -> str:
    """Return the text of a shared or inline string with its runs; phonetic readings aren't text."""
    return "".join(
        text.text or ""
        for text in item.iter("{*}t")
        if (parent := text.getparent()) is not None and not str(parent.tag).endswith("rPh")
    )


def _meaning(kind: str, style: str, value: str, legend: Legend) -> str:
    if kind == "s":
        return legend.strings[int(value)]
    if kind in ("", "n"):
        return _day(float(value), legend) if style in legend.date_styles else _number(value)
    return value[:10] if kind == "d" else value


def _number(text: str) -> str:
    """Return the shortest text of a number: workbooks store 54.99 as 54.990000000000002."""
    if text.isdigit():
        return text
    number = float(text)
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def _day(serial: float, legend: Legend) -> str:
    """Return the day of a serial number; numbers that are no day stay as they are, for the reader to refuse."""
    serial += 1462 if legend.since_1904 else 0
    if not 1 <= serial < 2_958_466:
        return repr(serial)
    return (dt.date(1899, 12, 30) + dt.timedelta(days=int(serial))).isoformat()


def place_of(reference: str) -> int:
    """Return the place of a cell reference such as AB12, counted from 0. Raises ValueError beyond MAX_COLUMNS."""
    number = 0
    for letter in reference.rstrip(_DIGITS):
        number = number * 26 + ord(letter) - 64
    if not 1 <= number <= MAX_COLUMNS:
        raise ValueError(f"a cell at {reference!r}")
    return number - 1


def letters_of(place: int) -> str:
    """Return the letters of a column, AB for 27: the inverse of `place_of`."""
    text, number = "", place + 1
    while number:
        number, letter = divmod(number - 1, 26)
        text = chr(65 + letter) + text
    return text
