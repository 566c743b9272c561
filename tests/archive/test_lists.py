"""Lists of programs of several years and kinds, added one after the other: what they make together."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from pipeline.archive.intake import add
from pipeline.archive.loading import load_chosen
from pipeline.archive.reading import open_archive
from pipeline.archive.selection import choices_frame, choose
from pipeline.sources.acgme.source import PROGRAM_TABLE
from pipeline.sources.catalogue import SOURCES, source
from tests.sources.test_acgme_lists import ERAS_PAGE, ERAS_ROW, SEARCH_PAGE, SEARCH_ROW

HEADER = ",".join(PROGRAM_TABLE.columns)
OLDER = [
    "1403400002,An Old Name,140,Internal Medicine,,A Sponsor,Las Cruces,NM,88001,,,2020",
    "1400500023,Irvine Program,140,Internal Medicine,,,Orange,CA,,,,2020",
]
NEWER = [
    "1403400002,A New Name,140,Internal Medicine,,,Las Cruces,NM,,Initial Accreditation,,2025",
    "1200521001,Another Program,120,Family Medicine,,,Fresno,CA,,,,2025",
]


def added(raw: Path, name: str, content: str, day: int) -> str:
    """Add a file on a day; returns what `add` says of it."""
    path = raw.parent / name
    path.write_text(content, "utf-8")
    (outcome,) = add([path], raw, SOURCES, lambda: dt.datetime(2026, 11, day, tzinfo=dt.UTC))
    assert outcome.verdict == "took", outcome
    return outcome.detail


def listed(raw: Path) -> pd.DataFrame:
    programs = load_chosen(source("acgme"), open_archive(raw)).tables["acgme_programs"]
    return programs.drop(columns="snapshot_id").sort_values("program_code", ignore_index=True)


def table(rows: list[str]) -> str:
    return "\n".join([HEADER, *rows]) + "\n"


@pytest.mark.parametrize("order", [(OLDER, NEWER), (NEWER, OLDER)])
def test_tables_add_up_and_the_latest_list_wins_in_whatever_order(tmp_path: Path, order: tuple[list[str], ...]) -> None:
    details = [added(tmp_path / "raw", f"list{day}.csv", table(rows), day) for day, rows in enumerate(order, start=1)]
    assert details[0].endswith("program_table (partial: 2 programs, and a full table has 3,000 or more)")
    columns = ["program_code", "program_name", "sponsor_name", "accreditation_status", "zip", "list_year"]
    programs = listed(tmp_path / "raw")
    assert programs[columns].astype("string").fillna("").to_numpy().tolist() == [
        ["1200521001", "Another Program", "", "", "", "2025"],
        ["1400500023", "Irvine Program", "", "", "", "2020"],
        ["1403400002", "A New Name", "A Sponsor", "Initial Accreditation", "88001", "2025"],
    ]


@pytest.mark.parametrize("order", [(NEWER, NEWER[:1]), (NEWER[:1], NEWER)])
def test_a_table_that_was_cut_off_changes_nothing(tmp_path: Path, order: tuple[list[str], ...]) -> None:
    added(tmp_path / "alone", "list.csv", table(NEWER), 1)
    for day, rows in enumerate(order, start=1):
        added(tmp_path / "raw", f"list{day}.csv", table(rows), day)
    pd.testing.assert_frame_equal(listed(tmp_path / "raw"), listed(tmp_path / "alone"))
    assert choices_frame(choose(open_archive(tmp_path / "raw")))["used"].all()


def test_lists_of_web_pages_fill_gaps_and_never_replace(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    added(raw, "list.csv", table(OLDER), 1)
    rows = [("1403400002", "Printed Otherwise", "Elsewhere"), ("1400500099", "A Program Since", "Reno")]
    search = SEARCH_PAGE.format("".join(SEARCH_ROW.format(*row) for row in rows))
    detail = added(raw, "search.html", search, 2)
    assert "layout search_page: 2 rows, search_page:140 (partial: a list without states and sponsors)" in detail
    detail = added(raw, "eras.html", ERAS_PAGE.format(ERAS_ROW.format("New Mexico", "1403400002"), 1), 3)
    assert "layout eras_participation: 1 rows, eras_participation:140 (partial" in detail
    programs = listed(raw)
    columns = ["program_code", "program_name", "city", "state", "website", "list_year"]
    assert programs[columns].astype("string").fillna("").to_numpy().tolist() == [
        ["1400500023", "Irvine Program", "Orange", "CA", "", "2020"],
        ["1400500099", "A Program Since", "Reno", "", "", ""],
        ["1403400002", "An Old Name", "Las Cruces", "NM", "http://x.example.org", "2020"],
    ]
