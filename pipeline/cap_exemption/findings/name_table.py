"""The names of petitioners as sources are searched for them, and the state to search in. What names say is in `names`."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.linkage.names.normalise import canonical_forms, cores
from pipeline.linkage.names.printed import are_cut, each_part
from pipeline.schemas.frames import list_items, text_array


def name_table(petitioners: pd.DataFrame) -> pd.DataFrame:
    """Return every name of every petitioner, as a whole and without its governing body, d/b/a names apart.

    Columns key (position of the petitioner), printed, form (normal form), cut (may have lost its end), tax_id_last4, cities,
    weight (approvals), state, tax_key (last four and state); form and tax_key are categories, since every register is searched
    for them. state: where to search, the state in which petitioners of the same form and tax id have most approvals.
    """
    printed, distinct = _printed(petitioners)
    forms = _forms(distinct.to_pylist())
    code, known = pd.factorize(forms["form"])
    rows = printed.merge(pd.DataFrame({"text": forms["text"], "form": code}), on="text")
    # Of a petitioner's names of one form the last speaks for it, in the place of the first.
    pair, pairs = pd.factorize(rows["key"].to_numpy() * len(known) + rows["form"].to_numpy())
    at, form = np.divmod(pairs, max(len(known), 1))
    text = np.zeros(len(pairs), dtype="int64")
    text[pair] = rows["text"]
    own = petitioners[["tax_id_last4", "cities", "state"]].take(at).reset_index(drop=True)
    table = pd.DataFrame(
        {
            "key": at,
            "printed": pd.Series(distinct.take(pa.array(text)), dtype="str"),
            "form": pd.Categorical.from_codes(form, pd.Index(known, dtype="str")),
            "tax_id_last4": own["tax_id_last4"],
            "cities": own["cities"],
            "weight": (petitioners["initial_approvals"] + petitioners["continuing_approvals"]).take(at).to_numpy(),
            "state": own["state"],
        }
    ).astype({"tax_id_last4": "str", "state": "str"})
    home = _home_state(table)
    tax_key = (table["tax_id_last4"] + home).astype("category")
    return table.assign(cut=are_cut(table["printed"]), state=home, tax_key=tax_key)


def _printed(petitioners: pd.DataFrame) -> tuple[pd.DataFrame, pa.Array]:
    """Return columns key, text (position in the array) of each petitioner's spellings, then its name; the distinct names."""
    names = text_array(petitioners["name"])
    key = np.arange(len(names))
    if "spellings" in petitioners.columns:
        row, spellings = list_items(petitioners["spellings"])
        key, names = np.append(row, key), pa.concat_arrays([spellings, names])
    order = np.argsort(key, kind="stable")
    order = order[names.is_valid().to_numpy(zero_copy_only=False)[order]]
    text = names.take(pa.array(order)).dictionary_encode()
    return pd.DataFrame({"key": key[order], "text": text.indices.to_numpy()}), text.dictionary


def _forms(printed: list[str]) -> pd.DataFrame:
    """Return columns text (position in `printed`), form: each part of each name without its governing body, then whole."""
    text, parts = each_part(printed)  # a parent that a name mentions is another body, with evidence of its own
    whole = canonical_forms(parts)
    both = np.column_stack([np.array(cores(whole), dtype=object), np.array(whole, dtype=object)])
    kept = both != ""
    kept[:, 1] &= both[:, 0] != both[:, 1]
    return pd.DataFrame({"text": text[kept.nonzero()[0]], "form": both[kept]})


def _home_state(names: pd.DataFrame) -> pd.Series:
    """Return the state with the most approvals for the same form and tax id; the petitioner's own without a tax id."""
    form = names["form"].cat.codes.to_numpy(dtype="int64")
    tax_id = pd.factorize(names["tax_id_last4"])[0]
    body = np.where(tax_id >= 0, pd.factorize(form * (tax_id.max(initial=0) + 1) + tax_id)[0], -1)
    state, states = pd.factorize(names["state"], sort=True)
    known = (body >= 0) & (state >= 0)
    place = body * (len(states) + 1) + state
    several = np.bincount(pd.unique(place[known]) // (len(states) + 1)) > 1
    # One state is home to most; only names with several, or with none of their own, are weighed by approvals.
    weighed = known & np.append(several, False)[np.minimum(body, len(several))] if len(several) else known
    weighed |= known & np.isin(body, body[(state < 0) & (body >= 0)])
    totals = pd.DataFrame({"body": body, "state": state, "weight": names["weight"].to_numpy()})[weighed]
    totals = totals.groupby(["body", "state"])["weight"].sum().reset_index()
    best = totals.sort_values(["body", "weight", "state"], ascending=[True, False, True]).drop_duplicates("body")
    home = np.full(body.max(initial=-1) + 2, -1)  # the last: where there is no tax id
    home[best["body"]] = best["state"]
    home = np.where(home[body] >= 0, home[body], state)
    return pd.Series([*states.to_numpy(dtype=object).tolist(), None], dtype="str").take(home).set_axis(names.index)
