"""Prevailing wage determinations: what employers state of their ACWIA status, in workbooks as published; no person in them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import xlsxwriter

from pipeline.archive.intake import add
from pipeline.schemas.frames import to_arrow
from pipeline.schemas.vocabulary import PWD_DETERMINED
from pipeline.sources.base import Hints, Parsed, SourceError
from pipeline.sources.catalogue import SOURCES
from pipeline.sources.dol_pwd import FULL_YEAR_ROWS, SOURCE, TABLE
from pipeline.sources.probe import probe

CASE: dict[str, object] = {
    "CASE_NUMBER": "P-100-25001-000001",
    "CASE_STATUS": "Determination Issued",
    "RECEIVED_DATE": dt.date(2024, 10, 1),
    "DETERMINATION_DATE": dt.date(2025, 3, 3),
    "REDETERMINATION_DATE": None,
    "VISA_CLASS": "PERM",
    "EMPLOYER_POC_LAST_NAME": "ROE",
    "EMPLOYER_POC_EMAIL": "roe@example.org",
    "EMPLOYER_LEGAL_BUSINESS_NAME": "Example Hospital, Inc.",
    "TRADE_NAME_DBA": "Example Health",
    "EMPLOYER_CITY": "Boston",
    "EMPLOYER_STATE": "MA",
    "EMPLOYER_POSTAL_CODE": "02115",
    "EMPLOYER_COUNTRY": "UNITED STATES OF AMERICA",
    "EMPLOYER_FEIN": "04-1234567",
    "NAICS_CODE": 622110,
    "AGENT_ATTORNEY_LAST_NAME": "DOE",
    "COVERED_BY_ACWIA": "Y",
    "ACWIA_INST_HIGHER_EDUCATION": "N",
    "ACWIA_AFFILIATED_NON_PROFIT": "Y",
    "ACWIA_RESEARCH_ORG": "N",
    "ACWIA_STATUS_CHANGED": None,
}
PRONGS = [cell for cell in CASE if cell.startswith("ACWIA_")]


def workbook(path: Path, *rows: dict[str, object]) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("PW_Disclosure_Data")
        for place, cell in enumerate(rows[0]):
            sheet.write_string(0, place, cell)
        for line, row in enumerate(rows, start=1):
            for place, value in enumerate(row.values()):
                if value is not None:
                    sheet.write(line, place, value)
    return path


def load(path: Path) -> tuple[str, Parsed]:
    probed = probe(path)
    layout = SOURCE.recognise(probed)
    assert layout is not None
    parsed = SOURCE.read(probed, layout, Hints())
    assert parsed.rows_in == parsed.rows_kept + len(parsed.quarantine)
    return layout.name, parsed


def rows_of(parsed: Parsed) -> list[dict[str, object]]:
    return to_arrow(parsed.tables[TABLE], TABLE).to_pylist()


def test_a_case_as_published(tmp_path: Path) -> None:
    layout, parsed = load(workbook(tmp_path / "PW_Disclosure_Data_FY2025_Q2.xlsx", CASE))
    (row,) = rows_of(parsed)
    assert layout == "prongs xlsx"
    assert row.pop("snapshot_id") is None
    assert row == {
        "case_number": "P-100-25001-000001", "case_status": "Determination Issued",
        "determination_date": dt.date(2025, 3, 3), "visa_class": "PERM", "employer_name": "Example Hospital, Inc.",
        "trade_name_dba": "Example Health", "employer_city": "Boston", "employer_state": "MA",
        "employer_postal_code": "02115", "employer_fein": "041234567", "naics": "622110", "covered_by_acwia": True,
        "higher_education": False, "affiliated_nonprofit": True, "research_organization": False,
        "status_changed": None, "wage_source": None,
    }  # fmt: skip
    assert [(part.name, part.rows, part.full) for part in SOURCE.parts(parsed, Hints())] == [("FY2025", 1, False)]


def test_no_person_is_read(tmp_path: Path) -> None:
    _, parsed = load(workbook(tmp_path / "pw.xlsx", CASE, {**CASE, "CASE_NUMBER": None}))
    seen = parsed.tables[TABLE].to_string() + parsed.quarantine.to_string()
    assert parsed.quarantine["reason"].tolist() == ["no case number"]
    assert not {"ROE", "DOE", "roe@example.org"} & set(seen.split())


@pytest.mark.parametrize(
    ("printed", "read"),
    [("Y", True), ("Yes", True), ("y", True), ("N", False), ("No", False), ("N/A", None), (None, None)],
)
def test_yes_no_and_no_answer_are_three_values(tmp_path: Path, printed: str | None, read: bool | None) -> None:
    changed = {**CASE, "COVERED_BY_ACWIA": printed, "ACWIA_RESEARCH_ORG": printed}
    (row,) = rows_of(load(workbook(tmp_path / "pw.xlsx", changed))[1])
    assert (row["covered_by_acwia"], row["research_organization"]) == (read, read)


def test_the_form_that_asks_no_prong(tmp_path: Path) -> None:
    layout, parsed = load(
        workbook(tmp_path / "pw.xlsx", {cell: value for cell, value in CASE.items() if cell not in PRONGS})
    )
    (row,) = rows_of(parsed)
    assert layout == "covered xlsx"
    assert (row["covered_by_acwia"], row["affiliated_nonprofit"]) == (True, None)


def test_the_same_header_as_csv(tmp_path: Path) -> None:
    path = tmp_path / "pw.csv"
    cells = ["" if value is None else str(value) for value in CASE.values()]
    path.write_text(",".join(CASE) + "\n" + ",".join(f'"{cell}"' for cell in cells) + "\n")
    layout, parsed = load(path)
    assert layout == "prongs csv"
    assert rows_of(parsed)[0]["affiliated_nonprofit"] is True


def test_a_redetermination_replaces_the_day(tmp_path: Path) -> None:
    changed = {**CASE, "CASE_STATUS": "REDETERMINATION MODIFIED", "REDETERMINATION_DATE": dt.date(2025, 10, 2)}
    _, parsed = load(workbook(tmp_path / "pw.xlsx", changed))
    assert rows_of(parsed)[0]["determination_date"] == dt.date(2025, 10, 2)
    assert SOURCE.parts(parsed, Hints())[0].name == "FY2026"


@pytest.mark.parametrize("status", [*PWD_DETERMINED, "Withdrawn", "In Process", "center director review affirmed"])
def test_known_statuses(tmp_path: Path, status: str) -> None:
    (row,) = rows_of(load(workbook(tmp_path / "pw.xlsx", {**CASE, "CASE_STATUS": status}))[1])
    assert str(row["case_status"]).lower().startswith(status.lower())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "a second row for the same case"),
        ({"CASE_NUMBER": "P-2", "EMPLOYER_LEGAL_BUSINESS_NAME": None}, "no employer"),
        ({"CASE_NUMBER": "P-2", "DETERMINATION_DATE": None}, "no determination date"),
        ({"CASE_NUMBER": "P-2", "DETERMINATION_DATE": "soon"}, "no date in determination_date"),
        ({"CASE_NUMBER": "P-2", "CASE_STATUS": None}, "no case status"),
    ],
)
def test_broken_rows_are_quarantined(tmp_path: Path, changes: dict[str, object], reason: str) -> None:
    _, parsed = load(workbook(tmp_path / "pw.xlsx", CASE, {**CASE, **changes}))
    assert parsed.quarantine[["row", "reason"]].to_numpy().tolist() == [[3, reason]]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"COVERED_BY_ACWIA": "maybe"}, "line 2: unknown answer in covered_by_acwia 'maybe'"),
        ({"CASE_STATUS": "Lost"}, "line 2: unknown case status 'lost'|line 2: unknown case status 'Lost'"),
        ({"EMPLOYER_STATE": "ZZ"}, "line 2: unknown state 'ZZ'"),
    ],
)
def test_a_new_value_stops_the_file(tmp_path: Path, changes: dict[str, object], message: str) -> None:
    with pytest.raises(SourceError, match=message):
        load(workbook(tmp_path / "pw.xlsx", {**CASE, **changes}))


@pytest.mark.parametrize(
    ("changes", "column", "read"),
    [
        ({"EMPLOYER_FEIN": 41234567}, "employer_fein", "041234567"),
        ({"EMPLOYER_FEIN": "00-0000000"}, "employer_fein", None),
        ({"EMPLOYER_STATE": "Massachusetts"}, "employer_state", "MA"),
        ({"EMPLOYER_STATE": "ON", "EMPLOYER_COUNTRY": "CANADA"}, "employer_state", None),
        ({"TRADE_NAME_DBA": "N/A"}, "trade_name_dba", None),
    ],
)
def test_cells_brought_to_one_form(tmp_path: Path, changes: dict[str, object], column: str, read: object) -> None:
    assert rows_of(load(workbook(tmp_path / "pw.xlsx", {**CASE, **changes}))[1])[0][column] == read


def test_a_year_is_full_by_its_rows(tmp_path: Path) -> None:
    _, parsed = load(workbook(tmp_path / "pw.xlsx", CASE))
    many = parsed.tables[TABLE].loc[[0]].reindex([0] * FULL_YEAR_ROWS).reset_index(drop=True)
    (part,) = SOURCE.parts(Parsed({TABLE: many}, parsed.quarantine, len(many), len(many)), Hints())
    assert (part.name, part.full) == ("FY2025", True)


def test_it_comes_in_by_the_door(tmp_path: Path) -> None:
    path = workbook(tmp_path / "PW_Disclosure_Data_FY2025_Q2.xlsx", CASE)
    (outcome,) = add([path], tmp_path / "raw", SOURCES, lambda: dt.datetime(2026, 10, 1, tzinfo=dt.UTC))
    assert (outcome.verdict, (outcome.snapshot_id or "").split("/")[0]) == ("took", "dol_pwd")


def test_older_files_without_the_answer_are_no_known_layout(tmp_path: Path) -> None:
    old = {cell: value for cell, value in CASE.items() if cell not in (*PRONGS, "COVERED_BY_ACWIA")}
    assert SOURCE.recognise(probe(workbook(tmp_path / "pw.xlsx", old))) is None
