"""Accepted links that rest on one sign alone, the name: they stand, and a person reviews each.

What belongs here: which signs are independent of each other. What a sign is worth is in `model.py`, what is reviewed in `open_links.py`.
"""

from __future__ import annotations

import pandas as pd

from pipeline.linkage.model import STATE_EQUAL
from pipeline.linkage.scoring import by_curated_name, by_written_name


def by_one_sign(links: pd.DataFrame, verdicts: pd.DataFrame) -> pd.Series:
    """Decide which accepted links nothing speaks for but the name, in its state or less.

    A second sign is a place nearer than the state, a tax id that a register gives for the institution or a person wrote with the name, a
    curated name (a person wrote that it is this institution's) or a ruling; and a tax id that another link of the institution with such
    a sign has. A tax id that only the name itself taught is none. links: scored, with decision; verdicts: as of `decisions.judge`.
    """
    accepted = links["decision"] == "accepted"
    written = by_written_name(links) & links["restricted"].notna() & (links["restricted"] == links["tax_id_last4"])
    ruled = verdicts.loc[verdicts["verdict"].isin(["same", "affiliate"]), ["petitioner_site_id", "institution_id"]]
    sure = (links["place_points"] > STATE_EQUAL) | links["own_id"] | by_curated_name(links) | written
    sure |= pd.MultiIndex.from_frame(links[["petitioner_site_id", "institution_id"]]).isin(
        pd.MultiIndex.from_frame(ruled)
    )
    tax_ids = pd.MultiIndex.from_frame(links[["institution_id", "tax_id_last4"]])
    known = (links["tax_points"] > 0) & tax_ids.isin(tax_ids[accepted & sure])
    return accepted & ~sure & ~known
