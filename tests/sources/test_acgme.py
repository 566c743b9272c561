"""Compiled tables of programs and participating sites."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.schemas.frames import to_arrow
from pipeline.sources.acgme.source import PROGRAM_TABLE, PROGRAM_WORKBOOK, SITE_TABLE
from pipeline.sources.acgme.source import SOURCE as ACGME
from pipeline.sources.base import Hints, Layout, Parsed, SourceError
from pipeline.sources.probe import probe

REAL = Path(__file__).parents[3] / "shared" / "raw" / "acgme"
PROGRAMS = (
    "program_code,program_name,specialty_code,specialty,sponsor_code,sponsor_name,city,state,zip,accreditation_status,"
    "website,list_year"
)
SITES = ",".join(SITE_TABLE.columns)
ROW = "2200531038,Olive View Program,220,Obstetrics and Gynecology,059503,Olive View,Sylmar,CA,91342,Continued Accreditation,http://gme.example.org,2022"


def read(tmp_path: Path, *lines: str, encoding: str = "utf-8") -> Parsed:
    path = tmp_path / "table.csv"
    path.write_bytes("\n".join(lines).encode(encoding) + b"\n")
    seen = probe(path)
    layout = ACGME.recognise(seen)
    assert layout is not None
    parsed = ACGME.read(seen, layout, Hints())
    for name, table in parsed.tables.items():
        to_arrow(table, name)
    return parsed


def test_reads_a_program(tmp_path: Path) -> None:
    parsed = read(tmp_path, PROGRAMS, ROW)
    assert parsed.tables["acgme_programs"].iloc[0].to_dict() == {
        "program_code": "2200531038",
        "program_name": "Olive View Program",
        "specialty_code": "220",
        "specialty": "Obstetrics and Gynecology",
        "sponsor_code": "059503",
        "sponsor_name": "Olive View",
        "city": "Sylmar",
        "state": "CA",
        "zip": "91342",
        "accreditation_status": "Continued Accreditation",
        "website": "http://gme.example.org",
        "list_year": 2022,
    }
    assert parsed.tables["acgme_sponsors"].to_dict("records") == [
        {"program_code": "2200531038", "sponsor_code": "059503", "sponsor_name": "Olive View", "list_year": 2022}
    ]
    (part,) = ACGME.parts(parsed, Hints())
    assert (part.name, part.rows, part.full) == ("program_table", 1, False)
    assert part.note.startswith("1 programs of 1 specialties, 35 core specialties not among them")


@pytest.mark.parametrize(
    ("cells", "column", "value"),
    [
        ("0400500027,A  B  Program ,040,,,,Moreno Valley,ca,,,,2018", "program_name", "A B Program"),
        ("0400500027,A Program,040,,,St John''s Hospital,Reno,NV,,,,2018", "sponsor_name", "St John's Hospital"),
        ("0400500027,A Program,040,,,,Moreno Valley,ca,,,,2018", "state", "CA"),
        ("0400500027,A Program,040,,,,Moreno Valley,CA,,,,2018", "specialty", None),
        ("0400500027,A Program,,,,,Moreno Valley,CA,,,,2018", "specialty_code", "040"),
        ("0400500027,A Program,040,,05a276,,Moreno Valley,CA,,,,2018", "sponsor_code", "05A276"),
        ("0400500027,A Program,040,,,,Boston,MA,2114,,,2018", "zip", "02114"),
        ("0400500027,A Program,040,,,,Boston,MA,,continued  accreditation,,2018", "accreditation_status",
         "Continued Accreditation"),
        ("0400500027,A Program,040,,,,Boston,MA,,Continued Accreditation (Continued Pre-Accreditation),,2018",
         "accreditation_status", "Continued Accreditation"),
        ("0400500027,A Program,040,,,,Boston,MA,,,javascript:alert(1),2018", "website", None),
        ("0400500027,A Program,040,,,,Boston,MA,,,,", "list_year", None),
        ("0400500027,A Program,040,,,,Boston,MA,,,,2024-2025", "list_year", 2024),
        ("0400500027,A Program,040,,,,Boston,MA,,,,AY 2024-25", "list_year", 2024),
        ("400500027,A Program,40,,,,Boston,MA,,,,2018", "program_code", "0400500027"),
        ("1400500027.0,A Program,140,,,,Boston,MA,,,,2018", "program_code", "1400500027"),
        ("140-05-00-027,A Program,140,,,,Boston,MA,,,,2018", "program_code", "1400500027"),
        ("[1400500027],A Program,140,,,,Boston,MA,,,,2018", "program_code", "1400500027"),
        ("1400500027C0,A Program,140,,,,Boston,MA,,,,2018", "program_code", "1400500027"),
        ("m400500027,A Program,,,,,Boston,MA,,,,2018", "program_code", "M400500027"),
        ("0400500027,A Program,040,,10498,A Sponsor,Boston,MA,,,,2018", "sponsor_code", "010498"),
        ("0400500027,A Program,040,,,[010498] A Sponsor,Boston,MA,,,,2018", "sponsor_code", "010498"),
        ("0400500027,A Program,040,,,[010498] A Sponsor,Boston,MA,,,,2018", "sponsor_name", "A Sponsor"),
        ('0400500027,A Program,040,,,,"Boston, MA 02118",,,,,2018', "city", "Boston"),
        ('0400500027,A Program,040,,,,"Boston, MA 02118",,,,,2018', "state", "MA"),
        ("0400500027,A Program,040,,,,Boston,Massachusetts,,,,2018", "state", "MA"),
        ("0400500027,A Program,040,,,nan,Boston,MA,,,,2018", "sponsor_name", None),
        ("0400500027,A Program,040,,N/A,A Sponsor,Boston,MA,,,,2018", "sponsor_code", None),
        ("0400500027,A Program,040,,,,None,MA,-,--,,2018", "city", None),
        ("0400500027,A Program,040,,,,Boston,MA,,Probation,,2018", "accreditation_status", "Probationary Accreditation"),
    ],
)  # fmt: skip
def test_cells_are_made_tidy(tmp_path: Path, cells: str, column: str, value: str | int | None) -> None:
    found = read(tmp_path, PROGRAMS, cells).tables["acgme_programs"].iloc[0][column]
    assert pd.isna(found) if value is None else found == value


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (
            "40500027,A Program,040,,,,Moreno Valley,CA,,,,2018",
            "specialty code is not the beginning of the program code",
        ),
        ("40500027,A Program,405,,,,Moreno Valley,CA,,,,2018", "program code is not ten digits, nor M and nine"),
        (
            "1400500027,A Program,040,,,,Moreno Valley,CA,,,,2018",
            "specialty code is not the beginning of the program code",
        ),
        ("0400500027,,040,,,,Moreno Valley,CA,,,,2018", "no program name"),
        ("0400500027,NaN,040,,,,Moreno Valley,CA,,,,2018", "no program name"),
        ("0400500027,A Program,040,,5276,,Moreno Valley,CA,,,,2018", "sponsor_code is no ACGME institution code"),
        ("0400500027,A Program,040,,,,Moreno Valley,CA,12,,,2018", "no ZIP code in zip"),
        ("0400500027,A Program,040,,,,Moreno Valley,CA,,,,-2018", "negative count in list_year"),
        ("0400500027,A Program,040,,,,Moreno Valley,CA,,,,218", "list_year is no year of four digits"),
        ("0400500027,A Program,040,,,,Moreno Valley,QQ,,,,2018", "unknown state"),
        ("0400500027,A Program,040,,,,Moreno Valley,CA,,On fire,,2018", "unknown accreditation status"),
        (ROW, "a second row for the same program"),
        ("0400500027,A Program,040", "3 cells where the header has 12"),
    ],
)
def test_a_bad_row_is_quarantined_and_the_others_kept(tmp_path: Path, bad: str, reason: str) -> None:
    parsed = read(tmp_path, PROGRAMS, ROW, bad)
    assert (parsed.rows_in, parsed.rows_kept) == (2, 1)
    assert parsed.quarantine["row"].tolist() == [3]
    assert reason in parsed.quarantine["reason"].iloc[0]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((PROGRAMS, ROW.replace(",CA,", ",Sylmar,")), "line 2: unknown state 'Sylmar'"),
        (
            (PROGRAMS, ROW.replace("Continued Accreditation", "On fire")),
            "line 2: unknown accreditation status 'On fire'",
        ),
        ((PROGRAMS,), "no row below it"),
        ((PROGRAMS, ROW.replace("2200531038", "22")), "none of its 1 rows can be read"),
    ],
)
def test_says_what_is_wrong(tmp_path: Path, lines: tuple[str, ...], words: str) -> None:
    with pytest.raises(SourceError, match=r"table\.csv") as caught:
        read(tmp_path, *lines)
    assert words in str(caught.value)


OTHER_HEADERS = {
    "a title's case": ("Program Code,Program Name,Specialty,Sponsor Name,City,State", "1403400002,Three Crosses Program,Internal Medicine,Three Crosses,Las Cruces,NM"),
    "a directory's words": ("ACGME ID,Program,Specialty,Sponsoring Institution,Location", '1403400002,Three Crosses Program,Internal Medicine,Three Crosses,"Las Cruces, NM"'),
    "a person's own columns between": ("#,Program ID,Applied?,Name of Program,Specialty,Institution,City,State,Status", "1,1403400002,yes,Three Crosses Program,Internal Medicine,Three Crosses,Las Cruces,NM,waiting"),
    "tabs": ("ACGME Code\tProgram Title\tSpecialty\tSponsor\tCity\tState", "1403400002\tThree Crosses Program\tInternal Medicine\tThree Crosses\tLas Cruces\tNM"),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHER_HEADERS)
def test_a_table_is_read_under_the_headers_that_people_give(tmp_path: Path, case: str) -> None:
    parsed = read(tmp_path, *OTHER_HEADERS[case])
    columns = ["program_code", "program_name", "specialty", "sponsor_name", "city", "state"]
    (row,) = parsed.tables["acgme_programs"][columns].to_numpy().tolist()
    assert row == ["1403400002", "Three Crosses Program", "Internal Medicine", "Three Crosses", "Las Cruces", "NM"]
    assert parsed.tables["acgme_programs"]["accreditation_status"].isna().all()


def test_it_is_said_which_columns_went_by_other_names(tmp_path: Path) -> None:
    parsed = read(tmp_path, *OTHER_HEADERS["a directory's words"])
    assert parsed.notes == (
        "read 'ACGME ID' as program_code, 'Program' as program_name, 'Sponsoring Institution' as sponsor_name, 'Location' as city",
    )
    assert read(tmp_path, PROGRAMS, ROW).notes == ()


def test_a_list_of_codes_and_sponsors_alone_names_programs_by_their_sponsors(tmp_path: Path) -> None:
    programs = read(tmp_path, "ACGME ID,Institution,City,State", "1403400002,Three Crosses,Las Cruces,NM").tables[
        "acgme_programs"
    ]
    assert programs["program_name"].tolist() == programs["sponsor_name"].tolist() == ["Three Crosses"]


@pytest.mark.parametrize(
    "header",
    [
        "program_code,program_name,specialty,institution,sponsor_tier,visa_category",  # a list that was released
        "Table,Sponsoring Institution,SNHAF,City,Specialty,Program Code",  # NRMP's codes
        "program_code,date,how,j1,h1b,step3,note",
        "code,name",
    ],
)
def test_other_tables_are_no_lists_of_programs(tmp_path: Path, header: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text(f"{header}\n1,2\n", "utf-8")
    assert ACGME.recognise(probe(path)) is None


def test_a_workbook_is_read_as_a_table_is(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "list.xlsx") as book:
        sheet = book.add_worksheet()
        for number, line in enumerate((PROGRAMS, ROW, ROW.replace("2200", "2210"))):
            sheet.write_row(number, 0, line.split(","))
    seen = probe(tmp_path / "list.xlsx")
    layout = ACGME.recognise(seen)
    assert layout == PROGRAM_WORKBOOK
    parsed = ACGME.read(seen, PROGRAM_WORKBOOK, Hints())
    assert ACGME.parts(parsed, Hints())[0].name == "program_table"
    assert parsed.tables["acgme_programs"]["program_code"].tolist() == ["2200531038"]
    assert parsed.quarantine["reason"].tolist() == ["specialty code is not the beginning of the program code"]


def test_further_known_columns_are_read_and_order_does_not_matter(tmp_path: Path) -> None:
    parsed = read(tmp_path, f"positions_filled,{PROGRAMS},effective_date", f'"1,016",{ROW},2024-07-01')
    row = parsed.tables["acgme_programs"].iloc[0]
    assert row["positions_filled"] == 1016
    assert row["effective_date"] == pd.Timestamp("2024-07-01")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_does_not_matter(tmp_path: Path, encoding: str) -> None:
    assert read(tmp_path, PROGRAMS, ROW.replace("Olive", "Ölive"), encoding=encoding).rows_kept == 1


def test_a_table_that_a_spreadsheet_saved_in_windows_1252_is_read(tmp_path: Path) -> None:
    parsed = read(tmp_path, PROGRAMS, ROW.replace("Olive View,", "Women’s Hospital,"), encoding="windows-1252")
    assert parsed.tables["acgme_programs"]["sponsor_name"].tolist() == ["Women’s Hospital"]
    assert parsed.notes == ("read as windows-1252",)


def test_reads_sites(tmp_path: Path) -> None:
    parsed = read(
        tmp_path,
        SITES,
        "2200500334,059511,05a276,Planned  Parenthood ",
        "2200500334,,059514,HCA Healthcare Riverside",
        "2200500334,059511,059514,The same again",
        "2200500334,059511,59514,A code without its zero",
        "22005,059511,059515,A program code cut off",
        "2200500334,059511,059516,",
    )
    assert parsed.tables["acgme_participating_sites"][["site_code", "site_name"]].to_numpy().tolist() == [
        ["05A276", "Planned Parenthood"],
        ["059514", "HCA Healthcare Riverside"],
    ]
    assert parsed.quarantine["reason"].tolist() == [
        "a second row for the same site of a program",
        "site_code is no ACGME institution code",
        "program code is not ten digits, nor M and nine",
        "no site name",
    ]
    assert ACGME.parts(parsed, Hints())[0].name == "site_table"


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cells=st.lists(
        st.lists(st.text(alphabet="ab12 /\"'-,é", max_size=12), min_size=12, max_size=12), min_size=1, max_size=6
    )
)
def test_every_row_is_kept_or_quarantined(tmp_path: Path, cells: list[list[str]]) -> None:
    quoted = [",".join('"{}"'.format(cell.replace('"', '""')) for cell in row) for row in cells]
    try:
        parsed = read(tmp_path, PROGRAMS, ROW, *quoted)
    except SourceError as error:
        assert "table.csv" in str(error)
    else:
        # Rows without any cell are no records.
        assert parsed.rows_in == 1 + sum(any(cell.strip() for cell in row) for row in cells)
        assert parsed.rows_in == parsed.rows_kept + len(parsed.quarantine)


@pytest.mark.skipif(not REAL.exists(), reason="needs ../shared/raw/acgme")
@pytest.mark.parametrize(
    ("name", "layout", "rows"),
    [
        ("acgme_programs.csv", PROGRAM_TABLE, 4728),
        ("acgme_participating_sites.csv", SITE_TABLE, 1208),
        ("acgme_specialty_codes.csv", None, 0),
    ],
)
def test_real_tables(name: str, layout: Layout | None, rows: int) -> None:
    seen = probe(REAL / name)
    assert ACGME.recognise(seen) == layout
    if layout is not None:
        parsed = ACGME.read(seen, layout, Hints())
        assert (parsed.rows_in, parsed.rows_kept) == (rows, rows)
