"""IRS business master file: exemptions by EIN, parts by state, absence only where the extract is whole."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.schemas.frames import to_arrow
from pipeline.sources.base import Hints, Parsed, SourceError, no_quarantine
from pipeline.sources.irs import SOURCE, TABLE
from pipeline.sources.probe import probe

FOLDER = Path(__file__).parents[3] / "shared" / "raw" / "irs"
HEADER = (
    "EIN,NAME,ICO,STREET,CITY,STATE,ZIP,GROUP,SUBSECTION,AFFILIATION,CLASSIFICATION,RULING,DEDUCTIBILITY,FOUNDATION,"
    "ACTIVITY,ORGANIZATION,STATUS,TAX_PERIOD,ASSET_CD,INCOME_CD,FILING_REQ_CD,PF_FILING_REQ_CD,ACCT_PD,ASSET_AMT,"
    "INCOME_AMT,REVENUE_AMT,NTEE_CD,SORT_NAME"
)
ROW = (
    "010406704,EXAMPLE HOSPITAL,% JANE ROE,1 MAIN ST,DANFORTH,ME,04424-0217,0000,03,3,1000,198006,1,12,000000000,1,01,"
    "202412,6,6,01,0,12,1000,2000,-3275135,E22,EXAMPLE"
)


def load(folder: Path, content: str) -> Parsed:
    path = folder / "eo_me.csv"
    path.write_bytes(content.encode())
    probed = probe(path)
    layout = SOURCE.recognise(probed)
    assert layout is not None
    parsed = SOURCE.read(probed, layout, Hints())
    assert parsed.rows_in == parsed.rows_kept + len(parsed.quarantine)
    return parsed


def one(parsed: Parsed) -> dict[str, object]:
    (row,) = to_arrow(parsed.tables[TABLE], TABLE).to_pylist()
    return row


def test_a_row_of_the_official_extract(tmp_path: Path) -> None:
    found = one(load(tmp_path, f"{HEADER}\n{ROW}\n"))
    expected = {
        "ein": "010406704", "name": "EXAMPLE HOSPITAL", "sort_name": "EXAMPLE", "city": "DANFORTH", "state": "ME",
        "zip": "04424-0217", "group_exemption": "0000", "subsection": "03", "foundation": "12", "ntee": "E22",
        "revenue": -3275135.0,
    }  # fmt: skip
    assert {column: found[column] for column in expected} == expected
    assert "JANE ROE" not in str(found)


def test_lost_zeros_are_restored_and_blanks_are_null(tmp_path: Path) -> None:
    row = ROW.replace("010406704", "10406704").replace(",0000,03,", ",0,3,").replace("-3275135,E22,EXAMPLE", ",,")
    found = one(load(tmp_path, f"{HEADER},SOURCE_FILE\n{row},eo_me.csv\n"))
    names = ("ein", "group_exemption", "subsection", "revenue", "ntee", "sort_name")
    assert [found[name] for name in names] == ["010406704", "0000", "03", None, None, None]


def test_a_foreign_address_has_no_state(tmp_path: Path) -> None:
    parsed = load(tmp_path, f"{HEADER}\n{ROW}\n{ROW.replace('0104', '0105').replace(',ME,', ',,')}\n")
    assert SOURCE.part_of is not None
    assert SOURCE.part_of(parsed.tables[TABLE]).tolist() == ["state:ME", "state:none"]
    assert [part.name for part in SOURCE.parts(parsed, Hints())] == ["state:ME", "state:none"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (ROW, "a second row for the same EIN"),
        (ROW.replace("010406704", ""), "no EIN"),
        (ROW.replace("010406704", "0104067041"), "no EIN of 9 digits in ein"),
        (ROW.replace("0104", "0105").replace("EXAMPLE HOSPITAL", ""), "no name"),
        (ROW.replace("0104", "0105").replace("-3275135", "lots"), "no number in revenue"),
        (ROW.replace("0104", "0105").replace(",03,3,", ",501c3,3,"), "no subsection of 2 digits in subsection"),
        ("010506704,CUT OFF,% JANE ROE", "3 cells where the header has 28"),
    ],
)
def test_broken_rows_are_quarantined_without_naming_persons(tmp_path: Path, row: str, reason: str) -> None:
    parsed = load(tmp_path, f"{HEADER}\n{ROW}\n{row}\n")
    assert parsed.quarantine[["row", "reason"]].to_numpy().tolist() == [[3, reason]]
    assert not parsed.quarantine["content"].str.contains("JANE").any()


def test_a_new_state_stops_the_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"eo_me.csv, line 2: unknown state 'QC'"):
        load(tmp_path, f"{HEADER}\n{ROW.replace(',ME,', ',QC,')}\n")


def test_a_renamed_column_is_no_known_layout(tmp_path: Path) -> None:
    path = tmp_path / "eo_me.csv"
    path.write_text(f"{HEADER.replace('FOUNDATION', 'FNDNCD')}\n{ROW}\n")
    assert SOURCE.recognise(probe(path)) is None


def test_parts_with_few_organizations_are_partial() -> None:
    table = pd.DataFrame({"state": ["CA"] * 2000 + ["WY"] * 1999 + ["GU"] * 100 + ["AS"] * 3 + [None] * 171})
    found = SOURCE.parts(Parsed({TABLE: table}, no_quarantine(), len(table), len(table)), Hints())
    assert {part.name: (part.rows, part.full) for part in found} == {
        "state:AS": (3, False),
        "state:CA": (2000, True),
        "state:GU": (100, True),
        "state:WY": (1999, False),
        "state:none": (171, False),
    }


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(1, 999_999_999), st.integers(-(10**12), 10**12)), min_size=1, max_size=20))
def test_any_ein_and_revenue_survive(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, int]]) -> None:
    lines = [ROW.replace("010406704", str(ein)).replace("-3275135", str(revenue)) for ein, revenue in rows]
    parsed = load(tmp_path_factory.getbasetemp(), "\n".join([HEADER, *lines]))
    first = dict(reversed([(f"{ein:09}", float(revenue)) for ein, revenue in rows]))
    table = parsed.tables[TABLE]
    assert dict(zip(table["ein"], table["revenue"], strict=True)) == first
    assert parsed.rows_in == len(rows)


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the national files are not beside the project (../shared/raw)")
def test_the_national_excerpt_is_partial_everywhere() -> None:
    (path,) = FOLDER.glob("*.csv")
    probed = probe(path)
    layout = SOURCE.recognise(probed)
    assert layout is not None
    parsed = SOURCE.read(probed, layout, Hints())
    assert (parsed.rows_in, len(parsed.quarantine)) == (14154, 0)
    found = {part.name: part for part in SOURCE.parts(parsed, Hints())}
    assert (found["state:WV"].rows, found["state:none"].rows) == (996, 171)
    assert not [name for name, part in found.items() if part.full]
