"""Official files in other media, encodings and vintages at the door: read with their right values, or refused for what is wrong."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from pipeline.archive.intake import Outcome, Provenance, add
from pipeline.archive.loading import load_chosen
from pipeline.archive.reading import open_archive
from pipeline.sources.catalogue import SOURCES, source
from tests.sources.test_ror import record

USCIS = "Fiscal Year,Employer,Initial Approvals,Initial Denials,Continuing Approvals,Continuing Denials,NAICS,Tax ID,State,City,ZIP"
ROW = "2019,LAKESHORE TEACHING HOSPITAL INC,12,0,5,0,62,0123,MN,DULUTH,55802"
IPEDS = "UNITID,INSTNM,IALIAS,CITY,STABBR,ZIP,EIN,WEBADDR,SECTOR,CONTROL,DEGGRANT,HOSPITAL,MEDICAL"
IPEDS_ROW = "100654,Northwood University,NU,Duluth,MN,55812,410000001,www.nw.example,1,1,1,2,1"
CMS = "Provider ID,Hospital Name,Address,City,State,ZIP Code,County Name,Hospital Type,Hospital Ownership"
CMS_ROW = (
    "240001,ST MARY’S HOSPITAL,1 A ST,DULUTH,MN,55802,St. Louis,Acute Care Hospitals,Voluntary non-profit - Private"
)
CMS_NOW = "Facility ID,Facility Name,Address,City/Town,State,ZIP Code,County/Parish,Hospital Type,Hospital Ownership"


def offer(folder: Path, name: str, content: str | bytes | list[str], url: str | None = None) -> Outcome:
    """Add one file: text, bytes, or the lines of a table that is saved as a workbook."""
    path = folder / name
    if isinstance(content, list):
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for number, line in enumerate(content):
                sheet.write_row(number, 0, line.split(","))
    else:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    (outcome,) = add(
        [path], folder / "raw", SOURCES, lambda: dt.datetime(2026, 11, 1, tzinfo=dt.UTC), Provenance(url=url)
    )
    return outcome


def read(folder: Path, source_id: str) -> pd.DataFrame:
    """The main table of a source, from the archive; whatever was added, rows in = rows kept + rows quarantined."""
    archive = open_archive(folder / "raw")
    loaded = load_chosen(source(source_id), archive)
    rows_in = sum(snapshot.manifest.rows_in for snapshot in archive.of_source(source_id))
    table = loaded.tables[source(source_id).tables[0]]
    assert rows_in == len(table) + len(loaded.quarantine)
    return table


REFUSED = {
    "a workbook where CSV is read": ([CMS_NOW, CMS_ROW], "it has the columns of CMS Hospital General Information, layout current, "
                                     "as XLSX, and only CSV is read. Save it as CSV"),
    "a workbook of petitions": ([USCIS, ROW], "layout A, as XLSX, and only CSV is read. Save it as CSV"),
    "a column without a name at the end": (f"{USCIS},\n{ROW},\n", "layout A, and one without a name (column 12). Remove it"),
    "an index before the columns": (f",{USCIS}\n0,{ROW}\n", "layout A, and one without a name (column 1). Remove it"),
    "a header in lower case": (f"{IPEDS.lower()}\n{IPEDS_ROW}\n", "IPEDS institutional characteristics (HD), layout HD, spelled "
                               "otherwise: 'unitid' for 'UNITID'"),
    "a header of an interface": (f"{CMS_NOW.lower().replace(' ', '_').replace('/', '')}\n{CMS_ROW}\n",
                                 "CMS Hospital General Information, layout current, spelled otherwise: 'facility_id' for 'Facility ID'"),
    "columns that are missing": (f"{USCIS.replace(',Tax ID', '')}\n", "nearest is USCIS H-1B Employer Data Hub, layout A: missing 'Tax ID'."),
    "a table of something else": ("Alpha,City,State\n1,2,3\n", "no known layout (3 columns: 'Alpha', 'City', 'State')"),
    "another encoding where none is known": (f"{USCIS}\n{ROW.replace('HOSPITAL', 'HÔPITAL')}\n".encode("windows-1252"),
                                             "line 2: not UTF-8 (byte 0xd4)"),
    "a Stata file": (b"<stata_dta><header><release>118</release>\x00\x00", "a Stata file. Save it as CSV"),
    "binary content": (b"<\x00\x01\x02 and more", "binary content of an unknown kind"),
}  # fmt: skip


@pytest.mark.parametrize("url", [None, "https://example.org/file"])
@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal_names_what_is_wrong(tmp_path: Path, case: str, url: str | None) -> None:
    content, words = REFUSED[case]
    outcome = offer(tmp_path, "file.dat", content, url)
    assert outcome.verdict == "refused" and words in outcome.detail, outcome.detail
    assert "missing nothing" not in outcome.detail and "\n" not in outcome.detail


def test_a_workbook_of_ipeds_is_read(tmp_path: Path) -> None:
    assert offer(tmp_path, "hd.xlsx", [IPEDS, IPEDS_ROW]).verdict == "took"
    (row,) = read(tmp_path, "ipeds_hd").to_dict("records")
    assert (row["unitid"], row["ein"], row["zip"], row["control"]) == ("100654", "410000001", "55812", 1)


@pytest.mark.parametrize("far", [0, 20_000])
def test_an_older_official_file_in_windows_1252_is_read_and_said(tmp_path: Path, far: int) -> None:
    """Also where the first such byte comes after what the first look sees."""
    plain = [CMS_ROW.replace("’", "").replace("240001", f"{number:06}") for number in range(300_000, 300_000 + far)]
    content = "\n".join([CMS, *plain, CMS_ROW, ""]).encode("windows-1252")
    outcome = offer(tmp_path, "hospitals.csv", content)
    assert "layout before 2020" in outcome.detail and "read as windows-1252" in outcome.detail
    hospitals = read(tmp_path, "cms_hospitals").set_index("facility_id")["name"]
    assert (len(hospitals), hospitals["240001"]) == (far + 1, "ST MARY’S HOSPITAL")


def test_a_utf_8_file_is_never_read_otherwise(tmp_path: Path) -> None:
    assert "windows" not in offer(tmp_path, "hospitals.csv", f"{CMS}\n{CMS_ROW}\n").detail
    assert read(tmp_path, "cms_hospitals")["name"].tolist() == ["ST MARY’S HOSPITAL"]


@pytest.mark.parametrize(
    ("old", "new", "column", "expected"),
    [
        (",62,", ",62.0,", "naics", "62"),
        ("2019,", "2019.0,", "fiscal_year", 2019),
        (",0123,", ",123.0,", "tax_id_last4", "0123"),
        (",55802", ",55802.0", "zip", "55802"),
        ("LAKESHORE TEACHING HOSPITAL INC", "nan", "employer", None),
        ("LAKESHORE TEACHING HOSPITAL INC", "N/A", "employer", None),
        (",DULUTH,", ",NaN,", "city", None),
        ("LAKESHORE", "BRIGHAM &AMP; WOMENS", "employer", "BRIGHAM & WOMENS TEACHING HOSPITAL INC"),
        ("LAKESHORE", "CHILDRENâ€™S", "employer", "CHILDREN’S TEACHING HOSPITAL INC"),
    ],
)
def test_traces_of_other_programs_in_petitions(
    tmp_path: Path, old: str, new: str, column: str, expected: object
) -> None:
    outcome = offer(tmp_path, "petitions.csv", f"{USCIS}\n{ROW.replace(old, new)}\n")
    assert outcome.verdict == "took" and "quarantined" not in outcome.detail
    value = read(tmp_path, "uscis_h1b_employers")[column].iloc[0]
    assert pd.isna(value) if expected is None else value == expected


@pytest.mark.parametrize(
    "total",
    [
        "2019,Total,15,0,10,0,,,,,",
        "2019,GRAND TOTAL:,15,0,10,0,,,,,",
        "2019,,15,0,10,0,,,,Total,",
        "2019,,15,0,10,0,,,Total,,",
    ],
)
def test_a_line_of_totals_is_no_petitioner(tmp_path: Path, total: str) -> None:
    other = "2019,TOTAL HEALTH CLINIC,3,0,5,0,62,9912,MN,DULUTH,55812"
    assert "1 rows quarantined" in offer(tmp_path, "petitions.csv", f"{USCIS}\n{ROW}\n{other}\n{total}\n").detail
    assert read(tmp_path, "uscis_h1b_employers")["initial_approvals"].tolist() == [12, 3]


def test_a_file_of_copies_is_refused_and_single_copies_are_said(tmp_path: Path) -> None:
    rows = [ROW.replace("LAKESHORE", f"HOSPITAL {number}") for number in range(150)]
    twice = "\n".join([USCIS, *rows, *rows, ""])
    outcome = offer(tmp_path, "twice.csv", twice)
    assert outcome.verdict == "refused"
    assert "line 152: 150 of its 300 rows stand there a second time. Download it again" in outcome.detail
    assert "1 of its 2 rows stand there a second time" in offer(tmp_path, "two.csv", f"{USCIS}\n{ROW}\n{ROW}\n").detail
    assert "second time" not in offer(tmp_path, "once.csv", "\n".join([USCIS, *rows, ""])).detail


def test_single_records_of_ror_stand_beside_a_dump(tmp_path: Path) -> None:
    others = [record(id=f"https://ror.org/0aaaaa{number:03}") for number in range(30)]
    assert offer(tmp_path, "dump.json", json.dumps(others)).verdict == "took"
    assert (
        "record:02qp3tb03"
        in offer(tmp_path, "one.json", json.dumps(record(id="https://ror.org/02qp3tb03"), indent=2)).detail
    )
    assert len(read(tmp_path, "ror")) == 31
