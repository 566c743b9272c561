"""`h1b-sponsors changes` between two releases of the small sample."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.settings import DATA_DIR_VARIABLE

LIST = "functional_h1b_sponsors"
EARLIER = "2026-11-01_00000000"


def run(data: Path, *words: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["changes", *words], env={DATA_DIR_VARIABLE: str(data), "COLUMNS": "200"})
    assert result.exit_code == code, result.output
    return result.stdout if not code else result.output


@pytest.fixture
def two_releases(sample_data: Path, tmp_path: Path) -> tuple[Path, str]:
    """A data folder with the sample's release and an earlier one that did not state one program's H-1B; and its code."""
    latest = (sample_data / "curated" / "latest").resolve()
    releases = tmp_path / "curated" / "releases"
    for name in (latest.name, EARLIER):
        shutil.copytree(latest, releases / name)
    (tmp_path / "curated" / "latest").symlink_to(releases / latest.name)
    manifest = json.loads((latest / "manifest.json").read_text("utf-8"))
    manifest |= {"release_id": EARLIER, "as_of": "2026-11-01"}
    (releases / EARLIER / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    listed = pd.read_parquet(latest / f"{LIST}.parquet")
    code = listed.loc[listed["h1b_stated"].isin(["yes", "case_by_case"]), "program_code"].iloc[0]
    listed.loc[listed["program_code"] == code, "h1b_stated"] = "not_stated"
    listed.to_parquet(releases / EARLIER / f"{LIST}.parquet")
    return tmp_path, code


def test_who_newly_states_an_h1b(two_releases: tuple[Path, str]) -> None:
    data, code = two_releases
    rows = json.loads(run(data, "--format", "json"))
    assert [(row["program_code"], row["change"]) for row in rows] == [(code, "newly_states")]
    said = run(data, "--since", "2026-11-05")
    assert "newly states 1" in said and code in said and "as of 2026-11-01" in said


def test_without_an_earlier_release_a_line_says_so(two_releases: tuple[Path, str], sample_data: Path) -> None:
    assert "no earlier release as of 2026-10-01 or before" in run(two_releases[0], "--since", "2026-10-01", code=1)
    assert "no earlier release to compare with" in run(sample_data, code=1)
    assert "is no day" in run(two_releases[0], "--since", "lately", code=2)
