"""Which record of a register a petitioner is, by the linkage room's rules. What a record says is read elsewhere."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.linkage.links.registers import resolve
from pipeline.linkage.names.normalise import canonical_all, core
from pipeline.linkage.names.words import GENERIC, rare_tokens
from pipeline.linkage.places import canonical_city

LEAST_SCORE: Final = 70.0  # an equal tax id with less of the name in common is a coincidence of four digits


def lookup(names: pd.DataFrame, table: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return the records of a register that petitioners are: columns key, id, how, score and those of the register.

    names: as `name_table` returns them. table: name, state and, if known, city, ein, aliases; `key` names its records. Only
    petitioners that share the state and the last four digits of a tax id, or a normal form, with some record are compared:
    the rest could match by similarity alone.
    """
    register = table.assign(id=table[key])
    queried = names[names["key"].isin(_plausible(names, register)) & names["state"].notna()]
    if queried.empty:
        return register.iloc[:0].assign(key=pd.Series(dtype="int64"), how="", score=0.0)
    columns = [column for column in ("id", "name", "state", "city", "ein", "aliases") if column in register]
    hits = resolve(_as_petitioners(queried), register[columns])
    hits = hits[hits["score"] >= LEAST_SCORE]
    return hits.assign(key=hits["petitioner_id"].astype("int64")).drop(columns="petitioner_id").merge(register, on="id")


def _as_petitioners(queried: pd.DataFrame) -> pd.DataFrame:
    """One row a petitioner in the columns that `resolve` reads, its id the key, its first name before its other spellings."""
    spellings: dict[int, list[str]] = {}
    for key, text in zip(queried["key"].tolist(), queried["printed"].tolist(), strict=True):
        spellings.setdefault(key, []).append(text)
    petitioners = queried.drop_duplicates("key")[["key", "state", "tax_id_last4"]]
    return petitioners.assign(
        petitioner_id=petitioners["key"].astype("str"),
        name=[spellings[key][0] for key in petitioners["key"]],
        spellings=pd.Series([spellings[key] for key in petitioners["key"]], index=petitioners.index),
    )


def _plausible(names: pd.DataFrame, register: pd.DataFrame) -> list[int]:
    """Keys of petitioners that share a normal form, or digits of a tax id and a distinguishing word, with a record."""
    printed = register[["name", "state"]].assign(
        tax_key=register["ein"].str[-4:] + register["state"] if "ein" in register else None
    )
    if "aliases" in register:
        aliases = printed.assign(name=register["aliases"]).explode("name").dropna(subset=["name"])
        printed = pd.concat([printed, aliases], ignore_index=True)
    forms = canonical_all(printed["name"]).tolist()
    same_form = names.loc[names["form"].isin({core(form) for form in forms}), "key"].tolist()
    return same_form + _share_tax_id(names, printed["tax_key"], forms)


def _share_tax_id(names: pd.DataFrame, tax_keys: pd.Series, forms: list[str]) -> list[int]:
    """Keys of petitioners that share the last four digits, the state and a distinguishing word with a record.

    tax_keys, forms: of the records.
    """
    words: dict[str, set[str]] = {}
    for tax_key, form in zip(tax_keys.tolist(), forms, strict=True):
        if isinstance(tax_key, str):
            words.setdefault(tax_key, set()).update(form.split())
    near = names[names["tax_key"].isin(words.keys())]
    candidates = zip(near["key"].tolist(), near["tax_key"].tolist(), near["form"].tolist(), strict=True)
    return [key for key, tax_key, form in candidates if not (words[tax_key] & set(form.split())) <= GENERIC]


def same_place(rows: pd.DataFrame, names: pd.DataFrame) -> pd.Series:
    """Decide whether each hospital of a common name is in the petitioner's city: fifty are called St. Mary's.

    rows: of `lookup`. A name with two distinctive words, or one that holds the hospital's city, needs no place.
    """
    own = names.loc[names["key"].isin(rows["key"]), ["key", "cities"]].drop_duplicates("key").explode("cities")
    known = pd.MultiIndex.from_arrays([own["key"], canonical_city(own["cities"].astype("str"))])
    city = rows["city"].fillna("")
    there = np.asarray(pd.MultiIndex.from_arrays([rows["key"], canonical_city(city)]).isin(known))
    distinguishing = [
        len(rare_tokens(form)) >= 2 or (place != "" and f" {place} " in f" {form} ")
        for form, place in zip(canonical_all(rows["name"]), canonical_all(city), strict=True)
    ]
    return pd.Series(there | np.asarray(distinguishing, dtype=bool), index=rows.index)
