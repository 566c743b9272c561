"""The promise of a schema version: what changes in a minor one, and what in a major one only."""

from __future__ import annotations

import copy
import itertools

import pytest

from pipeline.schemas.registry import SCHEMA_VERSION, TABLES
from pipeline.settings import PROJECT
from tests.contract import schema

NOW = tuple(int(part) for part in SCHEMA_VERSION.split("."))


def test_the_schema_of_this_version_is_the_stored_one() -> None:
    remedy = (
        "the schema has changed: raise SCHEMA_VERSION as docs/contract.md says, then `python -m tests.contract.schema`"
    )
    assert schema.today() == schema.stored(SCHEMA_VERSION), remedy


def test_what_breaks_a_reader_needs_a_major_version_and_a_line_in_the_changelog() -> None:
    changelog = (PROJECT / "CHANGELOG.md").read_text("utf-8")
    known = schema.versions()
    assert known[-1] == NOW, "SCHEMA_VERSION is not the newest stored one"
    for earlier, later in itertools.pairwise(known):
        old, new = (schema.stored(".".join(map(str, version))) for version in (earlier, later))
        problems = schema.breaks(old, new)
        assert not problems or later[0] > earlier[0], problems
        assert old == new or later[:2] > earlier[:2], f"{later} changes what the tables hold: raise the minor version"
    for version in known:
        assert f"schema {'.'.join(map(str, version))}" in changelog


def test_columns_say_which_version_brought_them() -> None:
    stored = [".".join(map(str, version)) for version in schema.versions()]
    for name, table in schema.today().items():
        for column in table["columns"]:
            since = TABLES[name].field(column).since
            had = [
                version for version in stored if column in schema.stored(version).get(name, {"columns": {}})["columns"]
            ]
            assert since == had[0], f"{name}.{column}"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda tables: tables.pop("petitions"), "table petitions is gone"),
        (lambda tables: tables["petitions"]["columns"].pop("naics"), "petitions.naics is gone"),
        (lambda tables: tables["petitions"]["columns"]["naics"].update(type="int64"), "petitions.naics is int64 and was string"),
        (lambda tables: tables["petitions"]["columns"]["employer"].update(null=True), "petitions.employer may be null and couldn't"),
        (lambda tables: tables["petitions"].update(key=["employer"]), "petitions has another key"),
    ],
)  # fmt: skip
def test_a_break_is_seen(change, problem: str) -> None:
    changed = copy.deepcopy(schema.today())
    change(changed)
    assert schema.breaks(schema.today(), changed) == [problem]
