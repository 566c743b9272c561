"""A first look at a file: what kind it is, how it is encoded, what its header says. Content decides, never the name.

What belongs here: what recognising a file needs, for every source. Which source it is, the sources decide.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pipeline.documents.pdf_blocks import first_page_text
from pipeline.documents.unreadable import UnreadablePageError
from pipeline.documents.web_archive import is_web_archive
from pipeline.sources.base import ZIP_FAULTS, Media, Probe, SourceError
from pipeline.sources.pages import MAX_PAGE_BYTES
from pipeline.sources.tabular import workbook
from pipeline.sources.tabular.wrapped import unwrapped

HEAD_BYTES: Final = 1 << 18
MAX_HEADER_BYTES: Final = 1 << 16
_BLANKS: Final = b"\xef\xbb\xbf \t\r\n"
_HTML: Final = re.compile(rb"<\s*(!doctype\s+html|html|head|body)\b", re.IGNORECASE)
# Stata formats 104 to 115: version, byte order, file type 1, and a byte of padding.
_OLD_STATA: Final = re.compile(rb"[\x68-\x73][\x01\x02]\x01\x00")
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# First bytes of kinds that people do bring, with what to do about them.
_OTHER_KINDS: Final = (
    (b"\x1f\x8b", "a gzip file", "Unpack it and add what is inside"),
    (b"BZh", "a bzip2 file", "Unpack it and add what is inside"),
    (b"\xfd7zXZ", "an xz file", "Unpack it and add what is inside"),
    (b"7z\xbc\xaf", "a 7-Zip archive", "Unpack it and add what is inside"),
    (b"Rar!", "a RAR archive", "Unpack it and add what is inside"),
    (b"PAR1", "a Parquet file", "Add the file as the source publishes it"),
    (b"<stata_dta>", "a Stata file", "Save it as CSV"),
    (b"SQLite format 3", "a SQLite database", "Save the table as CSV"),
    (b"$FL", "an SPSS file", "Save it as CSV"),
    (b"RDX", "an R file", "Save the table as CSV"),
    (b"\x00\x01\x00\x00Standard", "an Access database", "Save the table as CSV"),
    (b"\x89PNG", "a picture", "Save the page itself, not a picture of it"),
    (b"\xff\xd8\xff", "a picture", "Save the page itself, not a picture of it"),
    (
        b"\xd0\xcf\x11\xe0",
        "a workbook that is locked with a password, or in the old XLS format",
        "Open it and save it as XLSX without a password",
    ),
)


def probe(path: Path, name: str | None = None) -> Probe:
    """Look at the file `path`. `name` is what errors call it (default: its file name).

    Raises SourceError for an empty file, one that is no text, PDF, XLSX or HTML, damaged UTF-16, a damaged workbook, and a header
    that is too long or names a column twice.
    """
    name = name or path.name
    size = path.stat().st_size
    with path.open("rb") as handle:
        head = handle.read(HEAD_BYTES)
    if not head.strip(_BLANKS):
        problem = "the file is empty" if size <= HEAD_BYTES else "the file begins with nothing but blanks"
        raise SourceError(name, problem, remedy="Download it again")
    media = _media(path, head, name)
    if media == "xlsx":
        sheet, cells = workbook.header(path, name)
        header = _unwrapped(cells)
        _no_column_twice(header, name)
        return Probe(path, name, media, size, header=header, sheet=sheet, head=head)
    if media == "csv":
        encoding, text = _decoded(head, name)
        delimiter, header = _csv_header(text, name, whole=size <= HEAD_BYTES)
        return Probe(path, name, media, size, encoding=encoding, delimiter=delimiter, header=header, head=head)
    return Probe(path, name, media, size, head=head, first_text=_first_text(path, size) if media == "pdf" else "")


def _first_text(path: Path, size: int) -> str:
    """Return the text of a PDF's first page; "" for one that can't be read, which is then no source's own: reading it says why."""
    try:
        return first_page_text(path) if size <= MAX_PAGE_BYTES else ""
    except UnreadablePageError:
        return ""


