"""XLSX workbooks: which sheet is read, its header, and the wanted cells of its rows as text.

What belongs here: the parts of a workbook around its rows; those are in `worksheet.py`, the texts that cells refer to in
`shared_strings.py`. Format: ECMA-376, Office Open XML. Nothing in the file is trusted: sizes are counted, entities aren't
resolved.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # lxml brings no types

from pipeline.sources.base import ZIP_FAULTS, SourceError
from pipeline.sources.tabular import worksheet
from pipeline.sources.tabular.shared_strings import Counted, shared_strings

MAX_PART_BYTES: Final = 64 << 20  # XML of each of the small parts
MAX_RATIO: Final = 100  # of a part to the file: the cells of official workbooks pack to a twelfth
_DATE_FORMATS: Final = frozenset({14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)})
_DATE_LETTERS: Final = re.compile(r"[dy]", re.IGNORECASE)
_NOT_DATE_LETTERS: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_REMEDY: Final = "Download it again, or open it and save it anew as XLSX"


@contextmanager
def _opened(path: Path, name: str) -> Iterator[zipfile.ZipFile]:
    """Open the workbook's zip archive; whatever is wrong with it becomes one SourceError."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (KeyError, IndexError, ValueError, NotImplementedError, RuntimeError) as error:
        raise SourceError(name, f"not a workbook that can be read ({error})", remedy=_REMEDY) from error
    except ZIP_FAULTS as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # of the disk, not of the workbook
        raise SourceError(name, f"the workbook is damaged or cut off ({error})", remedy=_REMEDY) from error
    except etree.XMLSyntaxError as error:
        raise SourceError(name, f"the workbook holds broken XML ({error.msg})", remedy=_REMEDY) from error


def _attribute(element: etree._Element, name: str) -> str:
    """Return an attribute by its local name, "" where it is absent: relationship ids carry a namespace."""
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "")


def _sheet(archive: zipfile.ZipFile, named: str | None = None) -> tuple[str, str, bool]:
    """Return name and member of the sheet of that name, else of the first visible one, and whether days are counted from 1904."""
    workbook = _parsed(archive, "xl/workbook.xml")
    relations = _parsed(archive, "xl/_rels/workbook.xml.rels")
    targets = {_attribute(item, "Id"): _attribute(item, "Target") for item in relations.iter("{*}Relationship")}
    since_1904 = any(_attribute(item, "date1904") in ("1", "true") for item in workbook.iter("{*}workbookPr"))
    for item in workbook.iter("{*}sheet"):
        wanted = _attribute(item, "name") == named if named else _attribute(item, "state") in ("", "visible")
        if wanted:
            target = targets[_attribute(item, "id")]
            member = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
            return _attribute(item, "name"), member, since_1904
    raise ValueError(f"no sheet {named!r}" if named else "no visible sheet")


def _parsed(archive: zipfile.ZipFile, member: str) -> etree._Element:
    with archive.open(member) as stream:
        content = stream.read(MAX_PART_BYTES + 1)
    if len(content) > MAX_PART_BYTES:
        raise ValueError(f"{member} is larger than {MAX_PART_BYTES >> 20} MB")
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _date_styles(archive: zipfile.ZipFile) -> frozenset[str]:
    """Return the numbers of the cell styles that show a day."""
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


def _allowed(path: Path) -> int:
    """Return the most bytes that a part may unpack to: what one byte stands for a thousand times is no table."""
    return max(MAX_PART_BYTES, MAX_RATIO * path.stat().st_size)


def header(path: Path, name: str) -> tuple[str, tuple[str, ...]]:
    """Return the name of the first visible sheet and the texts of its first row; reads no further than that row.

    Raises SourceError for a damaged workbook.
    """
    with _opened(path, name) as archive:
        title, member, _ = _sheet(archive)
        with archive.open(member) as stream:
            row = worksheet.first_row(stream)
        if row is None:
            return title, ()
        references = [int(cell.findtext("{*}v") or 0) for cell in row.iterchildren("{*}c") if cell.get("t") == "s"]
        legend = worksheet.Legend(shared_strings(archive, max(references) + 1, _allowed(path)) if references else ())
        texts = {worksheet.place_of(at): worksheet.text_of_cell(cell, legend) for at, cell in worksheet.cells(row)}
        return title, tuple(texts.get(place, "") for place in range(max(texts, default=-1) + 1))


def sheet_names(path: Path, name: str) -> tuple[str, ...]:
    """Return the names of all sheets of a workbook, in their order. Raises SourceError for a damaged workbook."""
    with _opened(path, name) as archive:
        return tuple(_attribute(item, "name") for item in _parsed(archive, "xl/workbook.xml").iter("{*}sheet"))


def rows(
    path: Path, name: str, places: Sequence[int], sheet: str | None = None, first: int = 2
) -> Iterator[tuple[int, list[str]]]:
    """Yield row number and the texts at `places` (columns, from 0) of each row of the sheet of that name, else of the first visible
    one, from row `first` on: those below the header by default.

    Days are YYYY-MM-DD, whole numbers have no `.0`. Rows that are blank at all places are passed over: official files
    carry hundreds of thousands of them. Raises SourceError for a damaged workbook.
    """
    with _opened(path, name) as archive:
        _, member, since_1904 = _sheet(archive, sheet)
        allowed = _allowed(path)
        legend = worksheet.Legend(shared_strings(archive, allowed=allowed), _date_styles(archive), since_1904)
        with archive.open(member) as stream:
            for number, texts in worksheet.rows(Counted(stream, allowed, "sheet"), places, legend):
                if number >= first:
                    yield number, texts
