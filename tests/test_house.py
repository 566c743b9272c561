"""The shape of the house: sizes, docstrings, where things may lie. The direction of imports is import-linter's."""

from __future__ import annotations

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path

from pipeline.settings import PROJECT

PACKAGE = PROJECT / "pipeline"
TESTS = PROJECT / "tests"
MODULES = sorted(PACKAGE.rglob("*.py"))
MOST_LINES, MOST_LINES_OF_A_FUNCTION, MEDIAN_LINES = 300, 50, 150
# Two rooms have rules of their own inside, which nobody outside may know.
INNER = re.compile(r"pipeline\.policies\.sentence|import sentence\b")


def lines_of(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def functions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def test_modules_are_short() -> None:
    assert [f"{path.relative_to(PROJECT)}: {lines_of(path)}" for path in MODULES if lines_of(path) > MOST_LINES] == []
    assert statistics.median(lines_of(path) for path in MODULES if lines_of(path)) <= MEDIAN_LINES


def test_functions_are_short() -> None:
    long = [
        f"{path.relative_to(PROJECT)}: {node.name}"
        for path, node in functions()
        if (node.end_lineno or 0) - node.lineno + 1 > MOST_LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_every_module_says_what_belongs_in_it() -> None:
    bare = [
        str(path.relative_to(PROJECT))
        for path in MODULES
        if path.read_text("utf-8").strip() and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert bare == []


def test_curated_tables_lie_in_one_place() -> None:
    assert [path for path in PACKAGE.rglob("*.csv") if not path.is_relative_to(PACKAGE / "reference")] == []


def test_labelled_cases_are_data_only() -> None:
    assert list((TESTS / "gold").rglob("*.py")) == []


def test_tests_stay_at_the_doors() -> None:
    inside = [
        str(path.relative_to(PROJECT))
        for path in TESTS.rglob("*.py")
        if path != Path(__file__) and INNER.search(path.read_text("utf-8"))
    ]
    assert inside == []


def test_each_folder_of_tests_is_a_room_or_a_kind_of_test() -> None:
    rooms = {path.name for path in PACKAGE.iterdir() if path.is_dir()}
    kinds = {"benchmarks", "contract", "e2e", "fixtures", "gold", "golden"}
    folders = {path.name for path in TESTS.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders <= rooms | kinds
