"""Workbooks read row by row: the same texts as a spreadsheet shows, and no harm from a hostile one."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from pipeline.sources.base import SourceError
from pipeline.sources.tabular import workbook, worksheet
from pipeline.sources.tabular.shared_strings import shared_strings

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def book(path: Path, rows: list[list[object]], **options: object) -> Path:
    with xlsxwriter.Workbook(path, options) as made:
        page = made.add_worksheet("Data")
        day = made.add_format({"num_format": "m/d/yyyy"})
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, dt.date):
                    page.write_datetime(number, place, dt.datetime.combine(cell, dt.time()), day)
                elif cell is not None:
                    (page.write_string if isinstance(cell, str) else page.write)(number, place, cell)
    return path


def handmade(path: Path, sheet: str, strings: str = "") -> Path:
    """A workbook whose sheet is the XML `sheet` inside `worksheet`."""
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{relations}"><sheets><sheet name="Hidden" state="hidden" r:id="r0"/>'
            '<sheet name="S" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships><Relationship Id="r0" Target="worksheets/none.xml"/>'
            '<Relationship Id="r1" Target="/xl/worksheets/sheet1.xml"/></Relationships>',
        )
        if strings:
            archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{strings}</sst>')
        archive.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}" xmlns:x="{MAIN}">{sheet}</worksheet>')
    return path


ROWS: list[list[object]] = [
    ["NAME", "DAY", "COUNT", "WAGE", "FLAG"],
    ["Café & Söhne <1>", dt.date(2024, 2, 29), 7, 54.99, True],
    [" spaced ", dt.date(1999, 12, 31), 0, 1e6, False],
    [None, None, None, None, None],
    ["last", None, 12345678901, 0.1, None],
]


@pytest.mark.parametrize("options", [{}, {"constant_memory": True}, {"date_1904": True}])
def test_cells_become_the_texts_they_show(tmp_path: Path, options: dict[str, bool]) -> None:
    path = book(tmp_path / "w.xlsx", ROWS, **options)
    assert workbook.header(path, "w") == ("Data", ("NAME", "DAY", "COUNT", "WAGE", "FLAG"))
    assert list(workbook.rows(path, "w", [0, 1, 2, 3, 4])) == [
        (2, ["Café & Söhne <1>", "2024-02-29", "7", "54.99", "1"]),
        (3, [" spaced ", "1999-12-31", "0", "1000000", "0"]),
        (5, ["last", "", "12345678901", "0.1", ""]),
    ]
    assert [texts for _, texts in workbook.rows(path, "w", [2])] == [["7"], ["0"], ["12345678901"]]


def test_texts_agree_with_another_reader(tmp_path: Path) -> None:
    rows: list[list[object]] = [["A", "B", "C"]]
    rows += [[f"text {n % 37}", n, dt.date(2020, 1, 1) + dt.timedelta(days=n)] for n in range(500)]
    path = book(tmp_path / "w.xlsx", rows)
    theirs = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()[1:]
    expected = [[str(row[0]), str(int(float(str(row[1])))), str(row[2])[:10]] for row in theirs]
    assert [texts for _, texts in workbook.rows(path, "w", [0, 1, 2])] == expected


def test_rich_texts_formulas_and_cells_without_reference(tmp_path: Path) -> None:
    strings = "<si><r><t>A </t></r><r><t>B</t></r><rPh><t>not me</t></rPh></si>"
    sheet = (
        '<sheetData><row><c t="s"><v>0</v></c><c t="inlineStr"><is><t>X</t></is></c></row>'
        '<row r="7"><c r="A7"><f>1+1</f><v>2</v></c><c r="B7" t="str"><f>A()</f><v>yes</v></c></row>'
        '<row r="9"><c r="A9"><f>1+1</f></c><c r="B9" t="d"><v>2024-05-06T00:00:00</v></c></row></sheetData>'
    )
    path = handmade(tmp_path / "w.xlsx", sheet, strings)
    assert workbook.header(path, "w") == ("S", ("A B", "X"))
    assert list(workbook.rows(path, "w", [0, 1])) == [(7, ["2", "yes"]), (9, ["", "2024-05-06"])]


def test_a_far_cell_costs_nothing(tmp_path: Path) -> None:
    row = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>9</v></c></row>'
    path = handmade(tmp_path / "w.xlsx", f"<sheetData>{row}</sheetData>")
    assert list(workbook.rows(path, "w", [0])) == []
    assert list(workbook.rows(path, "w", [0, 16383])) == [(1048576, ["", "9"])]


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_a_namespace_may_have_a_prefix(tmp_path: Path, prefix: str) -> None:
    rows = '<x:row r="2"><x:c r="A2"><x:v>7</x:v></x:c></x:row>'.replace("x:", prefix)
    path = handmade(tmp_path / "w.xlsx", f"<{prefix}sheetData>{rows}</{prefix}sheetData>")
    assert list(workbook.rows(path, "w", [0])) == [(2, ["7"])]


@pytest.mark.parametrize(
    ("sheet", "strings", "message"),
    [
        ("<sheetData><row><c", "", "breaks off"),
        ("<sheetData><row><c></row></sheetData>", "", "broken XML"),
        ('<sheetData><row r="2"><c r="A2" t="s"><v>5</v></c></row></sheetData>', "<si><t>A</t></si>", "can be read"),
        ('<sheetData><row r="2"><c r="A2"><v>abc</v></c></row></sheetData>', "", "can be read"),
        (f'<sheetData><row r="2">{"<c><v>1</v></c>" * 700_000}</row></sheetData>', "", "larger than 8 MB"),
        (
            '<sheetData><row r="3"><c r="A3"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row></sheetData>',
            "",
            "row 2 comes after row 3",
        ),
        ('<!DOCTYPE x [<!ENTITY a "AAAA">]><sheetData><row r="2"/></sheetData>', "", "declares entities"),
        ("<other/>", "", "has no rows"),
    ],
    ids=["cut", "broken", "string-out-of-range", "no-number", "endless-row", "order", "entity", "no-rows"],
)
def test_a_damaged_workbook_is_one_clear_error(tmp_path: Path, sheet: str, strings: str, message: str) -> None:
    path = handmade(tmp_path / "w.xlsx", sheet, strings)
    with pytest.raises(SourceError, match=message):
        list(workbook.rows(path, "w.xlsx", [0]))


def test_a_workbook_whose_sheet_is_cut_off_is_one_clear_error(tmp_path: Path) -> None:
    whole = book(tmp_path / "w.xlsx", [["A"], *([n * 7919 % 1000] for n in range(5000))])
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(broken, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[: len(content) // 2] if name.endswith("sheet1.xml") else content)
    with pytest.raises(SourceError, match="cut off"):
        list(workbook.rows(broken, "broken.xlsx", [0]))
    damaged = bytearray(whole.read_bytes())
    damaged[len(damaged) // 3 : len(damaged) // 3 + 400] = b"\x00" * 400
    (tmp_path / "damaged.xlsx").write_bytes(damaged)
    with pytest.raises(SourceError, match="damaged"):
        list(workbook.rows(tmp_path / "damaged.xlsx", "damaged.xlsx", [0]))


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=20)
CELL = st.one_of(st.none(), TEXT, st.integers(-(10**9), 10**9), st.floats(-1e12, 1e12), st.booleans())


@settings(max_examples=60)
@given(st.lists(st.lists(CELL, min_size=1, max_size=5), max_size=12), st.booleans(), st.integers(64, 4096))
def test_the_plain_way_and_the_parser_agree(
    tmp_path_factory: pytest.TempPathFactory, cells: list[list[object]], inline: bool, size: int
) -> None:
    path = book(tmp_path_factory.getbasetemp() / "w.xlsx", [["A"], *cells], constant_memory=inline)
    with zipfile.ZipFile(path) as archive:
        content = archive.read("xl/worksheets/sheet1.xml")
        strings = shared_strings(archive)
    legend = worksheet.Legend(strings)
    plain = list(worksheet.rows(io.BytesIO(content), range(5), legend, size))
    # A comment is nothing to a parser, but not plain.
    parsed = list(worksheet.rows(io.BytesIO(content.replace(b"<row", b"<!-- --><row")), range(5), legend, size))
    assert plain == parsed
    shown = [[str(cell) if isinstance(cell, str) else None for cell in row] for row in cells]
    for number, texts in plain[1:] if plain and plain[0][0] == 1 else plain:
        assert [text for text, cell in zip(texts, shown[number - 2], strict=False) if cell] == [
            cell for cell in shown[number - 2] if cell
        ]


STRINGS = [
    ("<si><t>a</t></si><si><t xml:space='preserve'> b </t></si>", ["a", " b "]),
    ("<si><t>A &amp; B &lt;c&gt;</t></si>\n<si><t/></si><si/>", ["A & B <c>", "", ""]),
    ("<si><r><t>one </t></r><r><t>two</t></r></si><si><t>x</t></si>", ["one two", "x"]),
    ("<si><t>base</t><rPh sb='0' eb='1'><t>reading</t></rPh></si>", ["base"]),
    ("<si><t>&#233;&#10;</t></si><si><t>&#x2013;</t></si>", ["é\n", "–"]),
    ("<si><t>a<!-- no -->b</t></si><si><t><![CDATA[<c>]]></t></si>", ["ab", "<c>"]),
    ("<si><t>line\r\nline</t></si>", ["line\nline"]),
    ("", []),
]


def strings_part(path: Path, part: bytes) -> list[str]:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/sharedStrings.xml", part)
    with zipfile.ZipFile(path) as archive:
        return shared_strings(archive)


@pytest.mark.parametrize(("items", "texts"), STRINGS)
@pytest.mark.parametrize("piece", [1 << 20, 150])
def test_shared_strings_in_any_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, items: str, texts: list[str], piece: int
) -> None:
    monkeypatch.setattr(worksheet, "PIECE_BYTES", piece)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    plain = f'{head}<sst xmlns="{MAIN}" count="9">{items}</sst>'.encode()
    assert strings_part(tmp_path / "a.xlsx", plain) == texts
    prefixed = items.replace("</", "</x:").replace("<", "<x:").replace("<x:/x:", "</x:").replace("<x:!", "<!")
    if "CDATA" not in items:
        other = f'<x:sst xmlns:x="{MAIN}">{prefixed}</x:sst>'.encode()
        assert strings_part(tmp_path / "b.xlsx", other) == texts
        wide = f'<?xml version="1.0" encoding="utf-16"?><sst xmlns="{MAIN}">{items}</sst>'.encode("utf-16")
        assert strings_part(tmp_path / "c.xlsx", wide) == texts


@pytest.mark.parametrize("harm", ["<si><t>cut", "<si><t>a</t></si>"])
def test_shared_strings_that_break_off(tmp_path: Path, harm: str) -> None:
    with pytest.raises(EOFError, match="break off"):
        strings_part(tmp_path / "a.xlsx", f'<sst xmlns="{MAIN}">{harm}'.encode())


def test_a_shared_string_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="larger than"):
        strings_part(tmp_path / "a.xlsx", f'<sst xmlns="{MAIN}"><si><t>'.encode() + b"a" * (12 << 20))


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_a_part_that_unpacks_to_far_more_than_its_size_allows_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setattr(workbook, "MAX_PART_BYTES", 1 << 16)
    rows = b'<row><c t="inlineStr"><is><t>A</t></is></c></row>' + b"<row><c><v>1</v></c></row>" * 100_000
    strings = b"<si><t>a</t></si>" * (200_000 if "shared" in part else 1)
    space = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts = {
        "[Content_Types].xml": b"<Types/>",
        "xl/workbook.xml": b"<workbook %b><sheets><sheet name='a' id='1'/></sheets></workbook>" % space,
        "xl/_rels/workbook.xml.rels": b"<r><Relationship Id='1' Target='worksheets/sheet1.xml'/></r>",
        "xl/worksheets/sheet1.xml": b"<worksheet %b><sheetData>%b</sheetData></worksheet>"
        % (space, rows if "sheet1" in part else rows[:49]),
        "xl/sharedStrings.xml": b"<sst %b>%b</sst>" % (space, strings),
    }
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert workbook.header(tmp_path / "a.xlsx", "a.xlsx") == ("a", ("A",))
    with pytest.raises(SourceError, match="unpacks to far more than its size allows"):
        list(workbook.rows(tmp_path / "a.xlsx", "a.xlsx", [0]))
