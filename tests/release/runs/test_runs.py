"""Summaries of runs: complete for those that failed, escaped on their pages, and as many as are kept."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.archive.reading import open_archive
from pipeline.fetch.due import due_by_hand
from pipeline.release.runs import files
from pipeline.release.runs.files import last_run, write_run
from pipeline.release.runs.page import page
from pipeline.release.runs.summary import Run, StepRun, in_a_line, summary
from pipeline.schemas.frames import empty_frame
from pipeline.settings import DataFolder
from pipeline.sources.catalogue import SOURCES

BEGAN = dt.datetime(2026, 12, 1, 6, tzinfo=dt.UTC)
EVIL = "<script>alert(1)</script>"


def failed(data: DataFolder, minutes: int = 0) -> dict[str, Any]:
    steps = (
        StepRun("read_nrmp", "succeeded", 1.5, 300, False, ("code",), {"nrmp_tracks": 7}, {EVIL: 2}),
        StepRun("release"),
    )
    began = BEGAN + dt.timedelta(minutes=minutes)
    run = Run(
        f"{minutes:08d}-x", "monthly_refresh", began, began + dt.timedelta(seconds=90), steps, f"it broke: {EVIL}"
    )
    return summary(run, data, empty_frame("snapshots"))


def test_a_failed_run_says_what_failed_and_what_was_done(tmp_path: Path) -> None:
    told = failed(DataFolder(tmp_path))
    assert told["succeeded"] is False and told["release"] is told["changes"] is None
    assert [source["source"] for source in told["sources"]] == [source.id for source in SOURCES]
    [nrmp] = [source for source in told["sources"] if source["source"] == "nrmp"]
    assert (nrmp["state"], nrmp["quarantined"], nrmp["read_again"]) == ("absent", 2, True)
    assert [step["state"] for step in told["steps"]] == ["succeeded", "not_run"]
    assert in_a_line(told).startswith("last run: 2026-12-01T06:00:00+00:00, FAILED: it broke")
    json.dumps(told)


def test_a_page_escapes_all_text(tmp_path: Path) -> None:
    html = page(failed(DataFolder(tmp_path)))
    assert "<script" not in html and html.count("&lt;script&gt;") == 2


def test_a_run_of_a_release_tells_what_it_made(sample_data: Path) -> None:
    told = last_run(DataFolder(sample_data))
    assert told is not None and told["succeeded"] and told["failed"] is None
    assert told["release"]["latest"] and told["figures"]["programs"] > 100
    steps = {step["name"]: step for step in told["steps"]}
    assert steps["release"]["state"] == "succeeded" and steps["petitioner_links"]["rows"]["petitioner_links"] > 100
    assert all(step["peak_megabytes"] > 0 and step["reused"] is not None for step in steps.values() if step["rows"])
    assert "not of this run" in told["measured_is_of"] and told["measured"]
    assert sum(band["programs"] for band in told["measured_on_the_release"]) > 100
    assert sum(source["rows_in"] for source in told["sources"]) > 1000
    [html] = (sample_data / "runs").glob("*.html")
    assert told["release"]["release_id"] in html.read_text("utf-8")


def test_a_run_says_what_is_held_back_and_what_a_person_has_to_save(tmp_path: Path) -> None:
    told = failed(DataFolder(tmp_path))
    assert told["held"] == told["due_by_hand"] == told["measured_on_the_release"] == []
    row = dict.fromkeys(empty_frame("snapshots").columns)
    rows = pd.DataFrame(
        [
            {**row, "snapshot_id": "ror/1", "source": "ror", "part": part, "used": False, "sample": False, "unused_reason": why}
            for part, why in (("b", "held back: half the rows"), ("a", "held back: half the rows"), ("c", "older than ror/2"))
        ]
    )  # fmt: skip
    due = list(due_by_hand(open_archive(tmp_path / "raw"), BEGAN.date()))
    run = Run("r", "monthly_refresh", BEGAN, BEGAN, ())
    told = json.loads(json.dumps(summary(run, DataFolder(tmp_path), rows, [asdict(one) for one in due]), default=str))
    assert told["held"] == [{"snapshot_id": "ror/1", "source": "ror", "reason": "half the rows", "parts": ["a", "b"]}]
    assert {one["source"] for one in told["due_by_hand"]} == {"ncses", "acgme", "directory_pages", "nrmp"}
    assert all(one["overdue"] and one["newest"] is None and one["address"] for one in told["due_by_hand"])
    html = page(told)
    assert "ror/1: half the rows" in html and "https://www.nrmp.org/match-data/" in html and "none yet" in html


def test_the_oldest_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "KEPT", 2)
    data = DataFolder(tmp_path)
    for minutes in range(4):
        write_run(failed(data, minutes), data)
    assert [path.stem[:15] for path in sorted((tmp_path / "runs").glob("*.html"))] == [
        "20261201T060200",
        "20261201T060300",
    ]
    assert len(list((tmp_path / "runs").iterdir())) == 4
    told = last_run(data)
    assert told is not None and told["started_at"].startswith("2026-12-01T06:03")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"steps": 1, "started_at": ""}'])
def test_what_is_no_summary_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "run_summary.json").write_text(text, "utf-8")
    assert last_run(DataFolder(tmp_path)) is None
