"""The releases that there are, shown and chosen."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.release.inputs import ReleaseInputs
from pipeline.release.publish import publish
from pipeline.settings import DATA_DIR_VARIABLE


def run(data: Path, *words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words), env={DATA_DIR_VARIABLE: str(data), "COLUMNS": "200"})
    return result.exit_code, result.output


def test_releases_are_listed_and_latest_is_moved(tmp_path: Path) -> None:
    assert "no release yet" in run(tmp_path, "releases")[1]
    first, second = (
        publish(tmp_path / "curated", ReleaseInputs(dt.date(2026, 11, day), "0+x", ()), {}, {}).release_id
        for day in (5, 30)
    )
    listed = run(tmp_path, "releases")[1].splitlines()
    assert [line.split()[0] for line in listed[1:]] == [second, first]
    assert "latest" in listed[1] and "latest" not in listed[2]
    assert run(tmp_path, "rollback", first)[0] == 0
    assert "latest" in run(tmp_path, "releases")[1].splitlines()[2]
    code, message = run(tmp_path, "rollback", "2020-01-01_x")
    assert code == 1 and "there is no release 2020-01-01_x" in message
