"""From the printed rows of the Employer Data Hub to petitions: one row a spelling, tax id, year, industry and place."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.schemas.ids import petitioner_site_ids
from pipeline.schemas.numbers import distinct_rows, numbered
from pipeline.schemas.vocabulary import PETITION_TYPES

KEY: Final = ["fiscal_year", "employer", "tax_id_last4", "state", "city", "naics"]
COUNTS: Final = ["initial_approvals", "initial_denials", "continuing_approvals", "continuing_denials"]
TYPE_COUNTS: Final = [f"{kind}_{outcome}" for kind in PETITION_TYPES for outcome in ("approvals", "denials")]
# What is read of table uscis_petition_rows.
SUMMED: Final = [*KEY, *COUNTS, *TYPE_COUNTS, "snapshot_id"]
# Blanks at an end or side by side, and signs among which there may be other white space.
_UNEVEN: Final = r"^ | $|  |[^ -~]"


def sum_petitions(rows: pd.DataFrame, coverage: str | None = None, snapshot_id: str | None = None) -> pd.DataFrame:
    """Return table `petitions` less petitioner_id, in key order.

    rows: table `uscis_petition_rows`, with the columns coverage and snapshot_id unless these are given as arguments.
    The same petitioner is printed on several rows (ZIP codes, repeated keys): counts are added; the counts by petition
    type are null where no row of the key has them. White space inside names is collapsed, cities are in upper case, a
    blank employer is "". If a key comes from several snapshots the row carries the first of their ids, and `partial` if
    one of them is.
    """
    given = {"coverage": coverage, "snapshot_id": snapshot_id}
    rows = rows.assign(**{name: value for name, value in given.items() if value is not None})
    texts = {
        "employer": _numbered_in_single_spaces(rows["employer"].fillna("")),
        "tax_id_last4": numbered(rows["tax_id_last4"]),
        "state": numbered(rows["state"]),
        "city": _numbered_in_single_spaces(rows["city"].fillna("").str.upper()),
        "naics": numbered(rows["naics"]),
    }
    first, key = distinct_rows(rows["fiscal_year"].to_numpy(dtype="int64"), *(codes for codes, _ in texts.values()))
    keys = {name: distinct.reindex(codes[first]).reset_index(drop=True) for name, (codes, distinct) in texts.items()}
    result = pd.DataFrame({"fiscal_year": rows["fiscal_year"].iloc[first].reset_index(drop=True), **keys})
    result = result.assign(**_sums(rows, key))
    result["city"] = result["city"].mask(result["city"] == "")
    return result.assign(petitioner_site_id=petitioner_site_ids(result))


def _sums(rows: pd.DataFrame, key: np.ndarray) -> dict[str, pd.Series | np.ndarray]:
    """Return the counts, coverage and snapshot_id of each key 0, 1, …; key: that of each row."""
    types = [name for name in TYPE_COUNTS if name in rows.columns and rows[name].notna().any()]
    coverages, snapshots = _in_order(rows["coverage"]), _in_order(rows["snapshot_id"])
    numbers = rows[[*COUNTS, *types]].assign(coverage=coverages[0], snapshot_id=snapshots[0])
    grouped = numbers.astype(dict.fromkeys(COUNTS, "int64") | dict.fromkeys(types, "Int64")).groupby(key)
    return {
        **grouped[COUNTS].sum(),
        **grouped[types].sum(min_count=1),
        "coverage": coverages[1].reindex(grouped["coverage"].max()).to_numpy(),  # "partial" sorts after "full"
        "snapshot_id": snapshots[1].reindex(grouped["snapshot_id"].min()).to_numpy(),
    }


def _in_order(texts: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """Return the place of each text among the distinct ones, none for null, and these, in order."""
    codes, distinct = pd.factorize(texts, sort=True)
    return np.where(codes < 0, np.nan, codes), pd.Series(distinct, dtype="str")


def _numbered_in_single_spaces(texts: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """Return `numbered` of texts with white space collapsed, once a distinct one."""
    codes, distinct = numbered(texts)
    odd = distinct.str.contains(_UNEVEN)  # few are
    distinct[odd] = distinct[odd].str.split().str.join(" ")
    again, collapsed = numbered(distinct)
    return again[codes], collapsed