def _media(path: Path, head: bytes, name: str) -> Media:
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _office(path, name)
    if head.startswith(_UTF16):
        return "csv"
    for magic, kind, remedy in _OTHER_KINDS:
        if head.startswith(magic):
            raise SourceError(name, kind, remedy=remedy)
    if _OLD_STATA.match(head):
        raise SourceError(name, "a Stata file", remedy="Save it as CSV")
    start = head.lstrip(_BLANKS)
    marked = start[:1] == b"<" and b"\x00" not in head
    if marked or is_web_archive(start) or _HTML.search(start[:2048]):
        return "html"
    if b"\x00" in head:
        raise SourceError(name, "binary content of an unknown kind", remedy="Add CSV, XLSX, JSON, PDF or HTML files")
    if start[:1] in (b"{", b"["):
        return "json"
    return "csv"


def _office(path: Path, name: str) -> Media:
    try:
        with zipfile.ZipFile(path) as archive:
            members = set(archive.namelist())
    except ZIP_FAULTS as error:
        raise SourceError(
            name, f"a workbook or zip archive that is cut off ({error})", remedy="Download it again"
        ) from error
    if "xl/workbook.xml" in members:
        return "xlsx"
    raise SourceError(name, "a zip archive inside an archive, or an unknown Office file", remedy="Unpack it first")


def _decoded(head: bytes, name: str) -> tuple[str, str]:
    """Return encoding of the file and text of its head, which may end in the middle of a character."""
    if head.startswith(_UTF16):
        try:
            return "utf-16", codecs.getincrementaldecoder("utf-16")().decode(head)
        except UnicodeDecodeError as error:
            raise SourceError(name, "UTF-16 that is damaged", remedy="Download it again") from error
    encoding = "utf-8-sig" if head.startswith(codecs.BOM_UTF8) else "utf-8"
    body = head.removeprefix(codecs.BOM_UTF8)
    try:
        return encoding, codecs.getincrementaldecoder("utf-8")().decode(body)
    except UnicodeDecodeError:
        # Whether the file is read, as in Windows-1252, is for the reader of its layout to say; the header serves to find it.
        return encoding, body.decode("windows-1252", "replace")


def _csv_header(text: str, name: str, *, whole: bool) -> tuple[str, tuple[str, ...]]:
    """Return delimiter and cells of the first record, which may break lines inside quotation marks."""
    first = text[:MAX_HEADER_BYTES]
    if "\n" not in first and "\r" not in first and not (whole and len(text) <= MAX_HEADER_BYTES):
        raise SourceError(
            name,
            f"the first line is longer than {MAX_HEADER_BYTES:,} characters",
            row=1,
            remedy="Add a table with a header line",
        )
    try:
        headers = {sign: next(csv.reader(io.StringIO(first, newline=""), delimiter=sign), []) for sign in "\t,;"}
    except csv.Error as error:
        raise SourceError(name, f"no readable header ({error})", row=1, remedy="Download it again") from error
    delimiter = max(headers, key=lambda sign: len(headers[sign]))
    header = _unwrapped(headers[delimiter])
    _no_column_twice(header, name)
    return delimiter, header


def _unwrapped(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the header cells as printed, but for those printed as `="value"`."""
    return tuple(unwrapped(cell.strip()) if cell.strip().startswith("=") else cell for cell in cells)


def _no_column_twice(header: tuple[str, ...], name: str) -> None:
    counted = Counter(cell.strip() for cell in header if cell.strip())
    twice = sorted(cell for cell, times in counted.items() if times > 1)
    if twice:
        named = ", ".join(cell[:80] for cell in twice[:6]) + (f" and {len(twice) - 6:,} more" if len(twice) > 6 else "")
        raise SourceError(name, f"the header names {named} twice", row=1, remedy="Remove one of the columns")
