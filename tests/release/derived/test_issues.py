"""`issues.json`: everything that is wrong or open, with what to do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.release.reader import Release
from pipeline.schemas.vocabulary import ISSUE_KIND
from tests.release.made import program, released, tables

ROW = {"source": "uscis", "snapshot_id": "uscis/x", "row": 2, "reason": "no state", "content": "Jane Doe, 1"}
QUEUED = {
    "rank": 1, "kind": "petitioner_link", "subject": "GOOD HOSP", "candidate": "Good Hospital", "question": "Is it?", "reasons": [],
    "approvals": 7, "uncertainty": 1.0, "subject_id": "pet_1", "candidate_id": None,
}  # fmt: skip


def issues_of(release: Release) -> dict[str, Any]:
    return json.loads((release.folder / "issues.json").read_text("utf-8"))


def test_quarantine_and_review_are_told_row_by_row(tmp_path: Path) -> None:
    rows = {"quarantine": [ROW, ROW | {"row": 0, "reason": "torn"}], "review_queue": [QUEUED]}
    said = issues_of(
        released(tmp_path, 1, tables(**rows), notes={"absent_sources": ["ror"], "law_as_of": "2026-01-01"})
    )
    assert tuple(said["counts"]) == ISSUE_KIND
    assert said["counts"] == {
        "gate": {}, "absent_source": {"absent": 1}, "law": {"old": 1}, "quarantine": {"row": 1, "whole_file": 1},
        "review": {"petitioner_link": 1},
    }  # fmt: skip
    assert len(said["issues"]) == sum(count for kind in said["counts"].values() for count in kind.values())
    assert all(one["id"] and one["what_to_do"] for one in said["issues"])
    by_id = {one["id"]: one for one in said["issues"]}
    assert by_id["uscis/x#2"]["subject"] == "uscis/x row 2: no state"
    assert by_id["pet_1"] | {"what_to_do": ""} == {
        "kind": "review", "reason": "petitioner_link", "id": "pet_1", "subject": "GOOD HOSP", "what_to_do": "",
        "candidate": "Good Hospital", "approvals": 7,
    }  # fmt: skip


def test_what_a_row_held_is_not_passed_on(tmp_path: Path) -> None:
    release = released(tmp_path, 1, tables(quarantine=[ROW]))
    assert "Jane" not in (release.folder / "issues.json").read_text("utf-8")


def test_what_fell_against_the_release_before_is_a_gate(tmp_path: Path) -> None:
    figures = {"programs": 100, "institutions": 50, "stated_policies": 10, "institutions_with_petitioner": 40}
    real = {"snapshots": ["acgme/x"]}
    released(tmp_path, 1, tables(programs=[program("1400000001")]), notes={"figures": figures}, **real)
    fewer = figures | {"programs": 99, "stated_policies": 1}
    said = issues_of(released(tmp_path, 2, tables(programs=[program("1400000001")]), notes={"figures": fewer}, **real))
    assert [(one["reason"], one["id"]) for one in said["issues"]] == [
        ("too_much_lost", "stated policies"),
        ("less", "programs"),
    ]
    assert "--accept-change" in said["issues"][0]["what_to_do"] and "100 -> 99" in said["issues"][1]["subject"]


def test_the_sample_has_its_issues(sample_release: Path) -> None:
    release = Release.open(sample_release)
    said = issues_of(release)
    assert sum(said["counts"]["review"].values()) == len(release.table("review_queue", ["rank"]))
    assert {one["id"] for one in said["issues"] if one["kind"] == "absent_source"} == set(
        release.manifest["absent_sources"]
    )
