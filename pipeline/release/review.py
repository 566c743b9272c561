"""The review queue: what a person should look at, the most approvals at stake first.

What belongs here: the questions that cap exemption and pages leave open, and the order of all. The links under review come
from `linkage`.
"""

from __future__ import annotations

import pandas as pd

from pipeline.schemas.registry import table


def cap_exemption_review(
    cap_exemption: pd.DataFrame, petitioners: pd.DataFrame, linked: pd.Series | frozenset[str]
) -> pd.DataFrame:
    """Return petitioners whose evidence on cap exemption conflicts, as rows of `review_queue` without rank.

    cap_exemption, petitioners: the tables of these names. linked: petitioner_ids of training institutions' petitioners, which
    come first at equal stakes.
    """
    conflicted = cap_exemption["counter_evidence"].map(len) > 0
    open_cases = cap_exemption[conflicted & (cap_exemption["category"] == "unknown")]
    stake = petitioners.assign(approvals=petitioners["initial_approvals"] + petitioners["continuing_approvals"])
    rows = open_cases.merge(stake[["petitioner_id", "approvals"]], on="petitioner_id")
    own = rows["petitioner_id"].isin(list(linked))
    return pd.DataFrame(
        {
            "kind": "cap_exemption",
            "subject": rows["name"] + " (" + rows["state"].fillna("no state") + ")",
            "candidate": None,
            "question": "Evidence on cap exemption conflicts: what is this entity? Rule on it in cap/rulings.csv",
            "reasons": [
                [f"{piece['field']} = {piece['value']} ({piece['source']})" for piece in (*support, *counter)]
                for support, counter in zip(rows["evidence"], rows["counter_evidence"], strict=True)
            ],
            "approvals": rows["approvals"],
            "uncertainty": own.map({True: 1.0, False: 0.5}).astype("float64"),
            "subject_id": rows["petitioner_id"],
            "candidate_id": None,
        }
    )


def page_review(policies: pd.DataFrame) -> pd.DataFrame:
    """Return pages that state a policy but could not be linked to an institution, as rows of `review_queue` without rank.

    policies: table `visa_policies`.
    """
    rows = policies[policies["institution_id"].isna() & (policies["policy"] != "not_stated")]
    institution = rows["institution_as_named"].fillna("no institution named")
    about = institution + ", " + rows["program_as_named"].fillna("no program named")
    about = about.mask(rows["program_code"].notna(), "program " + rows["program_code"] + ", which is not in the list")
    return pd.DataFrame(
        {
            "kind": "page_link",
            "subject": about,
            "candidate": rows["url"],
            "question": "Which institution of the list is this page about? Add the page again with --program or --institution",
            "reasons": [[quote] if isinstance(quote, str) else [] for quote in rows["evidence_quote"]],
            "approvals": 0,
            "uncertainty": 1.0,
            "subject_id": rows["policy_id"],
            "candidate_id": None,
        }
    )


def review_queue(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """Return table `review_queue`: the rows of all parts by approvals times uncertainty, the highest first."""
    filled = [part for part in parts if len(part)]
    rows = pd.concat(filled, ignore_index=True) if filled else parts[0]
    stake = rows["approvals"].astype("float64") * rows["uncertainty"]
    order = rows.assign(stake=stake, candidate_key=rows["candidate_id"].fillna(""))
    order = order.sort_values(
        ["stake", "kind", "subject", "candidate_key", "subject_id"], ascending=[False, True, True, True, True]
    )
    ranked = order.drop(columns=["stake", "candidate_key", "rank"], errors="ignore").reset_index(drop=True)
    return ranked.assign(rank=range(1, len(ranked) + 1))[list(table("review_queue").columns)]
