"""Rows of the Employer Data Hub to petitions: sums, blanks, coverage."""

from __future__ import annotations

import pandas as pd

from pipeline.linkage.petitions import KEY, numbered_petitions, sum_petitions, text_numbers
from pipeline.schemas.frames import to_arrow


def row(**cells: object) -> dict[str, object]:
    base: dict[str, object] = {
        "fiscal_year": 2021, "employer": "A HOSPITAL", "tax_id_last4": "0114", "naics": "62", "state": "TX",
        "city": "Houston", "zip": "77001", "initial_approvals": 1, "initial_denials": 0, "continuing_approvals": 2,
        "continuing_denials": 0, "coverage": "full", "snapshot_id": "b",
    }  # fmt: skip
    return base | cells


def test_equal_keys_are_added_and_white_space_collapses() -> None:
    rows = pd.DataFrame([row(), row(employer=" A  HOSPITAL ", city="HOUSTON", zip="77002"), row(naics="61")])
    summed = sum_petitions(rows)
    assert len(summed) == 2
    health = summed[summed["naics"] == "62"].iloc[0]
    assert (health["initial_approvals"], health["continuing_approvals"], health["city"]) == (2, 4, "HOUSTON")


def test_blank_employers_are_kept_and_nulls_are_keys() -> None:
    rows = pd.DataFrame([row(employer=None), row(employer=None, tax_id_last4=None), row(state=None, city=None)])
    summed = sum_petitions(rows)
    assert sorted(summed["employer"]) == ["", "", "A HOSPITAL"]
    assert (summed["petitioner_site_id"].isna() == (summed["employer"] == "")).all()
    assert summed["initial_approvals"].sum() == 3


def test_the_numbers_beside_petitions_are_those_of_their_texts() -> None:
    rows = pd.DataFrame(
        [row(), row(employer=None, tax_id_last4=None), row(city=None), row(city=" dallas ", naics="54")]
    )
    petitions, numbers = numbered_petitions(rows)
    known = text_numbers(petitions)
    assert [*numbers] == [*known] == KEY[1:]
    for column, made in numbers.items():
        pd.testing.assert_series_equal(made.texts(), petitions[column], check_names=False)
        assert made.codes.tolist() == known[column].codes.tolist()


def test_a_partial_snapshot_makes_the_sum_partial() -> None:
    rows = pd.DataFrame([row(), row(coverage="partial", snapshot_id="a")])
    summed = sum_petitions(rows)
    assert summed["coverage"].tolist() == ["partial"]
    assert summed["snapshot_id"].tolist() == ["a"]


def test_petition_types_are_null_where_the_layout_lacks_them() -> None:
    rows = pd.DataFrame([row(new_employment_approvals=3), row(fiscal_year=2020, new_employment_approvals=None)])
    summed = sum_petitions(rows, coverage="full", snapshot_id="x").set_index("fiscal_year")
    assert summed.loc[2021, "new_employment_approvals"] == 3
    assert pd.isna(summed.loc[2020, "new_employment_approvals"])


def test_order_of_rows_does_not_matter_and_the_table_fits() -> None:
    rows = pd.DataFrame([row(), row(employer="B"), row(fiscal_year=2019), row(state=None)])
    one, two = sum_petitions(rows), sum_petitions(rows.iloc[::-1])
    pd.testing.assert_frame_equal(one, two)
    assert to_arrow(one, "petitions").num_rows == len(one.drop_duplicates(KEY))
