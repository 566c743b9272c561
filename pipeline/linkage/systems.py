"""Health systems: which sponsor belongs to which, and under which legal entities the system's petitions are filed.

A row of `reference/links/systems.csv` without an employer says by which name a sponsor shows that it is of the system; one
with an employer names a legal entity of the system, for all its sponsors in some states or for those of one name.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.linkage.model import SYSTEM
from pipeline.linkage.names.normalise import canonical_all, core_all
from pipeline.reference.load import read_reference

COLUMNS: Final = ["institution_id", "employer", "form", "employer_state", "last4", "relation"]
NO_SYSTEMS: Final = pd.DataFrame(columns=COLUMNS, dtype="str")


def read_systems() -> pd.DataFrame:
    """Read the table of health systems, all text, "" for blank: rows that hold in whole regions, and rows written for single
    hospitals, which are rulings of a person. Raises ReferenceTableError."""
    return read_reference("links/systems.csv")


def system_names(institutions: pd.DataFrame, systems: pd.DataFrame) -> pd.DataFrame:
    """Return the legal entities that file for the health system of each institution: columns COLUMNS.

    institutions: columns institution_id, name, sponsor_names, state. systems: as `read_systems` yields them. form: the canonical
    name of the entity. employer_state: the state in which its petitions are printed. last4: the tax id to which the name is
    restricted, null if none. relation: `same` where the entity is the institution's own, else `affiliate`.
    """
    names = _names(institutions)
    members = systems[systems["employer"] == ""]
    entities = systems[systems["employer"] != ""]
    of_system = _matching(names, members)[["institution_id", "state", "system"]].drop_duplicates()
    for_all = entities[entities["sponsor"] == ""]
    shared = of_system.merge(for_all, on="system")
    shared = shared[_serves(shared)]
    own = _matching(names, entities[entities["sponsor"] != ""])
    found = pd.concat([shared, own], ignore_index=True)
    found = found.assign(
        form=core_all(found["employer"]),
        last4=found["tax_id_last4"].mask(found["tax_id_last4"] == ""),
    )
    key = ["institution_id", "form", "employer_state", "last4"]
    found = found.sort_values([*key, "relation"], ascending=[True] * len(key) + [False])
    return found.drop_duplicates(key)[COLUMNS].reset_index(drop=True)


def with_systems(names: pd.DataFrame, institutions: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Return names of institutions as `aliases.collect_aliases` yields them, and below them those of their health systems.

    found: as `system_names` yields it. A name that a person wrote for the institution, or that is its own already, is left as
    it is.
    """
    known = names[(names["relation"] == "same") | (names["source"] == "alias")]
    key = ["institution_id", "form"]
    new = found[~pd.MultiIndex.from_frame(found[key]).isin(pd.MultiIndex.from_frame(known[key]))]
    city = institutions.set_index("institution_id")["city"]
    more = new.assign(
        source=SYSTEM, needs="nothing", state=new["employer_state"], city=new["institution_id"].map(city), county=""
    )
    return pd.concat([names, more[names.columns]], ignore_index=True)


def _names(institutions: pd.DataFrame) -> pd.DataFrame:
    """Return columns institution_id, state, form: each name that lists state for a sponsor, canonical."""
    own = institutions[["institution_id", "state", "name"]]
    listed = institutions[["institution_id", "state"]].assign(name=institutions["sponsor_names"]).explode("name")
    names = pd.concat([own, listed.dropna(subset=["name"])], ignore_index=True)
    names["form"] = canonical_all(names["name"].astype("str"))
    return names[["institution_id", "state", "form"]].drop_duplicates(ignore_index=True)


def _matching(names: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the table joined with the institutions that bear the name of each, in its states."""
    phrases = canonical_all(rows["sponsor"]).tolist()
    known = list(zip(rows["match"].tolist(), phrases, strict=True))
    met = [
        (place, row)
        for place, form in enumerate(names["form"].tolist())
        for row, (match, phrase) in enumerate(known)
        if phrase in form and _bears(form, match, phrase)
    ]
    left = names.iloc[[place for place, _ in met]].reset_index(drop=True)
    right = rows.iloc[[row for _, row in met]].reset_index(drop=True)
    found = pd.concat([left[["institution_id", "state"]], right], axis=1)
    return found[_serves(found)]


def _bears(form: str, match: str, phrase: str) -> bool:
    """Decide whether a name that contains a phrase is it, starts with its words or has them among its own, as `match` asks."""
    if match == "exact":
        return form == phrase
    return f"{form} ".startswith(f"{phrase} ") if match == "starts" else f" {phrase} " in f" {form} "


def _serves(found: pd.DataFrame) -> pd.Series:
    """Decide whether the institution's state is among those for which the row holds; a blank cell means all."""
    holds = [
        wanted == "" or state in wanted.split()
        for state, wanted in zip(found["state"], found["sponsor_states"], strict=True)
    ]
    return pd.Series(holds, index=found.index, dtype=bool)
