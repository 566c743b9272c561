"""Releases made of a few rows, for tests of what compares and tells of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from pipeline.release.inputs import ReleaseInputs
from pipeline.release.publish import publish
from pipeline.release.reader import Release
from pipeline.schemas.frames import empty_frame, to_arrow

LIST = "functional_h1b_sponsors"
STATES_BOTH = {
    "policy": "both", "h1b_stated": "yes", "j1_stated": "yes", "evidence_quote": "We take both.",
    "evidence_url": "https://x.example", "evidence_scope": "program", "evidence_kind": "page",
    "evidence_date": pd.Timestamp("2026-05-01"), "evidence_snapshot": "program_pages/a",
}  # fmt: skip
_SILENT = {
    "program_name": "Medicine", "specialty": "Internal Medicine", "specialty_code": "140", "institution_id": "inst_1",
    "institution": "Good Hospital", "state": "MA", "visa_category": "?", "policy": "not_stated", "h1b_stated": "not_stated",
    "j1_stated": "not_stated", "step3_required_for_h1b": "not_stated", "sponsor_tier": "unknown", "tier_confidence": "low",
    "needs_confirmation": True, "as_of": pd.Timestamp("2026-11-20"), "release_id": "r", "accreditation": "accredited",
}  # fmt: skip
_JUDGED = {
    "name": "GOOD HOSPITAL", "category": "unknown", "rule_id": "x", "basis": "x", "confidence": "low", "resolution": "none",
    "rules_version": "1", "law_as_of": pd.Timestamp("2026-10-07"),
}  # fmt: skip
_REDIRECT = {"kind": "merged", "since": pd.Timestamp("2026-11-02"), "release_id": "r"}


def program(code: str, **said: Any) -> dict[str, Any]:
    """A row of the list; silent but for what is `said`."""
    return _SILENT | {"program_code": code} | said


def petitioner(identity: str, **said: Any) -> dict[str, Any]:
    """A row of table cap_exemption."""
    return _JUDGED | {"petitioner_id": identity} | said


def redirect(old: str, new: str) -> dict[str, Any]:
    return _REDIRECT | {"old_id": old, "new_id": new}


def tables(
    programs: Sequence[Mapping[str, Any]] = (),
    petitioners: Sequence[Mapping[str, Any]] = (),
    redirects: Sequence[Mapping[str, Any]] = (),
    **more: Sequence[Mapping[str, Any]],
) -> dict[str, pa.Table]:
    rows = {LIST: programs, "cap_exemption": petitioners, "redirects": redirects, **more}
    return {name: to_arrow(pd.DataFrame(list(one)) if one else empty_frame(name), name) for name, one in rows.items()}


def released(
    curated: Path,
    day: int,
    made: Mapping[str, pa.Table],
    *,
    snapshots: Sequence[str] = ("program_pages/a",),
    code: str = "0.1.0+abc",
    sample: bool = False,
    notes: Mapping[str, Any] | None = None,
) -> Release:
    """Publish tables as of a day of November 2026, against the release that `latest` names, if any."""
    latest = curated / "latest"
    used = tuple({"id": name, "sha256": "0", "sample": sample, "parts": ["all"]} for name in snapshots)
    previous = Release.open(latest).id if latest.exists() else None
    inputs = ReleaseInputs(dt.date(2026, 11, day), code, used, previous=previous)
    return Release.open(publish(curated, inputs, made, notes or {}).folder)
