"""Which record of a public register a spelling names: by all names and acronyms of IPEDS and ROR in its state.

Two spellings under one tax id that name one record are one petitioner, whatever their words (`USC`, `FACEBOOK INC` and `META PLATFORMS`);
two that name different units of IPEDS are two, though they share a word (Auburn University and that at Montgomery).
"""

# pyright: reportAttributeAccessIssue=false
# pyarrow makes the functions of its compute module when it is imported: no type checker sees them.
from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.linkage.anchors import Registers, ipeds_names, register_names
from pipeline.linkage.components import chain
from pipeline.linkage.model import IN_ONE_CITY
from pipeline.schemas.frames import text_array

_NOBODY: Final = -1


class Records(NamedTuple):
    """Numbers of the record that each spelling names in IPEDS and in ROR, -1 for none or several."""

    ipeds: np.ndarray
    ror: np.ndarray


def named_records(spellings: pd.DataFrame, registers: Registers) -> Records:
    """Return the records of the registers that spellings name in their state. spellings: columns form, state."""
    ror = registers.ror[["ror_id", "name", "state", "city"]]
    names = zip(registers.ror["aliases"], registers.ror["acronyms"], strict=True)
    ror = ror.assign(aliases=pd.Series([[*aliases, *short] for aliases, short in names], index=ror.index, dtype=object))
    wanted = _keys(spellings)
    both = ((ipeds_names(registers.ipeds), "unitid"), (register_names(ror, "ror_id"), "ror_id"))
    return Records(*(_records(wanted, known, key) for known, key in both))


def pairs_of_records(spellings: pd.DataFrame, records: Records, filed: pd.DataFrame) -> np.ndarray:
    """Return the pairs of rows that name one record of IPEDS or ROR and file from one city under one tax id.

    spellings: column home. filed: columns row (of `spellings`), city and weight, its petitions from there.
    """
    of_record = spellings.index[(records.ipeds != _NOBODY) | (records.ror != _NOBODY)]
    known = filed.dropna(subset=["city"])
    known = known[known["row"].isin(of_record)].sort_values("weight", ascending=False, kind="stable")
    share = known["weight"] / known.groupby("row")["weight"].transform("sum")
    single = known[(share >= IN_ONE_CITY).to_numpy()].drop_duplicates("row").set_index("row")["city"]
    city, cities = pd.factorize(single.reindex(spellings.index))
    homes = spellings["home"].to_numpy() * (len(cities) + 1) + city
    rows = spellings.index.to_numpy()
    named = [(np.flatnonzero((record != _NOBODY) & (city >= 0)), record) for record in records]
    return np.concatenate([chain(rows[at], homes[at], record[at]) for at, record in named])


def _records(wanted: pa.Array, names: pd.DataFrame, key: str) -> np.ndarray:
    """Return a number for the one record that bears each of the wanted names, of `_keys`; -1 for none or several."""
    known = pd.DataFrame({"name": _keys(names).to_numpy(zero_copy_only=False), "record": names[key]}).drop_duplicates()
    single = known[~known["name"].duplicated(keep=False)]
    place = pc.index_in(wanted, value_set=text_array(single["name"].astype("str"))).fill_null(_NOBODY).to_numpy()
    return np.append(pd.factorize(single["record"])[0], _NOBODY)[place]


def _keys(names: pd.DataFrame) -> pa.Array:
    """Return state and form of each name in one text; with the letters by which such universities are known: Agricultural and
    Mechanical is A&M."""
    forms = pc.replace_substring(text_array(names["form"]), pattern="AGRICULTURAL MECHANICAL", replacement="AM")
    return pc.binary_join_element_wise(text_array(names["state"]), forms, " ", null_handling="replace")
