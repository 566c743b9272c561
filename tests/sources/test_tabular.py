"""Tables of text: every record kept with its line or quarantined with a reason; cells to typed columns, strictly."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.sources.base import SourceError
from pipeline.sources.probe import probe
from pipeline.sources.tabular import columns
from pipeline.sources.tabular.columns import web_addresses, whole_numbers
from pipeline.sources.tabular.csv_lines import MAX_LINE
from pipeline.sources.tabular.sieve import Sieve
from pipeline.sources.tabular.table_files import read_csv, read_table

COLUMNS = {"A": "a", "B": "b", "C": "c"}


def read(folder: Path, content: bytes, **options: object) -> Sieve:
    path = folder / "file.csv"
    path.write_bytes(content)
    return read_csv(probe(path), "test", COLUMNS, **options)  # pyright: ignore[reportArgumentType]


def sieve(*cells: str) -> Sieve:
    column = pd.Series(list(cells), dtype="str", index=pd.RangeIndex(2, len(cells) + 2))
    return Sieve("file.csv", "test", pd.DataFrame({"x": column}), rows_in=len(cells))


def quarantine(done: Sieve) -> list[tuple[int, str]]:
    parsed = done.parsed({})
    return list(zip(parsed.quarantine["row"].tolist(), parsed.quarantine["reason"].tolist(), strict=True))


@pytest.mark.parametrize(
    "content",
    [
        b"A,B,C\n1,x y,3\n4,,6\n",
        b"A,B,C\r\n1,x y,3\r\n4,,6\r\n",
        b"A,B,C\r1,x y,3\r4,,6\r",
        b"A,B,C\n1,x y,3\n4,,6",
        b"\xef\xbb\xbfA,B,C\n1,x y,3\n4,,6\n",
        b'"A","B","C"\r\n"1","x y","3"\r\n"4","","6"\r\n',
        b"A ,B, C\n1 , x y ,3\n 4,  ,6\n",
        b"C,X,A,B\n3,no,1,x y\n6,no,4,\n",
        b"A;B;C\n1;x y;3\n4;;6\n",
        "A\tB\tC\r\n1\tx y\t3\r\n4\t\t6\r\n".encode("utf-16"),
        b"\xfe\xff" + "A\tB\tC\n1\tx y\t3\n4\t\t6\n".encode("utf-16-be"),
        b"A,B,C\n\n1,x y,3\n\n4,,6\n\n",
        b"A,B,C\n,,\n1,x y,3\n, ,\n4,,6\n",
    ],
    ids=[
        "plain",
        "crlf",
        "cr",
        "no-end",
        "bom",
        "quoted",
        "blanks",
        "order",
        "semicolon",
        "utf16le",
        "utf16be",
        "blank-lines",
        "blank-rows",
    ],
)
def test_every_form_of_the_same_table_reads_the_same(tmp_path: Path, content: bytes) -> None:
    done = read(tmp_path, content)
    assert done.frame.to_numpy().tolist() == [["1", "x y", "3"], ["4", "", "6"]]
    assert done.rows_in == 2
    assert not done.quarantined


def test_lines_are_those_of_the_file(tmp_path: Path) -> None:
    done = read(tmp_path, b'A,B,C\n\n1,"two\nlines",3\n4,5\n\n7,8,9\n')
    assert done.frame.index.tolist() == [3, 7]
    assert quarantine(done) == [(5, "2 cells where the header has 3")]


@pytest.mark.parametrize(
    ("content", "kept", "aside"),
    [
        (b"A,B,C\n1,2,3\n4,5\n", 1, [(3, "2 cells where the header has 3")]),
        (b"A,B,C\n1,2,3,4\n4,5,6\n", 1, [(2, "4 cells where the header has 3")]),
        (b"A,B,C\n1,2,3\n4,5,6\n7,8", 2, [(4, "2 cells where the header has 3")]),
        (b'A,B,C\n1,2,3\n4,5,"6', 1, [(3, "breaks off inside a quoted cell")]),
        (b'A,B,C\n1,2,"3"\n4,5,"6"', 2, []),
    ],
)
def test_broken_records_are_quarantined(
    tmp_path: Path, content: bytes, kept: int, aside: list[tuple[int, str]]
) -> None:
    done = read(tmp_path, content)
    assert len(done.frame) == kept
    assert quarantine(done) == aside
    assert done.rows_in == kept + len(aside)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"A,B\n1,2\n", "line 1: no column C"),
        (b"A,B,C\n1," + b"x" * 300_000 + b"\xe9,3\n", "line 2: not UTF-8 (byte 0xe9)"),
        (b"A,B,C\n1,2,3\n4," + b"x" * (10 << 20) + b",6\n", "line 3: a line longer than 1,048,576 characters"),
        (b"A,B,C\n1," + b"x" * 300_000 + b"\x00,3\n", "line 2: NUL characters in a text"),
        ("A,B,C\n1,2,é".encode()[:-1], "line 2: it breaks off in the middle of a character"),
        (b'A,B,C\n1,"2,3\n4,5,6\n7,8",9\n', "line 2: a quotation mark that swallows the lines below"),
        (b'A,B,C\n1,2,"3\n4,5,6\n7,8,9\n', "line 2: a quotation mark that swallows the lines below"),
        ("A\tB\tC\n1\t2\t3\n".encode("utf-16")[:-1], "line 2: it breaks off in the middle of a character"),
    ],
    ids=[
        "missing-column",
        "encoding",
        "long-line",
        "nul",
        "cut-character",
        "swallowed",
        "swallowed-to-end",
        "utf16-cut",
    ],
)
def test_files_that_cannot_be_trusted_are_one_clear_error(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(tmp_path, content)
    assert message in str(caught.value)


def test_a_line_of_one_megabyte_is_the_limit(tmp_path: Path) -> None:
    assert len(read(tmp_path, b"A,B,C\n1," + b"x" * (MAX_LINE - 10) + b",3\n").frame) == 1


def test_optional_columns_are_blank_where_the_file_lacks_them(tmp_path: Path) -> None:
    done = read(tmp_path, b"A,B,C\n1,2,3\n", optional={"D": "d", "E": "e"})
    assert done.frame.to_dict("records") == [{"a": "1", "b": "2", "c": "3", "d": "", "e": ""}]


def test_broken_records_that_may_name_persons_are_not_kept(tmp_path: Path) -> None:
    done = read(tmp_path, b"A,B,C\n1,2,3\nJane Roe,5\n", show=False)
    assert done.parsed({}).quarantine["content"].tolist() == [""]


def test_a_workbook_reads_like_its_csv(tmp_path: Path) -> None:
    rows = [["A", "B", "C", "D"], ["1", " x ", "3", "z"], [None, None, None, None], [7, None, 9.5, None]]
    with xlsxwriter.Workbook(tmp_path / "w.xlsx") as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    done = read_table(probe(tmp_path / "w.xlsx"), "test", {"C": "c", "A": "a", "B": "b"}, {"E": "e"})
    assert done.frame.to_dict("index") == {
        2: {"c": "3", "a": "1", "b": "x", "e": ""},
        4: {"c": "9.5", "a": "7", "b": "", "e": ""},
    }
    assert done.rows_in == 2


def test_corrections_replace_exactly_what_they_expect(reference_copy: Path, tmp_path: Path) -> None:
    (reference_copy / "corrections.csv").write_text(
        "source,column,found,becomes,reason,added\nother,b,2,9,why,2026-01-01\ntest,a,XX,,why,2026-01-01\n"
    )
    assert read(tmp_path, b"A,B,C\nXX,2,3\nXXX,2,3\n").frame["a"].tolist() == ["", "XXX"]


NUMBERS = [
    ("7", 7), ("1,204", 1204), ("12,345,678", 12345678), ("3.0", 3), ("", 0), ("007", 7), ("-1", None), ("(3)", None),
    ("1,23", None), ("1.5", None), ("abc", None), ("1 2", None), ("٣", None), ("9" * 16, None),
]  # fmt: skip
AMOUNTS = [
    ("7", 7.0), ("$1,204.50", 1204.5), (".5", 0.5), ("", None), ("54.", 54.0), ("-1", "quarantined"), ("1e5", "quarantined"),
    ("$", "quarantined"), ("N/A", "quarantined"),
]  # fmt: skip
DAYS = [
    ("2025-03-22", "2025-03-22"), ("2025-03-22 00:00:00", "2025-03-22"), ("3/4/2025", "2025-03-04"),
    ("2025-03-22T10:00:00", "2025-03-22"), ("45738", "2025-03-22"), ("", None), ("2025-13-01", "quarantined"),
    ("0205-03-22", "quarantined"), ("soon", "quarantined"), ("123", "quarantined"),
]  # fmt: skip
ZIPS = [
    ("02139", "02139"), ("2139", "02139"), ("601", "00601"), ("2139.0", "02139"), ("02139-4307", "02139-4307"),
    ("021394307", "021394307"), ("", None), ("35", "quarantined"), ("352", "quarantined"), ("M5G 2C4", "quarantined"),
]  # fmt: skip
TAX_IDS = [
    ("0114", "0114"), ("114", "0114"), ("1", "0001"), ("24.0", "0024"), ("", None), ("12345", "quarantined"),
    ("12a4", "quarantined"),
]  # fmt: skip


def outcome(convert: Callable[[Sieve], None], text: str) -> object:
    """What a one-cell table becomes: the value, None for null, or "quarantined"."""
    done = sieve(text)
    convert(done)
    if done.quarantined:
        assert done.parsed({}).quarantine["content"].tolist() == [text]
        return "quarantined"
    value = done.frame["x"].iloc[0]
    return None if pd.isna(value) else value


@pytest.mark.parametrize(("text", "expected"), NUMBERS)
def test_whole_numbers(text: str, expected: int | None) -> None:
    found = outcome(lambda done: columns.whole_numbers(done, "x", blank=0), text)
    assert found == ("quarantined" if expected is None else expected)


@pytest.mark.parametrize(("text", "expected"), AMOUNTS)
def test_amounts(text: str, expected: object) -> None:
    assert outcome(lambda done: columns.decimals(done, "x"), text) == expected


def test_signed_amounts() -> None:
    assert outcome(lambda done: columns.decimals(done, "x", signed=True), "-1,204") == -1204.0


@pytest.mark.parametrize(("text", "expected"), DAYS)
def test_days(text: str, expected: object) -> None:
    found = outcome(lambda done: columns.days(done, "x"), text)
    assert (found.date().isoformat() if isinstance(found, pd.Timestamp) else found) == expected


@pytest.mark.parametrize(("text", "expected"), ZIPS)
def test_zip_codes(text: str, expected: object) -> None:
    assert outcome(lambda done: columns.zip_codes(done, "x"), text) == expected


@pytest.mark.parametrize(("text", "expected"), TAX_IDS)
def test_identifiers(text: str, expected: object) -> None:
    assert outcome(lambda done: columns.identifiers(done, "x", 4, "tax id"), text) == expected


def test_states_are_known_or_the_file_stops() -> None:
    done = sieve("ma", "PR", "")
    columns.states(done, "x")
    assert done.frame["x"].fillna("null").tolist() == ["MA", "PR", "null"]
    with pytest.raises(SourceError) as caught:
        columns.states(sieve("MA", "ZZ"), "x")
    assert str(caught.value).startswith("file.csv, line 3: unknown state 'ZZ'. If it is a misprint, add a row to")


STRAYS = {
    "a state": lambda done: columns.states(done, "x"),
    "a state by name": lambda done: columns.named_states(done, "x", into="y"),
    "a word of a vocabulary": lambda done: columns.known(done, "x", ["MA"], "word"),
    "a word with a meaning": lambda done: columns.translated(done, "x", {"ma": True}, "word", dtype="boolean"),
}


@pytest.mark.parametrize("case", STRAYS)
def test_one_strange_value_of_many_sets_its_row_aside_and_many_stop_the_file(case: str) -> None:
    done = sieve(*["MA"] * 150, "ZZ", *["MA"] * 49)
    STRAYS[case](done)
    assert len(done.frame) == 199 and done.frame.notna().all(axis=None)
    (row,) = done.quarantined[0].itertuples()
    assert row.row == 152 and row.reason.startswith("unknown ") and "ZZ" in row.content
    with pytest.raises(SourceError, match="line 152: unknown "):
        STRAYS[case](sieve(*["MA"] * 150, *["ZZ"] * 50))


def test_meanings_are_found_whatever_the_case() -> None:
    done = sieve("YES", "no", "", "n/a")
    columns.translated(done, "x", {"Yes": True, "No": False, "N/A": None}, "answer", dtype="boolean", into="y")
    assert done.frame["x"].tolist() == ["YES", "no", "", "n/a"] and done.frame["y"].dtype == "boolean"
    assert done.frame["y"].tolist()[:2] == [True, False]
    assert done.frame["y"].isna().tolist() == [False, False, True, True]
    with pytest.raises(SourceError, match="line 2: unknown answer 'maybe'"):
        columns.translated(sieve("maybe"), "x", {"Yes": True}, "answer")


def test_states_by_code_or_name() -> None:
    done = sieve("MA", "puerto rico", "District of Columbia", "")
    columns.named_states(done, "x")
    assert done.frame["x"].fillna("null").tolist() == ["MA", "PR", "DC", "null"]
    with pytest.raises(SourceError, match="line 2: unknown state 'Gondor'"):
        columns.named_states(sieve("Gondor"), "x")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("010018", "010018"),
        ("10018", "010018"),
        ("05012f", "05012F"),
        ("5012F", "05012F"),
        ("", None),
        ("1001", "quarantined"),
    ],
)
def test_certification_numbers(text: str, expected: object) -> None:
    assert outcome(lambda done: columns.certification_numbers(done, "x"), text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("12-3456789", "123456789"), ("1234567", "001234567"), ("000000000", None), ("see file", None), ("", None)],
)
def test_tax_ids_that_employers_type_lose_no_row(text: str, expected: object) -> None:
    assert outcome(lambda done: columns.typed_tax_ids(done, "x"), text) == expected


def test_rows_out_of_scope_do_not_count() -> None:
    done = sieve("a", "b", "c")
    assert done.leave_out(done.frame["x"] == "b")["x"].tolist() == ["b"]
    assert done.frame["x"].tolist() == ["a", "c"] and done.parsed({}).rows_in == 2


def test_keys_and_required_cells() -> None:
    done = sieve("1", "", "1", "2")
    columns.required(done, "x", "unit id")
    columns.unique(done, "x", "unit id")
    assert done.frame["x"].tolist() == ["1", "2"]
    assert quarantine(done) == [(3, "no unit id"), (4, "a second row for the same unit id")]


def test_no_rows_is_an_error_that_says_why() -> None:
    with pytest.raises(SourceError, match="a header and no row below it"):
        sieve().require_rows()
    done = sieve("x", "y")
    columns.whole_numbers(done, "x", blank=0)
    with pytest.raises(SourceError, match=r"line 2: none of its 2 rows can be read; the first: no whole number in x"):
        done.require_rows()


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=("Cs", "Cc")), max_size=12)


@settings(max_examples=60)
@given(st.lists(st.lists(CELL, min_size=1, max_size=5), max_size=25))
def test_every_record_is_kept_or_quarantined(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL).writerows([["A", "B", "C"], *rows])
    done = read(tmp_path_factory.getbasetemp(), buffer.getvalue().encode())
    whole = [[cell.strip() for cell in row] for row in rows if len(row) == 3]
    assert done.frame.to_numpy().tolist() == [row for row in whole if any(row)]
    parsed = done.parsed({})
    assert len(parsed.quarantine) == sum(len(row) != 3 for row in rows)
    assert parsed.rows_in == parsed.rows_kept + len(parsed.quarantine)


@settings(max_examples=60)
@given(st.binary(max_size=400))
def test_no_bytes_whatever_escape_as_another_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    try:
        done = read(tmp_path_factory.getbasetemp(), b"A,B,C\n" + content)
    except SourceError as error:
        assert str(error).startswith("file.csv")
    else:
        parsed = done.parsed({})
        assert parsed.rows_in == parsed.rows_kept + len(parsed.quarantine)


@pytest.mark.parametrize(
    ("printed", "plain"),
    [
        ("https://name:word@hospital.org/gme?a=b@c", "https://hospital.org/gme?a=b@c"), ("HTTP://name@X.org/gme", "HTTP://X.org/gme"), ("https://school@mail.com/", ""), ("a.b@mail.com", ""),
        ("name:word@www.x.org/", "www.x.org/"), ("https://a@b@x.org", "https://x.org"), ("www.x.org:8080/a", "www.x.org:8080/a"),
        ("https://x.org/@gme", "https://x.org/@gme"), ("javascript:alert(1)", ""), ("data:text/html,x", ""), ("file:///etc/passwd", ""),
        ("FTP://x.org", ""), ("", ""),
    ],
)  # fmt: skip
def test_web_addresses_carry_no_password_and_lead_to_the_web(printed: str, plain: str) -> None:
    assert web_addresses(pd.Series([printed, printed], dtype="str")).tolist() == [plain, plain]


@pytest.mark.parametrize(
    ("cell", "kept"), [("1000000000", True), ("1,000,000,000", True), ("1000000001", False), ("9" * 15, False)]
)
def test_a_count_that_no_sum_can_bear_is_quarantined(cell: str, kept: bool) -> None:
    sieve = Sieve("x.csv", "x", pd.DataFrame({"n": [cell, "1"]}, index=[2, 3], dtype="str"), rows_in=2)
    whole_numbers(sieve, "n", blank=0)
    assert (len(sieve.frame) == 2) is kept and sieve.frame["n"].iloc[-1] == 1
    assert kept or sieve.first_quarantined() == (2, "a number too large to be a count in n")
