"""What people have ruled: aliases and judgements. They always win, the operator's own over those under version control."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd

from pipeline.linkage.names.normalise import canonical, core
from pipeline.reference.load import REFERENCE, read_folder
from pipeline.reference.tables import TABLES

FOLDER: Final = REFERENCE / "links"
_ALIASES: Final = "links/aliases.csv"
_JUDGEMENTS: Final = "links/judgements.csv"
ALIAS_COLUMNS: Final = TABLES[_ALIASES].columns
JUDGEMENT_COLUMNS: Final = TABLES[_JUDGEMENTS].columns


def read_aliases(folder: Path = FOLDER) -> pd.DataFrame:
    """Read the rows of `aliases*.csv` of a folder, all text, "" for blank. Raises ReferenceTableError."""
    return read_folder(_ALIASES, folder).drop(columns="line")


def read_judgements(folder: Path = FOLDER) -> pd.DataFrame:
    """Read the rows of `judgements*.csv` of a folder, all text, "" for blank. Raises ReferenceTableError."""
    return read_folder(_JUDGEMENTS, folder).drop(columns="line")


def merged(own: pd.DataFrame) -> pd.DataFrame:
    """Return the shipped judgements and below them the operator's `own`, with a column `own`."""
    return pd.concat([read_judgements().assign(own=False), own.assign(own=True)], ignore_index=True)


def locate(curated: pd.DataFrame, institutions: pd.DataFrame) -> pd.Series:
    """Return the institution_id of each curated row, null where the list has no such institution: by sponsor code, else by name or
    alias and state."""
    codes = institutions.dropna(subset=["sponsor_code"]).set_index("sponsor_code")["institution_id"]
    found = curated["sponsor_code"].map(codes).astype("str")
    names = institutions[["institution_id", "state", "name", "aliases"]]
    by_name = names.drop(columns="aliases").assign(rank=0)
    by_alias = names.drop(columns="name").explode("aliases").rename(columns={"aliases": "name"}).assign(rank=1)
    table = pd.concat([by_name, by_alias], ignore_index=True).dropna(subset=["name"])
    table["form"] = [core(canonical(str(name))) for name in table["name"]]
    table = table.sort_values(["rank", "institution_id"]).drop_duplicates(["form", "state", "institution_id"])
    best = table.groupby(["form", "state"])["rank"].transform("min")
    table = table[table["rank"] == best]
    single = table[~table.duplicated(["form", "state"], keep=False)].set_index(["form", "state"])["institution_id"]
    forms = [core(canonical(name)) for name in curated["institution"]]
    keys = pd.MultiIndex.from_arrays([forms, curated["institution_state"]])
    named = pd.Series(single.reindex(keys).to_numpy(), index=curated.index, dtype="str")
    return found.fillna(named).astype("str")
