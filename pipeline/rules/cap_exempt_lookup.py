"""Petitioners in registers: which record each is, by the matching room's rules, and findings in one form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from pipeline.matching.bulk import canonical_all, canonical_many
from pipeline.matching.names import GENERIC, core, rare_tokens
from pipeline.matching.places import canonical_city
from pipeline.matching.resolve import resolve
from pipeline.rules.cap_exempt_sources import SOURCE_IDS

FINDING: Final = ("key", "signal", "source", "snapshot", "locator", "field", "value", "strength", "how")
LEAST_SCORE: Final = 70.0  # an equal tax id with less of the name in common is a coincidence of four digits


def no_findings() -> pd.DataFrame:
    """A frame of findings without a row."""
    return pd.DataFrame({name: pd.Series(dtype="int64" if name == "key" else "str") for name in FINDING})


@dataclass(frozen=True)
class Names:
    """The names of `name_table`, and in which of its rows each normal form and each tax id with its state stands."""

    table: pd.DataFrame
    by_form: Mapping[str, Sequence[int]]
    by_tax_key: Mapping[str, Sequence[int]]

    @classmethod
    def of(cls, table: pd.DataFrame) -> Names:
        """Looked up by register after register, which are small beside it."""
        return cls(table, _places(table["form"].tolist()), _places(table["tax_key"].tolist()))


def _places(values: list[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for row, value in enumerate(values):
        if isinstance(value, str):
            found.setdefault(value, []).append(row)
    return found


def lookup(names: Names, register: pd.DataFrame) -> pd.DataFrame:
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
    plausible = {row for form in {core(form) for form in forms} for row in names.by_form.get(form, ())}
    plausible |= _share_tax_id(names, printed["key"], forms)
    keys = names.table["key"].to_numpy()
    asked = names.table[np.isin(keys, keys[sorted(plausible)])]
    asked = asked[asked["state"].notna()]
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


def _share_tax_id(names: Names, keys: pd.Series, forms: list[str]) -> set[int]:
    """Rows that share the last four digits, the state and a telling word with a record; keys, forms: of the records."""
    words: dict[str, set[str]] = {}
    for key, form in zip(keys.tolist(), forms, strict=True):
        if isinstance(key, str):
            words.setdefault(key, set()).update(form.split())
    known = names.table["form"].to_numpy(dtype=object)
    return {
        row
        for key, mine in words.items()
        for row in names.by_tax_key.get(key, ())
        if not (mine & set(known[row].split())) <= GENERIC
    }


def same_place(rows: pd.DataFrame, names: Names) -> pd.Series:
    """Whether a hospital of a common name is in the petitioner's city: fifty are called St. Mary's.

    A name with two distinctive words, or one that holds the hospital's city, needs no place.
    """
    table = names.table
    own = table.loc[table["key"].isin(rows["key"]), ["key", "cities"]].drop_duplicates("key").explode("cities")
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
