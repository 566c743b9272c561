"""IPEDS HD: codes to values, aliases separated, closed institutions kept and marked."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.schemas.frames import to_arrow
from pipeline.sources.base import Hints, Parsed, SourceError
from pipeline.sources.ipeds import SOURCE, TABLE, split_aliases
from pipeline.sources.probe import probe

NATIONAL = Path(__file__).parents[3] / "shared" / "raw" / "ipeds" / "hd2024.csv"
SAMPLE = "UNITID,INSTNM,IALIAS,CITY,STABBR,ZIP,EIN,WEBADDR,SECTOR,ICLEVEL,CONTROL,DEGGRANT,HOSPITAL,MEDICAL,CYACTIVE"
ROW = "166027,Example University,EU|Example U,Cambridge,MA,02138-3800,042103580,www.example.edu/,2,1,2,1,2,1,1"


def load(folder: Path, content: str) -> Parsed:
    path = folder / "hd.csv"
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


def test_the_sample_layout(tmp_path: Path) -> None:
    found = one(load(tmp_path, f"{SAMPLE}\n{ROW}\n"))
    expected = {
        "unitid": "166027", "name": "Example University", "aliases": ["EU", "Example U"], "city": "Cambridge",
        "state": "MA", "zip": "02138-3800", "ein": "042103580", "website": "www.example.edu/", "sector": 2, "control": 2,
        "degree_granting": True, "has_hospital": False, "grants_medical_degree": True, "active": True, "cbsa": None,
        "county": None,
    }  # fmt: skip
    assert {column: found[column] for column in expected} == expected


def test_other_years_have_a_mark_at_the_start_blanks_and_lost_zeros(tmp_path: Path) -> None:
    content = f"\ufeff{SAMPLE},CBSA,COUNTYNM\r\n{ROW},14460,Middlesex County\r\n"
    content = content.replace("042103580", "42103580").replace("EU|Example U", '" "').replace("02138-3800", "2138")
    found = one(load(tmp_path, content))
    assert [found[name] for name in ("ein", "aliases", "zip", "cbsa", "county")] == [
        "042103580", [], "02138", "14460", "Middlesex County",
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["-1", "-2", "-3", ""])
def test_codes_for_no_answer_are_null(tmp_path: Path, code: str) -> None:
    cells = ROW.split(",")
    row = ",".join([*cells[:6], *[code] * 8, *cells[14:]])
    found = one(load(tmp_path, f"{SAMPLE}\n{row}\n"))
    names = ("ein", "website", "sector", "control", "degree_granting", "has_hospital", "grants_medical_degree")
    assert [found[name] for name in names] == [None] * 7


def test_a_closed_institution_is_kept_and_marked(tmp_path: Path) -> None:
    closed = ROW[:-1] + "3"
    assert one(load(tmp_path, f"{SAMPLE}\n{closed}\n"))["active"] is False
    without = one(load(tmp_path, f"{SAMPLE.removesuffix(',CYACTIVE')}\n{ROW[:-2]}\n"))
    assert without["active"] is None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (",MA,", ",ZZ,", "hd.csv, line 2: unknown state 'ZZ'"),
        (",2,1,2,1,2,1,1", ",12,1,2,1,2,1,1", "unknown SECTOR '12'"),
        (",2,1,2,1,2,1,1", ",2,1,4,1,2,1,1", "unknown CONTROL '4'"),
        (",2,1,2,1,2,1,1", ",2,1,2,1,Y,1,1", "unknown answer 'Y'"),
    ],
)
def test_a_new_code_stops_the_file(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        load(tmp_path, f"{SAMPLE}\n{ROW.replace(old, new)}\n")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (ROW.replace("166027", "16602x"), "no unit id of 6 digits in unitid"),
        (ROW.replace("166027", ""), "no unit id"),
        (ROW, "a second row for the same unit id"),
        (ROW.replace("166027", "166028").replace("Example University", ""), "no name"),
        (ROW.replace("166027", "166028").replace("042103580", "04-210"), None),
        (ROW.replace("166027", "166028").replace("042103580", "n/a"), "no EIN of 9 digits in ein"),
        ("166028,Cut off", "2 cells where the header has 15"),
    ],
)
def test_broken_rows_are_quarantined(tmp_path: Path, row: str, reason: str | None) -> None:
    parsed = load(tmp_path, f"{SAMPLE}\n{ROW}\n{row}\n")
    assert parsed.quarantine["reason"].tolist() == ([reason] if reason else [])


@pytest.mark.parametrize("changed", [SAMPLE.replace("INSTNM", "NAME"), SAMPLE.replace(",MEDICAL", "")])
def test_a_renamed_or_missing_column_is_no_known_layout(tmp_path: Path, changed: str) -> None:
    path = tmp_path / "hd.csv"
    path.write_text(f"{changed}\n{ROW}\n")
    assert SOURCE.recognise(probe(path)) is None


ALIASES = [
    ("", "", []),
    ("UAB", "", ["UAB"]),
    ("NSU | NSULA | Northwestern State University |", "", ["NSU", "NSULA", "Northwestern State University"]),
    ("VSU; Valdosta State; V-State", "", ["VSU", "Valdosta State", "V-State"]),
    ("MIT, M.I.T.", "", ["MIT", "M.I.T."]),
    ("UCSF  UC San Francisco  University of California, San Francisco", "San Francisco",
     ["UCSF", "UC San Francisco", "University of California, San Francisco"]),
    ("Rutgers, The State University; Rutgers U; Rutgers, Camden", "Camden",
     ["Rutgers, The State University", "Rutgers U", "Rutgers, Camden"]),
    ("Trinity College, Hartford, Connecticut", "Hartford", ["Trinity College, Hartford, Connecticut"]),
    ("U of P, Pennsylvania, Wharton", "Philadelphia", ["U of P", "Pennsylvania", "Wharton"]),
    ("University of Kansas | KU |Kansas U, KUMC, KU Medical Center", "Lawrence",
     ["University of Kansas", "KU", "Kansas U", "KUMC", "KU Medical Center"]),
    ("Bell Mar Beauty College, Inc.", "Cicero", ["Bell Mar Beauty College, Inc."]),
    ("Academy of Salons, LLC, The Salons", "", ["Academy of Salons, LLC", "The Salons"]),
    ("MECA „  Meca „ Portland School", "", ["MECA", "Meca", "Portland School"]),
    ("UC\nUC Two\tUC Three", "", ["UC", "UC Two", "UC Three"]),
    ("KU|KU|KU", "", ["KU"]),
    (" , ,| ;", "", []),
    ("\x1f", "", []),
    ("KU, -, .", "", ["KU"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "city", "expected"), ALIASES)
def test_aliases(text: str, city: str, expected: list[str]) -> None:
    assert list(split_aliases(text, "Example University-Camden", city)) == expected


@settings(max_examples=60)
@given(st.text(max_size=200), st.text(max_size=10))
def test_aliases_are_never_blank_and_never_twice(text: str, city: str) -> None:
    found = list(split_aliases(text, "Example", city))
    assert all(alias.strip() for alias in found)
    assert len(found) == len(set(found))


def test_a_small_file_is_partial(tmp_path: Path) -> None:
    (part,) = SOURCE.parts(load(tmp_path, f"{SAMPLE}\n{ROW}\n"), Hints())
    assert (part.name, part.rows, part.full) == ("all", 1, False)


@pytest.mark.skipif(not NATIONAL.is_file(), reason="the national files are not beside the project (../shared/raw)")
def test_the_national_file() -> None:
    probed = probe(NATIONAL)
    layout = SOURCE.recognise(probed)
    assert layout is not None
    parsed = SOURCE.read(probed, layout, Hints())
    table = parsed.tables[TABLE]
    assert (len(table), len(parsed.quarantine)) == (6072, 0)
    assert table["control"].value_counts().to_dict() == {3: 2257, 1: 1980, 2: 1813}
    assert (table["has_hospital"].sum(), table["grants_medical_degree"].sum(), (~table["active"]).sum()) == (
        92,
        210,
        78,
    )
    assert [part.full for part in SOURCE.parts(parsed, Hints())] == [True]
