"""What must hold between the tables of a release.

What belongs here: what only the meaning of the tables can say. What one table must satisfy, and what its foreign keys
name, is in the registry and checked by `schemas.checks`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import pandas as pd
import pyarrow as pa

from pipeline.linkage.decisions import CURATED
from pipeline.linkage.open_links import subjects
from pipeline.policies.decision import category_of, policy_of
from pipeline.release.inputs import ReleaseInputs
from pipeline.schemas.checks import unknown_references
from pipeline.schemas.frames import to_frame
from pipeline.schemas.vocabulary import OFFERED

_LISTED: Final = [
    "program_code", "h1b_stated", "j1_stated", "policy", "visa_category", "sponsor_tier", "conditions", "paused_until",
    "evidence_quote", "evidence_snapshot", "sponsoring_likelihood", "sponsoring_likelihood_low", "sponsoring_likelihood_high",
]  # fmt: skip
# What is stated of the H-1B -> the tiers that may stand beside it.
_TIERS: Final = {
    "yes": ("sponsors",), "case_by_case": ("case_by_case",), "no": ("conflicting", "j1_only", "none"),
    "not_stated": ("likely", "possible", "unknown"),
}  # fmt: skip
_LINKED: Final = [
    "employer", "tax_id_last4", "city", "state", "petitioner_site_id", "institution_id", "relation", "decision", "method", "single_sign",
]  # fmt: skip


def inconsistencies(tables: Mapping[str, pa.Table], programs: pa.Table, sound: Collection[str] = ()) -> list[str]:
    """Return which promises of our own code are broken, a line each; empty when all hold. No data may break one.

    tables: those of the release, by name. programs: table `acgme_programs`, each of whose programs the list must
    show. sound: tables that were found to hold together before.
    """
    listed = to_frame(tables["functional_h1b_sponsors"], _LISTED)
    links = to_frame(tables["petitioner_links"], _LINKED)
    petitions = to_frame(tables["petitions"], ["fiscal_year", "snapshot_id"])
    return [
        *unknown_references({**tables, "acgme_programs": programs}, sound),
        *_lost_programs(listed["program_code"], to_frame(programs, ["program_code"])["program_code"]),
        *_unjudged_petitioners(tables["cap_exemption"].num_rows, tables["petitioners"].num_rows),
        *_several_institutions(links),
        *_single_signs_unasked(links, to_frame(tables["review_queue"], ["subject", "candidate_id"])),
        *_claims_without_evidence(listed),
        *_answers_that_disagree(listed),
        *_likelihoods_out_of_place(listed),
        *_years_of_several_snapshots(petitions),
    ]


def rows_of_another_release(list_table: pa.Table, inputs: ReleaseInputs) -> list[str]:
    """Return a line where rows of table functional_h1b_sponsors were made for another release than that of `inputs`."""
    listed = to_frame(list_table, ["release_id", "as_of"])
    made_for = listed["release_id"].eq(inputs.release_id) & listed["as_of"].eq(pd.Timestamp(inputs.as_of))
    if made_for.all():
        return []
    other = listed.loc[~made_for].iloc[0]
    return [
        f"rows made for release {other['release_id']} as of {other['as_of']:%Y-%m-%d} are not those of {inputs.release_id}: "
        "files or rulings came, or the day ended, while the refresh ran. Refresh again"
    ]


def _lost_programs(listed: pd.Series, programs: pd.Series) -> list[str]:
    lost = set(programs) - set(listed)
    return [f"{len(lost):,} programs are lost from the list, e.g. {min(lost)}"] if lost else []


def _unjudged_petitioners(judged: int, petitioners: int) -> list[str]:
    """Compare the numbers: both tables have unique ids and the judged are known, so equal numbers mean the same ids."""
    return [f"cap_exemption has {judged:,} rows for {petitioners:,} petitioners"] if judged != petitioners else []


def _several_institutions(links: pd.DataFrame) -> list[str]:
    """Find sites that the linkage made `same` as several institutions, which it leaves to review (`decisions.decide`); a person
    may: two sponsors may share a legal entity."""
    same = links[(links["decision"] == "accepted") & (links["relation"] == "same") & ~links["method"].isin(CURATED)]
    repeated = same[same.duplicated("petitioner_site_id", keep=False)]
    if repeated.empty:
        return []
    message = f"{len(repeated):,} links say `same` of one petitioner and several institutions"
    return [f"{message}, e.g. {repeated['employer'].iloc[0]}"]


def _single_signs_unasked(links: pd.DataFrame, queue: pd.DataFrame) -> list[str]:
    """Find accepted links that rest on one sign alone and that are not in the review queue."""
    single = links[(links["decision"] == "accepted") & links["single_sign"].astype("bool")]
    queued = pd.MultiIndex.from_frame(queue)
    pairs = pd.MultiIndex.from_arrays([subjects(single), single["institution_id"]])
    unqueued = single[~pairs.isin(queued)]
    if unqueued.empty:
        return []
    return [f"{len(unqueued):,} links rest on one sign alone and aren't in review, e.g. {unqueued['employer'].iloc[0]}"]


def _claims_without_evidence(listed: pd.DataFrame) -> list[str]:
    stated = (listed["h1b_stated"] != "not_stated") | (listed["j1_stated"] != "not_stated")
    bare = listed[stated & (listed["evidence_quote"].isna() | listed["evidence_snapshot"].isna())]
    if bare.empty:
        return []
    return [f"{len(bare):,} programs state a policy without evidence, e.g. {bare['program_code'].iloc[0]}"]


def _answers_that_disagree(listed: pd.DataFrame) -> list[str]:
    """Find programs whose stances, policy, category, tier and terms don't say the same."""
    both = list(zip(listed["j1_stated"], listed["h1b_stated"], strict=True))
    h1b, j1, tier = listed["h1b_stated"], listed["j1_stated"], listed["sponsor_tier"]
    asks = (listed["policy"] == "contact") & ~h1b.isin(OFFERED)
    agree = {
        "visa_category": listed["visa_category"] == pd.Series([category_of(*one) for one in both], listed.index),
        "policy": asks | (listed["policy"] == pd.Series([policy_of(*one) for one in both], listed.index)),
        "sponsor_tier": pd.Series([one in _TIERS[stance] for one, stance in zip(tier, h1b, strict=True)], listed.index)
        & ((tier == "j1_only") <= j1.isin(OFFERED)),
        "conditions": (listed["conditions"].map(len) == 0) | h1b.isin(OFFERED) | listed["paused_until"].notna(),
    }
    return [
        f"{len(wrong):,} programs have a {name} that doesn't follow from what they state, e.g. {wrong['program_code'].iloc[0]}"
        for name, holds in agree.items()
        if len(wrong := listed[~holds])
    ]


def _likelihoods_out_of_place(listed: pd.DataFrame) -> list[str]:
    """Find programs with an inferred likelihood beside a stated policy, without either, or with one outside its interval."""
    low, likely, high = (listed[f"sponsoring_likelihood{end}"] for end in ("_low", "", "_high"))
    whole = (low <= likely) & (likely <= high)
    wrong = listed[whole.fillna(False).ne(listed["policy"] == "not_stated")]
    if wrong.empty:
        return []
    return [f"{len(wrong):,} programs have a likelihood that isn't theirs, e.g. {wrong['program_code'].iloc[0]}"]


def _years_of_several_snapshots(petitions: pd.DataFrame) -> list[str]:
    by_year = petitions.groupby("fiscal_year")["snapshot_id"].nunique()
    added = [str(year) for year, snapshots in by_year.items() if snapshots > 1]
    return [f"petitions of {', '.join(added)} come from several snapshots, which must not add up"] if added else []
