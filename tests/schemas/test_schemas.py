"""The registry, and what is made of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.schemas.checks import fit_table, unknown_references, violations
from pipeline.schemas.dictionary import markdown
from pipeline.schemas.frames import (
    SchemaError,
    among,
    empty_frame,
    list_column,
    list_items,
    to_arrow,
    to_frame,
)
from pipeline.schemas.registry import TABLES, arrow_schema, table
from pipeline.settings import PROJECT


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_table_can_be_empty_and_comes_back(name: str) -> None:
    frame = empty_frame(name)
    assert tuple(frame.columns) == table(name).columns
    assert violations(frame, name) == []
    assert to_frame(to_arrow(frame, name)).dtypes.equals(frame.dtypes)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_keys_and_names_are_sound(name: str) -> None:
    described = table(name)
    assert len(set(described.columns)) == len(described.columns)
    assert set(described.key) <= set(described.columns)
    assert all(field.description for field in described.fields)


def test_a_column_of_lists_has_for_each_row_what_it_owns() -> None:
    column = list_column(np.array([0, 0, 2]), pa.array(["a", "b", "c"]), 4)
    assert column.tolist() == [["a", "b"], [], ["c"], []]
    assert list_column(np.array([], dtype="int64"), pa.chunked_array([], pa.string()), 1).tolist() == [[]]


def test_texts_among_others_are_found_and_null_is_not() -> None:
    texts = pd.Series(["a", None, "b"], dtype="str")
    assert among(texts, {"a", "c"}).tolist() == [True, False, False]
    assert among(texts, pd.Series([None, "b"], dtype="str")).tolist() == [False, False, True]
    assert among(texts, pd.Series([], dtype="float64")).tolist() == [False, False, False]


def confirmation(**changes: object) -> pd.DataFrame:
    row = {
        "about": "1400500911",
        "program_code": "1400500911",
        "confirmed_on": pd.Timestamp("2026-02-03"),
        "how": "email",
        "j1": "yes",
        "h1b": "no",
        "step3_required_for_h1b": "not_stated",
        "note": None,
    }
    return pd.DataFrame([row | changes])


def conformed(**changes: object) -> pd.DataFrame:
    return to_frame(to_arrow(confirmation(**changes), "confirmations"))


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"how": "rumour"}, "how"),
        ({"h1b": "maybe"}, "h1b"),
        ({"program_code": "140"}, "program_code"),
    ],
)
def test_a_value_that_does_not_fit_is_a_violation(changes: dict[str, object], column: str) -> None:
    assert [violation.column for violation in violations(conformed(**changes), "confirmations")] == [column]
    assert violations(conformed(), "confirmations") == []


def test_a_repeated_key_is_a_violation() -> None:
    twice = pd.concat([conformed(), conformed()], ignore_index=True)
    [violation] = violations(twice, "confirmations")
    assert (violation.column, violation.rule, violation.rows) == ("about, confirmed_on", "unique key", 2)


CELLS = st.sampled_from([None, "", "A", "B"])


@given(st.lists(st.tuples(CELLS, CELLS), max_size=6))
def test_a_key_repeats_where_two_rows_say_the_same_nulls_too(places: list[tuple[str | None, str | None]]) -> None:
    rows = pd.DataFrame(places, columns=["employer_state", "employer_city"], dtype="str")
    rows = rows.assign(verdict="same", institution="A", employer="B", tax_id_last4=None)
    fit = fit_table(rows, "unmet_judgements")
    of_key = [one.rule for one in fit.violations if "employer_city" in one.column and one.rule == "unique key"]
    assert of_key == (["unique key"] if len(set(places)) < len(places) else [])


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(SchemaError, match="not in the registry"):
        to_arrow(confirmation().assign(secret=1), "confirmations")


def test_a_missing_required_column_is_refused() -> None:
    with pytest.raises(SchemaError, match="h1b is missing"):
        to_arrow(confirmation().drop(columns="h1b"), "confirmations")


def test_a_null_in_a_required_column_is_refused() -> None:
    with pytest.raises(SchemaError, match="nulls in a required column"):
        to_arrow(confirmation(h1b=None), "confirmations")


def test_a_value_of_another_type_is_refused() -> None:
    with pytest.raises(SchemaError, match=r"cms_hospitals\.name"):
        to_arrow(pd.DataFrame({"facility_id": ["010001"], "name": [{"a": 1}], "hospital_type": ["x"]}), "cms_hospitals")


def test_rows_are_written_in_key_order() -> None:
    rows = pd.concat([confirmation(about="2" * 10), confirmation(about="1" * 10)], ignore_index=True)
    assert to_arrow(rows, "confirmations")["about"].to_pylist() == ["1" * 10, "2" * 10]


def test_descriptions_travel_with_the_file() -> None:
    assert arrow_schema("petitions").field("fiscal_year").metadata[b"description"]
    assert arrow_schema("petitions").field("fiscal_year").type == pa.int64()


def test_the_committed_dictionary_is_the_generated_one() -> None:
    """Renew it with: make dictionary."""
    assert (PROJECT / "docs" / "data_dictionary.md").read_text("utf-8") == markdown(list(TABLES.values()))


@pytest.mark.parametrize("name", sorted(TABLES))
def test_foreign_keys_name_columns_of_the_same_type(name: str) -> None:
    described = table(name)
    for key in described.foreign_keys:
        own = [described.field(column).type for column in key.columns]
        assert own == [table(key.table).field(column).type for column in key.references]


def links(*petitioners: str | None) -> pa.Table:
    """Table `employer_links`, one row for each petitioner."""
    rows = pd.DataFrame({"employer_name": "A", "petitioner_id": list(petitioners)}).astype({"petitioner_id": "str"})
    return to_arrow(rows, "employer_links")


def petitioners(*ids: str) -> pa.Table:
    rows = pd.DataFrame({"petitioner_id": ids, "name": "A", "first_fiscal_year": 2020, "last_fiscal_year": 2020})
    return to_arrow(rows.assign(initial_approvals=1, continuing_approvals=1), "petitioners")


def test_what_a_foreign_key_names_must_be_known_and_a_null_names_nothing() -> None:
    assert unknown_references({"employer_links": links("pet_1", None), "petitioners": petitioners("pet_1")}) == []
    strange = links("pet_3", "pet_1", "pet_2", "pet_2")
    [line] = unknown_references({"employer_links": strange, "petitioners": petitioners("pet_1")})
    assert line == "employer_links names 2 ids that petitioners does not have, e.g. petitioner_id = pet_2"


def test_a_key_to_a_table_that_is_not_at_hand_is_not_checked() -> None:
    assert unknown_references({"employer_links": links("pet_1")}) == []


def test_the_dictionary_shows_the_keys_between_its_tables() -> None:
    assert "`petitioner_id` in `petitioners.petitioner_id`" in markdown([table("petitions"), table("petitioners")])
    assert "Foreign keys" not in markdown([table("petitions")])


def test_texts_in_lists_know_their_row_whether_python_or_arrow_holds_the_lists() -> None:
    lists = [["A", "B"], [], ["C"]]
    arrow = to_frame(pa.table({"names": pa.array(lists, pa.list_(pa.string()))}), arrow_lists=True)["names"]
    for column in (pd.Series(lists), arrow):
        rows, texts = list_items(column)
        assert rows.tolist() == [0, 0, 2]
        assert texts.to_pylist() == ["A", "B", "C"]
