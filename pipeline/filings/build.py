"""Table `trainee_filings`, made from the tables it needs."""

from __future__ import annotations

import pandas as pd

from pipeline.filings import table


def trainee_filings(
    lca_filings: pd.DataFrame, employer_links: pd.DataFrame, institutions: pd.DataFrame
) -> pd.DataFrame:
    """Return table `trainee_filings`: applications whose title says resident, fellow or trainee, and whose they are."""
    places = institutions[["institution_id", "name", "city", "state"]].rename(
        columns={"name": "institution", "city": "institution_city", "state": "institution_state"}
    )
    linked = employer_links.dropna(subset=["institution_id"]).merge(places, on="institution_id", how="left")
    return table.trainee_filings(lca_filings, linked)
