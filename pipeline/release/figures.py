"""Figures of a release, for its manifest and for the summary that the operator reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from pipeline.archive.quarantined_rows import WHOLE_FILE
from pipeline.release.coverage import totals
from pipeline.schemas.frames import to_frame
from pipeline.schemas.vocabulary import CAP_EXEMPT_CATEGORY, SPONSOR_TIER, VISA_CATEGORY

# Sources whose rows the summary counts, and what it calls them.
_READ: Final = {
    "uscis_h1b_employers": "petition rows",
    "dol_lca": "labor condition applications",
    "program_pages": "web pages",
    "acgme": "ACGME rows",
}
_LISTED: Final = [
    "program_code", "sponsor_tier", "visa_category", "policy", "cap_exempt_category", "needs_confirmation", "evidence_quote",
]  # fmt: skip


def figures(tables: Mapping[str, pa.Table]) -> dict[str, Any]:
    """Return counts of what was read, made and left open, as plain numbers and texts ready for JSON.

    tables: those of the release, by name.
    """
    listed = to_frame(tables["functional_h1b_sponsors"], _LISTED)
    links = to_frame(tables["petitioner_links"], ["decision", "institution_id"])
    quarantined = to_frame(tables["quarantine"], ["snapshot_id", "row"])
    unreadable = sorted(set(quarantined.loc[quarantined["row"] == WHOLE_FILE, "snapshot_id"]))
    used = to_frame(tables["snapshots"], ["snapshot_id", "source", "used", "rows_in"])
    read = used["used"].astype("bool") & ~used["snapshot_id"].isin(unreadable)
    rows_of = used[read].groupby("source")["rows_in"].sum()
    petitions = to_frame(tables["petitions"], ["fiscal_year", "initial_approvals", "continuing_approvals", "coverage"])
    review = to_frame(tables["review_queue"], ["kind"])["kind"].value_counts().sort_index()
    counted = to_frame(tables["coverage"])
    return {
        "read": {title: _whole(rows_of.get(name, 0)) for name, title in _READ.items()},
        "petitions_by_year": _petitions_by_year(petitions),
        "programs": len(listed),
        "institutions": tables["institutions"].num_rows,
        "petitioners": tables["petitioners"].num_rows,
        "institutions_with_petitioner": _whole(links.loc[links["decision"] == "accepted", "institution_id"].nunique()),
        "tiers": _counts(listed["sponsor_tier"], SPONSOR_TIER),
        "stated_policies": _whole((listed["policy"] != "not_stated").sum()),
        "cap_exempt_categories": _counts(listed["cap_exempt_category"], CAP_EXEMPT_CATEGORY),
        "visa_categories": _counts(listed["visa_category"], VISA_CATEGORY),
        "needs_confirmation": _whole(listed["needs_confirmation"].sum()),
        "policy_changes": tables["policy_changes"].num_rows,
        "review": {str(kind): _whole(count) for kind, count in review.items()},
        "coverage": totals(counted[counted["grouped_by"] == "total"]),
        "quarantined": len(quarantined) - len(unreadable),
        "unreadable_files": unreadable,
        "example_program": _example(listed),
    }


def _petitions_by_year(petitions: pd.DataFrame) -> dict[str, dict[str, Any]]:
    grouped = petitions.groupby("fiscal_year").agg(
        initial=("initial_approvals", "sum"), continuing=("continuing_approvals", "sum"), coverage=("coverage", "min")
    )
    return {
        str(year): {
            "initial_approvals": _whole(row.initial),
            "continuing_approvals": _whole(row.continuing),
            "coverage": row.coverage,
        }
        for year, row in zip(grouped.index, grouped.itertuples(), strict=True)
    }


def _counts(values: pd.Series, order: tuple[str, ...]) -> dict[str, int]:
    counted = values.value_counts()
    return {name: _whole(counted.get(name, 0)) for name in order}


def _example(listed: pd.DataFrame) -> str:
    """Return the code of a program worth looking at first, one of the best tier with a stated policy; "" without programs."""
    rank = listed["sponsor_tier"].map({tier: place for place, tier in enumerate(SPONSOR_TIER)})
    ranked = listed.assign(rank=rank, bare=listed["evidence_quote"].isna()).sort_values(
        ["rank", "bare", "program_code"]
    )
    return str(ranked["program_code"].iloc[0]) if len(ranked) else ""


def _whole(number: Any) -> int:
    return int(number)
