"""Names cut off at 34 characters: which are, and the full name that another row of the same petitioner prints.

What belongs here: what a year's file and the other spellings tell of a cut name. That spellings are one petitioner is found in
`clustering.py`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.linkage.model import CUT_HEAP
from pipeline.linkage.names.printed import CUT_LENGTH, is_prefix


def cut_names(names: pd.Series, printed: np.ndarray, years: np.ndarray) -> np.ndarray:
    """Decide which names may have lost their end: 33 or 34 characters long, and never printed in a year whose file cuts none.

    names: distinct texts. printed, years: the place in `names` and the fiscal year of each row that prints one.
    """
    lengths = names.str.len().to_numpy(dtype="int64")
    length = pd.Series(lengths[printed])
    just, before = (length.eq(size).groupby(years).sum() for size in (CUT_LENGTH, CUT_LENGTH - 1))
    whole_years = just.index[(length.groupby(years).max() > CUT_LENGTH) & (just <= CUT_HEAP * before)]
    cut = (lengths == CUT_LENGTH) | (lengths == CUT_LENGTH - 1)
    cut[printed[np.isin(years, whole_years)]] = False
    return cut


def full_names(owner: pd.Series, name: np.ndarray, names: pd.DataFrame) -> np.ndarray:
    """Return the name under which each petitioner site is compared: as printed, of a cut one the full spelling of its petitioner.

    owner: the petitioner of each site; name: the row of its name in `names`, as is what is returned. names: columns text, form
    (canonical), cut (of `cut_names`). A spelling that begins several names of its petitioner stays as it is, unless these have one
    normal form; so does one that nothing completes.
    """
    length, cut = names["text"].str.len().to_numpy(dtype="int64"), names["cut"].to_numpy(dtype=bool)
    spellings = pd.DataFrame({"owner": pd.factorize(owner)[0], "name": name})
    longer = spellings[(length[name] >= CUT_LENGTH) & ~cut[name]].drop_duplicates()
    pairs = spellings[cut[name]].drop_duplicates().merge(longer, on="owner", suffixes=("", "_full"))
    pairs = pairs[length[pairs["name_full"]] > length[pairs["name"]]].reset_index(drop=True)
    printed = names["text"].take(pairs["name"].to_numpy()).tolist()
    pairs = pairs.assign(
        **{column: names[column].take(pairs["name_full"].to_numpy()).array for column in ("text", "form")}
    )
    begins = [is_prefix(mine, form) for mine, form in zip(printed, pairs["form"].tolist(), strict=True)]
    pairs = pairs[np.array(begins, dtype=bool)]
    key = ["owner", "name"]
    single = pairs.groupby(key)["form"].transform("nunique") == 1
    known = pairs[single].sort_values([*key, "text"]).drop_duplicates(key)
    place = pd.Series(known["name_full"].to_numpy(), known["owner"].to_numpy() * len(names) + known["name"].to_numpy())
    read_as = place.reindex(spellings["owner"].to_numpy() * len(names) + name).to_numpy(dtype="float64")
    return np.where(np.isnan(read_as), name, read_as).astype("int64")
