"""`h1b-sponsors changes` and `diff` between two releases of the small sample."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.release.reader import Release
from pipeline.schemas.frames import empty_frame, to_arrow
from pipeline.schemas.parquet import write_table
from pipeline.settings import DATA_DIR_VARIABLE

LIST = "functional_h1b_sponsors"
EARLIER = "2026-11-01_00000000"


def run(data: Path, *words: str, code: int = 0, command: str = "changes") -> str:
    result = CliRunner().invoke(app, [command, *words], env={DATA_DIR_VARIABLE: str(data), "COLUMNS": "200"})
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
    snapshots = [one for one in manifest["snapshots"] if not one["id"].startswith("policy_facts/")]
    manifest |= {"release_id": EARLIER, "as_of": "2026-11-01", "snapshots": snapshots}
    (releases / EARLIER / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    listed = Release.open(latest).table(LIST)
    code = listed.loc[listed["h1b_stated"].isin(["yes", "case_by_case"]), "program_code"].iloc[0]
    listed.loc[listed["program_code"] == code, "h1b_stated"] = "not_stated"
    write_table(to_arrow(listed, LIST), releases / EARLIER / f"{LIST}.parquet")
    write_table(to_arrow(empty_frame("visa_policies"), "visa_policies"), releases / EARLIER / "visa_policies.parquet")
    return tmp_path, code


def test_who_newly_states_an_h1b(two_releases: tuple[Path, str]) -> None:
    data, code = two_releases
    rows = json.loads(run(data, "--format", "json"))
    assert [(row["program_code"], row["change"]) for row in rows] == [(code, "newly_states")]
    assert rows[0]["before"] == "H-1B not stated"
    said = run(data, "--since", "2026-11-05")
    assert "newly states 1" in said and code in said and "as of 2026-11-01" in said


def test_without_an_earlier_release_a_line_says_so(two_releases: tuple[Path, str], sample_data: Path) -> None:
    assert "no earlier release as of 2026-10-01 or before" in run(two_releases[0], "--since", "2026-10-01", code=1)
    assert "no earlier release to compare with" in run(sample_data, code=1)
    assert "is no day" in run(two_releases[0], "--since", "lately", code=2)


def test_filters_choose_whose_changes_are_shown(two_releases: tuple[Path, str]) -> None:
    data, _ = two_releases
    assert json.loads(run(data, "--format", "json", "--state", "AK")) == []


def test_two_releases_are_told_apart_as_the_notes_tell_it(two_releases: tuple[Path, str]) -> None:
    data, code = two_releases
    said = run(data, EARLIER, "latest", command="diff")
    assert "1 program newly states an H-1B" in said and code in said and "Restated in other words" in said
    assert "No current list" in said


def test_the_lines_are_those_of_any_two_releases_named_in_any_way(two_releases: tuple[Path, str]) -> None:
    data, code = two_releases
    folder = str(data / "curated" / "releases" / EARLIER)
    lines = [json.loads(line) for line in run(data, folder, "--format", "jsonl", command="diff").splitlines()]
    assert [(line["kind"], line["id"], line["field"], line["old"]) for line in lines] == [
        ("policy", code, "h1b_stated", "not_stated")
    ]
    back = [json.loads(line) for line in run(data, "latest", EARLIER, "--format", "jsonl", command="diff").splitlines()]
    assert [(line["old"], line["new"]) for line in back] == [(line["new"], line["old"]) for line in lines]
    whole = json.loads(run(data, EARLIER, "--format", "json", command="diff"))
    assert whole["delta"] == lines and whole["compared_with"] == EARLIER and whole["changes"][0]["count"] == 1


def test_a_release_that_is_not_there_is_told_with_those_that_are(two_releases: tuple[Path, str]) -> None:
    said = run(two_releases[0], "2020-01-01_00000000", command="diff", code=1)
    assert "is no release of" in said and EARLIER in said
