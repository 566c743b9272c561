"""What a release says otherwise than the one before it: which one that is, and which stated policies changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from pipeline.release.causes import AtHand, causes
from pipeline.release.inputs import ReleaseInputs
from pipeline.release.reader import Release, known_releases
from pipeline.schemas.frames import empty_frame
from pipeline.schemas.registry import SCHEMA_VERSION, table

LIST: Final = "functional_h1b_sponsors"
# Columns of the list -> their names in `policy_changes`, less `old_` or `new_`.
_STATED: Final = {
    "policy": "policy", "h1b_stated": "h1b", "j1_stated": "j1", "step3_required_for_h1b": "step3",
    "step3_deadline": "step3_deadline", "conditions": "conditions", "evidence_quote": "quote", "evidence_url": "url",
    "evidence_scope": "scope", "evidence_kind": "kind", "evidence_date": "date", "evidence_snapshot": "snapshot",
}  # fmt: skip
_COMPARED: Final = ("policy", "h1b", "j1", "step3", "step3_deadline", "conditions")


def previous_release(curated: Path, inputs: ReleaseInputs) -> str | None:
    """Return the id of the release that one of `inputs` (their `previous` not yet known) is compared with; None for the first.

    It is the one that `latest` points to, if that is of the same day or an earlier one; else the newest of earlier days. A
    release of the very same inputs keeps the one it was compared with, so that making it again gives the same bytes. A
    damaged release is passed over.
    """
    known = known_releases(curated).whole
    latest = (curated / "latest").resolve().name
    again = [name for name, release in known.items() if _same(release.manifest, inputs)]
    if again:
        before = known[latest if latest in again else again[0]].manifest.get("previous_release")
        if before is None or _comparable(known.get(before)):
            return before
    earlier = [name for name, release in known.items() if release.as_of <= inputs.as_of]
    newest_first = sorted(earlier, key=lambda name: (name == latest, known[name].as_of, name), reverse=True)
    return next((name for name in newest_first if _comparable(known[name])), None)


def _same(manifest: Mapping[str, Any], inputs: ReleaseInputs) -> bool:
    """Whether a release was made of these inputs, whatever it was compared with."""
    names = ("as_of", "code_version", "schema_version", "snapshots", "archive", "rulings")
    wanted = (
        inputs.as_of.isoformat(),
        inputs.code_version,
        SCHEMA_VERSION,
        list(inputs.snapshots),
        inputs.archive,
        inputs.rulings,
    )
    return tuple(manifest.get(name, "") for name in names) == wanted


def _comparable(release: Release | None) -> bool:
    """Whether a release is there and its tables are as they were written."""
    return release is not None and not release.damage(tables_only=True)


def listed_before(earlier: Release | None) -> pd.DataFrame:
    """Return what the release before stated of each program: program_code and the columns of the list that are compared.

    Empty where there is none, and where a release of an older schema lacks these columns: then nothing can be compared.
    Raises ReleaseError where its list is damaged.
    """
    columns = ["program_code", *_STATED]
    if earlier and set(columns) <= set(earlier.columns(LIST)):
        return earlier.table(LIST, columns)
    return empty_frame(LIST)[columns]


def policy_changes(
    listed: pd.DataFrame, before: pd.DataFrame, previous: str | None, evidence: tuple[AtHand, AtHand]
) -> pd.DataFrame:
    """Return table `policy_changes`: programs of both releases whose stated policy, Step 3 or conditions differ.

    listed: table functional_h1b_sponsors of the new release. before: as `listed_before` returns it. previous: its release id.
    evidence: what the two releases, the earlier one first, had at hand.
    A policy that is stated by another page in the same words is no change; neither is a program that comes or goes.
    """
    old = before[["program_code", *_STATED]].rename(columns={name: f"old_{short}" for name, short in _STATED.items()})
    new = listed.rename(columns={name: f"new_{short}" for name, short in _STATED.items()})
    both = new.merge(old, on="program_code")
    for name in ("old_conditions", "new_conditions"):
        both[name] = pd.Series([list(cell) for cell in both[name]], index=both.index, dtype="object")
    changed = pd.Series(False, index=both.index)
    for name in _COMPARED:
        left, right = (both[f"{when}_{name}"] for when in ("old", "new"))
        if name == "conditions":
            left, right = left.map(sorted).map("; ".join), right.map(sorted).map("; ".join)
        changed |= left.fillna("").astype("str") != right.fillna("").astype("str")
    rows = both[changed]
    rows = rows.assign(cause=causes(rows, *evidence), previous_release=previous)
    return rows[list(table("policy_changes").columns)]
