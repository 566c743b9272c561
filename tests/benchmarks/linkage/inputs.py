"""The tables that all contenders read, made from an archive as a refresh makes them, and larger ones for the scaling."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from pipeline.archive.intake import add
from pipeline.archive.loading import load
from pipeline.archive.reading import open_archive
from pipeline.archive.selection import choices_frame, choose, used_parts
from pipeline.linkage.anchors import Registers
from pipeline.linkage.institutions import build_institutions
from pipeline.linkage.judgements import read_aliases
from pipeline.linkage.petitions import sum_petitions
from pipeline.schemas.ids import petitioner_site_ids
from pipeline.sources.catalogue import SOURCES

FACTORS: Final = (1, 2, 4)
REGISTERS: Final = {
    "ipeds": "ipeds_institutions",
    "cms": "cms_hospitals",
    "irs": "irs_exempt_organizations",
    "ror": "ror_organizations",
    "ahrq": "ahrq_hospitals",
    "cms_names": "cms_hospital_names",
}
NEEDED: Final = ("acgme_participating_sites", "lca_filings", *REGISTERS.values())
_ENDINGS: Final = (" INC", " LLC", " CORP")
_ROOM: Final = 29  # a longer name has no room for an ending: names are cut at 34 characters


def archive_of(downloads: Path, data: Path) -> Path:
    """An archive `data/raw` of the files in `downloads`; what is of no known source is left out. Returns `data`."""
    day = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    took = sum(outcome.verdict == "took" for outcome in add([downloads], data / "raw", SOURCES, lambda: day))
    if not took:
        raise SystemExit(f"no file of a known source in {downloads}; name a folder with --downloads or --data")
    return data


def make_tables(data: Path, folder: Path) -> None:
    """Write to `folder` the tables of the archive `data/raw` that linking needs, as Parquet.

    petitions_1x (ungrouped), petitions_2x and petitions_4x (with perturbed copies), institutions, programs,
    institution_names (all names of each institution, for the contenders), evidence_names (the same without curated aliases)
    and the registers.
    """
    folder.mkdir(parents=True, exist_ok=True)
    archive = open_archive(data / "raw")
    choices = choices_frame(choose(archive))
    tables: dict[str, pd.DataFrame] = {}
    for source in SOURCES:
        if {*NEEDED, "uscis_petition_rows", "acgme_programs"} & set(source.tables):
            tables |= load(source, used_parts(choices), archive).tables
    registers = Registers(**{name: tables[table] for name, table in REGISTERS.items()})
    lists, curated = (tables["acgme_programs"], tables["acgme_participating_sites"], registers), read_aliases()
    built = build_institutions(*lists, curated)
    written = {name: tables[name] for name in NEEDED}
    written |= {"institutions": built.institutions, "programs": built.programs}
    written["institution_names"] = institution_names(built.institutions)
    written["evidence_names"] = institution_names(build_institutions(*lists, curated.iloc[:0]).institutions)
    petitions = sum_petitions(tables["uscis_petition_rows"], coverage="full", snapshot_id="benchmark")
    written |= {f"petitions_{factor}x": enlarged(petitions, factor) for factor in FACTORS}
    for name, frame in written.items():
        frame.to_parquet(folder / f"{name}.parquet", index=False)


def institution_names(institutions: pd.DataFrame) -> pd.DataFrame:
    """Columns institution_id, name, state, city, tax_id_last4 (of the public EIN): a row for each name and alias."""
    own = institutions[["institution_id", "name", "state", "city"]].assign(
        tax_id_last4=institutions["ein"].astype("str").str[-4:]
    )
    aliases = own.assign(name=institutions["aliases"]).explode("name").dropna(subset=["name"])
    names = pd.concat([own, aliases], ignore_index=True).astype("str")
    names["city"] = names["city"].str.upper()
    names = names[names["state"].notna()]
    return names.drop_duplicates(["institution_id", "name"]).sort_values(["institution_id", "name"], ignore_index=True)


def enlarged(petitions: pd.DataFrame, factor: int) -> pd.DataFrame:
    """The petitions and factor - 1 copies of them under other names, tax ids and cities: as if of other petitioners.

    Half of the copied names get another legal form, which the canonical form drops, the others a misprint: so the copies
    keep all paths of the linkage as busy as the originals do. What a copy is called depends on its name alone.
    """
    copies = [petitions]
    for copy in range(1, factor):
        made = petitions.assign(
            employer=_renamed(petitions["employer"], copy),
            tax_id_last4=_other_tax_ids(petitions["tax_id_last4"], copy),
            city=_other_cities(petitions, copy),
        )
        copies.append(made.assign(petitioner_site_id=petitioner_site_ids(made)))
    return pd.concat(copies, ignore_index=True)


def _renamed(names: pd.Series, copy: int) -> pd.Series:
    codes, distinct = pd.factorize(names)
    changed = np.array([_changed(name, copy) for name in distinct.tolist()], dtype=object)
    return pd.Series(changed[codes], index=names.index, dtype="str")


def _changed(name: str, copy: int) -> str:
    """The name with another ending or, if long or by the last bit of its hash, with two letters of a word exchanged."""
    if not name:
        return name
    if len(name) <= _ROOM and hashlib.sha256(name.encode()).digest()[0] % 2:
        return name + _ENDINGS[copy - 1]
    words = name.split(" ")
    longest = max(range(len(words)), key=lambda place: len(words[place]))
    word = words[longest]
    pairs = [place for place in range(1, len(word) - 1) if word[place] != word[place + 1]]
    if len(pairs) < copy:
        return name + _ENDINGS[copy - 1]
    place = pairs[-copy]
    words[longest] = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return " ".join(words)


def _other_tax_ids(tax_ids: pd.Series, copy: int) -> pd.Series:
    shifted = (pd.to_numeric(tax_ids, errors="coerce") + 2503 * copy) % 10_000
    return shifted.astype("Int64").astype("str").str.zfill(4).where(tax_ids.notna()).astype("str")


def _other_cities(petitions: pd.DataFrame, copy: int) -> pd.Series:
    """For each city another one of its state, the same for all its petitions: so many places further in the alphabet."""
    places = petitions[["state", "city"]].dropna().drop_duplicates().sort_values(["state", "city"], ignore_index=True)
    by_state = places.groupby("state")["city"]
    place, size = by_state.cumcount(), by_state.transform("size")
    taken = np.arange(len(places)) - place + (place + copy) % size
    places["other"] = places["city"].to_numpy()[taken.to_numpy()]
    return (
        petitions[["state", "city"]].merge(places, on=["state", "city"], how="left")["other"].set_axis(petitions.index)
    )
