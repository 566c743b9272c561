"""Circumstances of a petitioner that never change its category, and a person's rulings, which do."""

from __future__ import annotations

from operator import itemgetter
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.cap_exemption.curated import rulings, with_form
from pipeline.cap_exemption.signals import Facts
from pipeline.linkage.names.normalise import core_all
from pipeline.schemas.frames import list_column

RULING: Final = "R_ruling"


def overlays(facts: Facts, verdict: pd.DataFrame) -> pd.Series:
    """Return lists of overlays, one for each row of `verdict` (columns name, state, rule_id)."""
    for_profit = verdict["rule_id"].isin(["R0_for_profit", "R0_for_profit_school", "R0_conflict"]).to_numpy()
    agency = facts.has("government_research")
    of_state = np.array([" STATE " in f" {str(name).upper()} " for name in verdict["name"][agency]], dtype=bool)
    federal = facts.has("federal_care")
    federal[np.flatnonzero(agency)[~of_state]] = True
    marks = {
        "fee_exempt_only": (verdict["rule_id"] == "R2_k12").to_numpy(),
        "federal_employer": federal,
        "individual_exemption_likely": for_profit & facts.has("trains_physicians", "trainee_starts"),
        "anomalous_trainee_starts": for_profit & facts.has("trainee_starts"),
    }
    listed = [(row, name) for name, mask in marks.items() for row in np.flatnonzero(mask).tolist()]
    listed.sort(key=itemgetter(0))  # stable: of a row in the order of above
    rows = np.array([row for row, _ in listed], dtype="int64")
    return list_column(rows, pa.array([name for _, name in listed], pa.string()), len(verdict))


def with_rulings(verdict: pd.DataFrame, petitioners: pd.DataFrame, own: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return `verdict` with a person's rulings in place of the rules' answers, shown as such; the operator's `own`, in the same
    columns, come last and so have the last word."""
    made = rulings() if own is None else pd.concat([rulings(), with_form(own)], ignore_index=True)
    if made.empty:
        return verdict
    forms = core_all(petitioners["name"])
    verdict = verdict.copy()
    for ruling in made.itertuples():
        mask = forms == ruling.form
        for column in ("state", "tax_id_last4"):
            wanted = str(getattr(ruling, column))
            if wanted:
                mask &= petitioners[column] == wanted
        mask = mask.fillna(False).astype(bool)
        basis = f"ruling by {ruling.who} on {ruling.ruled_on}: {ruling.reason} ({ruling.source})"
        ruled = {"category": str(ruling.category), "rule_id": RULING, "confidence": "high", "basis": basis}
        for column, value in ruled.items():
            verdict[column] = verdict[column].mask(mask, value)
    return verdict
