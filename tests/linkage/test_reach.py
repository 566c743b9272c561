"""Which printed names are compared with names of institutions at all."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.linkage import blocking
from pipeline.linkage.names.normalise import canonical_all
from pipeline.linkage.names.overlap import Overlap
from pipeline.linkage.names.printed import are_cut
from pipeline.linkage.reach import to_compare

NAMES = (("Boston Medical Center", "MA"), ("Harlem Hospital Center", "NY"), ("Yale University", "CT"))
WORDS = (
    "BOSTON",
    "MEDICAL",
    "CENTER",
    "HARLEM",
    "YALE",
    "UNIVERSITY",
    "OF",
    "DBA",
    "SCHOOL",
    "MEDICINE",
    "BAKERY",
    "INC",
    "A",
)


def institutions() -> pd.DataFrame:
    names = pd.DataFrame(NAMES, columns=["name", "state"]).astype("str")
    return names.assign(form=canonical_all(names["name"]), city=None, county=None, relation="same", source="sponsor")


def employers(names: list[str], states: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    printed = pd.Series(names, dtype="str")
    return (
        pd.DataFrame({"name": printed, "form": canonical_all(printed), "cut": are_cut(printed)}),
        pd.DataFrame({"row": np.arange(len(names)), "state": pd.Series(states, dtype="str")}),
    )


@pytest.mark.parametrize(
    ("printed", "state", "compared"),
    [
        ("BOSTON MEDICAL CENTER CORP", "TX", True),  # an equal name, wherever it is printed
        ("BOSTON BAKERY LLC", "MA", True),  # a rare word in the institution's own state
        ("BOSTON BAKERY LLC", "TX", False),
        ("RIVERSIDE BAKERY LLC", "MA", False),
        ("MEDICAL CENTER INC", "TX", True),  # kind words alone: it may be equal to another such name
        ("BAKERY LLC D/B/A YALE UNIVERSITY", "TX", True),  # a part of the name is compared alone
        ("YALE UNIVERSITY BAKERY SCHOOL OF MEDICINE", "TX", True),  # so is the university of a school
        ("YALE UNIVERSITY BAKERY", "TX", False),
        ("THE HARLEM HOSPITAL AND MEDICAL CEN", "TX", False),
        ("THE HARLEM HOSPITAL AND MEDICAL CE", "TX", True),  # cut at 34 characters: the last word is a piece of one
    ],
)
def test_names_that_may_be_equal_or_near(printed: str, state: str, compared: bool) -> None:
    names, states = employers([printed], [state])
    table = institutions()
    found = to_compare(names, states, table, Overlap(names["form"], table["form"]))
    assert found.tolist() == ([0] if compared else [])


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), st.sampled_from(("MA", "NY", "TX"))),
        min_size=1,
        max_size=8,
    )
)
def test_no_pair_is_lost(printed: list[tuple[list[str], str]]) -> None:
    names, states = employers([" ".join(words) for words, _ in printed], [state for _, state in printed])
    pairs = blocking.find_pairs(names, states, institutions())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocking, "to_compare", lambda employers, *_: np.arange(len(employers)))
        pd.testing.assert_frame_equal(pairs, blocking.find_pairs(names, states, institutions()))
