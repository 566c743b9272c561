"""The tables of a release that other rooms don't make, each made from the tables it needs by the function of its name."""

# pyright: reportAttributeAccessIssue=false
# pyarrow makes the functions of its compute module when it is imported: no type checker sees them.
from __future__ import annotations

from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.dataset import Dataset

from pipeline.linkage import decisions, open_links
from pipeline.linkage.judgements import merged
from pipeline.linkage.links.match_programs import tracks_in_match
from pipeline.linkage.petitioner_rulings import petitioner_rulings, unmet_rulings
from pipeline.reference.rulings import OwnRulings
from pipeline.release import changes, coverage, missing, redirected, review
from pipeline.release.approvals import petition_years, petitioners_of_institutions
from pipeline.release.causes import at_hand, evidence_of
from pipeline.release.next_release import NextRelease
from pipeline.release.sponsor_list import build_list, graduate_shares
from pipeline.schemas.frames import text_array, to_frame
from pipeline.schemas.ids import PETITIONER_SITE
from pipeline.schemas.registry import table
from pipeline.tiers.likelihood_calibration import calibration

# What is read of the large tables.
_YEAR: Final = ["fiscal_year", "coverage"]
_COUNTED: Final = ["fiscal_year", "petitioner_site_id", "initial_approvals", "continuing_approvals"]
_SITE: Final = ["petitioner_site_id", *PETITIONER_SITE]
_NAMED: Final = ["petitioner_id", "name"]
_APPROVED: Final = ["petitioner_id", "initial_approvals", "continuing_approvals"]
_UNDECIDED: Final = ["petitioner_id", "name", "state", "category", "evidence", "counter_evidence"]
_JUDGED: Final = ["petitioner_id", "category", "basis", "confidence", "state_freeze"]


def functional_h1b_sponsors(
    programs: pd.DataFrame,
    institutions: pd.DataFrame,
    petitions: Dataset,
    petitioners: Dataset,
    petitioner_links: pd.DataFrame,
    visa_policies: pd.DataFrame,
    directory_answers: pd.DataFrame,
    trainee_filings: pd.DataFrame,
    cap_exemption: Dataset,
    snapshots: pd.DataFrame,
    next_release: NextRelease,
) -> pd.DataFrame:
    """Return table `functional_h1b_sponsors`: one row for each accredited program."""
    inputs = next_release.inputs(snapshots)
    years = petition_years(to_frame(petitions.to_table(_YEAR).group_by(_YEAR).aggregate([])))
    accepted = petitioner_links[petitioner_links["decision"] == "accepted"]
    counted = rows_of(petitions, _COUNTED, "petitioner_site_id", accepted)
    names = rows_of(petitioners, _NAMED, "petitioner_id", accepted)
    own = petitioners_of_institutions(counted, accepted, names, institutions, years.years)
    judged = rows_of(cap_exemption, _JUDGED, "petitioner_id", accepted)
    listed = build_list(programs, institutions, own, visa_policies, trainee_filings, judged, years, inputs.as_of)
    shares = graduate_shares(directory_answers, inputs.as_of)
    return listed.merge(shares, on="program_code", how="left").assign(release_id=inputs.release_id)


def likelihood_calibration(functional_h1b_sponsors: pd.DataFrame) -> pd.DataFrame:
    """Return table `likelihood_calibration`: how well the likelihood holds of programs that state a policy."""
    return calibration(functional_h1b_sponsors)


def redirects(
    institution_redirects: pd.DataFrame,
    petitioner_redirects: pd.DataFrame,
    institutions: pd.DataFrame,
    petitioners: Dataset,
    snapshots: pd.DataFrame,
    next_release: NextRelease,
) -> pd.DataFrame:
    """Return table `redirects`: ids of all earlier releases that are given up or parted, and what stands for them now."""
    inputs = next_release.inputs(snapshots)
    new = pd.concat([institution_redirects, petitioner_redirects]).assign(
        since=inputs.as_of, release_id=inputs.release_id
    )
    earlier = redirected.earlier_redirects(next_release.earlier(snapshots))
    wanted = pc.field("petitioner_id").isin(text_array(earlier["old_id"]))  # few of hundreds of thousands
    live = petitioners.to_table(["petitioner_id"], filter=wanted)["petitioner_id"].to_pylist()
    return redirected.redirects(new, earlier, {*institutions["institution_id"], *live})


