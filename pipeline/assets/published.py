"""Claims to a release: the sponsor list, the review queue, the checks between tables, and publishing as the last step."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pyarrow as pa

from pipeline.assets.factory import OWNER, table_asset
from pipeline.assets.linked import LINK_REVIEW
from pipeline.linkage.decisions import unmet_judgements as unmet
from pipeline.linkage.judgements import read_judgements
from pipeline.release.changes import listed_before, previous_release
from pipeline.release.changes import policy_changes as changes_since
from pipeline.release.code_version import code_version
from pipeline.release.consistency import CURATED, inconsistencies
from pipeline.release.figures import figures
from pipeline.release.history import petition_years, petitioners_of_institutions
from pipeline.release.missing import MAX_CONFLICTING_SHARE, MAX_UNMATCHED_SHARE
from pipeline.release.missing import conflicting_links as conflicting
from pipeline.release.missing import unmatched_sponsors as unmatched
from pipeline.release.publish import ReleaseError, ReleaseInputs, describe_snapshots, publish
from pipeline.release.review import cap_exemption_review, page_review
from pipeline.release.review import review_queue as ranked_queue
from pipeline.release.sponsor_list import build_list
from pipeline.resources.archive import ClockResource, DataResource
from pipeline.resources.parquet_io import AS_ARROW
from pipeline.schemas.frames import to_frame
from pipeline.schemas.registry import table
from pipeline.sources.catalogue import SOURCES

GROUP = "published"
RELEASED = (
    "functional_h1b_sponsors", "policy_changes", "institutions", "petitioners", "petitioner_links", "petitions",
    "visa_policies", "trainee_filings", "cap_exemption", "institution_cap_exemption", "review_queue",
    "unmatched_sponsors", "conflicting_links", "unmet_judgements", "quarantine", "snapshots",
)  # fmt: skip


def release_inputs(snapshots: pd.DataFrame, clock: ClockResource, curated: Path) -> ReleaseInputs:
    """All that decides what a release says."""
    used = snapshots[snapshots["used"].astype("bool")]
    inputs = ReleaseInputs(clock.today(), code_version(), describe_snapshots(list(used.itertuples())))
    return replace(inputs, previous=previous_release(curated, inputs))


@table_asset(group=GROUP)
def functional_h1b_sponsors(
    programs: pd.DataFrame,
    institutions: pd.DataFrame,
    petitions: pd.DataFrame,
    petitioners: pd.DataFrame,
    petitioner_links: pd.DataFrame,
    visa_policies: pd.DataFrame,
    trainee_filings: pd.DataFrame,
    cap_exemption: pd.DataFrame,
    snapshots: pd.DataFrame,
    data: DataResource,
    clock: ClockResource,
) -> pd.DataFrame:
    """One row for each accredited program."""
    inputs = release_inputs(snapshots, clock, data.folder().curated)
    years = petition_years(petitions)
    own = petitioners_of_institutions(petitions, petitioner_links, petitioners, years.years)
    listed = build_list(programs, institutions, own, visa_policies, trainee_filings, cap_exemption, years, inputs.as_of)
    return listed.assign(release_id=inputs.release_id)


@table_asset(group=GROUP)
def policy_changes(
    functional_h1b_sponsors: pd.DataFrame, snapshots: pd.DataFrame, data: DataResource, clock: ClockResource
) -> pd.DataFrame:
    """What is stated otherwise than in the release before."""
    curated = data.folder().curated
    previous = release_inputs(snapshots, clock, curated).previous
    return changes_since(functional_h1b_sponsors, listed_before(curated, previous), previous)


@table_asset(group=GROUP, ins={"link_review": dg.AssetIn(key=LINK_REVIEW)})
def review_queue(
    link_review: pd.DataFrame,
    cap_exemption: pd.DataFrame,
    petitioners: pd.DataFrame,
    petitioner_links: pd.DataFrame,
    visa_policies: pd.DataFrame,
) -> pd.DataFrame:
    """What a person should look at, most at stake first."""
    accepted = petitioner_links.loc[petitioner_links["decision"] == "accepted", "petitioner_id"]
    conflicts = cap_exemption_review(cap_exemption, petitioners, accepted)
    return ranked_queue([link_review, conflicts, page_review(visa_policies)])


@table_asset(group=GROUP)
def unmatched_sponsors(institutions: pd.DataFrame, petitioner_links: pd.DataFrame) -> pd.DataFrame:
    """Institutions without any accepted petitioner."""
    return unmatched(institutions, petitioner_links)


@table_asset(group=GROUP)
def conflicting_links(institutions: pd.DataFrame, petitioner_links: pd.DataFrame) -> pd.DataFrame:
    """Accepted links that don't sit well together."""
    return conflicting(institutions, petitioner_links)


