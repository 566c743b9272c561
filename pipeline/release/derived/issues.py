"""`issues.json`: what is wrong with the data of a release or open in it, and what to do about each, for machines.

It tells what the tables `quarantine` and `review_queue` and the manifest hold, and what the gate found against the release before. Which
of that a person accepted is in the manifest (`accepted_change`): it may be given after the files are written.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from pipeline.archive.quarantined_rows import WHOLE_FILE
from pipeline.law.as_of import warning_on
from pipeline.release.derived.contents import Contents
from pipeline.release.gate import compare
from pipeline.release.inputs import ReleaseInputs
from pipeline.schemas.frames import to_frame
from pipeline.schemas.vocabulary import ISSUE_KIND
from pipeline.settings import GateSettings

ISSUES: Final = "issues.json"
_ROW: Final = "The row was left out and the rest of its file used: mend it where it comes from, or leave it"
_FILE: Final = "Nothing of the file was used: look at the reason, download it again and add it"
_LOST: Final = "Look which source or code made it less; accept it with: h1b-sponsors refresh --accept-change REASON"
_LESS: Final = "Less than in the release before, within the bounds: nothing, or look which source made it less"
_ABSENT: Final = "Nothing of this source is at hand: download it and add it with h1b-sponsors add, or do without"
_QUEUED: Final = ["kind", "subject", "candidate", "question", "approvals", "subject_id"]


def write_issues(contents: Contents) -> None:
    """Write the issues of a release."""
    text = json.dumps(issues(contents), indent=1, ensure_ascii=False) + "\n"
    (contents.folder / ISSUES).write_text(text, "utf-8")


def issues(contents: Contents) -> dict[str, Any]:
    """Return the issues of a release with their counts by kind and reason: kind is a word of ISSUE_KIND."""
    found = [*_gates(contents), *_absent(contents), *_law(contents), *_quarantined(contents), *_to_review(contents)]
    counts = {
        kind: dict(sorted(Counter(one["reason"] for one in found if one["kind"] == kind).items()))
        for kind in ISSUE_KIND
    }
    return {
        "release_id": contents.manifest["release_id"],
        "as_of": contents.manifest["as_of"],
        "compared_with": contents.manifest["previous_release"],
        "counts": counts,
        "issues": found,
    }


def _issue(kind: str, reason: str, identity: str, subject: str, what_to_do: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "reason": reason, "id": identity, "subject": subject, "what_to_do": what_to_do, **more}


def _gates(contents: Contents) -> Iterator[dict[str, Any]]:
    """Yield what is less than in the release before, by the bounds that hold where an operator sets no others."""
    manifest, figures = contents.manifest, contents.manifest.get("figures")
    if contents.previous is None or not figures:
        return
    made = ReleaseInputs(
        dt.date.fromisoformat(manifest["as_of"]),
        manifest["code_version"],
        tuple(manifest["snapshots"]),
        rulings=manifest["rulings"],
    )
    compared = compare(contents.previous, made, figures, GateSettings())
    if compared.to_sample:
        yield _issue("gate", "to_sample", "snapshots", compared.fatal[0], _LOST)
    for fall in compared.falls:
        reason, remedy = ("too_much_lost", _LOST) if fall.fatal else ("less", _LESS)
        yield _issue("gate", reason, fall.figure, str(fall), remedy)


def _absent(contents: Contents) -> Iterator[dict[str, Any]]:
    for source in contents.manifest.get("absent_sources", ()):
        yield _issue("absent_source", "absent", source, source, _ABSENT)


def _law(contents: Contents) -> Iterator[dict[str, Any]]:
    read_up_to = contents.manifest.get("law_as_of")
    as_of = dt.date.fromisoformat(contents.manifest["as_of"])
    old = warning_on(as_of, dt.date.fromisoformat(read_up_to)) if read_up_to else ""
    if read_up_to and old:
        what, _, remedy = old.partition(": ")
        yield _issue("law", "old", read_up_to, what, remedy)


def _quarantined(contents: Contents) -> Iterator[dict[str, Any]]:
    """Yield the rows set aside, by snapshot and row. What they hold is left out: it may be anything."""
    if "quarantine" in contents.tables:
        for row in to_frame(contents.tables["quarantine"], ["snapshot_id", "row", "reason"]).itertuples():
            whole = row.row == WHOLE_FILE
            where = row.snapshot_id if whole else f"{row.snapshot_id} row {row.row}"
            identity = f"{row.snapshot_id}#{row.row}"
            yield _issue(
                "quarantine",
                "whole_file" if whole else "row",
                identity,
                f"{where}: {row.reason}",
                _FILE if whole else _ROW,
            )


def _to_review(contents: Contents) -> Iterator[dict[str, Any]]:
    """Yield the review queue in its order, most at stake first."""
    if "review_queue" in contents.tables:
        for row in contents.tables["review_queue"].select(_QUEUED).to_pylist():
            more = {"candidate": row["candidate"], "approvals": row["approvals"]}
            yield _issue("review", row["kind"], row["subject_id"], row["subject"], row["question"], **more)
