"""Evidence as it is published: lists of records, for and against each answer."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.rules.cap_exempt_signals import SIGNALS

Record = dict[str, str]
_COLUMNS: Final = ("source", "snapshot", "locator", "field", "value", "strength", "signal")


def evidence_lists(findings: pd.DataFrame, category: pd.Series) -> tuple[pd.Series, pd.Series]:
    """evidence and counter_evidence of each petitioner (key: position), lists of EVIDENCE records.

    Evidence are the findings that speak for the category and those that speak for neither side; counter-evidence those
    that speak against it. For `unknown`, signs of an exemption are evidence and signs against one are counter-evidence.
    """
    subject = (category == "likely_cap_subject").to_numpy()
    leaning = findings["signal"].map(SIGNALS).to_numpy() * np.where(subject[findings["key"].to_numpy()], -1, 1)
    size = len(category)
    support: list[list[Record]] = [[] for _ in range(size)]
    counter: list[list[Record]] = [[] for _ in range(size)]
    for key, lean, record in zip(findings["key"].tolist(), leaning.tolist(), _records(findings), strict=True):
        (counter if lean < 0 else support)[key].append(record)
    return pd.Series(support, dtype="object"), pd.Series(counter, dtype="object")


def _records(findings: pd.DataFrame) -> list[Record]:
    """One record a row; equal rows share one (most petitioners have nothing but their industry)."""
    groups = findings.groupby(list(_COLUMNS), dropna=False, sort=False).ngroup().to_numpy()
    first = findings.loc[~pd.Series(groups, index=findings.index).duplicated(), list(_COLUMNS)]
    cells = [first[column].fillna("").astype("str").tolist() for column in _COLUMNS]
    records: list[Record] = [dict(zip(_COLUMNS, values, strict=True)) for values in zip(*cells, strict=True)]
    return [records[group] for group in groups.tolist()]
