"""Evidence as it is published: lists of records for and against each answer. What evidence is worth is in `confidence`."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.cap_exemption.signals import SIGNALS, numbers
from pipeline.schemas.frames import list_column
from pipeline.schemas.vocabulary import EVIDENCE


def evidence_lists(findings: pd.DataFrame, category: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return evidence and counter_evidence of each petitioner, lists of EVIDENCE records; findings: in order of key.

    Evidence are the findings for the category and those for neither side; counter-evidence those against it. For `unknown`,
    what speaks for an exemption is evidence, and what speaks against one is counter-evidence.
    """
    keys = findings["key"].to_numpy()
    subject = (category == "likely_cap_subject").to_numpy()
    against = numbers(findings["signal"], SIGNALS) * np.where(subject[keys], -1, 1) < 0
    records = _records(findings)
    return _of_each(keys, records, ~against, len(category)), _of_each(keys, records, against, len(category))


def _of_each(keys: np.ndarray, records: pa.ChunkedArray, mask: np.ndarray, size: int) -> pd.Series:
    """Return the records where `mask` holds as a list for each key; keys: in order."""
    return list_column(keys[mask], records.filter(pa.array(mask)), size)


def _records(findings: pd.DataFrame) -> pa.ChunkedArray:
    """Return one record of EVIDENCE a row."""
    cells = [pa.array(findings[field.name].fillna("").astype("str"), field.type) for field in EVIDENCE]
    return pa.Table.from_arrays(cells, schema=pa.schema(list(EVIDENCE))).to_struct_array()
