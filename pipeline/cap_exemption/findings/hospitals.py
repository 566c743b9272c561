"""Findings on hospitals and health systems: CMS ownership and Provider of Services, and the AHRQ compendium."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from pipeline.cap_exemption.findings.base import Tables, finding, no_findings
from pipeline.cap_exemption.findings.lookup import Records, Registers, lookup, same_place

MOST_HOSPITALS: Final = 0.6  # share of a system's hospitals that makes their ownership the system's
_OWNERS: Final = ("nonprofit_owner", "for_profit_owner", "government_owner", "federal_care")


def ownership_signal(ownership: pd.Series) -> pd.Series:
    """Return the signal of each CMS `Hospital Ownership`; "" for Tribal, other federal and unknown values."""
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


def _owners(rows: pd.DataFrame, ownership: pd.Series, field: str, strengths: Mapping[str, str]) -> pd.DataFrame:
    """Find the owners of hospitals; strengths: strength of each signal."""
    signal = ownership_signal(ownership)
    value = ownership.fillna("") + ": " + rows["name"]
    return pd.concat(
        [finding(rows, signal == name, name, field, value, strength) for name, strength in strengths.items()]
    )


def _hospitals(names: pd.DataFrame, records: Records) -> pd.DataFrame:
    """Return the rows of `lookup` for hospitals in the place of the petitioner."""
    rows = lookup(names, records)
    return rows[same_place(rows, names)]


def cms(names: pd.DataFrame, registers: Registers) -> pd.DataFrame:
    """Find owners of hospitals in CMS Hospital General Information."""
    rows = _hospitals(names, registers.records["cms_hospitals"])
    strengths = {**dict.fromkeys(_OWNERS, "B"), "for_profit_owner": "A"}
    return _owners(rows, rows["ownership"], "Hospital Ownership", strengths)


def still_open(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of table `cms_provider_of_services` of hospitals that are open, as far as they say so."""
    return table[table["active"].fillna(True).astype(bool)] if "active" in table else table


def provider_of_services(names: pd.DataFrame, registers: Registers) -> pd.DataFrame:
    """Find affiliations with a medical school, residency programs and owners, as of each hospital's last CMS survey.

    The owner is the same report to CMS that Hospital General Information prints, and no second witness: hence C.
    """
    rows = _hospitals(names, registers.records["cms_provider_of_services"])
    affiliation = rows["medical_school_affiliation"].fillna("")
    limited = affiliation.isin(["limited", "graduate"])
    value, field = affiliation + ": " + rows["name"], "MDCL_SCHL_AFLTN_CD"
    kinds = _residencies(rows)
    programs = kinds + "programs: " + rows["name"]
    return pd.concat(
        [
            finding(rows, affiliation == "major", "medical_school_affiliation", field, value, "B"),
            finding(rows, limited, "limited_school_affiliation", field, value, "C"),
            finding(rows, kinds != "", "resident_programs", "RSDNT_PGM", programs, "B"),
            _owners(rows, rows["ownership"], "GNRL_CNTL_TYPE_CD", dict.fromkeys(_OWNERS, "C")),
        ]
    )


def _residencies(rows: pd.DataFrame) -> pd.Series:
    """Return the kinds of residency that a hospital has, each with a blank behind it; "" where it has none."""
    kinds = pd.Series("", index=rows.index, dtype="str")
    for column in rows.columns[rows.columns.str.startswith("residency_")]:
        has = rows[column].fillna(False).astype(bool)
        kinds = kinds + np.where(has, column.removeprefix("residency_") + " ", "")
    return kinds


def ahrq_systems(names: pd.DataFrame, registers: Registers) -> pd.DataFrame:
    """Find health systems of the AHRQ compendium: investor-owned ones, and how much the others teach."""
    rows = lookup(names, registers.records["ahrq_health_systems"])
    investor = rows["majority_investor_owned"].fillna(False).astype(bool)
    intensity = rows["teaching_intensity"].fillna(0).astype(int)
    value = rows["name"] + ", teaching intensity " + intensity.astype("str")
    return pd.concat(
        [
            finding(rows, investor, "for_profit_system", "maj_inv_owned", rows["name"], "B"),
            finding(rows, ~investor & (intensity == 2), "major_teaching", "sys_teachint", value, "B"),
            finding(rows, ~investor & (intensity == 1), "minor_teaching", "sys_teachint", value, "C"),
            _of_its_hospitals(rows[~investor], registers.tables),
        ]
    )


def _of_its_hospitals(rows: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """Find the owner of a system: that of most of its hospitals."""
    hospitals, facilities = tables.get("ahrq_hospitals"), tables.get("cms_hospitals")
    if hospitals is None or facilities is None:
        return no_findings()
    owned = hospitals.merge(facilities[["facility_id", "ownership"]], left_on="ccn", right_on="facility_id")
    owned = owned.assign(signal=ownership_signal(owned["ownership"]))
    shares = pd.crosstab(owned["health_system_id"], owned["signal"], normalize="index")
    found: list[pd.DataFrame] = []
    for signal in ("nonprofit_owner", "government_owner"):
        share = rows["id"].map(shares[signal] if signal in shares else pd.Series(dtype="float64")).fillna(0.0)
        value = (100 * share).round().astype("int64").astype("str") + " % of the hospitals of " + rows["name"]
        found.append(finding(rows, share >= MOST_HOSPITALS, signal, "Hospital Ownership", value, "C"))
    return pd.concat(found)


def ahrq_hospitals(names: pd.DataFrame, registers: Registers) -> pd.DataFrame:
    """Find hospitals of investor-owned systems (AHRQ linkage of 2018), and CMS owners through the certification number."""
    rows = _hospitals(names, registers.records["ahrq_hospitals"])
    found = [no_findings()]
    if (systems := registers.tables.get("ahrq_health_systems")) is not None:
        investors = systems.set_index("health_system_id")["majority_investor_owned"].fillna(False).astype(bool)
        investor = rows["health_system_id"].map(investors).fillna(False).astype(bool)
        found.append(finding(rows, investor, "for_profit_system", "maj_inv_owned", rows["health_system_name"], "B"))
    if (facilities := registers.tables.get("cms_hospitals")) is not None:
        ownership = facilities.drop_duplicates("facility_id").set_index("facility_id")["ownership"]
        found.append(_owners(rows, rows["ccn"].map(ownership), "ccn", dict.fromkeys(_OWNERS, "B")))
    return pd.concat(found)
