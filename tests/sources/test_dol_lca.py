"""Labor condition applications: three eras of official files and the excerpt, one table, no person in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.schemas.frames import to_arrow
from pipeline.sources.base import Hints, Parsed, SourceError, no_quarantine
from pipeline.sources.dol_lca import COLUMNS, FULL_QUARTER_ROWS, SOURCE, TABLE
from pipeline.sources.probe import probe

EXCERPT_FILE = Path(__file__).parents[3] / "shared" / "raw" / "dol" / "lca_fy2025_q2_health_excerpt.csv"
EXCERPT = (
    "CASE_NUMBER,JOB_TITLE,SOC_CODE,SOC_TITLE,FULL_TIME_POSITION,BEGIN_DATE,END_DATE,EMPLOYER_NAME,TRADE_NAME_DBA,"
    "WORKSITE_ADDRESS1,WORKSITE_CITY,WORKSITE_COUNTY,WORKSITE_STATE,WORKSITE_POSTAL_CODE,WAGE_RATE_OF_PAY_FROM,"
    "WAGE_RATE_OF_PAY_TO,WAGE_UNIT_OF_PAY,PW_WAGE_LEVEL,Year,Quarter"
)
# What each era's file prints, by header cell; persons' columns stand in all of them.
COMMON: dict[str, object] = {
    "CASE_NUMBER": "I-200-24001-000001",
    "CASE_STATUS": "Certified",
    "DECISION_DATE": dt.date(2024, 1, 8),
    "VISA_CLASS": "H-1B",
    "JOB_TITLE": "Resident Physician (PGY-1)",
    "SOC_CODE": "29-1216.00",
    "FULL_TIME_POSITION": "Y",
    "NEW_EMPLOYMENT": 1,
    "CONTINUED_EMPLOYMENT": 0,
    "EMPLOYER_NAME": "EXAMPLE HOSPITAL",
    "EMPLOYER_CITY": "BOSTON",
    "EMPLOYER_STATE": "MA",
    "NAICS_CODE": 622110,
    "EMPLOYER_POC_LAST_NAME": "ROE",
    "AGENT_ATTORNEY_LAST_NAME": "DOE",
}
SITE: dict[str, object] = {
    "WORKSITE_CITY": "Boston",
    "WORKSITE_STATE": "MA",
    "WORKSITE_POSTAL_CODE": 2115,
    "WAGE_RATE_OF_PAY_FROM": 68123.45,
    "WAGE_RATE_OF_PAY_TO": None,
    "WAGE_UNIT_OF_PAY": "Year",
    "PW_WAGE_LEVEL": "I",
}
FLAG: dict[str, object] = {
    **COMMON,
    **SITE,
    "SOC_TITLE": "General Internal Medicine Physicians",
    "BEGIN_DATE": dt.date(2024, 7, 1),
    "END_DATE": dt.date(2027, 6, 30),
    "TOTAL_WORKER_POSITIONS": 3,
    "TRADE_NAME_DBA": "Example",
    "EMPLOYER_FEIN": "04-1234567",
    "SECONDARY_ENTITY_BUSINESS_NAME": "Example Clinic",
    "NEW_CONCURRENT_EMPLOYMENT": 2,
}
WIDE: dict[str, object] = {
    **COMMON,
    **{f"{cell}_1": value for cell, value in SITE.items()},
    **{f"{cell}_2": "another" for cell in SITE},
    "SOC_TITLE": "General Internal Medicine Physicians",
    "PERIOD_OF_EMPLOYMENT_START_DATE": dt.date(2024, 7, 1),
    "PERIOD_OF_EMPLOYMENT_END_DATE": dt.date(2027, 6, 30),
    "TOTAL_WORKER_POSITIONS": 3,
    "EMPLOYER_BUSINESS_DBA": "Example",
    "SECONDARY_ENTITY_BUSINESS_NAME_1": "Example Clinic",
    "NEW_CONCURRENT_EMPLOYMENT": 2,
}
ICERT: dict[str, object] = {
    **COMMON,
    **SITE,
    "CASE_STATUS": "CERTIFIED",
    "PW_WAGE_LEVEL": "Level I",
    "SOC_NAME": "General Internal Medicine Physicians",
    "EMPLOYMENT_START_DATE": dt.date(2024, 7, 1),
    "EMPLOYMENT_END_DATE": dt.date(2027, 6, 30),
    "TOTAL_WORKERS": 3,
    "EMPLOYER_BUSINESS_DBA": "Example",
    "NEW_CONCURRENT_EMP": 2,
}


def official(path: Path, rows: list[Mapping[str, object]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("LCA")
        day = book.add_format({"num_format": "m/d/yyyy"})
        sheet.write_row(0, 0, list(rows[0]))
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row.values()):
                if isinstance(cell, dt.date):
                    sheet.write_datetime(number, place, dt.datetime.combine(cell, dt.time()), day)
                elif cell is not None:
                    sheet.write(number, place, cell)
    return path


def load(path: Path) -> tuple[str, Parsed]:
    probed = probe(path)
    layout = SOURCE.recognise(probed)
    assert layout is not None
    parsed = SOURCE.read(probed, layout, Hints())
    assert parsed.rows_in == parsed.rows_kept + len(parsed.quarantine)
    to_arrow(parsed.tables[TABLE], TABLE)
    return layout.name, parsed


def one(parsed: Parsed) -> dict[str, object]:
    (row,) = to_arrow(parsed.tables[TABLE], TABLE).to_pylist()
    return row


@pytest.mark.parametrize(("layout", "row"), [("FY2020", FLAG), ("FY2019", WIDE), ("FY2017", ICERT)])
def test_official_files_of_three_eras(tmp_path: Path, layout: str, row: dict[str, object]) -> None:
    name, parsed = load(official(tmp_path / "lca.xlsx", [row]))
    printed = [
        cell.isoformat() if isinstance(cell, dt.date) else "" if cell is None else str(cell) for cell in row.values()
    ]
    (tmp_path / "lca.csv").write_text(",".join(row) + "\n" + ",".join(printed) + "\n")
    assert name == f"{layout} xlsx"
    found = one(parsed)
    expected = {
        "case_number": "I-200-24001-000001", "case_status": "Certified", "decision_date": dt.date(2024, 1, 8),
        "visa_class": "H-1B", "job_title": "Resident Physician (PGY-1)", "full_time": True,
        "soc_title": "General Internal Medicine Physicians", "begin_date": dt.date(2024, 7, 1),
        "end_date": dt.date(2027, 6, 30), "workers": 3, "new_employment": 1, "continued_employment": 0,
        "new_concurrent_employment": 2, "amended_petition": None, "trade_name_dba": "Example", "naics": "622110",
        "worksite_postal_code": "02115", "wage_from": 68123.45, "wage_to": None, "wage_unit": "Year",
        "pw_wage_level": "I", "disclosure_quarter": "FY2024Q2",
    }  # fmt: skip
    assert {column: found[column] for column in expected} == expected
    assert found["employer_fein"] == ("041234567" if layout == "FY2020" else None)
    assert found["secondary_entity_name"] == (None if layout == "FY2017" else "Example Clinic")
    name, from_csv = load(tmp_path / "lca.csv")
    assert (name, one(from_csv)) == (f"{layout} csv", found)


def test_no_person_is_read(tmp_path: Path) -> None:
    _, parsed = load(official(tmp_path / "lca.xlsx", [FLAG]))
    assert not {"ROE", "DOE"} & {str(value) for value in one(parsed).values()}
    assert not [cell for cells in COLUMNS.values() for cell in cells if "POC" in cell or "ATTORNEY" in cell]
    (tmp_path / "lca.csv").write_text(
        ",".join(FLAG) + "\n" + ",".join(["I-200-24001-000002"] + ["ROE"] * 5) + "\n" + row_text(FLAG)
    )
    assert load(tmp_path / "lca.csv")[1].quarantine["content"].tolist() == [""]


def row_text(row: Mapping[str, object]) -> str:
    return ",".join("" if cell is None else str(cell) for cell in row.values()) + "\n"


@pytest.mark.parametrize(
    ("decided", "quarter"),
    [("2023-09-30", "FY2023Q4"), ("2023-10-01", "FY2024Q1"), ("2024-06-30", "FY2024Q3"), ("2024-01-01", "FY2024Q2")],
)
def test_quarters_are_fiscal(tmp_path: Path, decided: str, quarter: str) -> None:
    path = official(tmp_path / "lca.xlsx", [FLAG | {"DECISION_DATE": dt.date.fromisoformat(decided)}])
    assert one(load(path)[1])["disclosure_quarter"] == quarter


@pytest.mark.parametrize(
    ("cell", "printed", "column", "expected"),
    [
        ("WAGE_UNIT_OF_PAY", "bi-weekly", "wage_unit", "Bi-Weekly"),
        ("WAGE_UNIT_OF_PAY", "HR", "wage_unit", "Hour"),
        ("WAGE_UNIT_OF_PAY", None, "wage_unit", None),
        ("PW_WAGE_LEVEL", "N/A", "pw_wage_level", None),
        ("PW_WAGE_LEVEL", "IV", "pw_wage_level", "IV"),
        ("CASE_STATUS", "CERTIFIED-WITHDRAWN", "case_status", "Certified - Withdrawn"),
        ("VISA_CLASS", "E-3 Australian", "visa_class", "E-3 Australian"),
        ("EMPLOYER_FEIN", 41234567, "employer_fein", "041234567"),
        ("EMPLOYER_FEIN", "unknown", "employer_fein", None),
        ("WORKSITE_STATE", "MASSACHUSETTS", "worksite_state", "MA"),
        ("EMPLOYER_STATE", None, "employer_state", None),
        ("TOTAL_WORKER_POSITIONS", None, "workers", 1),
        ("WAGE_RATE_OF_PAY_FROM", "$68,123.45", "wage_from", 68123.45),
        ("FULL_TIME_POSITION", "N", "full_time", False),
        ("EMPLOYER_NAME", "Lehigh Valley Hospital “ Pocono", "employer_name", "Lehigh Valley Hospital – Pocono"),
        ("EMPLOYER_NAME", "“Mercy” Hospital", "employer_name", "“Mercy” Hospital"),
        ("JOB_TITLE", "Physician “ PGY2- Pediatric Resident", "job_title", "Physician “ PGY2- Pediatric Resident"),
    ],
)  # fmt: skip
def test_spellings_of_one_thing(tmp_path: Path, cell: str, printed: object, column: str, expected: object) -> None:
    assert one(load(official(tmp_path / "lca.xlsx", [FLAG | {cell: printed}]))[1])[column] == expected


@pytest.mark.parametrize(
    ("cell", "printed", "message"),
    [
        ("WAGE_UNIT_OF_PAY", "Fortnight", "lca.xlsx, line 3: unknown unit of a wage 'Fortnight'"),
        ("WORKSITE_STATE", "ZZ", "unknown state 'ZZ'"),
        ("CASE_STATUS", "Lost", "unknown case status 'Lost'"),
        ("VISA_CLASS", "H-2B", "unknown visa class 'H-2B'"),
        ("PW_WAGE_LEVEL", "V", "unknown wage level 'V'"),
        ("FULL_TIME_POSITION", "maybe", "unknown answer 'maybe'"),
    ],
)
def test_a_new_value_stops_the_file(tmp_path: Path, cell: str, printed: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        load(official(tmp_path / "lca.xlsx", [FLAG, FLAG | {cell: printed}]))


@pytest.mark.parametrize(
    ("cell", "printed", "reason"),
    [
        ("TOTAL_WORKER_POSITIONS", -1, "negative count in workers"),
        ("TOTAL_WORKER_POSITIONS", "two", "no whole number in workers"),
        ("WAGE_RATE_OF_PAY_FROM", "negotiable", "no number in wage_from"),
        ("WAGE_RATE_OF_PAY_FROM", -5, "negative amount in wage_from"),
        ("BEGIN_DATE", "next summer", "no date in begin_date"),
        ("DECISION_DATE", None, "no decision date"),
    ],
)
def test_broken_rows_are_quarantined(tmp_path: Path, cell: str, printed: object, reason: str) -> None:
    _, parsed = load(official(tmp_path / "lca.xlsx", [FLAG, FLAG | {cell: printed}, FLAG]))
    assert parsed.quarantine[["row", "reason"]].to_numpy().tolist() == [[3, reason]]
    assert len(parsed.tables[TABLE]) == 2


def test_blank_rows_of_padding_are_passed_over(tmp_path: Path) -> None:
    empty = dict.fromkeys(FLAG)
    _, parsed = load(official(tmp_path / "lca.xlsx", [FLAG, empty, FLAG, empty]))
    assert (parsed.rows_in, len(parsed.quarantine)) == (2, 0)


@pytest.mark.parametrize("renamed", ["JOB_TITLE", "WORKSITE_STATE", "WAGE_UNIT_OF_PAY", "BEGIN_DATE"])
def test_a_renamed_column_is_no_known_layout(tmp_path: Path, renamed: str) -> None:
    row = {cell if cell != renamed else f"NEW_{cell}": value for cell, value in FLAG.items()}
    assert SOURCE.recognise(probe(official(tmp_path / "lca.xlsx", [row]))) is None


SAMPLE = ",Medical Resident,29-1299.00,,,2025-03-01,,Example Hospital,Example,,Boston,,MA,,67912.0,,Year,,2025,Q2"


def test_the_excerpt_without_case_numbers(tmp_path: Path) -> None:
    path = tmp_path / "lca.csv"
    path.write_text(f"\ufeff{EXCERPT}\n{SAMPLE}\n{SAMPLE}\n")
    name, parsed = load(path)
    assert (name, parsed.rows_in, parsed.rows_kept) == ("excerpt", 2, 2)
    (part,) = SOURCE.parts(parsed, Hints())
    assert (part.name, part.rows, part.full, part.note) == ("FY2025Q2", 2, False, "excerpt")
    row = to_arrow(parsed.tables[TABLE], TABLE).to_pylist()[0]
    assert (row["case_number"], row["case_status"], row["workers"], row["full_time"]) == (None, None, 1, None)
    assert (row["begin_date"], row["end_date"], row["wage_from"]) == (dt.date(2025, 3, 1), None, 67912.0)


def test_the_excerpt_needs_its_quarter(tmp_path: Path) -> None:
    path = tmp_path / "lca.csv"
    path.write_text(f"{EXCERPT}\n{SAMPLE}\n{SAMPLE.replace('Q2', '')}\n")
    assert load(path)[1].quarantine["reason"].tolist() == ["no year and quarter"]


def test_parts_are_full_only_with_a_whole_economy() -> None:
    def quarter(name: str, rows: int, health: int) -> pd.DataFrame:
        codes = ["29-1216.00"] * health + ["15-1252.00"] * (rows - health)
        return pd.DataFrame({"soc_code": codes, "disclosure_quarter": name, "case_status": "Certified"})

    rows = FULL_QUARTER_ROWS
    table = pd.concat(
        [quarter("FY2024Q1", rows, 99), quarter("FY2024Q2", rows - 1, 0), quarter("FY2024Q3", rows, rows)]
    )
    found = SOURCE.parts(Parsed({TABLE: table}, no_quarantine(), len(table), len(table)), Hints())
    assert [(part.name, part.full, part.note) for part in found] == [
        ("FY2024Q1", True, ""),
        ("FY2024Q2", False, "59,999 applications, and a full quarter has 60,000 or more"),
        ("FY2024Q3", False, "health occupations only"),
    ]


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C",), exclude_characters=',"“”'), max_size=30)


@settings(max_examples=60)
@given(st.lists(st.tuples(TEXT, TEXT, st.integers(1, 10**6)), min_size=1, max_size=20))
def test_titles_and_wages_stay_as_filed(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, int]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "lca.csv"
    lines = [f"X,{title},,,,,,{employer},,,,,,,{wage},,Year,I,2025,Q2" for title, employer, wage in rows]
    path.write_text("\n".join([EXCERPT, *lines]), encoding="utf-8")
    table = load(path)[1].tables[TABLE]
    assert table["job_title"].fillna("").tolist() == [title.strip() for title, _, _ in rows]
    assert table["wage_from"].tolist() == [wage for _, _, wage in rows]


@pytest.mark.skipif(not EXCERPT_FILE.is_file(), reason="the national files are not beside the project (../shared/raw)")
def test_the_national_excerpt() -> None:
    name, parsed = load(EXCERPT_FILE)
    assert (name, parsed.rows_in, len(parsed.quarantine)) == ("excerpt", 8078, 0)
    assert [part.name for part in SOURCE.parts(parsed, Hints())] == ["FY2025Q2"]
    assert parsed.tables[TABLE]["wage_unit"].value_counts().to_dict() == {
        "Year": 5647, "Hour": 2402, "Month": 21, "Bi-Weekly": 5, "Week": 3,
    }  # fmt: skip
