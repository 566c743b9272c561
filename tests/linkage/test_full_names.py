"""Cut names: which names have lost their end, and which full name they are."""

from __future__ import annotations

import pandas as pd

from pipeline.linkage.full_names import cut_names, full_names

CUT = "UNIVERSITY OF KANSAS SCHOOL OF MED"
FULL = "UNIVERSITY OF KANSAS SCHOOL OF MEDICINE WICHITA MEDICAL PRACTICE ASSOCIATION"
WHOLE = "UNIVERSITY OF SOUTHERN CALIFORNIA"  # 33 characters, and nothing is lost


def printed(*rows: tuple[str, int]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["employer", "fiscal_year"])


def sites(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["petitioner_id", "employer"])


def test_a_name_is_whole_if_a_year_that_cuts_none_prints_it() -> None:
    rows = printed((CUT, 2019), (WHOLE, 2019), (WHOLE, 2023), (FULL, 2023))
    assert cut_names(rows) == {CUT}


def test_a_year_with_a_heap_of_names_at_the_limit_cuts_names_though_it_prints_longer_ones() -> None:
    others = [(f"{'HOSPITAL OF THE CITY OF ALEXANDRIA':.32}{number:02}", 2022) for number in range(9)]
    assert CUT in cut_names(printed((CUT, 2022), (FULL, 2022), (WHOLE, 2022), *others))


def test_a_cut_name_is_read_as_the_full_one_of_its_petitioner() -> None:
    rows = sites(("p1", CUT), ("p1", FULL), ("p2", CUT))
    assert full_names(rows, frozenset({CUT})).tolist() == [FULL, FULL, CUT]


def test_a_cut_name_that_begins_several_names_stays() -> None:
    rows = sites(("p1", CUT), ("p1", FULL), ("p1", "UNIVERSITY OF KANSAS SCHOOL OF MEDICINE RESEARCH INSTITUTE"))
    assert full_names(rows, frozenset({CUT})).iloc[0] == CUT
