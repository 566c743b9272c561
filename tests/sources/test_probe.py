"""The first look at a file: content decides, and what can't be read is refused in one clear line."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from pipeline.sources.base import SourceError
from pipeline.sources.probe import MAX_HEADER_BYTES, probe


def written(folder: Path, content: bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def workbook_bytes(rows: list[list[object]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Data")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"A,B\n1,2\n", ("csv", "utf-8", ",", ("A", "B"))),
        (b"\xef\xbb\xbfA,B\r\n1,2\r\n", ("csv", "utf-8-sig", ",", ("A", "B"))),
        ("A\tB, C\n1\t2\n".encode("utf-16"), ("csv", "utf-16", "\t", ("A", "B, C"))),
        (b'"A","B ""x"""\n', ("csv", "utf-8", ",", ("A", 'B "x"'))),
        (b'"A\nB",C\n1,2\n', ("csv", "utf-8", ",", ("A\nB", "C"))),
        (b"A;B\n1;2\n", ("csv", "utf-8", ";", ("A", "B"))),
        (b"A,B", ("csv", "utf-8", ",", ("A", "B"))),
        (b"<!DOCTYPE html><html><body>Service unavailable</body></html>", ("html", "", "", ())),
        (b"\n  <html><head></head></html>", ("html", "", "", ())),
        (b"%PDF-1.7\n\x00\x01", ("pdf", "", "", ())),
        (b'[{"id": 1}]', ("json", "", "", ())),
    ],
)
def test_content_tells_what_a_file_is(tmp_path: Path, content: bytes, found: tuple[object, ...]) -> None:
    probed = probe(written(tmp_path, content, "whatever.xyz"))
    assert (probed.media, probed.encoding, probed.delimiter, probed.header) == found


def test_an_html_page_named_csv_is_html(tmp_path: Path) -> None:
    assert probe(written(tmp_path, b"<html><title>502 Bad Gateway</title></html>", "h1b.csv")).media == "html"


def test_the_first_row_of_a_workbook_is_its_header(tmp_path: Path) -> None:
    probed = probe(written(tmp_path, workbook_bytes([["A", "B"], [1, 2]]), "no-suffix"))
    assert (probed.media, probed.sheet, probed.header) == ("xlsx", "Data", ("A", "B"))


GOOD_WORKBOOK = workbook_bytes([["A", "B"], *([n, n] for n in range(2000))])


def plain_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("inside.csv", "A,B\n")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"\xef\xbb\xbf\r\n \n", "the file is empty"),
        (b"A,B,A\n", "line 1: the header names A twice"),
        (b"A, B,B \n", "line 1: the header names B twice"),
        (b"x" * (MAX_HEADER_BYTES + 1), "line 1: the first line is longer than 65,536 characters"),
        (b"A,B\n\x00\x01\x02", "binary content of an unknown kind"),
        (gzip.compress(b"A,B\n1,2\n", mtime=0), "a gzip file. Unpack it"),
        (b"<stata_dta><header><release>118</release></header>\x00\x00", "a Stata file. Save it as CSV"),
        (b"\x73\x02\x01\x00\x0b\x00<html>", "a Stata file. Save it as CSV"),
        (b"<\x00\x01\x02", "binary content of an unknown kind"),
        (b"SQLite format 3\x00", "a SQLite database"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "locked with a password"),
        (plain_zip(), "a zip archive inside an archive"),
        (GOOD_WORKBOOK[:3000], "a workbook or zip archive that is cut off"),
        (b"PK\x03\x04 and then nothing", "a workbook or zip archive that is cut off"),
        (workbook_bytes([["A", "A"]]), "line 1: the header names A twice"),
        (b"\xff\xfe" + "A,B\n".encode("utf-16-le") + b"\x00\xd8A\x00", "UTF-16 that is damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        probe(written(tmp_path, content))
    text = str(caught.value)
    assert message in text
    assert text.startswith("file.csv")
    assert "\n" not in text


def test_of_a_text_that_is_not_utf_8_the_header_is_read_all_the_same(tmp_path: Path) -> None:
    probed = probe(written(tmp_path, b"A,B\n1,\xe9t\xe9\n"))
    assert (probed.media, probed.encoding, probed.header) == ("csv", "utf-8", ("A", "B"))


def test_header_cells_printed_as_formulas_are_their_values(tmp_path: Path) -> None:
    assert probe(written(tmp_path, b'"=""A B""",="C",D \n')).header == ("A B", "C", "D ")


def test_a_character_cut_by_the_end_of_the_head_is_no_error(tmp_path: Path) -> None:
    path = written(tmp_path, b"A,B\n" + "é".encode() * 200_000)
    assert probe(path).header == ("A", "B")
