"""docs/cookbook.md is true: each block runs as it stands, SQL and pandas give the same rows, and the answers are what the text says."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from h1b_sponsors import Release
from pipeline.release.derived.contents import Contents
from pipeline.release.derived.database import write_database
from pipeline.schemas.registry import arrow_schema
from pipeline.settings import PROJECT

TEXT = (PROJECT / "docs" / "cookbook.md").read_text("utf-8")
BEGINNING, *PARTS = re.split(r"^## (?=\d)", TEXT, flags=re.MULTILINE)
OLD_ID = "inst_0000000000000001"
Rows = list[dict[str, Any]]


def blocks(part: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", part, flags=re.MULTILINE | re.DOTALL)


def altered(folder: Path, name: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Write a table of a release anew, each row changed."""
    rows = [change(row) for row in pq.read_table(folder / f"{name}.parquet").to_pylist()]
    pq.write_table(pa.Table.from_pylist(rows, arrow_schema(name)), folder / f"{name}.parquet")


def added(folder: Path, name: str, **row: Any) -> None:
    pq.write_table(pa.Table.from_pylist([row], arrow_schema(name)), folder / f"{name}.parquet")


@pytest.fixture(scope="module")
def data(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose release has something to say to every question: the sample has no full year, redirect or change."""
    root = tmp_path_factory.mktemp("cookbook")
    shutil.copytree(
        sample_data / "curated", root / "data" / "curated", symlinks=True, ignore=shutil.ignore_patterns(".work")
    )
    folder = (root / "data" / "curated" / "latest").resolve()
    altered(folder, "petitions", lambda row: row | {"coverage": "full" if row["fiscal_year"] < 2022 else "partial"})
    altered(
        folder, "functional_h1b_sponsors",
        lambda row: row | ({"evidence_quote": '=HYPERLINK("http://x")'} if row["program_code"] == "1304121045" else {}),
    )  # fmt: skip
    release = Release.open(folder)
    institutions = release.table("institutions", ["institution_id", "name"])
    since = {"since": dt.date(2026, 11, 20), "release_id": release.id}
    added(folder, "redirects", old_id=OLD_ID, new_id=institutions["institution_id"].iloc[0], kind="merged", **since)
    changed = dict.fromkeys(arrow_schema("policy_changes").names) | {
        "program_code": "1304121045", "program_name": "x", "institution": "x", "cause": "first_statement", "old_policy": "not_stated",
        "old_h1b": "not_stated", "new_h1b": "yes", "new_policy": "both", "new_url": "https://example.org", "old_conditions": [],
        "new_conditions": [], "old_j1": "not_stated", "new_j1": "yes", "old_step3": "not_stated", "new_step3": "yes",
        "previous_release": "2026-10-20_00000000",
    }  # fmt: skip
    added(folder, "policy_changes", **changed)
    (folder / "h1b-sponsors.duckdb").unlink()
    tables = {Path(file["name"]).stem: release.arrow(Path(file["name"]).stem) for file in release.manifest["files"]}
    write_database(Contents(folder, tables, release.manifest))
    return root


def plain(value: Any) -> Any:
    if isinstance(value, list | np.ndarray):
        return [plain(one) for one in value]
    if value is None or pd.isna(value):
        return None
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    return value.item() if isinstance(value, np.generic) else value


def rows_of(frame: pd.DataFrame) -> Rows:
    return [{name: plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def by_sql(data: Path, part: str) -> Rows:
    (statement,) = blocks(part, "sql")
    with Release.open(data / "data").database() as connection:
        answer = connection.sql(statement).to_arrow_table()
    return [{name: plain(value) for name, value in row.items()} for row in answer.to_pylist()]


def by_pandas(part: str) -> Rows:
    names: dict[str, Any] = {}
    for block in (*blocks(BEGINNING, "python"), *blocks(part, "python")):
        exec(compile(block, "docs/cookbook.md", "exec"), names)
    return rows_of(names["answer"])


def holds(number: int, rows: Rows) -> bool:
    """Whether the answer to a question is what its text says."""
    return {
        1: lambda: all(row["evidence_url"] and row["evidence_quote"] and row["evidence_kind"] for row in rows),
        2: lambda: rows == sorted(rows, key=lambda row: -row["initial_approvals"]) and rows[0]["initial_approvals"] > 0,
        3: lambda: [row["fiscal_year"] for row in rows] == [2020, 2021] and rows[0]["initial_approvals"] == 36,
        4: lambda: {row["starts"] for row in rows} == {2024, 2025} and all(row["workers"] >= row["applications"] for row in rows),
        5: lambda: {row["state"] for row in rows} == {"TX"} and all(row["state_freeze_until"] for row in rows),
        6: lambda: all(row["against"] and row["basis"] for row in rows),
        7: lambda: [(row["old_h1b"], row["new_h1b"], row["cause"]) for row in rows] == [("not_stated", "yes", "first_statement")],
        8: lambda: all(
            row["sponsoring_likelihood_low"] <= row["sponsoring_likelihood"] <= row["sponsoring_likelihood_high"] for row in rows
        ),
        9: lambda: all("transfer_only" in row["conditions"] for row in rows),
        10: lambda: sum(row["programs"] for row in rows) == 14 and {row["step3_required_for_h1b"] for row in rows} >= {"yes"},
        11: lambda: [row["approvals"] for row in rows] == [38, 21, 18, 7],
        12: lambda: sum(row["programs_listed"] for row in rows) == 151 and rows[0]["match_listed"] is None,
        13: lambda: [(row["old_id"], row["kind"], row["since"]) for row in rows] == [(OLD_ID, "merged", "2026-11-20")],
        14: lambda: all(row["answers"] > 1 for row in rows),
        15: lambda: len(rows) == 151 and [row["evidence_quote"] for row in rows if row["program_code"] == "1304121045"] == [
            '\'=HYPERLINK("http://x")'
        ],
    }[number]()  # fmt: skip


def test_there_are_fifteen_questions() -> None:
    assert [part.partition(".")[0] for part in PARTS] == [str(number) for number in range(1, 16)]


@pytest.mark.parametrize("number", range(1, 16))
def test_both_ways_give_the_same_rows_and_what_the_text_says(
    data: Path, number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = PARTS[number - 1]
    (tmp_path / "data").symlink_to(data / "data")
    monkeypatch.chdir(tmp_path)
    rows = by_sql(data, part)
    assert rows and rows == by_pandas(part)
    assert holds(number, rows)


def test_the_file_for_a_spreadsheet_holds_no_formula(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").symlink_to(data / "data")
    monkeypatch.chdir(tmp_path)
    by_pandas(PARTS[14])
    read = pd.read_csv("list.csv", dtype="str")
    assert len(read) == 151 and not read["evidence_quote"].str.startswith("=", na=False).any()
    assert read["program_code"].str.len().eq(10).all()
