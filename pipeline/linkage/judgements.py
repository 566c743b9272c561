"""What people have ruled: aliases and judgements. They always win, the operator's own over those under version control."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import pandas as pd

from pipeline.linkage.names.normalise import canonical, core
from pipeline.linkage.sponsor_names import sponsor_names, without_brand
from pipeline.reference.load import REFERENCE, read_folder
from pipeline.reference.tables import TABLES

FOLDER: Final = REFERENCE / "links"
_ALIASES: Final = "links/aliases.csv"
_JUDGEMENTS: Final = "links/judgements.csv"
ALIAS_COLUMNS: Final = TABLES[_ALIASES].columns
JUDGEMENT_COLUMNS: Final = TABLES[_JUDGEMENTS].columns


@dataclass(frozen=True)
class Curated:
    """Rows that people wrote of petitioners and institutions: aliases as of `read_aliases`, judgements as of `merged`, health
    systems as of `systems.read_systems`."""

    aliases: pd.DataFrame
    judgements: pd.DataFrame
    systems: pd.DataFrame

    def without(self, institutions: pd.DataFrame, left_out: Collection[str] | None = None) -> Self:
        """Return the rows that are not of the institutions `left_out` (ids); None leaves out all of them.

        institutions: table `institutions`, in which the rows are located. Of health systems what holds in whole regions stays.
        """
        systems = self.systems[self.systems["scope"] == "region"]
        if left_out is None:
            return type(self)(self.aliases.iloc[:0], self.judgements.iloc[:0], systems)
        aliases, judgements = (
            rows[~locate(rows, institutions).isin(left_out)] for rows in (self.aliases, self.judgements)
        )
        return type(self)(aliases, judgements, systems)


def read_aliases(folder: Path = FOLDER) -> pd.DataFrame:
    """Read the rows of `aliases*.csv` of a folder, all text, "" for blank. Raises ReferenceTableError."""
    return read_folder(_ALIASES, folder).drop(columns="line")


def read_judgements(folder: Path = FOLDER) -> pd.DataFrame:
    """Read the rows of `judgements*.csv` of a folder, all text, "" for blank. Raises ReferenceTableError."""
    return read_folder(_JUDGEMENTS, folder).drop(columns="line")


def merged(own: pd.DataFrame) -> pd.DataFrame:
    """Return the shipped judgements and below them the operator's `own`, with a column `own`."""
    return pd.concat([read_judgements().assign(own=False), own.assign(own=True)], ignore_index=True)


def institutions_by_code(institutions: pd.DataFrame) -> pd.Series:
    """Return the institution_id of each ACGME sponsor code, also of codes that other lists than the newest give."""
    own = institutions[["institution_id", "sponsor_code"]]
    others = institutions[["institution_id"]].assign(sponsor_code=institutions["other_sponsor_codes"])
    both = pd.concat([own, others.explode("sponsor_code")]).dropna(subset=["sponsor_code"])
    return both.set_index("sponsor_code")["institution_id"]


def locate(curated: pd.DataFrame, institutions: pd.DataFrame) -> pd.Series:
    """Return the institution_id of each curated row, null where the list has no such institution: by sponsor code, else by name or
    alias and a state in which it has programs. Its own name is worth more than another sponsor's name for it, that more than a
    name that it bore before, by `sponsor_names.csv` or without its owner's brand, and that more than an alias."""
    if curated.empty:
        return curated["sponsor_code"].astype("str")
    ranked = [institutions["name"].map(lambda name: [name]), institutions["sponsor_names"], institutions["aliases"]]
    own, stated, aliases = (institutions[["institution_id"]].assign(name=names) for names in ranked)
    former = sponsor_names()
    former = former.assign(institution_id=_located(former, institutions, [own, stated]))
    former = former.dropna(subset=["institution_id"]).assign(name=lambda rows: rows["name"].map(lambda name: [name]))
    plain = own.assign(name=institutions["name"].map(lambda name: [without_brand(canonical(str(name)))]))
    return _located(curated, institutions, [own, stated, former[["institution_id", "name"]], plain, aliases])


def _located(curated: pd.DataFrame, institutions: pd.DataFrame, names: list[pd.DataFrame]) -> pd.Series:
    """Return the institution_id of each row of sponsor_code, institution and, of the two, the state; null where none is the only one.

    names: columns institution_id, name (lists); the first table that has the row's name in its state says whose it is.
    """
    found = curated["sponsor_code"].map(institutions_by_code(institutions)).astype("str")
    table = pd.concat([frame.assign(rank=rank) for rank, frame in enumerate(names)])
    table = table.explode("name", ignore_index=True).dropna(subset=["name"])
    table["form"] = [core(canonical(str(name))) for name in table["name"]]
    table = table.merge(_states(institutions), on="institution_id")
    table = table.sort_values(["rank", "institution_id"]).drop_duplicates(["form", "state", "institution_id"])
    best = table.groupby(["form", "state"])["rank"].transform("min")
    table = table[table["rank"] == best]
    single = table[~table.duplicated(["form", "state"], keep=False)].set_index(["form", "state"])["institution_id"]
    forms = [core(canonical(name)) for name in curated["institution"]]
    state = curated["institution_state" if "institution_state" in curated else "state"]
    named = pd.Series(single.reindex(pd.MultiIndex.from_arrays([forms, state])).to_numpy(), curated.index, dtype="str")
    return found.fillna(named).astype("str")


def _states(institutions: pd.DataFrame) -> pd.DataFrame:
    """Return columns institution_id, state: its own, and those in which it has programs."""
    away = institutions[["institution_id"]].assign(state=institutions["places"]).explode("state")
    away["state"] = away["state"].astype("str").str.extract(r"(?:^|, )([A-Z]{2})$", expand=False)
    return pd.concat([institutions[["institution_id", "state"]], away]).dropna().drop_duplicates()
