"""AHRQ Compendium: health systems and the linkage of hospitals."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline.schemas.frames import to_arrow
from pipeline.sources import ahrq
from pipeline.sources.base import Hints, Parsed, SourceError
from pipeline.sources.probe import probe

REAL = Path(__file__).parents[3] / "shared" / "raw" / "cms"
SYSTEMS = (
    "health_sys_id,health_sys_name,health_sys_city,health_sys_state,sys_res,maj_inv_owned,deg_children,sys_teachint"
)
HOSPITALS = (
    "compendium_hospital_id,ccn,hospital_name,hospital_street,hospital_city,hospital_state,hospital_zip,acutehosp_flag,"
    "health_sys_id,health_sys_name,health_sys_city,health_sys_state"
)
SYSTEM = "HSI00000008,Adena Health System,Chillicothe,OH,45.79,0,0,1"
HOSPITAL = "CHSP1,010018,Callahan Eye  Hosp,1 Main St,Birmingham,AL,35233,0,HSI1,UAB Health System,Birmingham,AL"


def read(tmp_path: Path, *lines: str) -> Parsed:
    path = tmp_path / "ahrq.csv"
    path.write_text("\n".join(lines) + "\n")
    seen = probe(path)
    layout = ahrq.SOURCE.recognise(seen)
    assert layout is not None
    parsed = ahrq.SOURCE.read(seen, layout, Hints())
    for name, table in parsed.tables.items():
        to_arrow(table, name)
    return parsed


def test_reads_systems(tmp_path: Path) -> None:
    parsed = read(tmp_path, SYSTEMS, SYSTEM, "HSI2,No Figures Health,Troy,MI,,,,", "HSI3,For Profit,Troy,MI,0,1,0,2")
    first, second, third = parsed.tables["ahrq_health_systems"].to_dict("records")
    assert first == {
        "health_system_id": "HSI00000008",
        "name": "Adena Health System",
        "city": "Chillicothe",
        "state": "OH",
        "teaching_intensity": 1,
        "majority_investor_owned": False,
        "residents": 45.79,
    }
    assert all(pd.isna(second[name]) for name in ("teaching_intensity", "majority_investor_owned", "residents"))
    assert third["majority_investor_owned"]
    assert [part.name for part in ahrq.SOURCE.parts(parsed, Hints())] == ["health_systems"]


def test_reads_hospitals(tmp_path: Path) -> None:
    parsed = read(
        tmp_path,
        HOSPITALS,
        HOSPITAL,
        "CHSP2,,Alone,1 Main St,Adams,MA,1220,1,,,,",
        "CHSP3,1022F,VA,1 Main St,Tuskegee,AL,36083,0,,,,",
    )
    first, second, third = parsed.tables["ahrq_hospitals"].to_dict("records")
    assert first == {
        "compendium_hospital_id": "CHSP1",
        "ccn": "010018",
        "name": "Callahan Eye Hosp",
        "city": "Birmingham",
        "state": "AL",
        "zip": "35233",
        "health_system_id": "HSI1",
        "health_system_name": "UAB Health System",
    }
    assert (second["zip"], pd.isna(second["ccn"]), pd.isna(second["health_system_id"])) == ("01220", True, True)
    assert third["ccn"] == "01022F"
    assert [part.name for part in ahrq.SOURCE.parts(parsed, Hints())] == ["hospitals"]


@pytest.mark.parametrize(
    ("header", "good", "bad", "reason"),
    [
        (SYSTEMS, SYSTEM, SYSTEM, "a second row for the same health system"),
        (SYSTEMS, SYSTEM, "HSI2,Some Health,Troy,MI,-3,0,0,1", "negative amount in residents"),
        (SYSTEMS, SYSTEM, "HSI2,Some Health,Troy,MI,many,0,0,1", "no number in residents"),
        (SYSTEMS, SYSTEM, ",Some Health,Troy,MI,1,0,0,1", "no health_sys_id"),
        (SYSTEMS, SYSTEM, "HSI2,,Troy,MI,1,0,0,1", "no name"),
        (HOSPITALS, HOSPITAL, HOSPITAL, "a second row for the same hospital"),
        (
            HOSPITALS,
            HOSPITAL,
            HOSPITAL.replace("CHSP1", "CHSP2").replace("010018", "01"),
            "no CMS certification number of six characters",
        ),
        (HOSPITALS, HOSPITAL, HOSPITAL.replace("CHSP1", "CHSP2").replace("35233", "?"), "no ZIP code in zip"),
        (HOSPITALS, HOSPITAL, HOSPITAL.replace("CHSP1", ""), "no compendium_hospital_id"),
    ],
)
def test_bad_rows_are_quarantined(tmp_path: Path, header: str, good: str, bad: str, reason: str) -> None:
    parsed = read(tmp_path, header, good, bad)
    assert (parsed.rows_in, parsed.rows_kept) == (2, 1)
    assert parsed.quarantine[["row", "reason"]].to_numpy().tolist() == [[3, reason]]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((SYSTEMS, SYSTEM.replace("OH", "XX")), "line 2: unknown state 'XX'"),
        ((SYSTEMS, SYSTEM[:-1] + "3"), "line 2: unknown teaching intensity '3'"),
        ((SYSTEMS, SYSTEM.replace(",0,0,1", ",2,0,1")), "line 2: unknown value of maj_inv_owned '2'"),
        ((HOSPITALS, HOSPITAL.replace(",AL,35233", ",Alabama,35233")), "line 2: unknown state 'ALABAMA'"),
        ((SYSTEMS,), "no row below it"),
    ],
)
def test_says_what_is_wrong(tmp_path: Path, lines: tuple[str, ...], words: str) -> None:
    with pytest.raises(SourceError, match=r"ahrq\.csv") as caught:
        read(tmp_path, *lines)
    assert words in str(caught.value)


@pytest.mark.skipif(not REAL.exists(), reason="needs ../shared/raw/cms")
@pytest.mark.parametrize(
    ("name", "rows"), [("ahrq_chsp-compendium-2018.csv", 637), ("ahrq_chsp-hospital-linkage-2018.csv", 6742)]
)
def test_real_files(name: str, rows: int) -> None:
    seen = probe(REAL / name)
    layout = ahrq.SOURCE.recognise(seen)
    assert layout is not None
    parsed = ahrq.SOURCE.read(seen, layout, Hints())
    assert (parsed.rows_in, parsed.rows_kept) == (rows, rows)
