"""What is missing or doubtful among the accepted links: tables that should be small, and the bounds on them."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.schemas.registry import table

# Bounds on the national list. Shares above these mean that the linkage is broken, not that sponsors have changed.
MAX_UNMATCHED_SHARE: Final = 0.30
MAX_CONFLICTING_SHARE: Final = 0.05


def unmatched_sponsors(institutions: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Return table `unmatched_sponsors`: institutions without an accepted link.

    institutions, links: tables `institutions` and `petitioner_links`.
    """
    accepted = set(links.loc[links["decision"] == "accepted", "institution_id"])
    waiting = links[links["decision"] == "review"].groupby("institution_id").size()
    rows = institutions[~institutions["institution_id"].isin(accepted)]
    rows = rows.assign(links_under_review=rows["institution_id"].map(waiting).fillna(0).astype("Int64"))
    return rows[list(table("unmatched_sponsors").columns)]


def conflicting_links(institutions: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Return table `conflicting_links`: accepted `same` links of one petitioner site to several institutions, or with another
    tax id than the institution's EIN in a public register.

    institutions, links: tables `institutions` and `petitioner_links`.
    """
    known = institutions[["institution_id", "name", "ein"]].rename(columns={"name": "institution"})
    same = links[(links["decision"] == "accepted") & (links["relation"] == "same")].merge(known, on="institution_id")
    several = same[same.duplicated("petitioner_site_id", keep=False)].assign(conflict="several_institutions")
    other_id = same["ein"].notna() & same["tax_id_last4"].notna() & (same["ein"].str[-4:] != same["tax_id_last4"])
    rows = pd.concat([several, same[other_id].assign(conflict="other_tax_id")], ignore_index=True)
    return rows[list(table("conflicting_links").columns)]
