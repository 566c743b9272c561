"""Workbooks as people work with them: types, links, colours, filters, and nothing that runs."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import python_calamine

from pipeline.schemas.answers import CONTACTS
from pipeline.schemas.model import Field, number, text, texts, year
from pipeline.schemas.vocabulary import ACCREDITATION, CAP_EXEMPT_CATEGORY, LIGHT, SPONSOR_TIER, VISA_CATEGORY
from pipeline.spreadsheets.colours import COLOURS
from pipeline.spreadsheets.definitions import definitions
from pipeline.spreadsheets.workbook import Sheet, workbook
from tests.conftest import needed

DAY = dt.date(2026, 11, 30)
FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        text("program_code", "ACGME program code", required=True),
        text("visa_category", "Category; null: none known", allowed=("A", "?")),
        number("likelihood", "Likelihood; null where a policy is stated", minimum=0, maximum=1),
        year("list_year", "Year of the list"),
        texts("conditions", "Terms"),
        text("website", "Program website"),
    )
}
ROWS = pd.DataFrame(
    {
        "program_code": ["0402411060", "=1+1"],
        "visa_category": ["A", "?"],
        "likelihood": [0.58, None],
        "list_year": pd.array([2024, None], dtype="Int64"),
        "conditions": [["transfer_only", "exceptional"], []],
        "website": ["https://gme.example.org/visas?a=1&b=2", "javascript:alert(1)"],
        "evidence_date": pd.to_datetime(["2025-07-18", None]),
        "needs_confirmation": [True, False],
    }
)


def book(path: Path, *sheets: Sheet) -> Path:
    path.write_bytes(workbook(sheets, DAY))
    return path


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def test_each_kind_of_value_is_a_cell_of_its_kind(tmp_path: Path) -> None:
    path = book(tmp_path / "w.xlsx", Sheet("list", ROWS, FIELDS))
    header, first, second = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_name("list").to_python()
    assert header == list(ROWS.columns)
    assert first == [
        "0402411060", "A", 0.58, 2024.0, "transfer_only\nexceptional", "https://gme.example.org/visas?a=1&b=2",
        dt.date(2025, 7, 18), "yes",
    ]  # fmt: skip
    assert second == ["'=1+1", "?", "", "", "", "javascript:alert(1)", "", "no"]


def test_only_web_addresses_are_links_and_nothing_runs(tmp_path: Path) -> None:
    hostile = [
        "javascript:alert(1)", "file:///etc/passwd", "http://a b", "https://user@evil.example/", "=HYPERLINK(1)",
        "https://a.example/" + "x" * 2_100, "internal:list!A1", 'https://a.example/"><x', "HTTPS://a.example/ok",
    ]  # fmt: skip
    path = book(tmp_path / "w.xlsx", Sheet("s", pd.DataFrame({"a": [*hostile, "https://a.example/#b"]})))
    sheet = part(path, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet and sheet.count("<hyperlink ") == 1
    assert "https://a.example/" in part(path, "xl/worksheets/_rels/sheet1.xml.rels")
    kept = pd.read_excel(path, engine="calamine")["a"].tolist()
    assert kept == [*("'" + text if text.startswith("=") else text for text in hostile), "https://a.example/#b"]


def test_header_is_frozen_with_filters_and_categories_have_colours(tmp_path: Path) -> None:
    sheet = part(book(tmp_path / "w.xlsx", Sheet("list", ROWS, FIELDS, frozen=2)), "xl/worksheets/sheet1.xml")
    assert 'state="frozen"' in sheet and 'xSplit="2" ySplit="1"' in sheet and "<autoFilter " in sheet
    assert "<conditionalFormatting " in sheet and 'numberStoredAsText="1"' in sheet


def test_equal_sheets_give_equal_bytes_and_an_empty_table_is_a_header() -> None:
    assert workbook([Sheet("a", ROWS, FIELDS)], DAY) == workbook([Sheet("a", ROWS, FIELDS)], DAY)
    assert workbook([Sheet("a", ROWS.head(0), FIELDS)], DAY)


def test_a_text_longer_than_a_cell_is_cut_with_a_mark(tmp_path: Path) -> None:
    path = book(tmp_path / "w.xlsx", Sheet("s", pd.DataFrame({"a": ["x" * 40_000]})))
    (kept,) = pd.read_excel(path, engine="calamine")["a"]
    assert len(kept) == 32_767 and kept.endswith("…")


def test_definitions_say_meaning_blank_and_allowed_words() -> None:
    rows = definitions([Sheet("list", ROWS, FIELDS)]).rows.set_index("column")
    assert rows["when blank"].to_dict() == {
        "program_code": "", "visa_category": "Null: none known", "likelihood": "Null where a policy is stated",
        "list_year": "Unknown: no source says it", "conditions": "An empty list: none known", "website": "Unknown: no source says it",
    }  # fmt: skip
    assert (
        rows.loc["visa_category", "allowed values"] == "A (H-1B sponsored), ? (needs confirmation)"
        and rows.loc["list_year", "unit"] == "year"
    )
    assert len(
        definitions(
            [Sheet("c", pd.DataFrame(columns=list(CONTACTS.columns)), {f.name: f for f in CONTACTS.fields})]
        ).rows
    )


def test_libreoffice_opens_it_and_reads_the_same(tmp_path: Path) -> None:
    needed("LibreOffice (soffice)", there=shutil.which("soffice") is not None)
    path = book(tmp_path / "w.xlsx", Sheet("list", ROWS, FIELDS), definitions([Sheet("list", ROWS, FIELDS)]))
    command = [
        "soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1",
        "--outdir", str(tmp_path), str(path),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    read = pd.read_csv(tmp_path / "w.csv", dtype="str")
    assert read["program_code"].tolist() == ["0402411060", "'=1+1"]
    assert read["evidence_date"].tolist()[0] == "2025-07-18" and read["likelihood"].tolist()[0] == "58%"
    assert read["conditions"].tolist()[0] == "transfer_only\nexceptional"


@pytest.mark.parametrize(
    ("column", "words"),
    [("light", LIGHT), ("visa_category", VISA_CATEGORY), ("sponsor_tier", SPONSOR_TIER), ("accreditation", ACCREDITATION),
     ("cap_exempt_category", CAP_EXEMPT_CATEGORY)],
)  # fmt: skip
def test_each_word_of_a_coloured_column_has_its_colour(column: str, words: tuple[str, ...]) -> None:
    assert set(words) <= COLOURS[column].keys()
