"""Shared strings of an XLSX workbook: the texts that cells refer to by number, read some at a time.

Format: ECMA-376, part 1, 18.4 (shared string table). Sizes that the file declares aren't trusted: bytes are counted.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from typing import IO, Final

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # lxml brings no types

from pipeline.sources.tabular import worksheet

MAX_STRINGS_BYTES: Final = 1 << 30  # XML of the shared strings
_PART: Final = "xl/sharedStrings.xml"
_STRINGS_OPENING: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:<\?xml(?![^>]*encoding=[\"'](?!utf-8))[^>]*\?>)?\s*<sst(?:\s[^<>]*)?(?<!/)>", re.IGNORECASE
)
_PLAIN_ITEM: Final = re.compile(r"<si><t(?: [^<>]*+)?+>([^<]*+)</t></si>")


class Counted:
    """A stream of a part called `name` that stops when more than `left` bytes are read from it: declared sizes aren't believed."""

    def __init__(self, stream: IO[bytes], left: int, name: str) -> None:
        self._stream, self._left, self._name = stream, left, name

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes. Raises ValueError where there are more than allowed."""
        block = self._stream.read(1 << 18 if size < 0 else size)
        self._left -= len(block)
        if self._left < 0:
            raise ValueError(f"its {self._name} unpacks to far more than its size allows")
        return block


class _Joined:
    """A stream with what was already read of it put back."""

    def __init__(self, start: bytes, stream: Counted) -> None:
        self._start, self._stream = start, stream

    def read(self, size: int = -1) -> bytes:
        block, self._start = self._start, b""
        return block or self._stream.read(size)


def shared_strings(archive: zipfile.ZipFile, most: int | None = None, allowed: int = MAX_STRINGS_BYTES) -> list[str]:
    """Return the texts that cells refer to by number; only the first `most`, if given. Phonetic readings aren't text.

    Raises ValueError for a part of more than `allowed` bytes, EOFError for one that breaks off.
    """
    if _PART not in archive.namelist():
        return []
    texts: list[str] = []
    with archive.open(_PART) as stream:
        for found in _string_pieces(Counted(stream, min(allowed, MAX_STRINGS_BYTES), "list of shared strings")):
            texts += found
            if most is not None and len(texts) >= most:
                break
    return texts[:most]


def _string_pieces(stream: Counted) -> Iterator[list[str]]:
    """Yield shared strings some at a time: items in the form that nearly all programs write by an expression, others by a parser."""
    buffer = stream.read(worksheet.PIECE_BYTES)
    opening = _STRINGS_OPENING.match(buffer)
    if opening is None:
        yield from _parsed_strings(stream, buffer)
        return
    buffer = buffer[opening.end() :]
    while (more := stream.read(worksheet.PIECE_BYTES)) or buffer:
        end = buffer.find(b"</sst")
        cut = end if end >= 0 else buffer.rfind(b"</si>") + len(b"</si>")
        if end >= 0 or cut >= len(b"</si>"):
            yield _strings_of(buffer[:cut], opening[0])
            buffer = buffer[cut:]
        if end >= 0:
            return
        if not more:
            break
        if len(buffer) > worksheet.MAX_ROW_BYTES:
            raise ValueError(f"a shared string is larger than {worksheet.MAX_ROW_BYTES >> 20} MB")
        buffer += more
    raise EOFError("its shared strings break off")


def _strings_of(piece: bytes, opening: bytes) -> list[str]:
    text = piece.decode()
    found = _PLAIN_ITEM.findall(text)
    if len(found) != text.count("<si") or any(mark in text for mark in ("<!", "<?", "&#", "\r")):
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
        return [_text_of(item) for item in etree.fromstring(opening + piece + b"</sst>", parser).iterchildren("{*}si")]
    return [html.unescape(one) if "&" in one else one for one in found]


def _parsed_strings(stream: Counted, start: bytes) -> Iterator[list[str]]:
    """Yield the strings of a part that isn't plain UTF-8 XML without prefixes."""
    options = {"resolve_entities": False, "no_network": True, "load_dtd": False, "remove_comments": True}
    for _, item in etree.iterparse(_Joined(start, stream), tag="{*}si", **options):
        yield [_text_of(item)]
        _forget(item)


def _text_of(item: etree._Element) -> str:
    if len(item) == 1 and not len(item[0]):
        return item[0].text or ""
    return worksheet.text_of_item(item)


def _forget(element: etree._Element) -> None:
    """Free a finished element and those before it; the tree would otherwise grow with the file."""
    parent = element.getparent()
    if parent is not None:
        del parent[:]
