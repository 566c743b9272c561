"""Tables between steps: versions that are equal where tables are, and records that vouch only for what is as it was."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from pipeline.schemas.frames import to_arrow
from pipeline.schemas.registry import table
from pipeline.steps.work import DAMAGED, NEVER_RUN, RowsOfSources, Work

NAME = "university_domains"
ABOUT = {
    "snapshot_id": "x", "layout": "l", "part": "all", "coverage": "full", "sample": False, "used": True, "rows_in": 1,
    "added_on": pd.Timestamp("2026-11-01"), "original_name": "n", "sha256": "s", "licence": "l",
}  # fmt: skip


def colleges(*names: str) -> pa.Table:
    rows = {"name": names, "state_name": "Maine", "domains": [["x.edu"]] * len(names), "snapshot_id": "s"}
    return to_arrow(pd.DataFrame(rows), NAME)


@pytest.fixture
def work(tmp_path: Path) -> Work:
    """A step `s`, made from a and b, that left one table."""
    made = Work(tmp_path)
    stored = made.write(NAME, colleges("Bates", "Colby"))
    made.keep("s", {"a": "1", "b": "2"}, [stored.path], seen="then")
    return made


def why(work: Work, **made_from: str) -> tuple[str, ...]:
    return work.why_anew("s", {"a": "1", "b": "2", **made_from}, [work.table(NAME).path])


def test_equal_tables_have_equal_versions(tmp_path: Path) -> None:
    first = Work(tmp_path / "one").write(NAME, colleges("Bates", "Colby"))
    same = Work(tmp_path / "two").write(NAME, pa.concat_tables([colleges("Bates"), colleges("Colby")]))
    other = Work(tmp_path / "three").write(NAME, colleges("Bates"))
    assert first.version == same.version != other.version
    assert (first.rows, first.head(1).num_rows, first.head(9).num_rows) == (2, 1, 2)
    assert first.arrow().equals(colleges("Bates", "Colby")) and list(first.frame()["name"]) == ["Bates", "Colby"]


def test_an_empty_table_has_a_head(tmp_path: Path) -> None:
    assert Work(tmp_path).write(NAME, colleges()).head(5).num_rows == 0


def test_what_has_changed_is_named(work: Work) -> None:
    assert why(work) == () and work.seen("s") == "then"
    assert why(work, a="other") == ("a",)
    assert why(work, a="other", c="new") == ("a", "c")
    assert work.why_anew("s", {"a": "1"}, []) == ("b",)


def test_what_a_step_made_itself_is_no_change_unless_something_else_is(work: Work) -> None:
    files = [work.table(NAME).path]
    assert work.why_anew("s", {"a": "other", "b": "2"}, files, own=["a"]) == ()
    assert work.why_anew("s", {"a": "other", "b": "other"}, files, own=["a"]) == ("a", "b")
    work.write(NAME, colleges("Bates"))
    assert work.why_anew("s", {"a": "other", "b": "2"}, files, own=["a"]) == (DAMAGED,)


def test_a_table_that_is_not_as_it_was_left_is_damage(work: Work) -> None:
    work.write(NAME, colleges("Bates"))
    assert why(work) == (DAMAGED,)
    work.write(NAME, colleges("Bates", "Colby"))
    assert why(work) == ()
    work.table(NAME).path.unlink()
    assert why(work) == (DAMAGED,)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"made_from": 1, "files": {}, "seen": ""}', "\x00"])
def test_a_record_that_is_none_is_a_first_run(work: Work, text: str) -> None:
    (work.folder / "steps" / "s.json").write_text(text, "utf-8")
    assert why(work) == (NEVER_RUN,) and work.seen("s") == ""


def test_rows_of_a_source_are_the_same_whatever_comes_of_another(tmp_path: Path) -> None:
    def kept(*sources: str) -> RowsOfSources:
        rows = [dict.fromkeys(table("snapshots").columns) | ABOUT | {"source": one} for one in sources]
        stored = Work(tmp_path).write("snapshots", to_arrow(pd.DataFrame(rows), "snapshots"))
        return RowsOfSources(stored.name, stored.path, ("irs",))

    first = kept("irs", "ror")
    assert list(first.frame()["source"]) == ["irs"]
    version = first.version
    assert kept("irs", "ror", "cms").version == version != kept("ror").version
