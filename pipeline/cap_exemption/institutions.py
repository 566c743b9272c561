"""Institutions judged for themselves, petition or not: training sponsors, and what registers and curated tables name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pandas as pd

from pipeline.cap_exemption.curated import CURATED, Curated, phrases
from pipeline.cap_exemption.findings.base import Tables
from pipeline.cap_exemption.findings.lookup import Registers
from pipeline.cap_exemption.findings.names import Origin
from pipeline.cap_exemption.judge import judge_petitioners
from pipeline.linkage.names.normalise import canonical_all
from pipeline.schemas.frames import empty_frame


@dataclass(frozen=True)
class _Register:
    """A register whose records are judged: table of the registry, source id, column that names a record, NAICS sector under
    which USCIS would file it, and what makes records of its rows."""

    table: str
    source: str
    key: str
    sector: str
    records: Callable[[pd.DataFrame], pd.DataFrame] = pd.DataFrame


def _nonprofits(table: pd.DataFrame) -> pd.DataFrame:
    """Return each nonprofit of `ncses_obligations` once a state, with the columns name and placed (name and state)."""
    once = table.dropna(subset=["state"]).drop_duplicates(["institution", "state"])
    return once.assign(name=once["institution"], placed=once["institution"] + ", " + once["state"])


_REGISTERS: Final = (
    _Register("ipeds_institutions", "ipeds_hd", "unitid", "61"),
    _Register("cms_hospitals", "cms_hospitals", "facility_id", "62"),
    _Register("ahrq_health_systems", "ahrq_compendium", "health_system_id", "62"),
    _Register("ncses_obligations", "ncses", "placed", "99", _nonprofits),
)
_SPONSOR_SECTOR: Final = "62"
_COLUMNS: Final = ["body_id", "source", "name", "aliases", "city", "state", "ein", "sector"]
_LINK: Final = [
    "petitioner_id", "institution_id", "institution", "employer", "relation", "decision", "score", "unitid", "facility_ids",
]  # fmt: skip


def judge_institutions(
    institutions: pd.DataFrame, registers: Registers, own: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return table `institution_cap_exemption`: one row an institution, by body_id; the rules are those for petitioners.

    institutions: table institutions; registers: as of `read_registers`. Nothing is known of these as
    petitioners; that physicians train at a sponsor is known. own: the operator's own rulings.
    """
    known = to_judge(institutions, registers.tables)
    if known.empty:
        return empty_frame("institution_cap_exemption")
    as_petitioners = pd.DataFrame(
        {
            "petitioner_id": known["body_id"],
            "name": known["name"],
            "state": known["state"],
            "tax_id_last4": known["ein"].str[-4:],
            "spellings": [[name] for name in known["name"]],
            "cities": [[city] if isinstance(city, str) else [] for city in known["city"]],
            "naics": [[sector] for sector in known["sector"]],
            "initial_approvals": 0,
            "continuing_approvals": 0,
        }
    )
    judged = judge_petitioners(
        as_petitioners, registers, _training(institutions, known), origin=Origin("name"), own=own
    )
    judged = judged.rename(columns={"petitioner_id": "body_id"}).drop(columns=["name", "state"])
    return known[["body_id", "source", "name", "aliases", "city", "state"]].merge(judged, on="body_id")


def to_judge(institutions: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Return body_id, source, name, aliases, city, state, ein, sector of every institution to judge, by body_id."""
    sponsors = institutions.assign(body_id=institutions["institution_id"], source="acgme", sector=_SPONSOR_SECTOR)
    registers = [_of_register(register, tables[register.table]) for register in _REGISTERS if register.table in tables]
    curated = [_of_curated(place, curated) for place, curated in enumerate(CURATED) if curated.sector]
    found = [frame.reindex(columns=_COLUMNS) for frame in (sponsors, *registers, *curated) if len(frame)]
    table = pd.concat(found, ignore_index=True)
    aliases = [
        list(names) if isinstance(names, (list, tuple)) or hasattr(names, "tolist") else []
        for names in table["aliases"]
    ]
    table = table.assign(aliases=pd.Series(aliases, index=table.index, dtype=object))
    texts = {column: table[column].astype("str") for column in ("body_id", "source", "name", "city", "state", "ein")}
    return table.assign(**texts).sort_values("body_id", ignore_index=True)


def _of_register(register: _Register, table: pd.DataFrame) -> pd.DataFrame:
    """Return the records of a register with body_id, source and sector."""
    rows = register.records(table)
    body = register.source + ":" + rows[register.key]
    return rows.assign(body_id=body, source=register.source, sector=register.sector)


def _of_curated(place: int, curated: Curated) -> pd.DataFrame:
    """Return what rows of a curated table name outright, one institution for each state of the row.

    What a name may contain anywhere is a pattern and no name, but for kinds that are named in full.
    """
    rows = phrases()
    outright = (rows["match"] != "contains") | rows["kind"].isin(curated.named_in_full)
    rows = rows[(rows["table"] == place) & outright].rename(columns={"phrase": "name"})
    states = pd.Series([states.split() or [None] for states in rows["state"]], index=rows.index)
    rows = rows.assign(state=states, source=curated.source, sector=curated.sector)
    if curated.labels_name:
        rows = rows.assign(aliases=pd.Series([[label] for label in rows["label"]], index=rows.index))
    rows = rows.explode("state", ignore_index=True)
    rows["form"] = canonical_all(rows["name"])
    rows = rows.drop_duplicates(["form", "state"])
    return rows.assign(body_id=rows["source"] + ":" + rows["form"] + (", " + rows["state"]).fillna(""))


def _training(institutions: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Return links as of petitioners: a sponsor trains physicians, and so do its own hospitals."""
    sponsors = institutions.assign(petitioner_id=institutions["institution_id"], relation="same")
    hospitals = institutions.explode("facility_ids").dropna(subset=["facility_ids"])
    hospitals = hospitals.assign(petitioner_id="cms_hospitals:" + hospitals["facility_ids"], relation="affiliate")
    links = pd.concat([sponsors, hospitals[hospitals["petitioner_id"].isin(known["body_id"])]], ignore_index=True)
    links = links.assign(institution=links["name"], employer=links["name"], decision="accepted", score=100.0)
    facility_ids = [[ids] if isinstance(ids, str) else ids for ids in links["facility_ids"]]
    return links.assign(facility_ids=pd.Series(facility_ids, index=links.index, dtype=object))[_LINK]
