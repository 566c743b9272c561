"""From the printed rows of the Employer Data Hub to petitions: one row a spelling, tax id, year, industry and place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

import numpy as np
import pandas as pd

from pipeline.schemas.ids import PETITIONER_SITE, petitioner_site_ids
from pipeline.schemas.numbers import Numbers, distinct_rows, numbered
from pipeline.schemas.vocabulary import PETITION_TYPES

KEY: Final = ["fiscal_year", "employer", "tax_id_last4", "state", "city", "naics"]
COUNTS: Final = ["initial_approvals", "initial_denials", "continuing_approvals", "continuing_denials"]
TYPE_COUNTS: Final = [f"{kind}_{outcome}" for kind in PETITION_TYPES for outcome in ("approvals", "denials")]
# What is read of table uscis_petition_rows.
SUMMED: Final = [*KEY, *COUNTS, *TYPE_COUNTS, "snapshot_id"]
# Blanks at an end or side by side, and signs among which there may be other white space.
_UNEVEN: Final = r"^ | $|  |[^ -~]"


class Summed(NamedTuple):
    """petitions: table `petitions` less petitioner_id, in key order. numbers: those of its texts in KEY, by column."""

    petitions: pd.DataFrame
    numbers: dict[str, Numbers]


def sum_petitions(rows: pd.DataFrame, coverage: str | None = None, snapshot_id: str | None = None) -> pd.DataFrame:
    """Return the petitions of `numbered_petitions`. rows: those of it; coverage, snapshot_id: of all rows, unless they have them."""
    given = {"coverage": coverage, "snapshot_id": snapshot_id}
    return numbered_petitions(
        rows.assign(**{name: value for name, value in given.items() if value is not None})
    ).petitions


def numbered_petitions(rows: pd.DataFrame) -> Summed:
    """Return table `petitions` less petitioner_id, in key order, and the numbers of its texts.

    rows: table `uscis_petition_rows`, with the columns coverage and snapshot_id.
    The same petitioner is printed on several rows (ZIP codes, repeated keys): counts are added; the counts by petition
    type are null where no row of the key has them. White space inside names is collapsed, cities are in upper case, a
    blank employer is "". If a key comes from several snapshots the row carries the first of their ids, and `partial` if
    one of them is.
    """
    texts = {
        "employer": _numbered_in_single_spaces(rows["employer"]),
        "tax_id_last4": numbered(rows["tax_id_last4"]),
        "state": numbered(rows["state"]),
        "city": _numbered_in_single_spaces(rows["city"], capitals=True),
        "naics": numbered(rows["naics"]),
    }
    first, key = distinct_rows(rows["fiscal_year"].to_numpy(dtype="int64"), *(one.codes for one in texts.values()))
    numbers = {name: one.at(first) for name, one in texts.items()}
    numbers["city"] = numbers["city"].without("")
    keys = {name: one.texts() for name, one in numbers.items()}
    result = pd.DataFrame({"fiscal_year": rows["fiscal_year"].iloc[first].reset_index(drop=True), **keys})
    site = petitioner_site_ids(result, [numbers[column].codes for column in PETITIONER_SITE])
    return Summed(result.assign(**_sums(rows, key), petitioner_site_id=site), numbers)


@dataclass(frozen=True)
class Filed:
    """Petitions in numbers, one value a row of table `petitions`. spelling: the row of its spelling, -1 for a blank name; year, weight:
    the fiscal year and how many petitions the row counts; city, industry: numbers of these."""

    spelling: np.ndarray
    year: np.ndarray
    weight: np.ndarray
    city: Numbers
    industry: Numbers

    @classmethod
    def of(cls, petitions: pd.DataFrame, numbers: Mapping[str, Numbers], spelling: np.ndarray) -> Self:
        """Return the petitions as numbers. numbers: of `text_numbers`; spelling: the row of the spelling of each."""
        weight = petitions[COUNTS].to_numpy(dtype="float64").sum(axis=1)
        return cls(
            spelling, petitions["fiscal_year"].to_numpy(dtype="int64"), weight, numbers["city"], numbers["naics"]
        )


def text_numbers(petitions: pd.DataFrame) -> dict[str, Numbers]:
    """Return the numbers of the texts of table `petitions` that `numbered_petitions` knows beside it."""
    return {column: numbered(petitions[column]) for column in KEY[1:]}


def _sums(rows: pd.DataFrame, key: np.ndarray) -> dict[str, pd.Series | pd.api.extensions.ExtensionArray | np.ndarray]:
    """Return the counts, coverage and snapshot_id of each key 0, 1, …; key: that of each row."""
    types = [name for name in TYPE_COUNTS if name in rows.columns and rows[name].notna().any()]
    coverages, snapshots = _in_order(rows["coverage"]), _in_order(rows["snapshot_id"])
    grouped = pd.DataFrame({"coverage": coverages[0], "snapshot_id": snapshots[0]}).groupby(key)
    return {
        **{name: np.bincount(key, rows[name].to_numpy(dtype="int64")).astype("int64") for name in COUNTS},
        **{name: _sum_of_known(rows[name], key) for name in types},
        # "partial" sorts after "full"
        "coverage": coverages[1].reindex(grouped["coverage"].max()).reset_index(drop=True),
        "snapshot_id": snapshots[1].reindex(grouped["snapshot_id"].min()).reset_index(drop=True),
    }


def _sum_of_known(counts: pd.Series, key: np.ndarray) -> pd.api.extensions.ExtensionArray:
    """Return the sum of each key 0, 1, …, null where no row of it has a count."""
    known = counts.notna().to_numpy()
    size = int(key.max(initial=-1)) + 1
    sums = np.bincount(key[known], counts[known].to_numpy(dtype="int64"), size).astype("int64")
    return pd.arrays.IntegerArray(sums, np.bincount(key[known], minlength=size) == 0)


def _in_order(texts: pd.Series) -> tuple[np.ndarray, pd.Series]:
    """Return the place of each text among the distinct ones, none for null, and these, in order."""
    codes, distinct = pd.factorize(texts, sort=True)
    return np.where(codes < 0, np.nan, codes), pd.Series(distinct, dtype="str")


def _numbered_in_single_spaces(texts: pd.Series, *, capitals: bool = False) -> Numbers:
    """Return `numbered` of texts with white space collapsed, once a distinct one; "" for null. capitals: in these."""
    codes, found = pd.factorize(texts, use_na_sentinel=False)  # they are sorted when they are as they stay
    distinct = pd.Series(found, dtype="str").fillna("")
    if capitals:
        distinct = distinct.str.upper()
    odd = distinct.str.contains(_UNEVEN)  # few are
    distinct[odd] = distinct[odd].str.split().str.join(" ")
    again, collapsed = numbered(distinct)
    return Numbers(again[codes], collapsed)
