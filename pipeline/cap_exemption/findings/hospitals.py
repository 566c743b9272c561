"""Findings on hospitals and health systems: CMS ownership and Provider of Services, and the AHRQ compendium."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from pipeline.cap_exemption.lookup import finding, lookup, no_findings, same_place
from pipeline.cap_exemption.registers import CapExemptSources

MOST_HOSPITALS: Final = 0.6  # share of a system's hospitals that makes their ownership the system's


def ownership_signal(ownership: pd.Series) -> pd.Series:
    """Signal of a CMS `Hospital Ownership`; "" for Tribal, other federal and unknown values."""
    text = ownership.fillna("")
    return pd.Series(
        np.select(
            [
                text.str.startswith("Voluntary"),
                text.isin(["Proprietary", "Physician"]),
                text.isin(["Veterans Health Administration", "Department of Defense"]),
                # Hospitals that call themselves federal without being one of these are private ones as often as not.
                text.str.startswith("Government") & (text != "Government - Federal"),
            ],
            ["nonprofit_owner", "for_profit_owner", "federal_care", "government_owner"],
            "",
        ),
        index=ownership.index,
    )


def cms(names: pd.DataFrame, sources: CapExemptSources) -> pd.DataFrame:
    """Ownership of hospitals."""
    table = sources.table("cms")
    assert table is not None
    register = table.assign(id=table["facility_id"])
    rows = lookup(names, register).merge(register, on="id")
    rows = rows[same_place(rows, names)]
    signal = ownership_signal(rows["ownership"])
    strengths = {"for_profit_owner": "A", "nonprofit_owner": "B", "government_owner": "B", "federal_care": "B"}
    value = rows["ownership"].fillna("") + ": " + rows["name"]
    return pd.concat(
        [
            finding(rows, signal == name, name, "Hospital Ownership", value, grade, "cms")
            for name, grade in strengths.items()
        ]
    )


def provider_of_services(names: pd.DataFrame, sources: CapExemptSources) -> pd.DataFrame:
    """Affiliation with a medical school and residency programs, as of each hospital's last survey; its kind of control.

    The control is the same report to CMS that Hospital General Information prints, and no second witness: hence C.
    """
    table = sources.table("cms_provider_of_services")
    assert table is not None
    open_ = table[table["active"].fillna(True).astype(bool)] if "active" in table else table
    register = open_.assign(id=open_["facility_id"])
    rows = lookup(names, register).merge(register, on="id")
    rows = rows[same_place(rows, names)]
    affiliation = rows["medical_school_affiliation"].fillna("")
    said = affiliation + ": " + rows["name"]
    switches = [column for column in rows.columns if column.startswith("residency_")]
    trains = rows[switches].fillna(False).astype(bool)
    kinds = pd.Series("", index=rows.index, dtype="str")
    for column in switches:
        kinds = kinds + np.where(trains[column], column.removeprefix("residency_") + " ", "")
    source, field = "cms_provider_of_services", "MDCL_SCHL_AFLTN_CD"
    limited = affiliation.isin(["limited", "graduate"])
    signal = ownership_signal(rows["ownership"])
    control = rows["ownership"].fillna("") + ": " + rows["name"]
    return pd.concat(
        [
            finding(rows, affiliation == "major", "medical_school_affiliation", field, said, "B", source),
            finding(rows, limited, "limited_school_affiliation", field, said, "C", source),
            finding(
                rows, kinds != "", "resident_programs", "RSDNT_PGM", kinds + "programs: " + rows["name"], "B", source
            ),
            *(
                finding(rows, signal == name, name, "GNRL_CNTL_TYPE_CD", control, "C", source)
                for name in ("nonprofit_owner", "for_profit_owner", "government_owner", "federal_care")
            ),
        ]
    )


def ahrq_systems(names: pd.DataFrame, sources: CapExemptSources) -> pd.DataFrame:
    """Health systems: investor-owned, how much they teach."""
    table = sources.table("ahrq_systems")
    assert table is not None
    register = table.assign(id=table["health_system_id"])
    rows = lookup(names, register).merge(register, on="id")
    investor = rows["majority_investor_owned"].fillna(False).astype(bool)
    intensity = rows["teaching_intensity"].fillna(0).astype(int)
    value = rows["name"] + ", teaching intensity " + intensity.astype("str")
    return pd.concat(
        [
            finding(rows, investor, "for_profit_system", "maj_inv_owned", rows["name"], "B", "ahrq_systems"),
            finding(rows, ~investor & (intensity == 2), "major_teaching", "sys_teachint", value, "B", "ahrq_systems"),
            finding(rows, ~investor & (intensity == 1), "minor_teaching", "sys_teachint", value, "C", "ahrq_systems"),
            _of_its_hospitals(rows[~investor], sources),
        ]
    )


def _of_its_hospitals(rows: pd.DataFrame, sources: CapExemptSources) -> pd.DataFrame:
    """Ownership of a system as most of its hospitals have it."""
    hospitals, facilities = sources.table("ahrq_hospitals"), sources.table("cms")
    if hospitals is None or facilities is None:
        return no_findings()
    owned = hospitals.merge(facilities[["facility_id", "ownership"]], left_on="ccn", right_on="facility_id")
    owned = owned.assign(signal=ownership_signal(owned["ownership"]))
    shares = pd.crosstab(owned["health_system_id"], owned["signal"], normalize="index")
    found: list[pd.DataFrame] = []
    for signal in ("nonprofit_owner", "government_owner"):
        share = rows["id"].map(shares[signal] if signal in shares else pd.Series(dtype="float64")).fillna(0.0)
        value = (100 * share).round().astype("int64").astype("str") + " % of the hospitals of " + rows["name"]
        found.append(finding(rows, share >= MOST_HOSPITALS, signal, "Hospital Ownership", value, "C", "ahrq_systems"))
    return pd.concat(found)


def ahrq_hospitals(names: pd.DataFrame, sources: CapExemptSources) -> pd.DataFrame:
    """Hospitals of investor-owned systems (2018), and their CMS ownership through the certification number."""
    table = sources.table("ahrq_hospitals")
    assert table is not None
    register = table.assign(id=table["compendium_hospital_id"])
    rows = lookup(names, register).merge(register, on="id")
    rows = rows[same_place(rows, names)]
    systems = sources.table("ahrq_systems")
    found: list[pd.DataFrame] = []
    if systems is not None:
        owners = systems.set_index("health_system_id")["majority_investor_owned"].fillna(False).astype(bool)
        investor = rows["health_system_id"].map(owners).fillna(False).astype(bool)
        found.append(
            finding(
                rows, investor, "for_profit_system", "maj_inv_owned", rows["health_system_name"], "B", "ahrq_hospitals"
            )
        )
    hospitals = sources.table("cms")
    if hospitals is not None:
        ownership = hospitals.drop_duplicates("facility_id").set_index("facility_id")["ownership"]
        owner = rows["ccn"].map(ownership)
        signal = ownership_signal(owner)
        value = owner.fillna("") + ": " + rows["name"]
        for name in ("nonprofit_owner", "for_profit_owner", "government_owner", "federal_care"):
            found.append(finding(rows, signal == name, name, "ccn", value, "B", "ahrq_hospitals"))
    return pd.concat(found) if found else no_findings()