def policy_changes(
    functional_h1b_sponsors: pd.DataFrame,
    visa_policies: pd.DataFrame,
    snapshots: pd.DataFrame,
    next_release: NextRelease,
) -> pd.DataFrame:
    """Return table `policy_changes`: programs whose stated policy is another than in the release before."""
    earlier = next_release.earlier(snapshots)
    used = snapshots.loc[snapshots["used"].astype("bool"), "snapshot_id"]
    return changes.policy_changes(
        functional_h1b_sponsors,
        changes.listed_before(earlier),
        earlier.id if earlier else None,
        (evidence_of(earlier), at_hand(used, visa_policies)),
    )


def review_queue(
    petitioner_links: pd.DataFrame,
    institutions: pd.DataFrame,
    cap_exemption: Dataset,
    petitioners: Dataset,
    visa_policies: pd.DataFrame,
    programs: pd.DataFrame,
    snapshots: pd.DataFrame,
    quarantine: pd.DataFrame,
    own_rulings: OwnRulings,
) -> pd.DataFrame:
    """Return table `review_queue`: what a person should look at, most at stake first."""
    accepted = petitioner_links[petitioner_links["decision"] == "accepted"]
    conflicting = (pc.field("category") == "unknown") & (pc.list_value_length(pc.field("counter_evidence")) > 0)
    undecided = to_frame(cap_exemption.to_table(_UNDECIDED, conflicting))
    approved = rows_of(petitioners, _APPROVED, "petitioner_id", undecided, accepted)
    return review.review_queue(
        [
            open_links.review_rows(petitioner_links, institutions),
            review.cap_exemption_review(undecided, approved, accepted["petitioner_id"]),
            review.page_review(visa_policies),
            review.directory_review(visa_policies, programs),
            review.source_review(snapshots, quarantine),
            review.ruling_review(own_rulings.problems),
            review.reading_review(visa_policies, institutions, petitioner_links, approved),
        ]
    )


def rows_of(large: Dataset, columns: list[str], key: str, *named: pd.DataFrame) -> pd.DataFrame:
    """Return these columns of the rows of a large table that frames name by `key`: a few, picked before Python values are made of any."""
    wanted = pa.concat_arrays([text_array(frame[key]) for frame in named])
    return to_frame(large.to_table(columns, pc.field(key).isin(wanted)))


def coverage_of_lists(
    nrmp_tracks: pd.DataFrame, programs: pd.DataFrame, institutions: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Return `coverage`, programs listed against the Match and the published numbers, and `programs_missing`, tracks of the Match
    that no listed program explains."""
    tracks = tracks_in_match(nrmp_tracks, programs, institutions)
    return {"coverage": coverage.coverage(programs, tracks), "programs_missing": coverage.programs_missing(tracks)}


def unmatched_sponsors(institutions: pd.DataFrame, petitioner_links: pd.DataFrame) -> pd.DataFrame:
    """Return table `unmatched_sponsors`: institutions without an accepted petitioner."""
    return missing.unmatched_sponsors(institutions, petitioner_links)


def conflicting_links(institutions: pd.DataFrame, petitioner_links: pd.DataFrame) -> pd.DataFrame:
    """Return table `conflicting_links`: accepted links that contradict one another or a public register."""
    return missing.conflicting_links(institutions, petitioner_links)


def unmet_judgements(petitions: Dataset, institutions: pd.DataFrame, own_rulings: OwnRulings) -> pd.DataFrame:
    """Return table `unmet_judgements`: judgements that meet no row of the data at hand."""
    described = table("unmet_judgements")
    sites = to_frame(petitions.to_table(_SITE))
    on_petitioners = unmet_rulings(sites, petitioner_rulings(own_rulings.petitioners))
    on_petitioners = on_petitioners.rename(columns={"other_employer": "institution", "state": "employer_state"})
    on_petitioners["verdict"] += " petitioner" + on_petitioners["verdict"].map({"one": "", "two": "s"})
    rows = decisions.unmet_judgements(sites, institutions, merged(own_rulings.links))
    rows = pd.concat([rows, on_petitioners]).reindex(columns=list(described.columns), fill_value="").fillna("")
    rows = rows.drop_duplicates(list(described.key), keep="last")
    return rows.where(rows != "")
