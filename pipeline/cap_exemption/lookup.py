"""Petitioners in registers: which record each is, by the matching room's rules, and findings in one form."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.cap_exemption.registers import SOURCE_IDS
from pipeline.linkage.links.registers import resolve
from pipeline.linkage.names.bulk import canonical_all, canonical_many
from pipeline.linkage.names.normalise import GENERIC, core, rare_tokens
from pipeline.linkage.places import canonical_city

FINDING: Final = ("key", "signal", "source", "snapshot", "locator", "field", "value", "strength", "how")
LEAST_SCORE: Final = 70.0  # an equal tax id with less of the name in common is a coincidence of four digits


def no_findings() -> pd.DataFrame:
    """A frame of findings without a row."""
    return pd.DataFrame({name: pd.Series(dtype="int64" if name == "key" else "str") for name in FINDING})


def lookup(names: pd.DataFrame, register: pd.DataFrame) -> pd.DataFrame:
    """Columns key, id, how, score: the record of a register for each petitioner.

    register: id, name, state and, if known, city, ein, aliases. Only petitioners that share the state and the last four
    digits of a tax id, or a normal form, with some record are compared: the rest could match by similarity alone.
    """
    printed = register[["name", "state"]].assign(
        key=register["ein"].str[-4:] + register["state"] if "ein" in register else None
    )
    if "aliases" in register:
        more = printed.assign(name=register["aliases"]).explode("name").dropna(subset=["name"])
        printed = pd.concat([printed, more], ignore_index=True)
    forms = canonical_many(printed["name"].to_numpy(dtype=object).tolist())
    plausible = names.loc[names["form"].isin({core(form) for form in forms}), "key"].tolist()
    plausible += _share_tax_id(names, printed["key"], forms)
    asked = names[names["key"].isin(plausible) & names["state"].notna()]
    if asked.empty:
        types = {"key": "int64", "id": "str", "how": "str", "score": "float64"}
        return pd.DataFrame({column: pd.Series(dtype=kind) for column, kind in types.items()})
    spellings: dict[int, list[str]] = {}
    for key, text in zip(asked["key"].tolist(), asked["printed"].tolist(), strict=True):
        spellings.setdefault(key, []).append(text)
    petitioners = asked.drop_duplicates("key")[["key", "state", "tax_id_last4"]]
    petitioners = petitioners.assign(
        petitioner_id=petitioners["key"].astype("str"),
        name=[spellings[key][0] for key in petitioners["key"]],
        spellings=pd.Series([spellings[key] for key in petitioners["key"]], index=petitioners.index),
    )
    columns = [column for column in ("id", "name", "state", "city", "ein", "aliases") if column in register]
    found = resolve(petitioners, register[columns])
    found = found[found["score"] >= LEAST_SCORE]
    return found.assign(key=found["petitioner_id"].astype("int64")).drop(columns="petitioner_id")


def _share_tax_id(names: pd.DataFrame, keys: pd.Series, forms: list[str]) -> list[int]:
    """Petitioners that share the last four digits, the state and a telling word with a record; keys, forms: of the records."""
    words: dict[str, set[str]] = {}
    for key, form in zip(keys.tolist(), forms, strict=True):
        if isinstance(key, str):
            words.setdefault(key, set()).update(form.split())
    near = names[names["tax_key"].isin(words.keys())]
    known = zip(near["key"].tolist(), near["tax_key"].tolist(), near["form"].tolist(), strict=True)
    return [petitioner for petitioner, key, form in known if not (words[key] & set(form.split())) <= GENERIC]


def same_place(rows: pd.DataFrame, names: pd.DataFrame) -> pd.Series:
    """Whether a hospital of a common name is in the petitioner's city: fifty are called St. Mary's.

    A name with two distinctive words, or one that holds the hospital's city, needs no place.
    """
    own = names.loc[names["key"].isin(rows["key"]), ["key", "cities"]].drop_duplicates("key").explode("cities")
    known = pd.MultiIndex.from_arrays([own["key"], canonical_city(own["cities"].astype("str"))])
    city = rows["city"].fillna("")
    there = np.asarray(pd.MultiIndex.from_arrays([rows["key"], canonical_city(city)]).isin(known))
    forms = canonical_all(rows["name"])
    telling = [
        len(rare_tokens(form)) >= 2 or (place != "" and f" {place} " in f" {form} ")
        for form, place in zip(forms, canonical_all(city), strict=True)
    ]
    return pd.Series(there | np.asarray(telling, dtype=bool), index=rows.index)


def finding(
    rows: pd.DataFrame,
    mask: pd.Series | np.ndarray,
    signal: str,
    field: str,
    value: pd.Series,
    strength: str,
    source: str,
) -> pd.DataFrame:
    """Findings for the rows where `mask` holds; a similar name alone counts as C."""
    kept = rows[mask]
    return pd.DataFrame(
        {
            "key": kept["key"],
            "signal": signal,
            "source": SOURCE_IDS[source],
            "snapshot": kept["snapshot_id"],
            "locator": kept["id"],
            "field": field,
            "value": value[mask],
            "strength": np.where(kept["how"] == "fuzzy", "C", strength),
            "how": kept["how"],
        }
    )
