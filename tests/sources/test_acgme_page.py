"""The ACGME page of one program, in the forms in which it was seen."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from pipeline.schemas.frames import to_arrow
from pipeline.sources import program_pages
from pipeline.sources.acgme.source import DETAIL
from pipeline.sources.acgme.source import SOURCE as ACGME
from pipeline.sources.base import Hints, Parsed, SourceError
from pipeline.sources.probe import probe

HEAD = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>ACGME - Program</title></head><body>
<nav><a href="/">Home</a></nav>"""
PAGE = (
    HEAD
    + """
<h2>[1403400002] Three Crosses Regional Hospital Program</h2>
<h4>Internal medicine - Las Cruces, NM</h4>
<div class="panel"><h3>Director Information</h3><ul><li>Director Name, MD</li></ul>
<dl><dt>Director First Appointed:</dt><dd>January 24, 2025</dd></dl></div>
<address>Three Crosses Regional Hospital<br>2560 Samaritan Drive<br>Las Cruces, NM 88001</address>
<dl class="inline">
<dt>Specialty: </dt><dd>Internal medicine</dd>
<dt>Sponsoring Institution:</dt><dd>[34A030]
   Three  Crosses Regional Hospital</dd>
<dt>Phone:</dt><dd>(575) 555-0100</dd>
<dt>Website:</dt><dd><a href="https://threecrosses.example.org/gme">Website</a></dd>
<dt>Accreditation Status:</dt><dd>Initial Accreditation</dd>
<dt>Original Accreditation Date:</dt><dd>January 24, 2025</dd>
<dt>Effective Date:</dt><dd>January 24, 2025</dd>
<dt>Accredited Length of Training:</dt><dd>3</dd>
<dt>Total Approved Resident Positions:</dt><dd>24</dd>
<dt>Total Filled Resident Positions*:</dt><dd>16</dd>
</dl>
<h3>Participating Site Information</h3>
<table><thead><tr><th>#</th><th>Site ID</th><th>Site Name</th><th>Required Rotation</th></tr></thead><tbody>
<tr><td>1</td><td>340030</td><td>Three Crosses Regional Hospital</td><td>Yes</td></tr>
<tr><td>2</td><td>05a276</td><td>Planned  Parenthood of the Pacific Southwest</td><td>No</td></tr>
</tbody></table>
<table><tr><th>Year</th><th>Report</th></tr><tr><td>340099</td><td>Not one of them</td></tr></table>
</body></html>"""
)


def read(tmp_path: Path, page: str | bytes) -> Parsed:
    path = tmp_path / "detail.html"
    path.write_bytes(page if isinstance(page, bytes) else page.encode())
    seen = probe(path)
    layout = ACGME.recognise(seen)
    assert layout == DETAIL
    assert program_pages.SOURCE.recognise(seen) is None, "an ACGME page is no program page"
    parsed = ACGME.read(seen, layout, Hints())
    for name, table in parsed.tables.items():
        to_arrow(table, name)
    return parsed


def program(tmp_path: Path, page: str | bytes) -> dict[str, object]:
    return read(tmp_path, page).tables["acgme_programs"].iloc[0].to_dict()


def test_reads_the_program_and_its_sites(tmp_path: Path) -> None:
    parsed = read(tmp_path, PAGE)
    day = pd.Timestamp("2025-01-24")
    assert parsed.tables["acgme_programs"].iloc[0].to_dict() == {
        "program_code": "1403400002",
        "program_name": "Three Crosses Regional Hospital Program",
        "specialty_code": "140",
        "specialty": "Internal medicine",
        "sponsor_code": "34A030",
        "sponsor_name": "Three Crosses Regional Hospital",
        "city": "Las Cruces",
        "state": "NM",
        "zip": "88001",
        "accreditation_status": "Initial Accreditation",
        "original_accreditation_date": day,
        "effective_date": day,
        "positions_approved": 24,
        "positions_filled": 16,
        "website": "https://threecrosses.example.org/gme",
    }
    sites = parsed.tables["acgme_participating_sites"]
    assert sites.to_dict("records") == [
        {
            "program_code": "1403400002",
            "sponsor_code": "34A030",
            "site_code": "340030",
            "site_name": "Three Crosses Regional Hospital",
        },
        {
            "program_code": "1403400002",
            "sponsor_code": "34A030",
            "site_code": "05A276",
            "site_name": "Planned Parenthood of the Pacific Southwest",
        },
    ]
    assert (parsed.rows_in, parsed.rows_kept, len(parsed.quarantine)) == (3, 3, 0)
    (part,) = ACGME.parts(parsed, Hints())
    assert (part.name, part.rows, part.full) == ("program:1403400002", 1, True)


def test_keeps_no_person(tmp_path: Path) -> None:
    text = "".join(table.to_csv() for table in read(tmp_path, PAGE).tables.values())
    assert "Director" not in text
    assert "555" not in text


