"""Spellings of one petitioner: what holds them together, and ids that stay."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.linkage.clustering import group_petitioners
from pipeline.linkage.petitions import sum_petitions


def petitions(*rows: tuple[str, str | None, str | None], years: int = 3) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=["employer", "tax_id_last4", "state"]).astype("str")
    frame = frame.assign(
        fiscal_year=[2020 + place % years for place in range(len(frame))], city="TOWN", naics="62", initial_approvals=2,
        initial_denials=0, continuing_approvals=1, continuing_denials=0,
    )  # fmt: skip
    return sum_petitions(frame, coverage="full", snapshot_id="s")


def groups(*rows: tuple[str, str | None, str | None]) -> set[frozenset[str]]:
    petitioners = group_petitioners(petitions(*rows)).petitioners
    return {frozenset(spellings) for spellings in petitioners["spellings"]}


@pytest.mark.parametrize(
    "names",
    [
        ("UNIV OF AL HEALTH SVCS FDN PC", "UNIVERSITY OF ALABAMA HEALTH SERVICES FOUNDATION PC"),
        ("SCOTT & WHITE MEMORIAL HOSPITAL", "SCOTT WHITE MEMORIAL HOSP D/B/A BAYLOR SCOTT & WHITE HEALTH"),
        ("COOKEVILLE REGIONAL MED CTR", "COOKEVILLE REGIONAL MEDICAL CENTER AUTHORITY"),
        ("UNIVERSITY OF CALIFORNIA SAN FRANC", "UNIVERSITY OF CALIFORNIA SAN FRANCISCO"),
        ("MAIMONDES MEDICAL CENTER", "MAIMONIDES MEDICAL CENTER"),
    ],
)
def test_spellings_of_one_petitioner(names: tuple[str, str]) -> None:
    assert groups((names[0], "1234", "TX"), (names[1], "1234", "TX")) == {frozenset(names)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("MERCY HOSPITAL", "1234", "TX"), ("ACME SOFTWARE LLC", "1234", "TX")),
        (("HOUSTON DENTAL LLC", "1234", "TX"), ("HOUSTON DENTAL LLC", "9999", "TX")),
        (("GREEN CLINIC", "1234", "TX"), ("GREEN CLINIC", "1234", "LA")),
        # A state's bodies share a tax id and the state's name.
        (("UNIV OF OKLAHOMA", "7987", "OK"), ("OKLAHOMA WATER RESOURCES BOARD", "7987", "OK")),
    ],
)
def test_petitioners_that_stay_apart(one: tuple[str, str, str], other: tuple[str, str, str]) -> None:
    grouped = group_petitioners(petitions(one, other, years=1))
    table, keyed = grouped.petitioners, grouped.petitions
    assert len(table) == 2
    assert keyed["petitioner_id"].nunique() == 2


def test_a_spelling_without_tax_id_or_state_joins_its_only_home() -> None:
    assert groups(("MAYO CLINIC", "6346", "MN"), ("MAYO CLINIC", None, "MN"), ("THE MAYO CLINIC", "6346", None)) == {
        frozenset({"MAYO CLINIC", "THE MAYO CLINIC"})
    }
    assert (
        len(groups(("MAYO CLINIC", "6346", "MN"), ("MAYO CLINIC", "1111", "MN"), ("MAYO CLINIC INC", None, "MN"))) == 2
    )


def test_blank_employers_have_no_petitioner() -> None:
    grouped = group_petitioners(petitions(("", "1234", "TX"), ("A CLINIC", "1234", "TX")))
    table, keyed = grouped.petitioners, grouped.petitions
    assert table["name"].tolist() == ["A CLINIC"]
    assert keyed.loc[keyed["employer"] == "", "petitioner_id"].isna().all()


def test_the_table_says_the_name_in_full_and_counts() -> None:
    rows = petitions(
        ("UNIVERSITY OF CALIFORNIA SAN FRANC", "6493", "CA"), ("UNIVERSITY OF CALIFORNIA SAN FRANCISCO", "6493", "CA")
    )
    table = group_petitioners(rows).petitioners
    assert table["name"].tolist() == ["UNIVERSITY OF CALIFORNIA SAN FRANCISCO"]
    assert table[["initial_approvals", "continuing_approvals", "first_fiscal_year", "last_fiscal_year"]].iloc[
        0
    ].tolist() == [4, 2, 2020, 2021]
    assert table["cities"].iloc[0] == ["TOWN"]


NAMES = st.sampled_from(
    [
        "MAYO CLINIC",
        "THE MAYO CLINIC",
        "MAYO FOUNDATION",
        "ACME LLC",
        "UNIV OF IOWA",
        "UNIVERSITY OF IOWA HOSPITAL",
        "",
        "A",
    ]
)
ROWS = st.lists(
    st.tuples(NAMES, st.sampled_from(["1111", "2222", None]), st.sampled_from(["MN", "IA", None])),
    min_size=1,
    max_size=12,
)


@settings(max_examples=12)
@given(ROWS, st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(rows: list[tuple[str, str | None, str | None]], random: object) -> None:
    frame = petitions(*rows)
    order = list(range(len(frame)))
    random.shuffle(order)  # type: ignore[attr-defined]
    one = group_petitioners(frame).petitioners
    two = group_petitioners(frame.iloc[order]).petitioners
    pd.testing.assert_frame_equal(one, two)


@settings(max_examples=12)
@given(ROWS)
def test_ids_stay_when_unrelated_rows_are_added(rows: list[tuple[str, str | None, str | None]]) -> None:
    before = group_petitioners(petitions(*rows)).petitions
    more = petitions(*rows, ("ZEBRA QUARRY LLC", "7777", "NV"), ("QUOKKA MARINE INC", None, "HI"))
    after = group_petitioners(more).petitions
    key = ["employer", "tax_id_last4", "state"]
    ids = before.merge(after, on=[*key, "fiscal_year"], suffixes=("", "_after"))
    assert (ids["petitioner_id"].astype("str").fillna("") == ids["petitioner_id_after"].astype("str").fillna("")).all()