@table_asset(group=GROUP)
def unmet_judgements(petitions: pd.DataFrame, institutions: pd.DataFrame) -> pd.DataFrame:
    """Rulings that meet no row."""
    rows = unmet(petitions, institutions, read_judgements())[list(table("unmet_judgements").columns)]
    return rows.where(rows != "")


@dg.asset_check(
    asset="unmatched_sponsors",
    additional_ins={"institutions": dg.AssetIn(), "snapshots": dg.AssetIn()},
    description=f"At most {MAX_UNMATCHED_SHARE:.0%} of the sponsors lack a petitioner",
)
def few_unmatched(
    unmatched_sponsors: pd.DataFrame, institutions: pd.DataFrame, snapshots: pd.DataFrame
) -> dg.AssetCheckResult:
    """A bound, told as a warning: it holds for the national files only."""
    return _share_check(len(unmatched_sponsors), len(institutions), MAX_UNMATCHED_SHARE, snapshots)


@dg.asset_check(
    asset="conflicting_links",
    additional_ins={"petitioner_links": dg.AssetIn(), "snapshots": dg.AssetIn()},
    description=f"At most {MAX_CONFLICTING_SHARE:.0%} of the accepted links conflict",
)
def few_conflicting(
    conflicting_links: pd.DataFrame, petitioner_links: pd.DataFrame, snapshots: pd.DataFrame
) -> dg.AssetCheckResult:
    """A bound, told as a warning; only conflicts that no person has ruled on count."""
    unruled = conflicting_links[~conflicting_links["method"].isin(CURATED)]
    accepted = int((petitioner_links["decision"] == "accepted").sum())
    return _share_check(len(unruled), accepted, MAX_CONFLICTING_SHARE, snapshots)


def _share_check(part: int, whole: int, most: float, snapshots: pd.DataFrame) -> dg.AssetCheckResult:
    sample = bool(snapshots.loc[snapshots["used"].astype("bool"), "sample"].any())
    share = part / max(whole, 1)
    return dg.AssetCheckResult(
        passed=sample or share <= most,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={"share": share, "most": most, "counted": part, "of": whole, "sample": sample},
    )


@dg.asset(
    group_name="release",
    owners=[OWNER],
    kinds={"parquet"},
    code_version=code_version(),
    ins={name: dg.AssetIn(metadata=AS_ARROW) for name in ("acgme_programs", *RELEASED)},
    description="The dated release: checked across tables, staged, renamed into place, and pointed to by `latest`.",
)
def release(data: DataResource, clock: ClockResource, **tables: pa.Table) -> dg.MaterializeResult[Any]:
    """Publish, as the last step of all."""
    said = inconsistencies(tables, tables.pop("acgme_programs"))
    if said:
        raise ReleaseError(f"the tables do not fit together: {'; '.join(said)}")
    snapshots = to_frame(tables["snapshots"])
    inputs = release_inputs(snapshots, clock, data.folder().curated)
    present = set(snapshots["source"])
    notes = {
        "figures": figures(tables),
        "absent_sources": [source.id for source in SOURCES if source.id not in present],
    }
    made = publish(data.folder().curated, inputs, tables, notes)
    return dg.MaterializeResult(
        metadata={
            "release_id": made.release_id,
            "folder": dg.MetadataValue.path(str(made.folder)),
            "unchanged": made.unchanged,
            "programs": tables["functional_h1b_sponsors"].num_rows,
            "tiers": dg.MetadataValue.json(notes["figures"]["tiers"]),
        },
        data_version=dg.DataVersion(made.release_id),
    )


published_assets = [
    functional_h1b_sponsors, policy_changes, review_queue, unmatched_sponsors, conflicting_links, unmet_judgements,
    release,
]  # fmt: skip
published_checks = [few_unmatched, few_conflicting]
