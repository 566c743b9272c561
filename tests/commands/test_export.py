"""Answers as CSV and XLSX: nothing in them is run as a formula."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pytest

from pipeline.commands.export import Format, flat, write

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "http://a.example", "0123", "plain"]


@pytest.mark.parametrize("text", HOSTILE[:8])
def test_what_a_spreadsheet_would_run_is_quoted_alone_and_in_lists(text: str) -> None:
    rows = flat(pd.DataFrame({"a": [text], "b": [[text, "x"]], "c": [[{"name": text}]]}))
    assert rows.loc[0, "a"] == f"'{text}" and rows.loc[0, "b"] == f"'{text}; x"
    assert not str(rows.loc[0, "c"]).startswith(tuple("=+-@"))


def test_a_workbook_holds_texts_only(tmp_path: Path) -> None:
    book = tmp_path / "out.xlsx"
    write(pd.DataFrame({"a": HOSTILE}), Format.xlsx, book, "s", colours={"plain": "#C6EFCE"})
    with zipfile.ZipFile(book) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet.split("</sheetData>")[0] and "hyperlink" not in sheet
    back = pd.read_excel(book, engine="calamine", dtype="str")["a"].tolist()
    assert back[-1] == "plain" and "0123" in back and "'=1+1" in back
