"""CMS Hospital General Information: three spellings of the header, a closed list of owners."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.schemas.frames import to_arrow
from pipeline.sources.base import Hints, Parsed, SourceError
from pipeline.sources.cms import NAMES, OWNERSHIP, SOURCE, TABLE
from pipeline.sources.probe import probe

NATIONAL = Path(__file__).parents[3] / "shared" / "raw" / "cms" / "Hospital_General_Information.csv"
SAMPLE = "Facility ID,Facility Name,City/Town,State,ZIP Code,Hospital Type,Hospital Ownership"
ROW = "010011,ST. EXAMPLE'S EAST,BIRMINGHAM,AL,35235,Acute Care Hospitals,Voluntary non-profit - Private"


def load(folder: Path, content: str) -> tuple[str, Parsed]:
    path = folder / "hospitals.csv"
    path.write_bytes(content.encode())
    probed = probe(path)
    layout = SOURCE.recognise(probed)
    assert layout is not None
    parsed = SOURCE.read(probed, layout, Hints())
    assert parsed.rows_in == parsed.rows_kept + len(parsed.quarantine)
    return layout.name, parsed


def one(parsed: Parsed) -> dict[str, object]:
    (row,) = to_arrow(parsed.tables[TABLE], TABLE).to_pylist()
    return row


@pytest.mark.parametrize(
    ("layout", "header", "row", "county"),
    [
        ("current", SAMPLE, ROW, None),
        ("current", f"{SAMPLE},County/Parish,Telephone Number", f"{ROW},JEFFERSON,(205) 555-0100", "JEFFERSON"),
        ("before 2024", f"{SAMPLE.replace('City/Town', 'City')},County Name", f"{ROW},JEFFERSON", "JEFFERSON"),
        (
            "before 2020",
            SAMPLE.replace("City/Town", "City").replace("Facility ID", "Provider ID").replace("Facility", "Hospital"),
            ROW.replace("010011", "10011"),
            None,
        ),
    ],
)
def test_three_headers_one_table(tmp_path: Path, layout: str, header: str, row: str, county: str | None) -> None:
    name, parsed = load(tmp_path, f"{header}\n{row}\n")
    assert name == layout
    found = one(parsed)
    expected = {
        "facility_id": "010011", "name": "ST. EXAMPLE'S EAST", "city": "BIRMINGHAM", "state": "AL", "zip": "35235",
        "hospital_type": "Acute Care Hospitals", "ownership": "Voluntary non-profit - Private", "county": county,
    }  # fmt: skip
    assert {column: found[column] for column in expected} == expected


def test_an_older_file_gives_way_but_for_the_names(tmp_path: Path) -> None:
    _, parsed = load(tmp_path, f"{SAMPLE.replace('City/Town', 'City')}\n{ROW}\n")
    [named] = to_arrow(parsed.tables[NAMES], NAMES).to_pylist()
    assert (named["facility_id"], named["name"], named["vintage"]) == ("010011", "ST. EXAMPLE'S EAST", "before 2024")
    assert [part.name for part in SOURCE.parts(parsed, Hints())] == ["all", "names: before 2024"]
    assert SOURCE.part_of is not None and SOURCE.part_of(parsed.tables[TABLE]).tolist() == ["all"]


@pytest.mark.parametrize("owner", [*OWNERSHIP, "Not Available"])
def test_known_owners(tmp_path: Path, owner: str) -> None:
    found = one(load(tmp_path, f"{SAMPLE}\n{ROW.replace('Voluntary non-profit - Private', owner)}\n")[1])
    assert found["ownership"] == (None if owner == "Not Available" else owner)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Voluntary non-profit - Private", "Private equity", "line 2: unknown ownership 'Private equity'"),
        (",AL,", ",XX,", "line 2: unknown state 'XX'"),
    ],
)
def test_a_new_value_stops_the_file(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        load(tmp_path, f"{SAMPLE}\n{ROW.replace(old, new)}\n")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (ROW, "a second row for the same CMS certification number"),
        (ROW.replace("010011", "1"), "no CMS certification number of six characters"),
        (ROW.replace("010011", ""), "no CMS certification number of six characters"),
        (ROW.replace("010011", "01005F").replace("ST. EXAMPLE'S EAST", ""), "no name"),
        (ROW.replace("010011", "010012").replace("Acute Care Hospitals", ""), "no hospital type"),
        (ROW.replace("010011", "010012").replace("35235", "ABC"), "no ZIP code in zip"),
        ("010012,CUT", "2 cells where the header has 7"),
    ],
)
def test_broken_rows_are_quarantined(tmp_path: Path, row: str, reason: str) -> None:
    _, parsed = load(tmp_path, f"{SAMPLE}\n{ROW}\n{row}\n")
    assert parsed.quarantine[["row", "reason"]].to_numpy().tolist() == [[3, reason]]


def test_a_renamed_column_is_no_known_layout(tmp_path: Path) -> None:
    path = tmp_path / "hospitals.csv"
    path.write_text(f"{SAMPLE.replace('Hospital Ownership', 'Ownership')}\n{ROW}\n")
    assert SOURCE.recognise(probe(path)) is None


@pytest.mark.skipif(not NATIONAL.is_file(), reason="the national files are not beside the project (../shared/raw)")
def test_the_national_file() -> None:
    probed = probe(NATIONAL)
    layout = SOURCE.recognise(probed)
    assert layout is not None and layout.name == "current"
    parsed = SOURCE.read(probed, layout, Hints())
    table = parsed.tables[TABLE]
    assert (len(table), len(parsed.quarantine)) == (5381, 0)
    assert set(table["ownership"]) == set(OWNERSHIP)
    # Its hospitals, and their names in that vintage.
    assert [part.full for part in SOURCE.parts(parsed, Hints())] == [True, True]
