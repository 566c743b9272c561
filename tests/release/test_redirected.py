"""Redirects are kept from release to release and lead on to what stands for an id now."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pyarrow as pa

from pipeline.release.redirected import (
    earlier_institutions,
    earlier_petitioners,
    earlier_redirects,
    has_institutions,
    institutions_version,
    petitioners_version,
    redirects,
)
from pipeline.schemas.frames import to_arrow
from tests.release.made import LIST, released

COLUMNS = ["old_id", "new_id", "kind", "since", "release_id"]
OLD_DAY, NEW_DAY = dt.date(2026, 10, 1), dt.date(2026, 11, 1)


def rows(day: dt.date, *found: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame([(*row, day, f"release of {day}") for row in found], columns=COLUMNS)


def pairs(table: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(table["old_id"], table["new_id"], strict=True))


def test_a_first_release_has_nothing_before_it() -> None:
    assert earlier_institutions(None).empty and earlier_petitioners(None).empty
    assert not has_institutions(None, pd.DataFrame())
    assert earlier_redirects(None).empty


def test_earlier_redirects_are_kept_and_led_on() -> None:
    earlier = rows(OLD_DAY, ("a", "b", "merged"), ("p", "q", "split"))
    told = redirects(rows(NEW_DAY, ("b", "c", "merged")), earlier, {"c", "p", "q"})
    assert pairs(told) == {("a", "c"), ("b", "c"), ("p", "q")}
    assert told.set_index("old_id")["since"].to_dict() == {"a": OLD_DAY, "b": NEW_DAY, "p": OLD_DAY}
    assert to_arrow(told, "redirects").num_rows == 3


def test_an_id_in_use_again_is_redirected_no_more() -> None:
    earlier = rows(OLD_DAY, ("a", "b", "merged"))
    assert redirects(rows(NEW_DAY), earlier, {"a", "b"}).empty
    assert pairs(redirects(rows(NEW_DAY, ("b", "a", "merged")), earlier, {"a"})) == {("b", "a")}


def test_releases_with_the_same_ids_have_one_version(small_tables: dict[str, pa.Table], tmp_path: Path) -> None:
    listed, petitioners = small_tables[LIST], small_tables["petitioners"]
    made: list[dict[str, pa.Table]] = [
        {},
        {LIST: with_each(listed, "h1b_stated", "yes")},
        {LIST: listed.slice(1)},
        {"petitioners": with_each(petitioners, "tax_id_last4", "0000")},
    ]
    plain, stated, shorter, others = (
        released(tmp_path, day, small_tables | other) for day, other in enumerate(made, 1)
    )
    assert institutions_version(plain) == institutions_version(stated) == institutions_version(others)
    assert petitioners_version(plain) == petitioners_version(stated) == petitioners_version(shorter)
    assert len({institutions_version(one) for one in (plain, shorter, None)}) == 3
    assert len({petitioners_version(one) for one in (plain, others, None)}) == 3
    programs = plain.table(LIST, ["program_code", "institution_id"])
    assert has_institutions(stated, programs[::-1]) and not has_institutions(shorter, programs)
    assert not has_institutions(plain, programs.assign(institution_id="inst_0"))
    assert set(earlier_petitioners(others)["id"]) == set(petitioners["petitioner_id"].to_pylist())
    assert earlier_petitioners(others)["spelling"].str.startswith("0000 ").all()
    assert set(earlier_institutions(shorter)["program_code"]) == set(programs["program_code"][1:])


def with_each(table: pa.Table, column: str, value: str) -> pa.Table:
    place = table.column_names.index(column)
    return table.set_column(place, table.schema.field(column), pa.array([value] * len(table)))
