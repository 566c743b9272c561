"""Lists of programs of several years and kinds, added one after the other: what they make together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from pipeline.archive.intake import add
from pipeline.archive.lists import compare_lists
from pipeline.archive.loading import load_chosen
from pipeline.archive.reading import open_archive
from pipeline.archive.selection import choices_frame, choose
from pipeline.sources.catalogue import SOURCES, source
from pipeline.specialties.vocabulary import named_specialties
from tests.sources.test_acgme import PROGRAMS
from tests.sources.test_acgme_lists import ERAS_PAGE, ERAS_ROW, SEARCH_PAGE, SEARCH_ROW

HEADER = PROGRAMS
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
    assert "program_table (partial: 2 programs of " in details[0] and "the ACGME accredited 5," in details[0]
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


@pytest.mark.parametrize(
    ("order", "shares"),
    [
        ((OLDER, NEWER), [("list2.csv", "2025", 2, 1, 1, 0), ("list1.csv", "2020", 2, 1, 0, 1)]),
        ((NEWER, OLDER), [("list2.csv", "2020", 2, 1, 0, 1), ("list1.csv", "2025", 2, 1, 1, 0)]),
    ],
)
def test_each_list_says_what_it_replaced(tmp_path: Path, order: tuple[list[str], ...], shares: list[object]) -> None:
    for day, rows in enumerate(order, start=1):
        added(tmp_path / "raw", f"list{day}.csv", table(rows), day)
    found = compare_lists(source("acgme"), open_archive(tmp_path / "raw"))
    assert [(one.name, one.years, one.rows, one.new, one.newer, one.older) for one in found] == shares
    newer = next(str(one) for one in found if one.years == "2025")
    assert newer.endswith(
        ".csv: 2 programs of list year 2025: 1 in no other list, 1 take the place of older rows, 0 are older and only fill gaps"
    )


def test_one_list_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    added(tmp_path / "raw", "list.csv", table(OLDER), 1)
    assert compare_lists(source("acgme"), open_archive(tmp_path / "raw")) == []


def national(specialties: Sequence[str], each: int, year: int = 2020) -> list[str]:
    """Rows of a list with so many programs of each specialty."""
    rows = enumerate((code for code in specialties for _ in range(each)), start=1)
    return [f"{code}{number:07},Program {number},{code},,,Sponsor,Town,NM,,,,{year}" for number, code in rows]


RESIDENCIES = named_specialties().loc[named_specialties()["level"] == "residency", "specialty_code"]
CORE = sorted(set(RESIDENCIES) - {""})


@pytest.mark.parametrize(
    ("rows", "full"),
    [
        (national(CORE, 140), True),  # as many as the ACGME published for 2019-20, all specialties
        (national(CORE, 120), False),  # all specialties, too few programs
        (national(CORE[1:], 200), False),  # a whole specialty is not there
        (national(CORE, 140, 2025), False),  # enough in 2020, too few for a list of 2025
    ],
)
def test_a_table_is_whole_only_if_it_proves_it(tmp_path: Path, rows: list[str], full: bool) -> None:
    assert ("partial" not in added(tmp_path / "raw", "list.csv", table(rows), 1)) is full


@pytest.mark.parametrize("line", ["2 programs found", '"Total: 2 programs",,,,,,,,,,,'])
def test_a_table_that_states_its_number_is_whole(tmp_path: Path, line: str) -> None:
    detail = added(tmp_path / "raw", "list.csv", table([*OLDER, line]), 1)
    assert "2 rows, program_table" in detail and "partial" not in detail and "quarantined" not in detail
    assert len(listed(tmp_path / "raw")) == 2


def test_a_table_that_states_another_number_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.csv"
    path.write_text(table([*OLDER, "4,728 programs found".replace(",", "")]), "utf-8")
    (outcome,) = add([path], tmp_path / "raw", SOURCES, lambda: dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    assert (outcome.verdict, "it says 4,728 programs, and has 2 rows" in outcome.detail) == ("refused", True)


def test_the_search_page_is_the_list_of_its_day_and_eras_only_fills_gaps(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    added(raw, "list.csv", table(OLDER), 1)
    rows = [("1403400002", "A Later Name", "Mesilla"), ("1400500099", "A Program Since", "Reno")]
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
        ["1403400002", "A Later Name", "Mesilla", "NM", "http://x.example.org", "2020"],
    ]


def test_a_withdrawal_on_the_search_page_counts_before_an_older_status(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    row = OLDER[0].replace(",,,2020", ",Continued Accreditation,,2020")
    added(raw, "list.csv", table([row, OLDER[1].replace(",,,2020", ",Probationary Accreditation,,2020")]), 1)
    rows = [
        SEARCH_ROW.format(code, "A Program", "Reno").replace(
            'data-item-key="1"', f"data-item-key='1' data-status-matches='{flags}'"
        )
        for code, flags in (("1403400002", ",5,9,"), ("1400500023", ",1,9,"))
    ]
    added(raw, "search.html", SEARCH_PAGE.format("".join(rows)), 2)
    assert listed(raw).set_index("program_code")["accreditation_status"].to_dict() == {
        "1400500023": "Probationary Accreditation",
        "1403400002": "Accreditation Withdrawn",
    }


@pytest.mark.parametrize("form", ["search", "eras"])
def test_lists_of_one_specialty_saved_state_by_state_add_up(tmp_path: Path, form: str) -> None:
    for day, code in enumerate(("1403400002", "1400500023"), start=1):
        page = (
            SEARCH_PAGE.format(SEARCH_ROW.format(code, "A Program", "Reno"))
            if form == "search"
            else ERAS_PAGE.format(ERAS_ROW.format("New Mexico", code), 1)
        )
        added(tmp_path / "raw", f"{day}.html", page, day)
    assert len(listed(tmp_path / "raw")) == 2
