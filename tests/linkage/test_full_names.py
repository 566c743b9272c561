"""Cut names: which names have lost their end, and which full name they are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.linkage.full_names import cut_names, full_names
from pipeline.linkage.names.normalise import canonical_all
from pipeline.schemas.numbers import numbered

CUT = "UNIVERSITY OF KANSAS SCHOOL OF MED"
FULL = "UNIVERSITY OF KANSAS SCHOOL OF MEDICINE WICHITA MEDICAL PRACTICE ASSOCIATION"
WHOLE = "UNIVERSITY OF SOUTHERN CALIFORNIA"  # 33 characters, and nothing is lost


def cut_among(*rows: tuple[str, int]) -> set[str]:
    names, years = zip(*rows, strict=True)
    printed = numbered(pd.Series(names, dtype="str"))
    return set(printed.distinct[cut_names(printed.distinct, printed.codes, np.array(years))])


def read_as(*rows: tuple[str, str]) -> list[str]:
    owners, printed = (pd.Series(column, dtype="str") for column in zip(*rows, strict=True))
    name, texts = numbered(printed)
    names = pd.DataFrame({"text": texts, "form": canonical_all(texts), "cut": texts == CUT})
    return texts.take(full_names(owners, name, names)).tolist()


def test_a_name_is_whole_if_a_year_that_cuts_none_prints_it() -> None:
    assert cut_among((CUT, 2019), (WHOLE, 2019), (WHOLE, 2023), (FULL, 2023)) == {CUT}


def test_a_year_with_a_heap_of_names_at_the_limit_cuts_names_though_it_prints_longer_ones() -> None:
    others = [(f"{'HOSPITAL OF THE CITY OF ALEXANDRIA':.32}{number:02}", 2022) for number in range(9)]
    assert CUT in cut_among((CUT, 2022), (FULL, 2022), (WHOLE, 2022), *others)


def test_a_cut_name_is_read_as_the_full_one_of_its_petitioner() -> None:
    assert read_as(("p1", CUT), ("p1", FULL), ("p2", CUT)) == [FULL, FULL, CUT]


def test_a_cut_name_that_begins_several_names_stays() -> None:
    others = [("p1", FULL), ("p1", "UNIVERSITY OF KANSAS SCHOOL OF MEDICINE RESEARCH INSTITUTE")]
    assert read_as(("p1", CUT), *others)[0] == CUT
