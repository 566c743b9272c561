"""Institutions judged for themselves, petition or not: training sponsors, and what registers and curated tables know by name."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.cap_exemption.curated import TABLES, read, signal_of
from pipeline.cap_exemption.judge import judge
from pipeline.cap_exemption.registers import CapExemptSources
from pipeline.linkage.names.bulk import canonical_all
from pipeline.schemas.frames import empty_frame

# Sector that a register's bodies are of, as USCIS would file them.
_SECTORS: Final = {"acgme": "62", "ipeds_hd": "61", "cms_hospitals": "62", "ncses": "99", "ahrq_compendium": "62"}
_CURATED_SECTORS: Final = {
    "cap_exempt_schools.csv": "61",
    "cap_exempt_affiliates.csv": "62",
    "cap_exempt_public_care.csv": "62",
    "cap_exempt_research_agencies.csv": "92",
}
_COLUMNS: Final = ["body_id", "source", "name", "aliases", "city", "state", "ein"]


def judge_institutions(institutions: pd.DataFrame, sources: CapExemptSources) -> pd.DataFrame:
    """Table `institution_cap_exemption`: one row a body, by body_id; the rules are those for petitioners.

    institutions: table institutions. Nothing is known of these as petitioners; that physicians train at a sponsor is known.
    """
    known = bodies(institutions, sources)
    if known.empty:
        return empty_frame("institution_cap_exemption")
    frame = pd.DataFrame(
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
    judged = judge(frame, sources, _training(institutions, known), None, named_by="name")
    judged = judged.rename(columns={"petitioner_id": "body_id"}).drop(columns=["name", "state"])
    return known[["body_id", "source", "name", "aliases", "city", "state"]].merge(judged, on="body_id")


def bodies(institutions: pd.DataFrame, sources: CapExemptSources) -> pd.DataFrame:
    """body_id, source, name, aliases, city, state, ein, sector of every body to judge, by body_id."""
    own = institutions.assign(body_id=institutions["institution_id"], source="acgme")
    found = [frame.reindex(columns=_COLUMNS) for frame in (own, *_registers(sources)) if len(frame)]
    found = [frame.assign(sector=frame["source"].map(_SECTORS)) for frame in found]
    table = pd.concat([*found, _curated()], ignore_index=True)
    aliases = [
        list(names) if isinstance(names, (list, tuple)) or hasattr(names, "tolist") else []
        for names in table["aliases"]
    ]
    table = table.assign(aliases=pd.Series(aliases, index=table.index, dtype=object))
    texts = {column: table[column].astype("str") for column in ("body_id", "source", "name", "city", "state", "ein")}
    return table.assign(**texts).sort_values("body_id", ignore_index=True)


def _registers(sources: CapExemptSources) -> list[pd.DataFrame]:
    """Schools, hospitals, and nonprofits with federal research money, in the columns of `bodies`."""
    found: list[pd.DataFrame] = []
    if (ipeds := sources.table("ipeds")) is not None:
        found.append(ipeds.assign(body_id="ipeds_hd:" + ipeds["unitid"], source="ipeds_hd"))
    if (cms := sources.table("cms")) is not None:
        found.append(cms.assign(body_id="cms_hospitals:" + cms["facility_id"], source="cms_hospitals"))
    if (systems := sources.table("ahrq_systems")) is not None:
        named = systems.assign(body_id="ahrq_compendium:" + systems["health_system_id"], source="ahrq_compendium")
        found.append(named)
    if (awards := sources.table("ncses_obligations")) is not None:
        one = (
            awards.dropna(subset=["state"])
            .drop_duplicates(["institution", "state"])
            .sort_values(["institution", "state"])
        )
        named = one.assign(name=one["institution"], source="ncses")
        found.append(named.assign(body_id="ncses:" + named["name"] + ", " + named["state"]))
    return found


def _curated() -> pd.DataFrame:
    """Bodies that curated rows name outright: phrases that a name begins with or is, one body for each state of the row."""
    rows: list[pd.DataFrame] = []
    for curated in TABLES:
        if curated.file == "cap_exempt_k12.csv":
            continue  # patterns of names, not names
        table = read(curated.file)
        says = np.array([signal_of(curated, str(kind)) is not None for kind in table["kind"]], dtype=bool)
        # What a name may hold anywhere is a pattern, but for agencies, which are named in full.
        named = (table["match"] != "contains") | table["kind"].isin(["federal", "veterans", "state"])
        table = table[says & named.to_numpy()]
        if curated.file == "cap_exempt_labs.csv":
            table = table.assign(aliases=pd.Series([[label] for label in table["label"]], index=table.index))
        rows.append(
            table.assign(
                source="curated:" + curated.file, sector=_CURATED_SECTORS.get(curated.file, "99"), name=table["phrase"]
            )
        )
    table = pd.concat(rows, ignore_index=True)
    places = pd.Series([states.split() or [None] for states in table["state"]], index=table.index)
    table = table.assign(state=places).explode("state", ignore_index=True)
    table["form"] = canonical_all(table["name"])
    table = table.drop_duplicates(["form", "state", "source"])
    body = table["source"] + ":" + table["form"] + (", " + table["state"]).fillna("")
    return table.assign(body_id=body).reindex(columns=[*_COLUMNS, "sector"])


def _training(institutions: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Links as of petitioners: a sponsor trains physicians, and so do its own hospitals."""
    sponsors = institutions.assign(petitioner_id=institutions["institution_id"], relation="same")
    hospitals = institutions.explode("facility_ids").dropna(subset=["facility_ids"])
    hospitals = hospitals.assign(petitioner_id="cms_hospitals:" + hospitals["facility_ids"], relation="affiliate")
    links = pd.concat([sponsors, hospitals[hospitals["petitioner_id"].isin(known["body_id"])]], ignore_index=True)
    links = links.assign(institution=links["name"], employer=links["name"], decision="accepted", score=100.0)
    columns = [
        "petitioner_id",
        "institution_id",
        "institution",
        "employer",
        "relation",
        "decision",
        "score",
        "unitid",
        "facility_ids",
    ]
    links["facility_ids"] = [ids if not isinstance(ids, str) else [ids] for ids in links["facility_ids"]]
    return links[columns]
