"""Shares of the links that must stay small on national files: more means that the matching has come loose."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from pipeline.linkage.decisions import CURATED
from pipeline.release.missing import MAX_CONFLICTING_SHARE, MAX_UNMATCHED_SHARE


@dataclass(frozen=True)
class Share:
    """counted rows `of` so many, and the largest share that is all right (0 to 1)."""

    counted: int
    of: int
    most: float

    @property
    def value(self) -> float:
        """The share itself, 0 to 1."""
        return self.counted / max(self.of, 1)


def unmatched_share(unmatched_sponsors: pd.DataFrame, institutions: pd.DataFrame) -> Share:
    """Return the share of the institutions that lack a petitioner."""
    return Share(len(unmatched_sponsors), len(institutions), MAX_UNMATCHED_SHARE)


def conflicting_share(conflicting_links: pd.DataFrame, petitioner_links: pd.DataFrame) -> Share:
    """Return the share of the accepted links that conflict; only those on which no person has ruled are counted."""
    unruled = conflicting_links[~conflicting_links["method"].isin(CURATED)]
    accepted = int((petitioner_links["decision"] == "accepted").sum())
    return Share(len(unruled), accepted, MAX_CONFLICTING_SHARE)
