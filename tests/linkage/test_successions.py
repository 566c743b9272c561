"""A name that ends where another begins, under one tax id, in one city and industry: a petitioner that was renamed, unless it may be chance."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.linkage.clustering import group_petitioners
from pipeline.linkage.petitions import sum_petitions

# employer, fiscal year, petitions
Filed = tuple[str, int, int]
OLD: tuple[Filed, ...] = (("BROOKS AUTOMATION", 2014, 3), ("BROOKS AUTOMATION", 2021, 3))
NEW: Filed = ("AZENTA INC", 2022, 4)


def are_one(*rows: Filed, naics: str = "54", others: int = 0, elsewhere: int = 0) -> bool:
    """Decide whether the first and the last spelling are one petitioner. others: petitioners of the same city and industry; elsewhere:
    petitions of the last one under another tax id."""
    filed = [(name, "2040", year, count) for name, year, count in rows]
    filed += [(f"{chr(65 + place)}ORBO {chr(65 + place)}YX", f"{3000 + place}", 2020, 1) for place in range(others)]
    filed += [(rows[-1][0], "7777", 2022, elsewhere)] if elsewhere else []
    frame = pd.DataFrame(filed, columns=["employer", "tax_id_last4", "fiscal_year", "initial_approvals"])
    frame = frame.astype({"employer": "str", "tax_id_last4": "str"}).assign(
        state="MA", city="CHELMSFORD", naics=naics, initial_denials=0, continuing_approvals=0, continuing_denials=0
    )
    keyed = group_petitioners(sum_petitions(frame, coverage="full", snapshot_id="s")).petitions
    here = keyed[keyed["tax_id_last4"] == "2040"].set_index("employer")["petitioner_id"]
    return here[[rows[0][0]]].iloc[0] == here[[rows[-1][0]]].iloc[0]


def test_the_new_name_of_a_petitioner() -> None:
    assert are_one(*OLD, NEW)


@pytest.mark.parametrize(
    "new",
    [
        pytest.param(("AZENTA INC", 2023, 4), id="two years later"),
        pytest.param(("AZENTA INC", 2019, 4), id="before the other ends"),
        pytest.param(("AZENTA INC", 2022, 1), id="a single petition may be a slip"),
        pytest.param(("AZENTA COUNTY DEPARTMENT", 2022, 4), id="a public body"),
    ],
)
def test_names_that_may_follow_by_chance(new: Filed) -> None:
    assert not are_one(*OLD, new)


def test_where_many_file_a_word_must_be_the_same() -> None:
    assert not are_one(*OLD, NEW, others=24)
    assert are_one(("NOVATEL WIRELESS", 2019, 3), ("INSEEGO WIRELESS", 2020, 3), others=24)


def test_departments_of_the_government_follow_nobody() -> None:
    assert not are_one(*OLD, NEW, naics="92")


def test_a_company_at_home_under_another_tax_id_follows_nobody_here() -> None:
    assert not are_one(*OLD, NEW, elsewhere=30)
