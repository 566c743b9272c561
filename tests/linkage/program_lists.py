"""Program lists made for the tests, and institutions built of them as a refresh does: rows of the newest list first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from pipeline.linkage.anchors import Registers
from pipeline.linkage.institutions import Institutions, build_institutions
from pipeline.linkage.judgements import ALIAS_COLUMNS
from pipeline.schemas.frames import empty_frame
from pipeline.sources.acgme.source import SOURCE
from pipeline.sources.base import Hints
from pipeline.sources.probe import probe

CITIES: Final = (
    ("Springfield", "IL"), ("Springfield", "MA"), ("Dayton", "OH"), ("Reno", "NV"), ("Bethlehem", "PA"),
    ("Phillipsburg", "NJ"), ("Boise", "ID"), ("Fargo", "ND"),
)  # fmt: skip
SPECIALTIES: Final = ("140", "220", "320", "440", "400")
STATED: Final = ["program_code", "sponsor_code", "sponsor_name", "list_year"]


def program_list(year: int, *rows: Sequence[str | None]) -> pd.DataFrame:
    """Table acgme_programs of a year's list: rows of program code, program name, sponsor code, sponsor name, city, state."""
    frame = empty_frame("acgme_programs").reindex(range(len(rows)))
    columns = ("program_code", "program_name", "sponsor_code", "sponsor_name", "city", "state")
    for place, column in enumerate(columns):
        frame[column] = pd.Series([row[place] or None for row in rows], dtype="str")
    frame["specialty_code"] = frame["program_code"].str[:3]
    return frame.assign(list_year=pd.Series([year] * len(rows), dtype="Int64"))


def invented_list(sponsors: int, programs: int, year: int = 2025) -> pd.DataFrame:
    """A list of sponsors that nobody knows, `Sponsor 17 of Springfield`, each with programs in one city; half of them coded."""
    rows = []
    for place in range(programs):
        number = place % sponsors
        city, state = CITIES[number % len(CITIES)]
        name = f"Sponsor {number} of {city} Medical Center"
        code = f"99{number:04d}" if number % 2 else None
        specialty = SPECIALTIES[place // sponsors % len(SPECIALTIES)]
        rows.append((f"{specialty}{place:07d}", f"{name} Program", code, name, city, state))
    return program_list(year, *rows)


def read_list(path: Path) -> pd.DataFrame:
    """Table acgme_programs of a file, in all columns of the registry."""
    seen = probe(path)
    layout = SOURCE.recognise(seen)
    assert layout is not None
    programs = SOURCE.read(seen, layout, Hints()).tables["acgme_programs"]
    return programs.reindex(columns=empty_frame("acgme_programs").columns).astype({"list_year": "Int64"})


def build(
    *lists: pd.DataFrame, earlier: Institutions | None = None, registers: Registers | None = None
) -> Institutions:
    """The institutions of several lists laid together, after those of the release before."""
    programs = pd.concat(lists, ignore_index=True)
    newest = programs.sort_values("list_year", ascending=False, kind="stable").drop_duplicates("program_code")
    aliases = pd.DataFrame({name: pd.Series(dtype="str") for name in ALIAS_COLUMNS})
    known = None
    if earlier is not None:
        known = earlier.programs[["institution_id", "program_code"]].rename(columns={"institution_id": "id"})
    sites = empty_frame("acgme_participating_sites")
    return build_institutions(
        newest.reset_index(drop=True), sites, registers or Registers(), aliases, programs[STATED], known
    )


def ids_by_name(built: Institutions) -> dict[str, str]:
    """institution_id by name."""
    return dict(zip(built.institutions["name"], built.institutions["institution_id"], strict=True))


def ids_by_program(built: Institutions) -> dict[str, str]:
    """institution_id by program code."""
    return dict(zip(built.programs["program_code"], built.programs["institution_id"], strict=True))
