"""Ids: their form, what counts as equal, one by one and in columns."""

from __future__ import annotations

import pandas as pd

from pipeline.schemas.ids import PETITIONER_SITE, petitioner_site_ids, stable_id, stable_ids


def test_stable_ids_tell_blank_from_text_and_keep_their_form() -> None:
    assert stable_id("pet", "1", None) == stable_id("pet", "1", float("nan"))
    assert stable_id("pet", "12", "3") != stable_id("pet", "1", "23")
    assert len(stable_id("inst", "050737")) == len("inst_") + 16


def test_a_published_id_never_changes() -> None:
    assert stable_id("inst", "050737") == "inst_7385983e8317b7c4"


def test_columns_give_the_ids_of_their_rows() -> None:
    frame = pd.DataFrame({"a": ["1", None, "1"], "b": ["2", "3", "2"]}, index=[5, 3, 9]).astype("str")
    ids = stable_ids("x", frame["a"], frame["b"])
    assert ids.index.tolist() == [5, 3, 9]
    assert ids.tolist() == [stable_id("x", "1", "2"), stable_id("x", None, "3"), stable_id("x", "1", "2")]
    assert stable_ids("x", frame["a"].iloc[:0]).empty


def test_a_petitioner_site_is_one_spelling_tax_id_and_place_and_a_blank_employer_is_none() -> None:
    rows = [
        ("A HOSPITAL", "0114", "TX", "HOUSTON"),
        ("A HOSPITAL", "0114", "TX", None),
        ("A HOSPITAL", "0114", "TX", "HOUSTON"),
        ("", "0114", "TX", "HOUSTON"),
    ]
    ids = petitioner_site_ids(pd.DataFrame(rows, columns=list(PETITIONER_SITE)))
    assert ids[0] == ids[2] == stable_id("site", *rows[0])
    assert ids[1] not in (ids[0], None)
    assert ids.isna().tolist() == [False, False, False, True]
