"""A first look at a file: what kind it is, how it is encoded, what its header says. Content decides, never the name."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from pipeline.sources.base import Media, Probe, SourceError

HEAD_BYTES = 1 << 18
MAX_HEADER_BYTES = 1 << 16
_HTML = re.compile(rb"<\s*(!doctype\s+html|html|head|body)\b", re.IGNORECASE)


def probe(path: Path, name: str | None = None) -> Probe:
    """Look at `path`. `name` is what errors call it (default: its file name).

    Raises SourceError for an empty file, one that is no text, PDF, XLSX or HTML, and one in an unreadable encoding.
    """
    name = name or path.name
    size = path.stat().st_size
    if size == 0:
        raise SourceError(name, "the file is empty", remedy="Download it again")
    with path.open("rb") as handle:
        head = handle.read(HEAD_BYTES)
    media = _media(path, head, name)
    if media == "xlsx":
        sheet, header = _xlsx_header(path, name)
        return Probe(path, name, media, size, header=header, sheet=sheet, head=head)
    if media == "csv":
        encoding = _encoding(head, name)
        delimiter, header = _csv_header(head, encoding, name, whole=size <= HEAD_BYTES)
        return Probe(path, name, media, size, encoding=encoding, delimiter=delimiter, header=header, head=head)
    return Probe(path, name, media, size, head=head)


def _media(path: Path, head: bytes, name: str) -> Media:
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.xml" in archive.namelist():
                return "xlsx"
        raise SourceError(name, "a zip archive inside an archive, or an unknown Office file", remedy="Unpack it first")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "csv"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if _HTML.search(start[:2048]) or start[:1] == b"<":
        return "html"
    if b"\x00" in head:
        raise SourceError(name, "binary content of an unknown kind", remedy="Add CSV, XLSX, JSON, PDF or HTML files")
    if start[:1] in (b"{", b"["):
        return "json"
    return "csv"


def _encoding(head: bytes, name: str) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        # The head may end in the middle of a character.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError as error:
        line = head[: error.start].count(b"\n") + 1
        raise SourceError(
            name, f"not UTF-8 (byte 0x{head[error.start]:02x})", row=line, remedy="Save it as UTF-8 and add it again"
        ) from error
    return "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"


def _csv_header(head: bytes, encoding: str, name: str, *, whole: bool) -> tuple[str, tuple[str, ...]]:
    decoder = codecs.getincrementaldecoder(encoding)()
    text = decoder.decode(head, final=False)
    first = text[:MAX_HEADER_BYTES]
    if "\n" not in first and "\r" not in first and not (whole and len(text) <= MAX_HEADER_BYTES):
        raise SourceError(
            name,
            f"the first line is longer than {MAX_HEADER_BYTES:,} bytes",
            row=1,
            remedy="Add a table with a header line",
        )
    line = re.split(r"\r\n|\n|\r", first, maxsplit=1)[0]
    delimiter = max(",\t;", key=line.count)
    cells = next(csv.reader(io.StringIO(first), delimiter=delimiter), [])
    header = tuple(cells)
    named = [cell.strip() for cell in header if cell.strip()]
    twice = sorted({cell for cell in named if named.count(cell) > 1})
    if twice:
        raise SourceError(name, f"the header names {', '.join(twice)} twice", row=1, remedy="Remove one of the columns")
    return delimiter, header


def _xlsx_header(path: Path, name: str) -> tuple[str, tuple[str, ...]]:
    """First sheet and its first row. Only that: a workbook may unpack to hundreds of megabytes."""
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        sheet = workbook.sheet_names[0]
        rows = workbook.get_sheet_by_name(sheet).iter_rows()
        first = next(iter(rows), [])
    except (CalamineError, IndexError) as error:
        raise SourceError(
            name, f"an XLSX file that can't be opened ({error})", remedy="Remove its password or download it again"
        ) from error
    return sheet, tuple(str(cell) for cell in first)
