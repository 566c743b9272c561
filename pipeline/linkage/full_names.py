"""Names cut off at 34 characters: which are, and the full name that another row of the same petitioner prints.

What belongs here: what a year's file and the other spellings tell of a cut name. That spellings are one petitioner is found in
`clustering.py`.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.linkage.names.normalise import canonical_all
from pipeline.linkage.names.printed import CUT_LENGTH, are_cut, is_prefix

# In a year whose file cuts names off, those of 34 characters are a heap: more than so many times those of 33.
HEAP: Final = 1.25


def cut_names(petitions: pd.DataFrame) -> frozenset[str]:
    """Return the names that may have lost their end: 33 or 34 characters long, and never printed in a year whose file cuts none.

    petitions: columns employer, fiscal_year.
    """
    length, years = petitions["employer"].str.len(), petitions["fiscal_year"]
    just, before = (length.eq(size).groupby(years).sum() for size in (CUT_LENGTH, CUT_LENGTH - 1))
    whole_years = just.index[(length.groupby(years).max() > CUT_LENGTH) & (just <= HEAP * before)]
    named = petitions.loc[are_cut(petitions["employer"]), ["employer", "fiscal_year"]]
    whole = named.loc[named["fiscal_year"].isin(whole_years), "employer"]
    return frozenset(named["employer"]) - frozenset(whole)


def full_names(sites: pd.DataFrame, cut: frozenset[str]) -> pd.Series:
    """Return the name under which each petitioner site is compared: as printed, of a cut one the full spelling of its petitioner.

    sites: columns petitioner_id, employer. cut: as of `cut_names`. A spelling that begins several names of its petitioner stays
    as it is, unless these have one normal form; so does one that nothing completes.
    """
    spellings = sites[["petitioner_id", "employer"]].drop_duplicates()
    length = spellings["employer"].str.len()
    longer = spellings[length > CUT_LENGTH - 1].rename(columns={"employer": "full"})
    pairs = spellings[spellings["employer"].isin(cut)].merge(longer, on="petitioner_id")
    pairs = pairs[(pairs["full"].str.len() > pairs["employer"].str.len()) & ~pairs["full"].isin(cut)]
    pairs = pairs.assign(form=canonical_all(pairs["full"]))
    begins = [is_prefix(mine, form) for mine, form in zip(pairs["employer"], pairs["form"], strict=True)]
    pairs = pairs[pd.Series(begins, index=pairs.index, dtype=bool)]
    key = ["petitioner_id", "employer"]
    single = pairs.groupby(key)["form"].transform("nunique") == 1
    known = pairs[single].sort_values([*key, "full"]).drop_duplicates(key).set_index(key)["full"]
    found = pd.Series(known.reindex(pd.MultiIndex.from_frame(sites[key])).to_numpy(), index=sites.index, dtype="str")
    return found.fillna(sites["employer"]).astype("str")
