"""The summary of a refresh, for the operator and for machines: plain values ready for JSON, also of one that failed.

What belongs here: putting together what the steps report and what lies in the data folder. How it looks as a page is in `page`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import pandas as pd

from pipeline.archive.selection import HELD, UNREADABLE, held_back
from pipeline.release.derived.changes import NOTES_FOR_MACHINES
from pipeline.release.inputs import changed_sources
from pipeline.release.publish import COMPARISON
from pipeline.release.reader import Release, ReleaseError
from pipeline.release.report.figures import measured
from pipeline.settings import DataFolder
from pipeline.sources.catalogue import SOURCES

_READ: Final = "read_"
_CALIBRATION: Final = "likelihood_calibration"
_REASONS: Final = 10  # of quarantined rows, the most frequent ones of each source


@dataclass(frozen=True)
class StepRun:
    """One step of a run.

    state: succeeded, failed or not_run. reused: whether the tables of the last run were taken; None where it does not say.
    made_anew_for: what had changed. rows: of each table that it made. quarantined: rows of its source, by reason.
    """

    name: str
    state: str = "not_run"
    seconds: float = 0.0
    peak_megabytes: int = 0
    reused: bool | None = None
    made_anew_for: tuple[str, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    quarantined: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """A refresh that has ended. Times are UTC. failed: why, in a line, "" where it did not. release_id: "" where none was made."""

    run_id: str
    job: str
    started_at: dt.datetime
    ended_at: dt.datetime
    steps: tuple[StepRun, ...]
    failed: str = ""
    release_id: str = ""


def summary(
    run: Run, data: DataFolder, snapshots: pd.DataFrame, due_by_hand: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Return all that is kept of a run. snapshots: table `snapshots` as the run found it, empty where it did not come so far;
    due_by_hand: what a person has to save."""
    release = _release(run, data)
    return {
        "run_id": run.run_id,
        "job": run.job,
        "started_at": run.started_at.isoformat(timespec="seconds"),
        "ended_at": run.ended_at.isoformat(timespec="seconds"),
        "seconds": round((run.ended_at - run.started_at).total_seconds(), 1),
        "succeeded": not run.failed,
        "failed": run.failed or None,
        "release": _about(release, data) if release else None,
        "sources": _sources(run, snapshots, release, data),
        "held": held_back(snapshots),
        "due_by_hand": [dict(one) for one in due_by_hand],
        "fetched": _last_fetch(data.fetch),
        "figures": release.manifest["figures"] if release else None,
        "measured": measured(),
        "measured_is_of": "labelled cases when the code was last measured, not of this run",
        "measured_on_the_release": _calibration(release) if release else [],
        "changes": _changes(release) if release else None,
        "steps": [asdict(step) for step in run.steps],
    }


def in_a_line(run: Mapping[str, Any]) -> str:
    """Return what a summary says, in a line."""
    steps = run["steps"]
    reused = sum(step["reused"] is True for step in steps)
    how = f"in {run['seconds']:.0f} s, {reused} of {len(steps)} steps taken from the run before"
    if run["succeeded"]:
        return f"last run: {run['started_at']}, {how}"
    return f"last run: {run['started_at']}, FAILED: {run['failed']}"


def unreadable_lines(run: Mapping[str, Any]) -> list[str]:
    """Return a line for each file that could not be read, and in whose place the one before it is used, with what to do."""
    return [
        f"{HELD}{one['snapshot_id']}: {one['reason']}. What was used before it is still used"
        for one in run.get("held", ())
        if one["reason"].startswith(UNREADABLE)
    ]


def _calibration(release: Release) -> list[dict[str, Any]]:
    """Return how well the likelihood holds in the release itself: of each band of it what those say that state a policy."""
    if not release.has(_CALIBRATION):
        return []
    bands = release.table(_CALIBRATION)
    bands = bands[bands["grouped_by"] == "likelihood"]
    columns = ["least", "most", "programs", "own_programs", "own_likelihood", "own_said"]
    rows = bands[columns].astype("object").where(bands[columns].notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def _release(run: Run, data: DataFolder) -> Release | None:
    try:
        return Release.open(data.curated / "releases" / run.release_id) if run.release_id else None
    except ReleaseError:
        return None


def _about(release: Release, data: DataFolder) -> dict[str, Any]:
    named = ("as_of", "schema_version", "code_version", "sample", "previous_release", "law_as_of")
    return {
        "release_id": release.id,
        **{name: release.manifest.get(name) for name in named},
        "latest": data.latest.resolve() == release.folder,
    }


def _sources(run: Run, snapshots: pd.DataFrame, release: Release | None, data: DataFolder) -> list[dict[str, Any]]:
    """Return of each source what of it is used, whether it is another than before, and what of it was quarantined."""
    steps = {step.name: step for step in run.steps}
    others = _others(release, data)
    used = snapshots[snapshots["used"].astype("bool")]
    rows = []
    for source in SOURCES:
        own, step = used[used["source"] == source.id], steps.get(f"{_READ}{source.id}")
        quarantined = step.quarantined if step else {}
        rows.append(
            {
                "source": source.id,
                "title": source.title,
                "state": _state(own, snapshots, source.id),
                "snapshots": int(own["snapshot_id"].nunique()),
                "parts": len(own),
                "newest": f"{own['added_on'].max():%Y-%m-%d}" if len(own) else None,
                "changed": source.id in others if others is not None else None,
                "read_again": None if step is None or step.reused is None else not step.reused,
                "rows_in": int(own["rows_in"].sum()),
                "rows_kept": dict(step.rows) if step else {},
                "quarantined": sum(quarantined.values()),
                "quarantined_by_reason": dict(list(quarantined.items())[:_REASONS]),
            }
        )
    return rows


def _state(used: pd.DataFrame, snapshots: pd.DataFrame, source: str) -> str:
    if used.empty:
        return "unused" if (snapshots["source"] == source).any() else "absent"
    return "sample" if used["sample"].astype("bool").any() else "used"


def _others(release: Release | None, data: DataFolder) -> set[str] | None:
    """Return the sources whose snapshots are others than in the release before; None where nothing can be compared."""
    before = release.manifest.get("previous_release") if release else None
    if release is None or before is None:
        return None
    try:
        earlier = Release.open(data.curated / "releases" / before)
    except ReleaseError:
        return None
    return set(changed_sources(earlier.manifest["snapshots"], release.manifest["snapshots"]))


def _changes(release: Release) -> dict[str, Any]:
    """Return what the release says otherwise than the one before, in short, and what the gate compared."""
    try:
        notes = json.loads((release.folder / NOTES_FOR_MACHINES).read_text("utf-8"))
        in_short = [str(line) for line in notes.get("in_short", ())]
    except (OSError, ValueError):
        in_short = []
    return {"in_short": in_short, COMPARISON: release.manifest.get(COMPARISON)}


def _last_fetch(folder: Path) -> dict[str, Any] | None:
    """Return when the last fetch of pages ended and what it counted; None where there was none, or its report can't be read."""
    reports = sorted(folder.glob("report-*.json"))
    try:
        report = json.loads(reports[-1].read_text("utf-8"))
        return {
            "ended_at": str(report["ended_at"]),
            **{str(name): int(count) for name, count in report["counts"].items()},
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return None
