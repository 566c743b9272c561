"""What `add` and `status` say of several program lists, in whatever order they come."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.settings import DATA_DIR_VARIABLE
from tests.archive.test_lists import NEWER, OLDER, table


def say(*arguments: str) -> str:
    return " ".join(CliRunner().invoke(app, list(arguments)).output.split())


@pytest.mark.parametrize("first", ["older", "newer"])
def test_each_list_says_what_it_brings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: str) -> None:
    monkeypatch.setenv(DATA_DIR_VARIABLE, str(tmp_path / "data"))
    files = {"older": OLDER, "newer": NEWER}
    for name, rows in files.items():
        (tmp_path / f"{name}.csv").write_text(table(rows), "utf-8")
    second = next(name for name in files if name != first)
    lines = {
        "older": "older.csv: 2 programs of list year 2020: 1 in no other list, 0 take the place of older rows, 1 are older and only fill gaps",
        "newer": "newer.csv: 2 programs of list year 2025: 1 in no other list, 1 take the place of older rows, 0 are older and only fill gaps",
    }
    assert "in no other list" not in say("add", str(tmp_path / f"{first}.csv"))
    added = say("add", str(tmp_path / f"{second}.csv"))
    assert lines[second] in added and lines[first] not in added
    status = say("status")
    assert lines["older"] in status and lines["newer"] in status
