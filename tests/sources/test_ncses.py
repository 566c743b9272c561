"""NCSES: obligations to nonprofits, federally funded centers, R&D expenditures of universities."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.schemas.frames import to_arrow
from pipeline.sources import ncses
from pipeline.sources.base import Hints, Parsed, SourceError
from pipeline.sources.probe import probe

REAL = Path(__file__).parents[3] / "shared" / "raw" / "ncses"
_O, _F, _H = (f"_b_{what}_b_" for what in ("state_outlying_area_and_institution", "ffrdc", "institution"))
OBLIGATIONS = f"table_id,row_id,{_O}full_path,{_O}level_1,{_O}level_2,{_O}level_3,{_O}hierarchy_depth,field_all_agencies,field_hhs"
FFRDC = f"table_id,row_id,{_F}level_1,{_F}level_2,{_F}level_3,{_F}hierarchy_depth,field_all_r_d_expenditures"
HERD = (
    f"table_id,row_id,{_H}level_1,{_H}level_2,{_H}hierarchy_depth,field_rank,"
    "field_total_2022,field_total_2023,field_federally_financed_2022,field_federally_financed_2023"
)


def obligations(*rows: tuple[str, str, str], total: str, table: str = "11246") -> list[str]:
    lines = [OBLIGATIONS, f"{table},r001,All,All,,,1,{total},0"]
    for state, institution, amount in rows:
        depth = 3 if institution else 2
        lines.append(f'{table},r002,All,All,{state},"{institution}",{depth},"{amount}",0')
    return lines


GOOD = obligations(
    ("Alabama", "", "30.1"),
    ("Alabama", "HudsonAlpha Institute for Biotechnology ", "20"),
    ("Alabama", "Southern Research<sup>a</sup> Institute", "10.1"),
    ("Puerto Rico", "", "5"),
    ("Puerto Rico", "Caribbean Trust", "5"),
    total="35.1",
)
CENTERS = [
    FFRDC,
    "11316,r001,All FFRDCs,,,1,\"['1,120', ' ']\"",
    "11316,r002,All FFRDCs,University-administered FFRDCs,,2,\"['1,100', ' ']\"",
    "11316,r003,All FFRDCs,University-administered FFRDCs,Ames &amp; Iowa Laboratory<sup>a</sup>,3,\"['1,100', '']\"",
    "11316,r004,All FFRDCs,Industry-administered FFRDCs,,2,\"['20', ' ']\"",
    "11316,r005,All FFRDCs,Industry-administered FFRDCs,Sandia National Laboratories,3,\"['20', '']\"",
]
UNIVERSITIES = [
    HERD,
    "12654,r001,All institutions,,1,-,\"['1,110', '']\",\"['1,200', '']\",\"['500', '']\",\"['600', '']\"",
    "12654,r002,All institutions,Johns Hopkins U.<sup>a</sup>,2,1,\"['1,000', '']\",\"['1,100', 'i']\",\"['500', '']\",\"['590', '']\"",
    "12654,r003,All institutions,Texas A&amp;M U.,2,2,\"['ne', '']\",\"['100', '&nbsp;']\",\"['ne', '']\",\"['10', '']\"",
    "12654,r004,All institutions,All other surveyed institutions,2,-,\"['110', '']\",\"['0', '']\",\"['0', '']\",\"['0', '']\"",
]


def read(tmp_path: Path, lines: list[str], **hints: str) -> Parsed:
    path = tmp_path / "ncses.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    seen = probe(path)
    layout = ncses.SOURCE.recognise(seen)
    assert layout is not None
    parsed = ncses.SOURCE.read(seen, layout, Hints(hints))
    for name, table in parsed.tables.items():
        to_arrow(table, name)
    return parsed


def test_reads_obligations(tmp_path: Path) -> None:
    parsed = read(tmp_path, GOOD)
    assert parsed.tables["ncses_obligations"].to_dict("records") == [
        {
            "institution": "HudsonAlpha Institute for Biotechnology",
            "state": "AL",
            "fiscal_year": 2022,
            "obligations": 20,
        },
        {"institution": "Southern Research Institute", "state": "AL", "fiscal_year": 2022, "obligations": 10.1},
        {"institution": "Caribbean Trust", "state": "PR", "fiscal_year": 2022, "obligations": 5},
    ]
    assert (parsed.rows_in, parsed.rows_kept) == (3, 3), "rows of totals are no institutions"
    assert [part.name for part in ncses.SOURCE.parts(parsed, Hints())] == ["obligations FY2022"]


def test_the_year_of_an_unknown_table_is_what_the_person_says_or_null(tmp_path: Path) -> None:
    lines = [line.replace("11246", "99999") for line in GOOD]
    unknown = read(tmp_path, lines)
    assert unknown.tables["ncses_obligations"]["fiscal_year"].isna().all()
    assert ncses.SOURCE.parts(unknown, Hints())[0].name == "obligations of an unknown year"
    assert set(read(tmp_path, lines, fiscal_year="2023").tables["ncses_obligations"]["fiscal_year"]) == {2023}
    with pytest.raises(SourceError, match="fiscal year 'last' is no year"):
        read(tmp_path, lines, fiscal_year="last")


def test_reads_centers(tmp_path: Path) -> None:
    parsed = read(tmp_path, CENTERS)
    assert parsed.tables["ncses_ffrdcs"].to_dict("records") == [
        {"ffrdc": "Ames & Iowa Laboratory", "administrator_kind": "university", "rd_expenditures": 1100},
        {"ffrdc": "Sandia National Laboratories", "administrator_kind": "industrial firm", "rd_expenditures": 20},
    ]
    assert parsed.rows_in == 2
    assert [part.name for part in ncses.SOURCE.parts(parsed, Hints())] == ["ffrdc"]


def test_expenditures_of_universities_are_no_known_layout(tmp_path: Path) -> None:
    """No rule reads them: every university in that table is exempt by what it is."""
    path = tmp_path / "herd.csv"
    path.write_text("\n".join(UNIVERSITIES))
    assert ncses.SOURCE.recognise(probe(path)) is None


def test_a_negative_amount_is_quarantined(tmp_path: Path) -> None:
    lines = [*GOOD, '11246,r9,All,All,Alabama,"Negative Institute",3,"-5",0']
    parsed = read(tmp_path, lines)
    assert (parsed.rows_in, parsed.rows_kept) == (4, 3)
    assert parsed.quarantine["reason"].tolist() == ["negative amount in obligations"]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (GOOD[:-1], "the institutions of Puerto Rico don't sum up to the total of obligations"),
        (GOOD[:-2], "the institutions don't sum up to the total of obligations"),
        (GOOD[:2], "no institution, only totals"),
        (CENTERS[:-1], "the institutions of Industry-administered FFRDCs don't sum up"),
        (CENTERS[:4], "the institutions don't sum up to the total of rd_expenditures"),
        ([line.replace("Puerto Rico", "Gondor") for line in GOOD], "unknown state 'Gondor'"),
        (
            [line.replace("Industry-", "Guild-") for line in CENTERS],
            "unknown kind of administrator 'Guild-administered FFRDCs'",
        ),
        ([line.replace("'20'", "'lots'") for line in CENTERS], "line 5: unknown figure in rd_expenditures"),
        ([line.replace(",3,", ",4,") for line in CENTERS], "unknown hierarchy depth '4'"),
    ],
)
def test_says_what_is_wrong(tmp_path: Path, lines: list[str], words: str) -> None:
    with pytest.raises(SourceError, match=r"ncses\.csv") as caught:
        read(tmp_path, lines)
    assert words in str(caught.value)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=8))
def test_figures_are_read_as_printed(tmp_path: Path, amounts: list[int]) -> None:
    rows = [("Alaska", f"Institute {number}", f"{amount:,}") for number, amount in enumerate(amounts)]
    whole = f'"{sum(amounts):,}"'
    lines = obligations(("Alaska", "", f"{sum(amounts):,}"), *rows, total=whole)
    assert read(tmp_path, lines).tables["ncses_obligations"]["obligations"].tolist() == amounts


@pytest.mark.skipif(not REAL.exists(), reason="needs ../shared/raw/ncses")
@pytest.mark.parametrize(
    ("name", "table", "rows", "part"),
    [
        *(
            (
                f"ncses_fed_SE_obligations_nonprofits_FY{year}.csv",
                "ncses_obligations",
                rows,
                f"obligations FY{year}",
            )
            for year, rows in ((2019, 931), (2020, 860), (2021, 982), (2022, 1001))
        ),
        ("ncses_ffrdc_rd_expenditures_FY2023.csv", "ncses_ffrdcs", 42, "ffrdc"),
    ],
)
def test_real_files(name: str, table: str, rows: int, part: str) -> None:
    seen = probe(REAL / name)
    layout = ncses.SOURCE.recognise(seen)
    assert layout is not None
    parsed = ncses.SOURCE.read(seen, layout, Hints())
    assert (parsed.rows_in, parsed.rows_kept, len(parsed.tables[table])) == (rows, rows, rows)
    assert [found.name for found in ncses.SOURCE.parts(parsed, Hints())] == [part]
    texts = pd.concat(
        [parsed.tables[table][column] for column in ("institution", "ffrdc") if column in parsed.tables[table]]
    )
    assert not texts.str.contains(r"<|&[a-z]+;|  ", regex=True).any()
