"""Which record of a register a petitioner is, by the linkage room's rules. What a record says is read elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from pipeline.cap_exemption.findings.base import Tables
from pipeline.linkage.links.registers import record_names, resolve_spellings
from pipeline.linkage.names.normalise import canonical_all, cores
from pipeline.linkage.names.words import GENERIC, rare_tokens
from pipeline.linkage.places import canonical_city

LEAST_SCORE: Final = 70.0  # an equal tax id with less of the name in common is a coincidence of four digits


@dataclass(frozen=True)
class Records:
    """The records of a register as petitioners are looked up in them.

    table: the records, with their id. names: as of `record_names`. forms: normal forms of the names without governing bodies.
    words: words of the normal forms by tax key (last four digits and state).
    """

    table: pd.DataFrame
    names: pd.DataFrame
    forms: Collection[str]
    words: Mapping[str, Collection[str]]

    @classmethod
    def of(cls, table: pd.DataFrame, key: str) -> Records:
        """Return the records of a table with the columns name, state and, if known, city, ein, aliases; `key` names them."""
        table = table.assign(id=table[key])
        tax_key = table["ein"].str[-4:] + table["state"] if "ein" in table else None
        printed = table[["name"]].assign(tax_key=tax_key)
        if "aliases" in table:
            aliases = printed.assign(name=table["aliases"]).explode("name").dropna(subset=["name"])
            printed = pd.concat([printed, aliases], ignore_index=True)
        forms = canonical_all(printed["name"]).tolist()
        words: dict[str, set[str]] = {}
        for known, form in zip(printed["tax_key"].tolist(), forms, strict=True):
            if isinstance(known, str):
                words.setdefault(known, set()).update(form.split())
        return cls(table, record_names(table), frozenset(cores(forms)), words)


@dataclass(frozen=True)
class Registers:
    """The public registers at hand: their tables, and the records of those in which petitioners are looked up."""

    tables: Tables
    records: Mapping[str, Records]


def lookup(names: pd.DataFrame, records: Records) -> pd.DataFrame:
    """Return the records of a register that petitioners are: columns key, id, how, score and those of the register.

    names: as `name_table` returns them. Only petitioners that share the state and the last four digits of a tax id, or a normal
    form, with some record are compared: the rest could match by similarity alone.
    """
    plausible = np.zeros(names["key"].max() + 1 if len(names) else 0, dtype=bool)
    plausible[names.loc[_among(names["form"], records.forms), "key"]] = True
    plausible[_share_tax_id(names, records.words)] = True
    queried = names.loc[plausible[names["key"]] & names["state"].notna(), ["key", "state", "tax_id_last4", "printed"]]
    first = queried.drop_duplicates("key").set_index("key")["state"]
    spellings = queried.assign(state=queried["key"].map(first)).drop_duplicates(["key", "printed"])
    hits = resolve_spellings(spellings.rename(columns={"tax_id_last4": "last4"}), records.names)
    hits = hits[hits["score"] >= LEAST_SCORE].rename(columns={"petitioner_id": "key"})
    return hits.astype({"key": "int64"}).merge(records.table, on="id")


def _among(column: pd.Series, wanted: Collection[str]) -> np.ndarray:
    """Decide which rows of a column of categories are one of the wanted texts: these are few, and looked up in the categories."""
    known = column.cat.categories.get_indexer(pd.Index(list(wanted), dtype="str"))
    among = np.zeros(len(column.cat.categories) + 1, dtype=bool)
    among[known] = True
    among[-1] = False  # that of null, and of wanted texts that no row has
    return among[column.cat.codes]


def _share_tax_id(names: pd.DataFrame, words: Mapping[str, Collection[str]]) -> list[int]:
    """Keys of petitioners that share the last four digits, the state and a distinguishing word with a record; words: of records."""
    near = names[_among(names["tax_key"], words)]
    candidates = zip(near["key"].tolist(), near["tax_key"].tolist(), near["form"].tolist(), strict=True)
    return [key for key, tax_key, form in candidates if not set(form.split()).intersection(words[tax_key]) <= GENERIC]


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
