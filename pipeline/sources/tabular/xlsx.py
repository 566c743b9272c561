"""XLSX: the parts of a workbook around its rows (see `sheet`). Only the cells asked for ever become text.

Format: ECMA-376, Office Open XML. Nothing in the file is believed: sizes are counted, entities aren't resolved.
"""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # lxml brings no types

from pipeline.sources.base import SourceError
from pipeline.sources.tabular import xlsx_sheet as sheet

MAX_STRINGS_BYTES: Final = 1 << 30  # XML of the shared strings
MAX_PART_BYTES: Final = 64 << 20  # XML of each of the small parts
_DATE_FORMATS: Final = frozenset({14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)})
_DATE_LETTERS: Final = re.compile(r"[dy]", re.IGNORECASE)
_NOT_DATE_LETTERS: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_STRINGS: Final = "xl/sharedStrings.xml"
_STRINGS_OPENING: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml(?![^>]*encoding=[\"'](?!utf-8))[^>]*\?>)?\s*<sst(?:\s[^<>]*)?(?<!/)>", re.IGNORECASE
)
_PLAIN_ITEM: Final = re.compile(r"<si><t(?: [^<>]*+)?+>([^<]*+)</t></si>")
_REMEDY: Final = "Download it again, or open it and save it anew as XLSX"


@contextmanager
def _opened(path: Path, name: str) -> Iterator[zipfile.ZipFile]:
    """The workbook's archive; whatever is wrong with it becomes one SourceError."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise SourceError(name, f"the workbook is damaged or cut off ({error})", remedy=_REMEDY) from error
    except (KeyError, IndexError, ValueError, NotImplementedError, RuntimeError) as error:
        raise SourceError(name, f"not a workbook that can be read ({error})", remedy=_REMEDY) from error
    except etree.XMLSyntaxError as error:
        raise SourceError(name, f"the workbook holds broken XML ({error.msg})", remedy=_REMEDY) from error


class _Counted:
    """A stream that stops when more than `left` bytes are read from it: declared sizes aren't believed."""

    def __init__(self, stream: IO[bytes], left: int) -> None:
        self._stream, self._left = stream, left

    def read(self, size: int = -1) -> bytes:
        block = self._stream.read(1 << 18 if size < 0 else size)
        self._left -= len(block)
        if self._left < 0:
            raise ValueError("its shared strings are too large")
        return block


class _Joined:
    """A stream with what was already read of it put back."""

    def __init__(self, start: bytes, stream: _Counted) -> None:
        self._start, self._stream = start, stream

    def read(self, size: int = -1) -> bytes:
        block, self._start = self._start, b""
        return block or self._stream.read(size)


def _attribute(element: etree._Element, name: str) -> str:
    """Attribute by local name: relationship ids carry a namespace."""
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "")


def _first_sheet(archive: zipfile.ZipFile) -> tuple[str, str, bool]:
    """Name and member of the first visible sheet, and whether days are counted from 1904."""
    workbook = _parsed(archive, "xl/workbook.xml")
    relations = _parsed(archive, "xl/_rels/workbook.xml.rels")
    targets = {_attribute(item, "Id"): _attribute(item, "Target") for item in relations.iter("{*}Relationship")}
    since_1904 = any(_attribute(item, "date1904") in ("1", "true") for item in workbook.iter("{*}workbookPr"))
    for item in workbook.iter("{*}sheet"):
        if _attribute(item, "state") in ("", "visible"):
            target = targets[_attribute(item, "id")]
            member = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            return _attribute(item, "name"), member, since_1904
    raise ValueError("no visible sheet")


def _parsed(archive: zipfile.ZipFile, member: str) -> etree._Element:
    with archive.open(member) as stream:
        content = stream.read(MAX_PART_BYTES + 1)
    if len(content) > MAX_PART_BYTES:
        raise ValueError(f"{member} is larger than {MAX_PART_BYTES >> 20} MB")
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _shared_strings(archive: zipfile.ZipFile, most: int | None = None) -> list[str]:
    """Texts that cells refer to by number; only the first `most`, if given. Phonetic readings aren't text."""
    if _STRINGS not in archive.namelist():
        return []
    texts: list[str] = []
    with archive.open(_STRINGS) as stream:
        for found in _string_pieces(_Counted(stream, MAX_STRINGS_BYTES)):
            texts += found
            if most is not None and len(texts) >= most:
                break
    return texts[:most]


