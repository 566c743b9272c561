"""Lists of programs saved from ACGME's search and from ERAS, drawn here after descriptions of the pages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.schemas.frames import to_arrow
from pipeline.sources import program_pages
from pipeline.sources.acgme.source import ERAS, PROGRAM_TABLE, SEARCH
from pipeline.sources.acgme.source import SOURCE as ACGME
from pipeline.sources.base import Hints, Layout, Parsed, SourceError
from pipeline.sources.probe import probe

SEARCH_PAGE = """<!DOCTYPE html><html><head><title>ACGME - Program Search</title></head><body><h1>Program Search</h1>
<div id="programsListView-listview"><table class="listview"><thead><tr><th>Code</th><th>Specialty</th><th>Program Name</th><th>City</th></tr></thead>
<tbody>{}</tbody></table></div></body></html>"""
SEARCH_ROW = (
    '<tr class="listview-row" data-item-key="1"><td>{}</td><td>Internal medicine</td><td>{}</td><td>{}</td>'
    '<td><a href="/ads/Public/Programs/Detail">View</a></td></tr>'
)
THREE_CROSSES = SEARCH_ROW.format("1403400002", "Three Crosses  Regional Hospital Program", "Las Cruces")
IRVINE = SEARCH_ROW.format("1400500023", "University of California (Irvine)/Irvine Medical Center Program", "Orange")
ERAS_PAGE = """<!DOCTYPE html><html><head><title>ERAS 2027 Participating Specialties &amp; Programs</title></head><body>
<h2>ERAS 2027 Participating Specialties</h2><table>
<tr><th>STATE</th><th>CITY</th><th></th><th>PROGRAM NAME</th><th>ACCREDITATION ID</th><th>PROGRAM STATUS</th></tr>
{}<tfoot><tr><td colspan=6>{} Programs</td></tr></tfoot></table></body></html>"""
ERAS_ROW = (
    '<tr><td>{}</td><td>Las Cruces</td><td></td><td><a href="http://x.example.org">Three Crosses Regional Hospital Program</a>'
    "<sup>New Program!</sup></td><td>{}</td><td>Participating</td></tr>"
)


def read(tmp_path: Path, page: str, layout: Layout) -> Parsed:
    path = tmp_path / "saved.html"
    path.write_text(page, "utf-8")
    seen = probe(path)
    assert ACGME.recognise(seen) == layout
    assert program_pages.SOURCE.recognise(seen) is None, "a list of programs is no program page"
    parsed = ACGME.read(seen, layout, Hints())
    for name, table in parsed.tables.items():
        to_arrow(table, name)
    return parsed


def test_reads_the_list_of_the_search_page(tmp_path: Path) -> None:
    parsed = read(tmp_path, SEARCH_PAGE.format(THREE_CROSSES + IRVINE), SEARCH)
    columns = ["program_code", "specialty_code", "specialty", "program_name", "city"]
    assert parsed.tables["acgme_programs"][columns].to_numpy().tolist() == [
        ["1403400002", "140", "Internal medicine", "Three Crosses Regional Hospital Program", "Las Cruces"],
        ["1400500023", "140", "Internal medicine", "University of California (Irvine)/Irvine Medical Center Program", "Orange"],
    ]  # fmt: skip
    (part,) = ACGME.parts(parsed, Hints())
    assert (part.name, part.rows, part.full, part.note) == (
        "search_page:140", 2, False, "a list without states and sponsors",
    )  # fmt: skip


LIVE_PAGE = """<!DOCTYPE html><html><body><select id="statusFilter"></select>
<table id="programsListView-listview" class="listview-table"><thead><tr><th></th><th>Code</th><th>Specialty</th><th>Name</th>{head}<th>City</th><th></th></tr></thead>
<tbody>{rows}</tbody></table></body></html>"""
LIVE_ROW = (
    '<tr class="listview-row" {attributes}><td>{first}</td><td>{code}</td><td>Internal medicine</td><td>A Program</td>{cell}'
    '<td>Reno</td><td>{icon}<a href="/ads/Public/Programs/Detail?orgCode={code}">View Program</a></td></tr>'
)
FLAGS = "data-item-key='1' data-status-matches='{}'"
ICON = '<span class="{}" data-bs-content="Future Accredited"></span>'


@pytest.mark.parametrize(
    ("attributes", "first", "icon", "status"),
    [
        ("", ",1,9,", "", None),  # accredited, of whatever kind
        ("", ",5,9,", "", "Accreditation Withdrawn"),
        (FLAGS.format('{"1":1,"9":1}'), "", "", None),
        (FLAGS.format('{"5":1,"9":1}'), "", "", "Accreditation Withdrawn"),
        (FLAGS.format('{"5":0,"1":1}'), "", "", None),
        (FLAGS.format(",3,"), "", "", "Pre-Accreditation"),
        (FLAGS.format('{"4":true}'), "", "", "Unaccredited Combined"),
        (FLAGS.format('{"1":1}'), "", ICON.format("hidden"), None),
        (FLAGS.format('{"1":1}'), "", ICON.format("icon-time"), "Future Accreditation"),
        (FLAGS.format("not what it was"), "", "", None),
    ],
)
@pytest.mark.parametrize("wide", [False, True])
def test_the_search_page_with_a_filter_of_statuses(
    tmp_path: Path, attributes: str, first: str, icon: str, status: str | None, wide: bool
) -> None:
    row = LIVE_ROW.format(
        attributes=attributes, first=first, code="1403400002", icon=icon, cell="<td>775</td>" if wide else ""
    )
    page = LIVE_PAGE.format(head="<th>Phone</th>" if wide else "", rows=row)
    programs = read(tmp_path, page, SEARCH).tables["acgme_programs"]
    columns = ["program_code", "specialty", "program_name", "city"]
    assert programs[columns].to_numpy().tolist() == [["1403400002", "Internal medicine", "A Program", "Reno"]]
    found = programs["accreditation_status"].iloc[0]
    assert pd.isna(found) if status is None else found == status


def test_reads_the_programs_that_take_part_in_eras(tmp_path: Path) -> None:
    parsed = read(tmp_path, ERAS_PAGE.format(ERAS_ROW.format("New Mexico", "1403400002"), 1), ERAS)
    columns = ["program_code", "program_name", "city", "state", "website", "list_year", "eras_status", "new_in_eras"]
    assert parsed.tables["acgme_programs"][columns].to_numpy().tolist() == [
        [
            "1403400002",
            "Three Crosses Regional Hospital Program",
            "Las Cruces",
            "NM",
            "http://x.example.org",
            2027,
            "Participating",
            True,
        ]
    ]
    (part,) = ACGME.parts(parsed, Hints())
    assert (part.name, part.rows, part.full, part.note) == (
        "eras_participation:140", 1, False, "programs that take part in ERAS",
    )  # fmt: skip


def test_a_program_without_the_mark_is_not_new(tmp_path: Path) -> None:
    page = ERAS_PAGE.format(ERAS_ROW.format("New Mexico", "1403400002").replace("New Program!", ""), 1)
    assert read(tmp_path, page, ERAS).tables["acgme_programs"]["new_in_eras"].tolist() == [False]


@pytest.mark.parametrize(
    ("title", "heading", "year"), [("ERAS 2027", "ERAS", 2027), ("ERAS", "ERAS 2026", 2026), ("ERAS", "ERAS", None)]
)
def test_the_season_is_that_of_the_title_or_a_heading(
    tmp_path: Path, title: str, heading: str, year: int | None
) -> None:
    page = ERAS_PAGE.format(ERAS_ROW.format("New Mexico", "1403400002"), 1)
    page = page.replace("<title>ERAS 2027", f"<title>{title}").replace("<h2>ERAS 2027", f"<h2>{heading}")
    found = read(tmp_path, page, ERAS).tables["acgme_programs"]["list_year"].iloc[0]
    assert pd.isna(found) if year is None else found == year


def test_an_eras_list_without_a_header_is_read_by_its_rows(tmp_path: Path) -> None:
    page = ERAS_PAGE.format(ERAS_ROW.format("New Mexico", "1403400002"), 1)
    bare = page.replace(page[page.index("<tr><th>") : page.index("</th></tr>") + len("</th></tr>")], "")
    assert read(tmp_path, bare, ERAS).tables["acgme_programs"]["program_code"].tolist() == ["1403400002"]


def test_of_the_tracks_of_a_program_one_that_takes_applications_counts(tmp_path: Path) -> None:
    row = ERAS_ROW.format("New Mexico", "1403400002")
    closed = row.replace("<td>Participating", "<td>Not Participating").replace(">Three", ">Preliminary, Three")
    parsed = read(tmp_path, ERAS_PAGE.format(closed + row, 2), ERAS)
    columns = ["program_name", "eras_status"]
    assert parsed.tables["acgme_programs"][columns].to_numpy().tolist() == [
        ["Three Crosses Regional Hospital Program", "Participating"]
    ]
    assert parsed.quarantine["reason"].tolist() == ["a second row for the same program"]


@pytest.mark.parametrize(
    ("page", "layout", "words"),
    [
        (SEARCH_PAGE.format(""), SEARCH, "the search page lists no program"),
        (SEARCH_PAGE.format(THREE_CROSSES.replace("<td>Las Cruces</td>", "")[:-5].rsplit("<td>", 1)[0] + "</tr>"), SEARCH,
         "row 1 of the list has fewer than four cells"),
        (ERAS_PAGE.format(ERAS_ROW.format("New Mexico", "1403400002"), 2), ERAS,
         "the footer counts 2 programs, 1 were read"),
        (ERAS_PAGE.format(ERAS_ROW.format("New Mexico", "1403400002"), "No"), ERAS, "no footer `N Programs`"),
        (ERAS_PAGE.format(ERAS_ROW.format("Atlantis", "1403400002"), 1), ERAS, "unknown state"),
        (SEARCH_PAGE.format(SEARCH_ROW.format("MM03400002", "A Program", "Reno")), SEARCH,
         "none of its 1 rows can be read; the first: program code is not ten digits, nor M and nine"),
    ],
)  # fmt: skip
def test_says_what_is_wrong(tmp_path: Path, page: str, layout: Layout, words: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(tmp_path, page, layout)
    assert words in str(caught.value)


TABLE = "program_code,program_name,specialty_code,specialty,sponsor_code,sponsor_name,city,state,zip,accreditation_status,website,list_year"


def table(tmp_path: Path, *rows: str) -> pd.DataFrame:
    path = tmp_path / "programs.csv"
    path.write_text("\n".join([TABLE, *rows]) + "\n", "utf-8")
    parsed = ACGME.read(probe(path), PROGRAM_TABLE, Hints())
    to_arrow(parsed.tables["acgme_programs"], "acgme_programs")
    return parsed.tables["acgme_programs"]


def test_a_code_of_m_and_nine_digits_is_read_on_the_search_page(tmp_path: Path) -> None:
    rows = THREE_CROSSES + SEARCH_ROW.format("m403400002", "A Combined Program", "Reno")
    parsed = read(tmp_path, SEARCH_PAGE.format(rows), SEARCH)
    assert (parsed.rows_in, parsed.rows_kept) == (2, 2)
    assert parsed.tables["acgme_programs"]["program_code"].tolist() == ["1403400002", "M403400002"]


@pytest.mark.parametrize(
    ("row", "specialty_code"),
    [
        ("M403400002,A Program,,Internal Medicine/Pediatrics,,,Reno,NV,,,,2025", "700"),
        ("M403400002,A Program,705,Internal Medicine/Pediatrics,,,Reno,NV,,,,2025", "705"),
        ("M403400002,A Program,,A Specialty Nobody Knows,,,Reno,NV,,,,2025", None),
        ("M403400002,A Program,,,,,Reno,NV,,,,2025", None),
        ("1403400002,A Program,,Internal Medicine/Pediatrics,,,Reno,NV,,,,2025", "140"),
    ],
)
def test_a_code_with_a_letter_names_no_specialty_itself(tmp_path: Path, row: str, specialty_code: str | None) -> None:
    assert table(tmp_path, row)["specialty_code"].replace({np.nan: None}).tolist() == [specialty_code]


@pytest.mark.parametrize("code", ["M40340000", "M4034000022", "X403400002", "14034M0002"])
def test_other_letters_are_no_code(tmp_path: Path, code: str) -> None:
    good = "1403400002,A Program,,,,,Reno,NV,,,,2025"
    assert table(tmp_path, good, good.replace("1403400002", code))["program_code"].tolist() == ["1403400002"]
