"""A step is made where something that it is made from has changed, and else taken over, by every process of a run alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pandas as pd
import pytest

from pipeline.schemas.checks import Fit, fit_table
from pipeline.steps.step import Inputs, Made, Step, run_step, stale
from pipeline.steps.work import NEVER_RUN, Work

NAME = "cms_hospitals"
GOOD = {"facility_id": ["010001"], "name": ["A"], "hospital_type": ["Childrens"], "state": ["MA"], "snapshot_id": ["s"]}
Run = Callable[..., Made]


@pytest.fixture
def made() -> list[str]:
    """The runs in which the step was made."""
    return []


@pytest.fixture
def run(tmp_path: Path, made: list[str]) -> Run:
    def run(
        run_id: str, version: str = "1", unknown: tuple[str, ...] = (), rows: Mapping[str, list[str]] = GOOD
    ) -> Made:
        step, openers = step_of(tmp_path, run_id, made, version, unknown, rows)
        return run_step(step, openers)

    return run


def step_of(
    folder: Path, run_id: str, made: list[str], version: str, unknown: tuple[str, ...], rows: Mapping[str, list[str]]
) -> tuple[Step, dict[str, Callable[[], object]]]:
    def make() -> Iterator[tuple[str, Fit]]:
        made.append(run_id)
        (folder / "beside.txt").write_text(version, "utf-8")
        yield NAME, fit_table(pd.DataFrame(rows), NAME)

    def inputs(*_: object) -> Inputs:
        return Inputs({"input": version}, make, unknown)

    step = Step("s", (NAME,), "linkage", "linked", (), ("data",), inputs, ("beside.txt",))
    return step, {"work": lambda: Work(folder, run_id), "data": lambda: folder}


def test_it_is_made_again_for_what_has_changed_alone(run: Run, made: list[str], tmp_path: Path) -> None:
    assert run("a").how["made_anew_for"] == [NEVER_RUN]
    assert run("b").how["reused"] and made == ["a"]
    assert run("c", version="2").how["made_anew_for"] == ["input"]
    (tmp_path / "beside.txt").unlink()
    assert run("d", version="2").how["made_anew_for"] == ["tables lost or changed"]
    assert made == ["a", "c", "d"]


def test_what_another_process_of_the_run_made_is_no_table_of_an_earlier_run(run: Run, made: list[str]) -> None:
    first = run("a")
    assert run("a").how == first.how and not first.how["reused"] and made == ["a"]


def test_what_nothing_says_the_version_of_is_looked_at_once_in_a_run(run: Run, made: list[str]) -> None:
    first = run("a", unknown=("archive",))
    assert first.how["made_anew_for"] == ["archive"]
    assert run("a", unknown=("archive",)).how == first.how
    assert run("b", unknown=("archive",)).how["made_anew_for"] == ["archive"]
    run("", unknown=("archive",))  # outside of a run nothing says what was made in it
    run("", unknown=("archive",))
    assert made == ["a", "b", "", ""]


def test_tables_that_break_a_rule_are_told_and_made_again(run: Run, made: list[str]) -> None:
    for _ in range(2):
        [violations] = run("a", rows={**GOOD, "state": ["ZZ"]}).broken.values()
        assert violations
    assert made == ["a", "a"]


def test_whether_it_is_stale_is_told_without_making_it(run: Run, made: list[str], tmp_path: Path) -> None:
    run("a")
    same, other = (step_of(tmp_path, "b", made, version, (), GOOD) for version in ("1", "2"))
    unknown = step_of(tmp_path, "a", made, "1", ("archive",), GOOD)
    assert [stale(*one) for one in (same, other, unknown)] == [False, True, True] and made == ["a"]
