"""The tables of this room, each made from the tables it needs by the function of its name."""

from __future__ import annotations

import pandas as pd

from pipeline.filings import table


def trainee_applications(lca_filings: pd.DataFrame) -> pd.DataFrame:
    """Return table `trainee_applications`: applications whose title says resident, fellow or trainee."""
    return table.trainee_applications(lca_filings)


def trainee_filings(
    trainee_applications: pd.DataFrame, employer_links: pd.DataFrame, institutions: pd.DataFrame
) -> pd.DataFrame:
    """Return table `trainee_filings`: the same applications, and whose they are."""
    places = institutions[["institution_id", "name", "city", "state"]].rename(
        columns={"name": "institution", "city": "institution_city", "state": "institution_state"}
    )
    linked = employer_links.dropna(subset=["institution_id"]).merge(places, on="institution_id", how="left")
    return table.trainee_filings(trainee_applications, linked)
