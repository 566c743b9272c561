"""Names cut off at 34 characters: which are, and the full name that another row of the same petitioner prints.

What belongs here: what a year's file and the other spellings tell of a cut name. That spellings are one petitioner is found in
`clustering.py`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.linkage.model import CUT_HEAP
from pipeline.linkage.names.normalise import canonical_all
from pipeline.linkage.names.printed import CUT_LENGTH, is_prefix
from pipeline.schemas.frames import among


def cut_names(petitions: pd.DataFrame) -> frozenset[str]:
    """Return the names that may have lost their end: 33 or 34 characters long, and never printed in a year whose file cuts none.

    petitions: columns employer, fiscal_year.
    """
    length, years = petitions["employer"].str.len(), petitions["fiscal_year"]
    just, before = (length.eq(size).groupby(years).sum() for size in (CUT_LENGTH, CUT_LENGTH - 1))
    whole_years = just.index[(length.groupby(years).max() > CUT_LENGTH) & (just <= CUT_HEAP * before)]
    cut = length.between(CUT_LENGTH - 1, CUT_LENGTH)
    named = petitions["employer"][cut]
    whole = named[years[cut].isin(whole_years)]
    return frozenset(named.tolist()).difference(whole.tolist())


def full_names(sites: pd.DataFrame, cut: frozenset[str]) -> pd.Series:
    """Return the name under which each petitioner site is compared: as printed, of a cut one the full spelling of its petitioner.

    sites: columns petitioner_id, employer. cut: as of `cut_names`. A spelling that begins several names of its petitioner stays
    as it is, unless these have one normal form; so does one that nothing completes.
    """
    owner, _ = pd.factorize(sites["petitioner_id"])
    name, distinct = pd.factorize(sites["employer"])
    names = pd.DataFrame({"full": pd.Series(distinct, dtype="str")})
    names = names.assign(length=names["full"].str.len(), cut=among(names["full"], cut))
    spellings = pd.DataFrame({"owner": owner, "name": name}).drop_duplicates()
    spellings = spellings.assign(
        **{column: names[column].to_numpy()[spellings["name"]] for column in ("length", "cut")}
    )
    longer = spellings[(spellings["length"] >= CUT_LENGTH) & ~spellings["cut"]]
    pairs = spellings[spellings["cut"]].merge(longer, on="owner", suffixes=("", "_full"))
    pairs = pairs[pairs["length_full"] > pairs["length"]].reset_index(drop=True)
    printed, full = (
        names["full"].take(pairs[place].to_numpy()).reset_index(drop=True) for place in ("name", "name_full")
    )
    pairs = pairs.assign(full=full, form=canonical_all(full))
    begins = [is_prefix(mine, form) for mine, form in zip(printed.tolist(), pairs["form"].tolist(), strict=True)]
    pairs = pairs[np.array(begins, dtype=bool)]
    key = ["owner", "name"]
    single = pairs.groupby(key)["form"].transform("nunique") == 1
    known = pairs[single].sort_values([*key, "full"]).drop_duplicates(key)
    place = pd.Series(known["name_full"].to_numpy(), known["owner"].to_numpy() * len(names) + known["name"].to_numpy())
    read_as = place.reindex(owner * len(names) + name).to_numpy(dtype="float64")
    read_as = np.where(np.isnan(read_as), name, read_as).astype("int64")
    return names["full"].take(read_as).set_axis(sites.index)