FORMS = {
    "a dash after the code": ("[1403400002] Three", "1403400002 - Three"),
    "the heading only in the title": (
        "<h2>[1403400002] Three Crosses Regional Hospital Program</h2>",
        "<title>[1403400002] Three Crosses Regional Hospital Program</title>",
    ),
    "positions in one line": (
        "<dt>Total Approved Resident Positions:</dt><dd>24</dd>\n<dt>Total Filled Resident Positions*:</dt><dd>16</dd>",
        "<dt>Total Approved / Filled Resident Positions</dt><dd>24 / 16</dd>",
    ),
    "positions in one line, in short": (
        "<dt>Total Approved Resident Positions:</dt><dd>24</dd>\n<dt>Total Filled Resident Positions*:</dt><dd>16</dd>",
        "<dt>Total Approved / Filled:</dt><dd>24/16</dd>",
    ),
    "a breakdown behind the positions": ("<dd>24</dd>", "<dd>24 (categorical 18, preliminary 6)</dd>"),
    "pairs in groups": ("<dt>Effective Date:</dt><dd>", "</dl><dl><div><dt>Other</dt><dd></dd></div><dt>Effective Date:</dt><dd>"),
    "American dates": ("<dd>January 24, 2025</dd>", "<dd>01/24/2025</dd>"),
    "short months": ("January 24, 2025", "Jan 24, 2025"),
    "no address, but the line below the heading": (
        "<address>Three Crosses Regional Hospital<br>2560 Samaritan Drive<br>Las Cruces, NM 88001</address>", "",
    ),
    "codes in brackets in the table of sites": ("<td>340030</td><td>Three", "<td>[340030] Three"),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new"), FORMS.values(), ids=FORMS.keys())
def test_reads_other_forms_alike(tmp_path: Path, old: str, new: str) -> None:
    assert old in PAGE
    plain, other = read(tmp_path, PAGE), read(tmp_path, PAGE.replace(old, new))
    expected = plain.tables["acgme_programs"].iloc[0].to_dict()
    if "<address>" in old:
        expected["zip"] = None
    found = other.tables["acgme_programs"].iloc[0].to_dict()
    assert {name: None if pd.isna(value) else value for name, value in found.items()} == expected
    pd.testing.assert_frame_equal(other.tables["acgme_participating_sites"], plain.tables["acgme_participating_sites"])


@pytest.mark.parametrize("empty", ["", "No Information Currently Present", "N/A", "--"])
def test_what_is_not_stated_is_null(tmp_path: Path, empty: str) -> None:
    page = PAGE.replace("<dd>24</dd>", f"<dd>{empty}</dd>").replace("<dd>16</dd>", f"<dd>{empty}</dd>")
    page = page.replace("<dd>Initial Accreditation</dd>", f"<dd>{empty}</dd>")
    row = program(tmp_path, page)
    assert all(pd.isna(row[name]) for name in ("positions_approved", "positions_filled", "accreditation_status"))


@pytest.mark.parametrize("address", ["javascript:alert(1)", "/gme", "mailto:gme@example.edu"])
def test_a_website_is_a_web_address(tmp_path: Path, address: str) -> None:
    assert pd.isna(program(tmp_path, PAGE.replace("https://threecrosses.example.org/gme", address))["website"])


def test_a_page_of_another_encoding_is_read(tmp_path: Path) -> None:
    page = PAGE.replace('charset="utf-8"', 'charset="windows-1252"').replace("Three Crosses", "Niño Jesús")
    assert program(tmp_path, page.encode("windows-1252"))["program_name"] == "Niño Jesús Regional Hospital Program"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("<dd>16</dd>", "<dd>-3</dd>", "filled positions are '-3', no whole number"),
        ("<dd>24</dd>", "<dd>about twenty</dd>", "approved positions are 'about twenty'"),
        ("Initial Accreditation<", "Blessed<", "unknown accreditation status 'Blessed'"),
        ("Las Cruces, NM 88001", "Las Cruces, QQ 88001", "unknown state 'QQ'"),
        ("January 24, 2025", "next spring", "no day in effective_date"),
    ],
)
def test_says_what_is_wrong(tmp_path: Path, old: str, new: str, words: str) -> None:
    with pytest.raises(SourceError, match=r"detail\.html") as caught:
        read(tmp_path, PAGE.replace(old, new))
    assert words in str(caught.value)


def test_repeated_and_nameless_sites_are_quarantined(tmp_path: Path) -> None:
    rows = "<tr><td>3</td><td>340030</td><td>Again</td></tr><tr><td>4</td><td>340031</td><td></td></tr></tbody>"
    parsed = read(tmp_path, PAGE.replace("</tbody>", rows))
    assert (parsed.rows_in, parsed.rows_kept) == (5, 3)
    assert sorted(parsed.quarantine["reason"]) == ["a second row for the same site of a program", "no site name"]


def test_a_page_cut_off_before_its_sponsor_is_not_taken_for_one(tmp_path: Path) -> None:
    path = tmp_path / "cut.html"
    path.write_text(PAGE[: PAGE.index("Sponsoring Institution")])
    assert ACGME.recognise(probe(path)) is None
    with pytest.raises(SourceError, match=r"cut\.html.*no heading with a program code, or no Sponsoring Institution"):
        ACGME.read(probe(path), DETAIL, Hints())


def test_another_page_that_speaks_of_sponsoring_institutions_is_not_acgmes(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(f"{HEAD}<h1>Visas</h1><p>The Sponsoring Institution decides.</p></body></html>")
    assert ACGME.recognise(probe(path)) is None
