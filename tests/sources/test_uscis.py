"""Six layouts of the Employer Data Hub, one table; nothing lost, nothing guessed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.schemas.frames import to_arrow
from pipeline.sources import uscis
from pipeline.sources.base import Hints, Parsed, SourceError, no_quarantine
from pipeline.sources.probe import probe
from pipeline.sources.uscis import COUNTS, LAYOUTS, SOURCE, TABLE

NATIONAL = Path(__file__).parents[3] / "shared" / "raw" / "uscis"

A = "Fiscal Year,Employer,Initial Approvals,Initial Denials,Continuing Approvals,Continuing Denials,NAICS,Tax ID,State,City,ZIP"
B = A.replace("als", "al").replace("Fiscal", '"Fiscal').replace("Year", 'Year"').replace("Tax ID", '"Tax ID"')
D = (
    "Line by line,Fiscal Year   ,Employer (Petitioner) Name,Tax ID,Industry (NAICS) Code,Petitioner City,Petitioner State,"
    "Petitioner Zip Code,Initial Approval,Initial Denial,Continuing Approval,Continuing Denial"
)
TYPES = (
    "New Employment",
    "Continuation",
    "Change with Same Employer",
    "New Concurrent",
    "Change of Employer",
    "Amended",
)
MEASURES = [f"{kind} {outcome}" for kind in TYPES for outcome in ("Approval", "Denial")]
E = D.partition("Initial Approval")[0] + ",".join(MEASURES)
F = (
    "Employer (Petitioner) Name,Fiscal Year   ,Industry (NAICS) Code,Measure Names,Petitioner City,Petitioner State,"
    "Petitioner Zip Code,Tax ID,Line by line,Measure Values"
)
NUMBERS = [83, 1, 98, 3, 31, 0, 2, 4, 37, 0, 27, 0]
PLACE_E = "ROCHESTER,MN,55905"


def load(folder: Path, content: str | bytes) -> tuple[str, Parsed]:
    path = folder / "file.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    probed = probe(path)
    layout = SOURCE.recognise(probed)
    assert layout is not None
    parsed = SOURCE.read(probed, layout, Hints())
    assert parsed.rows_in == parsed.rows_kept + len(parsed.quarantine)
    to_arrow(parsed.tables[TABLE], TABLE)
    return layout.name, parsed


def one(parsed: Parsed) -> dict[str, object]:
    (row,) = parsed.tables[TABLE].astype("object").where(parsed.tables[TABLE].notna(), None).to_dict("records")
    return {str(name): value for name, value in row.items()}


MAYO = {
    "fiscal_year": 2021, "employer": "MAYO CLINIC", "naics": "61", "tax_id_last4": "0702", "state": "MN",
    "city": "ROCHESTER", "zip": "05905", "initial_approvals": 1204, "initial_denials": 1, "continuing_approvals": 3,
    "continuing_denials": 0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("layout", "content"),
    [
        ("A", f'{A}\n2021,MAYO CLINIC,"1,204",1,3,0,61,702,MN,ROCHESTER,5905\n'),
        ("A", f'{A}\r\n2021, MAYO CLINIC ,"1,204",1,3,0,61,0702,mn,ROCHESTER,05905\r\n'),
        ("B", f'{B}\n2021,"MAYO CLINIC",1204,1,3,0,61,702,MN,ROCHESTER,5905\n'),
        ("C", "\r\n".join(f'"{line}"'.replace(",", '","') for line in (A, "2021,MAYO CLINIC,1204,1,3,0,61,0702,MN,ROCHESTER,05905"))),
        ("D", f'\ufeff{D}\r\n"9,484",2021,MAYO CLINIC,702,61 - Educational Services,ROCHESTER,MN,5905,"1,204",1,3,0\r\n'),
        ("D", f"{D}\r\n1,2021,MAYO CLINIC,702,61,ROCHESTER,MN,5905,1204,1,3,\r\n".replace(",", "\t").encode("utf-16")),
    ],
)  # fmt: skip
def test_layouts_of_four_counts(tmp_path: Path, layout: str, content: str | bytes) -> None:
    name, parsed = load(tmp_path, content)
    assert (name, one(parsed)) == (layout, MAYO)


def test_layout_e_sums_new_and_concurrent_as_initial_and_keeps_the_six_types(tmp_path: Path) -> None:
    row = f"1,2026,MAYO CLINIC,1702,62 - Health Care and Social Assistance,{PLACE_E},{','.join(map(str, NUMBERS))}"
    native = f"{E}\r\n{row}\r\n".replace(",", "\t").encode("utf-16-le")
    for content in (f"{E}\n{row}\n", b"\xff\xfe" + native):
        name, parsed = load(tmp_path, content)
        found = one(parsed)
        assert name == "E"
        assert [found[count] for count in COUNTS] == [85, 5, 193, 3]
        assert [found[f"amended_{outcome}"] for outcome in ("approvals", "denials")] == [27, 0]
        assert (found["naics"], found["tax_id_last4"]) == ("62", "1702")


def long_form(rows: list[tuple[str, str, list[int]]], measures: list[str] = MEASURES) -> str:
    """Layout F of rows (employer, line number, counts), ordered by measure as the hub does."""
    lines = [F]
    for place, measure in enumerate(measures):
        lines += [f"{name},2026,61,{measure},{PLACE_E},1702,{number},{counts[place]}" for name, number, counts in rows]
    return "\n".join(lines) + "\n"


def test_layout_f_is_layout_e_turned_round(tmp_path: Path) -> None:
    rows = [("MAYO CLINIC", "1", NUMBERS), ("MAYO CLINIC", "2", [1] + [0] * 11), ("", "3", [0] * 12)]
    name, parsed = load(tmp_path, long_form(rows))
    table = parsed.tables[TABLE].sort_values("initial_approvals", ascending=False)
    assert (name, parsed.rows_in, parsed.rows_kept, len(table)) == ("F", 36, 36, 3)
    assert table[list(COUNTS)].to_numpy().tolist() == [[85, 5, 193, 3], [1, 0, 0, 0], [0, 0, 0, 0]]
    assert table["employer"].isna().tolist() == [False, False, True]


def test_layout_f_with_four_measures_and_rows_without_line_numbers(tmp_path: Path) -> None:
    rows = [("MAYO CLINIC", "", [5, 0, 7, 0]), ("MAYO CLINIC", "", [1, 2, 3, 4])]
    content = long_form(rows, ["Initial Approval", "Initial Denial", "Continuing Approval", "Continuing Denial"])
    table = load(tmp_path, content)[1].tables[TABLE]
    assert sorted(table[list(COUNTS)].to_numpy().tolist()) == [[1, 2, 3, 4], [5, 0, 7, 0]]


def test_layout_f_with_a_line_missing_sets_its_row_aside(tmp_path: Path) -> None:
    rows = [("MAYO CLINIC", "1", NUMBERS), ("ACME", "2", NUMBERS)]
    lines = long_form(rows).splitlines()
    _, parsed = load(tmp_path, "\n".join(lines[:-1]))
    assert parsed.tables[TABLE]["employer"].tolist() == ["MAYO CLINIC"]
    assert set(parsed.quarantine["reason"]) == {"its row lacks some of the measures"}
    _, parsed = load(tmp_path, "\n".join(lines).replace(",1702,2,83", ",1702,2,-83"))
    assert parsed.tables[TABLE]["employer"].tolist() == ["MAYO CLINIC"]
    assert sorted(set(parsed.quarantine["reason"])) == [
        "another line of its row can't be read",
        "negative count in value",
    ]


def test_layout_f_that_leaves_zeros_out(tmp_path: Path) -> None:
    lines = [
        line
        for line in long_form([("MAYO CLINIC", "1", NUMBERS), ("ACME", "2", [1] * 12)]).splitlines()
        if line[-2:] != ",0"
    ]
    table = load(tmp_path, "\n".join(lines))[1].tables[TABLE].sort_values("employer")
    assert table[list(COUNTS)].to_numpy().tolist() == [[2, 2, 4, 4], [85, 5, 193, 3]]


def test_layout_f_without_one_of_the_measures_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="measures missing or mixed: amended_denials"):
        load(tmp_path, long_form([("MAYO CLINIC", "1", NUMBERS)], MEASURES[:-1]))
    with pytest.raises(SourceError, match="line 14: unknown measure 'Total'"):
        load(tmp_path, long_form([("MAYO CLINIC", "1", [*NUMBERS, 1])], [*MEASURES, "Total"]))


ROW = "2021,ACME,1,2,3,4,62,0114,MA,BOSTON,02115"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (ROW.replace(",1,2,", ",-1,2,"), "negative count in initial_approvals"),
        (ROW.replace(",1,2,", ",one,2,"), "no whole number in initial_approvals"),
        (ROW.replace("1,2,3,4", ",,,"), "no counts"),
        (ROW.replace("2021", "20x1"), "no whole number in fiscal_year"),
        (ROW.replace("2021", "21"), "no fiscal year"),
        (ROW.replace("2021", ""), "no fiscal year"),
        (ROW.replace("0114", "01141"), "no tax id of 4 digits in tax_id_last4"),
        (ROW.replace("02115", "2"), "no ZIP code in zip"),
        (ROW + ",", "12 cells where the header has 11"),
        ("2021,ACM", "2 cells where the header has 11"),
    ],
)
def test_broken_rows_are_quarantined_with_their_line_and_reason(tmp_path: Path, row: str, reason: str) -> None:
    _, parsed = load(tmp_path, f"{A}\n{ROW}\n{row}\n{ROW}\n")
    assert parsed.quarantine[["row", "reason"]].to_numpy().tolist() == [[3, reason]]
    assert parsed.quarantine["content"].str.contains("ACM").all()
    assert (parsed.rows_in, len(parsed.tables[TABLE])) == (3, 2)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (ROW.replace("MA", "ZZ"), "file.csv, line 2: unknown state 'ZZ'. If it is a misprint, add a row"),
        (ROW.replace(",62,", ",67,"), "file.csv, line 2: unknown NAICS sector '67'"),
        (ROW.replace(",62,", ",Health,"), "file.csv, line 2: unknown NAICS sector 'Health'"),
        ("2021,ACME,-1,2,3,4,62,0114,MA,BOSTON,02115", "none of its 1 rows can be read"),
        ("", "there is a header and no row below it"),
    ],
)
def test_a_change_of_the_source_stops_the_file(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        load(tmp_path, f"{A}\n{row}\n")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "header",
    [
        A.replace("Employer", "Employer Name"),
        A + ",Region",
        A.replace(",ZIP", ""),
        B.replace("Approval", "Approvals", 1),
        D.replace("Line by line,", ""),
        "Industry (NAICS) Code,Definition",
    ],
)
def test_another_header_is_no_known_layout(tmp_path: Path, header: str) -> None:
    path = tmp_path / "h1b_datahubexport-2021.csv"
    path.write_text(f"{header}\n{ROW}\n")
    assert SOURCE.recognise(probe(path)) is None


def test_an_error_page_named_like_a_download_is_no_known_layout(tmp_path: Path) -> None:
    path = tmp_path / "h1b_datahubexport-2021.csv"
    path.write_text(f"<html><body>{A}</body></html>")
    assert SOURCE.recognise(probe(path)) is None


def test_columns_may_stand_in_another_order(tmp_path: Path) -> None:
    names, cells = A.split(","), ROW.split(",")
    name, parsed = load(tmp_path, ",".join(names[::-1]) + "\n" + ",".join(cells[::-1]) + "\n")
    assert (name, one(parsed)["employer"]) == ("A", "ACME")


@pytest.mark.parametrize(
    ("printed", "sector"),
    [("62", "62"), ("31-33 - Manufacturing", "31"), ("44-45 - Retail Trade", "44"), ("99", "99"), ("", None), ("Null", None),
     ("54 - Professional; Scientific", "54"), ("31-33", "31")],
)  # fmt: skip
def test_sectors(tmp_path: Path, printed: str, sector: str | None) -> None:
    assert one(load(tmp_path, f"{A}\n{ROW.replace(',62,', f',{printed},')}\n")[1])["naics"] == sector


@pytest.mark.parametrize(
    ("printed", "employer"), [("", None), ("Null", None), ("NULL", None), ("NULL INC", "NULL INC")]
)
def test_blank_employers_are_null(tmp_path: Path, printed: str, employer: str | None) -> None:
    assert one(load(tmp_path, f"{A}\n{ROW.replace('ACME', printed)}\n")[1])["employer"] == employer


def test_the_placeholder_for_no_state_is_corrected_to_null(tmp_path: Path) -> None:
    assert one(load(tmp_path, f"{A}\n{ROW.replace('MA', 'XX')}\n")[1])["state"] is None


def test_a_year_is_full_with_enough_rows_of_several_sectors(tmp_path: Path) -> None:
    def year(number: int, rows: int, sectors: list[str]) -> pd.DataFrame:
        frame = pd.DataFrame({"naics": (sectors * rows)[:rows]})
        return frame.assign(fiscal_year=number, **dict.fromkeys(COUNTS, 1))

    table = pd.concat([year(2020, 48_000, ["61", "62"]), year(2021, 47_999, ["61", "62"]), year(2022, 60_000, ["52"])])
    parsed = Parsed({TABLE: table}, no_quarantine(), len(table), len(table))
    found = SOURCE.parts(parsed, Hints())
    assert [(part.name, part.rows, part.full) for part in found] == [
        ("FY2020", 48_000, True),
        ("FY2021", 47_999, False),
        ("FY2022", 60_000, False),
    ]
    assert found[1].note == "47,999 rows, and a full year has 48,000 or more"
    assert found[2].note == "NAICS sector 52 only"
    assert SOURCE.part_of is not None
    assert SOURCE.part_of(table).value_counts().to_dict() == {part.name: part.rows for part in found}


COUNT = st.integers(0, 10**9)
NAME = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20)


@settings(max_examples=60)
@given(st.lists(st.tuples(NAME, COUNT, COUNT, COUNT, COUNT, st.booleans()), min_size=1, max_size=20))
def test_any_counts_survive(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int, int, int, int, bool]]
) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(A.split(","))
    for name, *counts, commas in rows:
        printed = [f"{count:,}" if commas else count for count in counts]
        writer.writerow([2021, f"N{name}", *printed, 62, 114, "MA", "BOSTON", 2115])
    _, parsed = load(tmp_path_factory.getbasetemp(), buffer.getvalue())
    table = parsed.tables[TABLE]
    assert table[list(COUNTS)].to_numpy().tolist() == [list(row[1:5]) for row in rows]
    assert table["employer"].tolist() == [f"N{row[0]}" for row in rows]
    assert parsed.rows_in == len(rows)


CELLS = st.sampled_from(["2021", "", "ACME", "-1", "x", "1,2", "62", "MA", "0114", "02115", '"', "9" * 20])


@settings(max_examples=60)
@given(st.lists(st.lists(CELLS, min_size=9, max_size=13), min_size=1, max_size=12))
def test_whatever_the_rows_none_is_lost(tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]) -> None:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([A.split(","), ROW.split(","), *rows])
    filled = [row for row in rows if any(row) or len(row) != 11]
    try:
        _, parsed = load(tmp_path_factory.getbasetemp(), buffer.getvalue())
    except SourceError as error:
        assert "unknown" in str(error)
    else:
        assert parsed.rows_in == len(filled) + 1


@pytest.mark.skipif(not NATIONAL.is_dir(), reason="the national files are not beside the project (../shared/raw)")
@pytest.mark.parametrize(
    ("year", "layout", "rows", "full", "totals"),
    [
        (2014, "A", 56_595, True, (130_616, 202_190)),
        (2015, "C", 48_544, True, (111_846, 176_656)),
        (2016, "A", 53_129, True, (105_092, 252_120)),
        (2018, "A", 55_666, True, (87_889, 247_072)),
        (2019, "A", 59_441, True, (132_967, 256_356)),
        (2020, "B", 55_239, True, (122_894, 303_830)),
        (2021, "B", 60_806, True, (141_194, 333_929)),
        (2022, "B", 59_983, True, (138_381, 327_810)),
        (2023, "B", 33_332, False, (38_315, 138_635)),
    ],
)
def test_national_totals(year: int, layout: str, rows: int, full: bool, totals: tuple[int, int]) -> None:
    probed = probe(NATIONAL / f"h1b_datahubexport-{year}.csv")
    recognised = SOURCE.recognise(probed)
    assert recognised is not None and recognised.name == layout
    parsed = SOURCE.read(probed, recognised, Hints())
    (part,) = SOURCE.parts(parsed, Hints())
    assert (part.name, part.rows, part.full, parsed.rows_in) == (f"FY{year}", rows, full, rows)
    table = parsed.tables[TABLE]
    assert (table["initial_approvals"].sum(), table["continuing_approvals"].sum()) == totals


def test_every_layout_maps_every_count() -> None:
    for layout in LAYOUTS:
        names = set(uscis.COLUMNS[layout.name].values())
        assert {"fiscal_year", "employer", "tax_id_last4", "naics", "state", "city", "zip"} <= names
        assert set(COUNTS) <= names or len(names) >= 20 or {"measure", "value"} <= names


def test_a_fiscal_year_still_to_come_is_quarantined(tmp_path: Path) -> None:
    rows = [f"{year},ACME,1,0,0,0,62,0114,MA,BOSTON,02115" for year in (2026, 2027, 2028)]
    path = tmp_path / "file.csv"
    path.write_text("\n".join([A, *rows, ""]))
    probed = probe(path)
    layout = SOURCE.recognise(probed)
    assert layout is not None
    parsed = SOURCE.read(probed, layout, Hints({"retrieved_on": "2026-11-20"}))
    assert parsed.tables[TABLE]["fiscal_year"].tolist() == [2026, 2027]  # 2027 began in October 2026
    assert parsed.quarantine[["row", "reason"]].to_numpy().tolist() == [[4, "a fiscal year still to come"]]
