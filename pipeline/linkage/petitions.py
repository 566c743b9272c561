"""From the printed rows of the Employer Data Hub to petitions: one row a spelling, tax id, year, industry and place."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.schemas.ids import petitioner_site_ids
from pipeline.schemas.vocabulary import PETITION_TYPES

KEY: Final = ["fiscal_year", "employer", "tax_id_last4", "state", "city", "naics"]
COUNTS: Final = ["initial_approvals", "initial_denials", "continuing_approvals", "continuing_denials"]
# Blanks at an end or side by side, and signs among which there may be other white space.
_UNEVEN: Final = r"^ | $|  |[^ -~]"
TYPE_COUNTS: Final = [f"{kind}_{outcome}" for kind in PETITION_TYPES for outcome in ("approvals", "denials")]


def sum_petitions(rows: pd.DataFrame, coverage: str | None = None, snapshot_id: str | None = None) -> pd.DataFrame:
    """Return table `petitions` less petitioner_id, in key order.

    rows: table `uscis_petition_rows`, with the columns coverage and snapshot_id unless these are given as arguments.
    The same petitioner is printed on several rows (ZIP codes, repeated keys): counts are added; the counts by petition
    type are null where no row of the key has them. White space inside names is collapsed, cities are in upper case, a
    blank employer is "". If a key comes from several snapshots the row carries the first of their ids, and `partial` if
    one of them is.
    """
    employer = _in_single_spaces(rows["employer"].fillna(""))
    work = pd.DataFrame(
        {
            "fiscal_year": rows["fiscal_year"],
            "employer": employer,
            "tax_id_last4": rows["tax_id_last4"],
            "state": rows["state"],
            "city": _in_single_spaces(rows["city"].fillna("")).str.upper(),
            "naics": rows["naics"],
            "coverage": rows["coverage"] if coverage is None else coverage,
            "snapshot_id": rows["snapshot_id"] if snapshot_id is None else snapshot_id,
        },
        index=rows.index,
    )
    for name in COUNTS:
        work[name] = rows[name].astype("int64")
    types = [name for name in TYPE_COUNTS if name in rows.columns and rows[name].notna().any()]
    for name in types:
        work[name] = rows[name].astype("Int64")
    # Numbers in the order of the few texts: of texts, the least of each of 450,000 groups takes a second.
    coverages, work["coverage"] = _numbered(work["coverage"])
    snapshots, work["snapshot_id"] = _numbered(work["snapshot_id"])
    grouped = work.groupby(KEY, dropna=False, sort=True)
    summed = grouped[COUNTS].sum()
    for name in types:
        summed[name] = grouped[name].sum(min_count=1)
    summed["coverage"] = coverages.reindex(grouped["coverage"].max()).to_numpy()  # "partial" sorts after "full"
    summed["snapshot_id"] = snapshots.reindex(grouped["snapshot_id"].min()).to_numpy()
    result = summed.reset_index()
    result["city"] = result["city"].mask(result["city"] == "")
    return result.assign(petitioner_site_id=petitioner_site_ids(result))


def _numbered(texts: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return the distinct texts in order, and the place of each text among them; null has none."""
    codes, distinct = pd.factorize(texts, sort=True)
    places = pd.Series(codes, index=texts.index, dtype="float64")
    return pd.Series(distinct, dtype="str"), places.where(codes >= 0)


def _in_single_spaces(texts: pd.Series) -> pd.Series:
    """Return the texts with white space collapsed, once a distinct one; nulls stay null."""
    codes, distinct = pd.factorize(texts)
    collapsed = pd.Series(distinct, dtype="str")
    odd = collapsed.str.contains(_UNEVEN)  # few are
    collapsed[odd] = collapsed[odd].str.split().str.join(" ")
    return pd.Series(collapsed.reindex(codes).to_numpy(), index=texts.index, dtype="str")
