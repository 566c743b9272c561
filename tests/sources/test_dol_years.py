"""Disclosure files of the Department of Labor from FY2008 on: headers that drift, values of their time, and cells wrapped as formulas."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pytest
import xlsxwriter

from pipeline.schemas.frames import to_arrow
from pipeline.sources import dol_lca, dol_pwd
from pipeline.sources.base import Hints, Parsed, Source, SourceError
from pipeline.sources.probe import probe

Row = Mapping[str, str]

FY2015: Row = {
    "CASE_NUMBER": "I-200-14268-000001", "CASE_STATUS": "CERTIFIED", "CASE_SUBMITTED": "2014-10-01",
    "DECISION_DATE": "2014-10-07", "VISA_CLASS": "H-1B", "EMPLOYMENT_START_DATE": "2015-07-01",
    "EMPLOYMENT_END_DATE": "2018-06-30", "EMPLOYER_NAME": "LAKESHORE TEACHING HOSPITAL", "EMPLOYER_CITY": "DULUTH",
    "EMPLOYER_STATE": "MN", "JOB_TITLE": "RESIDENT PHYSICIAN", "SOC_CODE": "29-1069", "SOC_NAME": "Physicians",
    "NAIC_CODE": "622110", "TOTAL WORKERS": "2", "FULL_TIME_POSITION": "Y", "WAGE_RATE_OF_PAY": "51000.00 - 60,000.00",
    "WAGE_UNIT_OF_PAY": "Year", "H-1B_DEPENDENT": "N", "WORKSITE_CITY": "DULUTH", "WORKSITE_STATE": "MN",
}  # fmt: skip
FY2011: Row = {
    "LCA_CASE_NUMBER": "I-200-11024-000001", "STATUS": "CERTIFIED", "LCA_CASE_SUBMIT": "1/24/2011",
    "DECISION_DATE": "1/31/2011", "VISA_CLASS": "H-1B", "LCA_CASE_EMPLOYMENT_START_DATE": "7/1/2011",
    "LCA_CASE_EMPLOYMENT_END_DATE": "6/30/2014", "LCA_CASE_EMPLOYER_NAME": "LAKESHORE TEACHING HOSPITAL",
    "LCA_CASE_EMPLOYER_CITY": "DULUTH", "LCA_CASE_EMPLOYER_STATE": "MN", "LCA_CASE_SOC_CODE": "29-1069",
    "LCA_CASE_SOC_NAME": "Physicians", "LCA_CASE_JOB_TITLE": "RESIDENT PHYSICIAN", "LCA_CASE_WAGE_RATE_FROM": "51000",
    "LCA_CASE_WAGE_RATE_TO": "60000", "LCA_CASE_WAGE_RATE_UNIT": "Year", "FULL_TIME_POS": "Y", "TOTAL_WORKERS": "2",
    "LCA_CASE_WORKLOC1_CITY": "DULUTH", "LCA_CASE_WORKLOC1_STATE": "MN", "LCA_CASE_NAICS_CODE": "622110",
}  # fmt: skip
_RENAMED = {"LCA_CASE_WORKLOC1_CITY": "WORK_LOCATION_CITY1", "LCA_CASE_WORKLOC1_STATE": "WORK_LOCATION_STATE1"}
FY2010: Row = {
    _RENAMED.get(cell, cell): value for cell, value in FY2011.items() if cell not in ("FULL_TIME_POS", "VISA_CLASS")
}
FY2009: Row = {
    "SUBMITTED_DATE": "2009-01-24", "CASE_NO": "I-09024-0000001", "EMPLOYER_NAME": "LAKESHORE TEACHING HOSPITAL",
    "EMPLOYER_CITY": "DULUTH", "EMPLOYER_STATE": "MN", "NBR_IMMIGRANTS": "2", "BEGIN_DATE": "2009-07-01",
    "END_DATE": "2012-06-30", "JOB_TITLE": "RESIDENT PHYSICIAN", "DOL_DECISION_DATE": "2009-01-25",
    "OCCUPATIONAL_CODE": "070", "OCCUPATIONAL_TITLE": "Physicians", "APPROVAL_STATUS": "Certified", "WAGE_RATE_1": "51000",
    "RATE_PER_1": "Year", "MAX_RATE_1": "60000", "CITY_1": "DULUTH", "STATE_1": "MN",
}  # fmt: skip
FY2008: Row = {cell.removeprefix("EMPLOYER_"): value for cell, value in FY2009.items()}
LCA = {"FY2015": FY2015, "FY2011": FY2011, "FY2010": FY2010, "FY2009": FY2009, "FY2008": FY2008}

PWD_2016: Row = {
    "CASE_NUMBER": "P-100-16001-000001", "CASE_STATUS": "Determination Issued", "SUBMIT_DATE": "2016-01-04",
    "DETERMINATION_DATE": "2016-03-01", "VISA_CLASS": "PERM", "BUSINESS_NAME": "LAKESHORE TEACHING HOSPITAL",
    "EMPLOYER _CITY": "DULUTH", "EMPLOYER _STATE": "MINNESOTA", "EMPLOYER_ POSTAL _CODE": "55802", "NAICS_CODE": "622110",
    "PWD_WAGE_SOURCE": "OES (ACWIA)",
}  # fmt: skip
PWD_2015: Row = {
    "CASE_NUMBER": "P-100-15001-000001", "STATUS": "DETERMINATION ISSUED", "SUBMIT_DATE": "2015-01-04",
    "DETERMINATION_ISSUED": "2015-03-01", "VISA_CLASS": "H-1B", "BUSINESS_NAME": "LAKESHORE TEACHING HOSPITAL",
    "EMPLOYER CITY": "DULUTH", "EMPLOYER STATE": "MN", "EMPLOYER POSTAL CODE": "55802", "NAIC_ID": "622110",
}  # fmt: skip
PWD_2012: Row = {
    "CASE_NUMBER": "P-100-12001-000001", "CASE_STATUS": "Determination Issued", "PW_DETERMINATION_DATE": "3/1/2012",
    "VISA_CLASS": "H-1B", "EMPLYER_LEGAL_BUSINESS_NAME": "LAKESHORE TEACHING HOSPITAL", "EMPLOYER_CITY": "DULUTH",
    "EMPLOYER_STATE": "MN", "EMPLOYER_POSTAL_CODE": "55802", "NAICS_US_CODE": "622110",
}  # fmt: skip
PWD_2010: Row = {
    "PW_DETERM_DATE" if cell == "PW_DETERMINATION_DATE" else cell.replace("EMPLYER", "EMPLOYER"): value
    for cell, value in PWD_2012.items()
    if cell != "VISA_CLASS"
}
PWD = {"FY2016": PWD_2016, "FY2015": PWD_2015, "FY2012": PWD_2012, "FY2010": PWD_2010}


def written(folder: Path, media: str, *rows: Row) -> Path:
    path = folder / f"disclosure.{media}"
    table = [list(rows[0]), *(list(row.values()) for row in rows)]
    if media == "csv":
        with path.open("w", newline="", encoding="utf-8") as handle:
            csv.writer(handle).writerows(table)
        return path
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Disclosure")
        for number, row in enumerate(table):
            sheet.write_row(number, 0, row)
    return path


def load(source: Source, path: Path) -> tuple[str, Parsed, list[dict[str, object]]]:
    """Layout, what was read, and its rows; whatever the file, rows in = rows kept + rows quarantined."""
    probed = probe(path)
    layout = source.recognise(probed)
    assert layout is not None
    parsed = source.read(probed, layout, Hints())
    (table,) = parsed.tables
    rows = to_arrow(parsed.tables[table], table).to_pylist()
    assert parsed.rows_in == parsed.rows_kept + len(parsed.quarantine) == len(rows) + len(parsed.quarantine)
    return layout.name, parsed, rows


@pytest.mark.parametrize("media", ["csv", "xlsx"])
@pytest.mark.parametrize("era", LCA)
def test_applications_of_all_years(tmp_path: Path, era: str, media: str) -> None:
    undated = {cell: "" if "DECISION_DATE" in cell else value for cell, value in LCA[era].items()}
    layout, parsed, (row,) = load(dol_lca.SOURCE, written(tmp_path, media, LCA[era], undated))
    assert layout == f"{era} {media}"
    assert parsed.quarantine[["row", "reason"]].to_numpy().tolist() == [[3, "no decision date"]]
    year = int(era[2:]) if era != "FY2008" else 2009
    expected = {
        "case_status": "Certified", "visa_class": "H-1B", "job_title": "RESIDENT PHYSICIAN", "workers": 2,
        "employer_name": "LAKESHORE TEACHING HOSPITAL", "employer_city": "DULUTH", "employer_state": "MN",
        "soc_title": "Physicians", "worksite_city": "DULUTH", "worksite_state": "MN", "wage_from": 51000.0,
        "wage_to": 60000.0, "wage_unit": "Year", "pw_wage_level": None, "employer_fein": None,
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected
    days = [row[name] for name in ("received_date", "decision_date", "begin_date", "end_date")]
    assert all(isinstance(day, dt.date) for day in days) and days == sorted(days, key=str)
    assert row["naics"] == (None if era in ("FY2009", "FY2008") else "622110")
    assert (
        str(row["disclosure_quarter"]).startswith("FY20") and abs(int(str(row["disclosure_quarter"])[2:6]) - year) <= 1
    )


@pytest.mark.parametrize("media", ["csv", "xlsx"])
@pytest.mark.parametrize("year", PWD)
def test_determinations_of_all_years(tmp_path: Path, year: str, media: str) -> None:
    nameless = {cell: "" if "BUSINESS_NAME" in cell else f"{value} " for cell, value in PWD[year].items()}
    layout, parsed, (row,) = load(dol_pwd.SOURCE, written(tmp_path, media, PWD[year], nameless))
    assert layout == f"before FY2020 {media}"
    assert parsed.quarantine["reason"].tolist() == ["no employer"]
    expected = {
        "case_status": "Determination Issued", "employer_name": "LAKESHORE TEACHING HOSPITAL", "employer_city": "DULUTH",
        "employer_state": "MN", "employer_postal_code": "55802", "naics": "622110", "covered_by_acwia": None,
        "wage_source": "OES (ACWIA)" if year == "FY2016" else None, "determination_date": dt.date(int(year[2:]), 3, 1)
        if year != "FY2010" else dt.date(2012, 3, 1),
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected


def test_a_file_of_now_that_lacks_its_answers_is_none_of_the_years_before(tmp_path: Path) -> None:
    cut = {
        "CASE_NUMBER": "P-1", "CASE_STATUS": "Determination Issued", "DETERMINATION_DATE": "2025-03-03",
        "EMPLOYER_LEGAL_BUSINESS_NAME": "X", "EMPLOYER_CITY": "Y", "EMPLOYER_STATE": "MN", "ACWIA_RESEARCH_ORG": "N",
    }  # fmt: skip
    assert dol_pwd.SOURCE.recognise(probe(written(tmp_path, "csv", cut))) is None


def wrap(row: Row, *cells: str) -> Row:
    return {cell: f'="{value}"' if cell in cells or not cells else value for cell, value in row.items()}


@pytest.mark.parametrize("media", ["csv", "xlsx"])
@pytest.mark.parametrize("cells", [(), ("CASE_NUMBER", "EMPLOYER_NAME", "SOC_CODE", "VISA_CLASS")])
def test_cells_wrapped_as_formulas_are_their_values_and_are_counted(
    tmp_path: Path, media: str, cells: tuple[str, ...]
) -> None:
    quoted = {**FY2015, "JOB_TITLE": 'RESIDENT "PGY-1"'}
    _, _, (plain,) = load(dol_lca.SOURCE, written(tmp_path, media, quoted))
    wrapped = {
        cell: value.replace('"PGY-1"', '""PGY-1""') if value[0] == "=" else value
        for cell, value in wrap(quoted, *cells).items()
    }
    _, parsed, rows = load(dol_lca.SOURCE, written(tmp_path, media, wrapped))
    assert rows == [plain]
    read = 20 if not cells else len(cells)  # of the 21 columns the answer on dependence is not read
    assert parsed.notes == (f'{read} cells unwrapped of ="…"',)


@pytest.mark.parametrize("half", ['="LAKESHORE', '=LAKESHORE"', '="LAKESHORE" & "X"', '="'])
def test_a_cell_wrapped_by_half_never_passes_as_text(tmp_path: Path, half: str) -> None:
    path = written(tmp_path, "csv", FY2015, {**FY2015, "EMPLOYER_NAME": half})
    _, parsed, rows = load(dol_lca.SOURCE, path)
    assert [row["employer_name"] for row in rows] == ["LAKESHORE TEACHING HOSPITAL"]
    assert parsed.quarantine["reason"].tolist() == ['a cell is wrapped as ="…" by half']


def test_a_header_wrapped_as_formulas_is_known(tmp_path: Path) -> None:
    wrapped = {f'="{cell}"': f'="{value}"' for cell, value in FY2011.items()}
    layout, _, (row,) = load(dol_lca.SOURCE, written(tmp_path, "csv", wrapped))
    assert (layout, row["employer_name"]) == ("FY2011 csv", "LAKESHORE TEACHING HOSPITAL")


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("46031.0", dt.date(2026, 1, 9)), ("46031.5", dt.date(2026, 1, 9)), ("46031", dt.date(2026, 1, 9)),
        ("1/9/26", dt.date(2026, 1, 9)), ("09-Jan-2026", dt.date(2026, 1, 9)), ("9-Jan-26", dt.date(2026, 1, 9)),
        ("2026-01-09T00:00:00.000Z", dt.date(2026, 1, 9)), ("2026-01-09 00:00:00+00:00", dt.date(2026, 1, 9)),
        ("1/9/2026 12:00 AM", dt.date(2026, 1, 9)),
    ],
)  # fmt: skip
def test_days_as_programs_save_them(tmp_path: Path, printed: str, day: dt.date) -> None:
    _, _, (row,) = load(dol_lca.SOURCE, written(tmp_path, "csv", {**FY2015, "DECISION_DATE": printed}))
    assert row["decision_date"] == day


@pytest.mark.parametrize(
    ("cell", "printed", "name", "read"),
    [
        ("VISA_CLASS", "Select Visa Classification", "visa_class", None),
        ("EMPLOYER_STATE", "ON", "employer_state", None),
        ("EMPLOYER_STATE", "Quebec", "employer_state", None),
        ("FULL_TIME_POSITION", "Yes", "full_time", True),
        ("EMPLOYER_NAME", "Brigham &amp; Women&#39;s", "employer_name", "Brigham & Women's"),
        ("WAGE_RATE_OF_PAY", "51000", "wage_to", None),
    ],
)
def test_one_strange_value_costs_no_row(tmp_path: Path, cell: str, printed: str, name: str, read: object) -> None:
    _, parsed, rows = load(dol_lca.SOURCE, written(tmp_path, "csv", FY2015, {**FY2015, cell: printed}))
    assert (rows[1][name], len(parsed.quarantine)) == (read, 0)


def test_an_employer_abroad_may_name_any_province(tmp_path: Path) -> None:
    row = {**FY2015, "EMPLOYER_STATE": "BAYERN", "EMPLOYER_COUNTRY": "GERMANY"}
    assert load(dol_lca.SOURCE, written(tmp_path, "csv", row))[2][0]["employer_state"] is None
    with pytest.raises(SourceError, match="unknown state 'BAYERN'"):
        load(dol_lca.SOURCE, written(tmp_path, "csv", {**row, "EMPLOYER_COUNTRY": "UNITED STATES OF AMERICA"}))


def test_the_number_of_the_determination_is_read(tmp_path: Path) -> None:
    row = {**FY2015, "PW_TRACKING_NUMBER": "P-200-14001-000007"}
    assert load(dol_lca.SOURCE, written(tmp_path, "csv", row))[2][0]["pw_case_number"] == "P-200-14001-000007"
