"""Checks beyond the registry's: the size of each source, and shares of the links that must stay small."""

from __future__ import annotations

import dagster as dg
import pandas as pd

from pipeline.archive.bounds import measure
from pipeline.archive.selection import held_back
from pipeline.release.missing import MAX_CONFLICTING_SHARE, MAX_UNMATCHED_SHARE
from pipeline.release.shares import Share, conflicting_share, unmatched_share
from pipeline.sources.base import Source


def bounds_check(source: Source) -> dg.AssetCheckSpec:
    """Return the check on how many rows a full part of the source has, and how many are quarantined. It stops nothing: what it
    finds is in the review queue."""
    return dg.AssetCheckSpec(
        "bounds", asset=source.tables[0], description=f"Rows of a full part within {source.bounds}"
    )


def bounds_result(source: Source, snapshots: pd.DataFrame, quarantined: int) -> dg.AssetCheckResult:
    """Return what that check found: an error below the lower bound or with too many rows quarantined, else a warning."""
    size = measure(source, snapshots, quarantined)
    return dg.AssetCheckResult(
        check_name="bounds",
        asset_key=source.tables[0],
        passed=not size.problems,
        severity=dg.AssetCheckSeverity.ERROR if size.grave else dg.AssetCheckSeverity.WARN,
        metadata={"problems": list(size.problems), "quarantined_share": size.quarantined_share},
    )


@dg.asset_check(
    asset="snapshots",
    description="No file is held back: each looks like the one before it, or was accepted, and each that would be used can be read",
)
def none_held_back(snapshots: pd.DataFrame) -> dg.AssetCheckResult:
    """Warn where a file of the archive is held back; what was used before it is still used."""
    held = [f"{one['snapshot_id']}: {one['reason']}" for one in held_back(snapshots)]
    return dg.AssetCheckResult(passed=not held, severity=dg.AssetCheckSeverity.WARN, metadata={"problems": held})


@dg.asset_check(
    asset="unmatched_sponsors",
    additional_ins={"institutions": dg.AssetIn(), "snapshots": dg.AssetIn()},
    description=f"At most {MAX_UNMATCHED_SHARE:.0%} of the sponsors lack a petitioner",
)
def few_unmatched(
    unmatched_sponsors: pd.DataFrame, institutions: pd.DataFrame, snapshots: pd.DataFrame
) -> dg.AssetCheckResult:
    """Warn where too many sponsors lack a petitioner; a sample may have any number."""
    return _share_check(unmatched_share(unmatched_sponsors, institutions), snapshots)


@dg.asset_check(
    asset="conflicting_links",
    additional_ins={"petitioner_links": dg.AssetIn(), "snapshots": dg.AssetIn()},
    description=f"At most {MAX_CONFLICTING_SHARE:.0%} of the accepted links conflict",
)
def few_conflicting(
    conflicting_links: pd.DataFrame, petitioner_links: pd.DataFrame, snapshots: pd.DataFrame
) -> dg.AssetCheckResult:
    """Warn where too many accepted links conflict; a sample may have any number."""
    return _share_check(conflicting_share(conflicting_links, petitioner_links), snapshots)


def _share_check(share: Share, snapshots: pd.DataFrame) -> dg.AssetCheckResult:
    sample = bool(snapshots.loc[snapshots["used"].astype("bool"), "sample"].any())
    return dg.AssetCheckResult(
        passed=sample or share.value <= share.most,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "share": share.value,
            "most": share.most,
            "counted": share.counted,
            "of": share.of,
            "sample": sample,
        },
    )