def _string_pieces(stream: _Counted) -> Iterator[list[str]]:
    """Shared strings some at a time: items in the form that nearly all programs write by an expression, others by a parser."""
    buffer = stream.read(sheet.PIECE_BYTES)
    opening = _STRINGS_OPENING.match(buffer)
    if opening is None:
        yield from _parsed_strings(stream, buffer)
        return
    buffer = buffer[opening.end() :]
    while (more := stream.read(sheet.PIECE_BYTES)) or buffer:
        end = buffer.find(b"</sst")
        cut = end if end >= 0 else buffer.rfind(b"</si>") + len(b"</si>")
        if end >= 0 or cut >= len(b"</si>"):
            yield _strings_of(buffer[:cut], opening[0])
            buffer = buffer[cut:]
        if end >= 0:
            return
        if not more:
            break
        if len(buffer) > sheet.MAX_ROW_BYTES:
            raise ValueError(f"a shared string is larger than {sheet.MAX_ROW_BYTES >> 20} MB")
        buffer += more
    raise EOFError("its shared strings break off")


def _strings_of(piece: bytes, opening: bytes) -> list[str]:
    text = piece.decode()
    found = _PLAIN_ITEM.findall(text)
    if len(found) != text.count("<si") or any(mark in text for mark in ("<!", "<?", "&#", "\r")):
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
        return [_text_of(item) for item in etree.fromstring(opening + piece + b"</sst>", parser).iterchildren("{*}si")]
    return [html.unescape(one) if "&" in one else one for one in found]


def _parsed_strings(stream: _Counted, start: bytes) -> Iterator[list[str]]:
    """The strings of a part that isn't plain UTF-8 XML without prefixes."""
    options = {"resolve_entities": False, "no_network": True, "load_dtd": False, "remove_comments": True}
    for _, item in etree.iterparse(_Joined(start, stream), tag="{*}si", **options):
        yield [_text_of(item)]
        _forget(item)


def _text_of(item: etree._Element) -> str:
    if len(item) == 1 and not len(item[0]):
        return item[0].text or ""
    return sheet.text_of_item(item)


def _forget(element: etree._Element) -> None:
    """Free a finished element and those before it; the tree would otherwise grow with the file."""
    parent = element.getparent()
    if parent is not None:
        del parent[:]


def _date_styles(archive: zipfile.ZipFile) -> frozenset[str]:
    """Numbers of the cell styles that show a day."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    styles = _parsed(archive, "xl/styles.xml")
    custom = {
        int(_attribute(item, "numFmtId"))
        for item in styles.iter("{*}numFmt")
        if _DATE_LETTERS.search(_NOT_DATE_LETTERS.sub("", _attribute(item, "formatCode")))
    }
    formats = _DATE_FORMATS | custom
    return frozenset(
        str(number)
        for cells in styles.iter("{*}cellXfs")
        for number, style in enumerate(cells)
        if int(_attribute(style, "numFmtId") or 0) in formats
    )


def header(path: Path, name: str) -> tuple[str, tuple[str, ...]]:
    """Name of the first visible sheet and the texts of its first row. Reads no further than that row."""
    with _opened(path, name) as archive:
        title, member, _ = _first_sheet(archive)
        with archive.open(member) as stream:
            row = sheet.first_row(stream)
        if row is None:
            return title, ()
        references = [int(cell.findtext("{*}v") or 0) for cell in row.iterchildren("{*}c") if cell.get("t") == "s"]
        legend = sheet.Legend(_shared_strings(archive, max(references) + 1) if references else ())
        texts = {sheet.place_of(at): sheet.text_of_cell(cell, legend) for at, cell in sheet.cells(row)}
        return title, tuple(texts.get(place, "") for place in range(max(texts, default=-1) + 1))


def rows(path: Path, name: str, places: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
    """Row number and the texts at `places` of each row below the first of the first visible sheet.

    Days are YYYY-MM-DD, whole numbers have no `.0`. Rows that are blank at all places are passed over: official files
    carry hundreds of thousands of them. Raises SourceError for a damaged workbook.
    """
    with _opened(path, name) as archive:
        _, member, since_1904 = _first_sheet(archive)
        legend = sheet.Legend(_shared_strings(archive), _date_styles(archive), since_1904)
        with archive.open(member) as stream:
            for number, texts in sheet.rows(stream, places, legend):
                if number > 1:
                    yield number, texts
