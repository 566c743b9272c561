"""Names that strayed under another's tax id: a sister company's or a neighbour's, at home under another id of the state."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.linkage.model import STRAY_PETITIONS, STRAY_SHARE, STRAY_TIMES


def homes_elsewhere(spellings: pd.DataFrame, groups: np.ndarray, filed: pd.DataFrame) -> pd.Series:
    """Return the number of the tax id and state where the name of a spelling is at home, of those that strayed from another.

    spellings: columns home, state_code and form_code, of those with tax id and state. groups: the petitioner of each as all that
    holds together has it. filed: columns row (of `spellings`), city and weight, its petitions from there. A name that files from none
    of the cities of its home is another body of the same name.
    """
    key = ["state_code", "form_code", "home"]
    weight = np.bincount(filed["row"], weights=filed["weight"])[spellings.index]
    whole = np.bincount(groups, weights=weight)[groups]
    several = spellings.duplicated(key[:2], keep=False).to_numpy()
    names = spellings.loc[several, key].assign(weight=weight[several], whole=whole[several]).groupby(key, sort=False)
    names = names.agg(weight=("weight", "sum"), whole=("whole", "max")).reset_index()
    names = names.sort_values("weight", ascending=False, kind="stable")
    few = names["weight"] <= np.maximum(STRAY_PETITIONS, names["whole"] * STRAY_SHARE)
    slips = names[few & (names["weight"] * 2 < names["whole"])]  # and the lesser part of its petitioner's
    best = names.drop_duplicates(key[:2])[[*key, "weight"]]
    pairs = slips.merge(best, on=key[:2], suffixes=("", "_best"))
    pairs = pairs[(pairs["home"] != pairs["home_best"]) & (pairs["weight"] * STRAY_TIMES <= pairs["weight_best"])]
    pairs = pairs[_in_common_city(pairs, spellings, filed.dropna(subset=["city"]))]
    named = spellings[["home", "form_code"]][spellings["form_code"].isin(pairs["form_code"])]
    return named.reset_index().merge(pairs, on=["home", "form_code"]).set_index("index")["home_best"]


def _in_common_city(pairs: pd.DataFrame, spellings: pd.DataFrame, cities: pd.DataFrame) -> np.ndarray:
    """Return which pairs of a tax id and another under one name file from a city in common, or do not say from where."""
    named = spellings[["form_code", "home"]][spellings["form_code"].isin(pairs["form_code"])]
    places = cities.merge(named, left_on="row", right_index=True)[["form_code", "home", "city"]].drop_duplicates()
    numbered = pairs[["form_code", "home", "home_best"]].assign(pair=np.arange(len(pairs)))
    here = numbered.merge(places, on=["form_code", "home"])
    there = places.rename(columns={"home": "home_best"})
    common = here.merge(there, on=["form_code", "home_best", "city"])["pair"]
    return numbered["pair"].isin(common).to_numpy() | ~numbered["pair"].isin(here["pair"]).to_numpy()


def pairs_elsewhere(spellings: pd.DataFrame, elsewhere: pd.Series, groups: np.ndarray) -> np.ndarray:
    """Return the pairs of a stray spelling and another one under its tax id whose names are one petitioner where the stray is at home.

    spellings, elsewhere: of `homes_elsewhere`. groups: a number by row for what holds together without stray names.
    """
    table = spellings[["home", "form_code"]].assign(row=spellings.index, group=groups[spellings.index])
    strays = table.loc[elsewhere.index].assign(there=elsewhere)
    table = table[table["home"].isin({*strays["home"], *strays["there"]})]
    known = table.drop_duplicates(["home", "form_code"])[["home", "form_code", "group"]].rename(
        columns={"home": "there"}
    )
    strays = strays.merge(known, on=["there", "form_code"], suffixes=("", "_there"))
    beside = strays.merge(table[["home", "form_code", "row"]], on="home", suffixes=("", "_beside"))
    both = beside.merge(
        known, left_on=["there", "form_code_beside"], right_on=["there", "form_code"], suffixes=("", "_other")
    )
    return both.loc[both["group_there"] == both["group_other"], ["row", "row_beside"]].to_numpy(dtype="int64")
