"""Findings on training: links to accredited sponsors, the hospitals and schools of those sponsors, and trainee filings."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.cap_exemption.findings.base import FINDING, Tables, no_findings, placed, source_of
from pipeline.cap_exemption.findings.hospitals import ownership_signal
from pipeline.linkage.names.kinds import kind_of
from pipeline.linkage.names.normalise import canonical, core

LEAST_TRAINEE_STARTS: Final = 2  # one June start can be a change of employer of a person counted before


def link_findings(petitioners: pd.DataFrame, links: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Return findings from accepted links to sponsors of training, one row for each petitioner and signal.

    links: table petitioner_links, optionally joined with institutions (institution, unitid, facility_ids).
    """
    rows = placed(links[links["decision"] == "accepted"], petitioners)
    if rows.empty:
        return no_findings()
    order = ["key", "relation", "score", "institution_id"]
    rows = rows.sort_values(order, ascending=[True, False, False, True]).drop_duplicates(["key", "relation"])
    label = rows["institution"] if "institution" in rows else rows["institution_id"]
    base = pd.DataFrame(
        {
            "key": rows["key"],
            "signal": rows["relation"].map({"same": "trains_physicians", "affiliate": "training_affiliate"}),
            "source": "petitioner_links",
            "snapshot": "",
            "locator": rows["institution_id"],
            "field": "relation",
            "value": rows["relation"] + ": " + label.astype("str"),
            "strength": "C",
            "how": "link",
        }
    )
    return pd.concat([base, _schools(rows, tables), _owners(rows, tables)], ignore_index=True)[list(FINDING)]


def _schools(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Find nonprofit and public medical schools (IPEDS MEDICAL) named with the sponsor that the petitioner is."""
    table = tables.get("ipeds_institutions")
    if table is None or "unitid" not in rows:
        return no_findings()
    schools = table[table["control"].isin([1, 2]) & table["grants_medical_degree"].fillna(False).astype(bool)]
    schools = schools[["unitid", "name", "snapshot_id"]].rename(columns={"name": "school"})
    same = rows[rows["relation"] == "same"].dropna(subset=["unitid"])
    named = same.merge(schools, on="unitid").drop_duplicates("key")
    return pd.DataFrame(
        {
            "key": named["key"],
            "signal": "school_of_sponsor",
            "source": source_of(named["snapshot_id"]),
            "snapshot": named["snapshot_id"],
            "locator": named["unitid"],
            "field": "MEDICAL",
            "value": named["school"],
            "strength": "C",
            "how": "link",
        }
    )


def _owners(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Find the owner of the sponsor's own hospitals, where all agree, for petitioners that are the sponsor."""
    table = tables.get("cms_hospitals")
    if table is None or "facility_ids" not in rows:
        return no_findings()
    # A university that is the sponsor is not what owns its hospital's building.
    school = [kind_of(core(canonical(str(name)))) in ("university", "school") for name in rows["employer"]]
    own = rows.loc[(rows["relation"] == "same") & ~np.asarray(school, dtype=bool), ["key", "facility_ids"]]
    own = own.explode("facility_ids").dropna().rename(columns={"facility_ids": "facility_id"})
    hospitals = own.merge(table[["facility_id", "name", "ownership", "snapshot_id"]], on="facility_id")
    hospitals = hospitals.assign(signal=ownership_signal(hospitals["ownership"]))
    hospitals = hospitals[hospitals.groupby("key")["signal"].transform("nunique") == 1]
    hospitals = hospitals[hospitals["signal"] != ""].sort_values(["key", "facility_id"]).drop_duplicates("key")
    return pd.DataFrame(
        {
            "key": hospitals["key"],
            "signal": hospitals["signal"],
            "source": source_of(hospitals["snapshot_id"]),
            "snapshot": hospitals["snapshot_id"],
            "locator": hospitals["facility_id"],
            "field": "Hospital Ownership",
            "value": hospitals["ownership"] + ": " + hospitals["name"] + " (hospital of the sponsor)",
            "strength": "B",
            "how": "link",
        }
    )


def trainee_findings(petitioners: pd.DataFrame, trainees: pd.DataFrame | None) -> pd.DataFrame:
    """Return findings from physician trainees who start in June or July.

    trainees: petitioner_id, june_july_trainee_starts and, if known, snapshot_id; null or empty: no filings at hand.
    """
    if trainees is None or trainees.empty:
        return no_findings()
    rows = placed(trainees[trainees["june_july_trainee_starts"] >= LEAST_TRAINEE_STARTS], petitioners)
    snapshot = rows["snapshot_id"].fillna("") if "snapshot_id" in rows else ""
    return pd.DataFrame(
        {
            "key": rows["key"],
            "signal": "trainee_starts",
            "source": "dol_lca",
            "snapshot": snapshot,
            "locator": rows["petitioner_id"],
            "field": "BEGIN_DATE",
            "value": rows["june_july_trainee_starts"].astype("int64").astype("str") + " trainee starts in June or July",
            "strength": "B",
            "how": "name_state",
        }
    )
