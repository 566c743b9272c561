"""Names that end where another begins: one petitioner that was renamed, though its names may have nothing in common.

Four digits are shared by chance, and so is a city of many. Tax id, state, city and industry together, the one name until the year in which
the other begins, are not where few file: `Brooks Automation` became `Azenta` in Chelmsford.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.linkage.model import SUCCESSION_BEARERS, SUCCESSION_PETITIONS, SUCCESSION_YEARS, TELLING_LETTERS
from pipeline.linkage.names.differences import UNSPECIFIC
from pipeline.linkage.petitions import Filed

# Bodies of a state or county share tax id, city and industry, and one may end by chance where another begins.
_GOVERNMENT: Final = "92"
_PUBLIC: Final = r"\b(?:UNIVERSITY|COLLEGE|SCHOOL|DEPARTMENT|STATE|COUNTY|CITY|COMMISSION|BOARD|VETERAN)\b"
_PAIR: Final = ["group", "group_next"]


def pairs_of_successions(spellings: pd.DataFrame, groups: np.ndarray, petitions: Filed) -> np.ndarray:
    """Return the pairs of groups under one tax id and state of which one ends in the year, or that before, in which the other begins.

    spellings: columns home, state_code, form and form_code, of those with tax id and state. groups: by row, the first row of what holds
    together without. Most petitions of both are of one city and industry, in which few file, or a
    word of their names is the same, be it one that describes; a single petition needs such a word. A name that has more petitions under
    another tax id of the state is another company's.
    """
    filed = _filed(spellings, groups, petitions)
    places = _main_places(filed)
    pairs = places.merge(places, on=["home", "cell"], suffixes=("", "_next"))
    gap = pairs["first_next"] - pairs["last"]
    pairs = pairs[(pairs["first"] < pairs["first_next"]) & (gap >= 0) & (gap <= SUCCESSION_YEARS)]
    near = spellings[["home", "state_code", "form", "form_code"]].assign(group=groups[spellings.index])
    near = near[near["form_code"].isin(near["form_code"][near["group"].isin(pairs[_PAIR].to_numpy().ravel())])]
    near = near.merge(filed.groupby("row")["weight"].sum(), left_index=True, right_index=True)
    words = _words(near[~near["group"].isin(_guests(near))])
    shared = [words.get(one, set()) & words.get(other, set()) for one, other in pairs[_PAIR].to_numpy().tolist()]
    known = pairs["group"].isin(words.keys()) & pairs["group_next"].isin(words.keys())
    alike = np.array([bool(some) for some in shared], dtype=bool)
    enough = pairs[["petitions", "petitions_next"]].min(axis=1) >= SUCCESSION_PETITIONS
    sure = (pairs["bearers"] <= SUCCESSION_BEARERS) & enough
    return pairs.loc[known & (sure | alike), _PAIR].to_numpy(dtype="int64")


def _filed(spellings: pd.DataFrame, groups: np.ndarray, petitions: Filed) -> pd.DataFrame:
    """Return columns row, group, home, year, weight, cell: the petitions of `spellings`, with a number for state, city and industry, -1
    where they do not say or are the government's."""
    state, home = np.full((2, len(groups) + 1), -1)  # the last is the place of blank names
    state[spellings.index], home[spellings.index] = spellings["state_code"], spellings["home"]
    stated = np.flatnonzero(home[petitions.spelling] >= 0)
    row = petitions.spelling[stated]
    (city, cities), (industry, industries) = petitions.city.at(stated), petitions.industry.at(stated)
    cell = (state[row] * len(cities) + city) * len(industries) + industry
    government = np.append((industries == _GOVERNMENT).to_numpy(dtype=bool), True)[industry]  # nor where none is stated
    return pd.DataFrame(
        {
            "row": row, "group": groups[row], "home": home[row],
            "year": petitions.year[stated], "weight": petitions.weight[stated],
            "cell": np.where((city == len(cities)) | government, -1, cell),
        }
    )  # fmt: skip


def _main_places(filed: pd.DataFrame) -> pd.DataFrame:
    """Return columns group, home, cell, first, last, petitions, bearers: the city and industry of most petitions of each group, its first
    and last year, and how many groups have that city and industry; of groups that share them and the tax id with another."""
    cell, cells = pd.factorize(filed["cell"], sort=True)
    keys, place = np.unique(filed["group"].to_numpy() * len(cells) + cell, return_inverse=True)
    weight = np.bincount(place, weights=filed["weight"])
    group, cell = np.divmod(keys, max(len(cells), 1))
    order = np.lexsort((-weight, group))
    order = order[np.diff(group[order], prepend=-1) > 0]  # the heaviest of each group
    mains = pd.DataFrame({"group": group[order], "cell": np.asarray(cells)[cell[order]]})
    mains["bearers"] = np.bincount(cell[order])[cell[order]]
    mains["home"] = filed.drop_duplicates("group").set_index("group")["home"].reindex(mains["group"]).to_numpy()
    mains = mains[(mains["cell"] >= 0) & mains.duplicated(["home", "cell"], keep=False)]
    of_groups = filed[filed["group"].isin(mains["group"])].groupby("group")
    whole = of_groups.agg(first=("year", "min"), last=("year", "max"), petitions=("weight", "sum"))
    return mains.merge(whole, left_on="group", right_index=True)


def _guests(names: pd.DataFrame) -> pd.Series:
    """Return the groups most of whose petitions bear a name that has more under another tax id of the state.

    names: columns group, home, state_code, form_code, weight.
    """
    here = names.groupby(["state_code", "form_code", "home"])["weight"].transform("sum")
    most = here.groupby([names["state_code"], names["form_code"]]).transform("max")
    away = names["weight"].where(here < most, 0.0).groupby(names["group"]).sum()
    whole = names.groupby("group")["weight"].sum()
    return pd.Series(whole.index[away * 2 > whole])


def _words(names: pd.DataFrame) -> dict[int, set[str]]:
    """Return the words that tell or describe in the names of each group, but for groups of public bodies. names: columns group, form."""
    public = names["group"][names["form"].str.contains(_PUBLIC, regex=True)]
    words: dict[int, set[str]] = {}
    for group, form in names.loc[~names["group"].isin(public), ["group", "form"]].to_numpy().tolist():
        words.setdefault(group, set()).update(word for word in form.split() if len(word) >= TELLING_LETTERS)
    return {group: found - UNSPECIFIC for group, found in words.items()}
