"""CMS Provider of Services: hospitals only, medical-school affiliation and residency switches, both spellings of the header."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.schemas.frames import to_arrow
from pipeline.sources.base import Hints, Parsed, SourceError
from pipeline.sources.catalogue import SOURCES
from pipeline.sources.cms_provider_of_services import AFFILIATION, CONTROL, FULL_ROWS, SOURCE, TABLE
from pipeline.sources.probe import probe

HOSPITAL = {
    "PRVDR_CTGRY_SBTYP_CD": "01", "PRVDR_CTGRY_CD": "01", "CITY_NAME": "BOSTON", "FAC_NAME": "EXAMPLE HOSPITAL",
    "PRVDR_NUM": "220071", "STATE_CD": "MA", "ZIP_CD": "02114", "PGM_TRMNTN_CD": "00", "GNRL_CNTL_TYPE_CD": "02",
    "RSDNT_PGM_ALPTHC_SW": "Y", "RSDNT_PGM_DNTL_SW": "N", "RSDNT_PGM_OSTPTHC_SW": "N", "RSDNT_PGM_OTHR_SW": "",
    "RSDNT_PHYSN_CNT": "812.00", "MDCL_SCHL_AFLTN_CD": "1", "PHNE_NUM": "6175550100",
}  # fmt: skip
CLINIC = {**HOSPITAL, "PRVDR_CTGRY_CD": "12", "PRVDR_NUM": "223801", "FAC_NAME": "EXAMPLE RURAL CLINIC"}


def write(path: Path, *rows: dict[str, str]) -> Path:
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    path.write_text("\n".join(lines) + "\n")
    return path


def load(path: Path) -> tuple[str, Parsed]:
    probed = probe(path)
    layout = SOURCE.recognise(probed)
    assert layout is not None
    parsed = SOURCE.read(probed, layout, Hints())
    assert parsed.rows_in == parsed.rows_kept + len(parsed.quarantine)
    return layout.name, parsed


def one(parsed: Parsed) -> dict[str, object]:
    (row,) = to_arrow(parsed.tables[TABLE], TABLE).to_pylist()
    return row


@pytest.mark.parametrize(("layout", "case"), [("capitals", str.upper), ("small letters", str.lower)])
def test_both_spellings_of_the_header(tmp_path: Path, layout: str, case) -> None:
    rows = [{case(cell): value for cell, value in row.items()} for row in (HOSPITAL, CLINIC)]
    name, parsed = load(write(tmp_path / "pos.csv", *rows))
    assert (name, parsed.rows_in) == (layout, 1)
    row = one(parsed)
    assert row.pop("snapshot_id") is None
    assert row == {
        "facility_id": "220071", "name": "EXAMPLE HOSPITAL", "city": "BOSTON", "state": "MA", "zip": "02114",
        "ownership": "Voluntary non-profit - Private", "medical_school_affiliation": "major",
        "residency_allopathic": True, "residency_osteopathic": False, "residency_dental": False,
        "residency_other": None, "resident_physicians": 812, "active": True,
    }  # fmt: skip


def test_switches_of_files_up_to_2012(tmp_path: Path) -> None:
    old = {
        cell.replace("ALPTHC_SW", "AMA_APRVD_SW").replace("OSTPTHC_SW", "AOA_APRVD_SW"): value
        for cell, value in HOSPITAL.items()
    }
    assert one(load(write(tmp_path / "pos.csv", old))[1])["residency_allopathic"] is True


@pytest.mark.parametrize("code", [*AFFILIATION, ""])
def test_affiliation_codes(tmp_path: Path, code: str) -> None:
    row = one(load(write(tmp_path / "pos.csv", {**HOSPITAL, "MDCL_SCHL_AFLTN_CD": code}))[1])
    assert row["medical_school_affiliation"] == AFFILIATION.get(code)


@pytest.mark.parametrize("code", [*CONTROL, "4", ""])
def test_control_codes_with_and_without_the_zero(tmp_path: Path, code: str) -> None:
    row = one(load(write(tmp_path / "pos.csv", {**HOSPITAL, "GNRL_CNTL_TYPE_CD": code}))[1])
    assert row["ownership"] == CONTROL.get(code.zfill(2))


@pytest.mark.parametrize(("code", "active"), [("00", True), ("0", True), ("07", False), ("", None)])
def test_whether_it_is_still_certified(tmp_path: Path, code: str, active: bool | None) -> None:
    assert one(load(write(tmp_path / "pos.csv", {**HOSPITAL, "PGM_TRMNTN_CD": code}))[1])["active"] is active


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"MDCL_SCHL_AFLTN_CD": "5"}, "line 2: unknown medical school affiliation '5'"),
        ({"GNRL_CNTL_TYPE_CD": "11"}, "line 2: unknown type of control '11'"),
        ({"RSDNT_PGM_ALPTHC_SW": "1"}, "line 2: unknown switch in residency_allopathic '1'"),
        ({"PRVDR_CTGRY_CD": "02"}, "no hospital"),
    ],
)
def test_what_stops_the_file(tmp_path: Path, changes: dict[str, str], message: str) -> None:
    with pytest.raises(SourceError, match=message):
        load(write(tmp_path / "pos.csv", {**HOSPITAL, **changes}))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "a second row for the same CMS certification number"),
        ({"PRVDR_NUM": "1"}, "no CMS certification number of six characters"),
        ({"PRVDR_NUM": "220072", "FAC_NAME": ""}, "no name"),
        ({"PRVDR_NUM": "220072", "ZIP_CD": "ABC"}, "no ZIP code in zip"),
        ({"PRVDR_NUM": "220072", "RSDNT_PHYSN_CNT": "-1"}, "negative count in resident_physicians"),
    ],
)
def test_broken_rows_are_quarantined(tmp_path: Path, changes: dict[str, str], reason: str) -> None:
    _, parsed = load(write(tmp_path / "pos.csv", HOSPITAL, {**HOSPITAL, **changes}))
    assert parsed.quarantine[["row", "reason"]].to_numpy().tolist() == [[3, reason]]


def test_the_file_of_other_providers_is_refused(tmp_path: Path) -> None:
    """Home health agencies, surgical centers and hospices have a file of their own, without these columns."""
    path = tmp_path / "POS_File_iQIES_Q1_2026.csv"
    path.write_text("prvdr_num,fac_name,prvdr_type_id,trmntn_exprtn_dt\n17C0001897,EXAMPLE,11,Not Available\n")
    assert all(source.recognise(probe(path)) is None for source in SOURCES)


def test_full_by_its_hospitals(tmp_path: Path) -> None:
    _, parsed = load(write(tmp_path / "pos.csv", HOSPITAL))
    assert [part.full for part in SOURCE.parts(parsed, Hints())] == [False]
    many = parsed.tables[TABLE].reindex([0] * FULL_ROWS).reset_index(drop=True)
    assert SOURCE.parts(Parsed({TABLE: many}, parsed.quarantine, len(many), len(many)), Hints())[0].full
