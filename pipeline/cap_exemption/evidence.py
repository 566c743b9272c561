"""Evidence as it is published: lists of records for and against each answer. What evidence is worth is in `confidence`."""

from __future__ import annotations

import itertools
from typing import Final

import numpy as np
import pandas as pd

from pipeline.cap_exemption.signals import SIGNALS, numbers

Record = dict[str, str]
_COLUMNS: Final = ("source", "snapshot", "locator", "field", "value", "strength", "signal")


def evidence_lists(findings: pd.DataFrame, category: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return evidence and counter_evidence of each petitioner, lists of EVIDENCE records; findings: in order of key.

    Evidence are the findings for the category and those for neither side; counter-evidence those against it. For `unknown`,
    what speaks for an exemption is evidence, and what speaks against one is counter-evidence.
    """
    keys = findings["key"].to_numpy()
    subject = (category == "likely_cap_subject").to_numpy()
    against = numbers(findings["signal"], SIGNALS) * np.where(subject[keys], -1, 1) < 0
    records = _records(findings)
    return _by_key(keys, records, ~against, len(category)), _by_key(keys, records, against, len(category))


def _by_key(keys: np.ndarray, records: np.ndarray, mask: np.ndarray, size: int) -> pd.Series:
    """Return the records where `mask` holds as a list for each key; keys: in order."""
    bounds = np.searchsorted(keys[mask], np.arange(size + 1)).tolist()
    kept: list[Record] = records[mask].tolist()
    return pd.Series([kept[start:end] for start, end in itertools.pairwise(bounds)], dtype="object")


def _records(findings: pd.DataFrame) -> np.ndarray:
    """Return one record a row; equal rows share one (most petitioners have nothing but their industry)."""
    groups = findings.groupby(list(_COLUMNS), dropna=False, sort=False).ngroup().to_numpy()
    first = findings.loc[~pd.Series(groups, index=findings.index).duplicated(), list(_COLUMNS)]
    cells = [first[column].fillna("").astype("str").tolist() for column in _COLUMNS]
    records: list[Record] = [dict(zip(_COLUMNS, values, strict=True)) for values in zip(*cells, strict=True)]
    return np.array(records, dtype=object)[groups]
